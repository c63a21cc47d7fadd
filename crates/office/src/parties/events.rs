//! What is stored for ever about parties.

use crate::Event;
use ::store::Log;
use kernel::{ControllerId, Lang, Personal, SubjectId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to a party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum PartyEvent {
    /// We now process for this controller.
    #[serde(rename = "controller.registered")]
    Registered {
        /// The controller.
        controller: ControllerId,
        /// Its name.
        name: String,
        /// The person behind the contact address.
        subject: SubjectId,
        /// Where notices go.
        contact: Personal<String>,
        /// The language it reads.
        lang: Lang,
        /// The place whose calendar its windows follow.
        place: String,
    },
}

impl Event for PartyEvent {
    fn log(&self) -> Log {
        let Self::Registered { controller, .. } = self;
        Log::Controller(controller.clone())
    }

    fn record(&self) -> String {
        let Self::Registered { controller, .. } = self;
        controller.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![serde_json::json!({ "kind": "controller.registered", "data": {
        "controller": id, "name": "Atelier Brume", "subject": id,
        "contact": { "$personal": { "subject": id, "value": "dpo@example.org" } }, "lang": "fr", "place": "FR" } })]
}
