//! Pages that ask for a passkey. They alone run a script, because no form can ask an authenticator; without it they say
//! so and offer the other ways.

use super::ceremonies::Purpose;
use super::factor_pages::{PAGE, account, added, must_show};
use super::own::me;
use super::passkeys::{self, Asked};
use crate::{App, Refusal, view};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use vault::passkey::{Assertion, Enrolment};
use web::login::local_path;
use web::{Attempt, PageError, Posted, Step, Visit, attempt, components, page, session};

pub(super) const NEW: &str = "/account/factors/passkey";
const ENTER: &str = "/sign-in/passkey";

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// The form a script fills: what it hands to the browser, what comes back, and what a person sees of it.
pub(super) struct Form<'a> {
    pub(super) action: &'a str,
    pub(super) options: &'a Value,
    pub(super) fields: Markup,
    pub(super) button: &'a str,
}

impl Form<'_> {
    /// Without the script there is no button, but a sentence that says why.
    pub(super) fn markup(&self, app: &App, visit: &Visit) -> Markup {
        let text = |key: &str| app.text(visit.lang, key);
        let answers = if self.options["make"] == true {
            &["client_data", "attestation"][..]
        } else {
            &["id", "client_data", "authenticator_data", "signature", "user_handle"]
        };
        html! {
            div data-passkey-without { (components::notice(components::Tone::Info, &text("passkey-script"), &text("passkey-script-text"))) }
            div data-passkey-failed hidden role="alert" {
                (components::notice(components::Tone::Late, &text("passkey-failed"), &text("passkey-failed-text")))
            }
            form method="post" action=(self.action) data-passkey=(self.options) {
                input type="hidden" name="csrf" value=(visit.csrf());
                @for name in answers { input type="hidden" name=(name) value=""; }
                div data-passkey-with hidden { (self.fields) (components::submit(self.button)) }
            }
        }
    }
}

pub(super) async fn new(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    if let Some(answer) = must_show(&visit, NEW) {
        return Ok(answer);
    }
    new_form(&app, &visit, None).await
}

async fn new_form(app: &App, visit: &Visit, refused: Option<&Refusal>) -> Result<Response, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let id = me(visit)?;
    let asked =
        Asked { purpose: Purpose::Enrol, holder: holder(visit)?, account: Some(&id), network: None, again: false };
    let body = match passkeys::ask(app, &asked).await {
        Ok(options) => {
            let label =
                components::field("label", &text("factor-label"), "text", "", true, Some(&text("passkey-label-hint")));
            let form = Form { action: NEW, options: &options, fields: label, button: &text("passkey-add-do") };
            html! { p { (text("passkey-why")) } (view::refused(refused, visit.lang)) (form.markup(app, visit)) }
        }
        Err(refusal) => view::refused(Some(&refusal), visit.lang),
    };
    let body = html! { (body) p { a href=(PAGE) { (text("factor-cancel")) } } };
    Ok(page::with_passkey(&app.shell, visit, &text("passkey-add"), &body))
}

fn holder(visit: &Visit) -> Result<&str, PageError> {
    visit.session.as_ref().map(session::Session::token_digest).ok_or(PageError::NotFound)
}

#[derive(Deserialize)]
pub(super) struct NewPasskey {
    #[serde(flatten)]
    answer: Enrolment,
    #[serde(default)]
    label: String,
}

pub(super) async fn add(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<NewPasskey>,
) -> Result<Response, PageError> {
    if let Some(answer) = must_show(&visit, NEW) {
        return Ok(answer);
    }
    let held = account(&app, &visit).await?;
    let asked = Asked {
        purpose: Purpose::Enrol,
        holder: holder(&visit)?,
        account: Some(&held.id),
        network: None,
        again: false,
    };
    match passkeys::add(&app, &asked, &given.answer, &given.label).await {
        Ok((epoch, codes)) => added(&app, &visit, &held, epoch, &codes).await,
        Err(refusal) => Ok((refusal.status(), new_form(&app, &visit, Some(&refusal)).await?).into_response()),
    }
}

