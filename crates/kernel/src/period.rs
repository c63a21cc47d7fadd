//! Periods as agreements write them: one number in one unit (ISO 8601), plus a sum of two for extensions.

use std::{fmt, str::FromStr};

/// The unit of a period. A month is never 30 days and four weeks stay four weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Elapsed hours.
    Hours,
    /// Calendar days (or working days, where the clock says so).
    Days,
    /// Weeks.
    Weeks,
    /// Calendar months.
    Months,
    /// Years.
    Years,
}

/// A length of time in the unit it was written in, such as `PT72H`, `P30D`, `P4W`, `P1M`, `P5Y`.
///
/// ```
/// let period: kernel::Period = "PT72H".parse().unwrap();
/// assert_eq!((period.count(), period.unit()), (72, kernel::Unit::Hours));
/// assert_eq!(period.to_string(), "PT72H");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    count: u32,
    unit: Unit,
}

/// Why a text is no period.
#[derive(Debug, PartialEq, Eq)]
pub struct PeriodError(String);

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a period: write one number and one unit, as in PT72H, P30D, P4W, P1M or P5Y (at most {})",
            self.0,
            Period::COUNT_MAX
        )
    }
}

impl std::error::Error for PeriodError {}

impl Period {
    /// The largest count accepted: more is a slip of the pen, and would overflow the calendar.
    pub const COUNT_MAX: u32 = 10_000;

    /// `count` times `unit`; `None` for zero or more than [`Period::COUNT_MAX`].
    #[must_use]
    pub fn new(count: u32, unit: Unit) -> Option<Self> {
        (1..=Self::COUNT_MAX).contains(&count).then_some(Self { count, unit })
    }

    /// How many units.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Of what.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The sum of two periods of one unit (one month extended by two makes three); `None` otherwise.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        if self.unit != other.unit {
            return None;
        }
        Self::new(self.count.checked_add(other.count)?, self.unit)
    }

    /// A rough length in hours, only to compare two promises.
    #[must_use]
    pub fn approx_hours(&self) -> u64 {
        let hours = match self.unit {
            Unit::Hours => 1,
            Unit::Days => 24,
            Unit::Weeks => 168,
            Unit::Months => 730,
            Unit::Years => 8_766,
        };
        u64::from(self.count) * hours
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Hours => write!(f, "PT{}H", self.count),
            Unit::Days => write!(f, "P{}D", self.count),
            Unit::Weeks => write!(f, "P{}W", self.count),
            Unit::Months => write!(f, "P{}M", self.count),
            Unit::Years => write!(f, "P{}Y", self.count),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let bad = || PeriodError(text.to_owned());
        let body = text.strip_prefix('P').ok_or_else(bad)?;
        let (body, in_time) = body.strip_prefix('T').map_or((body, false), |rest| (rest, true));
        let letter = body.chars().next_back().ok_or_else(bad)?;
        let unit = match (in_time, letter) {
            (true, 'H') => Unit::Hours,
            (false, 'D') => Unit::Days,
            (false, 'W') => Unit::Weeks,
            (false, 'M') => Unit::Months,
            (false, 'Y') => Unit::Years,
            _ => return Err(bad()),
        };
        let digits = &body[..body.len() - 1];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        digits.parse().ok().and_then(|count| Self::new(count, unit)).ok_or_else(bad)
    }
}

impl serde::Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_period_reads_back(count in 1..=Period::COUNT_MAX, unit in 0..5usize) {
            let unit = [Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months, Unit::Years][unit];
            let period = Period::new(count, unit).unwrap();
            prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = text.parse::<Period>();
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for bad in ["", "P", "PT", "72h", "P0D", "P1H", "PT1M", "P-1D", "P1M2D", "P99999D", "P1é", "P１D"] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }
}
