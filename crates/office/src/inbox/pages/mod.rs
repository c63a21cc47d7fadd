//! The inbox on screen.

pub(super) mod actions;
pub(super) mod list;
pub(super) mod one;
pub(super) mod several;
mod words;

use super::{MailRow, State};
use crate::App;
use kernel::{Lang, MailId};
use maud::Markup;
use web::components::{self, Tone};
use web::{PageError, Visit};

fn id(text: &str) -> Result<MailId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// Whether this person reads mail and decides on it.
fn may_read(app: &App, visit: &Visit) -> bool {
    app.may(visit, "inbox.file")
}

fn state_badge(app: &App, lang: Lang, row: &MailRow) -> Markup {
    let tone = match row.state {
        State::Waiting => Tone::Warn,
        State::Logged => Tone::Ok,
        State::Filed => Tone::Quiet,
    };
    components::badge(tone, &app.text(lang, &format!("mail-state-{}", row.state.word())))
}

/// What a mail is taken for, in words, with the rights it names.
fn proposal_text(app: &App, lang: Lang, row: &MailRow) -> String {
    if row.understood.too_large {
        return app.text(lang, "mail-too-large");
    }
    let Some(proposal) = row.proposal() else { return app.text(lang, "mail-no-proposal") };
    let what = app.text(lang, &format!("mail-is-{}", proposal.word()));
    let rights: Vec<String> =
        row.understood.rights.iter().map(|right| app.text(lang, &format!("mail-means-{right}"))).collect();
    if rights.is_empty() { what } else { format!("{what}{}{}", lang.pick(": ", " : "), rights.join(", ")) }
}

/// A size for people.
fn size(bytes: i64, lang: Lang) -> String {
    match bytes {
        ..1_000 => format!("{bytes} {}", lang.pick("bytes", "octets")),
        1_000..1_000_000 => format!("{} {}", bytes / 1_000, lang.pick("kB", "ko")),
        _ => format!("{} {}", bytes / 1_000_000, lang.pick("MB", "Mo")),
    }
}
