//! The terms of the vocabulary: which value, how firmly, where else.

use super::{Reader, hits, hits::Hit, settle};
use crate::{figures::Figure, grammar::Target, topics::LABELLED};
use agreement::{
    names::{Shape, TERMS, TermName},
    reading::{Occurrence, State, Term},
};
use kernel::Period;
use serde_json::Value;

/// Every term of the vocabulary, in its order.
pub(crate) fn terms(reader: &Reader<'_>, hits: &[Hit<'_>]) -> Vec<Term> {
    let mut terms: Vec<Term> = TERMS.iter().map(|name| term(reader, hits, name)).collect();
    window_of_notice(&mut terms);
    terms
}

/// "May object within that period": the notice is the window.
fn window_of_notice(terms: &mut [Term]) {
    let find = |terms: &[Term], name: &str| terms.iter().position(|term| term.name == name);
    let notice = find(terms, "subprocessors.notice");
    let window = find(terms, "subprocessors.objection_window");
    let (Some(notice), Some(window)) = (notice, window) else { return };
    if terms[window].value != "@notice" {
        return;
    }
    if terms[notice].value.is_null() {
        terms[window] = Term::silent("subprocessors.objection_window");
    } else {
        terms[window].value = terms[notice].value.clone();
        terms[window].days = terms[notice].days.clone();
        terms[window].state = terms[notice].state;
    }
}

/// What a controller's notice can say: whom to complain to, which law, which date. No processor's duty.
pub(crate) fn notice(reader: &Reader<'_>, hits: &[Hit<'_>]) -> Vec<Term> {
    let kept = ["supervisory_authority", "governing_law", "dated"];
    TERMS
        .iter()
        .map(|name| if kept.contains(&name.name) { term(reader, hits, name) } else { Term::silent(name.name) })
        .collect()
}

fn term(reader: &Reader<'_>, hits: &[Hit<'_>], name: &TermName) -> Term {
    let target = Target::Term(name.name.to_owned());
    let (later, all): (Vec<&Hit<'_>>, Vec<&Hit<'_>>) = hits::of(hits, &target).partition(|hit| is_later(hit));
    let (denied, all): (Vec<&Hit<'_>>, Vec<&Hit<'_>>) =
        all.into_iter().partition(|hit| state_of(hit) == State::Negated);
    let all = without_stages(all, &later);
    let Some(best) = all.iter().map(|hit| hit.rule.rank).min() else {
        let refused = |hit: &&Hit<'_>| settle::trusted(settle::refused(reader, name, hit), hit.rule.rank);
        return denied.first().map_or_else(|| settle::trusted(Term::silent(name.name), 0), refused);
    };
    let found: Vec<&Hit<'_>> = all.iter().copied().filter(|hit| hit.rule.rank == best).collect();
    if let Some(hit) = found.iter().find(|hit| hit.rule.value.as_deref() == Some(LABELLED)) {
        let said_here = occurrence(reader, hit, Value::Null, None);
        return settle::trusted(said(name, state_of(hit), said_here, Vec::new(), confidence(hit)), best);
    }
    let term = match name.shape {
        Shape::Duration => in_stages(reader, duration(reader, name, &found), &later),
        Shape::Number => number(reader, name, &found, &all),
        Shape::List => list(reader, name, &found, &all),
        Shape::Flag => flag(reader, name, &found),
        Shape::Word(_) | Shape::Text | Shape::Date => word(reader, name, &found),
    };
    let term = settle::on_condition(reader, term, &found);
    let term = settle::differing(reader, name, term, &all);
    settle::trusted(settle::against(reader, name, term, &denied), best)
}

pub(crate) fn occurrence(reader: &Reader<'_>, hit: &Hit<'_>, value: Value, days: Option<String>) -> Occurrence {
    let unit = &reader.units[hit.unit];
    let state = match (state_of(hit), &value) {
        (State::Stated, Value::Null) => State::Vague,
        (state, _) => state,
    };
    Occurrence {
        state,
        value,
        days,
        text: reader.text.quote(hit.range.clone()),
        span: reader.text.span(hit.range.clone()),
        clause: reader.path(unit.clause),
    }
}

