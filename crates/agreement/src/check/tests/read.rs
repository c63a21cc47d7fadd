//! Findings that need the text itself: what it says nowhere, and what it should not say.

use super::*;

/// Notes as of a text that says everything an agreement should.
fn read_notes() -> Notes {
    let said = "subject nature purpose data subjects controller special resilience risk copies prompt_breach \
        transfer_instructions transfer_tool extra_audits switching kept_by_law only_this_purpose";
    let note = |name: String| crate::reading::Note { name, span: [70, 80], ..Default::default() };
    let found = said.split_whitespace().map(|name| note(format!("says.{name}"))).collect();
    Notes { sentences: 90, clauses: 12, found }
}

fn unsaid(reading: &mut Reading, what: &str) {
    reading.notes.found.retain(|note| note.name != format!("says.{what}"));
}

fn noted(reading: &mut Reading, name: &str) {
    reading.notes.found.push(crate::reading::Note { name: name.to_owned(), span: [70, 80], ..Default::default() });
}

/// A complete agreement with its text read.
fn complete_text() -> Reading {
    let rights = crate::reading::Right { right: "access".to_owned(), span: [5, 9] };
    Reading { notes: read_notes(), rights: vec![rights], ..complete() }
}

#[test]
fn what_a_read_text_does_not_say_has_its_own_finding() {
    assert_eq!(codes(&complete_text()), Vec::<String>::new());
    let cases = [
        ("nature", "A28-3-nature"),
        ("controller", "A28-3-controller"),
        ("special", "A9-special"),
        ("resilience", "A32-1-d"),
        ("risk", "A32-2"),
        ("copies", "A28-3-g-copies"),
    ];
    let mut all = complete_text();
    unsaid(&mut all, "copies");
    assert_eq!(check_reading(&all, Lang::En)[0].severity, Severity::Error);
    noted(&mut all, "says.all_data");
    assert_eq!(check_reading(&all, Lang::En)[0].severity, Severity::Warning);
    for (what, code) in cases {
        let mut reading = complete_text();
        unsaid(&mut reading, what);
        assert_eq!(codes(&reading), [code]);
    }
    let mut reading = complete_text();
    silence(&mut reading, "own_purposes");
    assert_eq!(codes(&reading), Vec::<String>::new());
    unsaid(&mut reading, "only_this_purpose");
    assert_eq!(codes(&reading), ["A28-10-limit"]);
    let mut reading = complete_text();
    reading.rights.clear();
    assert_eq!(codes(&reading), ["A15-22"]);
}

#[test]
fn a_finding_of_silence_tells_where_we_looked() {
    let mut reading = complete_text();
    silence(&mut reading, "breach.notify_controller");
    noted(&mut reading, "topic.breach");
    let found = check_reading(&reading, Lang::En);
    let searched = found[0].searched.as_ref().unwrap();
    assert_eq!((found[0].code.as_str(), searched.sentences, searched.clauses), ("A33-2", 90, 12));
    assert_eq!(searched.near[0].span, [70, 80]);
    // Without a text nobody looked, and what stands there is no silence.
    reading.notes = Notes::default();
    assert_eq!(check_reading(&reading, Lang::En)[0].searched, None);
    let mut vague = complete_text();
    set(&mut vague, "requests.forward", |term| (term.state, term.value) = (State::Vague, json!(null)));
    assert_eq!(check_reading(&vague, Lang::En)[0].searched, None);
}

#[test]
fn notes_of_a_trap_are_findings_at_their_place() {
    let cases = [
        ("trap.forced_acceptance", "A7-4-employees"),
        ("trap.wrong_actor", "A28-role"),
        ("trap.anchors", "A28-3-anchors"),
        ("trap.identity", "A12-6-identity"),
        ("trap.reason", "A21-reason"),
        ("trap.cookies", "EPRIVACY-5-3"),
        ("trap.shared_login", "A32-shared"),
        ("trap.password_age", "A32-password"),
        ("trap.machine", "A22-machine"),
        ("trap.unreadable", "A15-unreadable"),
        ("trap.no_recipient", "CONFLICT-recipients"),
        ("trap.open_retention", "A5-1-e"),
    ];
    for (name, code) in cases {
        let mut reading = complete_text();
        noted(&mut reading, name);
        let found = check_reading(&reading, Lang::Fr);
        assert_eq!(found.iter().map(|f| (f.code.as_str(), f.span)).collect::<Vec<_>>(), [(code, Some([70, 80]))]);
    }
    let mut reviewed = complete_text();
    noted(&mut reviewed, "trap.machine");
    noted(&mut reviewed, "says.human");
    assert_eq!(codes(&reviewed), Vec::<String>::new());
    let mut alone = complete_text();
    noted(&mut alone, "trap.no_recipient");
    say(&mut alone, "subprocessors.authorisation", &json!("none-allowed"));
    assert_eq!(codes(&alone), Vec::<String>::new());
}

