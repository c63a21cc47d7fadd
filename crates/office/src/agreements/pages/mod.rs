//! Agreements on screen: the list, the import, the review beside the text, each term, the promise board.

pub(super) mod board;
mod controls;
pub(super) mod import;
pub(super) mod law;
pub(super) mod list;
pub(super) mod preview;
pub(super) mod review;
pub(super) mod sure;
pub(super) mod term;
mod text;

use super::State;
use crate::App;
use kernel::{AgreementId, Lang};
use maud::Markup;
use web::PageError;
use web::components::{self, Tone};

fn id(text: &str) -> Result<AgreementId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

pub(crate) fn state_badge(app: &App, lang: Lang, state: State) -> Markup {
    let tone = match state {
        State::Imported => Tone::Warn,
        State::Reviewed => Tone::Info,
        State::InForce => Tone::Ok,
        State::Replaced => Tone::Quiet,
    };
    components::badge(tone, &app.text(lang, &format!("agreement-state-{}", state.word())))
}
