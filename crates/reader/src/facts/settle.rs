//! What the rest of the text does to a term: a condition weakens it, another clause contradicts it.

use super::{
    Reader,
    hits::Hit,
    terms::{captured, confidence, first, occurrence, said, state_of},
};
use agreement::{
    names::{Shape, TermName},
    reading::{Occurrence, State, Term},
};
use serde_json::Value;

/// A hit later than this is too weak to contradict another.
const FIRM_RANK_MAX: u8 = 6;

/// A duty that the text only refuses.
pub(crate) fn refused(reader: &Reader<'_>, name: &TermName, hit: &Hit<'_>) -> Term {
    said(name, State::Negated, occurrence(reader, hit, Value::Null, None), Vec::new(), confidence(hit))
}

/// A firm term that another sentence refuses is in conflict; without a value, the refusal is the answer.
pub(crate) fn against(reader: &Reader<'_>, name: &TermName, mut term: Term, denied: &[&Hit<'_>]) -> Term {
    let Some(denial) = denied.first() else { return term };
    match term.state {
        State::Stated | State::Staged | State::Vague | State::Conditional => {
            if term.others.is_empty() {
                term.others.extend(first(&term));
            }
            let no = if name.shape == Shape::Flag { Value::Bool(false) } else { Value::Null };
            term.others.push(Occurrence { state: State::Negated, ..occurrence(reader, denial, no, None) });
            term.state = State::Conflicting;
            term
        }
        State::Conflicting => term,
        _ => refused(reader, name, denial),
    }
}

/// "Against payment", "only on written request": a condition where the law knows none.
pub(crate) fn on_condition(reader: &Reader<'_>, mut term: Term, found: &[&Hit<'_>]) -> Term {
    let topics = &reader.grammar.topics;
    let Some(topic) = topics.of(&term.name) else { return term };
    let Some(span) = term.span.filter(|_| matches!(term.state, State::Stated | State::Vague)) else { return term };
    let here = |hit: &&&Hit<'_>| reader.text.span(hit.range.clone()) == span;
    let Some(hit) = found.iter().find(here) else { return term };
    let unit = &reader.units[hit.unit];
    if unit.has(&topics.payment) || (topic.unasked && unit.has(&topics.asked)) {
        term.state = State::Conditional;
    }
    term
}

/// Terms whose values exclude each other wherever they stand.
const EXCLUSIVE: [&str; 6] = [
    "own_purposes",
    "subprocessors.authorisation",
    "requests.answer_by_processor",
    "audit.costs",
    "governing_law",
    "dated",
];

/// Two clauses that name different values of a term of which there can be one.
pub(crate) fn differing(reader: &Reader<'_>, name: &TermName, mut term: Term, all: &[&Hit<'_>]) -> Term {
    if term.state != State::Stated || !EXCLUSIVE.contains(&name.name) {
        return term;
    }
    let Some(span) = term.span else { return term };
    let Some(own) = all.iter().find(|hit| reader.text.span(hit.range.clone()) == span) else { return term };
    let value = |hit: &Hit<'_>| hit.rule.value.clone().map_or_else(|| captured(reader, name, hit), Value::String);
    let other = all.iter().find(|hit| {
        hit.rule.rank <= FIRM_RANK_MAX
            && state_of(hit) == State::Stated
            && reader.units[hit.unit].clause != reader.units[own.unit].clause
            && !excepted(reader, own)
            && !excepted(reader, hit)
            && comparable(reader, name, own, hit)
            && value(hit) != term.value
            && !value(hit).is_null()
    });
    if let Some(other) = other {
        term.others.extend(first(&term));
        term.others.push(occurrence(reader, other, value(other), None));
        term.state = State::Conflicting;
    }
    term
}

/// "Notwithstanding the foregoing": an exception that says so contradicts nothing.
fn excepted(reader: &Reader<'_>, hit: &Hit<'_>) -> bool {
    reader.grammar.words.in_sentence("exception", &reader.units[hit.unit])
}

/// Standard clauses bring a law of their own; "updated" and "effective" are two dates, not one.
fn comparable(reader: &Reader<'_>, name: &TermName, own: &Hit<'_>, other: &Hit<'_>) -> bool {
    let unit = |hit: &Hit<'_>| &reader.units[hit.unit];
    match name.name {
        "governing_law" => [own, other].into_iter().all(|hit| {
            let known = captured(reader, name, hit);
            let laws = reader.grammar.words.lists.get("laws").into_iter().flatten();
            let named = laws.into_iter().any(|(_, law)| known.as_str() == Some(law));
            named
                && !reader
                    .grammar
                    .words
                    .has("annexed_clauses", &format!("{} {}", unit(hit).head.text, unit(hit).text.text))
        }),
        "dated" => before_digits(&unit(own).text.text) == before_digits(&unit(other).text.text),
        // Both must name the matter: "may be used to provide the service" says nothing of own purposes.
        "own_purposes" | "subprocessors.authorisation" => {
            let topic = reader.grammar.topics.of(name.name);
            topic.is_some_and(|topic| [own, other].into_iter().all(|hit| unit(hit).has(&topic.cue)))
        }
        _ => true,
    }
}

fn before_digits(text: &str) -> &str {
    text[..text.find(|c: char| c.is_ascii_digit()).unwrap_or(0)].trim()
}

/// "None" beside a place or a tool of another clause contradicts it.
pub(crate) fn nowhere(mut term: Term, values: &[(String, Occurrence)]) -> Term {
    let none = values.iter().find(|(value, _)| value == "none");
    let some = values.iter().find(|(value, _)| value != "none" && value != "EU");
    if let (Some((_, none)), Some((_, some))) = (none, some)
        && none.span != some.span
    {
        term.others = vec![none.clone(), some.clone()];
        term.state = State::Conflicting;
    }
    term
}

/// Several counts: by case within a clause, a contradiction between clauses.
pub(crate) fn counts(mut term: Term, values: Vec<Occurrence>) -> Term {
    let mut distinct: Vec<Occurrence> = Vec::new();
    for value in values.into_iter().filter(|value| !value.value.is_null()) {
        if !distinct.iter().any(|known| known.value == value.value) {
            distinct.push(value);
        }
    }
    if distinct.len() > 1 && term.state == State::Stated {
        let staged = distinct.iter().all(|value| value.clause == distinct[0].clause);
        term.state = if staged { State::Staged } else { State::Conflicting };
        let first = distinct[0].clone();
        (term.value, term.text, term.span, term.clause) = (first.value, first.text, Some(first.span), first.clause);
        term.others = distinct;
    }
    term
}

/// As sure as readings of its state and rank have proved to be.
pub(crate) fn trusted(mut term: Term, rank: u8) -> Term {
    term.confidence = crate::trust::of(term.state, rank);
    term
}
