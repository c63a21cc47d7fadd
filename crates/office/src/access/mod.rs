//! Access: who may do what, as a text an auditor can read (GDPR Art. 32(1)(b), 32(4): people act on instruction, with the
//! rights their work needs and no more).

mod api;
mod policy;

pub use policy::{POLICY, parse as parse_policy};

use crate::{App, Feature, Route, feature};
use ::store::Columns;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};
use web::guard::Access;
use web::{PageError, Role, Visit, components, page};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "access",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "access", sql: "", toml: "" },
    kinds: &[],
    apply: feature::apply_nothing,
    reacts: &[],
    routes: &[Route { method: "GET", path: "/access", access: Access::May("access.read"), handler: || get(show) }],
    api: api::API,
    samples: Vec::new,
};

/// A permission and its roles.
type Rule<'p> = (&'p str, &'p [Role]);

/// Every permission with its roles, in the reader's language.
async fn show(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let mut resources: Vec<(&str, Vec<Rule<'_>>)> = Vec::new();
    for (name, roles) in app.shell.policy.rules() {
        let resource = name.split('.').next().unwrap_or(name);
        match resources.last_mut() {
            Some((last, rules)) if *last == resource => rules.push((name, roles)),
            _ => resources.push((resource, vec![(name, roles)])),
        }
    }
    let names =
        |roles: &[Role]| roles.iter().map(|role| text(&format!("role-{}", role.word()))).collect::<Vec<_>>().join(", ");
    let body = html! {
        p { (text("access-lead")) }
        @if app.may(&visit, "accounts.read") { p { a href="/access/review" { (text("rights-title")) } } }
        @for (resource, rules) in &resources {
            h2 id=(resource) { (text(&format!("access-{resource}"))) }
            (components::table(&text(&format!("access-{resource}")), &[text("access-what"), text("access-who"), text("access-name")], &rules.iter().map(|(name, roles)| vec![
                html! { (text(&format!("may-{}", name.replace('.', "-")))) },
                html! { (names(roles)) },
                html! { code { (name) } },
            ]).collect::<Vec<_>>()))
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("access-title"), &body))
}
