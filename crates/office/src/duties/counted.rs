//! When a duty is due, from its start alone: its period, perhaps made longer, the time its clock stood still, the calendar
//! and the law as they are now. So a pause, an extension and a correction all come to the same.

use super::clocks::{self, Dues, Schedule};
use super::engine::{Clockwork, DAY_MS, moved};
use super::events::{Moments, Recounted};
use super::store::Duty;
use kernel::clock::{self, Explanation, Law};
use kernel::{Instant, Lang, Period, Place, Unit};

/// The dues after the clock stood still from `paused_at` to `now`: ours move by whole days that passed, the other
/// party's by those begun; hours move by what passed. Several pauses count as one as long as all of them.
pub(super) fn resumed(duty: &Duty, place: &Place, now: Instant) -> Dues {
    let since = duty.paused_at.unwrap_or(now);
    let passed = duty.paused_ms + (now.as_millisecond() - since.as_millisecond()).max(0);
    let dues = counted(duty, place, duty.law, duty.longer.as_ref(), passed).unwrap_or_else(|| duty.dues());
    let words = |lang| {
        let (from, to) =
            (clock::date_text(clock::day_of(since, place), lang), clock::date_text(clock::day_of(now, place), lang));
        let before = duty.explanation.get(lang);
        lang.pick(
            format!("{before} The clock stood still from {from} to {to}."),
            format!("{before} Le délai a été suspendu du {from} au {to}."),
        )
    };
    Dues { explanation: Explanation { en: words(Lang::En), fr: words(Lang::Fr) }, ..dues }
}

/// A duty's dues from its start alone: its period, perhaps made longer, and how long its clock stood still in all. None
/// when it has no schedule, or the two periods cannot be added.
pub(super) fn counted(
    duty: &Duty,
    place: &Place,
    law: Option<Law>,
    longer: Option<&Period>,
    paused_ms: i64,
) -> Option<Dues> {
    let mut schedule = duty.schedule.clone()?;
    if let Some(by) = longer {
        schedule.period = Some(schedule.period?.plus(by)?);
        schedule.target = None;
    }
    let dues = clocks::dues(&schedule, duty.started_at, place, law);
    Some(if paused_ms == 0 { dues } else { shifted(dues, Some(&schedule), paused_ms, place) })
}

/// The duty counted again in the calendar of `place` as it is now, if that changes when it is due.
pub(super) fn recounted(duty: &Duty, place: &Place, law: Option<Law>, why: Explanation) -> Option<Recounted> {
    let dues = counted(duty, place, law, duty.longer.as_ref(), duty.paused_ms)?;
    let before = Moments { target: duty.target, own: duty.own_due, other: duty.other_due };
    let differs = Moments { target: dues.target, own: dues.own, other: dues.other } != before;
    if !differs && law == duty.law {
        return None;
    }
    let words = |lang| {
        let days = duty.paused_ms / DAY_MS;
        let pause = match (duty.paused_ms, lang) {
            (0, _) => String::new(),
            (_, Lang::En) => format!(" Its clock stood still for {days} whole days before."),
            (_, Lang::Fr) => format!(" Son délai avait été suspendu {days} jours entiers."),
        };
        format!("{}{pause} {}", dues.explanation.get(lang), why.get(lang))
    };
    let explanation = Explanation { en: words(Lang::En), fr: words(Lang::Fr) };
    Some(Recounted {
        duty: duty.id.clone(),
        controller: duty.controller.clone(),
        before,
        told_at: retold(&duty.clockwork(), &dues),
        dues: Dues { explanation, ..dues },
        why,
        edition: place.version().to_owned(),
        zones: kernel::calendar::zones_version().to_owned(),
        law,
    })
}

/// Up to when the beats of a clock with other instants count as told: a beat graver than all that were told must still be, also
/// when its new instant lies before that of a milder one.
pub(super) fn retold(clock: &Clockwork, dues: &Dues) -> Instant {
    let told = clock.beats().into_iter().filter(|(at, _)| *at <= clock.told_at).map(|(_, beat)| beat).max();
    let Dues { target, own, other, .. } = *dues;
    let new = Clockwork { target, own, other, ..*clock };
    let untold = new.beats().into_iter().filter(|(_, beat)| Some(*beat) > told).map(|(at, _)| moved(at, -1));
    untold.chain([clock.told_at]).min().unwrap_or(clock.told_at)
}

pub(super) fn shifted(dues: Dues, schedule: Option<&Schedule>, passed: i64, place: &Place) -> Dues {
    let hours = schedule.and_then(|schedule| schedule.period).is_some_and(|period| period.unit() == Unit::Hours);
    if hours {
        let by = |at: Option<Instant>| at.map(|at| moved(at, passed));
        return Dues { target: by(dues.target), own: by(dues.own), other: by(dues.other), ..dues };
    }
    let days = |at: Instant, days: i64| {
        let last = clock::days_after(clock::day_of(moved(at, -1), place), days);
        (last, clock::end_of_day(last, place))
    };
    let (whole, begun) = (passed / DAY_MS, passed / DAY_MS + i64::from(passed % DAY_MS > 0));
    let other = dues.other.map(|at| clock::end_of_day(place.working_day_from(days(at, begun).0), place));
    Dues {
        target: dues.target.map(|at| moved(at, passed)),
        own: dues.own.map(|at| days(at, whole).1),
        other: other.max(dues.own.map(|at| days(at, whole).1)),
        ..dues
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duties::engine::Beat;

    /// Told so far, the new target, the new limit → what is told next and when, from 8 April on.
    #[test]
    fn what_a_correction_makes_untold() {
        let at = |day: i64| Instant::from_second(day * 86_400).unwrap();
        let clock = |told: i64| Clockwork {
            started_at: at(0),
            target: Some(at(80)),
            own: Some(at(100)),
            other: Some(at(110)),
            told_at: at(told),
        };
        for (told, own, other, now, expected) in [
            // Nothing moves: what was told stays told.
            (100, 100, 110, 101, None),
            // The limit comes nearer than the target that was told after it.
            (80, 70, 110, 81, Some(Beat::Limit)),
            // It moves away after it was told: it is told again when it comes.
            (100, 104, 110, 103, None),
            (100, 104, 110, 105, Some(Beat::Limit)),
            // The last reading comes nearer than our own that was told.
            (100, 95, 98, 101, Some(Beat::Missed)),
            // Nothing was told yet.
            (0, 60, 70, 65, Some(Beat::Limit)),
        ] {
            let dues = Dues {
                target: Some(at(80)),
                own: Some(at(own)),
                other: Some(at(other)),
                explanation: Explanation { en: String::new(), fr: String::new() },
            };
            let told_at = retold(&clock(told), &dues);
            let new = Clockwork { target: dues.target, own: dues.own, other: dues.other, told_at, ..clock(told) };
            assert_eq!(new.tick(at(now)).map(|(beat, _)| beat), expected, "{told} {own} {other} {now}");
        }
    }
}
