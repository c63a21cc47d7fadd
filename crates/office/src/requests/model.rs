//! What may happen to a request, and when. Pure.

use super::{RequestEvent, RequestRow};
use crate::{Kind, Refusal};
use kernel::{AccountId, Actor, Personal, PlanId};
use serde::{Deserialize, Serialize};

/// The right a person exercises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// A copy of their data (Art. 15).
    Access,
    /// Erasure (Art. 17).
    Erasure,
}

/// The channel of what a controller's own people ask for in their area.
pub const CLIENT_AREA: &str = "client-area";

/// How a request may reach us.
pub const CHANNELS: [&str; 7] = ["mail", "telephone", "letter", "other", "api", "command-line", CLIENT_AREA];

impl Right {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Erasure => "erasure",
        }
    }

    /// The right a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Access, Self::Erasure].into_iter().find(|right| right.word() == word)
    }
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The notice to the controller is queued; we wait for its instruction.
    Forwarded,
    /// The controller says carry it out.
    Instructed,
    /// The controller says refuse.
    Refused,
    /// A plan waits for approval.
    Planned,
    /// A second person approved the plan.
    Approved,
    /// The plan is being carried out.
    Applying,
    /// Carried out and verified; see the outcome.
    Applied,
    /// Over.
    Closed,
}

impl State {
    const ALL: [Self; 8] = [
        Self::Forwarded,
        Self::Instructed,
        Self::Refused,
        Self::Planned,
        Self::Approved,
        Self::Applying,
        Self::Applied,
        Self::Closed,
    ];

    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Forwarded => "forwarded",
            Self::Instructed => "instructed",
            Self::Refused => "refused",
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Closed => "closed",
        }
    }

    /// The state a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// How a request ended in the estate. The order is from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The person was in none of the systems.
    NotFound,
    /// The package is made.
    Packaged,
    /// Erased, and a re-read found nothing.
    NothingLeft,
    /// Erased, but some rows are kept on a legal ground.
    PartlyKept,
    /// A re-read still found something.
    Left,
}

impl Outcome {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Packaged => "packaged",
            Self::NothingLeft => "nothing-left",
            Self::PartlyKept => "partly-kept",
            Self::Left => "left",
        }
    }

    /// The outcome a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }
}

/// What is to happen to a request.
#[derive(Clone, Debug)]
pub enum Command {
    /// The controller instructed us.
    Instruct {
        /// Whether to carry it out.
        carry_out: bool,
        /// What it said, and who said it.
        note: Option<Personal<String>>,
    },
    /// A plan was made.
    Plan {
        /// The plan.
        plan: PlanId,
        /// SHA-256 of the whole plan, which is also its name among the documents.
        hash: String,
        /// Rows it concerns.
        rows: u64,
    },
    /// A second person approves the plan.
    Approve {
        /// The hash they approve.
        hash: String,
    },
    /// Carry it out, or go on with it.
    Apply,
    /// It is carried out and verified.
    Finish {
        /// How it ended.
        outcome: Outcome,
    },
    /// The rows are no longer those of the plan.
    Stale {
        /// Where, in English.
        why: String,
    },
    /// It is over.
    Close {
        /// A person accepts that a re-read still found something.
        accept_left: bool,
    },
}

