//! Letters to a controller. Its own people read them here; opening one is an act, by a button, and an entry: from then on they
//! have it (proof of receipt), and what runs from receipt runs from that instant.

use super::{mine, text};
use crate::lists::{self, Cursor};
use crate::notices::{self, NoticeRow, find_of, of_controller};
use crate::{App, requests, view};
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use kernel::NoticeId;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: String,
}

pub(super) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let (text, controller) = (text(&app, &visit), mine(&visit)?);
    let after = Cursor::parse(&asked.after);
    let mut rows = of_controller(&mut app.store().read(), &controller, after, lists::ask()).await?;
    let next = lists::cut(&mut rows, |row| Cursor { at: row.queued_at, id: row.id.to_string() });
    let heads = ["client-letter", "client-letter-state", "client-letter-at"].map(&text);
    let line = |row: &NoticeRow| {
        vec![
            html! { a href={ "/client/notices/" (row.id) } lang=(row.lang.code()) { (row.subject) } },
            badge(&app, &visit, row),
            view::when(row.queued_at, visit.lang),
        ]
    };
    let body = html! {
        p { (text("client-notices-lead")) }
        @if rows.is_empty() { (components::empty(&text("client-told-none"), None)) }
        @else { (components::table(&text("nav-client-notices"), &heads, &rows.iter().map(line).collect::<Vec<_>>())) }
        (lists::next(&app, &visit, "/client/notices", &[], next.as_ref()))
    };
    Ok(page::page(&app.shell, Some(&visit), &text("nav-client-notices"), &body))
}

/// Whether somebody of them has opened it.
pub(super) fn badge(app: &App, visit: &Visit, row: &NoticeRow) -> Markup {
    let (tone, key) =
        if row.opened_at.is_some() { (Tone::Quiet, "client-letter-opened") } else { (Tone::Warn, "client-letter-new") };
    components::badge(tone, &app.text(visit.lang, key))
}

async fn found(app: &App, visit: &Visit, key: &str) -> Result<NoticeRow, PageError> {
    let id: NoticeId = key.parse().map_err(|_| PageError::NotFound)?;
    find_of(&mut app.store().read(), &mine(visit)?, &id).await?.ok_or(PageError::NotFound)
}

pub(super) async fn one(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let text = text(&app, &visit);
    let row = found(&app, &visit, &key).await?;
    if row.opened_at.is_some() {
        // It may speak of a person: who reads it, and on which day, is an entry, as in the house.
        notices::record_reading(&app, &row, &visit.actor()).await?;
    }
    let about = row.record.parse().ok();
    let request = match &about {
        Some(id) => requests::find_of(&mut app.store().read(), &mine(&visit)?, id).await?,
        None => None,
    };
    let body = html! {
        (components::facts(&facts(&app, &visit, &row)))
        @match row.opened_at {
            None => div.card {
                h2 { (text("client-letter-open-title")) }
                p { (text("client-letter-open-text")) }
                (components::post(&format!("/client/notices/{}/open", row.id), visit.csrf(), &components::submit(&text("client-letter-open"))))
            },
            Some(_) => div.card.text lang=(row.lang.code()) { (row.body.clone().unwrap_or_else(|| text("erased")).trim()) },
        }
        @if let Some(request) = request.filter(|_| row.opened_at.is_some()) {
            p { a.button.second href={ "/client/requests/" (request.id) } { (text("client-letter-request")) } }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &row.subject, &body))
}

fn facts(app: &App, visit: &Visit, row: &NoticeRow) -> Vec<(String, Markup)> {
    let text = text(app, visit);
    let mut items = vec![
        (text("client-letter-state"), badge(app, visit, row)),
        (text("client-letter-at"), view::when(row.queued_at, visit.lang)),
    ];
    if let Some(at) = row.sent_at {
        items.push((text("client-letter-mailed"), view::when(at, visit.lang)));
    }
    if let Some(at) = row.opened_at {
        items.push((text("client-letter-received"), view::when(at, visit.lang)));
    }
    items
}

#[derive(Deserialize)]
pub(super) struct Opened {}

pub(super) async fn open(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Opened>,
) -> Result<Redirect, PageError> {
    let row = found(&app, &visit, &key).await?;
    notices::opened(&app, visit.actor(), &row.id).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/client/notices/{}", row.id)))
}