/// The form for a person whose account is known: after the password, or again. Empty when they have no passkey.
pub(super) async fn form(app: &App, visit: &Visit, action: &str, next: &str) -> Result<Option<Markup>, PageError> {
    let id = me(visit)?;
    let asked =
        Asked { purpose: Purpose::Show, holder: holder(visit)?, account: Some(&id), network: None, again: false };
    if !passkeys::any(app, &id).await? {
        return Ok(None);
    }
    let options = passkeys::ask(app, &asked).await.map_err(|refusal| refusal.page(visit.lang))?;
    let next = html! { input type="hidden" name="next" value=(local_path(next)); };
    let form = Form { action, options: &options, fields: next, button: &app.text(visit.lang, "passkey-show") };
    Ok(Some(form.markup(app, visit)))
}

/// The passkey of who is signed in, or on the way.
pub(super) async fn shown(app: &App, visit: &Visit, answer: &Assertion) -> Result<(), Refusal> {
    let Some(session) = &visit.session else { return Err(Refusal::not_found("session", "session")) };
    let network = visit.network();
    let asked = Asked {
        purpose: Purpose::Show,
        holder: session.token_digest(),
        account: Some(&session.account),
        network: network.as_deref(),
        again: session.step != Some(Step::Factor),
    };
    passkeys::show(app, &asked, answer).await.map(drop)
}

pub(super) async fn enter_page(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Query(to): Query<Next>,
) -> Result<Response, PageError> {
    if visit.session.is_some() {
        return Ok(Redirect::to(local_path(&to.next)).into_response());
    }
    enter_form(&app, &visit, &headers, &to.next, None).await
}

async fn enter_form(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    next: &str,
    refused: Option<&Refusal>,
) -> Result<Response, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let attempt = Attempt::of(&app.shell, headers).unwrap_or_else(|| Attempt::begin(&app.shell));
    let network = visit.network();
    let asked = Asked {
        purpose: Purpose::Enter,
        holder: attempt.digest(),
        account: None,
        network: network.as_deref(),
        again: false,
    };
    let body = match passkeys::ask(app, &asked).await {
        Ok(options) => {
            let next = html! { input type="hidden" name="next" value=(local_path(next)); };
            let form = Form { action: ENTER, options: &options, fields: next, button: &text("passkey-show") };
            html! { (view::refused(refused, visit.lang)) (form.markup(app, visit)) }
        }
        Err(refusal) => view::refused(Some(&refusal), visit.lang),
    };
    let body = html! { (body) p { a href="/sign-in" { (text("passkey-password")) } } };
    let page = page::with_passkey(&app.shell, visit, &text("passkey-enter"), &body);
    Ok(([(header::SET_COOKIE, attempt.cookie(app.shell.secure))], page).into_response())
}

#[derive(Deserialize)]
pub(super) struct Entering {
    #[serde(flatten)]
    answer: Assertion,
    #[serde(default)]
    next: String,
}

/// A passkey alone: the authenticator asked for a PIN, a finger or a face, so both factors were shown.
pub(super) async fn enter(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Posted(given): Posted<Entering>,
) -> Result<Response, PageError> {
    let network = visit.network();
    let attempt = Attempt::of(&app.shell, &headers);
    let holder = attempt.as_ref().map_or("", Attempt::digest);
    let asked = Asked { purpose: Purpose::Enter, holder, account: None, network: network.as_deref(), again: false };
    match passkeys::show(&app, &asked, &given.answer).await {
        Ok(account) => {
            session::end_before(&app.shell, visit.session.as_ref()).await?;
            let mut beginning = account.beginning(network);
            beginning.factor = true;
            let cookies = [session::start(&app.shell, beginning).await?, attempt::over(app.shell.secure)];
            let cookies = AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
            Ok((cookies, Redirect::to(local_path(&given.next))).into_response())
        }
        Err(refusal) => {
            let page = enter_form(&app, &visit, &headers, &given.next, Some(&refusal)).await?;
            Ok((refusal.status(), page).into_response())
        }
    }
}
