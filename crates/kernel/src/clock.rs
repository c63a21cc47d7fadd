//! Clocks with two answers: the earliest plausible reading for our own duty, the latest for the
//! other party's right.
//!
//! The law is Regulation (EEC, Euratom) 1182/71, Art. 3: the hour or day of the event is not
//! counted; periods in weeks, months and years end on the day of the same name or date (or the
//! month's last day); a period not in hours that ends on a day off runs to the next working day,
//! unless it is counted backwards; a period of two days or more holds two working days.
//!
//! A minority reads the "same date" one day later, because the day of the event is not counted:
//! [`Days::other_party_right`] grants that day, [`Days::own_duty`] never takes it.

use crate::{Date, Instant, Period, Place, Unit};
use jiff::{Span, ToSpan, Zoned};

mod explain;
mod law;
pub use explain::{Explanation, date as date_text, length as length_text};
pub use law::Law;

/// The end of a period in hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The event plus so many elapsed hours; never rolled.
    pub strict: Zoned,
    /// Full hours counted from the next one (Art. 3(1) and 3(2)(a)).
    pub legal: Zoned,
    /// The earlier: what alarms use.
    pub own_duty: Zoned,
    /// The later: what closes another's window.
    pub other_party_right: Zoned,
    /// How it was counted, in both languages.
    pub explanation: Explanation,
}

/// The end of a period in days or longer, as its last day (until 24:00 there).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// The nominal last day, not rolled.
    pub strict: Date,
    /// The last day by Reg. 1182/71.
    pub legal: Date,
    /// The earliest plausible reading: what alarms use.
    pub own_duty: Date,
    /// The latest plausible reading: what closes another's window.
    pub other_party_right: Date,
    /// How it was counted, in both languages.
    pub explanation: Explanation,
}

/// A clock that cannot be computed: the result leaves the calendar (years -9999 to 9999).
#[derive(Debug, PartialEq, Eq)]
pub struct OutOfCalendar;

impl std::fmt::Display for OutOfCalendar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the end lies outside the calendar: use a start between the years 1900 and 2900")
    }
}

impl std::error::Error for OutOfCalendar {}

/// A period in hours from an instant (Art. 33 GDPR: 72 hours of a breach), shown in the place's zone.
///
/// ```
/// use kernel::{Place, clock};
/// let start = "2026-10-23T18:10:00+02:00".parse().unwrap();
/// let clock = clock::hours(start, 72, &Place::parse("LU").unwrap()).unwrap();
/// assert_eq!(clock.strict.datetime().to_string(), "2026-10-26T17:10:00"); // winter time came between
/// assert_eq!(clock.legal.datetime().to_string(), "2026-10-26T18:00:00");
/// ```
///
/// # Errors
/// [`OutOfCalendar`] when the end cannot be represented.
pub fn hours(start: Instant, count: u32, place: &Place) -> Result<Hours, OutOfCalendar> {
    hours_under(None, start, count, place)
}

/// The same under the law that governs an agreement's periods: the Regulation counts full hours, the others say nothing of
/// hours, so they elapse.
///
/// # Errors
/// [`OutOfCalendar`] when the end cannot be represented.
pub fn hours_under(law: Option<Law>, start: Instant, count: u32, place: &Place) -> Result<Hours, OutOfCalendar> {
    let zone = place.zone();
    let add = |from: Instant| from.checked_add(i64::from(count).hours()).map_err(|_| OutOfCalendar);
    let into_hour = start.as_second().rem_euclid(3600);
    let whole = start.as_second().checked_sub(into_hour).and_then(|s| s.checked_add(3600)).ok_or(OutOfCalendar)?;
    let next_hour = Instant::from_second(whole).map_err(|_| OutOfCalendar)?;
    let strict = add(start)?.to_zoned(zone.clone());
    let legal = add(next_hour)?.to_zoned(zone.clone());
    let explanation = explain::hours(&start.to_zoned(zone), count, &strict, &legal);
    let full = law.is_none_or(|law| law == Law::Eu1182);
    let own_duty = if law == Some(Law::Eu1182) { legal.clone() } else { strict.clone() };
    let other_party_right = if full { legal.clone() } else { strict.clone() };
    Ok(Hours { own_duty, other_party_right, strict, legal, explanation })
}

/// A period from an event, in calendar days or longer units. See [`period_between`].
#[must_use]
pub fn period(start: Date, period: &Period, place: &Place) -> Days {
    period_between(start, period, None, place, None)
}

/// A period from an event, perhaps `extended` (Art. 12(3) GDPR: one month by two), perhaps seen from
/// the `other` party's place too, whose holidays then also push the later reading.
///
/// An extension is counted from the event, not from the end of the first period; chaining the two
/// gives the internal target when it is earlier. Periods in hours are counted as whole days here.
#[must_use]
pub fn period_between(
    start: Date,
    first: &Period,
    extended: Option<&Period>,
    place: &Place,
    other: Option<&Place>,
) -> Days {
    period_under(None, start, first, extended, place, other)
}

