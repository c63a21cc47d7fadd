//! The estate on screen: its systems, and the map of one, to be checked and confirmed.

use super::{confirm_map, map_text, store};
use crate::{App, view};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use estate::Map;
use kernel::{Lang, SystemId};
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

fn state(app: &App, lang: Lang, row: &store::SystemRow) -> Markup {
    match row.map {
        Some(_) => components::badge(Tone::Ok, &app.text(lang, "system-confirmed")),
        None => components::badge(Tone::Warn, &app.text(lang, "system-proposed")),
    }
}

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let systems = store::list(&mut app.store().read()).await?;
    let heads = ["system-name", "system-kind", "system-state", "system-since"].map(text);
    let rows: Vec<Vec<Markup>> = systems
        .iter()
        .map(|row| {
            vec![
                html! { a href={ "/systems/" (row.id) } { (row.name) } },
                html! { (row.kind) },
                state(&app, visit.lang, row),
                view::when(row.connected_at, visit.lang),
            ]
        })
        .collect();
    let body = html! {
        @if rows.is_empty() { (components::empty(&text("systems-empty"), None)) }
        @else { (components::table(&text("systems-title"), &heads, &rows)) }
        p.hint { (text("systems-hint")) " " code { "garant estate connect" } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("systems-title"), &body))
}

pub(super) async fn one(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let id: SystemId = key.parse().map_err(|_| PageError::NotFound)?;
    let row = store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
    let toml = map_text(app.store(), &row).await?;
    let map = Map::parse(&toml).ok();
    let may = app.may(&visit, "systems.map");
    let body = html! {
        @if row.map.is_none() { (components::notice(Tone::Warn, &text("system-confirm-first"), &text("system-confirm-why"))) }
        div.two {
            div {
                @if let Some(map) = &map { (datasets(&app, lang, map)) }
                h2 { (text("system-map")) }
                @if may {
                    (components::post(&format!("/systems/{id}/map"), visit.csrf(), &html! {
                        div.field { label for="map" { (text("system-map-label")) } textarea id="map" name="map" rows="24" spellcheck="false" { (toml) } }
                        (components::submit(&text("system-map-confirm")))
                    }))
                } @else { pre { (toml) } }
            }
            div {
                (components::facts(&[
                    (text("system-state"), state(&app, lang, &row)),
                    (text("system-kind"), html! { (row.kind) }),
                    (text("system-since"), view::when(row.connected_at, lang)),
                ]))
                h2 { (text("history")) }
                (view::timeline(&app, row.id.as_str(), lang).await?)
            }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &row.name, &body))
}

fn datasets(app: &App, lang: Lang, map: &Map) -> Markup {
    let heads = ["dataset-name", "dataset-erasure", "dataset-personal"].map(|key| app.text(lang, key));
    let rows: Vec<Vec<Markup>> = map
        .datasets
        .iter()
        .map(|dataset| {
            let personal: Vec<String> = dataset
                .fields
                .iter()
                .filter(|field| field.category != "none")
                .map(|field| format!("{} ({})", field.name, field.category))
                .collect();
            let fate = match dataset.on_erasure {
                estate::map::OnErasure::Delete => app.text(lang, "dataset-delete"),
                estate::map::OnErasure::Keep => {
                    dataset.ground.clone().unwrap_or_else(|| app.text(lang, "dataset-keep"))
                }
            };
            vec![html! { code { (dataset.name) } }, html! { (fate) }, html! { (personal.join(", ")) }]
        })
        .collect();
    components::table(&app.text(lang, "system-datasets"), &heads, &rows)
}

#[derive(Deserialize)]
pub(super) struct Given {
    map: String,
}

pub(super) async fn confirm(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, PageError> {
    let id: SystemId = key.parse().map_err(|_| PageError::NotFound)?;
    let done = confirm_map(app.store(), visit.now, visit.actor(), &id, &given.map).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/systems/{id}")).into_response())
}
