//! One's own account: password, sessions, keys of programs.

use super::oidc;
use crate::{App, Refusal, view};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AccountId, Secret};
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::session::{self, Open};
use web::{PageError, Posted, Step, Visit, page};

pub(super) const HOME: &str = "/account";

pub(super) fn me(visit: &Visit) -> Result<AccountId, PageError> {
    visit.session.as_ref().map(|session| session.account.clone()).ok_or(PageError::NotFound)
}

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    shown(&app, &visit, None).await
}

async fn shown(app: &App, visit: &Visit, refused: Option<Refusal>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let id = me(visit)?;
    let account = super::store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
    let sessions = session::list(app.store(), &account.id, visit.now).await?;
    let keys = super::tokens(&mut app.store().read(), &account.id).await?;
    let facts = [
        (text("account-name"), html! { (account.name) }),
        (text("account-email"), html! { (account.email) }),
        (text("account-role"), html! { (text(&format!("role-{}", account.role.word()))) }),
        (text("account-since"), view::when(account.opened_at, visit.lang)),
    ];
    let body = html! {
        (components::facts(&facts))
        section { h2 id="password" { (text("account-password")) }
            (password_form(app, visit, refused.as_ref()))
        }
        section { h2 { (text("factors-title")) }
            p { @if account.factors > 0 { (text("factors-some")) " " (account.factors) } @else { (text("factors-none")) } }
            p { a.button.second href="/account/factors" { (text("factors-manage")) } }
        }
        (oidc::pages::own(app, visit).await?)
        section { h2 { (text("account-sessions")) } (open_sessions(app, visit, &sessions)) }
        @if app.may(visit, "diary.feed") { p { a href="/account/feed" { (text("feed-title")) } " · " a href="/absences" { (text("absences-title")) } } }
        section { h2 { (text("account-tokens")) } (super::pages::keys(app, visit, &keys, "/account/revoke"))
            p { a.button.second href="/account/tokens/new" { (text("token-new")) } } }
    };
    Ok(page::page(&app.shell, Some(visit), &text("account-own"), &body))
}

fn password_form(app: &App, visit: &Visit, refused: Option<&Refusal>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    html! {
        (view::refused(refused, visit.lang))
        (components::post("/account/password", visit.csrf(), &html! {
            (components::field("current", &text("account-password-current"), "password", "", true, None))
            (components::new_password("new", &text("account-password-new"), Some(&text("account-password-hint"))))
            (components::new_password("again", &text("account-password-again"), None))
            (components::submit(&text("account-password-change")))
        }))
    }
}

/// The form alone: for who must choose another password before the console opens.
pub(super) async fn password_page(State(app): State<App>, visit: Visit) -> Markup {
    password_alone(&app, &visit, None)
}

fn password_alone(app: &App, visit: &Visit, refused: Option<&Refusal>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let due = visit.session.as_ref().is_some_and(|session| session.step == Some(Step::Renew));
    let body = html! {
        @if due { (components::notice(Tone::Warn, &text("password-due"), &text("password-due-text"))) }
        (password_form(app, visit, refused))
    };
    page::page(&app.shell, Some(visit), &text("account-password"), &body)
}

fn open_sessions(app: &App, visit: &Visit, sessions: &[Open]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let heads =
        ["account-session-since", "account-session-seen", "account-session-from", "account-session-end"].map(text);
    let here = |open: &Open| visit.session.as_ref().is_some_and(|session| session.is(open));
    let end = |open: &Open| match here(open) {
        true => html! { (text("account-session-this")) },
        false => components::post(
            "/account/sessions",
            visit.csrf(),
            &html! {
                input type="hidden" name="which" value=(open.name);
                button.link type="submit" { (text("account-session-end-one")) }
            },
        ),
    };
    let rows: Vec<Vec<Markup>> = sessions
        .iter()
        .map(|open| {
            let from = open.network.clone().unwrap_or_else(|| "–".to_owned());
            vec![
                view::when(open.made_at, visit.lang),
                view::when(open.seen_at, visit.lang),
                html! { (from) },
                end(open),
            ]
        })
        .collect();
    html! {
        (components::table(&text("account-sessions"), &heads, &rows))
        @if sessions.len() > 1 {
            (components::post("/account/sessions", visit.csrf(), &html! {
                input type="hidden" name="which" value="others";
                button.second type="submit" { (text("account-session-end-others")) }
            }))
        }
    }
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    current: String,
    new: String,
    again: String,
}

/// A refusal shows the page again: nothing typed is kept, and nothing was changed.
pub(super) async fn password(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<NewPassword>,
) -> Result<Response, PageError> {
    let id = me(&visit)?;
    let done = if given.new == given.again {
        super::change_password(&app, &id, Secret::new(given.current), Secret::new(given.new)).await
    } else {
        Err(super::password::different())
    };
    match done {
        Ok(epoch) => {
            let account = super::store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
            let old = visit.session.as_ref().ok_or(PageError::NotFound)?;
            let mut beginning = account.going_on(old, epoch, visit.network());
            beginning.factor = old.factor;
            if account.factors == 0 {
                beginning.shown_at = None; // The password was all there is to show, and was shown just now.
            }
            let cookie = session::start(&app.shell, beginning).await?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(HOME)).into_response())
        }
        Err(refusal) => {
            let due = visit.session.as_ref().is_some_and(|session| session.step.is_some());
            let status = refusal.status();
            let page = if due {
                password_alone(&app, &visit, Some(&refusal))
            } else {
                shown(&app, &visit, Some(refusal)).await?
            };
            Ok((status, page).into_response())
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Which {
    which: String,
}

pub(super) async fn end_session(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Which>,
) -> Result<Redirect, PageError> {
    let session = visit.session.as_ref().ok_or(PageError::NotFound)?;
    match given.which.as_str() {
        "others" => session::end_others(&app.shell, session).await?,
        one => session::end_one(&app.shell, session, one).await?,
    }
    Ok(Redirect::to(HOME))
}

#[derive(Deserialize)]
pub(super) struct Key {
    pub(super) digest: String,
}

pub(super) async fn revoke(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Key>,
) -> Result<Redirect, PageError> {
    let done = super::revoke_token(app.store(), visit.now, visit.actor(), &me(&visit)?, &given.digest).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(HOME))
}
