//! What is stored for ever about letters.

use crate::Event;
use ::store::Log;
use kernel::{AccountId, ControllerId, Instant, Lang, NoticeId, Personal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A letter that is to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queued {
    /// The letter.
    pub notice: NoticeId,
    /// Whose log; none for a letter to one of our own people, which is in the log of the house.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<ControllerId>,
    /// What it is about.
    pub record: String,
    /// Its kind.
    pub letter: String,
    /// The wording it was made with: `standard:1`, or `house:3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// Its language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// The term whose duty it discharges.
    pub discharges: Option<String>,
    /// To whom.
    pub to: Personal<String>,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: Personal<String>,
    /// It waits for office hours until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Instant>,
    /// The letter that did not arrive and that this one repeats, to another contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<NoticeId>,
    /// Whether something only the recipient may read has its place in the text, without which it is not to leave.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_secret: bool,
    /// What goes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Filed>,
}

/// A file that goes with a letter, sealed under the key of whom the letter speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// Its name, which is ours and names nobody.
    pub name: String,
    /// Its type.
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// SHA-256 of the sealed bytes: under this name they are kept.
    pub blob: String,
    /// The place it was sealed for; a letter that repeats another has the same file.
    pub place: String,
}

/// Something that happened to a letter, or to how letters are worded and when they go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum NoticeEvent {
    /// It is to be sent.
    #[serde(rename = "notice.queued")]
    Queued(Box<Queued>),
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
    /// The mail server did not take it, or its answer was lost.
    #[serde(rename = "notice.failed")]
    Failed {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// Why.
        reply: String,
        /// `later`, `full`, `refused` or `unknown`; none in entries of before there were words for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// When it is tried again; none with an outcome means that a person is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again_at: Option<Instant>,
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
    /// A person sends it again, now.
    #[serde(rename = "notice.retried")]
    Retried {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
    },
    /// A person decided that it shall not go.
    #[serde(rename = "notice.stopped")]
    Stopped {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// Why, sealed under the recipient's key.
        why: Personal<String>,
    },
    /// Somebody of our house read its text.
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
    /// Its recipient opened it, signed in: proof of receipt.
    #[serde(rename = "notice.opened")]
    Opened {
        /// The letter.
        notice: NoticeId,
        /// Whose log; none for a letter to one of our own people, which is in the log of the house.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// Who.
        account: AccountId,
        /// When.
        at: Instant,
    },
    /// The house worded a kind of letter.
    #[serde(rename = "letter.worded")]
    Worded {
        /// The kind.
        letter: String,
        /// In which language.
        lang: Lang,
        /// The number of this change, counted for the kind and the language.
        version: i64,
        /// The subject line.
        subject: String,
        /// The text.
        body: String,
    },
    /// The house went back to the standard wording.
    #[serde(rename = "letter.standard-restored")]
    StandardRestored {
        /// The kind.
        letter: String,
        /// In which language.
        lang: Lang,
        /// The number of this change.
        version: i64,
    },
    /// Whether what is not urgent waits for office hours.
    #[serde(rename = "letters.quiet-hours-set")]
    QuietHoursSet {
        /// Whether it does.
        on: bool,
    },
}

impl NoticeEvent {
    /// The letter it is about, and whose; none for what is about no single letter.
    fn ids(&self) -> Option<(&NoticeId, Option<&ControllerId>)> {
        match self {
            Self::Queued(queued) => Some((&queued.notice, queued.controller.as_ref())),
            Self::Attempted { notice, controller }
            | Self::Sent { notice, controller, .. }
            | Self::Failed { notice, controller, .. }
            | Self::Bounced { notice, controller, .. }
            | Self::Delivered { notice, controller, .. }
            | Self::Retried { notice, controller }
            | Self::Stopped { notice, controller, .. }
            | Self::Read { notice, controller, .. }
            | Self::Opened { notice, controller, .. } => Some((notice, controller.as_ref())),
            Self::Worded { .. } | Self::StandardRestored { .. } | Self::QuietHoursSet { .. } => None,
        }
    }
}

impl Event for NoticeEvent {
    fn log(&self) -> Log {
        let controller = self.ids().and_then(|(_, controller)| controller);
        controller.map_or(Log::House, |controller| Log::Controller(controller.clone()))
    }

    fn record(&self) -> String {
        match self {
            Self::Worded { letter, .. } | Self::StandardRestored { letter, .. } => format!("letter:{letter}"),
            Self::QuietHoursSet { .. } => "letters:quiet-hours".to_owned(),
            other => other.ids().map(|(notice, _)| notice.to_string()).unwrap_or_default(),
        }
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let personal = |value: &str| json!({ "$personal": { "subject": id, "value": value } });
    let of = |kind: &str, data: Value| json!({ "kind": kind, "data": data });
    vec![
        of(
            "notice.queued",
            json!({ "notice": id, "controller": id, "record": id, "letter": "request.forward",
            "discharges": "requests.forward", "to": personal("dpo@example.org"), "subject": "A request",
            "body": personal("Somebody asks…") }),
        ),
        of(
            "notice.queued",
            json!({ "notice": id, "record": id, "letter": "account.invitation", "discharges": null,
            "to": personal("sam@example.org"), "subject": "An invitation", "body": personal("…"), "has_secret": true, "wording": "house:2",
            "lang": "fr", "not_before": "2026-11-23T08:00:00Z", "instead_of": id, "files": [
            { "name": "due.ics", "media_type": "text/calendar", "bytes": 400, "blob": "00", "place": "letter/01ks/0" }] }),
        ),
        of("notice.attempted", json!({ "notice": id, "controller": id })),
        of("notice.sent", json!({ "notice": id, "controller": id, "reply": "250 OK" })),
        of("notice.failed", json!({ "notice": id, "controller": id, "reply": "451 later" })),
        of(
            "notice.failed",
            json!({ "notice": id, "controller": id, "reply": "the mail server answered 452 4.2.2",
            "outcome": "full", "again_at": "2026-11-23T10:00:00Z" }),
        ),
        of(
            "notice.bounced",
            json!({ "notice": id, "controller": id, "failed": true, "status": "5.1.1",
            "mailbox_full": false, "said": personal("550 5.1.1 <dpo@example.org>: user unknown") }),
        ),
        of("notice.delivered", json!({ "notice": id, "controller": id, "how": personal("handed to Léa on Monday") })),
        of("notice.retried", json!({ "notice": id, "controller": id })),
        of("notice.stopped", json!({ "notice": id, "controller": id, "why": personal("told on the telephone") })),
        of("notice.read", json!({ "notice": id, "controller": id, "account": id, "day": "2026-11-22" })),
        of("notice.opened", json!({ "notice": id, "controller": id, "account": id, "at": "2026-11-23T10:00:00Z" })),
        of(
            "letter.worded",
            json!({ "letter": "request.forward", "lang": "fr", "version": 1, "subject": "Une demande",
            "body": "Bonjour {person}…" }),
        ),
        of("letter.standard-restored", json!({ "letter": "request.forward", "lang": "fr", "version": 2 })),
        of("letters.quiet-hours-set", json!({ "on": true })),
    ]
}
