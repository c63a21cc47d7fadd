//! Every clause by itself: each term in each state that can be written, read back alone.

use crate::support::{READ_BACK, different_terms, read_back};
use agreement::AgreementFile;
use agreement::file::{FileTerm, Other, Value};
use agreement::names::{Shape, TERMS};
use agreement::reading::State;
use kernel::{Date, Lang};
use render::{Format, render};

fn period(text: &str) -> Value {
    Value::Period(text.parse().expect("the tests write valid periods"))
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

/// Values of a term, each with whether its days are working days.
fn values(name: &str, shape: Shape, lang: Lang) -> Vec<(Value, bool)> {
    let plain = |value: Value| (value, false);
    match shape {
        Shape::Flag => vec![plain(Value::Flag(true)), plain(Value::Flag(false))],
        Shape::Duration => {
            let days = ["P1D", "P10D"].map(|text| (period(text), true));
            let others = ["PT1H", "PT72H", "P30D", "P4W", "P1M", "P18M", "P2Y"].map(|text| (period(text), false));
            days.into_iter().chain(others).collect()
        }
        Shape::Word(allowed) => allowed.iter().map(|word| plain(Value::Word((*word).to_owned()))).collect(),
        Shape::Number => [1, 2, 3, 12].map(|count| plain(Value::Number(count))).to_vec(),
        Shape::List => [&["EU"][..], &["EU", "adequate"], &["EU", "adequate", "article46"], &["none"], &["article46"]]
            .map(|list| plain(Value::List(list.iter().map(|word| (*word).to_owned()).collect())))
            .to_vec(),
        Shape::Date => {
            ["2026-01-31", "2027-08-01"].map(|day| plain(Value::Date(day.parse::<Date>().expect("a day")))).to_vec()
        }
        Shape::Text => texts(name, lang).iter().map(|words| plain(text(words))).collect(),
    }
}

fn texts(name: &str, lang: Lang) -> &'static [&'static str] {
    match (name, lang) {
        ("subprocessors.on_objection", Lang::En) => {
            &["terminate", "keep-old", "negotiate", "the contract ends after mediation"]
        }
        ("subprocessors.on_objection", Lang::Fr) => &["terminate", "keep-old", "negotiate", "médiation par un tiers"],
        ("breach.channel", Lang::En) => &["email", "writing", "hotline of the customer"],
        ("breach.channel", Lang::Fr) => &["email", "writing", "astreinte du client"],
        ("audit.channel", Lang::En) => &["email", "writing", "registered-letter", "ticket in the client area"],
        ("audit.channel", Lang::Fr) => &["email", "writing", "registered-letter", "ticket dans l'espace client"],
        ("audit.auditor", Lang::En) => &["an independent firm bound to secrecy", "two people chosen together"],
        ("audit.auditor", Lang::Fr) => &["un cabinet indépendant tenu au secret", "deux experts choisis ensemble"],
        ("audit.hours", Lang::En) => &["during normal business hours", "9 am to 5 pm"],
        ("audit.hours", Lang::Fr) => &["pendant les heures ouvrables", "de 9 h à 17 h"],
        ("audit.costs", Lang::En) => &["controller", "processor", "each party its own"],
        ("audit.costs", Lang::Fr) => &["controller", "processor", "chacun les siens"],
        ("audit.report_to", Lang::En) => &["both parties", "provided to the management of both parties"],
        ("audit.report_to", Lang::Fr) => &["les deux parties", "remis aux directions"],
        ("duration", Lang::En) => &["the term of the hosting contract", "three years from signature"],
        ("duration", Lang::Fr) => &["la durée du contrat d'hébergement", "trois ans à compter de la signature"],
        ("supervisory_authority", _) => &["CNIL", "CNPD"],
        ("governing_law", Lang::En) => &["France", "England and Wales", "Ireland", "Netherlands"],
        ("governing_law", Lang::Fr) => &["France", "Suisse", "Angleterre et pays de Galles", "Luxembourg"],
        _ => &[],
    }
}

/// The term in every state and with every value worth a try.
fn forms(name: &str, shape: Shape, lang: Lang) -> Vec<FileTerm> {
    let mut all: Vec<FileTerm> = values(name, shape, lang)
        .into_iter()
        .map(|(value, working)| FileTerm { working, ..FileTerm::stated(value) })
        .collect();
    for state in [State::Vague, State::Placeholder, State::ByReference, State::Negated, State::Conditional] {
        all.push(FileTerm { state, value: None, ..FileTerm::vague() });
    }
    if shape == Shape::Number {
        let other = |count: u32| Other {
            state: State::Stated,
            value: Some(Value::Number(count)),
            working: false,
            text: String::new(),
            span: None,
            clause: None,
        };
        let others = vec![other(1), other(3)];
        all.push(FileTerm { state: State::Staged, others, ..FileTerm::stated(Value::Number(1)) });
    }
    let on_condition: Vec<FileTerm> =
        all.iter().filter(|term| term.state == State::Stated && has_condition(term)).cloned().collect();
    all.extend(on_condition.into_iter().map(|term| FileTerm { state: State::Conditional, ..term }));
    if shape == Shape::Duration {
        let proposed = values(name, shape, lang).into_iter().map(|(value, working)| (Some(value), working));
        all.extend(proposed.map(|(value, working)| FileTerm {
            state: State::Placeholder,
            value,
            working,
            ..FileTerm::vague()
        }));
        let longest = name.starts_with("breach") || name.starts_with("end.");
        let first = if longest { "P60D" } else { "P30D" };
        let other = |text: &str| Other {
            state: State::Stated,
            value: Some(period(text)),
            working: false,
            text: String::new(),
            span: None,
            clause: None,
        };
        let others = vec![other("P30D"), other("P60D")];
        all.push(FileTerm { state: State::Staged, others, ..FileTerm::stated(period(first)) });
    }
    all
}

