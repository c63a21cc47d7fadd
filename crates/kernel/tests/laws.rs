//! Each law's reading of the same periods: the table a lawyer can check.

use kernel::clock::{self, Law};
use kernel::{Date, Instant, Period, Place};
use proptest::prelude::*;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

type Row = (&'static str, &'static str, &'static str, [&'static str; 4], [&'static str; 2]);

/// start, period, place → the last day by the Regulation, Basel, the CPC, the bare count; then ours and theirs when no
/// law was chosen.
const TABLE: &[Row] = &[
    // Easter Sunday: everybody but the bare count moves to Tuesday.
    ("2026-03-05", "P1M", "FR", ["2026-04-07", "2026-04-07", "2026-04-07", "2026-04-05"], ["2026-04-05", "2026-04-07"]),
    // A working day: all agree; the Regulation's later reading is the other party's.
    ("2026-08-31", "P1M", "FR", ["2026-09-30", "2026-09-30", "2026-09-30", "2026-09-30"], ["2026-09-30", "2026-10-01"]),
    // Two days over Christmas: the Regulation wants two working days, the others only that the last is one.
    ("2026-12-24", "P2D", "LU", ["2026-12-29", "2026-12-28", "2026-12-28", "2026-12-26"], ["2026-12-26", "2026-12-29"]),
    ("2026-12-24", "P2D", "FR", ["2026-12-29", "2026-12-28", "2026-12-28", "2026-12-26"], ["2026-12-26", "2026-12-29"]),
    (
        "2026-12-10",
        "P15D",
        "FR",
        ["2026-12-28", "2026-12-28", "2026-12-28", "2026-12-25"],
        ["2026-12-25", "2026-12-28"],
    ),
    (
        "2027-05-24",
        "P30D",
        "LU",
        ["2027-06-24", "2027-06-24", "2027-06-24", "2027-06-23"],
        ["2027-06-23", "2027-06-24"],
    ),
    // Good Friday is one in Moselle only.
    (
        "2027-03-11",
        "P15D",
        "FR-57",
        ["2027-03-30", "2027-03-30", "2027-03-30", "2027-03-26"],
        ["2027-03-26", "2027-03-30"],
    ),
    (
        "2027-03-11",
        "P15D",
        "FR",
        ["2027-03-26", "2027-03-26", "2027-03-26", "2027-03-26"],
        ["2027-03-26", "2027-03-26"],
    ),
    // The last day of a shorter month, by all; it is a Sunday.
    ("2027-01-31", "P1M", "FR", ["2027-03-01", "2027-03-01", "2027-03-01", "2027-02-28"], ["2027-02-28", "2027-03-01"]),
    // A Friday and one day: Saturday moves to Monday.
    ("2026-11-27", "P1D", "FR", ["2026-11-30", "2026-11-30", "2026-11-30", "2026-11-28"], ["2026-11-28", "2026-11-30"]),
    ("2026-11-20", "P1W", "FR", ["2026-11-27", "2026-11-27", "2026-11-27", "2026-11-27"], ["2026-11-27", "2026-11-30"]),
];

#[test]
fn each_law_ends_a_period_where_it_says() {
    for (start, period, place, ends, unset) in TABLE {
        let (period, place): (Period, _) = (period.parse().unwrap(), Place::parse(place).unwrap());
        for (law, end) in Law::ALL.into_iter().zip(ends) {
            let seen = clock::period_under(Some(law), day(start), &period, None, &place, None);
            assert_eq!((seen.legal, seen.own_duty), (day(end), day(end)), "{start} + {period} {law:?}");
            assert!(seen.other_party_right >= seen.own_duty);
        }
        let seen = clock::period_under(None, day(start), &period, None, &place, None);
        assert_eq!((seen.own_duty, seen.other_party_right), (day(unset[0]), day(unset[1])), "{start} + {period}");
    }
}

#[test]
fn the_regulation_and_the_bare_count_are_the_two_ends_of_every_worked_example() {
    for row in include_str!("clock_examples.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [_, start, period, place, kind, extend, strict, legal] = cells[..] else { panic!("{row}") };
        let (period, place): (Period, _) = (period.parse().unwrap(), Place::parse(place).unwrap());
        if period.unit() == kernel::Unit::Hours || kind == "backward" || kind == "retention" {
            continue;
        }
        let extend: Option<Period> = (!extend.is_empty()).then(|| extend.parse().unwrap());
        let under = |law| clock::period_under(Some(law), day(start), &period, extend.as_ref(), &place, None);
        assert_eq!((under(Law::Eu1182).legal, under(Law::Strict).legal), (day(legal), day(strict)), "{row}");
        for law in [Law::Basel1972, Law::FrCpc] {
            let end = under(law).legal;
            assert!(day(strict) <= end && end <= day(legal) && place.is_working_day(end), "{law:?} {row}");
        }
    }
}

#[test]
fn hours_are_full_ones_by_the_regulation_only() {
    let start: Instant = "2026-11-24T10:20:00+01:00".parse().unwrap();
    let place = Place::parse("FR").unwrap();
    for (law, own, other) in [
        (None, "10:20", "11:00"),
        (Some(Law::Eu1182), "11:00", "11:00"),
        (Some(Law::Basel1972), "10:20", "10:20"),
        (Some(Law::FrCpc), "10:20", "10:20"),
        (Some(Law::Strict), "10:20", "10:20"),
    ] {
        let seen = clock::hours_under(law, start, 72, &place).unwrap();
        let shown = [seen.own_duty, seen.other_party_right].map(|at| at.strftime("%H:%M").to_string());
        assert_eq!(shown, [own, other], "{law:?}");
    }
}

#[test]
fn words_of_laws_read_back() {
    for law in Law::ALL {
        assert_eq!(Law::parse(law.word()), Some(law));
        assert_eq!(serde_json::to_value(law).unwrap(), law.word());
    }
    assert_eq!(Law::parse("EU"), None);
}

proptest! {
    #[test]
    fn the_reading_of_no_law_spans_those_of_all(n in 0..36_500i64, count in 1..60u32, unit in 1..4usize, place in "FR|FR-57|LU") {
        let start = clock::days_after(day("1980-01-01"), n);
        let unit = [kernel::Unit::Hours, kernel::Unit::Days, kernel::Unit::Weeks, kernel::Unit::Months][unit];
        let (period, place) = (Period::new(count, unit).unwrap(), Place::parse(&place).unwrap());
        let safe = clock::period(start, &period, &place);
        for law in Law::ALL {
            let seen = clock::period_under(Some(law), start, &period, None, &place, None);
            prop_assert!(safe.own_duty <= seen.own_duty && seen.other_party_right <= safe.other_party_right);
            prop_assert!(seen.explanation.en.contains(&clock::date_text(seen.legal, kernel::Lang::En)));
        }
    }
}
