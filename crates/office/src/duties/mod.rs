//! Duties: every promise of an agreement in force, its trigger, its clock, its evidence.
//!
//! GDPR Art. 28(3) makes the agreement binding; Art. 5(2) asks to show that it was kept. A promise
//! waits for its event, returns by the calendar, or stands always. An instance of it, a *duty*, has
//! two due instants: ours, the earliest reading, and the other party's, the latest.

mod apply;
mod clocks;
mod commands;
mod counted;
pub mod decade;
mod digest;
mod engine;
mod events;
mod letters;
mod once;
mod pages;
mod programme;
mod recount;
mod scan;
pub mod store;
mod undelivered;
mod watch;

mod api;
pub use clocks::{Dues, Schedule, dues};
pub use commands::act;
pub use digest::send_digests;
pub use engine::{Beat, Clockwork, Command};
pub use events::{DutyEvent, Moments, Programme, PromiseMade, Recounted, Started};
pub use letters::LETTERS;
pub(crate) use once::{Once, start as start_once};
pub(crate) use pages::{Whose, table, whose};
pub use programme::{
    REVIEWED_ELSEWHERE, discharge as discharge_programme, done as programme_done, end as end_programme, presets,
    set as set_programme,
};
pub use scan::scan;
pub use store::{
    Dated, Duty, DutyLine, Keeping, OpenDuty, PromiseRow, Wanted, between, keeping, of_agreement, of_person,
    open_duties, open_lines,
};
pub use watch::{Judgement, Watch};

use crate::{Event, Feature, Refusal, Route, calendars, feature, notices};
use ::store::{Columns, Recorded, Store, StoreError, Tx};
use agreement::promises::{Event as Trigger, Kind, Promise};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{Actor, AgreementId, ControllerId, DutyId, Instant, NoticeId, Personal, Place, SubjectId};
use serde_json::Value;
use web::Role;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "duties",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "duties", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "promise.made",
        "promise.evidenced",
        "duty.started",
        "duty.told",
        "duty.paused",
        "duty.resumed",
        "duty.extended",
        "duty.recounted",
        "duty.handed-over",
        "duty.shown",
        "duty.discharged",
        "duty.missed",
        "duty.reopened",
        "duty.digested",
        "programme.set",
        "programme.ended",
    ],
    apply,
    reacts: &[
        ("notice.sent", letter_out),
        ("notice.delivered", letter_out),
        ("notice.opened", letter_out),
        ("notice.sent", undelivered::settled),
        ("notice.delivered", undelivered::settled),
        ("notice.opened", undelivered::settled),
        ("notice.stopped", undelivered::settled),
        ("notice.bounced", undelivered::bounced),
        ("notice.failed", undelivered::failed),
        ("calendar.day-added", recount::day_added),
        ("calendar.day-removed", recount::day_removed),
        ("calendar.office-hours-set", recount::office_set),
        ("calendar.law-chosen", recount::law_chosen),
    ],
    routes: &[
        Route { method: "GET", path: "/duties", access: Access::May("duties.read"), handler: || get(pages::list) },
        Route { method: "GET", path: "/duties/{id}", access: Access::May("duties.read"), handler: || get(pages::one) },
        Route {
            method: "POST",
            path: "/duties/several/owner",
            access: Access::May("duties.assign"),
            handler: || post(pages::several::hand_over),
        },
        Route {
            method: "POST",
            path: "/duties/several/back",
            access: Access::May("duties.assign"),
            handler: || post(pages::several::hand_back),
        },
        Route {
            method: "POST",
            path: "/duties/{id}/done",
            access: Access::May("duties.discharge"),
            handler: || post(pages::done),
        },
        Route {
            method: "POST",
            path: "/duties/{id}/owner",
            access: Access::May("duties.assign"),
            handler: || post(pages::owner),
        },
        Route {
            method: "POST",
            path: "/duties/{id}/pause",
            access: Access::May("duties.change"),
            handler: || post(pages::pause),
        },
        Route {
            method: "POST",
            path: "/duties/{id}/resume",
            access: Access::May("duties.change"),
            handler: || post(pages::resume),
        },
        Route {
            method: "POST",
            path: "/duties/{id}/extension",
            access: Access::May("duties.change"),
            handler: || post(pages::extend),
        },
        Route {
            method: "GET",
            path: "/programme",
            access: Access::May("programme.read"),
            handler: || get(pages::programme),
        },
        Route {
            method: "POST",
            path: "/programme",
            access: Access::May("programme.change"),
            handler: || post(pages::set_programme),
        },
        Route {
            method: "POST",
            path: "/programme/{key}/end",
            access: Access::May("programme.change"),
            handler: || post(pages::end_programme),
        },
    ],
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { apply::apply(tx, entry, DutyEvent::of(entry)?).await })
}

