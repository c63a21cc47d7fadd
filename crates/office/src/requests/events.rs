//! What is stored for ever about requests. Nothing personal is in a leaf.

use super::{Outcome, Right};
use crate::Event;
use ::store::Log;
use kernel::{AccountId, ControllerId, Instant, Personal, PlanId, RequestId, SystemId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rows of one dataset that a plan's execution touched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Touched {
    /// The dataset.
    pub dataset: String,
    /// `delete`, `detach`, `blank`, `keep` or `read`.
    pub action: String,
    /// How many rows.
    pub rows: u64,
}

/// Something that happened to a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum RequestEvent {
    /// A person exercises a right.
    #[serde(rename = "request.received")]
    Received {
        /// The request.
        request: RequestId,
        /// Whose data subject.
        controller: ControllerId,
        /// Which right.
        right: Right,
        /// The address the person is known by.
        email: Personal<String>,
        /// What they wrote.
        note: Option<Personal<String>>,
        /// `page`, `api`, `command-line`…
        channel: String,
        /// When it reached us.
        received_at: Instant,
    },
    /// The controller told us what to do.
    #[serde(rename = "request.instructed")]
    Instructed {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// Whether to carry it out.
        carry_out: bool,
        /// What it said, and who said it.
        note: Option<Personal<String>>,
    },
    /// What would be done.
    #[serde(rename = "request.planned")]
    Planned {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// The plan.
        plan: PlanId,
        /// SHA-256 of the plan, and its name among the documents.
        hash: String,
        /// Rows it concerns.
        rows: u64,
        /// Who made it.
        by: AccountId,
    },
    /// A second person agreed.
    #[serde(rename = "request.approved")]
    Approved {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// The hash they approved.
        hash: String,
        /// Who.
        by: AccountId,
    },
    /// It is about to be done: the intent stands before the effect.
    #[serde(rename = "request.applying")]
    Applying {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// The plan's hash.
        hash: String,
    },
    /// One system was erased.
    #[serde(rename = "request.erased")]
    Erased {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// The system.
        system: SystemId,
        /// The hash of the plan that was carried out.
        hash: String,
        /// Rows touched.
        touched: Vec<Touched>,
        /// Whether an earlier, interrupted attempt had done it.
        earlier: bool,
    },
    /// The access package is made.
    #[serde(rename = "request.packaged")]
    Packaged {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// SHA-256 of the sealed file.
        sha256: String,
        /// Its size.
        bytes: u64,
        /// Rows in it.
        rows: u64,
    },
    /// One system was read again.
    #[serde(rename = "request.verified")]
    Verified {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// The system.
        system: SystemId,
        /// What the re-read says.
        outcome: Outcome,
        /// What it found, by table and count.
        traces: Value,
    },
    /// Every system is done.
    #[serde(rename = "request.applied")]
    Applied {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// The worst of the systems' outcomes.
        outcome: Outcome,
    },
    /// The rows changed after the plan was approved: nothing was done.
    #[serde(rename = "request.plan-stale")]
    PlanStale {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// Where.
        why: String,
    },
    /// Somebody read its personal data.
    #[serde(rename = "request.read")]
    Read {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// Who.
        account: AccountId,
        /// On which day.
        day: String,
    },
    /// Somebody took the package.
    #[serde(rename = "request.package-taken")]
    PackageTaken {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// Who.
        account: AccountId,
    },
    /// It is over.
    #[serde(rename = "request.closed")]
    Closed {
        /// The request.
        request: RequestId,
        /// Whose.
        controller: ControllerId,
        /// Whether a person accepted that a re-read still found something.
        left_accepted: bool,
    },
}

impl RequestEvent {
    fn ids(&self) -> (&RequestId, &ControllerId) {
        match self {
            Self::Received { request, controller, .. }
            | Self::Instructed { request, controller, .. }
            | Self::Planned { request, controller, .. }
            | Self::Approved { request, controller, .. }
            | Self::Applying { request, controller, .. }
            | Self::Erased { request, controller, .. }
            | Self::Packaged { request, controller, .. }
            | Self::Verified { request, controller, .. }
            | Self::Applied { request, controller, .. }
            | Self::PlanStale { request, controller, .. }
            | Self::Read { request, controller, .. }
            | Self::PackageTaken { request, controller, .. }
            | Self::Closed { request, controller, .. } => (request, controller),
        }
    }
}

impl Event for RequestEvent {
    fn log(&self) -> Log {
        Log::Controller(self.ids().1.clone())
    }

    fn record(&self) -> String {
        self.ids().0.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let personal = |value: &str| serde_json::json!({ "$personal": { "subject": id, "value": value } });
    let with = |kind: &str, mut rest: Value| {
        if let Some(map) = rest.as_object_mut() {
            map.insert("request".into(), id.into());
            map.insert("controller".into(), id.into());
        }
        serde_json::json!({ "kind": kind, "data": rest })
    };
    vec![
        with(
            "request.received",
            serde_json::json!({ "right": "access", "email": personal("ada@example.org"), "note": personal("please"),
                "channel": "page", "received_at": "2026-11-22T10:00:00Z" }),
        ),
        with("request.instructed", serde_json::json!({ "carry_out": true, "note": personal("yes, says Léa") })),
        with("request.planned", serde_json::json!({ "plan": id, "hash": "00", "rows": 12, "by": id })),
        with("request.approved", serde_json::json!({ "hash": "00", "by": id })),
        with("request.applying", serde_json::json!({ "hash": "00" })),
        with(
            "request.erased",
            serde_json::json!({ "system": id, "hash": "00", "earlier": false,
                "touched": [{ "dataset": "orders", "action": "delete", "rows": 3 }] }),
        ),
        with("request.packaged", serde_json::json!({ "sha256": "00", "bytes": 2048, "rows": 12 })),
        with("request.verified", serde_json::json!({ "system": id, "outcome": "nothing-left", "traces": [] })),
        with("request.applied", serde_json::json!({ "outcome": "nothing-left" })),
        with("request.plan-stale", serde_json::json!({ "why": "orders: 3 rows planned, 4 found" })),
        with("request.read", serde_json::json!({ "account": id, "day": "2026-11-22" })),
        with("request.package-taken", serde_json::json!({ "account": id })),
        with("request.closed", serde_json::json!({ "left_accepted": false })),
    ]
}
