use super::*;
use crate::names::{self, Shape};
use std::collections::BTreeSet;

fn parse(terms: &str) -> AgreementFile {
    AgreementFile::parse(&format!("garant-agreement = 1\n{terms}")).expect("the tests write valid files")
}

fn one(terms: &str, key: &str) -> Promise {
    promises(&parse(terms)).into_iter().find(|promise| promise.key == key).expect("the promise is made")
}

fn event(promise: &Promise) -> (Event, Option<String>, bool, Clock, bool) {
    match &promise.kind {
        Kind::OnEvent { event, period, working, clock, default_used, .. } => {
            (*event, period.map(|p| p.to_string()), *working, *clock, *default_used)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_term_makes_a_promise_or_says_why_not() {
    let making: BTreeSet<&str> = table::ROWS.iter().map(|row| row.term).collect();
    let silent: BTreeSet<&str> = NO_PROMISE.iter().map(|(term, _, _)| *term).collect();
    assert_eq!(making.intersection(&silent).count(), 0);
    for term in names::TERMS {
        assert!(making.contains(term.name) || silent.contains(term.name), "{}", term.name);
    }
    assert_eq!(making.len() + silent.len(), names::TERMS.len(), "no row for an unknown term");
}

#[test]
fn every_row_has_its_own_key_a_word_its_term_allows_and_two_titles() {
    let keys: BTreeSet<&str> = table::ROWS.iter().map(|row| row.key).collect();
    assert_eq!(keys.len(), table::ROWS.len());
    for row in table::ROWS {
        assert!(row.key.starts_with(row.term), "{}", row.key);
        assert_ne!(row.title[0], row.title[1], "{}", row.key);
        match (names::find(row.term).unwrap().shape, row.word) {
            (Shape::Word(allowed), Some(word)) => assert!(allowed.contains(&word), "{}", row.key),
            (_, word) => assert_eq!(word, None, "{}", row.key),
        }
    }
}

#[test]
fn every_word_of_a_closed_list_that_obliges_has_its_row() {
    for term in names::TERMS {
        let Shape::Word(allowed) = term.shape else { continue };
        for word in allowed.iter().filter(|word| (term.name, **word) != ("own_purposes", "allowed")) {
            assert!(table::ROWS.iter().any(|row| row.term == term.name && row.word == Some(word)), "{word}");
        }
    }
}

#[test]
fn a_breach_within_72_hours_is_a_clock_in_hours_with_an_earlier_target() {
    let promise = one("breach.notify_controller = \"PT72H\"", "breach.notify_controller");
    let clock = (Event::BreachAware, Some("PT72H".to_owned()), false, Clock::Hours, false);
    assert_eq!(event(&promise), clock);
    assert_eq!(promise.title(Lang::En), "Tell the controller of a breach within 72 hours");
    assert_eq!(
        promise.title(Lang::Fr).replace('\u{a0}', " "),
        "Informer le responsable d'une violation sous 72 heures"
    );
    assert!(matches!(promise.kind, Kind::OnEvent { target: Some(target), .. } if target.period.to_string() == "PT12H"));
    assert_eq!(promise.owed_by, Role::Processor);
}

#[test]
fn a_duty_without_a_figure_takes_the_default_and_says_so() {
    let promise = one("requests.forward = \"vague\"", "requests.forward");
    let clock = (Event::RequestReceived, Some("P1D".to_owned()), true, Clock::Period, true);
    assert_eq!(event(&promise), clock);
    assert_eq!(promise.title(Lang::En), "Forward a person's request to the controller within 1 working day");
}

#[test]
fn a_duty_nobody_can_time_has_no_period_in_its_title() {
    let promise = one("end.certificate = true", "end.certificate");
    assert_eq!(event(&promise), (Event::ContractEnd, None, false, Clock::Period, false));
    assert_eq!(promise.title(Lang::En), "Certify the deletion in writing");
}

#[test]
fn notices_count_backwards_and_deletions_are_never_moved() {
    let notice = one("subprocessors.notice = \"P30D\"", "subprocessors.notice");
    assert_eq!(event(&notice).3, Clock::Backward);
    assert_eq!(notice.title(Lang::En), "Announce a change of sub-processor 30 days ahead");
    assert_eq!(event(&one("end.delete_within = \"P1M\"", "end.delete_within")).3, Clock::Retention);
}

#[test]
fn an_audit_is_announced_by_the_controller() {
    assert_eq!(one("audit.notice = \"P30D\"", "audit.notice").owed_by, Role::Controller);
}

#[test]
fn of_several_figures_our_duty_takes_the_earliest_and_the_others_right_the_latest() {
    let staged = |term: &str| {
        format!(
            "[{term}]\nstate = \"staged\"\nvalue = \"P15D\"\nothers = [{{ value = \"P5D\" }}, {{ value = \"P30D\" }}]"
        )
    };
    let period = |term: &str| event(&one(&staged(term), term)).1.unwrap();
    assert_eq!(period("end.return_within"), "P5D");
    assert_eq!(period("subprocessors.objection_window"), "P30D");
    assert_eq!(period("subprocessors.notice"), "P30D");
}

#[test]
fn what_is_refused_blank_elsewhere_or_silent_promises_nothing() {
    for terms in [
        "audit.allowed = false",
        "[audit.allowed]\nstate = \"negated\"",
        "[audit.allowed]\nstate = \"placeholder\"",
        "[audit.allowed]\nstate = \"by-reference\"",
        "[audit.allowed]\nstate = \"silent\"",
    ] {
        assert_eq!(promises(&parse(terms)), vec![], "{terms}");
    }
}

#[test]
fn the_calendar_brings_training_reviews_and_the_record_back() {
    let cases = [
        ("training.persons = true", "training.persons", "P1Y", "P13M"),
        ("security.article32 = true", "security.article32", "P1Y", "P13M"),
        ("records.article30_2 = true", "records.article30_2", "P1Y", "P13M"),
        ("confidentiality.persons = true", "confidentiality.persons/access", "P6M", "P12M"),
    ];
    for (terms, key, expected, limit) in cases {
        let Kind::Recurring { every, hard } = one(terms, key).kind else { panic!("{key} does not recur") };
        assert_eq!((every.to_string(), hard.to_string()), (expected.to_owned(), limit.to_owned()));
    }
}

#[test]
fn a_word_decides_what_is_promised() {
    assert_eq!(promises(&parse("own_purposes = \"allowed\"")), vec![]);
    let keys = |terms: &str| promises(&parse(terms)).into_iter().map(|promise| promise.key).collect::<Vec<_>>();
    assert_eq!(keys("own_purposes = \"forbidden\""), ["own_purposes"]);
    assert_eq!(keys("end.choice = \"controller\""), ["end.choice/controller"]);
}

#[test]
fn a_promise_keeps_the_clause_and_the_place_it_came_from() {
    let promise = one(
        "[breach.notify_controller]\nvalue = \"PT48H\"\nclause = \"III.8\"\nspan = [3, 9]\ntext = \"48 h\"",
        "breach.notify_controller",
    );
    assert_eq!((promise.clause.as_deref(), promise.span), (Some("III.8"), Some([3, 9])));
}

#[test]
fn every_event_is_found_by_its_word_and_named_in_both_languages() {
    for event in Event::ALL {
        assert_eq!(Event::from_word(event.word()), Some(event));
        assert_eq!(serde_json::to_value(event).unwrap(), event.word());
        assert_ne!(event.text(Lang::En), event.text(Lang::Fr));
    }
    assert_eq!(Event::from_word("nothing"), None);
}

#[test]
fn a_target_that_is_no_earlier_than_the_promise_is_left_out() {
    let targeted = |terms: &str, key: &str| matches!(one(terms, key).kind, Kind::OnEvent { target: Some(_), .. });
    assert!(targeted("breach.notify_controller = \"PT24H\"", "breach.notify_controller"));
    assert!(!targeted("breach.notify_controller = \"PT12H\"", "breach.notify_controller"));
    assert!(targeted("requests.forward = \"P1D working\"", "requests.forward"));
    assert!(!targeted("requests.forward = \"PT12H\"", "requests.forward"));
}
