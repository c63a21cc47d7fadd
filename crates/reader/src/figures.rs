//! Figures of time: `72 (seventy-two) hours`, `trente (30) jours ouvrés`, `48h`, `without undue delay`,
//! `[●] days`, "as set out in Annex 2". Each becomes one token for the grammar.

use crate::{fold::Folded, grammar::Words};
use kernel::{Period, Unit};
use std::ops::Range;

/// What a text says of a length of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// A period, and whether its days are working days.
    Exact(Period, bool),
    /// "Without undue delay".
    Vague,
    /// Left blank, or with a figure in brackets that somebody still has to settle.
    Blank(Option<(Period, bool)>),
    /// "As set out in the Agreement".
    Elsewhere,
}

impl Figure {
    /// The letter that stands for it in a tokenised sentence.
    pub(crate) fn token(&self) -> char {
        match self {
            Self::Exact(..) | Self::Blank(_) => '#',
            Self::Vague => '~',
            Self::Elsewhere => '%',
        }
    }
}

/// A sentence whose figures are tokens, and what each token stands for.
pub(crate) fn tokenise(folded: &Folded, words: &Words) -> (Folded, Vec<(usize, Figure)>) {
    let mut found: Vec<(Range<usize>, Figure)> = Vec::new();
    for captures in words.duration.captures_iter(&folded.text) {
        let whole = captures.get(0).map_or(0..0, |all| all.range());
        // "10.5 Hours of an audit" is a clause number, and 2.5 hours are no whole period.
        let mut before = folded.text[..whole.start].bytes().rev();
        let decimal = before.next() == Some(b'.') && before.next().is_some_and(|byte| byte.is_ascii_digit());
        if let Some(figure) = exact(&captures, words).filter(|_| !decimal) {
            found.push((whole, figure));
        }
    }
    found.extend(words.blank.captures_iter(&folded.text).filter_map(|captures| {
        // "[10] days", or all of it in the brackets; "[e.g. 10 days]" proposes nothing.
        let text = |outer, inner| captures.name(outer).or_else(|| captures.name(inner)).map(|hit| hit.as_str());
        let proposed = text("proposed", "inner").and_then(|digits| digits.parse().ok());
        let unit = text("unit", "inner_unit").and_then(unit_of);
        let period = proposed.zip(unit).and_then(|(count, unit)| Period::new(count, unit));
        let working = text("kind", "inner_kind").is_some_and(|kind| words.working.is_match(kind));
        Some((captures.get(0)?.range(), Figure::Blank(period.map(|period| (period, working)))))
    }));
    let others = [(&words.vague, Figure::Vague), (&words.elsewhere, Figure::Elsewhere)];
    for (pattern, figure) in others {
        found.extend(pattern.find_iter(&folded.text).map(|hit| (hit.range(), figure.clone())));
    }
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = Folded::default();
    let mut figures = Vec::new();
    let mut at = 0;
    for (range, figure) in found {
        if range.start < at {
            continue;
        }
        out.copy(folded, at..range.start);
        figures.push((out.text.len(), figure.clone()));
        out.push(figure.token(), folded.pair(range.clone()));
        at = range.end;
    }
    out.copy(folded, at..folded.text.len());
    (out, figures)
}

fn unit_of(word: &str) -> Option<Unit> {
    Some(match word.chars().next()? {
        'h' => Unit::Hours,
        'd' | 'j' => Unit::Days,
        'w' | 's' => Unit::Weeks,
        'm' => Unit::Months,
        _ => Unit::Years,
    })
}

fn exact(captures: &regex::Captures<'_>, words: &Words) -> Option<Figure> {
    let text = |name: &str| captures.name(name).map(|hit| hit.as_str());
    let digits = text("digits").or_else(|| text("again")).and_then(|number| number.parse::<u32>().ok());
    // "Within a week": the article counts.
    let one = text("one").map(|_| 1);
    let count = digits.or_else(|| text("word").and_then(|word| words.number(word))).or(one)?;
    let unit = unit_of(text("unit")?)?;
    let working = ["kind", "kind_after"].into_iter().filter_map(text).any(|kind| words.working.is_match(kind));
    Some(Figure::Exact(Period::new(count, unit)?, working && unit == Unit::Days))
}
