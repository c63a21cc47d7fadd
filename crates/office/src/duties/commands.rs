//! What people do to a duty: each a command, decided and recorded in one transaction.

use super::engine::{self, Command};
use super::{DutyEvent, once, programme, store};
use crate::{App, Kind, Refusal, calendars, feature};
use ::store::{StoreError, Tx};
use kernel::{Actor, DutyId, Personal, Place, SubjectId};

/// The most a person writes about a duty, in characters.
const WORDS_MAX: usize = 2000;

/// What a person wrote to show or to explain something.
///
/// # Errors
/// When it is empty or too long.
pub(super) fn words(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > WORDS_MAX {
        return Err(Refusal::new(
            Kind::Invalid,
            "evidence",
            ["This needs 1 to 2,000 characters.", "Il faut de 1 à 2 000 caractères."],
            [
                "Say what shows or explains it, and where that is.",
                "Dites ce qui le montre ou l'explique, et où cela se trouve.",
            ],
        ));
    }
    Ok(text.to_owned())
}

/// The same, sealed under a key of its own: people name people here.
pub(super) fn sealed(app: &App, text: &str) -> Result<Personal<String>, Refusal> {
    Ok(Personal::new(SubjectId::new(app.now(), app.store().entropy()), words(text)?))
}

/// Carries a command out on a duty. Evidence of a duty that returns starts the next one.
///
/// # Errors
/// When there is no such duty, or its state does not allow the command.
pub async fn act(app: &App, actor: Actor, id: &DutyId, command: Command) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    on(&mut tx, id, command).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn on(tx: &mut Tx<'_>, id: &DutyId, command: Command) -> Result<Vec<DutyEvent>, Refusal> {
    let duty = store::find(tx, id).await?.ok_or_else(|| Refusal::not_found("duty", "échéance"))?;
    if matches!(command, Command::Discharge(_)) {
        programme::check_evidence(&duty)?;
        once::check_reader(&duty, tx.actor())?;
    }
    let place = place_of(tx, &duty).await?;
    let events = engine::decide(&duty, &place, tx.now(), command)?;
    feature::append(tx, &events).await?;
    if duty.mode == "programme" && matches!(events[..], [DutyEvent::Discharged { .. }]) {
        programme::next(tx, &duty).await?;
    }
    Ok(events)
}

/// The place a duty was counted in, with its calendar as it stands.
pub(super) async fn place_of(tx: &mut Tx<'_>, duty: &store::Duty) -> Result<Place, StoreError> {
    Ok(calendars::table(tx).await?.place(&duty.place).unwrap_or_else(|_| crate::view::house_place()))
}
