//! Applies the grammar: which rules hold of which sentences.

use super::Reader;
use crate::{
    figures::Figure,
    grammar::{Rule, Target},
    pattern::Pattern,
    slots::{self, Claimed, Slot},
    units::{Scope, Unit},
};
use std::ops::Range;

/// A rule that holds of a sentence.
#[derive(Clone, Debug)]
pub(crate) struct Hit<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) unit: usize,
    pub(crate) figure: Option<Figure>,
    /// The words in the extracted text.
    pub(crate) range: Range<usize>,
}

/// All hits, in the order of the text.
pub(crate) fn all<'a>(reader: &Reader<'a>, claimed: &[Claimed<'_>]) -> Vec<Hit<'a>> {
    let mut written = by_rules(reader, claimed).into_iter().peekable();
    let mut found = Vec::new();
    for (index, unit) in reader.units.iter().enumerate() {
        let from = found.len();
        while let Some(hit) = written.next_if(|hit| hit.unit == index) {
            found.push(hit);
        }
        super::states::add(reader, index, unit, from, &mut found);
    }
    let notes: std::collections::BTreeSet<String> = found
        .iter()
        .filter_map(|hit| match &hit.rule.target {
            Target::Note(note) => Some(note.clone()),
            _ => None,
        })
        .collect();
    found.retain(|hit| hit.rule.needs.as_ref().is_none_or(|need| notes.contains(need)));
    found
}

/// So many sentences are near at hand together.
const NEAR_UNITS: usize = 4_096;

/// What the written rules find, in the order of the text. Rule after rule and not sentence after sentence: the
/// automaton of a pattern is used while it is near.
fn by_rules<'a>(reader: &Reader<'a>, claimed: &[Claimed<'_>]) -> Vec<Hit<'a>> {
    let grammar = reader.grammar;
    let mut worth: Vec<Vec<usize>> = vec![Vec::new(); grammar.rules.len()];
    let read = |unit: &Unit| unit.scope != Scope::Controller && !is_unticked(reader.text.as_str(), unit);
    let mut found = Vec::new();
    for (part, units) in reader.units.chunks(NEAR_UNITS).enumerate() {
        for (index, unit) in (part * NEAR_UNITS..).zip(units).filter(|(_, unit)| read(unit)) {
            for rule in unit.worth(grammar) {
                worth[rule].push(index);
            }
        }
        for (rule, units) in grammar.rules.iter().zip(&mut worth) {
            for index in units.drain(..) {
                hits(rule, index, &reader.units[index], &claimed[index], &mut found);
            }
        }
    }
    // The sort is stable: within a sentence the rules keep their order.
    found.sort_by_key(|hit| hit.unit);
    found
}

/// "[ ] Help with requests": a box that nobody has ticked promises nothing.
fn is_unticked(text: &str, unit: &Unit) -> bool {
    let words = text.get(unit.range.clone()).unwrap_or_default();
    ["[ ]", "[]", "☐", "□", "❏", "❑"].iter().any(|empty| words.starts_with(empty))
}

/// Hits for one target.
pub(crate) fn of<'h, 'a>(hits: &'h [Hit<'a>], target: &'h Target) -> impl Iterator<Item = &'h Hit<'a>> {
    hits.iter().filter(move |hit| hit.rule.target == *target)
}

fn hits<'a>(rule: &'a Rule, index: usize, unit: &Unit, claimed: &[(usize, &Slot)], found: &mut Vec<Hit<'a>>) {
    let Some(take) = &rule.take else {
        if holds(rule, unit) {
            found.extend(quoted(rule, unit).map(|range| Hit { rule, unit: index, figure: None, range }));
        }
        return;
    };
    // A figure of the lead-in counts for each item that has none of its own.
    let figures = if unit.figures.is_empty() { &unit.lead_figures } else { &unit.figures };
    let free = |(place, figure): &&(usize, Figure)| {
        take.contains(kind(figure)) && slots::is_free(claimed, *place, &rule.target)
    };
    // Most sentences have no such figure: that is seen before any word is looked for.
    let mut free = figures.iter().filter(free).peekable();
    if free.peek().is_none() || !holds(rule, unit) {
        return;
    }
    for (place, figure) in free.filter(|(place, _)| fits(rule, unit, *place)) {
        found.push(Hit { rule, unit: index, figure: Some(figure.clone()), range: around(unit, *place) });
    }
}

