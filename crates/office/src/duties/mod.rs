//! Duties: every promise of an agreement in force, its trigger, its clock, its evidence.
//!
//! GDPR Art. 28(3) makes the agreement binding; Art. 5(2) asks to show that it was kept. A promise
//! waits for its event, returns by the calendar, or stands always. An instance of it, a *duty*, has
//! two due instants: ours, the earliest reading, and the other party's, the latest.

mod clocks;
mod events;
pub mod store;

pub use clocks::{Dues, dues};
pub use events::{DutyEvent, PromiseMade};
pub use store::{Duty, Keeping, PromiseRow, keeping, of_agreement, open_duties};

use crate::{Event, Feature, Refusal, feature};
use ::store::{Columns, Recorded, Store, StoreError, Tx};
use agreement::promises::{Event as Trigger, Kind, Promise};
use futures_util::future::BoxFuture;
use kernel::{Actor, AgreementId, ControllerId, DutyId, Instant, Personal, Place, SubjectId};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "duties",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "duties", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["promise.made", "promise.evidenced", "duty.started", "duty.discharged", "duty.missed"],
    apply,
    routes: &[],
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, DutyEvent::of(entry)?).await })
}

/// Makes the promises of an agreement that is put in force, and starts those that return by the calendar.
///
/// # Errors
/// When the database fails.
pub async fn arm(
    tx: &mut Tx<'_>,
    controller: &ControllerId,
    agreement: &AgreementId,
    promises: &[Promise],
    place: &Place,
) -> Result<(), StoreError> {
    let now = tx.now();
    for promise in promises {
        let made = PromiseMade::of(controller, agreement, promise);
        feature::append(tx, &[DutyEvent::Made(made)]).await?;
        if let Kind::Recurring { .. } = promise.kind {
            start(tx, controller, agreement, promise, agreement.as_str(), now, place).await?;
        }
    }
    Ok(())
}

/// Starts every duty that `trigger` sets in motion for a controller.
///
/// # Errors
/// When the database fails.
pub async fn trigger(
    tx: &mut Tx<'_>,
    controller: &ControllerId,
    trigger: Trigger,
    record: &str,
    at: Instant,
    place: &Place,
) -> Result<(), StoreError> {
    for row in store::waiting_for(tx, controller, trigger.word()).await? {
        let event = started(tx, &row.made, record, at, place);
        feature::append(tx, &[event]).await?;
    }
    Ok(())
}

async fn start(
    tx: &mut Tx<'_>,
    controller: &ControllerId,
    agreement: &AgreementId,
    promise: &Promise,
    record: &str,
    at: Instant,
    place: &Place,
) -> Result<(), StoreError> {
    let made = PromiseMade::of(controller, agreement, promise);
    let event = started(tx, &made, record, at, place);
    feature::append(tx, &[event]).await
}

fn started(tx: &Tx<'_>, made: &PromiseMade, record: &str, at: Instant, place: &Place) -> DutyEvent {
    let dues = made.schedule.as_ref().map(|schedule| dues(schedule, at, place));
    DutyEvent::Started {
        duty: DutyId::new(tx.now(), tx.entropy()),
        controller: made.controller.clone(),
        agreement: made.agreement.clone(),
        promise: made.promise.clone(),
        record: record.to_owned(),
        at,
        dues,
    }
}

/// Starts the duties of one promise only: an event such as "the controller asks for help" has many kinds.
///
/// # Errors
/// When the database fails.
pub async fn trigger_term(
    tx: &mut Tx<'_>,
    controller: &ControllerId,
    term: &str,
    record: &str,
    at: Instant,
    place: &Place,
) -> Result<(), StoreError> {
    for row in store::of_term(tx, controller, term).await? {
        let event = started(tx, &row.made, record, at, place);
        feature::append(tx, &[event]).await?;
    }
    Ok(())
}

