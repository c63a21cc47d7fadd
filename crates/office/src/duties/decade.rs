//! Years of virtual time over the clocks of many agreements, with a server that stops, a wall clock that is set back, calendars
//! that are corrected, people who are away, and an auditor who shares no code with the engine. Used by the tests, and by `cargo xtask bench duties` at full size.

use super::clocks::{self, Schedule};
use super::counted::retold;
use super::engine::{self, Beat, Clockwork};
use crate::absences::{Absence, Away};
use kernel::calendar::{Change, Table, When};
use kernel::{AbsenceId, AccountId, Instant, Place, SeededEntropy, clock};
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

/// What the auditor counted; everything but `duties`, `beats`, `scans`, `corrections` and `recounted` must be zero.
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
    /// Corrections of calendars.
    pub corrections: u64,
    /// Clocks that were counted again and came to another end.
    pub recounted: u64,
    /// Beats told to nobody, to somebody twice, or to somebody away while an owner or another was there.
    pub unheard: u64,
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
    told: Vec<Told>,
    /// When it was last counted, and how often.
    counted: (Instant, u32),
}

/// A beat that was told: when, of which instant, and after how many countings.
#[derive(Clone, Copy)]
struct Told {
    beat: Beat,
    at: Instant,
    of: Option<Instant>,
    counting: u32,
}

/// The people of the house: the first two are owners.
const PEOPLE: usize = 6;
const OWNERS: usize = 2;

struct World {
    scale: Scale,
    chance: SeededEntropy,
    schedules: Vec<Schedule>,
    table: Table,
    places: Vec<Place>,
    people: Vec<AccountId>,
    absences: Vec<Absence>,
    lives: Vec<Life>,
    queue: BTreeSet<(Instant, usize)>,
    /// The latest instant seen at each look.
    looks: Vec<Instant>,
    audit: Audit,
}

