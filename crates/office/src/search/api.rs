//! The same for programs.

use super::Asked;
use crate::api::{Endpoint, Nothing, Page, Shown, operation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with it.
pub(super) const API: &[Endpoint] = &[Endpoint::of::<Search>()];

/// What is looked for.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// A part of a name or title, or a number. Persons are not found by their address here: it would stand in an address of ours.
    #[serde(default)]
    q: String,
}

/// One thing found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Hit")]
pub(super) struct Shape {
    /// `controllers`, `agreements`, `requests`, `duties`, `systems`, `people`, `entries` or `pages`.
    kind: String,
    title: String,
    /// What tells it from others of that name.
    detail: String,
    /// Its page in the console.
    page: String,
}

operation! {
    /// Everything.
    Search = GET "/search", needs "search.ask": "Whatever has these words in its name, of what the token may read",
    (Words, Nothing) -> Shown<Page<Shape>>, |call| {
        let may = call.caller.bearer.permissions.iter().filter(|right| call.caller.may(&call.app, right)).cloned().collect();
        let found = match Asked::new(&call.query.q, call.caller.lang, may) {
            Some(asked) => super::find(&call.app, &asked).await?,
            None => Vec::new(),
        };
        let items = found.into_iter().flat_map(|kind| {
            let word = kind.kind.trim_start_matches("search-").to_owned();
            kind.hits.into_iter().map(move |hit| Shape {
                kind: word.clone(),
                title: hit.title,
                detail: hit.detail,
                page: hit.href,
            })
        });
        Ok(Shown(Page { items: items.collect(), next: None }))
    }
}
