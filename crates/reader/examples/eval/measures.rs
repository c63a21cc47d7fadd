//! Precision and recall of a reading against known facts, and the floors they must keep.
//!
//! A fact counts as found only when its value is right *and* its span stands at the words that say it.

use crate::facts;
use agreement::reading::{CoverageState, Reading, State};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// What is measured apart, with the least precision and recall allowed.
pub(crate) const MEASURES: &[(&str, f64, f64)] = &[
    ("durations and counts", 0.98, 0.96),
    ("rights", 0.99, 0.97),
    ("sub-processor names", 0.97, 0.95),
    ("missing letters", 0.93, 0.93),
    ("kinds", 1.0, 1.0),
    ("roles", 1.0, 1.0),
];

/// Found rightly, found wrongly, not found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) hit: usize,
    pub(crate) extra: usize,
    pub(crate) missed: usize,
}

/// Counts by measure, and facts that cite nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<&'static str, Count>,
    uncited: usize,
}

impl Tally {
    /// Adds one document.
    pub(crate) fn add(&mut self, facts: &Value, reading: &Reading, text: &str) {
        self.uncited += uncited(reading);
        let kind = facts::kind(facts, reading);
        self.scalar("kinds", true, true, kind.3);
        for role in facts::roles(facts, reading) {
            self.scalar("roles", !role.1.is_empty(), !role.2.is_empty(), role.3);
        }
        for (line, cited) in facts::durations(facts, reading).into_iter().zip(facts::cited(facts, reading, text)) {
            if line.0 == "subprocessor_authorisation" {
                continue;
            }
            let said = |value: &str| value != "null" && !value.is_empty();
            self.scalar("durations and counts", said(&line.1), said(&line.2), line.3 && cited);
        }
        self.set(
            "sub-processor names",
            &facts::expected_names(facts, reading),
            &facts::found_names(reading),
            &BTreeSet::new(),
        );
        let extra = facts::list(&facts["accept_rights_extra"]);
        let found = reading.rights.iter().map(|right| right.right.clone()).collect();
        let rights = facts::accepted(facts, "rights").find(|names| *names == found);
        self.set("rights", &rights.unwrap_or_else(|| facts::list(&facts["rights"])), &found, &extra);
        let arguable =
            ('a'..='h').map(String::from).filter(|letter| facts["accept_art28"][letter].is_array()).collect();
        let wanted = missing(facts).difference(&arguable).cloned().collect();
        self.set("missing letters", &wanted, &unread(reading), &arguable);
    }

    fn scalar(&mut self, measure: &'static str, expected: bool, found: bool, right: bool) {
        let count = self.counts.entry(measure).or_default();
        match (expected, found, right) {
            // Another answer that the facts accept: neither a hit nor a miss when both are silent.
            (false, false, _) | (true, false, true) | (false, true, true) => {}
            (true, true, true) => count.hit += 1,
            (true, true, false) => {
                count.extra += 1;
                count.missed += 1;
            }
            (true, false, false) => count.missed += 1,
            (false, true, false) => count.extra += 1,
        }
    }

    fn set(
        &mut self,
        measure: &'static str,
        expected: &BTreeSet<String>,
        found: &BTreeSet<String>,
        may: &BTreeSet<String>,
    ) {
        let count = self.counts.entry(measure).or_default();
        count.hit += expected.intersection(found).count();
        count.missed += expected.difference(found).count();
        count.extra += found.iter().filter(|name| !expected.contains(*name) && !may.contains(*name)).count();
    }

    /// The table, and whether every floor is kept.
    pub(crate) fn report(&self) -> (String, bool) {
        let mut table =
            format!("{:<24} {:>6} {:>6} {:>7}   precision        recall\n", "measure", "right", "wrong", "missed");
        let mut kept = self.uncited == 0;
        for (name, precise, complete) in MEASURES {
            let count = self.counts.get(name).copied().unwrap_or_default();
            let precision = share(count.hit, count.extra);
            let recall = share(count.hit, count.missed);
            kept &= precision >= *precise && recall >= *complete;
            let mark = |value: f64, least: f64| if value < least { '<' } else { '≥' };
            let _ = writeln!(
                table,
                "{name:<24} {:>6} {:>6} {:>7}   {precision:.3} {} {precise:.2}   {recall:.3} {} {complete:.2}",
                count.hit,
                count.extra,
                count.missed,
                mark(precision, *precise),
                mark(recall, *complete),
            );
        }
        let _ = writeln!(table, "{:<24} {:>6}", "facts without a span", self.uncited);
        (table, kept)
    }
}

fn share(hit: usize, miss: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if hit + miss == 0 { 1.0 } else { number(hit) / number(hit + miss) }
}

fn missing(facts: &Value) -> BTreeSet<String> {
    ('a'..='h').map(String::from).filter(|letter| facts["art28"][letter] != true).collect()
}

fn unread(reading: &Reading) -> BTreeSet<String> {
    let absent =
        |letter: &String| reading.article28.get(letter).is_none_or(|coverage| coverage.state == CoverageState::Absent);
    ('a'..='h').map(String::from).filter(absent).collect()
}

/// Facts that cite no words at all.
fn uncited(reading: &Reading) -> usize {
    let empty = |span: &[usize; 2]| span[0] >= span[1];
    let terms =
        reading.terms.iter().filter(|term| term.state != State::Silent && term.span.is_none_or(|span| empty(&span)));
    let letters = reading
        .article28
        .values()
        .filter(|coverage| coverage.state != CoverageState::Absent && coverage.spans.iter().all(empty));
    let spans = reading.parties.iter().map(|party| party.span);
    let spans = spans.chain(reading.rights.iter().map(|right| right.span));
    let spans = spans.chain(reading.subprocessors.iter().map(|entry| entry.span));
    let spans = spans.chain(reading.measures.iter().map(|measure| measure.span));
    let spans = spans.chain(reading.contacts.iter().map(|contact| contact.span));
    let spans = spans.chain(reading.processings.iter().map(|processing| processing.span));
    terms.count() + letters.count() + spans.filter(empty).count()
}
