//! Quiet hours: what is not urgent waits until the office is open where its recipient is. A deadline is stronger than
//! anybody's evening.

use kernel::{Instant, Place, clock};

/// Days to look ahead for an opening; beyond that a letter simply goes.
const DAYS_MAX: i64 = 30;

/// When a letter that is queued at `now` may go: at once while the office is open, else when it opens next. With `due`,
/// the limit of the duty that it serves, it goes at once unless it goes before that anyway.
#[must_use]
pub(super) fn not_before(now: Instant, place: &Place, due: Option<Instant>) -> Option<Instant> {
    let opens = opening(now, place).filter(|opens| *opens > now)?;
    if due.is_some_and(|due| opens >= due) { None } else { Some(opens) }
}

/// `now` while the office is open, else the next opening.
fn opening(now: Instant, place: &Place) -> Option<Instant> {
    let (opens, closes) = (place.office().opens(), place.office().closes());
    let local = now.to_zoned(place.zone());
    let today = local.date();
    if place.is_office_day(today) {
        if local.time() < opens {
            return today.to_datetime(opens).to_zoned(place.zone()).ok().map(|at| at.timestamp());
        }
        if local.time() < closes {
            return Some(now);
        }
    }
    let day = (1..=DAYS_MAX).map(|days| clock::days_after(today, days)).find(|day| place.is_office_day(*day))?;
    day.to_datetime(opens).to_zoned(place.zone()).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Queued at, the limit of its duty → when it goes; nothing when at once. Offices are open from 9 to 17 in Paris.
    #[test]
    fn what_is_not_urgent_waits_for_the_morning_unless_its_own_limit_comes_first() {
        let place = Place::parse("FR").expect("a place");
        let at = |text: &str| -> Instant { text.parse().expect("an instant") };
        for (queued, due, goes) in [
            ("2026-11-23T10:00:00Z", None, None),
            ("2026-11-23T05:00:00Z", None, Some("2026-11-23T08:00:00Z")),
            ("2026-11-23T20:00:00Z", None, Some("2026-11-24T08:00:00Z")),
            ("2026-11-27T20:00:00Z", None, Some("2026-11-30T08:00:00Z")),
            ("2026-12-24T20:00:00Z", None, Some("2026-12-28T08:00:00Z")),
            ("2026-03-27T20:00:00Z", None, Some("2026-03-30T07:00:00Z")),
            ("2026-11-27T20:00:00Z", Some("2026-11-28T09:00:00Z"), None),
            ("2026-11-27T20:00:00Z", Some("2026-11-30T08:00:00Z"), None),
            ("2026-11-27T20:00:00Z", Some("2026-11-30T08:00:01Z"), Some("2026-11-30T08:00:00Z")),
        ] {
            assert_eq!(not_before(at(queued), &place, due.map(at)), goes.map(at), "{queued} {due:?}");
        }
    }
}
