//! A controller's own log: what was done for it, so that it can check without trusting us (GDPR Art. 5(2), 28(3)(h)).

use super::agreements::download;
use super::{mine, text};
use crate::{App, proof, view};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::EntryId;
use maud::{Markup, html};
use serde::Deserialize;
use web::{PageError, Visit, components, page};

const PAGE: i64 = 50;

#[derive(Deserialize)]
pub(super) struct Asked {
    before: Option<i64>,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let (text, controller) = (text(&app, &visit), mine(&visit)?);
    let mut db = app.store().read();
    let head = proof::head_of(&mut db, &controller).await?;
    let entries = proof::entries_of(&mut db, &controller, asked.before.unwrap_or(i64::MAX), PAGE).await?;
    let heads = ["client-entry-number", "entry-at", "entry-kind", "receipt"].map(&text);
    let row = |entry: &proof::OwnEntry| {
        vec![
            html! { (entry.index) },
            view::when(entry.at, visit.lang),
            html! { (view::kind_text(&app, &entry.kind, visit.lang)) },
            html! { a href={ "/client/proof/" (entry.id) "/receipt" } aria-label={ (text("receipt-download")) " " (entry.index) } { (text("receipt-download")) } },
        ]
    };
    let last = entries.last().map(|entry| entry.index).filter(|index| *index > 0);
    let body = html! {
        p { (text("client-proof-lead")) " " code { "garant ledger verify" } }
        @if let Some((size, note)) = &head {
            (components::facts(&[
                (text("log-entries"), html! { (size) }),
                (text("ledger-key"), html! { code { (app.store().keys().verifier()) } br; a href="/client/proof/key" { (text("client-key-take")) } }),
            ]))
            details { summary { (text("client-head")) } p.hint { (text("client-head-hint")) } pre { (note) } }
        }
        h2 { (text("ledger-entries")) }
        @if entries.is_empty() { (components::empty(&text("client-proof-none"), None)) }
        @else { (components::table(&text("ledger-entries"), &heads, &entries.iter().map(row).collect::<Vec<_>>())) }
        @if let Some(last) = last.filter(|_| i64::try_from(entries.len()).is_ok_and(|count| count == PAGE)) {
            p { a.button.second rel="next" href={ "/client/proof?before=" (last) } { (text("ledger-older")) } }
        }
    };
    let action = head.is_some().then(|| html! { a.button href="/client/proof/export" { (text("client-export")) } });
    Ok(page::with_action(&app.shell, Some(&visit), &text("nav-client-proof"), action, &body))
}

pub(super) async fn key(State(app): State<App>) -> String {
    format!("{}\n", app.store().keys().verifier())
}

pub(super) async fn export(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let bytes = proof::export_of(app.store(), &mine(&visit)?, Vec::new()).await;
    Ok(download("ledger.jsonl", bytes.map_err(|refusal| refusal.page(visit.lang))?))
}

pub(super) async fn receipt(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let id: EntryId = key.parse().map_err(|_| PageError::NotFound)?;
    let receipt = proof::receipt_of(app.store(), &mine(&visit)?, &id).await;
    let receipt = receipt.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(download(&format!("{id}.receipt.txt"), receipt.into_bytes()))
}