/// The events a command makes, or why it may not be. An empty list: it was done already.
///
/// # Errors
/// A [`Refusal`] when the state, the hash or the person does not allow it.
pub fn decide(row: &RequestRow, actor: &Actor, command: Command) -> Result<Vec<RequestEvent>, Refusal> {
    use State::{Applied, Applying, Approved, Closed, Forwarded, Instructed, Planned, Refused};
    let (request, controller) = (row.id.clone(), row.controller.clone());
    let event = match (row.state, command) {
        (Forwarded, Command::Instruct { carry_out, note }) => {
            RequestEvent::Instructed { request, controller, carry_out, note }
        }
        // The controller, or the person, changes their mind before anything was done.
        (Instructed | Planned | Approved, Command::Instruct { carry_out: false, note }) => {
            RequestEvent::Instructed { request, controller, carry_out: false, note }
        }
        (Instructed | Planned | Approved, Command::Plan { plan, hash, rows }) => {
            RequestEvent::Planned { request, controller, plan, hash, rows, by: person(actor)? }
        }
        (Planned, Command::Approve { hash }) => {
            check_approval(row, actor, &hash)?;
            RequestEvent::Approved { request, controller, hash, by: person(actor)? }
        }
        (Approved, Command::Apply) => {
            RequestEvent::Applying { request, controller, hash: row.plan_hash.clone().unwrap_or_default() }
        }
        (Applying, Command::Apply) | (Applied | Closed, Command::Apply | Command::Finish { .. }) => return Ok(vec![]),
        (Applying, Command::Finish { outcome }) => RequestEvent::Applied { request, controller, outcome },
        (Approved | Applying, Command::Stale { why }) => RequestEvent::PlanStale { request, controller, why },
        // Not finished: what is left is planned again.
        (Applied, Command::Plan { plan, hash, rows }) if row.outcome == Some(Outcome::Left) => {
            RequestEvent::Planned { request, controller, plan, hash, rows, by: person(actor)? }
        }
        (Applied, Command::Close { accept_left: false }) if row.outcome == Some(Outcome::Left) => {
            return Err(still_there());
        }
        (Applied | Refused, Command::Close { accept_left }) => {
            let left_accepted = accept_left && row.outcome == Some(Outcome::Left);
            RequestEvent::Closed { request, controller, left_accepted }
        }
        (state, _) => return Err(wrong_state(state)),
    };
    Ok(vec![event])
}

fn person(actor: &Actor) -> Result<AccountId, Refusal> {
    actor.account().cloned().ok_or_else(|| {
        Refusal::new(
            Kind::NotAllowed,
            "needs-a-person",
            ["Only a signed-in person may do this.", "Seule une personne connectée peut le faire."],
            ["Sign in and do it yourself.", "Connectez-vous et faites-le vous-même."],
        )
    })
}

/// Four eyes are two people, and an approval is of one plan.
fn check_approval(row: &RequestRow, actor: &Actor, hash: &str) -> Result<(), Refusal> {
    if row.plan_hash.as_deref() != Some(hash) {
        return Err(Refusal::new(
            Kind::Conflict,
            "plan-changed",
            [
                "The plan is not the one you approve: its hash differs.",
                "Le plan n'est pas celui que vous approuvez : son empreinte diffère.",
            ],
            [
                "Read the plan as it is now, and approve that one.",
                "Lisez le plan tel qu'il est, et approuvez celui-là.",
            ],
        ));
    }
    if actor.account().is_some() && actor.account() == row.planned_by.as_ref() {
        return Err(Refusal::new(
            Kind::NotAllowed,
            "own-plan",
            [
                "You made this plan: somebody else must approve it.",
                "Vous avez fait ce plan : quelqu'un d'autre doit l'approuver.",
            ],
            ["Ask an owner or the privacy officer.", "Demandez à un propriétaire ou au délégué."],
        ));
    }
    Ok(())
}

fn still_there() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "still-there",
        [
            "A re-read still found data of the person: this is not finished.",
            "Une relecture a encore trouvé des données de la personne : ce n'est pas fini.",
        ],
        [
            "Mend the map and plan again, or close expressly accepting what is left, for a reason the controller knows.",
            "Corrigez la carte et refaites un plan, ou closez en acceptant ce qui reste, pour une raison connue du responsable.",
        ],
    )
}

