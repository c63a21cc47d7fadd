//! Wordings of the house: each change is an entry with a number, and the standard wording is one entry away.

use super::wording::{self, Wording};
use super::{LetterKind, NoticeEvent, kinds, store};
use crate::{App, Kind, Refusal, feature};
use ::store::{Ask, StoreError};
use kernel::{Actor, Lang};

/// The wording of a kind that holds now.
///
/// # Errors
/// When the database fails.
pub async fn holding(db: &mut impl Ask, kind: &LetterKind, lang: Lang) -> Result<Wording, StoreError> {
    let newest = store::wordings(db, kind.name, lang).await?.into_iter().next();
    let ours = newest.and_then(|one| {
        let (subject, body) = one.text?;
        // After an update of the product an old wording may lack what the letter must say now: then it does not hold.
        wording::check(kind, lang, &subject, &body).ok()?;
        Some(Wording { subject, body, version: format!("house:{}", one.version) })
    });
    Ok(ours.unwrap_or_else(|| wording::standard(kind, lang)))
}

/// The kind of this name, or the refusal that says there is none.
///
/// # Errors
/// When there is none.
pub(super) fn must_find(name: &str) -> Result<&'static LetterKind, Refusal> {
    kinds::kind(name).ok_or_else(|| Refusal::not_found("kind of letter", "type de courrier"))
}

/// Words a kind of letter anew, from now on.
///
/// # Errors
/// When the wording leaves out what it must say, names what the letter does not tell, or changes nothing.
pub async fn word(app: &App, actor: Actor, name: &str, lang: Lang, subject: &str, body: &str) -> Result<(), Refusal> {
    let kind = must_find(name)?;
    let (subject, body) = (subject.trim(), format!("{}\n", body.replace("\r\n", "\n").trim()));
    wording::check(kind, lang, subject, &body)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let holds = holding(&mut tx, kind, lang).await?;
    if holds.subject == subject && holds.body == body {
        return Err(same());
    }
    let version = next(&mut tx, kind, lang).await?;
    let (letter, subject) = (kind.name.to_owned(), subject.to_owned());
    feature::append(&mut tx, &[NoticeEvent::Worded { letter, lang, version, subject, body }]).await?;
    Ok(tx.commit().await?)
}

/// Goes back to the standard wording.
///
/// # Errors
/// When it holds already.
pub async fn restore(app: &App, actor: Actor, name: &str, lang: Lang) -> Result<(), Refusal> {
    let kind = must_find(name)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let newest = store::wordings(&mut tx, kind.name, lang).await?.into_iter().next();
    if newest.is_none_or(|one| one.text.is_none()) {
        return Err(same());
    }
    let version = next(&mut tx, kind, lang).await?;
    let letter = kind.name.to_owned();
    feature::append(&mut tx, &[NoticeEvent::StandardRestored { letter, lang, version }]).await?;
    Ok(tx.commit().await?)
}

/// Puts an earlier wording of the house, or the standard one that held then, in force again: undoing is a change like any other.
///
/// # Errors
/// When there is no such version, it holds already, or it lacks what the letter must say by now.
pub async fn again(app: &App, actor: Actor, name: &str, lang: Lang, version: i64) -> Result<(), Refusal> {
    let known = store::wordings(&mut app.store().read(), name, lang).await?;
    match known.into_iter().find(|one| one.version == version).map(|one| one.text) {
        Some(Some((subject, body))) => word(app, actor, name, lang, &subject, &body).await,
        Some(None) => restore(app, actor, name, lang).await,
        None if version == 0 => restore(app, actor, name, lang).await,
        None => Err(Refusal::not_found("version", "version")),
    }
}

/// Sets whether what is not urgent waits for office hours.
///
/// # Errors
/// When it is so already.
pub async fn set_quiet_hours(app: &App, actor: Actor, on: bool) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    if store::quiet_hours(&mut tx).await? == on {
        return Err(same());
    }
    feature::append(&mut tx, &[NoticeEvent::QuietHoursSet { on }]).await?;
    Ok(tx.commit().await?)
}

async fn next(db: &mut impl Ask, kind: &LetterKind, lang: Lang) -> Result<i64, StoreError> {
    let newest = store::wordings(db, kind.name, lang).await?.into_iter().next();
    Ok(newest.map_or(1, |one| one.version + 1))
}

fn same() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "letter-same",
        ["This holds already; nothing was changed.", "C'est déjà le cas ; rien n'a été changé."],
        ["Change something, or leave it as it is.", "Changez quelque chose, ou laissez ainsi."],
    )
}
