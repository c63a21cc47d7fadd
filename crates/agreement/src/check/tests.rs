mod read;

use super::*;
use crate::file::{Coverage as FileCoverage, FileTerm, Value};
use crate::names::TERMS;
use crate::reading::{Coverage, Party, Processing, Retention, State, Subprocessor, Term};
use serde_json::json;

/// An agreement that leaves nothing open, at offsets no test cares about.
fn complete() -> Reading {
    let mut reading = Reading::default();
    reading.document.kind = DocumentKind::ProcessorAgreement;
    let party = |role: &str| Party { role: role.to_owned(), name: "A".to_owned(), ..Party::default() };
    reading.parties = vec![party("controller"), party("processor")];
    reading.terms = TERMS.iter().map(|name| Term::silent(name.name)).collect();
    for name in TERMS.iter().filter(|name| name.shape == crate::names::Shape::Flag) {
        say(&mut reading, name.name, &json!(true));
    }
    let said = [
        ("instructions.unlawful_alert", json!("P1D")),
        ("own_purposes", json!("forbidden")),
        ("subprocessors.authorisation", json!("general")),
        ("subprocessors.notice", json!("P30D")),
        ("subprocessors.objection_window", json!("P30D")),
        ("subprocessors.on_objection", json!("terminate")),
        ("transfers.allowed_to", json!(["EU"])),
        ("requests.forward", json!("P1D")),
        ("requests.answer_by_processor", json!("forbidden")),
        ("breach.notify_controller", json!("PT24H")),
        ("end.choice", json!("controller")),
        ("end.delete_within", json!("P30D")),
        ("duration", json!("the main contract")),
        ("dated", json!("2026-01-31")),
    ];
    for (name, value) in said {
        say(&mut reading, name, &value);
    }
    set(&mut reading, "subprocessors.silence_approves", |term| *term = Term::silent("subprocessors.silence_approves"));
    let retention = Retention { after: Some("end-of-contract".to_owned()), ..Retention::default() };
    reading.processings = vec![Processing {
        role: "processor".to_owned(),
        purpose: "hosting".to_owned(),
        data: vec!["pd:Name".to_owned()],
        subjects: vec!["customers".to_owned()],
        retention: Some(retention),
        span: [5, 9],
        ..Processing::default()
    }];
    reading.measures = vec![crate::reading::Measure::default()];
    reading.contacts = vec![crate::reading::Contact { kind: "email".to_owned(), ..Default::default() }];
    let full = || Coverage { state: CoverageState::Full, spans: vec![[1, 2]] };
    reading.article28 = ('a'..='h').map(|letter| (letter.to_string(), full())).collect();
    reading
}

fn set(reading: &mut Reading, name: &str, change: impl Fn(&mut Term)) {
    change(reading.terms.iter_mut().find(|term| term.name == name).expect("a name of the vocabulary"));
}

fn say(reading: &mut Reading, name: &str, value: &serde_json::Value) {
    set(reading, name, |term| {
        term.state = State::Stated;
        term.value = value.clone();
        term.span = Some([10, 20]);
    });
}

fn silence(reading: &mut Reading, name: &str) {
    set(reading, name, |term| *term = Term::silent(&term.name));
}

fn codes(reading: &Reading) -> Vec<String> {
    check_reading(reading, Lang::En).into_iter().map(|finding| finding.code).collect()
}

fn cover(reading: &mut Reading, letter: char, state: CoverageState) {
    reading.article28.insert(letter.to_string(), Coverage { state, spans: vec![[3, 4]] });
}

#[test]
fn a_complete_agreement_has_no_finding() {
    assert_eq!(codes(&complete()), Vec::<String>::new());
}

#[test]
fn each_absent_letter_is_one_error_without_a_place() {
    for letter in 'a'..='h' {
        let mut reading = complete();
        cover(&mut reading, letter, CoverageState::Absent);
        let found = check_reading(&reading, Lang::En);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].code.as_str(), found[0].severity), (format!("A28-3-{letter}").as_str(), Severity::Error));
        assert_eq!(found[0].span, None);
    }
}