#[test]
fn a_purpose_of_its_own_against_a_sole_purpose_is_a_contradiction_too() {
    let mut reading = complete_text();
    say(&mut reading, "own_purposes", &json!("allowed"));
    assert_eq!(codes(&reading), ["A28-10", "CONFLICT"]);
    unsaid(&mut reading, "only_this_purpose");
    assert_eq!(codes(&reading), ["A28-10"]);
}

#[test]
fn seventy_two_hours_are_a_ceiling_and_not_a_time_to_spend() {
    let mut reading = complete_text();
    say(&mut reading, "breach.notify_controller", &json!("PT72H"));
    assert_eq!(codes(&reading), Vec::<String>::new());
    unsaid(&mut reading, "prompt_breach");
    assert_eq!(codes(&reading), ["A33-2-ceiling"]);
    say(&mut reading, "breach.notify_controller", &json!("PT48H"));
    assert_eq!(codes(&reading), Vec::<String>::new());
}

#[test]
fn safeguards_without_a_tool_and_half_an_address_are_reported_at_their_sub_processor() {
    let mut reading = complete_text();
    reading.subprocessors = vec![Subprocessor {
        name: "Acme".to_owned(),
        address: Some("Springfield, US".to_owned()),
        country: Some("US".to_owned()),
        span: [50, 60],
        ..Subprocessor::default()
    }];
    say(&mut reading, "transfers.allowed_to", &json!(["EU", "article46"]));
    assert_eq!(codes(&reading), ["A28-2-address"]);
    reading.subprocessors[0].address = Some("12 Elm Street, Springfield 12345, US".to_owned());
    assert_eq!(codes(&reading), Vec::<String>::new());
    unsaid(&mut reading, "transfer_tool");
    let found = check_reading(&reading, Lang::En);
    assert_eq!((found[0].code.as_str(), found[0].severity), ("A44-tool", Severity::Warning));
    assert!(found[0].remedy.contains("2026-"), "{}", found[0].remedy);
}

#[test]
fn a_contract_is_no_basis_for_advertising() {
    let mut reading = complete();
    for (purpose, basis, doubtful) in [
        ("Commercial prospecting", "eu-gdpr:A6-1-b", true),
        ("Amélioration des produits", "eu-gdpr:A6-1-b", true),
        ("Commercial prospecting", "eu-gdpr:A6-1-f", false),
        ("Hosting", "eu-gdpr:A6-1-b", false),
    ] {
        reading.processings[0].purpose = purpose.to_owned();
        reading.processings[0].legal_basis = Some(basis.to_owned());
        assert_eq!(codes(&reading), if doubtful { vec!["A6-basis"] } else { vec![] }, "{purpose} {basis}");
    }
}

#[test]
fn a_yearly_cap_at_the_controllers_cost_is_lifted_by_a_breach() {
    let mut reading = complete_text();
    say(&mut reading, "audit.per_year", &json!(1));
    say(&mut reading, "audit.costs", &json!("controller"));
    assert_eq!(codes(&reading), Vec::<String>::new());
    unsaid(&mut reading, "extra_audits");
    assert_eq!(codes(&reading), ["A28-3-h-costs", "A28-3-h-limit"]);
}

#[test]
fn a_host_and_a_cloud_service_have_laws_of_their_own() {
    let mut reading = complete_text();
    say(&mut reading, "end.choice", &json!("delete"));
    say(&mut reading, "governing_law", &json!("France"));
    silence(&mut reading, "end.return_within");
    for name in ["says.hosting", "says.cloud"] {
        noted(&mut reading, name);
    }
    assert_eq!(codes(&reading), ["A28-3-g-choice"]);
    unsaid(&mut reading, "kept_by_law");
    unsaid(&mut reading, "switching");
    assert_eq!(codes(&reading), ["A28-3-g-choice", "DATA-ACT", "HOSTING-FR"]);
    say(&mut reading, "governing_law", &json!("Luxembourg"));
    say(&mut reading, "end.delete_within", &json!("P90D"));
    assert_eq!(codes(&reading), ["A28-3-g-choice"]);
}
