//! The API: what the console does, for programs that carry a token.
//!
//! Every operation is one type that says its address, its right, what it takes and what it answers; the router, the
//! reference (`/api/v1/openapi.json`) and the access matrix follow from it. A token carries some of its maker's rights, never
//! more, and until a day; deciding about people's accounts and approving a plan stay with people.

mod answers;
mod call;
mod document;
mod gate;
mod operation;
mod quota;
mod shapes;

pub use answers::forget_old_calls;
pub use call::Caller;
pub use document::{BASE, openapi};
pub(crate) use operation::operation;
pub use operation::{Call, Done, Endpoint, File, Given, Input, Made, Nothing, Operation, Reply, Shown, Upload};
pub use quota::Quotas;
pub use shapes::{After, At, NoQuery, Page, Ref};

use crate::{Feature, Refusal, Route, feature};
use ::store::Columns;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::LazyLock;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "api",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "api", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[],
    apply: feature::apply_nothing,
    reacts: &[],
    routes: &[Route {
        method: "GET",
        path: "/api/v1/openapi.json",
        access: Access::Public,
        handler: || get(reference),
    }],
    api: &[Endpoint::of::<Me>()],
    samples: Vec::new,
};

static REFERENCE: LazyLock<String> = LazyLock::new(|| openapi().to_string());

async fn reference() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], REFERENCE.as_str()).into_response()
}

/// Who the token acts for.
struct Me;

/// The account behind a token, and what the token carries.
#[derive(Serialize, JsonSchema)]
struct Account {
    /// The account.
    id: Ref,
    /// Its role.
    role: String,
    /// The rights this token can use now.
    permissions: Vec<String>,
}

impl Operation for Me {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/me";
    const PERMISSION: &'static str = "home.read";
    const SUMMARY: &'static str = "Who this token acts for, and what it carries";
    type Query = NoQuery;
    type Body = Nothing;
    type Answer = Shown<Account>;

    async fn run(call: Call<Self>) -> Result<Self::Answer, Refusal> {
        let (app, caller) = (&call.app, &call.caller);
        let held = caller.bearer.permissions.iter().filter(|permission| caller.may(app, permission)).cloned().collect();
        let (id, role) = (Ref::from(&caller.bearer.account), caller.bearer.role.word().to_owned());
        Ok(Shown(Account { id, role, permissions: held }))
    }
}
