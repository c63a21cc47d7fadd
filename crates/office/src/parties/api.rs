//! Controllers for programs.

use super::{Controller, store};
use crate::api::{Endpoint, NoQuery, Nothing, Page, Ref, Shown, operation};
use crate::lists;
use kernel::ControllerId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with controllers.
pub(super) const API: &[Endpoint] = &[Endpoint::of::<List>(), Endpoint::of::<One>()];

/// A controller.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Controller")]
pub(super) struct Shape {
    id: Ref,
    name: String,
    /// Where letters to it go; null once erased.
    contact: Option<String>,
    /// The language of letters to it.
    lang: String,
    /// The place whose calendar counts for it.
    place: String,
}

fn shown(party: Controller) -> Shape {
    Shape {
        id: Ref::from(&party.id),
        name: party.name,
        contact: party.contact,
        lang: party.lang.code().to_owned(),
        place: party.place.code().to_owned(),
    }
}

/// Which controllers.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// A part of the name.
    #[serde(default)]
    q: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    List = GET "/parties", needs "parties.read": "Controllers, by name",
    (Asked, Nothing) -> Shown<Page<Shape>>, |call| {
        if call.query.q.contains('\0') || call.query.after.contains('\0') {
            return Ok(Shown(Page { items: Vec::new(), next: None }));
        }
        let mut rows = store::page(&mut call.app.store().read(), &call.query.q, &call.query.after, lists::ask()).await?;
        let more = rows.len() > lists::PAGE;
        rows.truncate(lists::PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.name.clone());
        Ok(Shown(Page { items: rows.into_iter().map(shown).collect(), next }))
    }
}

operation! {
    /// One of them.
    One = GET "/parties/{id}", needs "parties.read": "A controller",
    (NoQuery, Nothing) -> Shown<Shape>, |call| {
        let id: ControllerId = call.id(["controller", "responsable"])?;
        Ok(Shown(shown(store::must_find(&mut call.app.store().read(), &id).await?)))
    }
}
