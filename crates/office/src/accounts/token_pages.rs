//! A token is made here: what for, which rights, until when; and shown once.

use super::tokens::{self, DAYS, NewToken};
use super::{own, store};
use crate::{App, Refusal, view};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    label: String,
    #[serde(default)]
    days: String,
    #[serde(flatten)]
    ticked: HashMap<String, String>,
}

impl Wanted {
    fn permissions(&self) -> Vec<String> {
        self.ticked.keys().filter_map(|key| key.strip_prefix("may-")).map(str::to_owned).collect()
    }
}

pub(super) async fn new(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    form(&app, &visit, &Wanted::default(), None)
}

fn form(app: &App, visit: &Visit, given: &Wanted, refused: Option<&Refusal>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let session = visit.session.as_ref().ok_or(PageError::NotFound)?;
    let days = if given.days.is_empty() { DAYS.to_string() } else { given.days.clone() };
    let ticked = given.permissions();
    let body = html! {
        p { (text("token-lead")) }
        (view::refused(refused, visit.lang))
        (components::post("/account/tokens/new", visit.csrf(), &html! {
            (components::field("label", &text("account-token-label"), "text", &given.label, true, Some(&text("token-label-hint"))))
            (components::field("days", &text("token-days"), "number", &days, true, Some(&text("token-days-hint"))))
            fieldset {
                legend { (text("token-rights")) }
                @for permission in app.shell.policy.grantable(session.role) {
                    label.choice {
                        input type="checkbox" name={ "may-" (permission) } value="yes" checked[ticked.iter().any(|one| one == permission)];
                        " " (text(&format!("may-{}", permission.replace('.', "-")))) " " code.quiet { (permission) }
                    }
                }
            }
            (components::submit(&text("token-make")))
        }))
    };
    Ok(page::page(&app.shell, Some(visit), &text("token-new"), &body))
}

pub(super) async fn make(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Wanted>,
) -> Result<Response, PageError> {
    let account = own::me(&visit)?;
    let days = given.days.trim().parse().unwrap_or(0);
    let new = NewToken { label: given.label.clone(), permissions: given.permissions(), days };
    match tokens::make_token(&app, &account, new).await {
        Ok(token) => Ok(shown(&app, &visit, token.expose()).into_response()),
        Err(refusal) => Ok((refusal.status(), form(&app, &visit, &given, Some(&refusal))?).into_response()),
    }
}

fn shown(app: &App, visit: &Visit, token: &str) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let body = html! {
        (components::notice(Tone::Warn, &text("token-once"), &text("token-once-text")))
        p { code { (token) } }
        p { a href="/account" { (text("account-own")) } }
    };
    page::page(&app.shell, Some(visit), &text("token-new"), &body)
}

/// What a token carries, in words, for the lists of tokens.
pub(super) fn rights(app: &App, visit: &Visit, token: &store::TokenRow) -> Markup {
    let words = |permission: &String| app.text(visit.lang, &format!("may-{}", permission.replace('.', "-")));
    html! { details { summary { (token.permissions.len()) } ul.plain { @for permission in &token.permissions { li { (words(permission)) } } } } }
}
