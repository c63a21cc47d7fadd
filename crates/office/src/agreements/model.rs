//! What may happen to an agreement, and when. Pure: a lawyer can check the table in the tests.

use super::{AgreementEvent, Outcome, Said};
use crate::{Kind, Refusal};
use agreement::names;
use kernel::{AgreementId, ControllerId, Lang};

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

/// One term decided, with what it said before.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The term.
    pub term: &'static str,
    /// How many decisions it will have had.
    pub number: u32,
    /// What it said.
    pub old: Said,
    /// What comes of it.
    pub outcome: Outcome,
}

/// What a person wants to do with it.
#[derive(Clone, Debug)]
pub enum Command {
    /// Decide some of its terms.
    Decide(Vec<Decided>),
    /// Take what a newer reader reads.
    ReadAgain {
        /// SHA-256 of that reading.
        reading: String,
    },
    /// Confirm its terms as this agreement file has them.
    Review {
        /// SHA-256 of the agreement file.
        file: String,
        /// How many terms the person confirmed as read.
        confirmed: u32,
        /// How many they changed.
        changed: u32,
        /// The required terms nobody has decided.
        undecided: Vec<&'static str>,
    },
    /// Let its promises bind us.
    PutInForce {
        /// Whether the document is no processing agreement at all.
        no_agreement: bool,
        /// How many errors the check of the file found.
        errors: usize,
        /// Whether the person accepts them.
        accept_errors: bool,
        /// The required terms nobody has decided.
        undecided: Vec<&'static str>,
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
        (State::InForce, _) => Err(in_force()),
        (State::Replaced, _) => Err(replaced()),
        (_, Command::Decide(decided)) => {
            Ok(decided.into_iter().map(|one| event(&agreement, &controller, one)).collect())
        }
        (_, Command::ReadAgain { reading }) => Ok(vec![AgreementEvent::ReadAgain { agreement, controller, reading }]),
        (_, Command::PutInForce { no_agreement: true, .. }) => Err(no_agreement()),
        (_, Command::Review { undecided, .. } | Command::PutInForce { undecided, .. }) if !undecided.is_empty() => {
            Err(required_undecided(&undecided))
        }
        (_, Command::Review { file, confirmed, changed, .. }) => {
            Ok(vec![AgreementEvent::Reviewed { agreement, controller, file, confirmed, changed }])
        }
        (State::Reviewed, Command::PutInForce { errors, accept_errors, .. }) if errors == 0 || accept_errors => {
            Ok(vec![AgreementEvent::PutInForce { agreement, controller, errors_accepted: errors }])
        }
        (State::Reviewed, Command::PutInForce { errors, .. }) => Err(has_errors(errors)),
        (State::Imported, Command::PutInForce { .. }) => Err(not_reviewed()),
    }
}

fn event(agreement: &AgreementId, controller: &ControllerId, decided: Decided) -> AgreementEvent {
    AgreementEvent::TermDecided {
        agreement: agreement.clone(),
        controller: controller.clone(),
        term: decided.term.to_owned(),
        number: decided.number,
        made: decided.outcome.made,
        old: decided.old,
        new: decided.outcome.said,
        accepted: decided.outcome.accepted.map(str::to_owned),
    }
}

/// Art. 28(3) and the clocks: what binds must have been looked at by a person.
fn required_undecided(terms: &[&str]) -> Refusal {
    let list = |lang: Lang| {
        let names = terms.iter().filter_map(|term| names::find(term)).map(|name| lang.pick(name.en, name.fr));
        names.collect::<Vec<_>>().join(lang.pick("; ", " ; "))
    };
    let (en, fr) = (
        format!("Nobody has decided yet: {}.", list(Lang::En)),
        format!("Personne n'a encore décidé : {}.", list(Lang::Fr)),
    );
    Refusal::new(
        Kind::Conflict,
        "required-undecided",
        [&en, &fr],
        [
            "Confirm or correct each in the review, take our default, or accept that the text does not say it.",
            "Confirmez ou corrigez chacun dans la relecture, prenez notre valeur, ou acceptez que le texte soit muet.",
        ],
    )
}

fn has_errors(errors: usize) -> Refusal {
    let (en, fr) = (
        format!("The law asks for more than this agreement says: the check counts {errors} as missing."),
        format!("La loi demande plus que ce que dit cet accord : points manquants selon la vérification, {errors}."),
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

fn replaced() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "agreement-replaced",
        ["A newer version has replaced this agreement.", "Une version plus récente a remplacé cet accord."],
        [
            "Open the newer version, or import the new text as one.",
            "Ouvrez la version plus récente, ou importez le nouveau texte comme telle.",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review() -> Command {
        Command::Review { file: "00".into(), confirmed: 3, changed: 1, undecided: Vec::new() }
    }

    fn early() -> Command {
        Command::Review { file: "00".into(), confirmed: 3, changed: 1, undecided: vec!["end.choice"] }
    }

    fn force(errors: usize, accept_errors: bool) -> Command {
        Command::PutInForce { no_agreement: false, errors, accept_errors, undecided: Vec::new() }
    }

    fn force_early(no_agreement: bool) -> Command {
        Command::PutInForce { no_agreement, errors: 1, accept_errors: true, undecided: vec!["end.choice"] }
    }

    fn decide_one() -> Command {
        let said = Said::silent();
        let outcome = Outcome { made: crate::agreements::Made::NotSaid, said: said.clone(), accepted: None };
        Command::Decide(vec![Decided { term: "audit.costs", number: 1, old: said, outcome }])
    }

    #[test]
    fn what_may_happen_when() {
        let agreement: AgreementId = "01ks0000000000000000000001".parse().unwrap();
        let controller: ControllerId = "01ks0000000000000000000002".parse().unwrap();
        for (state, command, outcome) in [
            (State::Imported, review(), Ok(1)),
            (State::Reviewed, review(), Ok(1)),
            (State::Imported, early(), Err("required-undecided")),
            (State::InForce, review(), Err("agreement-in-force")),
            (State::Imported, decide_one(), Ok(1)),
            (State::Reviewed, decide_one(), Ok(1)),
            (State::InForce, decide_one(), Err("agreement-in-force")),
            (State::Replaced, decide_one(), Err("agreement-replaced")),
            (State::Imported, Command::ReadAgain { reading: "00".into() }, Ok(1)),
            (State::InForce, Command::ReadAgain { reading: "00".into() }, Err("agreement-in-force")),
            (State::Imported, force_early(false), Err("required-undecided")),
            (State::Reviewed, force_early(false), Err("required-undecided")),
            (State::Reviewed, force_early(true), Err("not-an-agreement")),
            (State::Imported, force(0, false), Err("agreement-not-reviewed")),
            (State::Reviewed, force(0, false), Ok(1)),
            (State::Reviewed, force(2, false), Err("agreement-errors")),
            (State::Reviewed, force(2, true), Ok(1)),
            (State::InForce, force(0, true), Err("agreement-in-force")),
            (State::Replaced, force(0, true), Err("agreement-replaced")),
        ] {
            let seen = decide(state, &agreement, &controller, command.clone());
            assert_eq!(seen.map(|events| events.len()).map_err(|r| r.code), outcome, "{state:?} {command:?}");
        }
    }
}
