//! What is done to several mails of the list at once, and taken back.

use crate::inbox;
use crate::{App, lists, view};
use axum::extract::State as Shared;
use kernel::MailId;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use web::{PageError, Posted, Visit, page};

/// The mails that were ticked, and why they are put aside.
#[derive(Deserialize)]
pub(crate) struct Given {
    #[serde(default)]
    reason: String,
    #[serde(flatten)]
    fields: HashMap<String, String>,
}

pub(crate) async fn file(
    Shared(app): Shared<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Markup, PageError> {
    let ids: Vec<MailId> = lists::picked(&given.fields).map_err(|refusal| refusal.page(visit.lang))?;
    let done = inbox::file_several(&app, visit.actor(), &ids, &given.reason).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    let undo = html! {
        @for id in &ids { input type="hidden" name={ "pick-" (id) } value="on"; }
        button.second type="submit" { (app.text(visit.lang, "undo")) }
    };
    Ok(said(
        &app,
        &visit,
        &view::undone(&app, &visit, "inbox-filed-several", "/inbox/several/reopen", &undo),
        ids.len(),
    ))
}

pub(crate) async fn reopen(
    Shared(app): Shared<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Markup, PageError> {
    let ids: Vec<MailId> = lists::picked(&given.fields).map_err(|refusal| refusal.page(visit.lang))?;
    inbox::reopen_several(&app, visit.actor(), &ids).await.map_err(|refusal| refusal.page(visit.lang))?;
    let done = web::components::notice(web::components::Tone::Ok, &app.text(visit.lang, "inbox-reopened-several"), "");
    Ok(said(&app, &visit, &done, ids.len()))
}

fn said(app: &App, visit: &Visit, done: &Markup, count: usize) -> Markup {
    let body = html! {
        (done)
        p { (app.text(visit.lang, "pick-count")) " " (count) }
        p { a.button href="/inbox" { (app.text(visit.lang, "inbox-title")) } }
    };
    page::page(&app.shell, Some(visit), &app.text(visit.lang, "inbox-title"), &body)
}
