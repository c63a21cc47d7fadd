//! Every term in every state it can have, in both languages: a sentence or two each, and what they say.

use agreement::{
    names::{Shape, TERMS, TermName},
    reading::State,
};
use kernel::Lang;
use serde_json::Value;
use std::collections::BTreeSet;

const EN: &str = include_str!("phrasings/states-en.txt");
const FR: &str = include_str!("phrasings/states-fr.txt");
const EN_PARTIES: &str = "Data Processing Agreement between Acme Ltd (\"Vendor\") and Widget Ltd (\"Customer\").";
const FR_PARTIES: &str =
    "Accord de traitement des données entre Acme SARL (« le Prestataire ») et Dupont SA (« le Client »).";
const STATES: [&str; 9] =
    ["stated", "vague", "conditional", "staged", "conflicting", "by-reference", "placeholder", "negated", "silent"];

/// A row: term, state, value, sentences (`//` opens another clause).
fn rows(table: &str) -> impl Iterator<Item = [&str; 4]> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let cells: Vec<&str> = line.splitn(4, '|').map(str::trim).collect();
        cells.try_into().unwrap_or_else(|_| panic!("four cells: {line}"))
    })
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

fn problem([name, state, value, sentences]: [&str; 4], parties: &str) -> Option<String> {
    let mut text = parties.to_owned();
    for (index, clause) in sentences.split("//").enumerate() {
        text.push_str(&format!("\n\n{}. Terms\n\n{}", index + 1, clause.trim()));
    }
    let reading = reader::read(text.as_bytes(), "a.txt", Lang::En).expect("a sentence can be read");
    let term = reading.term(name).expect("a table names terms of the vocabulary");
    let found = serde_json::to_value(term.state).unwrap_or_default();
    // Of words as written, the table may leave the value out.
    let same = shown(&term.value) == value || (value.is_empty() && name == "duration");
    let several = ["staged", "conflicting"].contains(&state);
    let right = found == state && same && (several == (term.others.len() > 1) || name == "transfers.allowed_to");
    (!right).then(|| {
        format!(
            "{name} | {state} | {value} | {sentences}\n    found {found} {} {:?}, {} others",
            shown(&term.value),
            term.text,
            term.others.len()
        )
    })
}

fn problems(table: &str, parties: &str) -> Vec<String> {
    rows(table).filter_map(|row| problem(row, parties)).collect()
}

#[test]
fn english_terms_are_read_in_every_state() {
    let problems = problems(EN, EN_PARTIES);
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn french_terms_are_read_in_every_state() {
    let problems = problems(FR, FR_PARTIES);
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

/// Why a term cannot be in a state; `None` when it can.
fn senseless(term: &TermName, state: &str) -> Option<&'static str> {
    match (term.shape, state) {
        (_, "stated" | "by-reference" | "placeholder" | "silent") => None,
        (Shape::Duration, _) => None,
        (Shape::Number, "vague") => Some("a count stands there or it does not: reasonable intervals are no count"),
        (Shape::Number, _) => None,
        (Shape::Flag, "vague") => Some("a promise has no figure that could be missing"),
        (Shape::Flag, "staged") => Some("a promise has no degrees"),
        (Shape::Flag, _) => None,
        (_, "vague") => Some("words are a value however loose they are; only a figure can be missing"),
        (_, "staged") => Some("several words by case are words as written"),
        (Shape::Word(_), "negated") if term.name == "end.choice" => None,
        (Shape::Word(_), "negated") => Some("its refusal is a value of its own: forbidden, none-allowed"),
        (Shape::Text, "negated") if term.name == "subprocessors.on_objection" => None,
        (Shape::List, "negated") => Some("its refusal is the value `none`"),
        (_, "negated") => Some("a fact about the agreement, not a duty that could be refused"),
        (Shape::Word(_), "conditional") if ["own_purposes", "end.choice"].contains(&term.name) => None,
        (Shape::Word(_), "conditional") => Some("its condition is a value of its own: specific, forbidden"),
        (Shape::List, "conditional") => Some("the conditions of a transfer are its values: adequate, article46"),
        (_, "conditional") => Some("a fact about the agreement, not a duty that could depend on something"),
        (Shape::Word(_) | Shape::List | Shape::Date, "conflicting") => None,
        (Shape::Text, "conflicting") if ["audit.costs", "governing_law"].contains(&term.name) => None,
        (_, "conflicting") => Some("several may hold side by side: two channels, two auditors, two authorities"),
        _ => None,
    }
}

#[test]
fn no_state_of_a_term_is_left_untried() {
    for (language, table) in [("en", EN), ("fr", FR)] {
        let tried: BTreeSet<(&str, &str)> = rows(table).map(|[name, state, ..]| (name, state)).collect();
        let missing: Vec<String> = TERMS
            .iter()
            .flat_map(|term| STATES.iter().map(move |state| (term, *state)))
            .filter(|(term, state)| senseless(term, state).is_none() && !tried.contains(&(term.name, *state)))
            .map(|(term, state)| format!("{} {state}", term.name))
            .collect();
        assert!(missing.is_empty(), "{language}: no sentence for {missing:?}");
        let senseless: Vec<_> = TERMS
            .iter()
            .flat_map(|term| STATES.iter().map(move |state| (term, *state)))
            .filter(|(term, state)| senseless(term, state).is_some() && tried.contains(&(term.name, *state)))
            .collect();
        assert!(senseless.is_empty(), "{language}: tried though senseless: {senseless:?}");
    }
}

/// Whoever settles a contradiction chooses among its sides: each says how firmly it speaks.
#[test]
fn each_side_of_a_contradiction_has_its_state() {
    let sides = |sentences: &str| {
        let text = format!("{EN_PARTIES}\n\n1. Terms\n\n{}", sentences.replace(" // ", "\n\n2. More\n\n"));
        let reading = reader::read(text.as_bytes(), "a.txt", Lang::En).expect("sentences can be read");
        let term = reading.term("breach.notify_controller").expect("a term of the vocabulary");
        let sides = term.others.iter().map(|side| (side.state, shown(&side.value)));
        sides.collect::<Vec<_>>()
    };
    let refusal = "The Vendor is not obliged to notify the Customer of a personal data breach.";
    for (duty, state, value) in [
        ("The Vendor shall notify the Customer of a personal data breach within 48 hours.", State::Stated, "PT48H"),
        ("The Vendor shall notify the Customer of a personal data breach without undue delay.", State::Vague, ""),
    ] {
        let expected = vec![(state, value.to_owned()), (State::Negated, String::new())];
        assert_eq!(sides(&format!("{duty} // {refusal}")), expected);
        assert_eq!(sides(&format!("{refusal} // {duty}")), expected);
    }
}
