//! A person's duties for their own calendar program, at an address only they know.

use super::DiaryEvent;
use super::ics::{self, Entry, Moment};
use crate::accounts::throttle::{self, Bucket};
use crate::accounts::{self, Account};
use crate::duties::{self, Duty};
use crate::{App, Kind, Refusal, absences, feature, view};
use ::store::{Ask, StoreError};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AccountId, Actor, Instant, Secret, clock};
use maud::{Markup, html};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use vault::Token;
use web::components::{self, Tone};
use web::{PageError, Posted, Role, Visit, page};

/// Feeds one person may have: a telephone, a computer, and some.
const FEEDS_MAX: usize = 5;
/// Duties of one person in a feed.
const ENTRIES_MAX: i64 = 500;
/// How long what is done stays in a feed, as cancelled, so that programs take it away.
const DONE_DAYS: i64 = 60;

/// The digests of a person's feeds, with when each was made.
pub(super) async fn of(db: &mut impl Ask, account: &AccountId) -> Result<Vec<(String, Instant)>, StoreError> {
    let sql = "SELECT digest, made_at FROM feeds WHERE account = $1 ORDER BY made_at, digest";
    let rows = db.rows(sql, vec![account.into()]).await?;
    rows.iter().map(|row| Ok((row.text("digest")?, row.instant("made_at")?))).collect()
}

/// When each feed of a person was made.
///
/// # Errors
/// When the database fails.
pub async fn made_at(db: &mut impl Ask, account: &AccountId) -> Result<Vec<Instant>, StoreError> {
    Ok(of(db, account).await?.into_iter().map(|(_, at)| at).collect())
}

/// Makes a feed of a person's duties; its token is given once and kept as a digest.
///
/// # Errors
/// When the person has as many as one may have.
pub async fn make(app: &App, actor: Actor, account: &AccountId) -> Result<Secret<String>, Refusal> {
    let token = Token::generate(app.store().entropy());
    let mut tx = app.store().begin(app.now(), actor).await?;
    if of(&mut tx, account).await?.len() >= FEEDS_MAX {
        return Err(Refusal::new(
            Kind::Conflict,
            "feeds-max",
            ["There are five feeds already.", "Il y a déjà cinq flux."],
            ["Revoke one that nothing reads any more.", "Révoquez-en un que plus rien ne lit."],
        ));
    }
    let event = DiaryEvent::FeedMade { account: account.clone(), digest: token.digest().to_owned() };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(Secret::new(token.text().expose().clone()))
}

/// Revokes a feed of a person, told by its digest.
///
/// # Errors
/// When they have no such feed.
pub async fn revoke(app: &App, actor: Actor, account: &AccountId, digest: &str) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    if !of(&mut tx, account).await?.iter().any(|(known, _)| known == digest) {
        return Err(Refusal::not_found("feed", "flux"));
    }
    feature::append(&mut tx, &[DiaryEvent::FeedRevoked { account: account.clone(), digest: digest.to_owned() }])
        .await?;
    Ok(tx.commit().await?)
}

