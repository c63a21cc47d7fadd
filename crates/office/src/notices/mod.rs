//! Notices: letters a duty obliges us to send, queued with their entry, sent over SMTP, with the
//! server's answer kept as proof of sending.
//!
//! A letter has one Message-ID for ever. Exactly-once mail does not exist, so a letter is never lost
//! and never silently sent twice: an attempt whose outcome is unknown is shown as such.

mod api;
mod bounces;
mod events;
mod mail;
mod pages;
pub mod store;

pub use bounces::{Report, bounced};
pub use events::NoticeEvent;
pub use mail::{Mail, MailError, Security};
pub(crate) use pages::state_badge;
pub use store::{NoticeRow, of_record};

use crate::{App, Event, Feature, Kind, Refusal, Route, feature};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{Actor, ControllerId, NoticeId, Personal, Secret, failpoint};
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "notices",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "notices", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "notice.queued",
        "notice.attempted",
        "notice.sent",
        "notice.failed",
        "notice.read",
        "notice.delivered",
        "notice.bounced",
    ],
    apply,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/notices", access: Access::May("notices.read"), handler: || get(pages::list) },
        Route {
            method: "GET",
            path: "/notices/{id}",
            access: Access::May("notices.read"),
            handler: || get(pages::one),
        },
        Route {
            method: "POST",
            path: "/notices/{id}/delivered",
            access: Access::May("notices.deliver"),
            handler: || post(pages::delivered),
        },
    ],
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, NoticeEvent::of(entry)?).await })
}

/// Attempts after which a letter waits for a person.
const ATTEMPTS_MAX: i64 = 8;

/// A letter to queue.
pub struct Letter {
    /// Whose log it belongs to; none for a letter to one of our own people.
    pub controller: Option<ControllerId>,
    /// What it is about, such as a request.
    pub record: String,
    /// Its type, such as `request.forward`.
    pub letter: &'static str,
    /// The term whose duty is discharged once the mail server has taken it.
    pub discharges: Option<&'static str>,
    /// To whom.
    pub to: Personal<String>,
    /// The subject line; it names nobody.
    pub subject: String,
    /// The text; it may speak of a data subject, under whose key it is sealed.
    pub body: Personal<String>,
    /// What only the recipient may read: it takes the place of [`SECRET`] in the text as the letter leaves.
    pub secret: Option<Secret<String>>,
}

/// Where a letter's secret goes. What is kept of the letter, and shown to our people, has this instead.
pub const SECRET: &str = "{secret}";

/// Queues a letter in the transaction of the entry that obliges us to send it.
///
/// # Errors
/// When the database fails.
pub async fn queue(tx: &mut Tx<'_>, letter: Letter) -> Result<NoticeId, StoreError> {
    let notice = NoticeId::new(tx.now(), tx.entropy());
    let has_secret = letter.secret.is_some();
    if let Some(secret) = &letter.secret {
        let sealed = tx.seal_secret(&letter.to.subject, notice.as_str(), secret).await?;
        store::keep_secret(tx, &notice, sealed).await?;
    }
    let event = NoticeEvent::Queued {
        notice: notice.clone(),
        controller: letter.controller,
        record: letter.record,
        letter: letter.letter.to_owned(),
        discharges: letter.discharges.map(str::to_owned),
        to: letter.to,
        subject: letter.subject,
        body: letter.body,
        has_secret,
    };
    feature::append(tx, &[event]).await?;
    Ok(notice)
}

/// Records that a person read a letter about a data subject: once a day for each reader.
///
/// # Errors
/// When it cannot be recorded; then the text may not be shown.
pub(crate) async fn record_reading(app: &App, row: &NoticeRow, actor: &Actor) -> Result<(), StoreError> {
    let (Some(account), Some(_)) = (actor.account(), &row.body) else { return Ok(()) };
    let day = kernel::clock::day_of(app.now(), &app.place()).to_string();
    if store::was_read(&mut app.store().read(), &row.id, account, &day).await? {
        return Ok(());
    }
    let (notice, controller) = (row.id.clone(), row.controller.clone());
    let event = NoticeEvent::Read { notice, controller, account: account.clone(), day };
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await
}

/// Sends what is queued and due for an attempt; gives how many letters went out.
///
/// # Errors
/// When the database fails. A refusal by the mail server is recorded, not returned.
pub async fn deliver(app: &App) -> Result<usize, StoreError> {
    let Some(mail) = &app.mail else { return Ok(0) };
    let mut sent = 0;
    for row in store::waiting(&mut app.store().read(), app.now(), ATTEMPTS_MAX).await? {
        sent += usize::from(attempt(app, mail, row).await?);
    }
    Ok(sent)
}