fn kind(figure: &Figure) -> char {
    if matches!(figure, Figure::Blank(_)) { '_' } else { figure.token() }
}

fn holds(rule: &Rule, unit: &Unit) -> bool {
    unit.scope != Scope::Controller
        && rule.all.iter().all(|pattern| unit.has(pattern))
        && (unit.own == 0
            || (rule.take.is_some() && !unit.figures.is_empty())
            || rule.all.iter().any(|pattern| unit.places(pattern).any(|hit| hit.end() > unit.own)))
        && !rule.not.iter().any(|pattern| unit.has(pattern))
        && rule.head.as_ref().is_none_or(|pattern| unit.is_below(pattern))
        && !rule.head_not.as_ref().is_some_and(|pattern| unit.is_below(pattern))
}

fn fits(rule: &Rule, unit: &Unit, place: usize) -> bool {
    let (before, after) = (&unit.text.text[..place], &unit.text.text[place + 1..]);
    let is = |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_some_and(|pattern| pattern.is_match(text));
    let wanted = |pattern: &Option<Pattern>, text: &str| pattern.is_none() || is(pattern, text);
    let from = before.rfind('#').unwrap_or(0);
    // Verbs of the sentence itself say more than those of its lead-in.
    let own = latest(&before[from.max(unit.own.min(place))..]);
    let spoken = is(&rule.near, own) || is(&rule.other, own);
    let segment = if spoken { own } else { latest(&before[from..]) };
    // What was said before "then" is another promise's.
    let nearby = if spoken && rule.near.is_some() { own } else { before };
    wanted(&rule.before, before)
        && wanted(&rule.after, after)
        && !is(&rule.before_not, nearby)
        && !is(&rule.after_not, after)
        && (is(&rule.near, segment) || (!is(&rule.other, segment) && !belongs_after(rule, after)))
}

/// "… is returned, then erased within 90 days": the figure belongs to what comes last.
fn latest(segment: &str) -> &str {
    const THEN: [&str; 8] = [
        " then ",
        " thereafter ",
        " after which ",
        " followed by ",
        " puis ",
        " ensuite ",
        " apres quoi ",
        " avant d'etre ",
    ];
    THEN.iter().filter_map(|word| segment.rfind(word)).max().map_or(segment, |at| &segment[at..])
}

/// "… and, within three months, destroys it": the first verb after the figure is another promise's.
fn belongs_after(rule: &Rule, after: &str) -> bool {
    let segment = &after[..after.find(['#', ';']).unwrap_or(after.len())];
    let has = |pattern: &Option<Pattern>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(segment));
    has(&rule.other) && !has(&rule.near)
}

/// The words to quote: group 1 of `mark`, else the sentence. A mark that is not found is no hit.
fn quoted(rule: &Rule, unit: &Unit) -> Option<Range<usize>> {
    let Some(mark) = &rule.mark else { return Some(unit.range.clone()) };
    let hit = mark.group(unit.own())?;
    Some(unit.text.origin(unit.own + hit.start..unit.own + hit.end))
}

/// How many bytes of folded text are quoted around a figure at most.
const AROUND_MAX: usize = 110;

/// A figure with the words around it, between commas.
pub(crate) fn around(unit: &Unit, place: usize) -> Range<usize> {
    let text = &unit.text.text;
    let (own, end) = if place < unit.own { (0, unit.own) } else { (unit.own, text.len()) };
    let from = place.saturating_sub(AROUND_MAX).max(own);
    let to = (place + AROUND_MAX).min(end);
    let cut = |c: char| matches!(c, ',' | ';' | ':');
    let start = text[from..place].rfind(cut).map_or_else(|| word_start(text, from, own), |at| from + at + 1);
    let end =
        text[place..to].find(cut).map_or_else(|| if to == end { end } else { word_end(text, to) }, |at| place + at);
    let start = start + text[start..].len() - text[start..].trim_start().len();
    let end = start + text[start..end].trim_end().len();
    unit.text.origin(start..end)
}

fn word_start(text: &str, from: usize, own: usize) -> usize {
    if from <= own { own } else { text[from..].find(' ').map_or(from, |at| from + at + 1) }
}

fn word_end(text: &str, to: usize) -> usize {
    if to == text.len() { to } else { text[..to].rfind(' ').unwrap_or(to) }
}