const PLACES: [&str; 4] = ["FR", "FR-57", "LU", "any"];
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
        table: Table::default(),
        places: PLACES.iter().filter_map(|code| Place::parse(code).ok()).collect(),
        people: Vec::new(),
        absences: Vec::new(),
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
        let ids = (0..PEOPLE).map(|_| AccountId::new(instant(start), &self.chance)).collect();
        self.people = ids;
        let mut now = start;
        while now < end {
            if self.below(30) == 0 {
                self.correct(instant(now));
            }
            if self.below(40) == 0 {
                self.leave(instant(now));
            }
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
        self.lives.push(Life { clock, schedule, place, done_at, told: Vec::new(), counted: (at, 0) });
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
            one.told.push(Told { beat, at: now, of: due(&one.clock, beat), counting: one.counted.1 });
            one.clock.told_at = until;
            self.audit.beats += 1;
            self.tell(life, beat, now);
            let one = &self.lives[life];
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
        let missed = one.told.last().is_some_and(|told| told.beat == Beat::Missed);
        let limit = one.clock.own.map(|own| engine::moved(own, -1));
        let at = if missed { limit } else { one.done_at };
        let (schedule, place) = (one.schedule, one.place);
        if let Some(at) = at {
            self.begin(at, schedule, place);
        }
    }

    /// A day is added to a place or taken away, and every clock that runs is counted again.
    fn correct(&mut self, now: Instant) {
        let place = usize::try_from(self.below(3)).unwrap_or(0);
        let day = clock::days_after(clock::day_of(now, &self.places[place]), self.below(40) - 5);
        let (when, adds) = (When::Once(day), self.places[place].holiday(day).is_none());
        let from = clock::days_after(day, -1);
        self.table.change(PLACES[place], Change { adds, when, from, name: "a day".to_owned() });
        self.audit.corrections += 1;
        self.places = PLACES.iter().filter_map(|code| self.table.place(code).ok()).collect();
        // Whoever has no beat to come is over.
        let running: Vec<usize> = self.queue.iter().map(|(_, life)| *life).collect();
        for life in running {
            let one = &self.lives[life];
            let over = one.done_at.is_some_and(|done| done <= now)
                || one.told.last().is_some_and(|told| told.beat == Beat::Missed);
            if !over {
                self.recount(life, now);
            }
        }
    }

    fn recount(&mut self, life: usize, now: Instant) {
        let one = &mut self.lives[life];
        let dues = clocks::dues(&self.schedules[one.schedule], one.clock.started_at, &self.places[one.place], None);
        if (dues.target, dues.own, dues.other) == (one.clock.target, one.clock.own, one.clock.other) {
            return;
        }
        if let Some(next) = one.clock.next() {
            self.queue.remove(&(next, life));
        }
        let told_at = retold(&one.clock, &dues);
        one.clock = Clockwork { target: dues.target, own: dues.own, other: dues.other, told_at, ..one.clock };
        one.counted = (now.max(one.counted.0), one.counted.1 + 1);
        self.queue.extend(one.clock.next().map(|next| (next, life)));
        self.audit.recounted += 1;
    }

    /// Somebody leaves for up to a month; a deputy is anybody, or nobody.
    fn leave(&mut self, now: Instant) {
        let someone = |world: &Self| usize::try_from(world.below(6)).unwrap_or(0);
        let (who, deputy) = (someone(self), someone(self));
        let from = clock::day_of(now, &self.places[0]);
        let until = clock::days_after(from, self.below(30));
        let deputy = (deputy != who && self.below(5) > 0).then(|| self.people[deputy].clone());
        let id = AbsenceId::new(now, &self.chance);
        self.absences.retain(|one| one.until >= from);
        self.absences.push(Absence { id, account: self.people[who].clone(), from, until, deputy });
    }

    /// Who hears of a beat, judged by the absences alone.
    fn tell(&mut self, life: usize, beat: Beat, now: Instant) {
        if beat < Beat::Limit {
            return;
        }
        let day = clock::day_of(now, &self.places[0]);
        let concerned = [self.people[life % PEOPLE].clone()];
        let owners = &self.people[..OWNERS];
        let told = Away::on(day, &self.absences).told_to(&concerned, owners, &self.people);
        let gone = |who: &AccountId| {
            self.absences.iter().any(|one| one.account == *who && one.from <= day && day <= one.until)
        };
        let twice = told.iter().enumerate().any(|(at, one)| told[..at].contains(one));
        let idle = told.iter().any(gone) && !owners.iter().all(gone);
        let passed_over = !gone(&concerned[0]) && told != concerned;
        self.audit.unheard += u64::from(told.is_empty() || twice || idle || passed_over);
    }

    /// Counts what went wrong, from the instants alone.
    fn judge(&mut self) {
        for life in &self.lives {
            let (clock, audit) = (&life.clock, &mut self.audit);
            let mut before: Option<Told> = None;
            for told in &life.told {
                audit.early += u64::from(told.of.is_some_and(|at| told.at <= at) || told.at <= clock.started_at);
                // After a correction the same beat has another instant, and is told of that one, too.
                let again = |one: Told| one.beat == told.beat && one.counting == told.counting;
                audit.doubled += u64::from(before.is_some_and(again));
                let milder = |one: Told| one.beat > told.beat && one.counting == told.counting;
                audit.senseless += u64::from(before.is_some_and(milder));
                before = Some(*told);
            }
            let told_missed = life.told.iter().filter(|told| told.beat == Beat::Missed).count();
            audit.doubled += u64::from(told_missed > 1);
            // Broken, and found so: still not done at the first look after the last reading of the limit, or after it became so.
            let first_look =
                |limit: Instant| self.looks.get(self.looks.partition_point(|look| *look <= limit)).copied();
            let undone = |look: Instant| life.done_at.is_none_or(|done| done > look);
            let known = clock.other.map(|other| if life.counted.1 == 0 { other } else { other.max(life.counted.0) });
            let broken = known.and_then(first_look).is_some_and(undone);
            audit.missed += u64::from(broken && told_missed == 0);
            audit.senseless += u64::from(!broken && told_missed > 0);
        }
    }
}

/// The instant of a beat, as the auditor reads it.
fn due(clock: &Clockwork, beat: Beat) -> Option<Instant> {
    match beat {
        Beat::Reminder => None,
        Beat::Target => clock.target,
        Beat::Limit => clock.own,
        Beat::Missed => clock.other,
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
            assert!(audit.corrections > 50 && audit.recounted > 20, "{audit:?}");
            let Audit { missed, doubled, early, senseless, overlooked, unheard, .. } = audit;
            assert_eq!((missed, doubled, early, senseless, overlooked, unheard), (0, 0, 0, 0, 0, 0), "{audit:?}");
        }
    }
}
