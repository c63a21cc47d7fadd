//! Several duties of the list handed over at once, and handed back.

use crate::duties::commands::on;
use crate::duties::{Command, store};
use crate::{App, Refusal, lists, view};
use axum::extract::State;
use kernel::{AccountId, DutyId};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

/// The duties that were ticked, and who is to answer for them; nobody in particular when empty.
#[derive(Deserialize)]
pub(crate) struct Given {
    #[serde(default)]
    owner: String,
    #[serde(flatten)]
    fields: HashMap<String, String>,
}

/// Hands each duty to somebody, all or none; gives who answered for each before.
async fn hand(
    app: &App,
    visit: &Visit,
    to: &[(DutyId, Option<AccountId>)],
) -> Result<Vec<(DutyId, Option<AccountId>)>, Refusal> {
    let mut tx = app.store().begin(app.now(), visit.actor()).await?;
    let mut before = Vec::new();
    for (id, owner) in to {
        let duty = store::find(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("duty", "échéance"))?;
        on(&mut tx, id, Command::HandOver(owner.clone())).await?;
        before.push((id.clone(), duty.owner));
    }
    tx.commit().await?;
    Ok(before)
}

pub(crate) async fn hand_over(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Markup, PageError> {
    let refused = |refusal: Refusal| refusal.page(visit.lang);
    let ids: Vec<DutyId> = lists::picked(&given.fields).map_err(refused)?;
    let owner = match given.owner.as_str() {
        "" => None,
        account => Some(super::actions::able(&app, account).await.map_err(refused)?),
    };
    let to: Vec<_> = ids.into_iter().map(|id| (id, owner.clone())).collect();
    let before = hand(&app, &visit, &to).await.map_err(refused)?;
    let undo = html! {
        @for (id, owner) in &before {
            input type="hidden" name={ "pick-" (id) } value=(owner.as_ref().map_or(String::new(), ToString::to_string));
        }
        button.second type="submit" { (app.text(visit.lang, "undo")) }
    };
    let done = view::undone(&app, &visit, "duties-handed-several", "/duties/several/back", &undo);
    Ok(said(&app, &visit, &done, before.len()))
}

pub(crate) async fn hand_back(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Markup, PageError> {
    let refused = |refusal: Refusal| refusal.page(visit.lang);
    let ids: Vec<DutyId> = lists::picked(&given.fields).map_err(refused)?;
    let mut to = Vec::new();
    for id in ids {
        let owner = match given.fields.get(&format!("pick-{id}")).map_or("", String::as_str) {
            "" => None,
            account => Some(super::actions::able(&app, account).await.map_err(refused)?),
        };
        to.push((id, owner));
    }
    hand(&app, &visit, &to).await.map_err(refused)?;
    let done = components::notice(Tone::Ok, &app.text(visit.lang, "duties-back-several"), "");
    Ok(said(&app, &visit, &done, to.len()))
}

fn said(app: &App, visit: &Visit, done: &Markup, count: usize) -> Markup {
    let body = html! {
        (done)
        p { (app.text(visit.lang, "pick-count")) " " (count) }
        p { a.button href="/duties" { (app.text(visit.lang, "duties-title")) } }
    };
    page::page(&app.shell, Some(visit), &app.text(visit.lang, "duties-title"), &body)
}
