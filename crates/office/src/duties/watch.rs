//! Whether the wall clock can be believed. A clock that leaps forward would break promises that are not broken, so after a
//! leap nothing is told until the new time has stood for a while; what was really due is told then.

use kernel::Instant;
use std::time::Duration;

/// A leap smaller than this is the usual adjusting of a clock.
const LEAP_MS: i64 = 60_000;
/// How long the new time has to stand.
const HOLD: Duration = Duration::from_secs(600);

/// What is to be made of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It passes as it should.
    Steady,
    /// It has just leapt, by so many milliseconds.
    Leapt(i64),
    /// It leapt a while ago, and is not yet believed.
    Held,
}

/// Compares the wall clock with one that only ever goes forward.
#[derive(Debug, Default)]
pub struct Watch {
    last: Option<(Instant, Duration)>,
    held_since: Option<Duration>,
}

impl Watch {
    /// Looks at both clocks: the wall's, and the time since the process started.
    pub fn look(&mut self, wall: Instant, steady: Duration) -> Judgement {
        let before = self.last.replace((wall, steady));
        let Some((wall_before, steady_before)) = before else { return Judgement::Steady };
        let passed = i64::try_from(steady.saturating_sub(steady_before).as_millis()).unwrap_or(i64::MAX);
        let leap = wall.as_millisecond().saturating_sub(wall_before.as_millisecond()).saturating_sub(passed);
        if leap.abs() > LEAP_MS {
            self.held_since = Some(steady);
            return Judgement::Leapt(leap);
        }
        match self.held_since {
            Some(since) if steady.saturating_sub(since) < HOLD => Judgement::Held,
            _ => {
                self.held_since = None;
                Judgement::Steady
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds on the wall, seconds since the start → what is made of it.
    #[test]
    fn a_leap_holds_for_ten_minutes_and_then_counts() {
        use Judgement::{Held, Leapt, Steady};
        let mut watch = Watch::default();
        for (wall, steady, expected) in [
            (1_000_000, 0, Steady),
            (1_000_003, 3, Steady),
            (1_000_050, 6, Steady),
            (1_090_053, 9, Leapt(90_000_000)),
            (1_090_056, 12, Held),
            (1_090_650, 606, Held),
            (1_090_653, 609, Steady),
            (1_000_656, 612, Leapt(-90_000_000)),
            (1_000_660, 616, Held),
            (1_090_663, 619, Leapt(90_000_000)),
            (1_091_263, 1_219, Steady),
        ] {
            let judged = watch.look(Instant::from_second(wall).unwrap(), Duration::from_secs(steady));
            assert_eq!(judged, expected, "{wall} {steady}");
        }
    }
}
