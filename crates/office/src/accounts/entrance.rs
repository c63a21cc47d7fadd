//! The second step of signing in, and showing oneself again before what cannot be undone.

use super::factors::{check_factor, check_factor_again};
use super::own::me;
use super::sign_in::is_own_password;
use super::{passkey_pages, store};
use crate::{App, Kind, Refusal, view};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Secret;
use maud::{Markup, html};
use serde::Deserialize;
use vault::passkey::Assertion;
use web::login::local_path;
use web::{PageError, Posted, Visit, components, page, session};

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn factor_page(
    State(app): State<App>,
    visit: Visit,
    Query(to): Query<Next>,
) -> Result<Response, PageError> {
    if visit.session.as_ref().is_some_and(|session| session.step.is_none()) {
        return Ok(Redirect::to(local_path(&to.next)).into_response());
    }
    factor_form(&app, &visit, &to.next, None).await
}

async fn factor_form(app: &App, visit: &Visit, next: &str, refused: Option<&Refusal>) -> Result<Response, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let passkey = passkey_pages::form(app, visit, "/sign-in/factor/passkey", next).await?;
    let body = html! {
        (view::refused(refused, visit.lang))
        @if let Some(form) = &passkey { (form) h2 { (text("passkey-or-code")) } }
        (components::post("/sign-in/factor", visit.csrf(), &html! {
            input type="hidden" name="next" value=(local_path(next));
            (components::code("code", &text("factor-code"), Some(&text("factor-code-hint"))))
            (components::submit(&text("login-submit")))
        }))
        (components::post("/sign-out", visit.csrf(), &html! { button.link type="submit" { (text("sign-out")) } }))
    };
    Ok(finished(app, visit, &text("factor-title"), &body, passkey.is_some()))
}

/// A page, with the script of passkeys if it asks for one.
fn finished(app: &App, visit: &Visit, title: &str, body: &Markup, passkey: bool) -> Response {
    if passkey {
        page::with_passkey(&app.shell, visit, title, body)
    } else {
        page::page(&app.shell, Some(visit), title, body).into_response()
    }
}

#[derive(Deserialize)]
pub(super) struct ShownPasskey {
    #[serde(flatten)]
    answer: Assertion,
    #[serde(default)]
    next: String,
}

pub(super) async fn factor_passkey(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<ShownPasskey>,
) -> Result<Response, PageError> {
    match passkey_pages::shown(&app, &visit, &given.answer).await {
        Ok(()) => passed(&app, &visit, true, &given.next).await,
        Err(refusal) => {
            Ok((refusal.status(), factor_form(&app, &visit, &given.next, Some(&refusal)).await?).into_response())
        }
    }
}

pub(super) async fn again_passkey(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<ShownPasskey>,
) -> Result<Response, PageError> {
    match passkey_pages::shown(&app, &visit, &given.answer).await {
        Ok(()) => passed(&app, &visit, true, &given.next).await,
        Err(refusal) => {
            Ok((refusal.status(), again_form(&app, &visit, &given.next, Some(&refusal)).await?).into_response())
        }
    }
}

pub(super) async fn factor(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Shown>,
) -> Result<Response, PageError> {
    let network = visit.network();
    match check_factor(app.store(), visit.now, &me(&visit)?, &given.code, network.as_deref()).await {
        Ok(()) => passed(&app, &visit, true, &given.next).await,
        Err(refusal) => {
            Ok((refusal.status(), factor_form(&app, &visit, &given.next, Some(&refusal)).await?).into_response())
        }
    }
}

/// Goes on under a new token.
async fn passed(app: &App, visit: &Visit, factor: bool, next: &str) -> Result<Response, PageError> {
    let session = visit.session.as_ref().ok_or(PageError::NotFound)?;
    let cookie = session::renew(&app.shell, session, factor).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(local_path(next))).into_response())
}

pub(super) async fn again_page(
    State(app): State<App>,
    visit: Visit,
    Query(to): Query<Next>,
) -> Result<Response, PageError> {
    again_form(&app, &visit, &to.next, None).await
}

async fn again_form(app: &App, visit: &Visit, next: &str, refused: Option<&Refusal>) -> Result<Response, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let account = store::find(&mut app.store().read(), &me(visit)?).await?.ok_or(PageError::NotFound)?;
    let passkey = passkey_pages::form(app, visit, "/sign-in/again/passkey", next).await?;
    let body = html! {
        p { (text("again-why")) }
        (view::refused(refused, visit.lang))
        @if let Some(form) = &passkey { (form) h2 { (text("passkey-or-code")) } }
        (components::post("/sign-in/again", visit.csrf(), &html! {
            input type="hidden" name="next" value=(local_path(next));
            @if account.factors > 0 { (components::code("code", &text("factor-code"), Some(&text("factor-code-hint")))) }
            @else { (components::field("password", &text("login-password"), "password", "", true, None)) }
            (components::submit(&text("again-submit")))
        }))
        p { a href=(local_path(next)) { (text("again-back")) } }
    };
    Ok(finished(app, visit, &text("again-title"), &body, passkey.is_some()))
}

/// A code for who has a factor, the password for who has none.
pub(super) async fn again(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Shown>,
) -> Result<Response, PageError> {
    let account = store::find(&mut app.store().read(), &me(&visit)?).await?.ok_or(PageError::NotFound)?;
    let done = if account.factors > 0 {
        check_factor_again(app.store(), visit.now, &account.id, &given.code).await
    } else {
        own_password(&app, &visit, &account, given.password).await
    };
    match done {
        Ok(()) => passed(&app, &visit, account.factors > 0, &given.next).await,
        Err(refusal) => {
            let page = again_form(&app, &visit, &given.next, Some(&refusal)).await?;
            Ok((refusal.status(), page).into_response())
        }
    }
}

async fn own_password(app: &App, visit: &Visit, account: &store::Account, given: String) -> Result<(), Refusal> {
    if !is_own_password(app.store(), visit.now, account, Secret::new(given)).await? {
        return Err(Refusal::new(
            Kind::NotAllowed,
            "password",
            ["The password is not right.", "Le mot de passe n'est pas bon."],
            ["Type the password you sign in with.", "Saisissez le mot de passe de votre connexion."],
        ));
    }
    Ok(())
}
