//! Requests on screen: the list, the form, one request with its plan and what to do next.

pub(super) mod actions;
pub(super) mod list;
pub(super) mod new;
pub(super) mod one;

use super::{Outcome, State};
use crate::App;
use kernel::{Lang, RequestId};
use maud::Markup;
use web::PageError;
use web::components::{self, Tone};

fn id(text: &str) -> Result<RequestId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// Where a request stands, as a word in its colour.
pub(crate) fn state_badge(app: &App, lang: Lang, state: State, outcome: Option<Outcome>) -> Markup {
    let tone = match (state, outcome) {
        (State::Applied, Some(Outcome::Left)) => Tone::Late,
        (State::Applied | State::Closed, _) => Tone::Ok,
        (State::Refused, _) => Tone::Quiet,
        (State::Applying, _) => Tone::Info,
        _ => Tone::Warn,
    };
    components::badge(tone, &app.text(lang, &format!("request-state-{}", state.word())))
}
