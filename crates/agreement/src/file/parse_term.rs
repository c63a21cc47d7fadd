//! One term of the file: `notify_controller = "PT72H"`, or a table with its citation.

use super::fields::{Fields, Node, Problems, as_number, as_table, as_text, as_texts};
use super::{FileTerm, Other, Problem, STATES, Source, Value, problem::Wanted};
use crate::names::{Shape, TermName};
use crate::reading::State;
use toml::de::DeValue;

/// The keys of the long form.
pub(crate) const KEYS: [&str; 8] = ["value", "days", "state", "clause", "span", "text", "source", "others"];
/// The keys of one further reading.
pub(crate) const OTHER: [&str; 6] = ["value", "days", "state", "clause", "span", "text"];
/// A duty without a figure, in the short form.
pub(crate) const VAGUE: &str = "vague";
/// Appended to a period in days, in the short form.
pub(crate) const WORKING: &str = " working";

/// The term, unless it is silent or wrong.
pub(super) fn term(name: &TermName, node: &Node<'_>, problems: &mut Problems) -> Option<FileTerm> {
    match node.get_ref() {
        DeValue::Table(_) => long(name, node, problems),
        DeValue::String(text) if name.shape == Shape::Duration && text == VAGUE => Some(FileTerm::vague()),
        _ => short(name, node, problems),
    }
}

fn short(name: &TermName, node: &Node<'_>, problems: &mut Problems) -> Option<FileTerm> {
    let (value, working) = value(name.shape, name.name, node, problems)?;
    let mut term = FileTerm::stated(value);
    term.working = working;
    Some(term)
}

fn long(name: &TermName, node: &Node<'_>, problems: &mut Problems) -> Option<FileTerm> {
    let fields = as_table(node, name.name, &KEYS, problems)?;
    let (found, working) = read_value(name.shape, &fields, problems);
    let state = state(&fields, problems).unwrap_or(State::Stated);
    let clause = fields.text("clause", problems);
    let span = fields.span("span", problems);
    let text = fields.text("text", problems).unwrap_or_default();
    let cited = clause.is_some() || span.is_some() || !text.is_empty();
    let assumed = if cited { Source::Document } else { Source::Person };
    let source = fields.word("source", &Source::WORDS, problems).map_or(assumed, source_of);
    let others = fields.tables("others", &OTHER, problems);
    let others = others.iter().map(|fields| other(name.shape, fields, problems)).collect();
    if state == State::Silent {
        return None;
    }
    if state == State::Stated && found.is_none() {
        if fields.get("value").is_none() {
            problems.add(Problem::Missing { key: fields.dotted("value") }, Some(node.span()));
        }
        return None;
    }
    Some(FileTerm { state, value: found, working, clause, span, text, source, others })
}

fn state(fields: &Fields<'_, '_>, problems: &mut Problems) -> Option<State> {
    fields.word("state", &STATES.map(|(word, _)| word), problems).map(|at| STATES[at].1)
}

fn source_of(index: usize) -> Source {
    [Source::Document, Source::Default, Source::Person][index]
}

fn other(shape: Shape, fields: &Fields<'_, '_>, problems: &mut Problems) -> Other {
    let (value, working) = read_value(shape, fields, problems);
    Other {
        state: state(fields, problems).unwrap_or(Other::unsaid(value.as_ref())),
        value,
        working,
        text: fields.text("text", problems).unwrap_or_default(),
        span: fields.span("span", problems),
        clause: fields.text("clause", problems),
    }
}

fn read_value(shape: Shape, fields: &Fields<'_, '_>, problems: &mut Problems) -> (Option<Value>, bool) {
    let days = fields.word("days", &["working"], problems).is_some();
    let Some(node) = fields.get("value") else { return (None, days) };
    match value(shape, &fields.dotted("value"), node, problems) {
        Some((found, working)) => (Some(found), working || days),
        None => (None, days),
    }
}

/// The value and whether its days are working days; a problem when it does not fit.
fn value(shape: Shape, key: &str, node: &Node<'_>, problems: &mut Problems) -> Option<(Value, bool)> {
    let text = as_text(node);
    let plain = |value: Value| (value, false);
    let (read, wanted) = match shape {
        Shape::Flag => (as_flag(node).map(Value::Flag).map(plain), Wanted::Flag),
        Shape::Duration => (text.and_then(period), Wanted::Period),
        Shape::Word(allowed) => {
            let found = allowed.iter().find(|word| Some(**word) == text);
            if found.is_none() {
                let allowed = allowed.iter().map(|word| (*word).to_owned()).collect();
                problems.add(Problem::Word { key: key.to_owned(), allowed }, Some(node.span()));
            }
            return found.map(|word| plain(Value::Word((*word).to_owned())));
        }
        Shape::Number => {
            (as_number(node).and_then(|n| u32::try_from(n).ok()).map(Value::Number).map(plain), Wanted::Number)
        }
        Shape::Text => (text.map(|text| plain(Value::Text(text.to_owned()))), Wanted::Text),
        Shape::List => (as_texts(node).map(Value::List).map(plain), Wanted::List),
        Shape::Date => (as_date(node).map(Value::Date).map(plain), Wanted::Date),
    };
    if read.is_none() {
        problems.shape(key, wanted, node.span());
    }
    read
}

fn period(text: &str) -> Option<(Value, bool)> {
    let (text, working) = text.strip_suffix(WORKING).map_or((text, false), |rest| (rest, true));
    let period: kernel::Period = text.parse().ok()?;
    (!working || period.unit() == kernel::Unit::Days).then_some((Value::Period(period), working))
}

fn as_flag(node: &Node<'_>) -> Option<bool> {
    match node.get_ref() {
        DeValue::Boolean(flag) => Some(*flag),
        _ => None,
    }
}

fn as_date(node: &Node<'_>) -> Option<kernel::Date> {
    let text = match node.get_ref() {
        DeValue::Datetime(date) if date.time.is_none() => date.to_string(),
        DeValue::String(text) if text.len() == 10 => text.to_string(),
        _ => return None,
    };
    text.parse().ok().filter(|date: &kernel::Date| date.year() > 0)
}
