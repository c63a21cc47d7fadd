//! The ledger on screen: its logs, its entries, one entry with what verifies it.

use crate::{App, view};
use ::store::Arg;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::EntryId;
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Visit, page};

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    record: String,
    before: Option<i64>,
}

const PAGE: i64 = 50;

pub(super) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(filter): Query<Filter>,
) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let sql = "SELECT seq, id, log, idx, at, kind FROM entries WHERE seq < $1 AND ($2 = '' OR record = $2) \
               ORDER BY seq DESC LIMIT $3";
    let args = vec![filter.before.unwrap_or(i64::MAX).into(), Arg::from(filter.record.as_str()), PAGE.into()];
    let found = app.store().read().rows(sql, args).await?;
    let mut rows = Vec::new();
    for row in &found {
        let (id, log) = (row.text("id")?, row.text("log")?);
        rows.push(vec![
            view::when(row.instant("at")?, lang),
            html! { (view::kind_text(&app, &row.text("kind")?, lang)) },
            html! { code { (log.split_once('/').map_or(log.as_str(), |(_, rest)| rest)) } " " (row.int("idx")?) },
            html! { a href={ "/ledger/entries/" (id) } { (text("receipt")) } },
        ]);
    }
    let last = found.last().map(|row| row.int("seq")).transpose()?;
    let heads = ["entry-at", "entry-kind", "entry-place", "receipt"].map(text);
    let body = html! {
        (logs(&app, &visit).await?)
        h2 { (text("ledger-entries")) }
        @if rows.is_empty() { (components::empty(&text("ledger-empty"), None)) }
        @else { (components::table(&text("ledger-entries"), &heads, &rows)) }
        @if let Some(last) = last.filter(|_| i64::try_from(found.len()).is_ok_and(|n| n == PAGE)) {
            p { a.button.second href={ "/ledger?before=" (last) "&record=" (filter.record) } { (text("ledger-older")) } }
        }
    };
    let action = html! { a.button href="/ledger/export" { (text("ledger-export")) } };
    Ok(page::with_action(&app.shell, Some(&visit), &text("ledger-title"), Some(action), &body))
}

async fn logs(app: &App, visit: &Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let heads = ["log-name", "log-entries"].map(text);
    let rows: Vec<Vec<Markup>> = app
        .store()
        .logs()
        .await?
        .iter()
        .map(|head| {
            vec![
                html! { details { summary { code { (head.origin) } } pre { (head.checkpoint) } } },
                html! { (head.size) },
            ]
        })
        .collect();
    Ok(html! {
        p { (text("ledger-intro")) " " code { "garant ledger verify" } }
        p.small { a href="/ledger/key" { (text("ledger-key")) } ": " code { (app.store().keys().verifier()) } }
        (components::table(&text("ledger-logs"), &heads, &rows))
    })
}

pub(super) async fn one(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let id: EntryId = key.parse().map_err(|_| PageError::NotFound)?;
    let (origin, index, leaf) = app.store().find_entry(&id).await?.ok_or(PageError::NotFound)?;
    let value: serde_json::Value = serde_json::from_slice(&leaf).unwrap_or_default();
    let kept = app.store().disclosures(&id).await?.len();
    let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
    let kind = value["kind"].as_str().unwrap_or_default();
    let body = html! {
        (components::facts(&[
            (text("entry-place"), html! { code { (origin) } " " (index) }),
            (text("entry-id"), html! { code { (id) } }),
            (text("entry-actor"), html! { code { (value["actor"].as_str().unwrap_or_default()) } }),
            (text("entry-values"), html! { (app.shell.texts.with(lang, "entry-values-count", &[("count", kept.to_string())])) }),
        ]))
        h2 { (text("entry-leaf")) }
        p { (text("entry-leaf-text")) }
        pre { (pretty) }
    };
    let action = html! { a.button href={ "/ledger/entries/" (id) "/receipt" } { (text("receipt-download")) } };
    Ok(page::with_action(&app.shell, Some(&visit), &view::kind_text(&app, kind, lang), Some(action), &body))
}

fn download(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, bytes).into_response()
}

pub(super) async fn receipt(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let id: EntryId = key.parse().map_err(|_| PageError::NotFound)?;
    let text = super::receipt(app.store(), &id, &[]).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(download(&format!("{id}.receipt.txt"), text.into_bytes()))
}

pub(super) async fn export(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let bytes = super::export(app.store(), Vec::new()).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(download("ledger.jsonl", bytes))
}

pub(super) async fn key(State(app): State<App>) -> String {
    format!("{}\n", app.store().keys().verifier())
}
