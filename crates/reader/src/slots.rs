//! Periods that are no promise of the processor's: how long logs, backups and invoices are kept, when an invoice is
//! due, how long a party has to mend a fault, what caps a liability, how soon the controller tells the authority.
//!
//! Each has a slot of its own, so that all figures of a document are given out together: a figure that a slot
//! claims is read by no term.

use crate::{figures::Figure, grammar::Target, pattern::Pattern, units::Unit};
use serde::Deserialize;

/// How far before a figure stands what takes it from its slot, in bytes.
const BEFORE_MAX: usize = 120;

/// One kind of period, as the grammar knows it.
#[derive(Debug)]
pub(crate) struct Slot {
    /// Its name in a reading.
    pub(crate) name: String,
    /// Group 1 is the figure.
    cue: Vec<Pattern>,
    /// Words before the figure that give it back to the terms.
    not: Option<Pattern>,
    /// What a sentence is about when its figures are none of this kind.
    away: Option<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlots {
    slot: Vec<RawSlot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlot {
    slot: String,
    cue: Vec<String>,
    not: Option<String>,
    away: Option<String>,
}

/// The slots of a grammar file.
pub(crate) fn load(file: &str) -> Result<Vec<Slot>, String> {
    let raw: RawSlots = toml::from_str(file).map_err(|error| error.to_string())?;
    let slot = |raw: RawSlot| Slot {
        name: raw.slot,
        cue: raw.cue.iter().map(|cue| Pattern::new(cue)).collect(),
        not: raw.not.as_deref().map(Pattern::new),
        away: raw.away.as_deref().map(Pattern::new),
    };
    Ok(raw.slot.into_iter().map(slot).collect())
}

impl Slot {
    /// All patterns, for the grammar to learn their words.
    pub(crate) fn patterns(&mut self) -> impl Iterator<Item = &mut Pattern> {
        self.cue.iter_mut().chain(&mut self.not).chain(&mut self.away)
    }

    /// The places of the figures this slot claims in a sentence.
    fn claims(&self, unit: &Unit) -> Vec<usize> {
        let text = &unit.text.text;
        let kept = |place: &usize| {
            let before = &text[place.saturating_sub(BEFORE_MAX)..*place];
            let segment = &before[before.rfind(['#', ';']).map_or(0, |at| at + 1)..];
            !self.not.as_ref().is_some_and(|not| not.is_match(segment))
        };
        let claims: Vec<usize> =
            unit.may_have(&self.cue).flat_map(|cue| cue.groups(text)).map(|figure| figure.start).filter(kept).collect();
        let away = !claims.is_empty() && self.away.as_ref().is_some_and(|away| unit.has(away));
        if away { Vec::new() } else { claims }
    }
}

/// The figures of a sentence that slots claim: their places in its text, and the slot.
pub(crate) type Claimed<'s> = Vec<(usize, &'s Slot)>;

/// What the slots claim of a sentence, in its order.
pub(crate) fn claimed<'s>(slots: &'s [Slot], unit: &Unit) -> Claimed<'s> {
    let period = |(_, figure): &&(usize, Figure)| matches!(figure, Figure::Exact(..) | Figure::Blank(_));
    // As rules do: the figures of the lead-in count where the sentence has none of its own.
    let figures = if unit.figures.is_empty() { &unit.lead_figures } else { &unit.figures };
    let places: Vec<usize> = figures.iter().filter(period).map(|(place, _)| *place).collect();
    if places.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, &Slot)> = Vec::new();
    for slot in slots {
        for place in slot.claims(unit) {
            if places.contains(&place) && !found.iter().any(|(known, _)| *known == place) {
                found.push((place, slot));
            }
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found
}

/// Whether a rule may read a figure: no term reads what a slot claims.
pub(crate) fn is_free(claimed: &[(usize, &Slot)], place: usize, target: &Target) -> bool {
    !matches!(target, Target::Term(_)) || !claimed.iter().any(|(known, _)| *known == place)
}
