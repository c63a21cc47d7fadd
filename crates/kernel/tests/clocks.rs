//! The worked examples of the time rules, and the properties every clock keeps.

use jiff::ToSpan;
use kernel::{Date, Instant, Period, Place, Unit, calendar, clock};
use proptest::prelude::*;

const EXAMPLES: &str = include_str!("clock_examples.csv");

#[test]
fn every_worked_example_holds() {
    let rows: Vec<&str> = EXAMPLES.lines().skip(1).collect();
    assert_eq!(rows.len(), 26);
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        let [_, start, period, place, kind, extend, strict, legal] = cells[..] else { panic!("{row}") };
        let period: Period = period.parse().unwrap();
        let place = Place::parse(place).unwrap();
        if period.unit() == Unit::Hours {
            let seen = clock::hours(start.parse().unwrap(), period.count(), &place).unwrap();
            assert_eq!(seen.strict.timestamp(), strict.parse::<Instant>().unwrap(), "{row}");
            assert_eq!(seen.legal.timestamp(), legal.parse::<Instant>().unwrap(), "{row}");
            assert!(strict.ends_with(&seen.strict.strftime("%:z").to_string()), "the offset of that night: {row}");
            continue;
        }
        let start: Date = start.parse().unwrap();
        let extend: Option<Period> = (!extend.is_empty()).then(|| extend.parse().unwrap());
        let seen = match kind {
            "backward" => clock::backward(start, &period, &place),
            "retention" => clock::retention(start, &period),
            _ => clock::period_between(start, &period, extend.as_ref(), &place, None),
        };
        assert_eq!(seen.strict.to_string(), strict, "{row}");
        assert_eq!(seen.legal.to_string(), legal, "{row}");
    }
}

#[test]
fn the_other_partys_right_is_the_latest_reading() {
    let (fr, lu) = (Place::parse("FR").unwrap(), Place::parse("LU").unwrap());
    let day = |text: &str| text.parse::<Date>().unwrap();
    let month: Period = "P1M".parse().unwrap();
    let thirty: Period = "P30D".parse().unwrap();
    // A month may be read to end one day later; days may not.
    assert_eq!(clock::period(day("2026-08-31"), &month, &fr).other_party_right, day("2026-10-01"));
    assert_eq!(clock::period(day("2027-05-24"), &thirty, &fr).other_party_right, day("2027-06-23"));
    // With a Luxembourg party at the other end, their National Day counts too.
    let both = clock::period_between(day("2027-05-24"), &thirty, None, &fr, Some(&lu));
    assert_eq!((both.legal, both.other_party_right), (day("2027-06-23"), day("2027-06-24")));
}

#[test]
fn an_extension_has_an_earlier_internal_target() {
    let (one, two): (Period, Period) = ("P1M".parse().unwrap(), "P2M".parse().unwrap());
    let fr = Place::parse("FR").unwrap();
    let clock = clock::period_between("2027-01-31".parse().unwrap(), &one, Some(&two), &fr, None);
    assert_eq!(clock.strict.to_string(), "2027-04-30");
    assert_eq!(clock.own_duty.to_string(), "2027-04-28");
}

#[test]
fn a_backward_period_is_planned_for_the_working_day_before() {
    let clock = clock::backward("2027-03-01".parse().unwrap(), &"P30D".parse().unwrap(), &Place::parse("FR").unwrap());
    assert_eq!((clock.strict.to_string().as_str(), clock.own_duty.to_string().as_str()), ("2027-01-30", "2027-01-29"));
}

#[test]
fn office_hours_skip_nights_weekends_and_holidays() {
    let fr = Place::parse("FR").unwrap();
    for (event, hours, end) in [
        ("2026-11-24T10:20:00+01:00", 4, "2026-11-24T14:20:00+01:00"),
        ("2026-11-27T16:00:00+01:00", 4, "2026-11-30T12:00:00+01:00"),
        ("2026-12-24T18:30:00+01:00", 8, "2026-12-28T17:00:00+01:00"),
        ("2026-11-24T05:00:00+01:00", 1, "2026-11-24T10:00:00+01:00"),
    ] {
        let seen = clock::office_hours(event.parse().unwrap(), hours, &fr);
        assert_eq!(seen, end.parse::<Instant>().unwrap(), "{event}");
    }
}

#[test]
fn explanations_name_every_answer() {
    let (one, two): (Period, Period) = ("P1M".parse().unwrap(), "P2M".parse().unwrap());
    let fr = Place::parse("FR").unwrap();
    let clock = clock::period_between("2027-01-31".parse().unwrap(), &one, Some(&two), &fr, None);
    for day in [clock.strict, clock.own_duty, clock.other_party_right] {
        assert!(clock.explanation.en.contains(&clock::date_text(day, kernel::Lang::En)), "{}", clock.explanation.en);
        assert!(clock.explanation.fr.contains(&clock::date_text(day, kernel::Lang::Fr)), "{}", clock.explanation.fr);
    }
}

#[test]
fn explanations_name_the_days_in_both_languages() {
    let clock = clock::period("2026-12-10".parse().unwrap(), &"P15D".parse().unwrap(), &Place::parse("FR").unwrap());
    assert!(clock.explanation.en.contains("Monday 28 December 2026"), "{}", clock.explanation.en);
    assert!(clock.explanation.fr.contains("lundi 28 décembre 2026"), "{}", clock.explanation.fr);
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..36_500i64).prop_map(|n| jiff::civil::date(1980, 1, 1).saturating_add(n.days()))
}

fn any_period() -> impl Strategy<Value = Period> {
    (1..60u32, prop_oneof![Just(Unit::Days), Just(Unit::Weeks), Just(Unit::Months)])
        .prop_map(|(n, unit)| Period::new(n, unit).expect("within the limit"))
}

proptest! {
    #[test]
    fn readings_keep_their_order(start in any_day(), period in any_period(), place in "FR|FR-57|LU") {
        let place = Place::parse(&place).unwrap();
        let seen = clock::period(start, &period, &place);
        prop_assert!(seen.own_duty <= seen.strict && seen.strict <= seen.legal && seen.legal <= seen.other_party_right);
        prop_assert!(place.is_working_day(seen.legal));
        prop_assert!(start < seen.strict);
    }

    #[test]
    fn a_period_of_two_days_holds_two_working_days(start in any_day(), place in "FR|LU") {
        let place = Place::parse(&place).unwrap();
        let end = clock::period(start, &Period::new(2, Unit::Days).unwrap(), &place).legal;
        let first = start.tomorrow().unwrap();
        let working = first.series(1.days()).take_while(|d| *d <= end).filter(|d| place.is_working_day(*d)).count();
        prop_assert!(working >= 2);
    }

    #[test]
    fn the_calendar_never_rolls_further_than_a_week(day in any_day(), place in "FR|FR-67|LU") {
        let place = Place::parse(&place).unwrap();
        prop_assert!(place.working_day_from(day) <= day.saturating_add(7.days()));
        prop_assert!(calendar::easter_sunday(day.year()).weekday() == jiff::civil::Weekday::Sunday);
    }

    #[test]
    fn hours_are_elapsed_time(seconds in 0..4_000_000_000i64, count in 1..1000u32) {
        let start = Instant::from_second(seconds).unwrap();
        let seen = clock::hours(start, count, &Place::parse("FR").unwrap()).unwrap();
        prop_assert_eq!(seen.strict.timestamp().as_second() - seconds, i64::from(count) * 3600);
        let more = seen.legal.timestamp().as_second() - seen.strict.timestamp().as_second();
        prop_assert!(more > 0 && more <= 3600);
    }
}