fn wrong_state(state: State) -> Refusal {
    let (en, fr) = match state {
        State::Forwarded => {
            ("The controller has not instructed us yet.", "Le responsable n'a pas encore donné d'instruction.")
        }
        State::Instructed => ("There is no plan yet.", "Il n'y a pas encore de plan."),
        State::Refused => ("The controller refused this request.", "Le responsable a refusé cette demande."),
        State::Planned => ("The plan is not approved yet.", "Le plan n'est pas encore approuvé."),
        State::Approved => {
            ("The plan is approved, and not carried out yet.", "Le plan est approuvé, et pas encore exécuté.")
        }
        State::Applying => ("The plan is being carried out.", "Le plan est en cours d'exécution."),
        State::Applied => ("The plan has been carried out.", "Le plan a été exécuté."),
        State::Closed => ("This request is closed.", "Cette demande est close."),
    };
    let remedy = match state {
        State::Forwarded => ["Record its instruction first.", "Inscrivez d'abord son instruction."],
        State::Instructed => ["Make a plan first.", "Faites d'abord un plan."],
        State::Planned => ["A second person approves it first.", "Une seconde personne l'approuve d'abord."],
        State::Approved | State::Applying => ["Carry the plan out first.", "Exécutez d'abord le plan."],
        State::Refused | State::Applied | State::Closed => {
            ["Log a new request if there is more to do.", "Inscrivez une nouvelle demande s'il reste à faire."]
        }
    };
    Refusal::new(Kind::Conflict, "request-state", [en, fr], remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: State) -> RequestRow {
        RequestRow::sample(state, account(1), "aa")
    }

    fn account(n: u32) -> AccountId {
        format!("01ks000000000000000000000{n}").parse().unwrap()
    }

    fn plan() -> Command {
        Command::Plan { plan: "01ks0000000000000000000009".parse().unwrap(), hash: "aa".into(), rows: 3 }
    }

    fn approve(hash: &str) -> Command {
        Command::Approve { hash: hash.into() }
    }

    fn instruct(carry_out: bool) -> Command {
        Command::Instruct { carry_out, note: None }
    }

    /// Account 1 made the plan with the hash "aa".
    #[test]
    fn what_may_happen_when_and_by_whom() {
        use State::{Applied, Applying, Approved, Closed, Forwarded, Instructed, Planned, Refused};
        let close = || Command::Close { accept_left: false };
        let finish = || Command::Finish { outcome: Outcome::NothingLeft };
        for (state, who, command, outcome) in [
            (Forwarded, 1, instruct(true), Ok(1)),
            (Forwarded, 1, instruct(false), Ok(1)),
            (Forwarded, 1, plan(), Err("request-state")),
            (Instructed, 1, instruct(true), Err("request-state")),
            (Instructed, 1, plan(), Ok(1)),
            (Instructed, 2, approve("aa"), Err("request-state")),
            (Planned, 1, plan(), Ok(1)),
            (Planned, 1, approve("aa"), Err("own-plan")),
            (Planned, 2, approve("bb"), Err("plan-changed")),
            (Planned, 2, approve("aa"), Ok(1)),
            (Planned, 1, Command::Apply, Err("request-state")),
            (Approved, 1, Command::Apply, Ok(1)),
            (Approved, 1, plan(), Ok(1)),
            (Applying, 1, Command::Apply, Ok(0)),
            (Applying, 1, finish(), Ok(1)),
            (Applying, 1, Command::Stale { why: "orders".into() }, Ok(1)),
            (Applying, 1, close(), Err("request-state")),
            (Planned, 2, instruct(false), Ok(1)),
            (Approved, 2, instruct(false), Ok(1)),
            (Applying, 2, instruct(false), Err("request-state")),
            (Applied, 1, Command::Apply, Ok(0)),
            (Applied, 1, plan(), Err("request-state")),
            (Applied, 1, close(), Ok(1)),
            (Refused, 1, close(), Ok(1)),
            (Refused, 1, plan(), Err("request-state")),
            (Closed, 1, Command::Apply, Ok(0)),
            (Closed, 1, close(), Err("request-state")),
        ] {
            let seen = decide(&row(state), &Actor::Account(account(who)), command.clone());
            assert_eq!(seen.map(|events| events.len()).map_err(|r| r.code), outcome, "{state:?} by {who}: {command:?}");
        }
    }

    #[test]
    fn what_is_left_is_planned_again_or_expressly_accepted() {
        let mut left = row(State::Applied);
        left.outcome = Some(Outcome::Left);
        let owner = Actor::Account(account(2));
        assert!(decide(&left, &owner, plan()).is_ok());
        assert_eq!(decide(&left, &owner, Command::Close { accept_left: false }).unwrap_err().code, "still-there");
        assert!(decide(&left, &owner, Command::Close { accept_left: true }).is_ok());
    }

    #[test]
    fn a_job_can_neither_plan_nor_approve() {
        for (state, command) in [(State::Instructed, plan()), (State::Planned, approve("aa"))] {
            assert_eq!(decide(&row(state), &Actor::system("jobs"), command).unwrap_err().code, "needs-a-person");
        }
    }

    #[test]
    fn the_worst_outcome_of_several_systems_counts() {
        assert!(Outcome::NotFound < Outcome::NothingLeft && Outcome::NothingLeft < Outcome::PartlyKept);
        assert_eq!([Outcome::NothingLeft, Outcome::Left, Outcome::NotFound].into_iter().max(), Some(Outcome::Left));
    }
}
