//! Which law counts the periods of an agreement.
//!
//! Regulation 1182/71 counts the periods of Union acts. It does not by itself govern one that only a contract fixes: there the
//! European Convention on the Calculation of Time-Limits (Basel, 1972) may apply, or the rules of French procedure
//! (Code de procédure civile, Art. 640 to 642), or the bare count that the parties agreed.
//!
//! | law | an end on a day off | two working days at least | "the same date" may be a day later |
//! |---|---|---|---|
//! | Reg. 1182/71 | moves (Art. 3(4)) | yes (Art. 3(5)) | a minority reads so |
//! | Basel 1972 | moves (Art. 5) | no | no (Art. 4) |
//! | CPC | moves (Art. 642) | no | no (Art. 641) |
//! | strict | stays | no | no |

use crate::{Date, Lang, Place, Unit};
use jiff::ToSpan;

/// A law of periods, as an agreement has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Law {
    /// Regulation (EEC, Euratom) No 1182/71.
    #[serde(rename = "EU1182")]
    Eu1182,
    /// The European Convention on the Calculation of Time-Limits, Basel 1972 (ETS 76).
    #[serde(rename = "BASEL1972")]
    Basel1972,
    /// Code de procédure civile, Art. 640 to 642.
    #[serde(rename = "FR_CPC")]
    FrCpc,
    /// The bare count, never moved.
    #[serde(rename = "STRICT")]
    Strict,
}

impl Law {
    /// All, as they are offered.
    pub const ALL: [Self; 4] = [Self::Eu1182, Self::Basel1972, Self::FrCpc, Self::Strict];

    /// As stored: `EU1182`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Eu1182 => "EU1182",
            Self::Basel1972 => "BASEL1972",
            Self::FrCpc => "FR_CPC",
            Self::Strict => "STRICT",
        }
    }

    /// The law of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|law| law.word() == word)
    }

    /// What moves an end on a day off, as it is cited.
    #[must_use]
    pub fn cited(self, lang: Lang) -> &'static str {
        match self {
            Self::Eu1182 => lang.pick("Reg. 1182/71, Art. 3(4) and (5),", "le règl. 1182/71, art. 3, § 4 et 5"),
            Self::Basel1972 => lang.pick("the Basel Convention, Art. 5,", "la convention de Bâle, art. 5"),
            Self::FrCpc => lang.pick("the French CPC, Art. 642,", "le code de procédure civile, art. 642"),
            Self::Strict => lang.pick("the bare count", "le compte brut"),
        }
    }

    /// Whether a period holds two working days at least.
    fn two_working_days(self) -> bool {
        self == Self::Eu1182
    }

    /// The last day of a period from `start` whose bare count ends on `last`, in the calendars of `places`.
    pub(super) fn end(self, start: Date, last: Date, places: &[&Place]) -> Date {
        if self == Self::Strict {
            return last;
        }
        let long = self.two_working_days() && last > start.saturating_add(1.days());
        roll(start, last, if long { 2 } else { 1 }, places)
    }

    /// The latest day the bare count may be read to end on: some read "the same date" one day later.
    pub(super) fn late_reading(self, strict: Date, unit: Unit) -> Date {
        let later = self == Self::Eu1182 && unit != Unit::Days;
        if later { strict.saturating_add(1.days()) } else { strict }
    }
}

/// The first working day from `last` on by which `needed` working days have passed since `start`.
fn roll(start: Date, last: Date, needed: usize, places: &[&Place]) -> Date {
    let works = |day: Date| places.iter().all(|place| place.is_working_day(day));
    let mut end = last;
    let mut working = 0;
    let mut day = start;
    while day < end && working < needed {
        day = day.saturating_add(1.days());
        working += usize::from(works(day));
    }
    while !works(end) || working < needed {
        let Ok(next) = end.tomorrow() else { return end };
        end = next;
        working += usize::from(works(end));
    }
    end
}
