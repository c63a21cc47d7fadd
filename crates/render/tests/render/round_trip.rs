//! Any agreement file, written in either language and in each format, reads back to the same agreement.

use crate::support::{READ_BACK, different_parties, different_terms, read_back};
use agreement::AgreementFile;
use agreement::file::{
    Contact, FileTerm, Measure, Other, Parties, Party, Processing, Retention, Role, Subprocessor, Value,
};
use agreement::names::{RIGHTS, Shape, TERMS, TermName};
use agreement::reading::{CoverageState, State};
use kernel::{Date, Lang, Period, Unit};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use proptest::test_runner::RngSeed;
use render::Format;

/// Periods as agreements give them.
fn periods() -> impl Strategy<Value = (Period, bool)> {
    let units = [Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months, Unit::Years];
    (1_u32..400, select(units.to_vec()), any::<bool>()).prop_map(|(count, unit, working)| {
        let period = Period::new(count, unit).expect("small counts are periods");
        (period, working && unit == Unit::Days)
    })
}

fn stated(value: Value, working: bool) -> FileTerm {
    FileTerm { working, ..FileTerm::stated(value) }
}

fn without_value(state: State) -> FileTerm {
    FileTerm { state, value: None, ..FileTerm::vague() }
}

/// Two periods by case: the file holds first the one that binds.
fn staged(name: &'static str) -> BoxedStrategy<FileTerm> {
    let longest = name.starts_with("breach") || name.starts_with("end.");
    let other = |(period, working): (Period, bool)| Other {
        state: State::Stated,
        value: Some(Value::Period(period)),
        working,
        text: String::new(),
        span: None,
        clause: None,
    };
    let pair = (periods(), periods())
        .prop_filter("two different lengths", |(one, two)| one.0.approx_hours() != two.0.approx_hours());
    pair.prop_map(move |(one, two)| {
        let one_first = (one.0.approx_hours() > two.0.approx_hours()) == longest;
        let (first, _) = if one_first { (one, two) } else { (two, one) };
        let term = stated(Value::Period(first.0), first.1);
        FileTerm { state: State::Staged, others: vec![other(one), other(two)], ..term }
    })
    .boxed()
}

/// Everything that can be said of a term.
fn said(term: &'static TermName, lang: Lang) -> BoxedStrategy<FileTerm> {
    let states = |states: &[State]| select(states.to_vec()).prop_map(without_value).boxed();
    let name = term.name;
    let value: BoxedStrategy<FileTerm> = match term.shape {
        Shape::Flag => Just(stated(Value::Flag(true), false)).boxed(),
        Shape::Duration => periods().prop_map(|(period, working)| stated(Value::Period(period), working)).boxed(),
        Shape::Word(words) => select(words).prop_map(|word| stated(Value::Word(word.to_owned()), false)).boxed(),
        Shape::Number => (1_u32..30).prop_map(|count| stated(Value::Number(count), false)).boxed(),
        Shape::List => transfers(),
        Shape::Date => (1990_i16..2100, 1_i8..=12, 1_i8..=28)
            .prop_map(|(year, month, day)| {
                stated(Value::Date(Date::new(year, month, day).expect("every month has 28 days")), false)
            })
            .boxed(),
        Shape::Text => select(texts(name, lang)).prop_map(|text| stated(Value::Text(text.to_owned()), false)).boxed(),
    };
    let mut all = vec![(6, value)];
    if term.shape == Shape::Flag {
        all.push((1, states(&[State::Conditional])));
    }
    if term.shape == Shape::Duration {
        all.push((1, staged(name)));
    }
    let others = written_states(name, lang);
    if !others.is_empty() {
        all.push((2, states(&others)));
    }
    Union::new_weighted(all).boxed()
}

/// The states without a value for which there is a clause.
fn written_states(name: &str, lang: Lang) -> Vec<State> {
    let all = [State::Vague, State::Placeholder, State::ByReference, State::Negated];
    let written = |state: &State| {
        let mut file = AgreementFile::default();
        file.terms.insert(name.to_owned(), without_value(*state));
        render::paper(&file, lang).is_ok()
    };
    all.into_iter().filter(written).collect()
}

fn transfers() -> BoxedStrategy<FileTerm> {
    let term = |list: Vec<&str>| stated(Value::List(list.into_iter().map(str::to_owned).collect()), false);
    let some = subsequence(vec!["EU", "adequate", "article46"], 1..=3);
    prop_oneof![4 => some.prop_map(term), 1 => Just(term(vec!["none"]))].boxed()
}

