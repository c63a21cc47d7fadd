//! The inbox: mail to the privacy office. A request needs no form and may arrive among other mail (GDPR Art. 12(2);
//! EDPB Guidelines 01/2022), and the controller's month runs from its arrival, not from the day somebody reads it.
//!
//! waiting → logged as requests, or filed as nothing to do; filed → waiting again. What a mail is proposed to be
//! decides nothing: a person does. Machines' answers are put aside by themselves and never answered; a report that
//! a letter of ours did not arrive is an entry on that letter.

mod api;
mod events;
mod fetch;
mod forget;
mod imap;
mod model;
mod pages;
mod receive;
pub mod store;

pub use events::{Content, File, MailEvent, Mark, Received, Understood, Why};
pub use fetch::{Outcome, fetch};
pub use forget::forget;
pub use imap::{Fault, Imap, ImapError};
pub use model::{Command, State, decide};
pub use store::read_on;
pub use store::{MailRow, waiting};

use crate::requests::{self, NewRequest, Right};
use crate::{App, Event, Feature, Refusal, Route, feature};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{Actor, ControllerId, MailId, RequestId};
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "inbox",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "inbox", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["mail.received", "mail.read", "mail.logged", "mail.filed", "mail.reopened"],
    apply,
    reacts: &[("request.closed", forget::request_closed)],
    routes: &[
        Route { method: "GET", path: "/inbox", access: Access::May("inbox.read"), handler: || get(pages::list::list) },
        Route {
            method: "GET",
            path: "/inbox/{id}",
            access: Access::May("inbox.read"),
            handler: || get(pages::one::one),
        },
        Route {
            method: "POST",
            path: "/inbox/several/file",
            access: Access::May("inbox.file"),
            handler: || post(pages::several::file),
        },
        Route {
            method: "POST",
            path: "/inbox/several/reopen",
            access: Access::May("inbox.file"),
            handler: || post(pages::several::reopen),
        },
        Route {
            method: "POST",
            path: "/inbox/{id}/request",
            access: Access::May("inbox.file"),
            handler: || post(pages::actions::request),
        },
        Route {
            method: "POST",
            path: "/inbox/{id}/file",
            access: Access::May("inbox.file"),
            handler: || post(pages::actions::file),
        },
        Route {
            method: "POST",
            path: "/inbox/{id}/reopen",
            access: Access::May("inbox.file"),
            handler: || post(pages::actions::reopen),
        },
    ],
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, MailEvent::of(entry)?).await })
}

/// What a person chose for the requests that a mail is.
pub struct Chosen {
    /// Whose data subject wrote.
    pub controller: ControllerId,
    /// Which rights: a request for each.
    pub rights: Vec<Right>,
    /// The address the person is known by.
    pub email: String,
    /// Their words.
    pub note: String,
}

/// Logs a mail as requests, with the instant the mail server took it as the start of their clocks; all or none.
///
/// # Errors
/// When no right was chosen, the mail is not in a state for it, or a request is refused.
pub async fn log(app: &App, actor: Actor, id: &MailId, chosen: Chosen) -> Result<Vec<RequestId>, Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = must_find(&mut tx, id).await?;
    if chosen.rights.is_empty() {
        return Err(no_right());
    }
    let mut requests = Vec::new();
    for right in chosen.rights {
        let new = NewRequest {
            controller: chosen.controller.clone(),
            right,
            email: chosen.email.clone(),
            note: chosen.note.clone(),
            channel: "mail".into(),
            received_at: row.received_at,
        };
        requests.push(requests::receive_in(&mut tx, new).await?);
    }
    let events = decide(&row, Command::Log { requests: requests.clone() })?;
    feature::append(&mut tx, &events).await?;
    tx.commit().await?;
    Ok(requests)
}

/// Puts a mail aside, because a person sees nothing to do.
///
/// # Errors
/// When the mail does not wait, or no reason is given.
pub async fn file(app: &App, actor: Actor, id: &MailId, note: &str) -> Result<(), Refusal> {
    file_several(app, actor, std::slice::from_ref(id), note).await
}

/// The same with several mails, all or none.
///
/// # Errors
/// As [`file`], when one of them does not wait.
pub async fn file_several(app: &App, actor: Actor, ids: &[MailId], note: &str) -> Result<(), Refusal> {
    decided(app, actor, ids, || Command::File { note: note.to_owned() }).await
}

/// Takes a mail up again that was put aside.
///
/// # Errors
/// When it was not, or its words have been erased.
pub async fn reopen(app: &App, actor: Actor, id: &MailId) -> Result<(), Refusal> {
    reopen_several(app, actor, std::slice::from_ref(id)).await
}

/// The same with several mails, all or none.
///
/// # Errors
/// As [`reopen`], when one of them was not put aside.
pub async fn reopen_several(app: &App, actor: Actor, ids: &[MailId]) -> Result<(), Refusal> {
    decided(app, actor, ids, || Command::Reopen).await
}

async fn decided(app: &App, actor: Actor, ids: &[MailId], command: impl Fn() -> Command) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    for id in ids {
        let row = must_find(&mut tx, id).await?;
        let events = decide(&row, command())?;
        feature::append(&mut tx, &events).await?;
    }
    Ok(tx.commit().await?)
}

async fn must_find(tx: &mut Tx<'_>, id: &MailId) -> Result<MailRow, Refusal> {
    store::find(tx, id).await?.ok_or_else(|| Refusal::not_found("mail", "courriel"))
}

/// Records that a person read a mail: once a day for each reader.
///
/// # Errors
/// When it cannot be recorded; then the words may not be shown.
pub(crate) async fn record_reading(app: &App, row: &MailRow, actor: &Actor) -> Result<(), StoreError> {
    let (Some(account), Some(_)) = (actor.account(), &row.content) else { return Ok(()) };
    let day = kernel::clock::day_of(app.now(), &app.place()).to_string();
    if store::was_read(&mut app.store().read(), &row.id, account, &day).await? {
        return Ok(());
    }
    let event = MailEvent::Read { mail: row.id.clone(), account: account.clone(), day };
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await
}

fn no_right() -> Refusal {
    Refusal::new(
        crate::Kind::Invalid,
        "mail-right",
        ["No right was chosen.", "Aucun droit n'a été choisi."],
        ["Tick at least one right.", "Cochez au moins un droit."],
    )
}
