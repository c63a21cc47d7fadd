//! Years of virtual time over the clocks of many agreements, with a server that stops, a wall clock that is set back, and an
//! auditor who shares no code with the engine. Used by the tests, and by `cargo xtask bench duties` at full size.

use super::clocks::{self, Schedule};
use super::engine::{self, Beat, Clockwork};
use kernel::{Instant, Place, SeededEntropy};
use std::collections::BTreeSet;

/// How large a life is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Agreements.
    pub agreements: u64,
    /// Years.
    pub years: u64,
    /// What all chance comes from.
    pub seed: u64,
}

/// What the auditor counted; everything but `duties`, `beats` and `scans` must be zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Duties that ran.
    pub duties: u64,
    /// Beats told.
    pub beats: u64,
    /// Times the server looked.
    pub scans: u64,
    /// Duties past every reading of their limit of which nobody was told.
    pub missed: u64,
    /// Beats told twice.
    pub doubled: u64,
    /// Beats told before their instant.
    pub early: u64,
    /// Beats told of a duty that was done, or milder than one told before.
    pub senseless: u64,
    /// Instants that passed while nothing was told, although the server looked.
    pub overlooked: u64,
}

/// A promise: its period, whether in working days, its clock, our target, and whether it returns.
type Promised = (&'static str, bool, &'static str, Option<(&'static str, &'static str)>, bool);

const PROMISES: [Promised; 9] = [
    ("PT72H", false, "hours", Some(("PT12H", "elapsed")), false),
    ("PT24H", false, "hours", None, false),
    ("P1D", true, "period", Some(("PT4H", "office-hours")), false),
    ("P10D", true, "period", Some(("P5D", "working-days")), false),
    ("P15D", false, "period", None, false),
    ("P1M", false, "period", None, false),
    ("P1M", false, "retention", None, false),
    ("P13M", false, "recurring", Some(("P12M", "elapsed")), true),
    ("P14D", false, "recurring", Some(("P7D", "elapsed")), true),
];

struct Life {
    clock: Clockwork,
    schedule: usize,
    place: usize,
    done_at: Option<Instant>,
    told: Vec<(Beat, Instant)>,
}

struct World {
    scale: Scale,
    chance: SeededEntropy,
    schedules: Vec<Schedule>,
    places: Vec<Place>,
    lives: Vec<Life>,
    queue: BTreeSet<(Instant, usize)>,
    /// The latest instant seen at each look.
    looks: Vec<Instant>,
    audit: Audit,
}

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const YEAR_MS: i64 = 365 * DAY_MS + DAY_MS / 4;

/// Lives through it.
#[must_use]
pub fn live(scale: Scale) -> Audit {
    let period = |text: &str| text.parse().ok();
    let schedule = |(length, working, clock, target, _): &Promised| Schedule {
        period: period(length),
        working: *working,
        clock: (*clock).to_owned(),
        target: target.and_then(|(length, counting)| Some((period(length)?, counting.to_owned()))),
    };
    let mut world = World {
        scale,
        chance: SeededEntropy::new(scale.seed),
        schedules: PROMISES.iter().map(schedule).collect(),
        places: ["FR", "FR-57", "LU", "any"].iter().filter_map(|code| Place::parse(code).ok()).collect(),
        lives: Vec::new(),
        queue: BTreeSet::new(),
        looks: Vec::new(),
        audit: Audit::default(),
    };
    world.run();
    world.audit
}

impl World {
    fn below(&self, bound: i64) -> i64 {
        i64::try_from(self.chance.below(u64::try_from(bound.max(1)).unwrap_or(1))).unwrap_or(0)
    }

    fn run(&mut self) {
        let start = 1_790_000_000_000;
        let end = start + YEAR_MS * i64::try_from(self.scale.years).unwrap_or(1);
        let mut arrivals = self.arrivals(start, end);
        arrivals.sort_unstable_by(|one, other| other.cmp(one));
        let mut now = start;
        while now < end {
            while arrivals.last().is_some_and(|(at, ..)| *at <= now) {
                let Some((at, promise, place)) = arrivals.pop() else { break };
                self.begin(instant(at), promise, place);
            }
            self.scan(instant(now));
            now += self.pause();
        }
        // The last look is long after everything ended.
        self.scan(instant(end + 3 * YEAR_MS));
        self.judge();
    }

    /// When the server looks again: minutes, mostly; hours at night; days when it was off; and now and then the wall clock is
    /// set back by up to an hour.
    fn pause(&self) -> i64 {
        match self.below(1000) {
            0..=2 => self.below(20 * DAY_MS),
            3..=20 => self.below(DAY_MS),
            21..=30 => -self.below(HOUR_MS),
            _ => HOUR_MS + self.below(5 * HOUR_MS),
        }
    }

