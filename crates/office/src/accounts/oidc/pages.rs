//! The pages of signing in by a provider: the way there, the way back, the link, and one's own links.

use super::verbs::{self, Arrival, Back, Linking};
use crate::accounts::own::{HOME, me};
use crate::accounts::{Account, store};
use crate::{App, Refusal, view};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use kernel::Secret;
use maud::{Markup, html};
use serde::Deserialize;
use web::login::{local_path, on_the_way};
use web::{Attempt, PageError, Posted, Visit, attempt, components, page, session};

const LINK: &str = "/sign-in/provider/link";

/// The way in on the sign-in page, when there is a provider.
pub(in crate::accounts) fn way_in(app: &App, visit: &Visit, next: &str) -> Markup {
    html! {
        @if let Some(oidc) = &app.oidc {
            p { a.button.second href=(on_the_way("/sign-in/provider", next)) {
                (app.text(visit.lang, "provider-enter")) " " (oidc.name())
            } }
        }
    }
}

#[derive(Deserialize)]
pub(in crate::accounts) struct Next {
    #[serde(default)]
    next: String,
}

/// A link and not a form: the content policy lets no form lead to another site, not even by a redirect.
pub(in crate::accounts) async fn go(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Query(to): Query<Next>,
) -> Result<Response, PageError> {
    if visit.session.is_some() {
        return Ok(Redirect::to(local_path(&to.next)).into_response());
    }
    let attempt = Attempt::of(&app.shell, &headers).unwrap_or_else(|| Attempt::begin(&app.shell));
    match verbs::begin(&app, &attempt, local_path(&to.next), visit.network().as_deref()).await {
        Ok(address) => {
            let cookie = [(header::SET_COOKIE, attempt.cookie(app.shell.secure))];
            Ok((cookie, Redirect::to(&address)).into_response())
        }
        Err(refusal) => refused(&app, &visit, refusal),
    }
}

/// A refusal on the way, with the way back to the sign-in page.
fn refused(app: &App, visit: &Visit, refusal: Refusal) -> Result<Response, PageError> {
    if refusal.kind == crate::Kind::NotFound {
        return Err(refusal.page(visit.lang));
    }
    let body = html! {
        (view::refused(Some(&refusal), visit.lang))
        p { a href="/sign-in" { (app.text(visit.lang, "provider-back")) } }
    };
    let page = page::page(&app.shell, Some(visit), &app.text(visit.lang, "provider-title"), &body);
    Ok((refusal.status(), page).into_response())
}

pub(in crate::accounts) async fn back(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, PageError> {
    let attempt = Attempt::of(&app.shell, &headers).unwrap_or_else(|| Attempt::begin(&app.shell));
    match verbs::arrive(&app, &attempt, &back).await {
        Ok(Arrival::Known(account, factor, next)) => entered(&app, &visit, &account, factor, &next).await,
        Ok(Arrival::New(token)) => Ok(link_form(&app, &visit, token.text().expose(), None).into_response()),
        Err(refusal) => refused(&app, &visit, refusal),
    }
}

/// A session begins; whether ours still asks for a factor, its guard says.
async fn entered(app: &App, visit: &Visit, account: &Account, factor: bool, next: &str) -> Result<Response, PageError> {
    let mut beginning = account.beginning(visit.network());
    beginning.factor = factor;
    session::end_before(&app.shell, visit.session.as_ref()).await?;
    let cookies = [session::start(&app.shell, beginning).await?, attempt::over(app.shell.secure)];
    let cookies = AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok((cookies, Redirect::to(local_path(next))).into_response())
}

fn link_form(app: &App, visit: &Visit, token: &str, refused: Option<&Refusal>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let name = app.oidc.as_ref().map(|oidc| oidc.name()).unwrap_or_default();
    let body = html! {
        p { (text("provider-link-why")) " " strong { (name) } }
        (view::refused(refused, visit.lang))
        (components::post(LINK, visit.csrf(), &html! {
            input type="hidden" name="token" value=(token);
            (components::field("password", &text("login-password"), "password", "", true, Some(&text("provider-link-hint"))))
            (components::submit(&text("provider-link-do")))
        }))
        p { a href="/sign-in" { (text("provider-back")) } }
    };
    page::page(&app.shell, Some(visit), &text("provider-link"), &body)
}

#[derive(Deserialize)]
pub(in crate::accounts) struct Confirmed {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

pub(in crate::accounts) async fn link(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Posted(given): Posted<Confirmed>,
) -> Result<Response, PageError> {
    let attempt = Attempt::of(&app.shell, &headers).unwrap_or_else(|| Attempt::begin(&app.shell));
    let network = visit.network();
    match verbs::link(&app, &attempt, &given.token, Secret::new(given.password), network.as_deref()).await {
        Ok(Linking::Done(account, factor, next)) => entered(&app, &visit, &account, factor, &next).await,
        Ok(Linking::Again(refusal, token)) => {
            let page = link_form(&app, &visit, token.text().expose(), Some(&refusal));
            Ok((refusal.status(), page).into_response())
        }
        Err(refusal) => refused(&app, &visit, refusal),
    }
}

/// One's own links, each with a button that ends it; nothing where there are none.
pub(in crate::accounts) async fn own(app: &App, visit: &Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let links = store::identities(&mut app.store().read(), &me(visit)?).await?;
    let rows: Vec<Vec<Markup>> = links
        .iter()
        .map(|(issuer, since)| {
            let end = html! {
                input type="hidden" name="issuer" value=(issuer);
                button.link type="submit" { (text("provider-unlink")) }
            };
            let end = components::post("/account/provider", visit.csrf(), &end);
            vec![html! { (issuer) }, view::when(*since, visit.lang), end]
        })
        .collect();
    let heads = ["provider-title", "account-session-since", "account-session-end"].map(text);
    Ok(html! {
        @if !rows.is_empty() {
            section { h2 { (text("provider-title")) } (components::table(&text("provider-title"), &heads, &rows)) }
        }
    })
}

#[derive(Deserialize)]
pub(in crate::accounts) struct Which {
    #[serde(default)]
    issuer: String,
}

pub(in crate::accounts) async fn unlink(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Which>,
) -> Result<Response, PageError> {
    let id = me(&visit)?;
    let done = verbs::unlink(&app, &id, &given.issuer).await;
    let epoch = done.map_err(|refusal| refusal.page(visit.lang))?;
    let account = store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
    let old = visit.session.as_ref().ok_or(PageError::NotFound)?;
    let mut beginning = account.going_on(old, epoch, visit.network());
    beginning.factor = old.factor;
    let cookie = session::start(&app.shell, beginning).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(HOME)).into_response())
}