async fn attempt(app: &App, mail: &Mail, row: NoticeRow) -> Result<bool, StoreError> {
    let note = |outcome: fn(NoticeId, Option<ControllerId>, String) -> NoticeEvent, reply: String| {
        outcome(row.id.clone(), row.controller.clone(), reply)
    };
    // Asked after the claim: a letter that a person delivered meanwhile has no secret any more, and is not claimed.
    if row.to.is_none() || row.body.is_none() || !claim(app, &row).await? {
        return Ok(false);
    }
    let (Some(to), Some(body)) = (row.to.clone(), whole(app, &row).await?) else { return Ok(false) };
    failpoint::hit("notices.before_smtp");
    let outcome = mail.send(&row.id, &to, &row.subject, body.expose(), app.now()).await;
    failpoint::hit("notices.after_smtp");
    let event = match &outcome {
        Ok(reply) => note(|notice, controller, reply| NoticeEvent::Sent { notice, controller, reply }, reply.clone()),
        Err(error) => {
            tracing::warn!(notice = %row.id, %error, "a letter was not accepted");
            note(|notice, controller, reply| NoticeEvent::Failed { notice, controller, reply }, error.to_string())
        }
    };
    match &outcome {
        Ok(_) => out(app.store().begin(app.now(), Actor::system("mail")).await?, &row, event).await?,
        Err(_) => record(app, &event).await?,
    }
    Ok(outcome.is_ok())
}

/// The text as it leaves, its secret in its place.
async fn whole(app: &App, row: &NoticeRow) -> Result<Option<Secret<String>>, StoreError> {
    let Some(body) = row.body.clone() else { return Ok(None) };
    if !row.has_secret {
        return Ok(Some(Secret::new(body)));
    }
    let Some(sealed) = store::sealed_secret(&mut app.store().read(), &row.id).await? else { return Ok(None) };
    let secret = app.store().open_secret(&row.to_subject, row.id.as_str(), &sealed).await?;
    Ok(secret.map(|secret| Secret::new(body.replace(SECRET, secret.expose()))))
}

/// Records the attempt, unless the letter has moved since it was listed: another server, or a person, was first.
async fn claim(app: &App, row: &NoticeRow) -> Result<bool, StoreError> {
    let mut tx = app.store().begin(app.now(), Actor::system("mail")).await?;
    let now = store::find(&mut tx, &row.id).await?;
    if now.is_none_or(|now| (now.state, now.attempts) != (row.state.clone(), row.attempts)) {
        return Ok(false);
    }
    let event = NoticeEvent::Attempted { notice: row.id.clone(), controller: row.controller.clone() };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(true)
}

async fn record(app: &App, event: &NoticeEvent) -> Result<(), StoreError> {
    let mut tx = app.store().begin(app.now(), Actor::system("mail")).await?;
    feature::append(&mut tx, std::slice::from_ref(event)).await?;
    tx.commit().await
}

/// The letter is out; who waits for that reacts in the same transaction.
async fn out(mut tx: Tx<'_>, row: &NoticeRow, event: NoticeEvent) -> Result<(), StoreError> {
    feature::append(&mut tx, &[event]).await?;
    store::forget_secret(&mut tx, &row.id).await?;
    tx.commit().await
}

/// Records that a letter was delivered by other means than our mail server, and how.
///
/// # Errors
/// When there is no such letter, it is out already, or nothing says how it was delivered.
pub async fn delivered_by_hand(app: &App, actor: Actor, id: &NoticeId, how: &str) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = store::find(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("letter", "courrier"))?;
    let how = how.trim();
    if row.state == "sent" || how.is_empty() || how.chars().count() > 500 {
        return Err(Refusal::new(
            Kind::Conflict,
            "letter-state",
            [
                "This letter is out already, or nothing says how it was delivered.",
                "Ce courrier est déjà parti, ou rien ne dit comment il a été remis.",
            ],
            [
                "Say in 1 to 500 characters how and when it was delivered.",
                "Dites en 1 à 500 caractères comment et quand il a été remis.",
            ],
        ));
    }
    let how = Personal::new(row.to_subject.clone(), how.to_owned());
    let event = NoticeEvent::Delivered { notice: row.id.clone(), controller: row.controller.clone(), how };
    Ok(out(tx, &row, event).await?)
}
