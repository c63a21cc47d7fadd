//! Agreements: from a document to promises in force (GDPR Art. 28(3) and (9)).
//!
//! imported → reviewed → in force. The document is kept byte for byte; a person confirms or corrects
//! what was read; the agreement file so made is what the duties come from.

mod events;
mod import;
mod model;
mod pages;
mod review;
pub mod store;

pub use events::AgreementEvent;
pub use import::{Import, Party, import};
pub use model::{Command, State, decide};
pub use review::{Decision, file_of, review};
pub use store::{AgreementRow, find, list};

use crate::{Event, Feature, Refusal, Route, duties, feature, parties};
use ::store::{Columns, Recorded, Store, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{Actor, AgreementId, Instant};
use web::Role;
use web::guard::Access;

/// Who imports, reviews and puts in force.
pub const KEEPERS: &[Role] = &[Role::Owner, Role::Dpo];

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "agreements",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "agreements", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["agreement.imported", "agreement.reviewed", "agreement.put-in-force", "agreement.replaced"],
    apply,
    routes: &[
        Route {
            method: "GET",
            path: "/agreements",
            access: Access::Roles(&Role::ALL),
            handler: || get(pages::list::list),
        },
        Route {
            method: "GET",
            path: "/agreements/new",
            access: Access::Roles(KEEPERS),
            handler: || get(pages::import::form),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}",
            access: Access::Roles(&Role::ALL),
            handler: || get(pages::list::one),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}/board",
            access: Access::Roles(&Role::ALL),
            handler: || get(pages::board::board),
        },
        Route {
            method: "GET",
            path: "/agreements/{id}/review",
            access: Access::Roles(KEEPERS),
            handler: || get(pages::review::form),
        },
        Route {
            method: "POST",
            path: "/agreements/new",
            access: Access::Roles(KEEPERS),
            handler: || post(pages::import::post),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/review",
            access: Access::Roles(KEEPERS),
            handler: || post(pages::review::post),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/in-force",
            access: Access::Roles(KEEPERS),
            handler: || post(pages::review::in_force),
        },
        Route {
            method: "POST",
            path: "/agreements/{id}/evidence",
            access: Access::Roles(KEEPERS),
            handler: || post(pages::board::evidence),
        },
    ],
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, AgreementEvent::of(entry)?).await })
}

/// Puts a reviewed agreement in force: its promises are made and its clocks start. One already in force with the
/// same controller is replaced: what it returns by the calendar ends, what a request started goes on.
///
/// # Errors
/// When it is not reviewed, or has errors that `accept_errors` does not accept.
pub async fn put_in_force(
    db: &Store,
    now: Instant,
    actor: Actor,
    id: &AgreementId,
    accept_errors: bool,
) -> Result<(), Refusal> {
    let seen = store::must_find(&mut db.read(), id).await?.file;
    let file = file_of(db, id).await?;
    let errors = review::errors(&file);
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    if row.file != seen {
        return Err(reviewed_meanwhile());
    }
    let controller = parties::must_find(&mut tx, &row.controller).await?;
    let no_agreement = review::is_no_agreement(&file);
    let command = Command::PutInForce { no_agreement, errors, accept_errors };
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