/// The same under the law that governs the periods of an agreement; under none, every plausible reading counts: the earliest
/// of all laws is our duty, the latest the other party's right.
///
/// ```
/// use kernel::{Place, clock};
/// let (start, two, lu) = ("2026-12-24".parse().unwrap(), "P2D".parse().unwrap(), Place::parse("LU").unwrap());
/// let under = |law| clock::period_under(law, start, &two, None, &lu, None);
/// assert_eq!(under(Some(clock::Law::Basel1972)).own_duty.to_string(), "2026-12-28");
/// assert_eq!(under(Some(clock::Law::Eu1182)).own_duty.to_string(), "2026-12-29"); // two working days
/// assert_eq!(under(None).own_duty.to_string(), "2026-12-26");
/// ```
#[must_use]
pub fn period_under(
    law: Option<Law>,
    start: Date,
    first: &Period,
    extended: Option<&Period>,
    place: &Place,
    other: Option<&Place>,
) -> Days {
    let strict = end_of(start, first, extended);
    let chained = extended.map_or(strict, |by| nominal(nominal(start, first), by));
    let places: Vec<&Place> = std::iter::once(place).chain(other).collect();
    let legal = law.unwrap_or(Law::Eu1182).end(start, strict, &[place]);
    let laws = law.as_ref().map_or(&Law::ALL[..], std::slice::from_ref);
    let earliest = |law: &Law| law.end(start, strict.min(chained), &[place]);
    let latest = |law: &Law| law.end(start, law.late_reading(strict, first.unit()), &places);
    let own_duty = laws.iter().map(earliest).min().unwrap_or(strict);
    let other_party_right = laws.iter().map(latest).max().unwrap_or(strict).max(legal);
    let ends = [strict, legal];
    let mut explanation = explain::period(start, first, extended, place, law.unwrap_or(Law::Eu1182), ends);
    explanation.add(&explain::readings(ends, law.is_some(), own_duty, other_party_right));
    Days { strict, legal, own_duty, other_party_right, explanation }
}

/// So many working days after the event (Reg. 1182/71, Art. 3(3)): never ends on a day off.
#[must_use]
pub fn working_days(start: Date, count: u32, place: &Place) -> Days {
    let mut end = start;
    for _ in 0..count {
        end = place.working_day_from(end.saturating_add(1.days()));
    }
    let explanation = explain::working_days(start, count, place, end);
    Days { strict: end, legal: end, own_duty: end, other_party_right: end, explanation }
}

/// A period counted backwards from a target day ("at least 30 days before"): never rolled forward;
/// our own side plans for the working day before.
#[must_use]
pub fn backward(target: Date, period: &Period, place: &Place) -> Days {
    let strict = target.saturating_sub(span(period));
    let own_duty = place.working_day_until(strict);
    let explanation = explain::backward(target, period, strict, own_duty);
    Days { strict, legal: strict, own_duty, other_party_right: strict, explanation }
}

/// The longest time data may be kept, or the day by which they must be destroyed: never rolled,
/// because rolling would keep them longer (Art. 5(1)(e) GDPR).
#[must_use]
pub fn retention(event: Date, keep: &Period) -> Days {
    let strict = nominal(event, keep);
    let explanation = explain::retention(event, keep, strict);
    Days { strict, legal: strict, own_duty: strict, other_party_right: strict, explanation }
}

/// The instant at which the last day of a period is over (24:00) at `place`.
#[must_use]
pub fn end_of_day(last: Date, place: &Place) -> Instant {
    start_of_day(last.saturating_add(1.days()), place)
}

/// The first instant of `day` at `place`.
#[must_use]
pub fn start_of_day(day: Date, place: &Place) -> Instant {
    day.to_zoned(place.zone()).map_or(Instant::MAX, |midnight| midnight.timestamp())
}

/// The day that comes `days` after `day`, or before it when negative.
#[must_use]
pub fn days_after(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default())
}

/// The civil day of `instant` at `place`.
#[must_use]
pub fn day_of(instant: Instant, place: &Place) -> Date {
    instant.to_zoned(place.zone()).date()
}

/// When `count` hours in which the office is open ([`Place::office`]) after `event` are over.
#[must_use]
pub fn office_hours(event: Instant, count: u32, place: &Place) -> Instant {
    let (opens, closes) = (place.office().opens(), place.office().closes());
    let local = event.to_zoned(place.zone());
    let mut day = local.date();
    let mut from = local.time().max(opens);
    let mut left = Span::new().hours(i64::from(count)).total(jiff::Unit::Second).map_or(0, whole_seconds);
    loop {
        if place.is_office_day(day) && from < closes {
            let room = from.until(closes).and_then(|s| s.total(jiff::Unit::Second)).map_or(0, whole_seconds);
            if left <= room {
                let end = day.to_datetime(from).saturating_add(left.seconds());
                return end.to_zoned(place.zone()).map_or(event, |z| z.timestamp());
            }
            left -= room;
        }
        day = day.saturating_add(1.days());
        from = opens;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "spans of office hours stay far below 2^53 seconds")]
fn whole_seconds(total: f64) -> i64 {
    total as i64
}

fn span(period: &Period) -> Span {
    let count = i64::from(period.count());
    match period.unit() {
        Unit::Hours => (count.div_euclid(24) + i64::from(count % 24 != 0)).days(),
        Unit::Days => count.days(),
        Unit::Weeks => count.weeks(),
        Unit::Months => count.months(),
        Unit::Years => count.years(),
    }
}

/// The day of the same date, or the last day of a shorter month (Art. 3(2)(c)).
fn nominal(start: Date, period: &Period) -> Date {
    start.saturating_add(span(period))
}

fn end_of(start: Date, first: &Period, extended: Option<&Period>) -> Date {
    let Some(by) = extended else { return nominal(start, first) };
    match first.plus(by) {
        Some(whole) => nominal(start, &whole),
        None => nominal(nominal(start, first), by),
    }
}
