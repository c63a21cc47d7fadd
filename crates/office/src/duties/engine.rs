//! The life of a duty, without any table: what its clock brings, and what people may do to it.
//!
//! ```text
//! running ─▶ discharged            evidence shows it; late when our reading of the limit had passed
//! running ─▶ missed ─▶ discharged  every reading of the limit had passed; evidence may still come
//! running ⇄ paused                 a cause stops the clock; what is left goes on when it ends
//! ```
//!
//! A running clock has beats: a reminder, our target, the limit as we read it, the limit as the other party may read
//! it. Each is told once. After an outage only the gravest of those that passed is told: nobody needs a reminder of what is
//! late. No beat is told before its instant.

use super::clocks::Dues;
use super::counted::{counted, recounted, resumed};
use super::events::DutyEvent;
use super::store::Duty;
use crate::{Kind, Refusal};
use kernel::clock::{Explanation, Law};
use kernel::{AccountId, Instant, Period, Personal, Place};
use serde::{Deserialize, Serialize};

pub(super) const DAY_MS: i64 = 86_400_000;

/// What a running clock brings, from the mildest to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Beat {
    /// It will be due.
    Reminder,
    /// We meant to be done.
    Target,
    /// The earliest reading of the limit has passed: late.
    Limit,
    /// The latest reading of the limit has passed: broken.
    Missed,
}

impl Beat {
    /// The word of its texts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Target => "target",
            Self::Limit => "limit",
            Self::Missed => "missed",
        }
    }
}

/// The instants of a clock, and up to when its beats have been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clockwork {
    /// When it started.
    pub started_at: Instant,
    /// When we mean to be done.
    pub target: Option<Instant>,
    /// The earliest reading of the limit.
    pub own: Option<Instant>,
    /// The latest reading of the limit.
    pub other: Option<Instant>,
    /// The instant of the last beat that was told, or when the clock last went on.
    pub told_at: Instant,
}

impl Clockwork {
    /// Its beats, in order.
    #[must_use]
    pub fn beats(&self) -> Vec<(Instant, Beat)> {
        let reminder = self.target.or(self.own).map(|due| reminder(self.started_at, due));
        let mut beats: Vec<(Instant, Beat)> = [
            (reminder, Beat::Reminder),
            (self.target, Beat::Target),
            (self.own, Beat::Limit),
            (self.other, Beat::Missed),
        ]
        .into_iter()
        .filter_map(|(at, beat)| Some((at?, beat)))
        .collect();
        beats.sort();
        beats
    }

    /// The instant of the next beat; a clock is looked at once it has passed.
    #[must_use]
    pub fn next(&self) -> Option<Instant> {
        self.beats().into_iter().map(|(at, _)| at).find(|at| *at > self.told_at)
    }

    /// The gravest beat that has passed and was not told, with the instant up to which all are told then.
    #[must_use]
    pub fn tick(&self, now: Instant) -> Option<(Beat, Instant)> {
        let passed: Vec<(Instant, Beat)> =
            self.beats().into_iter().filter(|(at, _)| *at > self.told_at && *at < now).collect();
        let until = passed.last().map(|(at, _)| *at)?;
        passed.iter().map(|(_, beat)| *beat).max().map(|beat| (beat, until))
    }
}

/// When to remind of what is due: a month before what takes half a year, a week before what takes three, two days before
/// what takes one, and after three quarters of anything shorter.
fn reminder(started_at: Instant, due: Instant) -> Instant {
    let span = due.as_millisecond() - started_at.as_millisecond();
    let lead = match span / DAY_MS {
        180.. => 30 * DAY_MS,
        21.. => 7 * DAY_MS,
        7.. => 2 * DAY_MS,
        _ => span.max(0) / 4,
    };
    moved(due, -lead)
}

pub(super) fn moved(at: Instant, millis: i64) -> Instant {
    Instant::from_millisecond(at.as_millisecond().saturating_add(millis)).unwrap_or(at)
}

/// What somebody, or the clock, does to a duty.
#[derive(Clone, Debug)]
pub enum Command {
    /// It is done, and this shows it.
    Discharge(String),
    /// Its clock stops, for a cause.
    Pause(Personal<String>),
    /// The cause is gone.
    Resume,
    /// The law or the agreement gives longer, for a reason.
    Extend(Period, Personal<String>),
    /// Somebody in particular answers for it; none gives it back to the role.
    HandOver(Option<AccountId>),
    /// Time has passed.
    Tick,
    /// A calendar or a law was corrected: under which law it counts now, and what was corrected.
    Recount(Option<Law>, Explanation),
}