    /// What happens to each agreement: its recurring promises start with it, the others when something happens.
    fn arrivals(&self, start: i64, end: i64) -> Vec<(i64, usize, usize)> {
        let mut arrivals = Vec::new();
        for _ in 0..self.scale.agreements {
            let place = usize::try_from(self.below(4)).unwrap_or(0);
            let signed = start + self.below(YEAR_MS);
            for (promise, (.., returns)) in PROMISES.iter().enumerate() {
                if *returns && promise == 7 {
                    arrivals.push((signed, promise, place));
                }
            }
            let mut at = signed;
            while at < end {
                at += DAY_MS + self.below(60 * DAY_MS);
                arrivals.push((at, usize::try_from(self.below(7)).unwrap_or(0), place));
            }
        }
        arrivals
    }

    fn begin(&mut self, at: Instant, schedule: usize, place: usize) {
        let dues = clocks::dues(&self.schedules[schedule], at, &self.places[place], None);
        let clock = Clockwork { started_at: at, target: dues.target, own: dues.own, other: dues.other, told_at: at };
        // Three in four are done in time, some late, some never.
        let span = dues.own.map_or(DAY_MS, |own| own.as_millisecond() - at.as_millisecond());
        let done_at = match self.below(8) {
            0 => None,
            1 => Some(engine::moved(at, span + self.below(30 * DAY_MS))),
            _ => Some(engine::moved(at, self.below(span))),
        };
        let life = self.lives.len();
        self.queue.extend(clock.next().map(|next| (next, life)));
        self.lives.push(Life { clock, schedule, place, done_at, told: Vec::new() });
        self.audit.duties += 1;
    }

    /// One look of the server: what people did since counts first.
    fn scan(&mut self, now: Instant) {
        self.audit.scans += 1;
        self.looks.push(self.looks.last().copied().map_or(now, |last| last.max(now)));
        while let Some((next, life)) = self.queue.first().copied().filter(|(next, _)| *next < now) {
            self.queue.remove(&(next, life));
            let one = &mut self.lives[life];
            // Done before this look: its clock tells nothing more, and its keeping says whether that was in time.
            if one.done_at.is_some_and(|done| done <= now) {
                self.again(life);
                continue;
            }
            let Some((beat, until)) = one.clock.tick(now) else {
                self.audit.overlooked += 1;
                continue;
            };
            one.told.push((beat, now));
            one.clock.told_at = until;
            self.audit.beats += 1;
            match beat {
                Beat::Missed => self.again(life),
                _ => self.queue.extend(one.clock.next().map(|next| (next, life))),
            }
        }
    }

    /// What returns by the calendar: from when it was done, or from the limit that passed.
    fn again(&mut self, life: usize) {
        let one = &self.lives[life];
        if !PROMISES[one.schedule].4 {
            return;
        }
        let missed = one.told.last().is_some_and(|(beat, _)| *beat == Beat::Missed);
        let limit = one.clock.own.map(|own| engine::moved(own, -1));
        let at = if missed { limit } else { one.done_at };
        let (schedule, place) = (one.schedule, one.place);
        if let Some(at) = at {
            self.begin(at, schedule, place);
        }
    }

    /// Counts what went wrong, from the instants alone.
    fn judge(&mut self) {
        for life in &self.lives {
            let (clock, audit) = (&life.clock, &mut self.audit);
            let of = |beat: Beat| match beat {
                Beat::Reminder => None,
                Beat::Target => clock.target,
                Beat::Limit => clock.own,
                Beat::Missed => clock.other,
            };
            let mut before: Option<Beat> = None;
            for (beat, told_at) in &life.told {
                audit.early += u64::from(of(*beat).is_some_and(|at| *told_at <= at) || *told_at <= clock.started_at);
                audit.doubled += u64::from(before == Some(*beat));
                audit.senseless += u64::from(before.is_some_and(|before| before > *beat));
                before = Some(*beat);
            }
            let told_missed = life.told.iter().filter(|(beat, _)| *beat == Beat::Missed).count();
            audit.doubled += u64::from(told_missed > 1);
            // Broken, and found so: still not done at the first look after the last reading of the limit.
            let first_look =
                |limit: Instant| self.looks.get(self.looks.partition_point(|look| *look <= limit)).copied();
            let undone = |look: Instant| life.done_at.is_none_or(|done| done > look);
            let broken = clock.other.and_then(first_look).is_some_and(undone);
            audit.missed += u64::from(broken && told_missed == 0);
            audit.senseless += u64::from(!broken && told_missed > 0);
        }
    }
}

fn instant(millis: i64) -> Instant {
    Instant::from_millisecond(millis).unwrap_or(Instant::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_years_with_outages_miss_double_and_hasten_nothing() {
        for seed in 0..3 {
            let audit = live(Scale { agreements: 40, years: 10, seed });
            assert!(audit.duties > 3_000 && audit.beats > 2_000 && audit.scans > 10_000, "{audit:?}");
            let Audit { missed, doubled, early, senseless, overlooked, .. } = audit;
            assert_eq!((missed, doubled, early, senseless, overlooked), (0, 0, 0, 0, 0), "{audit:?}");
        }
    }
}
