//! What is stored for ever about letters.

use crate::Event;
use ::store::Log;
use kernel::{AccountId, ControllerId, NoticeId, Personal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to a letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum NoticeEvent {
    /// It is to be sent.
    #[serde(rename = "notice.queued")]
    Queued {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// What it is about.
        record: String,
        /// Its type.
        letter: String,
        /// The term whose duty it discharges.
        discharges: Option<String>,
        /// To whom.
        to: Personal<String>,
        /// The subject line.
        subject: String,
        /// The text.
        body: Personal<String>,
        /// Whether something only the recipient may read has its place in the text, without which it is not to leave.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        has_secret: bool,
    },
    /// The mail server is about to be asked.
    #[serde(rename = "notice.attempted")]
    Attempted {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
    },
    /// The mail server took it.
    #[serde(rename = "notice.sent")]
    Sent {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// What the server answered: proof of sending.
        reply: String,
    },
    /// A person delivered it by other means.
    #[serde(rename = "notice.delivered")]
    Delivered {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// How and when: proof of delivery, sealed under the recipient's key.
        how: Personal<String>,
    },
    /// Somebody read its text.
    #[serde(rename = "notice.read")]
    Read {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// Who.
        account: AccountId,
        /// On which day.
        day: String,
    },
    /// A mail server told us later that it did not arrive, or not yet.
    #[serde(rename = "notice.bounced")]
    Bounced {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// Whether it will not arrive; if not, the server still tries.
        failed: bool,
        /// The code of RFC 3463, such as `5.1.1`.
        status: Option<String>,
        /// Whether the mailbox is there but full.
        mailbox_full: bool,
        /// The server's words, which name the recipient; none once that person is erased.
        said: Option<Personal<String>>,
    },
    /// The mail server refused it or did not answer.
    #[serde(rename = "notice.failed")]
    Failed {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// Why.
        reply: String,
    },
}

impl NoticeEvent {
    fn ids(&self) -> (&NoticeId, Option<&ControllerId>) {
        match self {
            Self::Queued { notice, controller, .. }
            | Self::Attempted { notice, controller }
            | Self::Sent { notice, controller, .. }
            | Self::Delivered { notice, controller, .. }
            | Self::Read { notice, controller, .. }
            | Self::Bounced { notice, controller, .. }
            | Self::Failed { notice, controller, .. } => (notice, controller.as_ref()),
        }
    }
}

impl Event for NoticeEvent {
    fn log(&self) -> Log {
        self.ids().1.map_or(Log::House, |controller| Log::Controller(controller.clone()))
    }

    fn record(&self) -> String {
        self.ids().0.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let personal = |value: &str| serde_json::json!({ "$personal": { "subject": id, "value": value } });
    vec![
        serde_json::json!({ "kind": "notice.queued", "data": {
            "notice": id, "controller": id, "record": id, "letter": "request.forward", "discharges": "requests.forward", "to": personal("dpo@example.org"),
            "subject": "A request", "body": personal("Somebody asks…") } }),
        serde_json::json!({ "kind": "notice.queued", "data": {
            "notice": id, "record": id, "letter": "account.invitation", "discharges": null,
            "to": personal("sam@example.org"), "subject": "An invitation", "body": personal("…"),
            "has_secret": true } }),
        serde_json::json!({ "kind": "notice.attempted", "data": { "notice": id, "controller": id } }),
        serde_json::json!({ "kind": "notice.sent", "data": { "notice": id, "controller": id, "reply": "250 OK" } }),
        serde_json::json!({ "kind": "notice.delivered", "data": {
            "notice": id, "controller": id, "how": personal("handed to Léa on Monday") } }),
        serde_json::json!({ "kind": "notice.read", "data": {
            "notice": id, "controller": id, "account": id, "day": "2026-11-22" } }),
        serde_json::json!({ "kind": "notice.bounced", "data": {
            "notice": id, "controller": id, "failed": true, "status": "5.1.1", "mailbox_full": false,
            "said": personal("550 5.1.1 <dpo@example.org>: user unknown") } }),
        serde_json::json!({ "kind": "notice.failed", "data": { "notice": id, "controller": id, "reply": "451 later" } }),
    ]
}
