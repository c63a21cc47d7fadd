//! Who may do what, for programs.

use crate::api::{Endpoint, NoQuery, Nothing, Shown, operation};
use schemars::JsonSchema;
use serde::Serialize;

/// What programs can do with the policy.
pub(super) const API: &[Endpoint] = &[Endpoint::of::<Policy>()];

/// A permission.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Permission")]
pub(super) struct Rule {
    /// Its name, `resource.action`.
    permission: String,
    /// The roles that have it.
    roles: Vec<String>,
    /// Whether a token may carry it.
    for_programs: bool,
}

operation! {
    /// All of it.
    Policy = GET "/access", needs "access.read": "Who may do what: every permission with its roles",
    (NoQuery, Nothing) -> Shown<Vec<Rule>>, |call| {
        let rule = |(name, roles): (&str, &[web::Role])| Rule {
            permission: name.to_owned(),
            roles: roles.iter().map(|role| role.word().to_owned()).collect(),
            for_programs: !call.app.shell.policy.is_for_people(name),
        };
        Ok(Shown(call.app.shell.policy.rules().map(rule).collect()))
    }
}
