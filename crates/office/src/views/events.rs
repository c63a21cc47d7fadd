//! What is stored for ever about views.

use crate::Event;
use ::store::Log;
use kernel::{AccountId, Personal, ViewId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum ViewEvent {
    /// A person keeps a view of a list.
    #[serde(rename = "view.kept")]
    Kept {
        /// The view.
        view: ViewId,
        /// Whose.
        account: AccountId,
        /// What they call it.
        name: Personal<String>,
        /// The list and its filters, as a path of ours.
        address: String,
    },
    /// No longer.
    #[serde(rename = "view.dropped")]
    Dropped {
        /// The view.
        view: ViewId,
        /// Whose.
        account: AccountId,
    },
}

impl Event for ViewEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        let (Self::Kept { view, .. } | Self::Dropped { view, .. }) = self;
        view.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![
        serde_json::json!({ "kind": "view.kept", "data": { "view": id, "account": id, "address": "/duties?whose=mine",
            "name": { "$personal": { "subject": id, "value": "Mine" } } } }),
        serde_json::json!({ "kind": "view.dropped", "data": { "view": id, "account": id } }),
    ]
}
