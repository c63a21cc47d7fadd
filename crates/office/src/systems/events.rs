//! What is stored for ever about systems.

use crate::Event;
use ::store::Log;
use kernel::{Personal, SystemId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to a system of the estate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum SystemEvent {
    /// It was reached and its catalogue read.
    #[serde(rename = "system.connected")]
    Connected {
        /// The system.
        system: SystemId,
        /// Its name.
        name: String,
        /// `sqlite` or `postgres`.
        database: String,
        /// Where it is: a secret, sealed like a personal value under a key of its own.
        address: Personal<String>,
        /// SHA-256 of the map its catalogue suggests.
        proposed: String,
    },
    /// A person confirmed its map.
    #[serde(rename = "system.map-confirmed")]
    MapConfirmed {
        /// The system.
        system: SystemId,
        /// SHA-256 of the map.
        map: String,
    },
}

impl Event for SystemEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        match self {
            Self::Connected { system, .. } | Self::MapConfirmed { system, .. } => system.to_string(),
        }
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![
        serde_json::json!({ "kind": "system.connected", "data": {
            "system": id, "name": "shop", "database": "sqlite", "proposed": "00",
            "address": { "$personal": { "subject": id, "value": "sqlite:/srv/shop.db" } } } }),
        serde_json::json!({ "kind": "system.map-confirmed", "data": { "system": id, "map": "00" } }),
    ]
}
