//! What is stored for ever about agreements.

use crate::Event;
use ::store::Log;
use kernel::{AgreementId, ControllerId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to an agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum AgreementEvent {
    /// Its document was read.
    #[serde(rename = "agreement.imported")]
    Imported {
        /// The agreement.
        agreement: AgreementId,
        /// With whom.
        controller: ControllerId,
        /// What people call it.
        title: String,
        /// The document's file name.
        file_name: String,
        /// SHA-256 of the document.
        document: String,
        /// Its language.
        language: String,
        /// `processor-agreement`, `mixed`…
        document_kind: String,
    },
    /// A person confirmed its terms.
    #[serde(rename = "agreement.reviewed")]
    Reviewed {
        /// The agreement.
        agreement: AgreementId,
        /// With whom.
        controller: ControllerId,
        /// SHA-256 of the agreement file.
        file: String,
        /// Terms confirmed as read.
        confirmed: u32,
        /// Terms changed by the person.
        changed: u32,
    },
    /// Its promises bind us.
    #[serde(rename = "agreement.put-in-force")]
    PutInForce {
        /// The agreement.
        agreement: AgreementId,
        /// With whom.
        controller: ControllerId,
        /// Errors the person accepted.
        errors_accepted: usize,
    },
    /// A newer agreement took its place.
    #[serde(rename = "agreement.replaced")]
    Replaced {
        /// The agreement.
        agreement: AgreementId,
        /// With whom.
        controller: ControllerId,
        /// The newer one.
        by: AgreementId,
    },
}

impl AgreementEvent {
    fn ids(&self) -> (&AgreementId, &ControllerId) {
        match self {
            Self::Imported { agreement, controller, .. }
            | Self::Reviewed { agreement, controller, .. }
            | Self::PutInForce { agreement, controller, .. }
            | Self::Replaced { agreement, controller, .. } => (agreement, controller),
        }
    }
}

impl Event for AgreementEvent {
    fn log(&self) -> Log {
        Log::Controller(self.ids().1.clone())
    }

    fn record(&self) -> String {
        self.ids().0.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![
        serde_json::json!({ "kind": "agreement.imported", "data": {
            "agreement": id, "controller": id, "title": "DPA 2026", "file_name": "dpa.txt", "document": "00",
            "language": "en", "document_kind": "processor-agreement" } }),
        serde_json::json!({ "kind": "agreement.reviewed", "data": {
            "agreement": id, "controller": id, "file": "00", "confirmed": 20, "changed": 1 } }),
        serde_json::json!({ "kind": "agreement.put-in-force", "data": {
            "agreement": id, "controller": id, "errors_accepted": 0 } }),
        serde_json::json!({ "kind": "agreement.replaced", "data": { "agreement": id, "controller": id, "by": id } }),
    ]
}