/// A letter is out: the duty it serves is done with that.
fn letter_out<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let id: NoticeId = serde_json::from_value(data["notice"].clone())?;
        let letter = notices::store::find(tx, &id).await?;
        let served = letter
            .as_ref()
            .and_then(|letter| Some((letter.controller.as_ref()?, letter.discharges.as_ref()?, &letter.record)));
        let Some((controller, term, record)) = served else { return Ok(()) };
        discharge(tx, controller, record, term, &format!("letter:{id}")).await
    })
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
        let event = started(tx, &row.made, record, at, place).await?;
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
    let event = started(tx, &made, record, at, place).await?;
    feature::append(tx, &[event]).await
}

async fn started(
    tx: &mut Tx<'_>,
    made: &PromiseMade,
    record: &str,
    at: Instant,
    place: &Place,
) -> Result<DutyEvent, StoreError> {
    let law = calendars::law_of(tx, &made.agreement).await?;
    Ok(DutyEvent::Started(Box::new(Started {
        duty: DutyId::new(tx.now(), tx.entropy()),
        controller: Some(made.controller.clone()),
        agreement: Some(made.agreement.clone()),
        promise: made.promise.clone(),
        record: record.to_owned(),
        at,
        dues: made.schedule.as_ref().map(|schedule| dues(schedule, at, place, law)),
        title_en: made.title_en.clone(),
        title_fr: made.title_fr.clone(),
        mode: made.mode.clone(),
        role: role_of(&made.term),
        schedule: made.schedule.clone(),
        place: place.to_string(),
        edition: place.version().to_owned(),
        zones: Some(kernel::calendar::zones_version().to_owned()),
        law,
    })))
}

/// The role that answers for the promises of a term, until somebody in particular does: what is done to systems is an
/// engineer's, everything else the privacy officer's.
fn role_of(term: &str) -> Role {
    let group = term.split('.').next().unwrap_or_default();
    if matches!(group, "security" | "retention" | "design") { Role::Engineer } else { Role::Dpo }
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
        let event = started(tx, &row.made, record, at, place).await?;
        feature::append(tx, &[event]).await?;
    }
    Ok(())
}

/// The earliest limit of what `record` started for the promise `term` and is not done; none when nothing runs.
///
/// # Errors
/// When the database fails.
pub async fn limit(
    tx: &mut Tx<'_>,
    controller: &ControllerId,
    record: &str,
    term: &str,
) -> Result<Option<Instant>, StoreError> {
    let mut earliest = None;
    for id in store::running(tx, controller, record, term).await? {
        let own = store::find(tx, &id).await?.and_then(|duty| duty.own_due);
        earliest = match (earliest, own) {
            (Some(known), Some(own)) => Some(std::cmp::min(known, own)),
            (known, own) => known.or(own),
        };
    }
    Ok(earliest)
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
        let (controller, evidence) = (Some(controller.clone()), evidence.to_owned());
        let event = DutyEvent::Discharged { duty, controller, evidence };
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
    let text = commands::words(evidence)?;
    let event = DutyEvent::Evidenced {
        controller: row.made.controller.clone(),
        agreement: agreement.clone(),
        promise: promise.to_owned(),
        evidence: Personal::new(SubjectId::new(now, db.entropy()), text),
    };
    feature::append(&mut tx, &[event]).await?;
    for duty in store::running_of(&mut tx, agreement, promise).await? {
        let controller = Some(row.made.controller.clone());
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
        for duty in row.duties.into_iter().filter(|duty| duty.state != "discharged") {
            let (duty, controller) = (duty.id, Some(controller.clone()));
            let event = DutyEvent::Discharged { duty, controller, evidence: "replaced".to_owned() };
            feature::append(tx, &[event]).await?;
        }
    }
    Ok(())
}

/// What returns by the calendar: this time is done, the next time's clock starts.
async fn again(tx: &mut Tx<'_>, made: &PromiseMade) -> Result<(), Refusal> {
    let controller = crate::parties::must_find(tx, &made.controller).await?;
    let event = started(tx, made, made.agreement.as_str(), tx.now(), &controller.place).await?;
    Ok(feature::append(tx, &[event]).await?)
}
