//! Requests: a data subject exercises a right (GDPR Arts. 12, 15 and 17), and we help the controller
//! answer (Art. 28(3)(e)).
//!
//! received and forwarded → instructed → planned → approved by a second person → applied and verified
//! → closed. We never decide on the merits: the controller instructs. Nothing is read or erased
//! without a plan that somebody else approved, and "nothing was found" is never "nothing is left".

mod api;
mod apply;
mod events;
mod letters;
mod model;
mod package;
mod pages;
mod planning;
mod receive;
pub mod store;
mod theirs;

pub use apply::{Applied, apply as carry_out, package_again, resume};
pub use events::{RequestEvent, Touched};
pub use letters::LETTERS;
pub use letters::right_text;
pub(crate) use letters::{answer_by, outcome_text};
pub use model::{CHANNELS, CLIENT_AREA, Command, Outcome, Right, State, decide};
pub use planning::{PlanSet, SystemPlan, plan, plan_set};
pub(crate) use receive::receive_in;
pub use receive::{NewRequest, receive};
pub use store::{RequestLine, RequestRow, SystemOutcome, find, find_of, list, waiting_of};
pub use theirs::{instruct_of, lodge};

use crate::{App, Event, Feature, Kind, Refusal, Route, duties, feature, notices, parties};
use ::store::{Columns, Log, Recorded, Store, StoreError, Tx};
use agreement::promises::Event as Trigger;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{Actor, Instant, Personal, RequestId};
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "requests",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "requests", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "request.received",
        "request.instructed",
        "request.planned",
        "request.approved",
        "request.applying",
        "request.erased",
        "request.packaged",
        "request.verified",
        "request.applied",
        "request.plan-stale",
        "request.read",
        "request.package-taken",
        "request.closed",
    ],
    apply,
    reacts: &[],
    routes: &[
        Route {
            method: "GET",
            path: "/requests",
            access: Access::May("requests.read"),
            handler: || get(pages::list::list),
        },
        Route {
            method: "GET",
            path: "/requests/new",
            access: Access::May("requests.log"),
            handler: || get(pages::new::form),
        },
        Route {
            method: "GET",
            path: "/requests/{id}",
            access: Access::May("requests.read"),
            handler: || get(pages::one::one),
        },
        Route {
            method: "POST",
            path: "/requests/new",
            access: Access::May("requests.log"),
            handler: || post(pages::new::post),
        },
        Route {
            method: "POST",
            path: "/requests/{id}/instruction",
            access: Access::May("requests.instruct"),
            handler: || post(pages::actions::instruct),
        },
        Route {
            method: "POST",
            path: "/requests/{id}/plan",
            access: Access::May("requests.plan"),
            handler: || post(pages::actions::plan),
        },
        Route {
            method: "POST",
            path: "/requests/{id}/approval",
            access: Access::Fresh("requests.approve"),
            handler: || post(pages::actions::approve),
        },
        Route {
            method: "POST",
            path: "/requests/{id}/apply",
            access: Access::Fresh("requests.carry-out"),
            handler: || post(pages::actions::apply),
        },
        Route {
            method: "POST",
            path: "/requests/{id}/close",
            access: Access::Fresh("requests.close"),
            handler: || post(pages::actions::close),
        },
        Route {
            method: "POST",
            path: "/requests/{id}/package",
            access: Access::Fresh("requests.carry-out"),
            handler: || post(pages::actions::package_again),
        },
        Route {
            method: "GET",
            path: "/requests/{id}/package",
            access: Access::Fresh("requests.carry-out"),
            handler: || get(pages::actions::package),
        },
    ],
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, RequestEvent::of(entry)?).await })
}

/// Decides a command on a request and appends what follows, in one transaction that others may extend.
pub(crate) async fn decided(tx: &mut Tx<'_>, row: &RequestRow, command: Command) -> Result<(), Refusal> {
    let events = decide(row, tx.actor(), command)?;
    Ok(feature::append(tx, &events).await?)
}

/// Records the controller's instruction: to carry the request out, or to refuse it. Before anything is
/// done, an instruction to carry out may still be withdrawn by one to refuse.
///
/// # Errors
/// When the request is not waiting for one.
pub async fn instruct(
    db: &Store,
    now: Instant,
    actor: Actor,
    id: &RequestId,
    carry_out: bool,
    note: &str,
) -> Result<(), Refusal> {
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    let note: String = note.trim().chars().take(2000).collect();
    let note = (!note.is_empty()).then(|| Personal::new(row.subject.clone(), note));
    instruct_in(&mut tx, &row, carry_out, note).await?;
    Ok(tx.commit().await?)
}

