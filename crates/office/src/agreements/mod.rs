//! Agreements: from a document to promises in force (GDPR Art. 28(3) and (9)).
//!
//! imported → reviewed → in force. The document is kept byte for byte, and what was read from it beside it;
//! persons confirm or correct each term; the agreement file so made is what the duties come from. Nothing
//! binds while a term that the law requires has been decided by nobody.

mod api;
mod decision;
mod events;
mod import;
mod model;
mod pages;
mod quote;
mod review;
pub mod store;
mod study;
mod theirs;
mod uploads;
mod values;

pub use decision::{Made, Outcome, Said, Step, Subject, outcome};
pub use events::AgreementEvent;
pub use import::{Import, Party, import};
pub use model::{Command, Decided, State, decide};
pub(crate) use pages::state_badge;
pub use review::{Decision, Item, Review, Written, confirm_as_read, decide_terms, file_of, finish};
pub use store::{AgreementRow, DecisionRow, find, list};
pub use study::read_again;
pub use theirs::{find_of, of_controller};
pub use uploads::forget as forget_uploads;
pub use values::{parse as parse_value, state_of, state_word, write as write_value};

use crate::{Event, Feature, Refusal, Route, duties, feature, parties};
use ::store::{Columns, Recorded, Store, StoreError, Tx};
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{Actor, AgreementId, Instant};
use web::guard::Access;

/// Bytes an upload may have: a document as large as is read, and the form's other fields.
const UPLOAD_BYTES_MAX: usize = reader::BYTES_MAX + (1 << 20);

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "agreements",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "agreements", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "agreement.imported",
        "agreement.read-again",
        "agreement.term-decided",
        "agreement.reviewed",
        "agreement.put-in-force",
        "agreement.replaced",
    ],
    apply,
    reacts: &[],
    routes: &[
        Route {
            method: "GET",
            path: "/agreements",
            access: Access::May("agreements.read"),
            handler: || get(pages::list::list),
        },
        Route {
            method: "GET",
            path: "/agreements/new",
            access: Access::May("agreements.review"),
            handler: || get(pages::import::form),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}",
            access: Access::May("agreements.read"),
            handler: || get(pages::list::one),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}/board",
            access: Access::May("agreements.read"),
            handler: || get(pages::board::board),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}/law",
            access: Access::May("agreements.read"),
            handler: || get(pages::law::form),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/law",
            access: Access::May("agreements.choose-law"),
            handler: || post(pages::law::choose),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}/review",
            access: Access::May("agreements.review"),
            handler: || get(pages::review::form),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}/review/sure",
            access: Access::May("agreements.review"),
            handler: || get(pages::sure::form),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}/review/{term}",
            access: Access::May("agreements.review"),
            handler: || get(pages::term::form),
        },
        Route {
            method: "POST",
            path: "/agreements/new",
            access: Access::May("agreements.review"),
            handler: || post(pages::import::upload).layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX)),
        },
        Route {
            method: "POST",
            path: "/agreements/import",
            access: Access::May("agreements.review"),
            handler: || post(pages::preview::import),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/read-again",
            access: Access::May("agreements.review"),
            handler: || post(pages::review::again),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/review/sure",
            access: Access::May("agreements.review"),
            handler: || post(pages::sure::post),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/review/{term}",
            access: Access::May("agreements.review"),
            handler: || post(pages::term::post),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/review",
            access: Access::May("agreements.review"),
            handler: || post(pages::review::finish),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/in-force",
            access: Access::May("agreements.put-in-force"),
            handler: || post(pages::list::in_force),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/evidence",
            access: Access::May("agreements.evidence"),
            handler: || post(pages::board::evidence),
        },
    ],
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, AgreementEvent::of(entry)?).await })
}

/// Puts a reviewed agreement in force: its promises are made and its clocks start. One already in force with the
/// same controller is replaced: what it returns by the calendar ends, what a request started goes on.
///
/// # Errors
/// When it is not reviewed, a required term is undecided, or it has errors that `accept_errors` does not accept.
pub async fn put_in_force(
    db: &Store,
    now: Instant,
    actor: Actor,
    id: &AgreementId,
    accept_errors: bool,
) -> Result<(), Refusal> {
    let before = store::must_find(&mut db.read(), id).await?;
    let seen = before.file.clone();
    let file = file_of(db, id).await?;
    let errors = review::errors(&review::findings(db, &before, &file, kernel::Lang::En).await?);
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    if row.file != seen {
        return Err(reviewed_meanwhile());
    }
    let controller = parties::must_find(&mut tx, &row.controller).await?;
    let no_agreement = review::is_no_agreement(&file);
    let undecided = review::undecided(&file, &store::decisions(&mut tx, id).await?);
    let command = Command::PutInForce { no_agreement, errors, accept_errors, undecided };
    let events = decide(row.state, id, &row.controller, command)?;
    for older in store::bound(&mut tx, &row.controller).await? {
        let (agreement, controller) = (older.clone(), row.controller.clone());
        feature::append(&mut tx, &[AgreementEvent::Replaced { agreement, controller, by: id.clone() }]).await?;
        duties::end(&mut tx, &row.controller, &older).await?;
    }
    feature::append(&mut tx, &events).await?;
    let promises = agreement::promises::promises(&file.with_defaults());
    duties::arm(&mut tx, &row.controller, id, &promises, &controller.place).await?;
    Ok(tx.commit().await?)
}

fn reviewed_meanwhile() -> Refusal {
    Refusal::new(
        crate::Kind::Conflict,
        "reviewed-meanwhile",
        [
            "Somebody has just changed the terms of this agreement.",
            "Quelqu'un vient de changer les termes de cet accord.",
        ],
        ["Look at them, then put it in force again.", "Regardez-les, puis mettez-le de nouveau en vigueur."],
    )
}