fn texts(name: &str, lang: Lang) -> Vec<&'static str> {
    let (en, fr): (&[&str], &[&str]) = match name {
        "subprocessors.on_objection" => (
            &["terminate", "keep-old", "negotiate", "the contract ends after mediation"],
            &["terminate", "keep-old", "negotiate", "médiation par un tiers"],
        ),
        "breach.channel" => {
            (&["email", "writing", "hotline of the duty manager"], &["email", "writing", "ligne d'astreinte"])
        }
        "audit.channel" => (
            &["email", "writing", "registered-letter", "ticket in the client area"],
            &["email", "writing", "registered-letter", "ticket dans l'espace réservé"],
        ),
        "audit.auditor" => (
            &["an independent firm bound to secrecy", "two experts chosen together"],
            &["un cabinet indépendant tenu au secret", "deux experts choisis ensemble"],
        ),
        "audit.hours" => (
            &["during normal business hours", "9 am to 5 pm, Monday to Friday"],
            &["pendant les heures ouvrables", "de 9 h à 17 h, du lundi au vendredi"],
        ),
        "audit.costs" => {
            (&["controller", "processor", "each party its own"], &["controller", "processor", "chacun les siens"])
        }
        "audit.report_to" => (
            &["both parties", "the management of both parties"],
            &["les deux parties", "les directions des deux parties"],
        ),
        "duration" => (
            &["the term of the hosting contract", "three years from signature"],
            &["la durée du contrat d'hébergement", "trois ans à compter de la signature"],
        ),
        "supervisory_authority" => {
            (&["CNIL", "CNPD", "Data Protection Commission"], &["CNIL", "CNPD", "Autorité de protection des données"])
        }
        _ => (
            &[
                "France",
                "England and Wales",
                "Ireland",
                "Netherlands",
                "Poland",
                "the law of the seat of the arbitration",
            ],
            &["France", "Suisse", "Angleterre et pays de Galles", "Luxembourg", "loi du siège de l'arbitrage"],
        ),
    };
    lang.pick(en, fr).to_vec()
}

fn terms(lang: Lang) -> impl Strategy<Value = Vec<(String, Option<FileTerm>)>> {
    let each = TERMS.iter().map(move |term| {
        let said = prop_oneof![3 => said(term, lang).prop_map(Some), 1 => Just(None)];
        said.prop_map(move |found| (term.name.to_owned(), found))
    });
    each.collect::<Vec<_>>()
}

const STEMS: [&str; 12] = [
    "Vallon",
    "Brightwater",
    "Hôtel des Données",
    "Żubr Systems",
    "Čáslav Data",
    "Ny Havn",
    "Ateliers du Port",
    "Kestrel",
    "Ormeau & Fils",
    "Meridian Cloud",
    "Papeterie Lorraine",
    "O'Hara Hosting",
];
const FORMS: [&str; 7] = ["SAS", "SARL", "Ltd", "GmbH", "AB", "S.A.", "BV"];

/// Names of companies, each once.
fn names(count: usize) -> impl Strategy<Value = Vec<String>> {
    let forms = proptest::collection::vec(select(FORMS.to_vec()), count);
    (subsequence(STEMS.to_vec(), count).prop_shuffle(), forms)
        .prop_map(|(stems, forms)| stems.iter().zip(forms).map(|(stem, form)| format!("{stem} {form}")).collect())
}

const ADDRESSES: [&str; 5] = [
    "8 rue des Tanneurs, 67000 Strasbourg",
    "12 Harbour Road, Cork T12 X2Y3",
    "Lindenstraße 4, 10969 Berlin",
    "1 quai du Port, 13002 Marseille",
    "ul. Długa 7, 00-263 Warszawa",
];
const COUNTRIES: [&str; 8] = ["FR", "IE", "DE", "PL", "NL", "US", "CH", "NO"];

fn tasks(lang: Lang) -> Vec<&'static str> {
    lang.pick(
        vec!["Housing of servers", "Delivery of mail", "Storage of backups", "Support by telephone"],
        vec!["Hébergement de serveurs", "Envoi de courriels", "Stockage des sauvegardes", "Support téléphonique"],
    )
}

fn subprocessors(names: Vec<String>, lang: Lang) -> impl Strategy<Value = Vec<Subprocessor>> {
    let each = names.into_iter().map(move |name| {
        let address = proptest::option::of(select(ADDRESSES.to_vec()));
        let contact = proptest::option::of(Just("privacy@helper.example".to_owned()));
        (
            address,
            proptest::option::weighted(0.9, select(COUNTRIES.to_vec())),
            proptest::option::of(select(tasks(lang))),
            contact,
        )
            .prop_map(move |(address, country, task, contact)| Subprocessor {
                name: name.clone(),
                address: address.map(str::to_owned),
                country: country.map(str::to_owned),
                task: task.map(str::to_owned),
                contact,
                span: None,
            })
    });
    each.collect::<Vec<_>>()
}

