//! Pages behind mailed links, and the one where a forgotten password is told. A link opens a page; only its button does
//! anything, so a mail scanner that follows it uses nothing up.

use super::password::different;
use super::{forgotten, invitations, store};
use crate::{App, Refusal, parties, view};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Secret;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page, session};

#[derive(Deserialize)]
pub(super) struct Chosen {
    new: String,
    again: String,
}

impl Chosen {
    fn password(&self) -> Result<Secret<String>, Refusal> {
        if self.new == self.again { Ok(Secret::new(self.new.clone())) } else { Err(different()) }
    }
}

fn choose(app: &App, visit: &Visit, action: &str, intro: &Markup, refused: Option<&Refusal>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let body = html! {
        (intro)
        (view::refused(refused, visit.lang))
        (components::post(action, visit.csrf(), &html! {
            (components::new_password("new", &text("account-password-new"), Some(&text("password-hint"))))
            (components::new_password("again", &text("account-password-again"), None))
            (components::submit(&text("password-set")))
        }))
    };
    page::page(&app.shell, Some(visit), &text("password-choose"), &body)
}

fn gone(visit: &Visit) -> PageError {
    let refusal = invitations::no_link();
    PageError::Refused {
        message: refusal.message(visit.lang).to_owned(),
        remedy: refusal.remedy(visit.lang).to_owned(),
        status: StatusCode::NOT_FOUND,
    }
}

pub(super) async fn invitation(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    invited(&app, &visit, &token, None).await
}

async fn invited(app: &App, visit: &Visit, token: &str, refused: Option<&Refusal>) -> Result<Markup, PageError> {
    let invitation = invitations::behind(app, token).await?.ok_or_else(|| gone(visit))?;
    let role = app.text(visit.lang, &format!("role-{}", invitation.role.word()));
    let mut facts = vec![
        (app.text(visit.lang, "account-name"), html! { (invitation.name) }),
        (app.text(visit.lang, "account-email"), html! { (invitation.email) }),
        (app.text(visit.lang, "account-role"), html! { (role) }),
    ];
    if let Some(controller) = &invitation.controller {
        let party = parties::find(&mut app.store().read(), controller).await?;
        facts.extend(party.map(|party| (app.text(visit.lang, "people-for"), html! { (party.name) })));
    }
    Ok(choose(app, visit, &format!("/invitation/{token}"), &components::facts(&facts), refused))
}

pub(super) async fn accept(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    Posted(given): Posted<Chosen>,
) -> Result<Response, PageError> {
    let done = match given.password() {
        Ok(password) => invitations::accept(&app, &token, password).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(id) => {
            let account = store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
            session::end_before(&app.shell, visit.session.as_ref()).await?;
            let cookie = session::start(&app.shell, account.beginning(visit.network())).await?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
        }
        Err(refusal) => {
            let page = invited(&app, &visit, &token, Some(&refusal)).await?;
            Ok((refusal.status(), page).into_response())
        }
    }
}

pub(super) async fn link(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Markup, PageError> {
    linked(&app, &visit, &token, None).await
}

async fn linked(app: &App, visit: &Visit, token: &str, refused: Option<&Refusal>) -> Result<Markup, PageError> {
    forgotten::behind(app, token).await?.ok_or_else(|| gone(visit))?;
    Ok(choose(app, visit, &format!("/password/{token}"), &html! {}, refused))
}

pub(super) async fn set(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    Posted(given): Posted<Chosen>,
) -> Result<Response, PageError> {
    let done = match given.password() {
        Ok(password) => forgotten::set(&app, &token, password).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/sign-in").into_response()),
        Err(refusal) => {
            let page = linked(&app, &visit, &token, Some(&refusal)).await?;
            Ok((refusal.status(), page).into_response())
        }
    }
}

pub(super) async fn forgotten_page(State(app): State<App>, visit: Visit) -> Markup {
    forgotten_form(&app, &visit, None)
}

fn forgotten_form(app: &App, visit: &Visit, refused: Option<&Refusal>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let body = html! {
        (view::refused(refused, visit.lang))
        (components::post("/sign-in/forgotten", visit.csrf(), &html! {
            (components::field("email", &text("login-email"), "email", "", true, Some(&text("forgotten-hint"))))
            (components::submit(&text("forgotten-submit")))
        }))
        p { a href="/sign-in" { (text("forgotten-back")) } }
    };
    page::page(&app.shell, Some(visit), &text("forgotten-title"), &body)
}

#[derive(Deserialize)]
pub(super) struct Asked {
    email: String,
}

/// The same answer whoever asks, for whatever address.
pub(super) async fn forgotten(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Asked>,
) -> Result<Response, PageError> {
    if let Err(refusal) = forgotten::ask(&app, &given.email, visit.network().as_deref()).await {
        return Ok((refusal.status(), forgotten_form(&app, &visit, Some(&refusal))).into_response());
    }
    let text = |key: &str| app.text(visit.lang, key);
    let mail = if app.mail.is_some() { "forgotten-told-text" } else { "forgotten-no-mail" };
    let body = html! {
        (components::notice(Tone::Info, &text("forgotten-told"), &text(mail)))
        p { a href="/sign-in" { (text("forgotten-back")) } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("forgotten-title"), &body).into_response())
}
