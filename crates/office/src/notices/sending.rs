//! Sending: an entry before each attempt and another after it, so that no letter is lost and none goes twice unseen.

use super::mail::{Mail, Outcome, Outgoing};
use super::{NoticeEvent, NoticeRow, SECRET, enclosures, retry, store, wording};
use crate::{App, feature};
use ::store::StoreError;
use kernel::{Actor, Secret, failpoint};

/// Sends what is queued and due for an attempt; gives how many letters went out.
///
/// # Errors
/// When the database fails. A refusal by the mail server is recorded, not returned.
pub async fn deliver(app: &App) -> Result<usize, StoreError> {
    let Some(mail) = &app.mail else { return Ok(0) };
    let mut sent = 0;
    for row in store::waiting(&mut app.store().read(), app.now()).await? {
        sent += usize::from(attempt(app, mail, row).await?);
    }
    Ok(sent)
}

async fn attempt(app: &App, mail: &Mail, row: NoticeRow) -> Result<bool, StoreError> {
    let Some(parts) = enclosures::open(app, &row).await? else { return Ok(false) };
    failpoint::hit("notices.before_claim");
    // Asked after the claim: a letter that a person delivered meanwhile has no secret any more, and is not claimed.
    if row.to.is_none() || row.body.is_none() || !claim(app, &row).await? {
        return Ok(false);
    }
    let (Some(to), Some(body)) = (row.to.clone(), whole(app, &row).await?) else { return Ok(false) };
    failpoint::hit("notices.before_smtp");
    let page = wording::page(body.expose(), row.lang, &app.public_url);
    let text = body.expose();
    let outgoing = Outgoing { id: &row.id, to: &to, subject: &row.subject, text, page, parts };
    let outcome = mail.send(outgoing, app.now()).await;
    failpoint::hit("notices.after_smtp");
    conclude(app, &row, &outcome).await?;
    failpoint::hit("notices.after_entry");
    Ok(matches!(outcome, Outcome::Taken(_)))
}

/// The entry of what became of the attempt; who waits for that reacts in the same transaction.
async fn conclude(app: &App, row: &NoticeRow, outcome: &Outcome) -> Result<(), StoreError> {
    let (notice, controller) = (row.id.clone(), row.controller.clone());
    let mut tx = app.store().begin(app.now(), Actor::system("mail")).await?;
    let event = match outcome {
        Outcome::Taken(reply) => {
            store::forget_secret(&mut tx, &row.id).await?;
            NoticeEvent::Sent { notice, controller, reply: reply.clone() }
        }
        Outcome::Later(why) | Outcome::Full(why) | Outcome::Refused(why) | Outcome::Unknown(why) => {
            tracing::warn!(notice = %row.id, why, "a letter was not accepted");
            let again_at = retry::again(outcome, row.attempts + 1, app.now());
            let outcome = Some(retry::word(outcome).to_owned());
            NoticeEvent::Failed { notice, controller, reply: why.clone(), outcome, again_at }
        }
    };
    let given_up = matches!(event, NoticeEvent::Failed { again_at: None, .. });
    feature::append(&mut tx, &[event]).await?;
    if given_up {
        super::bounces::fall_back(&mut tx, &row.id).await?;
    }
    tx.commit().await
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