/// The instruction and what follows from it, in one transaction that others may extend.
async fn instruct_in(
    tx: &mut Tx<'_>,
    row: &RequestRow,
    carry_out: bool,
    note: Option<Personal<String>>,
) -> Result<(), Refusal> {
    let controller = parties::must_find(tx, &row.controller).await?;
    planning::forget(tx, row).await?;
    decided(tx, row, Command::Instruct { carry_out, note }).await?;
    let (whose, record, now) = (&row.controller, row.id.as_str(), tx.now());
    duties::discharge(tx, whose, record, "requests.forward", "instructed").await?;
    if carry_out {
        let place = &controller.place;
        duties::trigger(tx, whose, Trigger::InstructionReceived, record, now, place).await?;
        duties::trigger_term(tx, whose, "requests.assist", record, now, place).await?;
    } else {
        for term in ["requests.assist", "instructions.unlawful_alert"] {
            duties::discharge(tx, whose, record, term, "refused").await?;
        }
    }
    Ok(())
}

/// A second person approves exactly the plan with this hash.
///
/// # Errors
/// When the plan has another hash, or the approver made it.
pub async fn approve(db: &Store, now: Instant, actor: Actor, id: &RequestId, hash: &str) -> Result<(), Refusal> {
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    decided(&mut tx, &row, Command::Approve { hash: hash.trim().to_owned() }).await?;
    Ok(tx.commit().await?)
}

/// Closes a request. After an erasure the person is erased from Garant itself: their key is destroyed,
/// and with it their values in ledger and tables. No package outlives its request.
///
/// # Errors
/// When it is not finished, a letter about the person has not gone out, or the person has another request open.
pub async fn close(app: &App, actor: Actor, id: &RequestId, accept_left: bool) -> Result<(), Refusal> {
    // A package that is being made again would outlive what closing destroys.
    let Some(_alone) = app.store().alone(&format!("apply {id}")).await? else { return Err(apply::at_it()) };
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    decided(&mut tx, &row, Command::Close { accept_left }).await?;
    planning::forget(&mut tx, &row).await?;
    let mut ended = vec![row.clone()];
    if row.right == Right::Erasure && row.state == State::Applied {
        let others = store::of_subject(&mut tx, &row.subject).await?;
        if others.iter().any(|other| other.id != row.id && other.state != State::Closed) {
            return Err(another_open());
        }
        if notices::store::unsent_about(&mut tx, &row.subject).await? > 0 {
            return Err(letter_waiting());
        }
        tx.erase_subject(&Log::Controller(row.controller.clone()), id.as_str(), &row.subject).await?;
        ended = others;
    }
    for request in &ended {
        package::discard(app, request).map_err(|error| StoreError::Unreachable(error.to_string()))?;
    }
    Ok(tx.commit().await?)
}

fn another_open() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "another-open",
        [
            "This person has another request open; closing would erase the address it needs.",
            "Cette personne a une autre demande ouverte ; clore effacerait l'adresse dont elle a besoin.",
        ],
        ["Finish and close that one first.", "Terminez et closez d'abord celle-là."],
    )
}

fn letter_waiting() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "letter-waiting",
        [
            "A letter about this person has not gone out yet; closing would erase its text.",
            "Un courrier au sujet de cette personne n'est pas encore parti ; clore effacerait son texte.",
        ],
        [
            "Wait until it is sent, or record on its page that it was delivered by other means.",
            "Attendez son envoi, ou inscrivez sur sa page qu'il a été remis autrement.",
        ],
    )
}

/// Records that a person read a request's personal data: once a day for each reader.
///
/// # Errors
/// When it cannot be recorded; then the data may not be shown.
pub async fn record_reading(app: &App, row: &RequestRow, actor: &Actor) -> Result<(), StoreError> {
    let (Some(account), Some(_)) = (actor.account(), &row.email) else { return Ok(()) };
    let day = kernel::clock::day_of(app.now(), &app.place()).to_string();
    if store::was_read(&mut app.store().read(), &row.id, account, &day).await? {
        return Ok(());
    }
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    let event = RequestEvent::Read {
        request: row.id.clone(),
        controller: row.controller.clone(),
        account: account.clone(),
        day,
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await
}
