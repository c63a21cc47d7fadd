//! One letter: what it says, what became of it, and what a person can do.

use super::{next, state_badge, wording_text};
use crate::notices::{NoticeRow, SECRET, hand, kinds, store};
use crate::{App, parties, view};
use axum::extract::{Path, State};
use kernel::NoticeId;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::{PageError, Visit, page};

pub(in crate::notices) async fn one(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let id: NoticeId = id.parse().map_err(|_| PageError::NotFound)?;
    let row = store::find(&mut app.store().read(), &id).await?.ok_or(PageError::NotFound)?;
    let reads = app.may(&visit, "notices.read-text");
    if reads {
        hand::record_reading(&app, &row, &visit.actor()).await?;
    }
    let files = store::files(&mut app.store().read(), &id).await?;
    let body = html! {
        (bounce(&app, &visit, &row, reads))
        @if row.state == "refused" { (components::notice(Tone::Late, &text("notice-refused"), &text(refused(&row)))) }
        @if row.unknown_outcomes > 0 { (components::notice(Tone::Warn, &text("notice-unknown"), &text("notice-unknown-text"))) }
        div.two {
            div {
                (components::facts(&facts(&app, &visit, &row)))
                p { a href={ "/notices/" (id) "/proof" } { (text("notice-proof")) } }
                h2 { (text("notice-text")) }
                @if reads { pre { (shown(&app, &visit, &row)) } } @else { p { (text("hidden-for-role")) } }
                @if !files.is_empty() {
                    h2 { (text("notice-files")) }
                    ul { @for file in &files { li { (file.name) " · " (file.media_type) " · " (file.bytes) " " (text("bytes")) } } }
                }
                @if app.may(&visit, "notices.deliver") { (acts(&app, &visit, &row).await?) }
            }
            div { h2 { (text("history")) } (view::timeline(&app, row.id.as_str(), visit.lang).await?) }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &row.subject, &body))
}

fn refused(row: &NoticeRow) -> &'static str {
    if row.mailbox_full { "notice-refused-full" } else { "notice-refused-text" }
}

fn facts(app: &App, visit: &Visit, row: &NoticeRow) -> Vec<(String, Markup)> {
    let text = |key: &str| app.text(visit.lang, key);
    let about =
        kinds::kind(&row.letter).map_or_else(|| format!("/requests/{}", row.record), |kind| kind.about(&row.record));
    let mut items = vec![
        (text("notice-state"), state_badge(app, visit, row)),
        (text("notice-to"), html! { (row.to.clone().unwrap_or_else(|| text("erased"))) }),
        (text("notice-kind"), html! { a href={ "/notices/letters/" (row.letter) } { code { (row.letter) } } }),
        (text("notice-wording"), html! { (wording_text(app, visit, row.wording.as_deref())) }),
        (text("notice-queued"), view::when(row.queued_at, visit.lang)),
        (text("notice-goes"), next(app, visit, row)),
        (
            text("notice-sent-at"),
            html! { @if let Some(at) = row.sent_at { (view::when(at, visit.lang)) } @else { "–" } },
        ),
        (text("notice-reply"), html! { (row.reply.clone().or(row.delivered.clone()).unwrap_or_else(|| "–".into())) }),
        (text("notice-attempts"), html! { (row.attempts) }),
        (text("notice-about"), html! { a href=(about) { code { (row.record) } } }),
    ];
    if let Some(why) = &row.stopped {
        items.push((text("notice-stopped-why"), html! { (why) }));
    }
    if let Some(before) = &row.instead_of {
        items.push((text("notice-instead-of"), html! { a href={ "/notices/" (before) } { code { (before) } } }));
    }
    if let Some(at) = row.opened_at {
        items.push((text("notice-opened-at"), view::when(at, visit.lang)));
    }
    items
}

/// What a mail server said after the letter had left, and what helps.
fn bounce(app: &App, visit: &Visit, row: &NoticeRow, reads: bool) -> Markup {
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

/// The text as kept; what only the recipient reads is named, not shown.
pub(super) fn shown(app: &App, visit: &Visit, row: &NoticeRow) -> String {
    let body = row.body.clone().unwrap_or_else(|| app.text(visit.lang, "erased"));
    body.replace(SECRET, &format!("[{}]", app.text(visit.lang, "notice-secret")))
}

/// What can be done about a letter that has not arrived.
async fn acts(app: &App, visit: &Visit, row: &NoticeRow) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let (id, state) = (&row.id, row.state.as_str());
    let waits = state == "queued" && row.not_before.is_some_and(|at| at > app.now());
    let stuck = ["failed", "refused", "bounced", "stopped"].contains(&state);
    let others = if stuck { others(app, row).await? } else { Vec::new() };
    Ok(html! {
        @if waits || stuck {
            (components::post(&format!("/notices/{id}/retry"), visit.csrf(), &html! {
                button.second type="submit" { (text(if waits { "notice-send-now" } else { "notice-retry" })) }
            }))
        }
        @if !others.is_empty() {
            h2 { (text("notice-other-contact")) }
            (components::post(&format!("/notices/{id}/send-to"), visit.csrf(), &html! {
                (components::select("contact", &text("notice-other-whom"), &others, ""))
                (components::submit(&text("notice-other-send")))
            }))
        }
        @if state != "sent" {
            h2 { (text("notice-by-hand")) }
            (components::post(&format!("/notices/{id}/delivered"), visit.csrf(), &html! {
                (components::field("how", &text("notice-how"), "text", "", true, None))
                (components::submit(&text("notice-delivered")))
            }))
        }
        @if ["queued", "failed", "refused", "bounced"].contains(&state) {
            h2 { (text("notice-stop-title")) }
            (components::post(&format!("/notices/{id}/stop"), visit.csrf(), &html! {
                (components::field("why", &text("notice-stop-why"), "text", "", true, None))
                button.second type="submit" { (text("notice-stop")) }
            }))
        }
    })
}

/// The controller's people whom this letter was not written to.
async fn others(app: &App, row: &NoticeRow) -> Result<Vec<(String, String)>, PageError> {
    let Some(controller) = &row.controller else { return Ok(Vec::new()) };
    let known = parties::reachable(&mut app.store().read(), controller).await?;
    let other = known.into_iter().filter(|(_, email)| row.to.as_ref() != Some(email));
    Ok(other.map(|(id, email)| (id.to_string(), email)).collect())
}