/// The events of a command at `now`, counted in the calendar of `place`; none when nothing changes.
///
/// # Errors
/// When the duty's state does not allow it.
pub(super) fn decide(duty: &Duty, place: &Place, now: Instant, command: Command) -> Result<Vec<DutyEvent>, Refusal> {
    let (id, controller) = (duty.id.clone(), duty.controller.clone());
    let event = match (command, duty.state.as_str()) {
        (Command::Tick, "running") => match duty.clockwork().tick(now) {
            None => return Ok(Vec::new()),
            Some((Beat::Missed, _)) => DutyEvent::Missed { duty: id, controller },
            Some((beat, until)) => DutyEvent::Told { duty: id, controller, beat, until },
        },
        (Command::Tick, _) => return Ok(Vec::new()),
        // What was missed or done stays as it was counted then.
        (Command::Recount(law, why), "running" | "paused") => match recounted(duty, place, law, why) {
            None => return Ok(Vec::new()),
            Some(recounted) => DutyEvent::Recounted(Box::new(recounted)),
        },
        (Command::Recount(..), _) => return Ok(Vec::new()),
        (_, "discharged") => return Err(over()),
        (Command::Discharge(evidence), _) => DutyEvent::Discharged { duty: id, controller, evidence },
        (Command::HandOver(to), _) if to == duty.owner => return Ok(Vec::new()),
        (Command::HandOver(to), _) => DutyEvent::HandedOver { duty: id, controller, to },
        (Command::Pause(cause), "running") => DutyEvent::Paused { duty: id, controller, cause },
        (Command::Resume, "paused") => {
            DutyEvent::Resumed { duty: id, controller, dues: resumed(duty, place, now), told_at: now }
        }
        (Command::Extend(by, reason), "running") => {
            let dues = extended(duty, place, now, &by)?;
            DutyEvent::Extended { duty: id, controller, by, reason, dues, told_at: now }
        }
        (Command::Pause(_) | Command::Resume | Command::Extend(..), state) => return Err(not_now(state)),
    };
    Ok(vec![event])
}

/// The dues of the longer period, counted from the same start (Art. 12(3): two further months make three from receipt).
fn extended(duty: &Duty, place: &Place, now: Instant, by: &Period) -> Result<Dues, Refusal> {
    if duty.longer.is_some() {
        return Err(extended_before());
    }
    // The person has to be told within the first period; afterwards there is nothing left to extend.
    if duty.own_due.is_some_and(|own| now > own) {
        return Err(too_late());
    }
    counted(duty, place, duty.law, Some(by), duty.paused_ms).ok_or_else(no_period)
}

fn over() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "duty-over",
        ["This duty is done.", "Cette échéance est accomplie."],
        ["Nothing more is to be done about it.", "Il n'y a plus rien à y faire."],
    )
}

fn not_now(state: &str) -> Refusal {
    let (en, fr) = match state {
        "paused" => ("The clock of this duty stands still.", "Le délai de cette échéance est suspendu."),
        "missed" => (
            "This duty is past every reading of its limit.",
            "Cette échéance a passé toutes les lectures de sa limite.",
        ),
        _ => ("The clock of this duty runs.", "Le délai de cette échéance court."),
    };
    Refusal::new(
        Kind::Conflict,
        "duty-state",
        [en, fr],
        ["Look at its page for what can be done now.", "Voyez sur sa page ce qui est possible maintenant."],
    )
}

fn extended_before() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "duty-extended",
        ["This duty was extended before.", "Cette échéance a déjà été prolongée."],
        ["A period is extended once.", "Un délai ne se prolonge qu'une fois."],
    )
}

fn too_late() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "duty-limit",
        ["The first period is over.", "Le premier délai est écoulé."],
        [
            "An extension has to be told within the first period. Do what is due, and say why it is late.",
            "Une prolongation s'annonce pendant le premier délai. Faites ce qui est dû, et dites pourquoi c'est en retard.",
        ],
    )
}

fn no_period() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "duty-period",
        ["This duty's period cannot be made longer by that.", "Le délai de cette échéance ne peut être allongé ainsi."],
        [
            "Give the extension in the unit of the period, such as P2M for a period in months.",
            "Donnez la prolongation dans l'unité du délai, comme P2M pour un délai en mois.",
        ],
    )
}

#[cfg(test)]
pub(in crate::duties) mod tests {
    use super::*;
    use crate::duties::clocks::{self, Schedule};
    use crate::duties::counted::shifted;
    use crate::duties::store::Keeping;
    use kernel::{DutyId, SubjectId};
    use web::Role;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn france() -> Place {
        Place::parse("FR").unwrap()
    }