pub(crate) fn said(name: &TermName, state: State, first: Occurrence, others: Vec<Occurrence>, confidence: f64) -> Term {
    Term {
        name: name.name.to_owned(),
        state,
        value: first.value,
        days: first.days,
        text: first.text,
        span: Some(first.span),
        clause: first.clause,
        confidence,
        others,
    }
}

pub(crate) fn confidence(hit: &Hit<'_>) -> f64 {
    match hit.rule.rank {
        0..=4 => 0.95,
        5 => 0.9,
        6..=7 => 0.75,
        _ => 0.6,
    }
}

pub(crate) fn state_of(hit: &Hit<'_>) -> State {
    match hit.rule.state.as_deref() {
        Some("negated") => State::Negated,
        Some("conditional") => State::Conditional,
        Some("vague") => State::Vague,
        Some("by-reference") => State::ByReference,
        Some("placeholder") => State::Placeholder,
        _ => State::Stated,
    }
}

/// A promise: said, said under a condition, or refused.
fn flag(reader: &Reader<'_>, name: &TermName, found: &[&Hit<'_>]) -> Term {
    let conditional = |hit: &Hit<'_>| reader.grammar.words.in_sentence("condition", &reader.units[hit.unit]);
    let said_of = |hit: &Hit<'_>| match state_of(hit) {
        State::Stated if conditional(hit) => State::Conditional,
        state => state,
    };
    let hit = found.iter().find(|hit| said_of(hit) == State::Stated).unwrap_or(&found[0]);
    let state = said_of(hit);
    let open = matches!(state, State::ByReference | State::Placeholder);
    let value = if open { Value::Null } else { Value::Bool(true) };
    said(name, state, occurrence(reader, hit, value, None), Vec::new(), confidence(hit))
}

/// A word of a closed list, or words as written: the first of each value.
fn word(reader: &Reader<'_>, name: &TermName, found: &[&Hit<'_>]) -> Term {
    let value_of = |hit: &Hit<'_>| hit.rule.value.clone().map_or_else(|| captured(reader, name, hit), Value::String);
    let first = found[0];
    let value = value_of(first);
    let closed = matches!(name.shape, Shape::Word(_));
    let other = found.iter().find(|hit| closed && value_of(hit) != value);
    let state = if other.is_some() { State::Conflicting } else { state_of(first) };
    let others = other.map_or(Vec::new(), |other| {
        vec![occurrence(reader, first, value.clone(), None), occurrence(reader, other, value_of(other), None)]
    });
    let open = matches!(state, State::Placeholder | State::ByReference | State::Conditional | State::Vague);
    let value = if open && first.rule.value.is_none() { Value::Null } else { value };
    said(name, state, occurrence(reader, first, value, None), others, confidence(first))
}

