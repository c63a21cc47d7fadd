//! Logging a request: a call or a letter in under a minute.

use crate::requests::{NewRequest, Right, receive};
use crate::{App, Refusal, parties, view};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Instant, civil};
use maud::{Markup, html};
use serde::Deserialize;
use web::{PageError, Posted, Visit, components, page};

pub(crate) async fn form(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let known = parties::list(&mut app.store().read()).await?;
    let controllers: Vec<(String, String)> =
        known.iter().map(|party| (party.id.to_string(), party.name.clone())).collect();
    let rights = ["access", "erasure"].map(|right| (right.to_owned(), text(&format!("right-{right}"))));
    let channels =
        ["mail", "telephone", "letter", "other"].map(|word| (word.to_owned(), text(&format!("channel-{word}"))));
    let body = html! {
        @if controllers.is_empty() {
            (components::empty(&text("request-no-controller"), Some(("/agreements/new", &text("agreement-import")))))
        } @else {
            p { (text("request-new-intro")) }
            (components::post("/requests/new", visit.csrf(), &html! {
                (components::select("controller", &text("request-controller"), &controllers, ""))
                (components::select("right", &text("request-right"), &rights, "access"))
                (components::field("email", &text("request-email"), "email", "", true, Some(&text("request-email-hint"))))
                (components::select("channel", &text("request-channel"), &channels, "mail"))
                (components::field("received", &text("request-received"), "datetime-local", "", false, Some(&text("request-received-hint"))))
                div.field { label for="note" { (text("request-note")) } textarea id="note" name="note" maxlength="4000" {} }
                (components::submit(&text("request-log")))
            }))
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("request-new"), &body))
}

#[derive(Deserialize)]
pub(crate) struct Given {
    controller: String,
    right: String,
    email: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    received: String,
    #[serde(default)]
    note: String,
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Response, PageError> {
    let new = parse(&app, given).map_err(|refusal| refusal.page(visit.lang))?;
    let id = receive(&app, visit.actor(), new).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/requests/{id}")).into_response())
}

fn parse(app: &App, given: Given) -> Result<NewRequest, Refusal> {
    let unknown = || Refusal::not_found("controller", "responsable");
    Ok(NewRequest {
        controller: given.controller.parse().map_err(|_| unknown())?,
        right: Right::parse(&given.right).ok_or_else(|| Refusal::not_found("right", "droit"))?,
        email: given.email,
        note: given.note,
        channel: given.channel,
        received_at: received(app, &given.received)?,
    })
}

/// A local date and time at the house's place; now when left empty.
fn received(app: &App, text: &str) -> Result<Instant, Refusal> {
    if text.trim().is_empty() {
        return Ok(app.now());
    }
    let local: Result<civil::DateTime, _> = text.trim().parse();
    let instant =
        local.ok().and_then(|local| local.to_zoned(view::house_place().zone()).ok()).map(|zoned| zoned.timestamp());
    instant.ok_or_else(|| {
        Refusal::new(
            crate::Kind::Invalid,
            "received",
            ["This is not a day and time.", "Ceci n'est pas un jour et une heure."],
            ["Write it as 2026-11-22T14:05.", "Écrivez-le comme 2026-11-22T14:05."],
        )
    })
}
