//! What people do about a letter: deliver it otherwise, send it again, stop it, open it.

use super::{NoticeEvent, NoticeRow, queue, store};
use crate::{App, Kind, Refusal, feature, parties};
use ::store::{Ask, StoreError};
use kernel::{AccountId, Actor, NoticeId, Personal, SubjectId};

/// The longest words about a letter, in characters.
const WORDS_MAX: usize = 500;

async fn must_find(db: &mut impl Ask, id: &NoticeId) -> Result<NoticeRow, Refusal> {
    store::find(db, id).await?.ok_or_else(|| Refusal::not_found("letter", "courrier"))
}

fn words(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.chars().count() <= WORDS_MAX).then(|| text.to_owned())
}

/// Records that a letter was delivered by other means than our mail server, and how.
///
/// # Errors
/// When there is no such letter, it is out already, or nothing says how it was delivered.
pub async fn delivered_by_hand(app: &App, actor: Actor, id: &NoticeId, how: &str) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = must_find(&mut tx, id).await?;
    let how = words(how).filter(|_| row.state != "sent").ok_or_else(|| {
        refused(
            [
                "This letter is out already, or nothing says how it was delivered.",
                "Ce courrier est déjà parti, ou rien ne dit comment il a été remis.",
            ],
            [
                "Say in 1 to 500 characters how and when it was delivered.",
                "Dites en 1 à 500 caractères comment et quand il a été remis.",
            ],
        )
    })?;
    let how = Personal::new(row.to_subject.clone(), how);
    let event = NoticeEvent::Delivered { notice: row.id.clone(), controller: row.controller.clone(), how };
    feature::append(&mut tx, &[event]).await?;
    store::forget_secret(&mut tx, &row.id).await?;
    Ok(tx.commit().await?)
}

/// Sends a letter again that did not arrive, was refused or waits: its pauses begin anew, quiet hours are over.
///
/// # Errors
/// When there is no such letter, it is out, an attempt is running, or its text is gone.
pub async fn retry(app: &App, actor: Actor, id: &NoticeId) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = must_find(&mut tx, id).await?;
    let waits = row.state == "queued" && row.not_before.is_some_and(|at| at > app.now());
    let fails = ["failed", "refused", "bounced", "stopped"].contains(&row.state.as_str());
    let kept = row.body.is_some() && row.to.is_some();
    // A link for the recipient alone is forgotten when the letter has left: without it the letter says nothing.
    let link_gone = row.has_secret && store::sealed_secret(&mut tx, id).await?.is_none();
    if !(waits || fails) || !kept || link_gone {
        return Err(refused(
            ["This letter cannot be sent again.", "Ce courrier ne peut pas être renvoyé."],
            [
                "It is out or on its way, or its text is gone: then start again what it was about.",
                "Il est parti ou en chemin, ou son texte n'est plus là : reprenez alors ce dont il parlait.",
            ],
        ));
    }
    let event = NoticeEvent::Retried { notice: row.id, controller: row.controller };
    feature::append(&mut tx, &[event]).await?;
    Ok(tx.commit().await?)
}

/// Decides that a letter shall not go, and says why. What it was to discharge stays to be done.
///
/// # Errors
/// When there is no such letter, it is out or on its way, or nothing says why.
pub async fn stop(app: &App, actor: Actor, id: &NoticeId, why: &str) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = must_find(&mut tx, id).await?;
    let open = ["queued", "failed", "refused", "bounced"].contains(&row.state.as_str());
    let why = words(why).filter(|_| open).ok_or_else(|| {
        refused(
            [
                "This letter is out or on its way, or nothing says why it shall stop.",
                "Ce courrier est parti ou en chemin, ou rien ne dit pourquoi l'arrêter.",
            ],
            ["Say why in 1 to 500 characters.", "Dites pourquoi en 1 à 500 caractères."],
        )
    })?;
    let why = Personal::new(row.to_subject.clone(), why);
    let event = NoticeEvent::Stopped { notice: row.id.clone(), controller: row.controller.clone(), why };
    feature::append(&mut tx, &[event]).await?;
    store::forget_secret(&mut tx, &row.id).await?;
    Ok(tx.commit().await?)
}

/// Sends the same letter to another contact of the same controller: a letter of its own, with its own proof.
///
/// # Errors
/// When there is no such letter or contact, or its text is gone.
pub async fn send_to(app: &App, actor: Actor, id: &NoticeId, contact: &SubjectId) -> Result<NoticeId, Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = must_find(&mut tx, id).await?;
    let none = || Refusal::not_found("contact", "contact");
    let controller = row.controller.clone().ok_or_else(none)?;
    let known = parties::reachable(&mut tx, &controller).await?;
    let (who, email) = known.into_iter().find(|(who, _)| who == contact).ok_or_else(none)?;
    let sent = queue::repeat(&mut tx, &row, Personal::new(who, email)).await?.ok_or_else(none)?;
    tx.commit().await?;
    Ok(sent)
}

/// Records that somebody who is signed in opened a letter that was written to them: proof of receipt. The first time
/// counts, later ones change nothing. Whether it is theirs to open is for the caller to check.
///
/// # Errors
/// When there is no such letter, or it cannot be recorded; then its text may not be shown.
pub async fn opened(app: &App, actor: Actor, id: &NoticeId) -> Result<(), Refusal> {
    let account: AccountId = actor.account().cloned().ok_or_else(|| Refusal::not_found("letter", "courrier"))?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let row = must_find(&mut tx, id).await?;
    if row.opened_at.is_some() {
        return Ok(());
    }
    let event = NoticeEvent::Opened { notice: row.id, controller: row.controller, account, at: app.now() };
    feature::append(&mut tx, &[event]).await?;
    Ok(tx.commit().await?)
}

/// Records that one of our people read a letter about a data subject: once a day for each reader.
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

fn refused(message: [&str; 2], remedy: [&str; 2]) -> Refusal {
    Refusal::new(Kind::Conflict, "letter-state", message, remedy)
}
