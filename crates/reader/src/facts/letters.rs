//! Letters `a` to `h` of Art. 28(3): full, weak or absent.

use super::{Reader, hits, hits::Hit};
use crate::grammar::Target;
use agreement::reading::{Coverage, CoverageState, Measure};
use std::collections::BTreeMap;

/// So many named measures make a security clause by themselves.
const MEASURES_MIN: usize = 5;

/// What the text says of each letter. A notice of a controller covers none.
pub(crate) fn letters(reader: &Reader<'_>, found: &[Hit<'_>], measures: &[Measure]) -> BTreeMap<String, Coverage> {
    let mut letters: BTreeMap<String, Coverage> = ('a'..='h')
        .filter(|letter| *letter != 'd')
        .map(|letter| (letter.to_string(), coverage(reader, found, letter)))
        .collect();
    letters.insert("d".to_owned(), subprocessing(reader, found));
    if let Some(security) = letters.get_mut("c").filter(|security| security.state != CoverageState::Full)
        && measures.len() >= MEASURES_MIN
    {
        security.state = CoverageState::Full;
        security.spans.extend(measures.iter().take(MEASURES_MIN).map(|measure| measure.span));
    }
    letters
}

/// Nothing is covered: the document is no agreement with a processor.
pub(crate) fn none() -> BTreeMap<String, Coverage> {
    ('a'..='h').map(|letter| (letter.to_string(), Coverage::default())).collect()
}

/// Letter d is full when the controller decides on each, or hears of changes and can object.
fn subprocessing(reader: &Reader<'_>, found: &[Hit<'_>]) -> Coverage {
    let hits_of = |target: Target| -> Vec<&Hit<'_>> { found.iter().filter(|hit| hit.rule.target == target).collect() };
    let authorised = hits_of(Target::Term("subprocessors.authorisation".to_owned()));
    let changes = hits_of(Target::Note("sub_change".to_owned()));
    let objections = hits_of(Target::Note("sub_object".to_owned()));
    let flow_down = hits_of(Target::Term("subprocessors.flow_down".to_owned()));
    let decided = authorised.iter().any(|hit| matches!(hit.rule.value.as_deref(), Some("specific" | "none-allowed")));
    let told = !changes.is_empty() && (!objections.is_empty() || !flow_down.is_empty());
    let state = match (authorised.is_empty(), told) {
        (true, false) => return Coverage::default(),
        _ if decided || !objections.is_empty() => CoverageState::Full,
        _ => CoverageState::Weak,
    };
    let mut spans: Vec<_> =
        authorised.iter().chain(&changes).chain(&objections).map(|hit| reader.text.span(hit.range.clone())).collect();
    spans.sort_unstable();
    spans.dedup();
    Coverage { state, spans }
}

/// Rules of rank 0 limit a letter to `weak`, or refuse it, whatever else is said.
fn coverage(reader: &Reader<'_>, found: &[Hit<'_>], letter: char) -> Coverage {
    let target = Target::Letter(letter);
    let hits: Vec<&Hit<'_>> = hits::of(found, &target).collect();
    let positive: Vec<&&Hit<'_>> = hits.iter().filter(|hit| hit.rule.value.as_deref() != Some("absent")).collect();
    if positive.is_empty() {
        return Coverage::default();
    }
    let capped = positive.iter().any(|hit| hit.rule.rank == 0);
    // Help against payment is help with a hedge.
    let paid = |hit: &Hit<'_>| reader.units[hit.unit].has(&reader.grammar.topics.payment);
    let full = positive.iter().any(|hit| hit.rule.value.as_deref() != Some("weak") && !paid(hit));
    let refused = hits.len() > positive.len();
    let state = if refused && !full {
        CoverageState::Absent
    } else if full && !capped && !refused {
        CoverageState::Full
    } else {
        CoverageState::Weak
    };
    let mut spans: Vec<_> = positive
        .iter()
        .filter(|hit| hit.rule.rank != 0 || !full)
        .flat_map(|hit| {
            let unit = &reader.units[hit.unit];
            // "At the controller's choice:" belongs to each item below it.
            let lead = reader.layout.blocks[unit.block].lead.map(|lead| reader.layout.blocks[lead].range.clone());
            let needed = !hit.rule.all.iter().all(|pattern| pattern.is_match(unit.own()));
            lead.filter(|_| needed).into_iter().chain([hit.range.clone()])
        })
        .map(|range| reader.text.span(range))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    Coverage { state, spans }
}