#[test]
fn each_weak_letter_is_one_warning_at_its_place_in_its_own_words() {
    for letter in 'a'..='h' {
        let mut reading = complete();
        cover(&mut reading, letter, CoverageState::Weak);
        let found = check_reading(&reading, Lang::Fr);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].severity, found[0].span), (Severity::Warning, Some([3, 4])));
        let entry = codes::explain(&found[0].code).unwrap();
        assert_eq!(found[0].message, entry.weak.as_ref().unwrap().fr);
    }
}

#[test]
fn what_is_silent_has_its_own_finding() {
    let cases = [
        ("instructions.legal_compulsion_notice", "A28-3-a-compulsion"),
        ("instructions.unlawful_alert", "A28-3-alert"),
        ("transfers.allowed_to", "A28-3-a-transfers"),
        ("training.persons", "A32-4"),
        ("subprocessors.authorisation", "A28-2"),
        ("subprocessors.notice", "A28-2-notice"),
        ("subprocessors.objection_window", "A28-2-objection"),
        ("subprocessors.on_objection", "A28-2-on-objection"),
        ("subprocessors.flow_down", "A28-4-flow"),
        ("subprocessors.liability", "A28-4-liability"),
        ("subprocessors.list_on_request", "A28-2-list"),
        ("requests.forward", "A12-forward"),
        ("breach.notify_controller", "A33-2"),
        ("breach.content", "A33-3"),
        ("assist.dpia", "A28-3-f-dpia"),
        ("assist.prior_consultation", "A28-3-f-consultation"),
        ("assist.security", "A28-3-f-security"),
        ("assist.breach_notification", "A28-3-f-breach"),
        ("end.choice", "A28-3-g-choice"),
        ("end.delete_within", "A28-3-g-figure"),
        ("end.certificate", "A28-3-g-certificate"),
        ("audit.information", "A28-3-h-information"),
        ("audit.allowed", "A28-3-h-audit"),
        ("records.article30_2", "A30-2"),
        ("dated", "A28-9"),
        ("liability.article82", "A82"),
    ];
    for (name, code) in cases {
        let mut reading = complete();
        silence(&mut reading, name);
        assert_eq!(codes(&reading), [code], "{name}");
    }
}

#[test]
fn a_duty_without_a_figure_is_a_warning_that_proposes_one() {
    let cases = [
        ("instructions.unlawful_alert", "A28-3-alert"),
        ("requests.forward", "A12-forward"),
        ("breach.notify_controller", "A33-2-vague"),
        ("end.return_within", "UNEXECUTABLE"),
        ("audit.notice", "UNEXECUTABLE"),
    ];
    for (name, code) in cases {
        let mut reading = complete();
        set(&mut reading, name, |term| {
            (term.state, term.value, term.span) = (State::Vague, json!(null), Some([30, 40]));
        });
        let found = check_reading(&reading, Lang::En);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(
            (found[0].code.as_str(), found[0].severity, found[0].span),
            (code, Severity::Warning, Some([30, 40]))
        );
        let default = crate::defaults::default_for(name).unwrap();
        assert!(found[0].remedy.contains(&crate::text::length(&default.value, default.working, Lang::En)));
    }
}

#[test]
fn a_breach_told_later_than_the_controller_may_tell_it_is_reported() {
    for (value, days, late) in
        [("PT24H", None, false), ("PT72H", None, false), ("PT96H", None, true), ("P3D", Some("working"), true)]
    {
        let mut reading = complete();
        say(&mut reading, "breach.notify_controller", &json!(value));
        set(&mut reading, "breach.notify_controller", |term| term.days = days.map(str::to_owned));
        assert_eq!(codes(&reading), if late { vec!["A33-2-late"] } else { vec![] }, "{value}");
    }
}

