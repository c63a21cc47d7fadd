//! The client area: what a controller's own people see of the work done for them, and what they tell us there (GDPR
//! Art. 28(3)(a): instructions in writing; 28(3)(h): everything that shows the obligations are met).
//!
//! The border is the controller's id. It comes from the session alone: an account of a controller's role carries the controller
//! it belongs to (`web::Membership`), no address, form or token can name another. Every question to the database takes it as a
//! parameter, so a record of somebody else is not found, as one that never was; nothing is read first and hidden afterwards.
//! Pages of the house do not exist for these people, and these pages do not exist for the house.
//!
//! The area owns no table. It reads and acts through the façades of the features, and what people do here is the same entry as
//! if the house had written it down, with them as its author.

mod agreements;
mod api;
mod home;
mod notices;
mod people;
mod proof;
mod requests;

use crate::{App, Feature, Route, feature};
use ::store::Columns;
use axum::routing::{get, post};
use kernel::ControllerId;
use web::guard::Access;
use web::{PageError, Visit};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "client",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "client", sql: "", toml: "" },
    kinds: &[],
    apply: feature::apply_nothing,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/client", access: Access::May("client.home"), handler: || get(home::home) },
        Route {
            method: "GET",
            path: "/client/agreements",
            access: Access::May("client.agreements"),
            handler: || get(agreements::list),
        },
        Route {
            method: "GET",
            path: "/client/agreements/{id}",
            access: Access::May("client.agreements"),
            handler: || get(agreements::one),
        },
        Route {
            method: "GET",
            path: "/client/agreements/{id}/document",
            access: Access::May("client.agreements"),
            handler: || get(agreements::document),
        },
        Route {
            method: "GET",
            path: "/client/agreements/{id}/file",
            access: Access::May("client.agreements"),
            handler: || get(agreements::file),
        },
        Route {
            method: "GET",
            path: "/client/notices",
            access: Access::May("client.notices"),
            handler: || get(notices::list),
        },
        Route {
            method: "GET",
            path: "/client/notices/{id}",
            access: Access::May("client.notices"),
            handler: || get(notices::one),
        },
        Route {
            method: "POST",
            path: "/client/notices/{id}/open",
            access: Access::May("client.notices"),
            handler: || post(notices::open),
        },
        Route {
            method: "GET",
            path: "/client/requests",
            access: Access::May("client.requests"),
            handler: || get(requests::list),
        },
        Route {
            method: "GET",
            path: "/client/requests/new",
            access: Access::May("client.instruct"),
            handler: || get(requests::new),
        },
        Route {
            method: "POST",
            path: "/client/requests/new",
            access: Access::May("client.instruct"),
            handler: || post(requests::lodge),
        },
        Route {
            method: "GET",
            path: "/client/requests/{id}",
            access: Access::May("client.requests"),
            handler: || get(requests::one),
        },
        Route {
            method: "POST",
            path: "/client/requests/{id}/instruction",
            access: Access::May("client.instruct"),
            handler: || post(requests::instruct),
        },
        Route {
            method: "GET",
            path: "/client/proof",
            access: Access::May("client.proof"),
            handler: || get(proof::page),
        },
        Route {
            method: "GET",
            path: "/client/proof/key",
            access: Access::May("client.proof"),
            handler: || get(proof::key),
        },
        Route {
            method: "GET",
            path: "/client/proof/export",
            access: Access::Fresh("client.proof"),
            handler: || get(proof::export),
        },
        Route {
            method: "GET",
            path: "/client/proof/{id}/receipt",
            access: Access::May("client.proof"),
            handler: || get(proof::receipt),
        },
        Route {
            method: "GET",
            path: "/client/people",
            access: Access::May("client.people"),
            handler: || get(people::page),
        },
        Route {
            method: "POST",
            path: "/client/people",
            access: Access::Fresh("client.people"),
            handler: || post(people::invite),
        },
        Route {
            method: "POST",
            path: "/client/people/{id}",
            access: Access::Fresh("client.people"),
            handler: || post(people::act),
        },
    ],
    api: api::API,
    samples: Vec::new,
};

/// Whose area this person is in.
fn mine(visit: &Visit) -> Result<ControllerId, PageError> {
    visit.controller().cloned().ok_or(PageError::NotFound)
}

fn text(app: &App, visit: &Visit) -> impl Fn(&str) -> String {
    let (app, lang) = (app.clone(), visit.lang);
    move |key| app.text(lang, key)
}
