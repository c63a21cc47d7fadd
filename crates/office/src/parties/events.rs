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
    /// Its first contact has another address, or is another person.
    #[serde(rename = "controller.address-changed")]
    AddressChanged {
        /// The controller.
        controller: ControllerId,
        /// The person behind the new address: a new one, so that the former can be erased alone.
        subject: SubjectId,
        /// Where notices go from now on.
        contact: Personal<String>,
    },
    /// It named another person whom we may write to.
    #[serde(rename = "party.contact-added")]
    ContactAdded {
        /// The controller.
        controller: ControllerId,
        /// The person.
        contact: SubjectId,
        /// What for.
        role: ContactRole,
        /// Their name.
        name: Personal<String>,
        /// Their address.
        email: Personal<String>,
    },
    /// That person is no contact any more.
    #[serde(rename = "party.contact-removed")]
    ContactRemoved {
        /// The controller.
        controller: ControllerId,
        /// The person.
        contact: SubjectId,
    },
}

/// What a contact beside the first is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactRole {
    /// Gets what goes to both contacts: requests, breaches, changes of sub-processors.
    Administrator,
    /// Is written to when the others cannot be reached.
    Deputy,
}

impl ContactRole {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Administrator, Self::Deputy];

    /// Its word, in tables, texts and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Deputy => "deputy",
        }
    }

    /// The role of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

impl PartyEvent {
    fn controller(&self) -> &ControllerId {
        match self {
            Self::Registered { controller, .. }
            | Self::AddressChanged { controller, .. }
            | Self::ContactAdded { controller, .. }
            | Self::ContactRemoved { controller, .. } => controller,
        }
    }
}

impl Event for PartyEvent {
    fn log(&self) -> Log {
        Log::Controller(self.controller().clone())
    }

    fn record(&self) -> String {
        self.controller().to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let personal = |value: &str| serde_json::json!({ "$personal": { "subject": id, "value": value } });
    vec![
        serde_json::json!({ "kind": "controller.registered", "data": {
            "controller": id, "name": "Atelier Brume", "subject": id, "contact": personal("dpo@example.org"),
            "lang": "fr", "place": "FR" } }),
        serde_json::json!({ "kind": "controller.address-changed", "data": {
            "controller": id, "subject": id, "contact": personal("privacy@example.org") } }),
        serde_json::json!({ "kind": "party.contact-added", "data": {
            "controller": id, "contact": id, "role": "administrator", "name": personal("Sam"),
            "email": personal("it@example.org") } }),
        serde_json::json!({ "kind": "party.contact-removed", "data": { "controller": id, "contact": id } }),
    ]
}
