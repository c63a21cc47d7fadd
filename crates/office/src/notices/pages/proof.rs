//! The proof of one letter, to print or to show: each step with its instant and its receipt (GDPR Art. 5(2)).

use super::wording_text;
use crate::notices::{NoticeRow, store};
use crate::{App, view};
use ::store::{Arg, StoreError};
use axum::extract::{Path, State};
use kernel::{Instant, NoticeId};
use maud::{Markup, html};
use web::{PageError, Visit, components, page};

/// One step: its entry, when, and what it is.
struct Step {
    entry: String,
    at: Instant,
    kind: String,
}

async fn steps(app: &App, id: &NoticeId) -> Result<Vec<Step>, StoreError> {
    let sql = "SELECT id, at, kind FROM entries WHERE record = $1 AND kind <> 'notice.read' ORDER BY seq LIMIT 200";
    let rows = app.store().read().rows(sql, vec![Arg::from(id)]).await?;
    rows.iter()
        .map(|row| Ok(Step { entry: row.text("id")?, at: row.instant("at")?, kind: row.text("kind")? }))
        .collect()
}

pub(in crate::notices) async fn proof(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let id: NoticeId = id.parse().map_err(|_| PageError::NotFound)?;
    let row = store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
    let heads = ["proof-when", "proof-what", "proof-detail", "receipt"].map(text);
    let rows: Vec<Vec<Markup>> = steps(&app, &id)
        .await?
        .into_iter()
        .map(|step| {
            vec![
                html! { time datetime=(step.at.to_string()) { (step.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()) } },
                html! { (view::kind_text(&app, &step.kind, visit.lang)) },
                html! { (detail(&row, &step)) },
                html! { a href={ "/ledger/entries/" (step.entry) } { code { (step.entry) } } },
            ]
        })
        .collect();
    let facts = [
        (text("notice-subject"), html! { (row.subject) }),
        (text("notice-to"), html! { (row.to.clone().unwrap_or_else(|| text("erased"))) }),
        (text("notice-kind"), html! { code { (row.letter) } }),
        (text("notice-wording"), html! { (wording_text(&app, &visit, row.wording.as_deref())) }),
        (text("proof-message-id"), html! { code { (row.id) } }),
    ];
    let body = html! {
        (components::facts(&facts))
        @if row.unknown_outcomes > 0 { p { strong { (text("notice-unknown")) } } }
        (components::table(&text("notice-proof"), &heads, &rows))
        p { (text("proof-lead")) }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("notice-proof"), &body))
}

/// What a server or a person said of the step; of several attempts, of the last one.
fn detail(row: &NoticeRow, step: &Step) -> String {
    let said = match step.kind.as_str() {
        "notice.sent" if row.sent_at == Some(step.at) => row.reply.clone(),
        "notice.failed" if row.tried_at.is_some_and(|tried| tried <= step.at) && row.sent_at.is_none() => {
            row.reply.clone()
        }
        "notice.bounced" if row.bounced_at == Some(step.at) => row.bounce_status.clone(),
        _ => None,
    };
    said.unwrap_or_default()
}
