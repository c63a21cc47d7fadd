//! What is stored for ever about agreements.

use super::{Made, Said};
use crate::Event;
use ::store::Log;
use kernel::{AgreementId, ControllerId, Personal};
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
        /// What people call it: free text, sealed under a key of the agreement's own, for it may name somebody.
        title: Personal<String>,
        /// The document's file name, sealed likewise.
        file_name: Personal<String>,
        /// SHA-256 of the document.
        document: String,
        /// Its language.
        language: String,
        /// `processor-agreement`, `mixed`…
        document_kind: String,
        /// SHA-256 of what was read from it, kept with its text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reading: Option<String>,
    },
    /// Its document was read again by a newer reader; what people decided stands.
    #[serde(rename = "agreement.read-again")]
    ReadAgain {
        /// The agreement.
        agreement: AgreementId,
        /// With whom.
        controller: ControllerId,
        /// SHA-256 of what was read now.
        reading: String,
    },
    /// A person decided one term.
    #[serde(rename = "agreement.term-decided")]
    TermDecided {
        /// The agreement.
        agreement: AgreementId,
        /// With whom.
        controller: ControllerId,
        /// The term, a name of the vocabulary.
        term: String,
        /// How many decisions this term has had, with this one.
        number: u32,
        /// What was done.
        made: Made,
        /// What it said before.
        old: Said,
        /// What it says now.
        new: Said,
        /// The finding the person accepted with it, such as `A28-3-a`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accepted: Option<String>,
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
            | Self::ReadAgain { agreement, controller, .. }
            | Self::TermDecided { agreement, controller, .. }
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
    let personal = |value: &str| serde_json::json!({ "$personal": { "subject": id, "value": value } });
    vec![
        serde_json::json!({ "kind": "agreement.imported", "data": {
            "agreement": id, "controller": id, "title": personal("DPA 2026"), "file_name": personal("dpa.txt"), "document": "00",
            "language": "en", "document_kind": "processor-agreement", "reading": "00" } }),
        serde_json::json!({ "kind": "agreement.read-again", "data": { "agreement": id, "controller": id, "reading": "00" } }),
        serde_json::json!({ "kind": "agreement.term-decided", "data": {
            "agreement": id, "controller": id, "term": "requests.forward", "number": 2, "made": "corrected",
            "old": { "state": "vague", "span": [10, 20], "clause": "6.2" },
            "new": { "state": "stated", "value": "P2D", "working": true, "span": [30, 40], "clause": "6.2" },
            "accepted": "A12-forward" } }),
        serde_json::json!({ "kind": "agreement.reviewed", "data": {
            "agreement": id, "controller": id, "file": "00", "confirmed": 20, "changed": 1 } }),
        serde_json::json!({ "kind": "agreement.put-in-force", "data": {
            "agreement": id, "controller": id, "errors_accepted": 0 } }),
        serde_json::json!({ "kind": "agreement.replaced", "data": { "agreement": id, "controller": id, "by": id } }),
    ]
}
