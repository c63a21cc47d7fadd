//! Values of terms as people write them in forms and on the command line, and as entries keep them.

pub use agreement::file::{state_of, state_word};

use agreement::file::Value;
use agreement::names::Shape;
use agreement::reading::State;
use kernel::{Lang, Period, Unit};

/// The longest free text a term may hold, in characters.
pub(super) const TEXT_CHARS_MAX: usize = 500;

/// A value as a person writes it.
#[must_use]
pub fn parse(text: &str, shape: Shape) -> Option<Value> {
    if text.trim().chars().count() > TEXT_CHARS_MAX { None } else { Value::from_text(text, shape) }
}

/// The same value as forms show it and entries keep it; [`parse`] reads it back.
#[must_use]
pub fn write(value: &Value) -> String {
    value.to_string()
}

/// The units a form offers, as ISO 8601 writes a period of one.
pub(super) const UNITS: [(&str, Unit); 5] = [
    ("hours", Unit::Hours),
    ("days", Unit::Days),
    ("weeks", Unit::Weeks),
    ("months", Unit::Months),
    ("years", Unit::Years),
];

/// The form's word for a unit.
pub(super) fn unit_word(unit: Unit) -> &'static str {
    UNITS.iter().find(|(_, known)| *known == unit).map_or("hours", |(word, _)| word)
}

/// The period of a form's two fields, as ISO 8601; the count as typed when it is none, so that it is refused.
pub(super) fn period(count: &str, unit: &str) -> String {
    let count = count.trim();
    let unit = UNITS.iter().find(|(word, _)| *word == unit).map(|(_, unit)| *unit);
    let period = count.parse().ok().zip(unit).and_then(|(count, unit)| Period::new(count, unit));
    period.map_or_else(|| count.to_owned(), |period| period.to_string())
}

/// The states a person may give a term by hand: staged and conflicting readings are confirmed or settled, not typed.
pub(super) const BY_HAND: [State; 5] =
    [State::Stated, State::Vague, State::Conditional, State::ByReference, State::Negated];

/// A stored value in words: "72 hours", "10 working days".
pub(super) fn words(value: &str, working: bool, shape: Shape, lang: Lang) -> String {
    parse(value, shape).map_or_else(|| value.to_owned(), |value| agreement::text::value_words(&value, working, lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_people_write_them() {
        for (text, shape, fine) in [
            ("PT72H", Shape::Duration, true),
            ("72 hours", Shape::Duration, false),
            ("oui", Shape::Flag, true),
            ("maybe", Shape::Flag, false),
            ("general", Shape::Word(&["general", "specific"]), true),
            ("other", Shape::Word(&["general", "specific"]), false),
            ("2", Shape::Number, true),
            ("2026-02-30", Shape::Date, false),
            (" ", Shape::Text, false),
        ] {
            assert_eq!(parse(text, shape).is_some(), fine, "{text}");
        }
        assert!(parse(&"x".repeat(TEXT_CHARS_MAX + 1), Shape::Text).is_none());
    }

    #[test]
    fn what_is_written_is_read_back() {
        for (text, shape) in [("P10D", Shape::Duration), ("EU, adequate", Shape::List), ("true", Shape::Flag)] {
            let value = parse(text, shape).unwrap();
            assert_eq!(write(&value), text);
        }
    }

    #[test]
    fn two_fields_make_a_period() {
        for (count, unit, written) in
            [("72", "hours", "PT72H"), (" 2 ", "months", "P2M"), ("0", "days", "0"), ("x", "days", "x")]
        {
            assert_eq!(period(count, unit), written);
        }
    }
}