#[test]
fn a_use_for_own_purposes_is_reported_where_it_is_allowed_even_in_a_contradiction() {
    let mut reading = complete();
    say(&mut reading, "own_purposes", &json!("allowed"));
    assert_eq!(codes(&reading), ["A28-10"]);
    set(&mut reading, "own_purposes", |term| term.state = State::Conflicting);
    assert_eq!(codes(&reading), ["A28-10", "CONFLICT"]);
}

#[test]
fn deletion_alone_denies_the_controller_its_choice() {
    let mut reading = complete();
    say(&mut reading, "end.choice", &json!("delete"));
    assert_eq!(codes(&reading), ["A28-3-g-choice"]);
}

#[test]
fn silence_is_advice_under_a_general_authorisation_and_a_warning_under_a_specific_one() {
    let mut reading = complete();
    say(&mut reading, "subprocessors.silence_approves", &json!(true));
    assert_eq!(check_reading(&reading, Lang::En)[0].severity, Severity::Advice);
    say(&mut reading, "subprocessors.authorisation", &json!("specific"));
    assert_eq!(codes(&reading), ["A28-2-silence"]);
    assert_eq!(check_reading(&reading, Lang::En)[0].severity, Severity::Warning);
}

#[test]
fn a_sub_processor_in_a_third_country_needs_a_basis() {
    let listed = |country: &str| {
        let mut reading = complete();
        let subprocessor = Subprocessor {
            name: "Acme".to_owned(),
            country: Some(country.to_owned()),
            span: [50, 60],
            ..Subprocessor::default()
        };
        reading.subprocessors = vec![subprocessor];
        reading
    };
    for (country, third) in [("FR", false), ("NO", false), ("CH", false), ("US", true), ("IN", true)] {
        assert_eq!(codes(&listed(country)), if third { vec!["A44", "CONFLICT"] } else { vec![] }, "{country}");
    }
    let mut adequate = listed("US");
    say(&mut adequate, "transfers.allowed_to", &json!(["EU", "adequate"]));
    assert_eq!(codes(&adequate), ["A44"], "the United States as a whole are not adequate");
    let mut with_clauses = listed("US");
    say(&mut with_clauses, "transfers.allowed_to", &json!(["EU", "article46"]));
    assert_eq!(codes(&with_clauses), Vec::<String>::new());
    let found = check_reading(&listed("US"), Lang::Fr);
    assert_eq!((found[0].span, found[1].span), (Some([50, 60]), Some([10, 20])));
    assert!(found.iter().all(|finding| finding.message.contains("Acme (US)")), "{found:?}");
}

#[test]
fn a_retention_without_period_or_event_is_reported_at_its_processing() {
    let mut reading = complete();
    let open = Retention { text: "as long as necessary".to_owned(), after: None, keep: None };
    reading.processings[0].retention = Some(open);
    let found = check_reading(&reading, Lang::En);
    assert_eq!((found[0].code.as_str(), found[0].span), ("A5-1-e", Some([5, 9])));
    assert!(found[0].message.ends_with("hosting"));
}

#[test]
fn blanks_references_and_contradictions_name_their_term() {
    for (state, code) in
        [(State::Placeholder, "PLACEHOLDER"), (State::ByReference, "BY-REFERENCE"), (State::Conflicting, "CONFLICT")]
    {
        let mut reading = complete();
        set(&mut reading, "governing_law", |term| (term.state, term.span) = (state, Some([7, 8])));
        let found = check_reading(&reading, Lang::Fr);
        assert_eq!((found.len(), found[0].code.as_str(), found[0].span), (1, code, Some([7, 8])));
        assert!(found[0].message.contains("Droit applicable"));
    }
}

