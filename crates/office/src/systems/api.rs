//! Systems for programs: what is connected, and its map.

use super::{SystemRow, store};
use crate::api::{At, Done, Endpoint, Given, NoQuery, Nothing, Ref, Shown, operation};
use crate::{App, Refusal};
use kernel::SystemId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with systems.
pub(super) const API: &[Endpoint] = &[Endpoint::of::<List>(), Endpoint::of::<One>(), Endpoint::of::<Confirm>()];

const WHAT: [&str; 2] = ["system", "système"];

/// A connected system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "System")]
pub(super) struct Shape {
    id: Ref,
    name: String,
    /// What it is, such as `postgres`.
    kind: String,
    connected_at: At,
    /// When a person last confirmed its map; null while nobody has: it is not searched.
    map_confirmed_at: Option<At>,
    /// The map, in TOML; null in lists.
    map: Option<String>,
}

fn shown(row: &SystemRow, map: Option<String>) -> Shape {
    Shape {
        id: Ref::from(&row.id),
        name: row.name.clone(),
        kind: row.kind.clone(),
        connected_at: row.connected_at.into(),
        map_confirmed_at: row.map_confirmed_at.map(At),
        map,
    }
}

operation! {
    /// The list.
    List = GET "/systems", needs "systems.read": "Every connected system",
    (NoQuery, Nothing) -> Shown<Vec<Shape>>, |call| {
        let rows = store::list(&mut call.app.store().read()).await?;
        Ok(Shown(rows.iter().map(|row| shown(row, None)).collect()))
    }
}

operation! {
    /// One of them.
    One = GET "/systems/{id}", needs "systems.read": "A system, with its map",
    (NoQuery, Nothing) -> Shown<Shape>, |call| {
        Ok(Shown(one(&call.app, &call.id(WHAT)?).await?))
    }
}

async fn one(app: &App, id: &SystemId) -> Result<Shape, Refusal> {
    let row = store::must_find(&mut app.store().read(), id).await?;
    let map = super::map_text(app.store(), &row).await?;
    Ok(shown(&row, Some(map)))
}

/// A map.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SystemMap")]
pub(super) struct NewMap {
    /// In TOML.
    map: String,
}

operation! {
    /// A new map.
    Confirm = PUT "/systems/{id}/map", needs "systems.map": "Confirm a system's map; it is compared with the live catalogue",
    (NoQuery, Given<NewMap>) -> Done, |call| {
        let id: SystemId = call.id(WHAT)?;
        super::confirm_map(call.app.store(), call.app.now(), call.caller.actor(), &id, &call.body.0.map).await?;
        Ok(Done)
    }
}