/// The quoted words are the value; a date becomes ISO 8601.
pub(crate) fn captured(reader: &Reader<'_>, name: &TermName, hit: &Hit<'_>) -> Value {
    let words = reader.text.as_str()[hit.range.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
    if name.shape == Shape::Date {
        return crate::dates::iso(&words, &reader.grammar.words).map_or(Value::Null, Value::String);
    }
    if name.name == "governing_law" {
        let plain = crate::fold::folded(&words);
        let laws = reader.grammar.words.lists.get("laws").into_iter().flatten();
        let known = laws.into_iter().find(|(pattern, _)| pattern.is_match(&plain)).map(|(_, law)| law.clone());
        return Value::String(known.unwrap_or(words));
    }
    Value::String(words)
}

fn number(reader: &Reader<'_>, name: &TermName, found: &[&Hit<'_>], all: &[&Hit<'_>]) -> Term {
    let hit = found[0];
    let counted = |hit: &Hit<'_>| occurrence(reader, hit, count(reader, hit).map_or(Value::Null, Value::from), None);
    let term = said(name, state_of(hit), counted(hit), Vec::new(), confidence(hit));
    // Two rules may read one sentence; the stronger one counts.
    let stronger = |hit: &&&Hit<'_>| !all.iter().any(|other| other.unit == hit.unit && other.rule.rank < hit.rule.rank);
    settle::counts(term, all.iter().filter(stronger).map(|hit| counted(hit)).collect())
}

/// The count a rule names, or the first word of what it quotes.
fn count(reader: &Reader<'_>, hit: &Hit<'_>) -> Option<u64> {
    if state_of(hit) != State::Stated {
        return None;
    }
    let written = hit.rule.value.as_deref().and_then(|value| value.parse::<u64>().ok());
    written.or_else(|| {
        let words = crate::fold::folded(&reader.text.as_str()[hit.range.clone()]);
        let first = words.split(' ').next().unwrap_or_default().to_owned();
        first.parse().ok().or_else(|| reader.grammar.words.number(&first).map(u64::from))
    })
}

fn list(reader: &Reader<'_>, name: &TermName, found: &[&Hit<'_>], all: &[&Hit<'_>]) -> Term {
    let mut values: Vec<String> = Vec::new();
    let named: Vec<&Hit<'_>> = found.iter().copied().filter(|hit| !places(reader, hit).is_empty()).collect();
    for hit in &named {
        for value in places(reader, hit) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    if values.is_empty() {
        let (hit, state) = (found[0], state_of(found[0]));
        let open = matches!(state, State::ByReference | State::Placeholder);
        let said_here = || said(name, state, occurrence(reader, hit, Value::Null, None), Vec::new(), confidence(hit));
        return if open { said_here() } else { Term::silent(name.name) };
    }
    let value = Value::from(values);
    let others =
        named.iter().skip(1).map(|hit| occurrence(reader, hit, Value::from(places(reader, hit)), None)).collect();
    // "None" of a table's row speaks of that row: only of personal data as such does it contradict the rest.
    let whole =
        |hit: &&&Hit<'_>| hit.rule.value.as_deref() != Some("none") || reader.units[hit.unit].text.text.contains('X');
    let one = |hit: &Hit<'_>, place: String| (place.clone(), occurrence(reader, hit, Value::from(vec![place]), None));
    let each: Vec<(String, Occurrence)> =
        all.iter().filter(whole).flat_map(|hit| places(reader, hit).into_iter().map(|place| one(hit, place))).collect();
    settle::nowhere(
        said(name, State::Stated, occurrence(reader, named[0], value, None), others, confidence(named[0])),
        &each,
    )
}

/// A figure that is a later stage is no first one, too; where there is no other, it stays.
fn without_stages<'h, 'a>(all: Vec<&'h Hit<'a>>, later: &[&Hit<'_>]) -> Vec<&'h Hit<'a>> {
    let staged = |hit: &&Hit<'_>| {
        let same = |other: &&Hit<'_>| (other.unit, &other.figure, &other.range) == (hit.unit, &hit.figure, &hit.range);
        hit.figure.is_some() && later.iter().any(same)
    };
    let (stages, first): (Vec<_>, Vec<_>) = all.iter().copied().partition(staged);
    let other = first.iter().any(|hit| matches!(hit.figure, Some(Figure::Exact(..))));
    if stages.is_empty() || !other { all } else { first }
}

/// A later stage: "a full report follows within 72 hours".
fn is_later(hit: &Hit<'_>) -> bool {
    hit.rule.state.as_deref() == Some("staged")
}

/// Adds the later stages said near a term; its own value stays the first.
fn in_stages(reader: &Reader<'_>, mut term: Term, later: &[&Hit<'_>]) -> Term {
    if !matches!(term.state, State::Stated | State::Staged | State::Vague) {
        return term;
    }
    let clause = |hit: &Hit<'_>| reader.path(reader.units[hit.unit].clause);
    let stages: Vec<Occurrence> = later
        .iter()
        .filter(|hit| clause(hit) == term.clause)
        .filter_map(|hit| match &hit.figure {
            Some(Figure::Exact(period, working)) => {
                let days = working.then(|| "working".to_owned());
                Some(occurrence(reader, hit, Value::String(period.to_string()), days))
            }
            _ => None,
        })
        .filter(|stage| (&stage.value, &stage.days) != (&term.value, &term.days))
        .collect();
    if !stages.is_empty() {
        if term.others.is_empty() {
            term.others.extend(first(&term));
        }
        term.others.extend(stages);
        term.state = State::Staged;
    }
    term
}

/// What a term says, as one occurrence among others: one of several values is said like any other.
pub(crate) fn first(term: &Term) -> Option<Occurrence> {
    Some(Occurrence {
        state: if term.state == State::Staged { State::Stated } else { term.state },
        value: term.value.clone(),
        days: term.days.clone(),
        text: term.text.clone(),
        span: term.span?,
        clause: term.clause.clone(),
    })
}

/// The places a rule names: its own value, or the countries in the words it quotes.
fn places(reader: &Reader<'_>, hit: &Hit<'_>) -> Vec<String> {
    match hit.rule.value.as_deref() {
        Some("@country") => {
            let words = crate::fold::folded(&reader.text.as_str()[hit.range.clone()]);
            let countries = reader.grammar.words.lists.get("countries").into_iter().flatten();
            countries.filter(|(pattern, _)| pattern.is_match(&words)).map(|(_, code)| code.clone()).collect()
        }
        Some(value) => vec![value.to_owned()],
        None => Vec::new(),
    }
}

fn duration(reader: &Reader<'_>, name: &TermName, found: &[&Hit<'_>]) -> Term {
    let exact: Vec<(&Hit<'_>, Period, bool)> = found
        .iter()
        .filter_map(|hit| match hit.figure {
            Some(Figure::Exact(period, working)) => Some((*hit, period, working)),
            _ => None,
        })
        .collect();
    if !exact.is_empty() {
        return periods(reader, name, &exact);
    }
    let blank = found.iter().find(|hit| matches!(hit.figure, Some(Figure::Blank(_))));
    if let Some((hit, Some(Figure::Blank(proposed)))) = blank.map(|hit| (hit, &hit.figure)) {
        let value = proposed.map_or(Value::Null, |(period, _)| Value::String(period.to_string()));
        let days = proposed.filter(|(_, working)| *working).map(|_| "working".to_owned());
        let said_here = occurrence(reader, hit, value, days);
        return said(name, State::Placeholder, said_here, Vec::new(), confidence(hit));
    }
    let by = |wanted: &Figure| found.iter().find(|hit| hit.figure.as_ref() == Some(wanted));
    for (figure, state) in [(Figure::Vague, State::Vague), (Figure::Elsewhere, State::ByReference)] {
        if let Some(hit) = by(&figure) {
            return said(name, state, occurrence(reader, hit, Value::Null, None), Vec::new(), confidence(hit));
        }
    }
    let hit = found[0];
    let value = hit.rule.value.clone().map_or(Value::Null, Value::from);
    said(name, state_of(hit), occurrence(reader, hit, value, None), Vec::new(), confidence(hit))
}

/// One figure is stated, several by case are staged, several without are in conflict.
fn periods(reader: &Reader<'_>, name: &TermName, exact: &[(&Hit<'_>, Period, bool)]) -> Term {
    let mut distinct: Vec<&(&Hit<'_>, Period, bool)> = Vec::new();
    for entry in exact {
        if !distinct.iter().any(|known| (known.1, known.2) == (entry.1, entry.2)) {
            distinct.push(entry);
        }
    }
    let length = |entry: &&(&Hit<'_>, Period, bool)| entry.1.approx_hours();
    let longest = name.name.starts_with("breach") || name.name.starts_with("end.");
    let chosen = if longest {
        distinct.iter().max_by_key(|entry| length(entry))
    } else {
        distinct.iter().min_by_key(|entry| length(entry))
    };
    let chosen: &(&Hit<'_>, Period, bool) = chosen.copied().unwrap_or(&exact[0]);
    let staged = distinct.iter().all(|entry| reader.units[entry.0.unit].clause == reader.units[chosen.0.unit].clause);
    let state = match distinct.len() {
        1 => state_of(chosen.0),
        _ if staged => State::Staged,
        _ => State::Conflicting,
    };
    let read = |entry: &(&Hit<'_>, Period, bool)| {
        let days = entry.2.then(|| "working".to_owned());
        occurrence(reader, entry.0, Value::String(entry.1.to_string()), days)
    };
    let others = if distinct.len() > 1 { distinct.iter().map(|entry| read(entry)).collect() } else { Vec::new() };
    said(name, state, read(chosen), others, confidence(chosen.0))
}