#[test]
fn a_description_that_lacks_a_part_says_which() {
    type Change = fn(&mut Processing);
    let cases: [(&str, Change); 3] = [
        ("A28-3-purpose", |processing| processing.purpose.clear()),
        ("A28-3-data", |processing| processing.data.clear()),
        ("A28-3-subjects", |processing| processing.subjects.clear()),
    ];
    for (code, change) in cases {
        let mut reading = complete();
        change(&mut reading.processings[0]);
        assert_eq!(codes(&reading), [code]);
    }
    let mut reading = complete();
    reading.processings.clear();
    assert_eq!(codes(&reading), ["A28-3-scope"]);
}

#[test]
fn a_privacy_notice_has_exactly_one_finding() {
    for kind in [DocumentKind::PrivacyNotice, DocumentKind::SubProcessorList, DocumentKind::TransferAddendum] {
        let mut reading = complete();
        reading.document.kind = kind;
        silence(&mut reading, "end.choice");
        assert_eq!(codes(&reading), ["NOT-AN-AGREEMENT"]);
    }
    assert_eq!(codes(&Reading::default()), ["NOT-AN-AGREEMENT"]);
}

#[test]
fn a_nameless_text_that_holds_the_letters_is_checked_as_an_agreement() {
    let mut reading = complete();
    reading.document.kind = DocumentKind::Other;
    cover(&mut reading, 'g', CoverageState::Absent);
    assert_eq!(codes(&reading), ["A28-3-g"]);
}

#[test]
fn findings_come_gravest_first_then_in_the_order_of_the_text() {
    let mut reading = Reading::default();
    reading.document.kind = DocumentKind::ProcessorAgreement;
    let found = check_reading(&reading, Lang::En);
    let order = |finding: &Finding| (finding.severity, finding.span.unwrap_or([usize::MAX; 2]));
    assert!(found.windows(2).all(|pair| order(&pair[0]) <= order(&pair[1])));
    let errors: Vec<&str> =
        found.iter().filter(|f| f.severity == Severity::Error).map(|finding| finding.code.as_str()).collect();
    for letter in 'a'..='h' {
        assert!(errors.contains(&format!("A28-3-{letter}").as_str()), "{errors:?}");
    }
}

#[test]
fn a_file_without_judged_letters_is_judged_by_its_terms() {
    let mut file = AgreementFile::from_reading(&complete());
    file.article28.clear();
    assert_eq!(check_file(&file, Lang::En), vec![]);
    file.terms.remove("confidentiality.persons");
    assert_eq!(check_file(&file, Lang::En)[0].code, "A28-3-b");
}

#[test]
fn a_term_a_person_adds_heals_its_letter() {
    let mut file = AgreementFile::from_reading(&complete());
    file.article28.insert('b', FileCoverage { state: CoverageState::Absent, spans: vec![] });
    assert_eq!(check_file(&file, Lang::En)[0].code, "A28-3-b");
    file.terms.insert("confidentiality.persons".to_owned(), FileTerm::stated(Value::Flag(true)));
    assert_eq!(check_file(&file, Lang::En), vec![]);
}

#[test]
fn the_file_read_from_a_document_has_the_findings_of_the_document() {
    let mut reading = complete();
    reading.document.kind = DocumentKind::Mixed;
    for name in ["end.choice", "breach.notify_controller", "subprocessors.flow_down"] {
        silence(&mut reading, name);
    }
    cover(&mut reading, 'c', CoverageState::Weak);
    let file = AgreementFile::parse(&AgreementFile::from_reading(&reading).to_toml()).unwrap();
    assert_eq!(check_file(&file, Lang::Fr), check_reading(&reading, Lang::Fr));
}

#[test]
fn with_defaults_no_duty_lacks_a_figure() {
    let mut reading = complete();
    for name in ["requests.forward", "breach.notify_controller", "end.delete_within"] {
        set(&mut reading, name, |term| (term.state, term.value) = (State::Vague, json!(null)));
    }
    let file = AgreementFile::from_reading(&reading).with_defaults();
    assert_eq!(check_file(&file, Lang::En), vec![]);
    assert_eq!(file.term("breach.notify_controller").unwrap().source, crate::file::Source::Default);
}

