//! What is stored for ever about alerts.

use super::Why;
use crate::Event;
use ::store::Log;
use kernel::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened about reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum AlertEvent {
    /// Somebody read, or tried to, in an unusual way.
    #[serde(rename = "alert.raised")]
    Raised {
        /// Whose reading.
        account: AccountId,
        /// On which day, at the house's place.
        day: String,
        /// What was unusual.
        why: Why,
    },
}

impl Event for AlertEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        let Self::Raised { account, .. } = self;
        account.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![serde_json::json!({ "kind": "alert.raised", "data": { "account": id, "day": "2026-11-23", "why": "many" } })]
}
