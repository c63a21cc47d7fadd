//! What is stored for ever about feeds.

use crate::Event;
use ::store::Log;
use kernel::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to a feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum DiaryEvent {
    /// A person's duties can be read at a secret address.
    #[serde(rename = "feed.made")]
    FeedMade {
        /// Whose duties.
        account: AccountId,
        /// SHA-256 of the address's token.
        digest: String,
    },
    /// No longer.
    #[serde(rename = "feed.revoked")]
    FeedRevoked {
        /// Whose duties.
        account: AccountId,
        /// SHA-256 of the address's token.
        digest: String,
    },
}

impl Event for DiaryEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        let (Self::FeedMade { account, .. } | Self::FeedRevoked { account, .. }) = self;
        account.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![
        serde_json::json!({ "kind": "feed.made", "data": { "account": id, "digest": "00" } }),
        serde_json::json!({ "kind": "feed.revoked", "data": { "account": id, "digest": "00" } }),
    ]
}
