//! Notices: letters a duty obliges us to send, queued with their entry, sent over SMTP, with the
//! server's answer kept as proof of sending.
//!
//! A letter has one Message-ID for ever. Exactly-once mail does not exist, so a letter is never lost
//! and never silently sent twice: an attempt whose outcome is unknown is shown as such.

mod api;
mod apply;
mod bounces;
mod enclosures;
mod events;
mod hand;
pub mod ics;
mod kinds;
mod mail;
mod pages;
mod queue;
mod quiet;
mod retry;
mod sending;
pub mod store;
mod theirs;
mod wording;
mod wordings;

pub use bounces::{Report, bounced};
pub use enclosures::{BYTES_MAX, Enclosure, FILES_MAX};
pub use events::{Filed, NoticeEvent, Queued};
pub(crate) use hand::record_reading;
pub use hand::{delivered_by_hand, opened, retry, send_to, stop};
pub use kinds::{Field, LetterKind, To, all as kinds, kind};
pub use mail::{Mail, MailError, Outcome, Outgoing, Part, Security};
pub(crate) use pages::state_badge;
pub use queue::{Day, Letter, SECRET, queue};
pub use sending::deliver;
pub use store::{NoticeRow, of_record};
pub use theirs::{find_of, of_controller};
pub use wording::{Rendered, Wording, check, page, render, standard};
pub use wordings::{again as word_again, holding as wording_of, restore, set_quiet_hours, word};

use crate::{Event, Feature, Route};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "notices",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "notices", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "notice.queued",
        "notice.attempted",
        "notice.sent",
        "notice.failed",
        "notice.read",
        "notice.delivered",
        "notice.bounced",
        "notice.retried",
        "notice.stopped",
        "notice.opened",
        "letter.worded",
        "letter.standard-restored",
        "letters.quiet-hours-set",
    ],
    apply,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/notices", access: Access::May("notices.read"), handler: || get(pages::list) },
        Route {
            method: "GET",
            path: "/notices/{id}",
            access: Access::May("notices.read"),
            handler: || get(pages::one),
        },
        Route {
            method: "POST",
            path: "/notices/{id}/delivered",
            access: Access::May("notices.deliver"),
            handler: || post(pages::delivered),
        },
        Route {
            method: "GET",
            path: "/notices/{id}/proof",
            access: Access::May("notices.read"),
            handler: || get(pages::proof),
        },
        Route {
            method: "POST",
            path: "/notices/{id}/retry",
            access: Access::May("notices.deliver"),
            handler: || post(pages::retry),
        },
        Route {
            method: "POST",
            path: "/notices/{id}/stop",
            access: Access::May("notices.deliver"),
            handler: || post(pages::stop),
        },
        Route {
            method: "POST",
            path: "/notices/{id}/send-to",
            access: Access::May("notices.deliver"),
            handler: || post(pages::send_to),
        },
        Route {
            method: "POST",
            path: "/notices/quiet-hours",
            access: Access::May("letters.edit"),
            handler: || post(pages::quiet_hours),
        },
        Route {
            method: "GET",
            path: "/notices/letters",
            access: Access::May("letters.read"),
            handler: || get(pages::kinds),
        },
        Route {
            method: "GET",
            path: "/notices/letters/{kind}",
            access: Access::May("letters.read"),
            handler: || get(pages::kind),
        },
        Route {
            method: "POST",
            path: "/notices/letters/{kind}",
            access: Access::May("letters.edit"),
            handler: || post(pages::save),
        },
        Route {
            method: "POST",
            path: "/notices/letters/{kind}/again",
            access: Access::May("letters.edit"),
            handler: || post(pages::again),
        },
    ],
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { apply::apply(tx, entry, NoticeEvent::of(entry)?).await })
}