/// Ends the running duties that `record` started for the promise `term`, with what shows it.
///
/// # Errors
/// When the database fails.
pub async fn discharge(
    tx: &mut Tx<'_>,
    controller: &ControllerId,
    record: &str,
    term: &str,
    evidence: &str,
) -> Result<(), StoreError> {
    for duty in store::running(tx, controller, record, term).await? {
        let event = DutyEvent::Discharged { duty, controller: controller.clone(), evidence: evidence.to_owned() };
        feature::append(tx, &[event]).await?;
    }
    Ok(())
}

/// Records what shows that a promise is kept; running duties of it are done with that.
///
/// # Errors
/// When the agreement makes no such promise.
pub async fn evidence(
    db: &Store,
    now: Instant,
    actor: Actor,
    agreement: &AgreementId,
    promise: &str,
    evidence: &str,
) -> Result<(), Refusal> {
    let mut tx = db.begin(now, actor).await?;
    let row = store::promise(&mut tx, agreement, promise).await?;
    let row = row.ok_or_else(|| Refusal::not_found("promise", "engagement"))?;
    let text = evidence.trim();
    if text.is_empty() || text.chars().count() > 2000 {
        return Err(Refusal::new(
            crate::Kind::Invalid,
            "evidence",
            ["Evidence needs 1 to 2,000 characters.", "Une preuve a de 1 à 2 000 caractères."],
            [
                "Say what shows the promise kept, and where it is.",
                "Dites ce qui montre l'engagement tenu, et où c'est.",
            ],
        ));
    }
    let event = DutyEvent::Evidenced {
        controller: row.made.controller.clone(),
        agreement: agreement.clone(),
        promise: promise.to_owned(),
        evidence: Personal::new(SubjectId::new(now, db.entropy()), text.to_owned()),
    };
    feature::append(&mut tx, &[event]).await?;
    for duty in store::running_of(&mut tx, agreement, promise).await? {
        let controller = row.made.controller.clone();
        let event = DutyEvent::Discharged { duty, controller, evidence: "evidenced".to_owned() };
        feature::append(&mut tx, &[event]).await?;
    }
    if row.made.mode == "recurring" {
        again(&mut tx, &row.made).await?;
    }
    Ok(tx.commit().await?)
}

/// Ends what an agreement returns by the calendar: a newer one took its place.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &mut Tx<'_>, controller: &ControllerId, agreement: &AgreementId) -> Result<(), StoreError> {
    for row in store::of_agreement(tx, agreement).await?.into_iter().filter(|row| row.made.mode == "recurring") {
        for duty in row.duties.into_iter().filter(|duty| duty.state == "running") {
            let (duty, controller) = (duty.id, controller.clone());
            let event = DutyEvent::Discharged { duty, controller, evidence: "replaced".to_owned() };
            feature::append(tx, &[event]).await?;
        }
    }
    Ok(())
}

/// What returns by the calendar: this time is done, the next time's clock starts.
async fn again(tx: &mut Tx<'_>, made: &PromiseMade) -> Result<(), Refusal> {
    let controller = crate::parties::must_find(tx, &made.controller).await?;
    let event = started(tx, made, made.agreement.as_str(), tx.now(), &controller.place);
    Ok(feature::append(tx, &[event]).await?)
}

/// Records every duty whose last instant has passed; safe to run at any time and by any server.
///
/// # Errors
/// When the database fails.
pub async fn scan(db: &Store, now: Instant) -> Result<usize, StoreError> {
    if store::overdue(&mut db.read(), now).await?.is_empty() {
        return Ok(0);
    }
    let mut tx = db.begin(now, Actor::system("duties")).await?;
    let overdue = store::overdue(&mut tx, now).await?;
    for (duty, controller) in &overdue {
        feature::append(&mut tx, &[DutyEvent::Missed { duty: duty.clone(), controller: controller.clone() }]).await?;
    }
    tx.commit().await?;
    Ok(overdue.len())
}