fn purposes(lang: Lang) -> Vec<&'static str> {
    lang.pick(
        vec!["Hosting of the websites of the Controller", "Sending of newsletters", "Payroll of employees"],
        vec![
            "Hébergement des sites du Responsable du traitement",
            "Envoi de lettres d'information",
            "Paie des salariés",
        ],
    )
}

fn processings(lang: Lang) -> impl Strategy<Value = Vec<Processing>> {
    let data = subsequence(vec!["pd:Name", "pd:EmailAddress", "pd:IPAddress", "pd:TelephoneNumber"], 1..=4);
    let subjects = subsequence(
        lang.pick(vec!["visitors", "employees", "customers"], vec!["visiteurs", "salariés", "clients finaux"]),
        1..=3,
    );
    let basis = proptest::option::of(select(vec!["eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b", "eu-gdpr:A6-1-f"]));
    let retention = proptest::option::of((periods(), any::<bool>()).prop_map(|((keep, _), after)| Retention {
        text: String::new(),
        after: after.then(|| "end-of-contract".to_owned()),
        keep: Some(keep),
    }));
    let one = (data, subjects, basis, retention).prop_map(|(data, subjects, basis, retention)| Processing {
        role: Role::Processor,
        purpose: String::new(),
        data: data.into_iter().map(str::to_owned).collect(),
        subjects: subjects.into_iter().map(str::to_owned).collect(),
        legal_basis: basis.map(str::to_owned),
        retention,
        ..Processing::default()
    });
    (proptest::collection::vec(one, 0..=3), Just(purposes(lang)).prop_shuffle()).prop_map(|(mut all, purposes)| {
        for (processing, purpose) in all.iter_mut().zip(purposes) {
            processing.purpose = purpose.to_owned();
        }
        all
    })
}

fn measures() -> impl Strategy<Value = Vec<Measure>> {
    let known = vec![
        "dpv:EncryptionAtRest",
        "dpv:AccessControlMethod",
        "dpv:DataBackupProtocols",
        "dpv:PenetrationTestingMethods",
    ];
    subsequence(known, 0..=4).prop_map(|found| {
        let measure = |name: &str| Measure { measure: name.to_owned(), ..Measure::default() };
        found.into_iter().map(measure).collect()
    })
}

fn party(name: String, address: Option<&str>, mail: &str) -> Party {
    Party { name, address: address.map(str::to_owned), contact: Some(mail.to_owned()), ..Party::default() }
}

fn contact(mail: &str) -> Contact {
    Contact { kind: "email".to_owned(), value: mail.to_owned(), purpose: "dpo".to_owned(), span: None }
}

/// A whole file, without the pairs of terms that exclude each other.
fn files(lang: Lang) -> impl Strategy<Value = AgreementFile> {
    let parts = (0_usize..=3).prop_flat_map(|count| names(count + 2)).prop_flat_map(move |mut names| {
        let listed = names.split_off(2);
        (Just(names), subprocessors(listed, lang), proptest::option::of(select(ADDRESSES.to_vec())))
    });
    let rights = subsequence(RIGHTS.to_vec(), 0..=RIGHTS.len());
    (terms(lang), parts, rights, processings(lang), measures()).prop_map(
        |(terms, (names, subprocessors, address), rights, processings, measures)| {
            let mut names = names.into_iter();
            let controller = names.next().map(|name| party(name, address, "dpo@one.example"));
            let processor = names.next().map(|name| party(name, None, "dpo@two.example"));
            consistent(AgreementFile {
                terms: terms.into_iter().filter_map(|(name, term)| Some((name, term?))).collect(),
                parties: Parties { controller, processor },
                subprocessors,
                rights: rights.into_iter().map(str::to_owned).collect(),
                processings,
                measures,
                contacts: vec![contact("dpo@two.example")],
                ..AgreementFile::default()
            })
        },
    )
}

