//! Proof: the ledger on screen and as files (GDPR Art. 5(2): the controller and we can demonstrate).
//!
//! An export holds every log; a receipt shows one entry. Both are verified offline with the public key.

mod api;
mod files;
mod pages;
mod theirs;

pub use files::{export, receipt};
pub use theirs::{OwnEntry, entries_of, export_of, head_of, receipt_of};

use crate::{Feature, Route, feature};
use ::store::Columns;
use axum::routing::get;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "proof",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "proof", sql: "", toml: "" },
    kinds: &[],
    apply: feature::apply_nothing,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/ledger", access: Access::May("ledger.read"), handler: || get(pages::list) },
        Route { method: "GET", path: "/ledger/key", access: Access::May("ledger.read"), handler: || get(pages::key) },
        Route {
            method: "GET",
            path: "/ledger/export",
            access: Access::Fresh("ledger.export"),
            handler: || get(pages::export),
        },
        Route {
            method: "GET",
            path: "/ledger/entries/{id}",
            access: Access::May("ledger.read"),
            handler: || get(pages::one),
        },
        Route {
            method: "GET",
            path: "/ledger/entries/{id}/receipt",
            access: Access::May("ledger.read"),
            handler: || get(pages::receipt),
        },
    ],
    api: api::API,
    samples: Vec::new,
};
