//! Reviews of who may do what: from time to time somebody looks at every account and every token, and says of each that it is still
//! needed, or ends it (GDPR Art. 32(1)(d) and 32(4): people act on instruction, with the rights their work needs and no more).
//!
//! A decision is about a right as it stood: who gets another role afterwards, or another token, is looked at again. Nobody decides
//! about themselves. While one right is undecided the review cannot be finished, and the duty of the programme stays open.

mod api;
mod events;
mod model;
mod pages;
mod store;
mod verbs;

pub use events::{Item, ReviewEvent};
pub use model::{Asked, Decision, Held, Verdict};
pub use store::{Review, decisions, find, list};
pub use verbs::{Standing, begin, confirm, confirm_rest, finish, revoke, standing};

use crate::{Event, Feature, Route};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "reviews",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "reviews", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["access-review.begun", "access-review.confirmed", "access-review.revoked", "access-review.finished"],
    apply,
    reacts: &[],
    routes: &[
        Route {
            method: "GET",
            path: "/access/review",
            access: Access::May("accounts.read"),
            handler: || get(pages::current),
        },
        Route {
            method: "GET",
            path: "/access/review/{id}",
            access: Access::May("accounts.read"),
            handler: || get(pages::one),
        },
        Route {
            method: "POST",
            path: "/access/review",
            access: Access::May("access.review"),
            handler: || post(pages::begin),
        },
        Route {
            method: "POST",
            path: "/access/review/confirm",
            access: Access::May("access.review"),
            handler: || post(pages::confirm),
        },
        Route {
            method: "POST",
            path: "/access/review/rest",
            access: Access::Fresh("access.review"),
            handler: || post(pages::confirm_rest),
        },
        Route {
            method: "POST",
            path: "/access/review/revoke",
            access: Access::Fresh("accounts.change"),
            handler: || post(pages::revoke),
        },
        Route {
            method: "POST",
            path: "/access/review/finish",
            access: Access::Fresh("access.review"),
            handler: || post(pages::finish),
        },
    ],
    api: api::API,
    samples: events::samples,
};

/// The key of the duty that a review discharges.
pub const DUTY: &str = crate::duties::REVIEWED_ELSEWHERE;

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, ReviewEvent::of(entry)?).await })
}
