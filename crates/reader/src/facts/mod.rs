//! From sentences to facts.

pub(crate) mod cards;
mod columns;
pub(crate) mod contacts;
pub(crate) mod hits;
mod item;
pub(crate) mod kind;
pub(crate) mod letters;
pub(crate) mod measures;
pub(crate) mod periods;
pub(crate) mod processings;
pub(crate) mod rights;
pub(crate) mod settle;
pub(crate) mod states;
pub(crate) mod subprocessors;
pub(crate) mod tables;
pub(crate) mod terms;
pub(crate) mod traps;

use agreement::reading::Note;
use std::ops::Range;

use crate::{blocks::Layout, grammar::Grammar, text::Text, units::Unit};

/// A document, ready to be asked.
pub(crate) struct Reader<'a> {
    pub(crate) text: &'a Text,
    pub(crate) layout: &'a Layout,
    pub(crate) units: &'a [Unit],
    pub(crate) grammar: &'a Grammar,
}

impl Reader<'_> {
    /// The note that a list goes on beyond what is read of it, from a place on.
    pub(crate) fn cut(&self, list: &str, place: Range<usize>) -> Note {
        let at = self.units.partition_point(|unit| unit.range.start <= place.start);
        let clause = at.checked_sub(1).and_then(|unit| self.path(self.units[unit].clause));
        let (text, span) = (self.text.quote(place.clone()), self.text.span(place));
        Note { name: format!("cut.{list}"), text, span, clause }
    }

    /// The path of a clause, or of the nearest numbered one above it.
    pub(crate) fn path(&self, clause: usize) -> Option<String> {
        let mut at = Some(clause);
        while let Some(index) = at {
            let section = self.layout.clauses.get(index)?;
            if section.path.is_some() {
                return section.path.clone();
            }
            at = section.parent;
        }
        None
    }
}
