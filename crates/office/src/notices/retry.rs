//! When a letter that was not taken is tried again, and when a person has to be asked.
//!
//! A server that is busy is asked for two days, a full mailbox for five: people come back from leave. A refusal is not
//! argued with. An attempt whose answer was lost is made again soon, under the same Message-ID, and shown as what it is:
//! the recipient may have it twice.

use super::mail::Outcome;
use kernel::Instant;

/// Minutes before each further attempt while the server is busy or unreachable.
const BUSY: [i64; 12] = [1, 5, 15, 30, 60, 120, 240, 480, 480, 480, 480, 480];
/// Minutes before each further attempt while the mailbox is full: a quarter of an hour, an hour, then every six.
const FULL: [i64; 22] =
    [15, 60, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360, 360];

/// The word of an outcome, as entries keep it.
#[must_use]
pub(super) fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Taken(_) => "taken",
        Outcome::Later(_) => "later",
        Outcome::Full(_) => "full",
        Outcome::Refused(_) => "refused",
        Outcome::Unknown(_) => "unknown",
    }
}

/// When to try again after the attempt number `attempts` (from 1) ended like this at `now`; none when a person has to be
/// asked.
#[must_use]
pub(super) fn again(outcome: &Outcome, attempts: i64, now: Instant) -> Option<Instant> {
    let pauses: &[i64] = match outcome {
        Outcome::Taken(_) | Outcome::Refused(_) => &[],
        Outcome::Later(_) | Outcome::Unknown(_) => &BUSY,
        Outcome::Full(_) => &FULL,
    };
    let index = usize::try_from(attempts - 1).ok()?;
    let minutes = *pauses.get(index)?;
    Instant::from_millisecond(now.as_millisecond() + minutes * 60_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days_until_a_person(outcome: &Outcome) -> (usize, f64) {
        let (mut now, mut attempts) = (Instant::UNIX_EPOCH, 1);
        while let Some(at) = again(outcome, attempts, now) {
            assert!(at > now);
            (now, attempts) = (at, attempts + 1);
        }
        #[expect(clippy::cast_precision_loss, reason = "a few days in seconds")]
        let days = now.as_second() as f64 / 86_400.0;
        (usize::try_from(attempts).expect("few"), days)
    }

    #[test]
    fn a_busy_server_is_asked_for_two_days_a_full_mailbox_for_five_and_a_refusal_never_again() {
        let (attempts, days) = days_until_a_person(&Outcome::Later(String::new()));
        assert!(attempts == 13 && (1.9..2.2).contains(&days), "{attempts} {days}");
        let (attempts, days) = days_until_a_person(&Outcome::Full(String::new()));
        assert!(attempts == 23 && (4.9..5.2).contains(&days), "{attempts} {days}");
        assert_eq!(days_until_a_person(&Outcome::Refused(String::new())), (1, 0.0));
    }
}