    pub(in crate::duties) fn sample() -> Duty {
        let start = Instant::from_second(0).unwrap();
        Duty {
            id: "01ks0000000000000000000001".parse().unwrap(),
            controller: None,
            agreement: None,
            promise: "p".into(),
            record: "r".into(),
            state: "running".into(),
            title: [String::new(), String::new()],
            mode: "event".into(),
            role: Role::Dpo,
            owner: None,
            schedule: None,
            place: "FR".into(),
            edition: String::new(),
            zones: None,
            law: None,
            sequence: 0,
            started_at: start,
            target: None,
            own_due: None,
            other_due: None,
            told_at: start,
            paused_at: None,
            paused_ms: 0,
            cause: None,
            longer: None,
            reason: None,
            explanation: Explanation { en: String::new(), fr: String::new() },
            ended_at: None,
            evidence: None,
            shown: None,
        }
    }

    /// A duty of one month in France, from `start`.
    fn month(start: &str) -> Duty {
        let schedule =
            Schedule { period: Some("P1M".parse().unwrap()), working: false, clock: "period".into(), target: None };
        let dues = clocks::dues(&schedule, at(start), &france(), None);
        Duty {
            started_at: at(start),
            told_at: at(start),
            target: dues.target,
            own_due: dues.own,
            other_due: dues.other,
            explanation: dues.explanation,
            schedule: Some(schedule),
            ..sample()
        }
    }

    fn words() -> Personal<String> {
        let id: SubjectId = "01ks0000000000000000000001".parse().unwrap();
        Personal::new(id, "why".into())
    }

    fn told(duty: &Duty, now: &str, command: Command) -> String {
        match decide(duty, &france(), at(now), command) {
            Err(refusal) => refusal.code.to_owned(),
            Ok(events) => match events.as_slice() {
                [] => "nothing".into(),
                [DutyEvent::Told { beat, .. }] => beat.word().into(),
                [DutyEvent::Missed { .. }] => "missed".into(),
                [DutyEvent::Discharged { .. }] => "discharged".into(),
                [DutyEvent::Paused { .. }] => "paused".into(),
                [DutyEvent::Resumed { .. }] => "resumed".into(),
                [DutyEvent::Extended { .. }] => "extended".into(),
                [DutyEvent::HandedOver { .. }] => "handed over".into(),
                other => format!("{other:?}"),
            },
        }
    }

    /// A month from 5 March 2026 ends on Easter Sunday, 5 April, by the early reading and on Tuesday 7 April by the late one.
    #[test]
    fn what_a_clock_brings_and_when() {
        let duty = month("2026-03-05T10:00:00+01:00");
        for (now, expected) in [
            ("2026-03-20T12:00:00+01:00", "nothing"),
            ("2026-03-29T23:00:00+02:00", "nothing"),
            ("2026-03-30T01:00:00+02:00", "reminder"),
            ("2026-04-06T00:00:00+02:00", "reminder"),
            ("2026-04-06T00:00:01+02:00", "limit"),
            ("2026-04-08T00:00:00+02:00", "limit"),
            ("2026-04-08T00:00:01+02:00", "missed"),
            ("2030-01-01T00:00:00+01:00", "missed"),
        ] {
            assert_eq!(told(&duty, now, Command::Tick), expected, "{now}");
        }
    }

    #[test]
    fn a_beat_is_told_once() {
        let mut duty = month("2026-03-05T10:00:00+01:00");
        let limit = at("2026-04-06T10:00:00+02:00");
        let (beat, until) = duty.clockwork().tick(limit).unwrap();
        assert_eq!(beat, Beat::Limit);
        duty.told_at = until;
        assert_eq!(duty.clockwork().tick(limit), None);
        assert_eq!(duty.clockwork().next(), duty.other_due, "only the last reading is still to come");
    }

