//! What is stored for ever about reviews of rights.

use crate::Event;
use ::store::Log;
use kernel::{AccountId, Personal, ReviewId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A right that was decided on, as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Whose.
    pub account: AccountId,
    /// The token's digest; none for the account's role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The role, or the permissions that the token carries, parted by spaces.
    pub held: String,
}

/// Something that happened in a review. Who decided is the entry's author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum ReviewEvent {
    /// It began.
    #[serde(rename = "access-review.begun")]
    Begun {
        /// The review.
        review: ReviewId,
    },
    /// These rights are still needed.
    #[serde(rename = "access-review.confirmed")]
    Confirmed {
        /// The review.
        review: ReviewId,
        /// Which.
        items: Vec<Item>,
        /// Why, sealed under a key of its own; one by one nobody has to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    /// This right is not; the entry of the account that ends it follows in the same transaction.
    #[serde(rename = "access-review.revoked")]
    Revoked {
        /// The review.
        review: ReviewId,
        /// Which.
        item: Item,
        /// Why, sealed under a key of its own.
        reason: Personal<String>,
    },
    /// Every right there was is decided on.
    #[serde(rename = "access-review.finished")]
    Finished {
        /// The review.
        review: ReviewId,
        /// How many were confirmed as they stand.
        confirmed: u32,
        /// How many were ended.
        revoked: u32,
    },
}

impl ReviewEvent {
    fn review(&self) -> &ReviewId {
        match self {
            Self::Begun { review }
            | Self::Confirmed { review, .. }
            | Self::Revoked { review, .. }
            | Self::Finished { review, .. } => review,
        }
    }
}

impl Event for ReviewEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        self.review().to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let why = |text: &str| json!({ "$personal": { "subject": id, "value": text } });
    let of = |kind: &str, data: Value| json!({ "kind": kind, "data": data });
    vec![
        of("access-review.begun", json!({ "review": id })),
        of("access-review.confirmed", json!({ "review": id, "items": [{ "account": id, "held": "support" }] })),
        of(
            "access-review.confirmed",
            json!({ "review": id, "reason": why("the same six people"), "items": [
            { "account": id, "held": "dpo" }, { "account": id, "token": "00ff", "held": "requests.log requests.read" }] }),
        ),
        of(
            "access-review.revoked",
            json!({ "review": id, "item": { "account": id, "held": "engineer" }, "reason": why("left in May") }),
        ),
        of("access-review.finished", json!({ "review": id, "confirmed": 5, "revoked": 1 })),
    ]
}
