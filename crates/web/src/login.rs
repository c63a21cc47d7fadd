//! The sign-in form, and the choice of language that needs no account.

use crate::{Shell, Visit, components, guard, link, page};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Lang;
use maud::{Markup, html};

/// The sign-in page; `problem` is the message and remedy of a failed try, `others` the ways in beside the password.
#[must_use]
pub fn form(shell: &Shell, visit: &Visit, next: &str, problem: Option<(&str, &str)>, others: &Markup) -> Markup {
    let text = |key: &str| shell.texts.get(visit.lang, key);
    let body = html! {
        @if let Some((message, remedy)) = problem {
            div.notice.late role="alert" { p { strong { (text(message)) } } p { (text(remedy)) } }
        }
        form method="post" action="/sign-in" {
            input type="hidden" name="next" value=(next);
            (components::field("email", &text("login-email"), "email", "", true, None))
            (components::field("password", &text("login-password"), "password", "", true, None))
            (components::submit(&text("login-submit")))
        }
        (others)
        p { a href="/sign-in/forgotten" { (text("login-forgotten")) } }
    };
    page::page(shell, Some(visit), &text("login-title"), &body)
}

/// The address of `page`, a step on the way to `next`.
#[must_use]
pub fn on_the_way(page: &str, next: &str) -> String {
    guard::back_to(page, local_path(next))
}

/// Only paths of our own may follow a sign-in.
#[must_use]
pub fn local_path(next: &str) -> &str {
    if link::is_local(next) { next } else { "/" }
}

/// Where the language link leads.
#[derive(serde::Deserialize)]
pub struct Choice {
    to: String,
    #[serde(default)]
    next: String,
}

/// Keeps the language in a cookie and goes back to the page.
pub async fn language(State(shell): State<Shell>, Query(choice): Query<Choice>) -> Response {
    let lang: Lang = choice.to.parse().unwrap_or_default();
    let flag = if shell.secure { "; Secure" } else { "" };
    let cookie = format!("garant-lang={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{flag}", lang.code());
    ([(header::SET_COOKIE, cookie)], Redirect::to(local_path(&choice.next))).into_response()
}
