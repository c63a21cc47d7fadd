//! Letters on screen: the queue, and one letter with its proof of sending.

use super::store;
use crate::{App, view};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::NoticeId;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

/// A letter's state in its colour.
#[must_use]
pub(crate) fn state_badge(app: &App, visit: &Visit, row: &store::NoticeRow) -> Markup {
    let tone = match row.state.as_str() {
        "sent" => Tone::Ok,
        "failed" | "bounced" => Tone::Late,
        _ => Tone::Warn,
    };
    components::badge(tone, &app.text(visit.lang, &format!("notice-state-{}", row.state)))
}

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let notices = store::list(&mut app.store().read()).await?;
    let heads = ["notice-subject", "notice-to", "notice-state", "notice-queued"].map(text);
    let rows: Vec<Vec<Markup>> = notices
        .iter()
        .map(|row| {
            vec![
                html! { a href={ "/notices/" (row.id) } { (row.subject) } },
                html! { (row.to.clone().unwrap_or_else(|| text("erased"))) },
                state_badge(&app, &visit, row),
                view::when(row.queued_at, visit.lang),
            ]
        })
        .collect();
    let body = html! {
        @if app.mail.is_none() { (components::notice(Tone::Warn, &text("mail-missing"), &text("mail-missing-remedy"))) }
        @if rows.is_empty() { (components::empty(&text("notices-empty"), None)) }
        @else { (components::table(&text("notices-title"), &heads, &rows)) }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("notices-title"), &body))
}

pub(super) async fn one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let id: NoticeId = id.parse().map_err(|_| PageError::NotFound)?;
    let row = store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
    let reads = app.may(&visit, "notices.read-text");
    if reads {
        super::record_reading(&app, &row, &visit.actor()).await?;
    }
    let facts = [
        (text("notice-state"), state_badge(&app, &visit, &row)),
        (text("notice-to"), html! { (row.to.clone().unwrap_or_else(|| text("erased"))) }),
        (text("notice-queued"), view::when(row.queued_at, visit.lang)),
        (
            text("notice-sent-at"),
            html! { @if let Some(at) = row.sent_at { (view::when(at, visit.lang)) } @else { "–" } },
        ),
        (text("notice-reply"), html! { (row.reply.clone().or(row.delivered.clone()).unwrap_or_else(|| "–".into())) }),
        (text("notice-attempts"), html! { (row.attempts) }),
        (text("notice-about"), html! { a href=(about(&row)) { code { (row.record) } } }),
    ];
    let may = app.may(&visit, "notices.deliver");
    let body = html! {
        (bounce(&app, &visit, &row, reads))
        @if row.unknown_outcomes > 0 { (components::notice(Tone::Warn, &text("notice-unknown"), &text("notice-unknown-text"))) }
        div.two {
            div {
                (components::facts(&facts))
                h2 { (text("notice-text")) }
                @if reads { pre { (shown(&app, &visit, &row)) } } @else { p { (text("hidden-for-role")) } }
                @if may && row.state != "sent" {
                    h2 { (text("notice-by-hand")) }
                    (components::post(&format!("/notices/{id}/delivered"), visit.csrf(), &html! {
                        (components::field("how", &text("notice-how"), "text", "", true, None))
                        (components::submit(&text("notice-delivered")))
                    }))
                }
            }
            div { h2 { (text("history")) } (view::timeline(&app, row.id.as_str(), visit.lang).await?) }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &row.subject, &body))
}

/// What a mail server said after the letter had left, and what helps.
fn bounce(app: &App, visit: &Visit, row: &store::NoticeRow, reads: bool) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let Some(at) = row.bounced_at else { return html! {} };
    let (tone, title) =
        if row.state == "bounced" { ("late", "notice-bounced") } else { ("warn", "notice-bounced-before") };
    html! {
        div.notice.(tone) {
            p { strong { (text(title)) } " " (view::when(at, visit.lang))
                @if let Some(status) = &row.bounce_status { " · " code { (status) } } }
            @if row.mailbox_full { p { (text("notice-mailbox-full")) } }
            @if let Some(said) = row.bounce.as_ref().filter(|_| reads) { p.small { (said) } }
            @if row.state == "bounced" { p { (text("notice-bounced-remedy")) } }
        }
    }
}

/// The page of what a letter is about.
fn about(row: &store::NoticeRow) -> String {
    match row.letter.as_str() {
        "duty.digest" => "/".to_owned(),
        "duty.late" => format!("/duties/{}", row.record),
        kind if kind.starts_with("account.") => format!("/accounts/{}", row.record),
        _ => format!("/requests/{}", row.record),
    }
}

/// The text as kept; what only the recipient reads is named, not shown.
fn shown(app: &App, visit: &Visit, row: &store::NoticeRow) -> String {
    let body = row.body.clone().unwrap_or_else(|| app.text(visit.lang, "erased"));
    body.replace(super::SECRET, &format!("[{}]", app.text(visit.lang, "notice-secret")))
}

#[derive(Deserialize)]
pub(super) struct Delivered {
    how: String,
}

pub(super) async fn delivered(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(form): Posted<Delivered>,
) -> Result<Response, PageError> {
    let id: NoticeId = id.parse().map_err(|_| PageError::NotFound)?;
    let done = super::delivered_by_hand(&app, visit.actor(), &id, &form.how).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/notices/{id}")).into_response())
}
