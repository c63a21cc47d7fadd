//! What may happen to an agreement, and when. Pure: a lawyer can check the table in the tests.

use super::AgreementEvent;
use crate::{Kind, Refusal};
use kernel::{AgreementId, ControllerId};

/// Where an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its document has been read.
    Imported,
    /// A person has confirmed its terms.
    Reviewed,
    /// Its promises bind us.
    InForce,
    /// A newer agreement took its place.
    Replaced,
}

impl State {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Reviewed => "reviewed",
            Self::InForce => "in-force",
            Self::Replaced => "replaced",
        }
    }

    /// The state a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Imported, Self::Reviewed, Self::InForce, Self::Replaced].into_iter().find(|state| state.word() == word)
    }
}

/// What a person wants to do with it.
#[derive(Clone, Debug)]
pub enum Command {
    /// Confirm its terms as this agreement file has them.
    Review {
        /// SHA-256 of the agreement file.
        file: String,
        /// How many terms the person confirmed as read.
        confirmed: u32,
        /// How many they changed.
        changed: u32,
    },
    /// Let its promises bind us.
    PutInForce {
        /// Whether the document is no processing agreement at all.
        no_agreement: bool,
        /// How many errors the check of the file found.
        errors: usize,
        /// Whether the person accepts them.
        accept_errors: bool,
    },
}

/// The events a command makes, or why it may not be.
///
/// # Errors
/// A [`Refusal`] when the state does not allow it, or errors are not accepted.
pub fn decide(
    state: State,
    agreement: &AgreementId,
    controller: &ControllerId,
    command: Command,
) -> Result<Vec<AgreementEvent>, Refusal> {
    let (agreement, controller) = (agreement.clone(), controller.clone());
    match (state, command) {
        (State::Imported | State::Reviewed, Command::Review { file, confirmed, changed }) => {
            Ok(vec![AgreementEvent::Reviewed { agreement, controller, file, confirmed, changed }])
        }
        (State::Reviewed, Command::PutInForce { no_agreement: true, .. }) => Err(no_agreement()),
        (State::Reviewed, Command::PutInForce { errors, accept_errors, .. }) if errors == 0 || accept_errors => {
            Ok(vec![AgreementEvent::PutInForce { agreement, controller, errors_accepted: errors }])
        }
        (State::Reviewed, Command::PutInForce { errors, .. }) => Err(has_errors(errors)),
        (State::Imported, Command::PutInForce { .. }) => Err(not_reviewed()),
        (State::InForce | State::Replaced, _) => Err(in_force()),
    }
}

fn has_errors(errors: usize) -> Refusal {
    let (en, fr) = (
        format!("The law asks for more than this agreement says: the check counts {errors} as missing."),
        format!("La vérification a trouvé {errors} erreurs : la loi demande plus que ce que dit cet accord."),
    );
    Refusal::new(
        Kind::Conflict,
        "agreement-errors",
        [&en, &fr],
        [
            "Amend the agreement, or accept the errors expressly: the duties the law itself imposes apply all the same.",
            "Amendez l'accord, ou acceptez expressément les erreurs : les obligations légales s'appliquent de toute façon.",
        ],
    )
}

fn no_agreement() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "not-an-agreement",
        [
            "This document is no processing agreement: it binds nobody as a processor.",
            "Ce document n'est pas un accord de sous-traitance : il n'engage personne comme sous-traitant.",
        ],
        ["Import the agreement itself.", "Importez l'accord lui-même."],
    )
}

fn not_reviewed() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "agreement-not-reviewed",
        [
            "Nobody has confirmed the terms of this agreement yet.",
            "Personne n'a encore confirmé les termes de cet accord.",
        ],
        [
            "Review its terms beside the text, then put it in force.",
            "Relisez ses termes à côté du texte, puis mettez-le en vigueur.",
        ],
    )
}

fn in_force() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "agreement-in-force",
        ["This agreement is in force already.", "Cet accord est déjà en vigueur."],
        ["Import the new text as a new version.", "Importez le nouveau texte comme une nouvelle version."],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review() -> Command {
        Command::Review { file: "00".into(), confirmed: 3, changed: 1 }
    }

    fn force(errors: usize, accept_errors: bool) -> Command {
        Command::PutInForce { no_agreement: false, errors, accept_errors }
    }

    #[test]
    fn what_may_happen_when() {
        let agreement: AgreementId = "01ks0000000000000000000001".parse().unwrap();
        let controller: ControllerId = "01ks0000000000000000000002".parse().unwrap();
        for (state, command, outcome) in [
            (State::Imported, review(), Ok(1)),
            (State::Reviewed, review(), Ok(1)),
            (State::InForce, review(), Err("agreement-in-force")),
            (State::Imported, force(0, false), Err("agreement-not-reviewed")),
            (State::Reviewed, force(0, false), Ok(1)),
            (State::Reviewed, force(2, false), Err("agreement-errors")),
            (State::Reviewed, force(2, true), Ok(1)),
            (State::InForce, force(0, true), Err("agreement-in-force")),
            (State::Replaced, force(0, true), Err("agreement-in-force")),
            (
                State::Reviewed,
                Command::PutInForce { no_agreement: true, errors: 1, accept_errors: true },
                Err("not-an-agreement"),
            ),
        ] {
            let seen = decide(state, &agreement, &controller, command.clone());
            assert_eq!(seen.map(|events| events.len()).map_err(|r| r.code), outcome, "{state:?} {command:?}");
        }
    }
}