    #[test]
    fn which_command_which_state_allows() {
        let now = "2026-03-20T12:00:00+01:00";
        let by: Period = "P2M".parse().unwrap();
        let who: AccountId = "01ks0000000000000000000001".parse().unwrap();
        for (state, done, pause, resume, extend, hand) in [
            ("running", "discharged", "paused", "duty-state", "extended", "handed over"),
            ("paused", "discharged", "duty-state", "resumed", "duty-state", "handed over"),
            ("missed", "discharged", "duty-state", "duty-state", "duty-state", "handed over"),
            ("discharged", "duty-over", "duty-over", "duty-over", "duty-over", "duty-over"),
        ] {
            let paused_at = (state == "paused").then(|| at("2026-03-18T12:00:00+01:00"));
            let duty = Duty { state: state.into(), paused_at, ..month("2026-03-05T10:00:00+01:00") };
            assert_eq!(told(&duty, now, Command::Discharge("evidenced".into())), done, "{state}");
            assert_eq!(told(&duty, now, Command::Pause(words())), pause, "{state}");
            assert_eq!(told(&duty, now, Command::Resume), resume, "{state}");
            assert_eq!(told(&duty, now, Command::Extend(by, words())), extend, "{state}");
            assert_eq!(told(&duty, now, Command::HandOver(Some(who.clone()))), hand, "{state}");
            if state != "running" {
                assert_eq!(told(&duty, "2030-01-01T00:00:00Z", Command::Tick), "nothing", "{state}");
            }
        }
    }

    /// Three days and an hour stood still: ours moves by three days, the other party's by four and over what is no working day.
    #[test]
    fn a_pause_moves_both_limits_each_by_its_own_reading() {
        let duty = Duty {
            state: "paused".into(),
            paused_at: Some(at("2026-03-10T09:00:00+01:00")),
            ..month("2026-03-05T10:00:00+01:00")
        };
        let events = decide(&duty, &france(), at("2026-03-13T10:00:00+01:00"), Command::Resume).unwrap();
        let [DutyEvent::Resumed { dues, .. }] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(dues.own, Some(at("2026-04-09T00:00:00+02:00")), "5 April and three days");
        assert_eq!(dues.other, Some(at("2026-04-14T00:00:00+02:00")), "7 April and four days is Saturday: Monday 13");
        assert!(
            dues.explanation.en.contains("stood still from Tuesday 10 March 2026 to Friday 13 March 2026"),
            "{}",
            dues.explanation.en
        );
        assert!(
            dues.explanation.fr.contains("suspendu du mardi 10 mars 2026 au vendredi 13 mars 2026"),
            "{}",
            dues.explanation.fr
        );
    }

    #[test]
    fn hours_stand_still_by_the_minute() {
        let schedule =
            Schedule { period: Some("PT72H".parse().unwrap()), working: false, clock: "hours".into(), target: None };
        let dues = Dues {
            target: None,
            own: Some(at("2026-11-30T16:45:00+01:00")),
            other: Some(at("2026-11-30T17:00:00+01:00")),
            explanation: Explanation { en: String::new(), fr: String::new() },
        };
        let moved = shifted(dues, Some(&schedule), 90 * 60_000, &france());
        assert_eq!(moved.own, Some(at("2026-11-30T18:15:00+01:00")));
        assert_eq!(moved.other, Some(at("2026-11-30T18:30:00+01:00")));
    }

    /// Art. 12(3): one month and two more are three from receipt, not two from the end of the first.
    #[test]
    fn an_extension_counts_from_receipt_and_is_given_in_time_and_once() {
        let by: Period = "P2M".parse().unwrap();
        for (start, now, own, other) in [
            (
                "2026-10-31T10:00:00+01:00",
                "2026-11-20T10:00:00+01:00",
                "2027-02-01T00:00:00+01:00",
                "2027-02-02T00:00:00+01:00",
            ),
            (
                "2026-11-30T10:00:00+01:00",
                "2026-12-20T10:00:00+01:00",
                "2027-03-01T00:00:00+01:00",
                "2027-03-02T00:00:00+01:00",
            ),
        ] {
            let duty = month(start);
            let events = decide(&duty, &france(), at(now), Command::Extend(by, words())).unwrap();
            let [DutyEvent::Extended { dues, .. }] = events.as_slice() else { panic!("{events:?}") };
            assert_eq!((dues.own, dues.other), (Some(at(own)), Some(at(other))), "{start}");
            assert_eq!(
                told(&Duty { longer: Some(by), ..duty.clone() }, now, Command::Extend(by, words())),
                "duty-extended"
            );
            let late = moved(duty.own_due.unwrap(), 1).to_string();
            assert_eq!(told(&duty, &late, Command::Extend(by, words())), "duty-limit");
            assert_eq!(
                told(&duty, now, Command::Extend("P10D".parse().unwrap(), words())),
                "duty-period",
                "months and days"
            );
        }
        let due = month("2026-10-31T10:00:00+01:00");
        assert_eq!(due.keeping(at("2026-11-20T10:00:00+01:00")), Keeping::Due);
        let _: &DutyId = &due.id;
    }
}
