//! Signing in and out: the same answer and the same work for an unknown address, and a brake on guessing.

use super::{Account, find_by_email};
use crate::{App, Kind, Refusal};
use ::store::{Store, StoreError};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Instant, Secret};
use maud::Markup;
use serde::Deserialize;
use vault::Password;
use web::{PageError, Posted, Visit, login, session};

const FAILURES_MAX: i64 = 10;
const PAUSE_MINUTES: i64 = 15;
/// Argon2 needs memory: only so many at a time.
static HASHING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(4);

/// An address and a password, as given.
#[derive(Deserialize)]
pub struct Credentials {
    /// The address.
    pub email: String,
    password: String,
    #[serde(default)]
    next: String,
}

impl Credentials {
    /// From the command line.
    #[must_use]
    pub fn new(email: &str, password: &Secret<String>) -> Self {
        Self { email: email.to_owned(), password: password.expose().clone(), next: String::new() }
    }
}

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

pub(super) async fn page(State(app): State<App>, visit: Visit, Query(to): Query<Next>) -> Response {
    if visit.session.is_some() {
        return Redirect::to(login::local_path(&to.next)).into_response();
    }
    form(&app, &visit, &to.next, None).into_response()
}

fn form(app: &App, visit: &Visit, next: &str, problem: Option<(&str, &str)>) -> Markup {
    login::form(&app.shell, visit, login::local_path(next), problem)
}

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Credentials>,
) -> Result<Response, PageError> {
    let next = given.next.clone();
    match check_password(app.store(), visit.now, given).await {
        Ok(account) => {
            let cookie = session::start(&app.shell, &account.id, account.epoch).await?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(login::local_path(&next))).into_response())
        }
        Err(refusal) if refusal.kind == Kind::NotAllowed => {
            let keys = match refusal.code {
                "throttled" => ("login-throttled", "login-throttled-remedy"),
                _ => ("login-failed", "login-failed-remedy"),
            };
            Ok((StatusCode::UNAUTHORIZED, form(&app, &visit, &next, Some(keys))).into_response())
        }
        Err(refusal) => Err(refusal.page(visit.lang)),
    }
}

pub(super) async fn out(State(app): State<App>, visit: Visit, Posted(_): Posted<Empty>) -> Result<Response, PageError> {
    let Some(session) = &visit.session else { return Ok(Redirect::to("/sign-in").into_response()) };
    let cookie = session::end(&app.shell, session).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}

/// A form with nothing but its token.
#[derive(Deserialize)]
pub(crate) struct Empty {}

/// The account these credentials open.
///
/// # Errors
/// [`Kind::NotAllowed`] when they open none, or after too many failures.
pub async fn check_password(db: &Store, now: Instant, given: Credentials) -> Result<Account, Refusal> {
    let bucket =
        format!("password:{}", hex::encode(<sha2::Sha256 as sha2::Digest>::digest(given.email.trim().to_lowercase())));
    if attempt(db, &bucket, now).await? > FAILURES_MAX {
        return Err(refused("throttled"));
    }
    let account = find_by_email(&mut db.read(), &given.email).await?;
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let right = is_password(hash, Secret::new(given.password)).await;
    match account {
        Some(account) if right => {
            forget(db, &bucket, now).await?;
            Ok(account)
        }
        _ => Err(refused("password")),
    }
}

/// Whether a password is the one behind a hash; the same work when there is none.
pub(super) async fn is_password(hash: Option<String>, candidate: Secret<String>) -> bool {
    let _permit = HASHING.acquire().await;
    tokio::task::spawn_blocking(move || Password::verify(hash.as_deref(), &candidate)).await.unwrap_or(false)
}

fn refused(code: &'static str) -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        code,
        ["The e-mail or the password is not right.", "L'adresse ou le mot de passe n'est pas bon."],
        [
            "Check both and try again; after ten failures, wait fifteen minutes.",
            "Vérifiez les deux et réessayez ; après dix échecs, attendez quinze minutes.",
        ],
    )
}

/// Counts an attempt before it is judged, so that a thousand at once are not all the first; gives how many
/// there were in the last quarter of an hour. A success forgets them.
async fn attempt(db: &Store, bucket: &str, now: Instant) -> Result<i64, StoreError> {
    let until = now.as_millisecond() + PAUSE_MINUTES * 60_000;
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    tx.execute("DELETE FROM throttles WHERE until <= $1", vec![now.into()]).await?;
    let sql = "INSERT INTO throttles (bucket, failures, until) VALUES ($1, 1, $2) \
               ON CONFLICT (bucket) DO UPDATE SET failures = throttles.failures + 1, \
               until = CASE WHEN throttles.failures < $3 THEN $2 ELSE throttles.until END RETURNING failures";
    let row = tx.row(sql, vec![bucket.into(), until.into(), FAILURES_MAX.into()]).await?;
    let count = row.map_or(Ok(1), |row| row.int("failures"))?;
    tx.commit().await?;
    Ok(count)
}

async fn forget(db: &Store, bucket: &str, now: Instant) -> Result<(), StoreError> {
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    tx.execute("DELETE FROM throttles WHERE bucket = $1", vec![bucket.into()]).await?;
    tx.commit().await
}
