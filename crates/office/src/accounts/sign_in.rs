//! Signing in and out: the same answer and the same work for an unknown address, and a brake on guessing.

use super::throttle::{self, Bucket};
use super::{Account, find_by_email, oidc, passkeys};
use crate::{App, Kind, Refusal};
use ::store::Store;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Instant, Secret};
use maud::{Markup, html};
use serde::Deserialize;
use vault::Password;
use web::{PageError, Posted, Visit, login, session};

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
    let next = login::local_path(next);
    let others = html! {
        (oidc::pages::way_in(app, visit, next))
        @if passkeys::relying_party(app).is_some() {
            p { a.button.second href=(login::on_the_way("/sign-in/passkey", next)) { (app.text(visit.lang, "passkey-enter")) } }
        }
    };
    login::form(&app.shell, visit, next, problem, &others)
}

pub(super) async fn post(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Credentials>,
) -> Result<Response, PageError> {
    let next = given.next.clone();
    let network = visit.network();
    match check_password(app.store(), visit.now, given, network.as_deref()).await {
        Ok(account) => {
            session::end_before(&app.shell, visit.session.as_ref()).await?;
            let cookie = session::start(&app.shell, account.beginning(network)).await?;
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

/// The account these credentials open, given from `network`. What else its holder has to show, [`super::admit`] says.
///
/// # Errors
/// [`Kind::NotAllowed`] when they open none, or after too many failures.
pub async fn check_password(
    db: &Store,
    now: Instant,
    given: Credentials,
    network: Option<&str>,
) -> Result<Account, Refusal> {
    let buckets = Bucket::sign_in(&given.email, network);
    if !throttle::attempt(db, &buckets, now).await? {
        return Err(throttled());
    }
    let account = find_by_email(&mut db.read(), &given.email).await?;
    let account = account.filter(|account| account.until.is_none_or(|until| until > now));
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let right = is_password(hash, Secret::new(given.password)).await;
    match account {
        Some(account) if right => {
            throttle::forget(db, &buckets, now).await?;
            Ok(account)
        }
        _ => Err(refused()),
    }
}

/// Whether `given` is the password of somebody who is signed in already.
///
/// # Errors
/// After too many that were not.
pub(super) async fn is_own_password(
    db: &Store,
    now: Instant,
    account: &Account,
    given: Secret<String>,
) -> Result<bool, Refusal> {
    let buckets = Bucket::again(&account.id);
    if !throttle::attempt(db, &buckets, now).await? {
        return Err(throttled());
    }
    let right = is_password(account.password.clone(), given).await;
    if right {
        throttle::forget(db, &buckets, now).await?;
    }
    Ok(right)
}

/// Whether a password is the one behind a hash; the same work when there is none.
pub(super) async fn is_password(hash: Option<String>, candidate: Secret<String>) -> bool {
    let _permit = HASHING.acquire().await;
    tokio::task::spawn_blocking(move || Password::verify(hash.as_deref(), &candidate)).await.unwrap_or(false)
}

fn refused() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "password",
        ["The e-mail or the password is not right.", "L'adresse ou le mot de passe n'est pas bon."],
        [
            "Check both and try again; after ten failures, wait fifteen minutes.",
            "Vérifiez les deux et réessayez ; après dix échecs, attendez quinze minutes.",
        ],
    )
}

/// Too many attempts, right ones included: the answer does not tell.
pub(super) fn throttled() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "throttled",
        [
            "There were too many failures for this account, or from this network.",
            "Il y a eu trop d'échecs pour ce compte, ou depuis ce réseau.",
        ],
        ["Wait fifteen minutes, then try again.", "Attendez quinze minutes, puis réessayez."],
    )
}
