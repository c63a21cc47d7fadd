//! From a promise's schedule to two due instants and their explanation. Pure.

use agreement::defaults::{Counting, Target};
use agreement::promises::{Clock, Kind};
use kernel::clock::{self, Explanation, Law};
use kernel::{Instant, Period, Place, Unit};
use serde::{Deserialize, Serialize};

/// How a promise's due instants follow from its start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// The period; none when nobody gave a figure.
    pub period: Option<Period>,
    /// Whether its days are working days.
    pub working: bool,
    /// `hours`, `period`, `backward` or `retention`.
    pub clock: String,
    /// When we mean to be done: period and counting.
    pub target: Option<(Period, String)>,
}

/// When a duty is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dues {
    /// When we mean to be done; what the lists sort by.
    pub target: Option<Instant>,
    /// The earliest reading of the limit: later is late.
    pub own: Option<Instant>,
    /// The latest reading of the limit: later is broken.
    pub other: Option<Instant>,
    /// How it was counted.
    pub explanation: Explanation,
}

impl Schedule {
    /// The schedule of a promise; none when it stands always.
    #[must_use]
    pub fn of(kind: &Kind) -> Option<Self> {
        match kind {
            Kind::Standing => None,
            Kind::Recurring { every, hard } => Some(Self {
                period: Some(*hard),
                working: false,
                clock: "recurring".into(),
                target: Some((*every, "elapsed".into())),
            }),
            Kind::OnEvent { period, working, clock, target, .. } => {
                let clock = match clock {
                    Clock::Hours => "hours",
                    Clock::Period => "period",
                    Clock::Backward => "backward",
                    Clock::Retention => "retention",
                };
                let target = target.map(|Target { period, counting }| (period, counting_word(counting).to_owned()));
                Some(Self { period: *period, working: *working, clock: clock.into(), target })
            }
        }
    }
}

fn counting_word(counting: Counting) -> &'static str {
    match counting {
        Counting::Elapsed => "elapsed",
        Counting::WorkingDays => "working-days",
        Counting::OfficeHours => "office-hours",
    }
}

/// The due instants of a schedule that starts at `at`, in the calendar of `place`, under the `law` that counts its agreement's
/// periods; without one, every reading counts.
#[must_use]
pub fn dues(schedule: &Schedule, at: Instant, place: &Place, law: Option<Law>) -> Dues {
    let target = schedule.target.as_ref().map(|(period, counting)| target(period, counting, at, place));
    let Some(period) = &schedule.period else {
        let explanation = Explanation {
            en: "The agreement gives no figure, and neither do we: as soon as possible.".into(),
            fr: "L'accord ne donne pas de chiffre, et nous non plus : dans les meilleurs délais.".into(),
        };
        return Dues { target, own: None, other: None, explanation };
    };
    let (own, other, explanation) = limit(schedule, period, at, place, law);
    Dues { target, own: Some(own), other: Some(other), explanation }
}

fn limit(
    schedule: &Schedule,
    period: &Period,
    at: Instant,
    place: &Place,
    law: Option<Law>,
) -> (Instant, Instant, Explanation) {
    if period.unit() == Unit::Hours
        && let Ok(hours) = clock::hours_under(law, at, period.count(), place)
    {
        return (hours.own_duty.timestamp(), hours.other_party_right.timestamp(), hours.explanation);
    }
    let day = clock::day_of(at, place);
    let days = match schedule.clock.as_str() {
        "backward" => clock::backward(day, period, place),
        "retention" => clock::retention(day, period),
        "recurring" => again(schedule, day, period),
        _ if schedule.working && period.unit() == Unit::Days => clock::working_days(day, period.count(), place),
        _ => clock::period_under(law, day, period, None, place, None),
    };
    (clock::end_of_day(days.own_duty, place), clock::end_of_day(days.other_party_right, place), days.explanation)
}

/// What returns by the calendar never rolls: it is planned long before.
fn again(schedule: &Schedule, day: kernel::Date, hard: &Period) -> clock::Days {
    let mut days = clock::retention(day, hard);
    let every = schedule.target.as_ref().map_or(*hard, |(every, _)| *every);
    let words = |lang| {
        let (every, hard) = (clock::length_text(&every, lang), clock::length_text(hard, lang));
        let (from, last) = (clock::date_text(day, lang), clock::date_text(days.strict, lang));
        lang.pick(
            format!("Every {every}, counted from {from}; after {hard}, on {last}, the promise is broken."),
            format!("Tous les {every}, à compter du {from} ; au bout de {hard}, le {last}, l'engagement est manqué."),
        )
    };
    days.explanation = Explanation { en: words(kernel::Lang::En), fr: words(kernel::Lang::Fr) };
    days
}

fn target(period: &Period, counting: &str, at: Instant, place: &Place) -> Instant {
    let day = clock::day_of(at, place);
    match (counting, period.unit()) {
        ("office-hours", _) => clock::office_hours(at, period.count(), place),
        ("working-days", _) => clock::end_of_day(clock::working_days(day, period.count(), place).own_duty, place),
        (_, Unit::Hours) => clock::hours(at, period.count(), place).map_or(at, |hours| hours.strict.timestamp()),
        _ => clock::end_of_day(clock::retention(day, period).strict, place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(period: &str, working: bool, clock: &str) -> Schedule {
        Schedule { period: Some(period.parse().unwrap()), working, clock: clock.into(), target: None }
    }

    /// start, period, working days, clock → ours, theirs.
    #[test]
    fn both_instants_of_common_promises() {
        let fr = Place::parse("FR").unwrap();
        for (at, period, working, clock, own, other) in [
            (
                "2026-11-27T16:45:00+01:00",
                "PT72H",
                false,
                "hours",
                "2026-11-30T16:45:00+01:00",
                "2026-11-30T17:00:00+01:00",
            ),
            (
                "2026-12-10T09:00:00+01:00",
                "P15D",
                false,
                "period",
                "2026-12-26T00:00:00+01:00",
                "2026-12-29T00:00:00+01:00",
            ),
            (
                "2026-11-27T09:00:00+01:00",
                "P1D",
                true,
                "period",
                "2026-12-01T00:00:00+01:00",
                "2026-12-01T00:00:00+01:00",
            ),
            (
                "2027-01-31T09:00:00+01:00",
                "P1M",
                false,
                "retention",
                "2027-03-01T00:00:00+01:00",
                "2027-03-01T00:00:00+01:00",
            ),
        ] {
            let dues = dues(&schedule(period, working, clock), at.parse().unwrap(), &fr, None);
            assert_eq!(dues.own, Some(own.parse().unwrap()), "{at} + {period}");
            assert_eq!(dues.other, Some(other.parse().unwrap()), "{at} + {period}");
        }
    }

    #[test]
    fn without_a_figure_nothing_is_due_but_the_explanation_says_so() {
        let none = Schedule { period: None, working: false, clock: "period".into(), target: None };
        let dues = dues(&none, "2026-11-27T16:45:00Z".parse().unwrap(), &Place::parse("FR").unwrap(), None);
        assert_eq!((dues.own, dues.other), (None, None));
        assert!(dues.explanation.en.contains("no figure"));
    }
}
