//! Letters on screen: the queue, one letter with its proof, and how letters are worded.

mod acts;
mod letters;
mod list;
mod one;
mod proof;

pub(super) use acts::{delivered, quiet_hours, retry, send_to, stop};
pub(super) use letters::{again, kind, kinds, save};
pub(super) use list::list;
pub(super) use one::one;
pub(super) use proof::proof;

use super::store;
use crate::{App, view};
use maud::{Markup, html};
use web::Visit;
use web::components::{self, Tone};

/// A letter's state in its colour.
#[must_use]
pub(crate) fn state_badge(app: &App, visit: &Visit, row: &store::NoticeRow) -> Markup {
    let tone = match row.state.as_str() {
        "sent" => Tone::Ok,
        "failed" | "refused" | "bounced" => Tone::Late,
        "stopped" => Tone::Quiet,
        _ => Tone::Warn,
    };
    components::badge(tone, &app.text(visit.lang, &format!("notice-state-{}", row.state)))
}

/// When a letter that is not out will go, as far as a machine decides it.
pub(super) fn next(app: &App, visit: &Visit, row: &store::NoticeRow) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let waits = row.not_before.filter(|at| row.state == "queued" && *at > app.now());
    html! {
        @if let Some(at) = waits { (text("notice-waits")) " " (view::when(at, visit.lang)) }
        @else if let Some(at) = row.again_at.filter(|_| row.state == "failed") {
            (text("notice-again")) " " (view::when(at, visit.lang))
        }
        @else if row.state == "queued" { (text("notice-at-once")) }
        @else { "–" }
    }
}

/// The wording a letter was made with, in words.
pub(super) fn wording_text(app: &App, visit: &Visit, wording: Option<&str>) -> String {
    match wording.and_then(|wording| wording.split_once(':')) {
        Some(("house", number)) => format!("{} {number}", app.text(visit.lang, "letter-version-house")),
        Some(("standard", number)) => format!("{} {number}", app.text(visit.lang, "letter-version-standard")),
        _ => "–".to_owned(),
    }
}
