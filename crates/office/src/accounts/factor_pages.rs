//! One's own factors on screen: the list, a new authenticator with its picture, recovery codes shown once.

use super::own::{HOME, me};
use super::{Account, Factor, factors, passkey_pages, passkeys, store};
use crate::accounts::Empty;
use crate::{App, Refusal, view};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{FactorId, Secret};
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Session, Step, Visit, page};

pub(super) const PAGE: &str = "/account/factors";
const NEW: &str = "/account/factors/new";

pub(super) async fn account(app: &App, visit: &Visit) -> Result<Account, PageError> {
    store::find(&mut app.store().read(), &me(visit)?).await?.ok_or(PageError::NotFound)
}

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let (mut read, id) = (app.store().read(), me(&visit)?);
    let held = store::factors(&mut read, &id).await?;
    let codes = store::recovery_codes(&mut read, &id).await?;
    let asked = visit.session.as_ref().is_some_and(|session| session.step == Some(Step::Enrol));
    let body = html! {
        @if asked { (components::notice(Tone::Warn, &text("factors-demanded"), &text("factors-demanded-text"))) }
        @if held.is_empty() { (components::empty(&text("factors-none"), None)) p { (ways(&app, &visit)) } }
        @else {
            (table(&app, &visit, &held))
            p { (ways(&app, &visit)) }
            section { h2 { (text("recovery-codes")) }
                p { (text("recovery-left")) " " strong { (codes) } }
                (components::post("/account/factors/recovery", visit.csrf(), &html! {
                    button.second type="submit" { (text("recovery-new")) }
                }))
            }
        }
        @if !asked { p { a href=(HOME) { (text("account-own-back")) } } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("factors-title"), &body))
}

/// What can be added.
fn ways(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    html! {
        a.button href=(NEW) { (text("factor-add")) }
        @if passkeys::relying_party(app).is_some() { " " a.button href=(passkey_pages::NEW) { (text("passkey-add")) } }
    }
}

fn table(app: &App, visit: &Visit, held: &[Factor]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let heads = ["factor-label", "factor-method", "factor-since", "factor-used", "factor-end"].map(text);
    let rows: Vec<Vec<Markup>> = held
        .iter()
        .map(|factor| {
            vec![
                html! { (factor.label) },
                html! { (text(&format!("factor-method-{}", factor.method))) },
                view::when(factor.made_at, visit.lang),
                html! { @match factor.used_at { Some(at) => { (view::when(at, visit.lang)) } None => "–" } },
                components::post(
                    "/account/factors/remove",
                    visit.csrf(),
                    &html! {
                        input type="hidden" name="factor" value=(factor.id);
                        button.link type="submit" { (text("factor-remove")) }
                    },
                ),
            ]
        })
        .collect();
    components::table(&text("factors-title"), &heads, &rows)
}

/// Who did not show who they are a short while ago does so again, also when a rule set meanwhile demands a factor of them.
pub(super) fn must_show(visit: &Visit, next: &str) -> Option<Response> {
    let shown = visit.session.as_ref()?.is_fresh(visit.now);
    (!shown).then(|| Redirect::to(&format!("/sign-in/again?next={next}")).into_response())
}

fn session(visit: &Visit) -> Result<&Session, PageError> {
    visit.session.as_ref().ok_or(PageError::NotFound)
}

pub(super) async fn new(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    if let Some(answer) = must_show(&visit, NEW) {
        return Ok(answer);
    }
    let account = account(&app, &visit).await?;
    let proposal = factors::propose(app.store(), &account).map_err(|refusal| refusal.page(visit.lang))?;
    Ok(setup(&app, &visit, &proposal, None).into_response())
}

