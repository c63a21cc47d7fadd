//! The letters, newest first, and whether they wait for office hours.

use super::{next, state_badge};
use crate::notices::store;
use crate::{App, view};
use axum::extract::State;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::{PageError, Visit, page};

pub(in crate::notices) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let notices = store::list(&mut app.store().read()).await?;
    let quiet = store::quiet_hours(&mut app.store().read()).await?;
    let heads = ["notice-subject", "notice-to", "notice-state", "notice-queued", "notice-goes"].map(text);
    let rows: Vec<Vec<Markup>> = notices
        .iter()
        .map(|row| {
            vec![
                html! { a href={ "/notices/" (row.id) } { (row.subject) } },
                html! { (row.to.clone().unwrap_or_else(|| text("erased"))) },
                state_badge(&app, &visit, row),
                view::when(row.queued_at, visit.lang),
                next(&app, &visit, row),
            ]
        })
        .collect();
    let body = html! {
        @if app.may(&visit, "letters.read") { p { a href="/notices/letters" { (text("letters-title")) } } }
        @if app.mail.is_none() { (components::notice(Tone::Warn, &text("mail-missing"), &text("mail-missing-remedy"))) }
        @if rows.is_empty() { (components::empty(&text("notices-empty"), None)) }
        @else { (components::table(&text("notices-title"), &heads, &rows)) }
        (quiet_form(&app, &visit, quiet))
    };
    Ok(page::page(&app.shell, Some(&visit), &text("notices-title"), &body))
}

fn quiet_form(app: &App, visit: &Visit, quiet: bool) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let (state, act, value) =
        if quiet { ("quiet-on", "quiet-turn-off", "off") } else { ("quiet-off", "quiet-turn-on", "on") };
    html! {
        h2 id="quiet-hours" { (text("quiet-title")) }
        p { (text(state)) }
        @if app.may(visit, "letters.edit") {
            (components::post("/notices/quiet-hours", visit.csrf(), &html! {
                input type="hidden" name="quiet" value=(value);
                button.second type="submit" { (text(act)) }
            }))
        }
    }
}