#[test]
fn every_code_the_rules_name_has_an_entry_and_every_entry_is_named() {
    let sources = [
        include_str!("description.rs"),
        include_str!("duties.rs"),
        include_str!("letters.rs"),
        include_str!("transfers.rs"),
        include_str!("traps.rs"),
        include_str!("../check.rs"),
    ];
    let is_code = |text: &&str| {
        text.contains('-') && text.chars().next().is_some_and(char::is_uppercase) && !text.contains([' ', '{'])
            || ["CONFLICT", "PLACEHOLDER", "UNEXECUTABLE", "A44", "A82"].contains(text)
    };
    let named: Vec<&str> = sources.iter().flat_map(|source| source.split('"')).filter(is_code).collect();
    assert!(named.len() > 30);
    for code in &named {
        assert!(codes::explain(code).is_some(), "{code}");
    }
    for entry in codes::all() {
        let letter = entry.code.len() == "A28-3-a".len() && entry.code.starts_with("A28-3-");
        assert!(letter || named.contains(&entry.code.as_str()), "{} is never reported", entry.code);
    }
}

#[test]
fn the_example_of_the_crate_is_complete_and_written_as_we_would_write_it() {
    let text = include_str!("../../example.toml");
    let file = AgreementFile::parse(text).unwrap();
    assert_eq!(check_file(&file, Lang::En), vec![]);
    assert!(coverage(&file).values().all(|state| *state == CoverageState::Full));
    assert!(!file.to_toml().contains("[breach.notify_controller]"), "what a person wrote in short stays short");
    assert!(crate::promises(&file).len() > 30);
}

#[test]
fn an_absent_letter_is_not_followed_by_its_finer_points() {
    let cases: [(char, &[&str]); 5] = [
        ('a', &["instructions.documented", "instructions.legal_compulsion_notice", "transfers.allowed_to"]),
        ('d', &["subprocessors.authorisation", "subprocessors.notice", "subprocessors.objection_window"]),
        ('f', &["assist.dpia", "assist.prior_consultation", "assist.security", "assist.breach_notification"]),
        ('g', &["end.choice", "end.delete_within", "end.certificate"]),
        ('h', &["audit.information", "audit.allowed"]),
    ];
    for (letter, names) in cases {
        let mut reading = complete();
        names.iter().for_each(|name| silence(&mut reading, name));
        cover(&mut reading, letter, CoverageState::Absent);
        assert_eq!(codes(&reading), [format!("A28-3-{letter}")]);
    }
}

#[test]
fn a_window_to_object_implies_a_notice_of_its_length() {
    let mut reading = complete();
    silence(&mut reading, "subprocessors.notice");
    assert_eq!(check_reading(&reading, Lang::En)[0].severity, Severity::Advice);
    silence(&mut reading, "subprocessors.objection_window");
    let grave = |reading: &Reading, severity| -> Vec<String> {
        let found = check_reading(reading, Lang::En);
        found.into_iter().filter(|finding| finding.severity == severity).map(|finding| finding.code).collect()
    };
    assert_eq!(grave(&reading, Severity::Error), ["A28-2-notice"]);
    assert_eq!(
        grave(&reading, Severity::Warning),
        ["A28-2-objection"],
        "the letter says that an objection is possible"
    );
    cover(&mut reading, 'd', CoverageState::Weak);
    silence(&mut reading, "subprocessors.on_objection");
    assert_eq!(grave(&reading, Severity::Error), ["A28-2-notice", "A28-2-objection"]);
}

#[test]
fn a_duration_is_said_by_itself_or_by_the_end_of_each_processing() {
    let mut reading = complete();
    silence(&mut reading, "duration");
    assert_eq!(codes(&reading), Vec::<String>::new());
    reading.processings[0].retention = None;
    assert_eq!(codes(&reading), ["A28-3-duration"]);
}