fn setup(app: &App, visit: &Visit, proposal: &factors::Proposal, refused: Option<&Refusal>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let groups: Vec<String> =
        proposal.secret.expose().chars().collect::<Vec<_>>().chunks(4).map(|group| group.iter().collect()).collect();
    let body = html! {
        (view::refused(refused, visit.lang))
        ol {
            li { p { (text("factor-step-scan")) }
                div.qr { (components::qr(proposal.link.expose(), &text("factor-qr"))) }
                p { (text("factor-step-type")) " " code { (groups.join(" ")) } }
            }
            li { p { (text("factor-step-code")) }
                (components::post(PAGE, visit.csrf(), &html! {
                    input type="hidden" name="secret" value=(proposal.secret.expose());
                    (components::code("code", &text("factor-code-new"), None))
                    (components::field("label", &text("factor-label"), "text", "", true, Some(&text("factor-label-hint"))))
                    (components::submit(&text("factor-add-do")))
                }))
            }
        }
        p { a href=(PAGE) { (text("factor-cancel")) } }
    };
    page::page(&app.shell, Some(visit), &text("factor-add"), &body)
}

#[derive(Deserialize)]
pub(super) struct NewFactor {
    secret: String,
    code: String,
    #[serde(default)]
    label: String,
}

pub(super) async fn add(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<NewFactor>,
) -> Result<Response, PageError> {
    if let Some(answer) = must_show(&visit, NEW) {
        return Ok(answer);
    }
    let account = account(&app, &visit).await?;
    let secret = Secret::new(given.secret);
    match factors::add(app.store(), visit.now, &account.id, secret.clone(), &given.code, &given.label).await {
        Ok((epoch, codes)) => added(&app, &visit, &account, epoch, &codes).await,
        Err(refusal) => {
            // A secret that was never ours starts over; ours is shown again, so that the phone need not forget it.
            let again = factors::proposal(&secret, &account).or_else(|_| factors::propose(app.store(), &account));
            let proposal = again.map_err(|refusal| refusal.page(visit.lang))?;
            Ok((refusal.status(), setup(&app, &visit, &proposal, Some(&refusal))).into_response())
        }
    }
}

/// After a new factor: the session goes on under a new token, and recovery codes are shown if some were made.
pub(super) async fn added(
    app: &App,
    visit: &Visit,
    account: &Account,
    epoch: i64,
    codes: &[Secret<String>],
) -> Result<Response, PageError> {
    let mut beginning = account.going_on(session(visit)?, epoch, visit.network());
    beginning.factor = true;
    let cookie = web::session::start(&app.shell, beginning).await?;
    let answer =
        if codes.is_empty() { Redirect::to(PAGE).into_response() } else { printed(app, visit, codes).into_response() };
    Ok(([(header::SET_COOKIE, cookie)], answer).into_response())
}

/// The recovery codes, once.
fn printed(app: &App, visit: &Visit, codes: &[Secret<String>]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let body = html! {
        (components::notice(Tone::Warn, &text("recovery-once"), &text("recovery-once-text")))
        ul.codes { @for code in codes { li { code { (code.expose()) } } } }
        p { a.button href="/" { (text("recovery-kept")) } }
    };
    page::page(&app.shell, Some(visit), &text("recovery-codes"), &body)
}

pub(super) async fn recovery(
    State(app): State<App>,
    visit: Visit,
    Posted(_): Posted<Empty>,
) -> Result<Markup, PageError> {
    let codes = factors::new_recovery_codes(app.store(), visit.now, &me(&visit)?).await;
    let codes = codes.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(printed(&app, &visit, &codes))
}

#[derive(Deserialize)]
pub(super) struct Which {
    factor: String,
}

pub(super) async fn remove(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Which>,
) -> Result<Response, PageError> {
    let factor: FactorId = given.factor.parse().map_err(|_| PageError::NotFound)?;
    let account = account(&app, &visit).await?;
    let done = factors::remove(app.store(), visit.now, &account.id, &factor).await;
    let epoch = done.map_err(|refusal| refusal.page(visit.lang))?;
    let mut beginning = account.going_on(session(&visit)?, epoch, visit.network());
    // Who has none left has shown none: a role that demands one later asks at once.
    beginning.factor = account.factors > 1;
    let cookie = web::session::start(&app.shell, beginning).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(PAGE)).into_response())
}
