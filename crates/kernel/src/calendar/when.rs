//! When a day off falls: once, on the same date each year, or so many days from Easter.

use super::easter_sunday;
use crate::Date;
use std::{fmt, str::FromStr};

/// The day or days of a rule, written `2027-05-07`, `12-20` or `easter+39`.
///
/// ```
/// use kernel::calendar::When;
/// let abolition: When = "12-20".parse().unwrap();
/// assert!(abolition.falls_on("2027-12-20".parse().unwrap()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// One day only.
    Once(Date),
    /// The same month and day of each year.
    Yearly(i8, i8),
    /// So many days after Easter Sunday, or before it when negative.
    Easter(i64),
}

/// A text that says no such day.
#[derive(Debug, PartialEq, Eq)]
pub struct WhenError(String);

impl fmt::Display for WhenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no day: write 2027-05-07 (once), 12-20 (each year) or easter+39 (days from Easter Sunday)",
            self.0
        )
    }
}

impl std::error::Error for WhenError {}

/// Days from Easter that a rule may name: more would leave the year.
const EASTER_MAX: i64 = 200;

impl When {
    /// Whether `day` is one of them.
    #[must_use]
    pub fn falls_on(&self, day: Date) -> bool {
        match *self {
            Self::Once(only) => only == day,
            Self::Yearly(month, of_month) => (day.month(), day.day()) == (month, of_month),
            Self::Easter(offset) => {
                easter_sunday(day.year()).checked_add(jiff::Span::new().days(offset)).is_ok_and(|feast| feast == day)
            }
        }
    }

    /// The day it falls on in `year`, if it does.
    #[must_use]
    pub fn in_year(&self, year: i16) -> Option<Date> {
        match *self {
            Self::Once(only) => (only.year() == year).then_some(only),
            Self::Yearly(month, day) => Date::new(year, month, day).ok(),
            Self::Easter(offset) => easter_sunday(year).checked_add(jiff::Span::new().days(offset)).ok(),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Once(day) => write!(f, "{day}"),
            Self::Yearly(month, day) => write!(f, "{month:02}-{day:02}"),
            Self::Easter(offset) => write!(f, "easter{offset:+}"),
        }
    }
}

impl FromStr for When {
    type Err = WhenError;

    fn from_str(text: &str) -> Result<Self, WhenError> {
        let (text, bad) = (text.trim(), || WhenError(text.trim().to_owned()));
        if let Some(offset) = text.strip_prefix("easter") {
            let signed = offset.starts_with(['+', '-']);
            let offset: i64 = offset.parse().map_err(|_| bad())?;
            return (signed && offset.abs() <= EASTER_MAX).then_some(Self::Easter(offset)).ok_or_else(bad);
        }
        let digits = |part: &str, len| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        match parts[..] {
            [month, day] if digits(month, 2) && digits(day, 2) => {
                // A leap year, so that 29 February is a day.
                let date = Date::new(2028, month.parse().map_err(|_| bad())?, day.parse().map_err(|_| bad())?);
                date.map(|date| Self::Yearly(date.month(), date.day())).map_err(|_| bad())
            }
            [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
                text.parse().map(Self::Once).map_err(|_| bad())
            }
            _ => Err(bad()),
        }
    }
}

impl serde::Serialize for When {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for When {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_back_and_nothing_else_is_one() {
        for text in ["2027-05-07", "12-20", "02-29", "easter+39", "easter-2", "easter+0"] {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
        for bad in
            ["", "easter", "easter39", "easter+999", "13-01", "02-30", "2027-02-29", "1-1", "2027-5-7", "05/07", "é-12"]
        {
            assert!(bad.parse::<When>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_rule_falls_on_its_days() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        for (when, on, off) in [
            ("2027-05-07", "2027-05-07", "2028-05-07"),
            ("12-20", "2031-12-20", "2031-12-21"),
            ("easter-2", "2027-03-26", "2026-03-26"),
        ] {
            let when: When = when.parse().unwrap();
            assert!(when.falls_on(day(on)) && !when.falls_on(day(off)), "{when}");
            assert_eq!(when.in_year(day(on).year()), Some(day(on)));
        }
    }
}