fn has_condition(term: &FileTerm) -> bool {
    !matches!(term.value, None | Some(Value::Flag(_)))
}

#[test]
fn each_clause_reads_back_alone() {
    let mut missed = Vec::new();
    let mut written = 0;
    for lang in Lang::ALL {
        for term in TERMS {
            for form in forms(term.name, term.shape, lang) {
                let mut file = AgreementFile::default();
                file.terms.insert(term.name.to_owned(), form.clone());
                if let Err(problems) = render(&file, lang, Format::Markdown) {
                    missed.push(format!("{lang:?} {problems:?}"));
                    continue;
                }
                written += 1;
                let (_, back, _) = read_back(&file, lang, Format::Markdown);
                let what = format!("{lang:?} {} {:?} {:?}", term.name, form.state, form.value);
                missed.extend(different_terms(&file, &back).into_iter().map(|miss| format!("{what}\n    {miss}")));
            }
        }
    }
    assert!(missed.is_empty(), "{} of {written} forms:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn an_empty_file_promises_nothing() {
    for lang in Lang::ALL {
        for format in READ_BACK {
            let (reading, back, text) = read_back(&AgreementFile::default(), lang, format);
            assert_eq!(different_terms(&AgreementFile::default(), &back), Vec::<String>::new(), "{text}");
            assert!(back.subprocessors.is_empty() && back.rights.is_empty() && back.measures.is_empty(), "{reading:?}");
        }
    }
}

#[test]
fn a_list_without_a_place_is_refused_and_no_category_of_data_is_left_out() {
    let nowhere = AgreementFile::parse("garant-agreement = 1\n[transfers]\nallowed_to = []\n").expect("a file");
    let problems = render(&nowhere, Lang::En, Format::Markdown).expect_err("no clause says nowhere at all");
    assert_eq!(problems[0].term(), Some("transfers.allowed_to"));
    let data = "garant-agreement = 1\n[[processing]]\nrole = \"processor\"\npurpose = \"Care\"\n\
                data = [\"pd:EmailAddress\", \"pd:HealthRecord\"]\ndata_text = [\"e-mail\"]\n";
    let file = AgreementFile::parse(data).expect("a file");
    let text = String::from_utf8(render(&file, Lang::En, Format::Markdown).expect("it can be written")).expect("text");
    assert!(text.to_lowercase().contains("health"), "{text}");
}

#[test]
fn what_hides_or_turns_letters_around_comes_into_no_document() {
    let hidden = "\\u202Egnp.\\u202C\\u2066x\\u2069\\u200B\\u001B[31m\\uFEFF\\u0007";
    let text = format!(
        "garant-agreement = 1\n[document]\ntitle = \"A{hidden}\"\n[parties.controller]\nname = \"B{hidden}\"\naddress = \"C{hidden}\"\n\
         [parties.processor]\nname = \"D{hidden}\"\n[audit]\nauditor = \"E{hidden}\"\n\
         [[subprocessor]]\nname = \"F{hidden}\"\ntask = \"G{hidden}\"\n\
         [[processing]]\nrole = \"processor\"\npurpose = \"H{hidden}\"\nsubjects = [\"I{hidden}\"]\n\
         [[measure]]\nmeasure = \"dpv:EncryptionAtRest\"\ntext = \"J{hidden}\"\n"
    );
    let file = AgreementFile::parse(&text).expect("a file");
    for format in [Format::Html, Format::Markdown] {
        let written = String::from_utf8(render(&file, Lang::En, format).expect("it can be written")).expect("text");
        let bad = |letter: &char| {
            (letter.is_control() && *letter != '\n')
                || "\u{202e}\u{202c}\u{2066}\u{2069}\u{200b}\u{feff}".contains(*letter)
        };
        assert_eq!(written.chars().find(bad), None, "{format:?}");
        assert!(('A'..='J').all(|letter| written.contains(&format!("{letter}gnp."))), "{format:?}: {written}");
    }
    let docx = render(&file, Lang::En, Format::Docx).expect("it can be written");
    let text = reader::extract(&docx, "a.docx").expect("a document");
    assert!(!text.original().contains('\u{202e}') && text.as_str().contains("Egnp."), "{}", text.original());
    assert!(render(&file, Lang::En, Format::Pdf).is_ok());
}

#[test]
fn letters_that_a_pdf_cannot_show_are_named_and_nothing_is_written() {
    let text = "garant-agreement = 1\n[parties.processor]\nname = \"東京データ SAS\"\n";
    let file = AgreementFile::parse(text).expect("a file");
    let problems = render(&file, Lang::En, Format::Pdf).expect_err("no glyph for them");
    assert_eq!(problems, [render::Problem::Letters { letters: "タデー京東".to_owned() }]);
    assert!(problems[0].message(Lang::Fr).contains('東') && problems[0].remedy(Lang::En).contains("DOCX"));
    assert!(render(&file, Lang::En, Format::Docx).is_ok());
}