/// The feed that a token opens at this moment, as its text; none for a token that opens nothing, whatever the reason.
///
/// # Errors
/// When the database fails.
pub async fn of_token(app: &App, token: &str) -> Result<Option<String>, StoreError> {
    let Ok(token) = Token::parse(token) else { return Ok(None) };
    let row =
        app.store().read().row("SELECT account FROM feeds WHERE digest = $1", vec![token.digest().into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let account = accounts::store::find(&mut app.store().read(), &row.id("account")?).await?;
    let stays = |account: &Account| account.until.is_none_or(|until| until > app.now());
    match account.filter(stays).filter(|account| app.shell.policy.may(account.role, "diary.feed")) {
        Some(account) => text(app, &account).await.map(Some),
        None => Ok(None),
    }
}

async fn text(app: &App, account: &Account) -> Result<String, StoreError> {
    let mut read = app.store().read();
    let since = Instant::from_millisecond(app.now().as_millisecond() - DONE_DAYS * 86_400_000).unwrap_or(Instant::MIN);
    let away = absences::away(&mut read, clock::day_of(app.now(), &app.place())).await?;
    let covered = away.covered_by(&account.id, account.role == Role::Owner);
    let people = accounts::list(&mut read).await?;
    let covered = people.iter().filter(|person| covered.contains(&&person.id)).map(|person| (&person.id, person.role));
    let mut all: BTreeMap<String, Duty> = BTreeMap::new();
    for whose in std::iter::once((&account.id, account.role)).chain(covered) {
        let found = duties::of_person(&mut read, whose, since, ENTRIES_MAX).await?;
        all.extend(found.into_iter().map(|duty| (duty.id.to_string(), duty)));
    }
    let entries: Vec<Entry> = all.values().filter_map(|duty| entry(app, account, duty)).collect();
    Ok(ics::calendar(&app.text(account.lang, "feed-name"), &entries))
}

/// A duty as an entry; none when it has no day.
fn entry(app: &App, account: &Account, duty: &Duty) -> Option<Entry> {
    let due = duty.own_due.or(duty.target)?;
    let lang = account.lang;
    let reference = duty.agreement.as_ref().map(|id| {
        let short: String = id.as_str().chars().skip(id.as_str().len().saturating_sub(6)).collect();
        format!(" · {} {short}", app.text(lang, "feed-agreement"))
    });
    let url = format!("{}/duties/{}", app.public_url, duty.id);
    let summary = format!("{}{}", duty.title(lang), reference.unwrap_or_default());
    let host = app.public_url.split_once("://").map_or(app.public_url.as_str(), |(_, host)| host);
    Some(Entry {
        uid: format!("{}@{}", duty.id, host.split('/').next().unwrap_or(host)),
        sequence: duty.sequence,
        stamp: duty.ended_at.or(duty.paused_at).unwrap_or(duty.started_at),
        at: moment(due),
        description: format!("{summary}\n{url}"),
        summary,
        url,
        alarm: duty.target.filter(|_| duty.state == "running"),
        cancelled: duty.state == "discharged",
    })
}

/// A limit at midnight is the whole day before it; any other is an instant.
fn moment(due: Instant) -> Moment {
    let local = due.to_zoned(components::zone());
    let midnight = local.time() == kernel::civil::Time::midnight();
    match local.date().yesterday() {
        Ok(last) if midnight => Moment::Day(last),
        _ => Moment::At(due),
    }
}

/// Answers a calendar program. Whoever asks for what opens nothing hears the same, and after a hundred such questions from a
/// network in a quarter of an hour, nothing is opened for it at all.
pub(super) async fn read(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let bucket = Bucket::feeds(&visit.network().unwrap_or_default());
    if bucket.is_full(&mut app.store().read(), app.now()).await? {
        return Err(PageError::NotFound);
    }
    let token = name.strip_suffix(".ics").unwrap_or(&name);
    let Some(text) = of_token(&app, token).await? else {
        throttle::attempt(app.store(), &[bucket], app.now()).await?;
        return Err(PageError::NotFound);
    };
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(text.as_bytes())[..16]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let same = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    if same {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let kind = "text/calendar; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::ETAG, tag)], text).into_response())
}

fn me(visit: &Visit) -> Result<AccountId, PageError> {
    visit.session.as_ref().map(|session| session.account.clone()).ok_or(PageError::NotFound)
}

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    shown(&app, &visit, None).await
}

async fn shown(app: &App, visit: &Visit, address: Option<&str>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let feeds = of(&mut app.store().read(), &me(visit)?).await?;
    let heads = ["feed-made", "feed-end"].map(text);
    let end = |digest: &str| {
        components::post(
            "/account/feed/revoke",
            visit.csrf(),
            &html! {
                input type="hidden" name="digest" value=(digest);
                button.link type="submit" { (text("feed-revoke")) }
            },
        )
    };
    let rows: Vec<Vec<Markup>> =
        feeds.iter().map(|(digest, at)| vec![view::when(*at, visit.lang), end(digest)]).collect();
    let body = html! {
        p { (text("feed-why")) }
        @if let Some(address) = address {
            (components::notice(Tone::Info, &text("feed-once"), ""))
            p { code { (address) } }
        }
        @if rows.is_empty() { (components::empty(&text("feed-none"), None)) }
        @else { (components::table(&text("feed-title"), &heads, &rows)) }
        (components::post("/account/feed", visit.csrf(), &components::submit(&text("feed-make"))))
    };
    Ok(page::page(&app.shell, Some(visit), &text("feed-title"), &body))
}

pub(super) async fn make_one(
    State(app): State<App>,
    visit: Visit,
    Posted(_): Posted<accounts::Empty>,
) -> Result<Markup, PageError> {
    let token = make(&app, visit.actor(), &me(&visit)?).await.map_err(|refusal| refusal.page(visit.lang))?;
    let address = format!("{}/feeds/{}.ics", app.public_url, token.expose());
    shown(&app, &visit, Some(&address)).await
}

#[derive(Deserialize)]
pub(super) struct Which {
    digest: String,
}

pub(super) async fn revoke_one(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Which>,
) -> Result<Redirect, PageError> {
    let done = revoke(&app, visit.actor(), &me(&visit)?, &given.digest).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/account/feed"))
}