/// What excludes another term goes, as a person's file would be refused with it.
fn consistent(mut file: AgreementFile) -> AgreementFile {
    let excluded = [
        "subprocessors.authorisation",
        "end.choice",
        "requests.answer_by_processor",
        "subprocessors.objection_window",
        "audit.per_year",
    ];
    // Enough named measures are a security clause by themselves: to a reader, and in law.
    if !file.terms.contains_key("security.article32") {
        file.measures.clear();
    }
    for name in excluded {
        if AgreementFile::parse(&file.to_toml()).is_err() {
            file.terms.remove(name);
        }
    }
    file
}

/// Letters of Art. 28(3), and the term without which each would be absent.
const LETTERS: [(char, &str); 8] = [
    ('a', "instructions.documented"),
    ('b', "confidentiality.persons"),
    ('c', "security.article32"),
    ('d', "subprocessors.authorisation"),
    ('e', "requests.assist"),
    ('f', "assist.dpia"),
    ('g', "end.choice"),
    ('h', "audit.information"),
];

/// What every format gives back: terms, rights, parties, and no letter lost.
fn holds_in_words(file: &AgreementFile, lang: Lang, format: Format) -> Result<AgreementFile, TestCaseError> {
    let (_, back, text) = read_back(file, lang, format);
    prop_assert_eq!(different_terms(file, &back), Vec::<String>::new(), "{}", text);
    prop_assert_eq!(&back.rights, &file.rights, "{}", &text);
    prop_assert_eq!(different_parties(file, &back), Vec::<String>::new(), "{}", &text);
    for (letter, term) in LETTERS {
        let promised = file.term(term).is_some_and(|term| term.promised() && term.state != State::Negated);
        let covered = back.article28.get(&letter).is_some_and(|found| found.state != CoverageState::Absent);
        prop_assert!(covered || !promised, "letter {letter}: {text}");
    }
    Ok(back)
}

#[test]
fn a_processing_of_the_processors_own_keeps_its_role() {
    for lang in Lang::ALL {
        let one = |role: Role, purpose: &str| Processing {
            role,
            purpose: purpose.to_owned(),
            data: vec!["pd:Name".to_owned()],
            subjects: vec!["visitors".to_owned()],
            ..Processing::default()
        };
        let processings = vec![one(Role::Processor, "Hosting"), one(Role::Controller, "Billing")];
        let file = AgreementFile { processings, ..AgreementFile::default() };
        for format in READ_BACK {
            let (_, back, text) = read_back(&file, lang, format);
            let roles: Vec<(Role, &str)> =
                back.processings.iter().map(|one| (one.role, one.purpose.as_str())).collect();
            assert_eq!(roles, [(Role::Processor, "Hosting"), (Role::Controller, "Billing")], "{text}");
        }
    }
}

/// All of it, the tables of the annexes too.
fn holds(file: &AgreementFile, lang: Lang, format: Format) -> Result<(), TestCaseError> {
    let back = holds_in_words(file, lang, format)?;
    let listed = |file: &AgreementFile| -> Vec<Subprocessor> {
        let bare = |entry: &Subprocessor| Subprocessor { contact: None, span: None, ..entry.clone() };
        file.subprocessors.iter().map(bare).collect()
    };
    prop_assert_eq!(listed(&back), listed(file));
    let kept = |file: &AgreementFile| -> Vec<Option<Period>> {
        file.processings.iter().map(|one| one.retention.as_ref().and_then(|kept| kept.keep)).collect()
    };
    prop_assert_eq!(kept(&back), kept(file));
    Ok(())
}

/// The same files at every run; `cargo xtask sweep` writes ten times as many, and others each time.
fn config(cases: u32, max_shrink_iters: u32) -> ProptestConfig {
    let sweep = std::env::var_os("GARANT_SWEEP").is_some();
    let (cases, rng_seed) = if sweep { (cases * 10, RngSeed::Random) } else { (cases, RngSeed::Fixed(915)) };
    ProptestConfig { cases, rng_seed, max_shrink_iters, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(32, 60))]

    #[test]
    fn an_english_agreement_reads_back(file in files(Lang::En), format in select(READ_BACK.to_vec())) {
        holds(&file, Lang::En, format)?;
    }

    #[test]
    fn a_french_agreement_reads_back(file in files(Lang::Fr), format in select(READ_BACK.to_vec())) {
        holds(&file, Lang::Fr, format)?;
    }
}

proptest! {
    #![proptest_config(config(6, 30))]

    #[test]
    fn an_english_pdf_reads_back(file in files(Lang::En)) {
        holds_in_words(&file, Lang::En, Format::Pdf)?;
    }

    #[test]
    fn a_french_pdf_reads_back(file in files(Lang::Fr)) {
        holds_in_words(&file, Lang::Fr, Format::Pdf)?;
    }
}
