//! What is stored for ever about mail that reached us. Nothing personal is in a leaf.

use crate::Event;
use ::store::Log;
use kernel::{AccountId, Instant, MailId, NoticeId, Personal, RequestId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a mail says, sealed under a key of its own: whoever wrote it may ask to be erased.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// The sender's address, by their own account.
    pub from: Option<String>,
    /// The sender's name.
    pub from_name: Option<String>,
    /// Where an answer goes, when that is elsewhere.
    pub reply_to: Option<String>,
    /// The subject line.
    pub subject: String,
    /// The mail's identifier.
    pub message_id: Option<String>,
    /// Its words.
    pub text: String,
    /// The files that came with it; their content stays on the mail server.
    pub attachments: Vec<File>,
}

/// A file that came with a mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its type, by the sender's account.
    pub media_type: String,
    /// Its size, in bytes.
    pub bytes: usize,
}

/// What was understood of it. Marks are places, never words.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Understood {
    /// What it is proposed to be.
    pub proposal: Option<String>,
    /// What kind of machine wrote it.
    pub automatic: Option<String>,
    /// The rights it names.
    pub rights: Vec<String>,
    /// The places that led to the proposal.
    pub marks: Vec<Mark>,
    /// Whether words or parts were left out.
    pub cut: bool,
    /// Whether it was too large to be read: then only its header was.
    pub too_large: bool,
}

/// A place in the subject or in the text, in bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What stands there.
    pub means: String,
    /// Whether it stands in the subject.
    pub subject: bool,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Why a mail was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A person saw that there is nothing to do.
    NothingToDo,
    /// A machine answered one of our letters.
    AutomaticReply,
    /// A mail server reported on a letter of ours, and the letter shows it.
    Bounce,
}

impl Why {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NothingToDo => "nothing-to-do",
            Self::AutomaticReply => "automatic-reply",
            Self::Bounce => "bounce",
        }
    }
}

/// A mail as it arrived.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// The mail.
    pub mail: MailId,
    /// A digest of the mailbox's address.
    pub mailbox: String,
    /// The generation of the mailbox's numbers (RFC 3501 §2.3.1.1).
    pub uid_validity: i64,
    /// Its number in that generation.
    pub uid: i64,
    /// The digest of its bytes, which stay on the mail server; none when it was too large to be fetched.
    pub sha256: Option<String>,
    /// Its size, in bytes.
    pub bytes: i64,
    /// When the mail server took it.
    pub received_at: Instant,
    /// What it says.
    pub content: Personal<Content>,
    /// What was understood.
    pub understood: Understood,
}

/// Something that happened to a mail.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum MailEvent {
    /// It reached us.
    #[serde(rename = "mail.received")]
    Received(Box<Received>),
    /// Somebody read its text.
    #[serde(rename = "mail.read")]
    Read {
        /// The mail.
        mail: MailId,
        /// Who.
        account: AccountId,
        /// On which day.
        day: String,
    },
    /// A request was logged from it.
    #[serde(rename = "mail.logged")]
    Logged {
        /// The mail.
        mail: MailId,
        /// The request.
        request: RequestId,
    },
    /// It was put aside.
    #[serde(rename = "mail.filed")]
    Filed {
        /// The mail.
        mail: MailId,
        /// Why.
        why: Why,
        /// The letter it reports on.
        notice: Option<NoticeId>,
        /// What the person wrote who put it aside; it may speak of the sender.
        note: Option<Personal<String>>,
    },
    /// It was taken up again.
    #[serde(rename = "mail.reopened")]
    Reopened {
        /// The mail.
        mail: MailId,
    },
}

impl MailEvent {
    fn mail(&self) -> &MailId {
        match self {
            Self::Received(received) => &received.mail,
            Self::Read { mail, .. }
            | Self::Logged { mail, .. }
            | Self::Filed { mail, .. }
            | Self::Reopened { mail } => mail,
        }
    }
}

impl Event for MailEvent {
    /// Whose person wrote is known only once a request is logged, so mail is the house's.
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        self.mail().to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let personal = |value: Value| serde_json::json!({ "$personal": { "subject": id, "value": value } });
    let content = serde_json::json!({
        "from": "ada@example.org", "from_name": "Ada", "reply_to": null, "subject": "My data", "message_id": "m1@example.org",
        "text": "Please delete my account.",
        "attachments": [{ "name": "id.pdf", "media_type": "application/pdf", "bytes": 4096 }] });
    vec![
        serde_json::json!({ "kind": "mail.received", "data": {
            "mail": id, "mailbox": "5f4dcc3b5aa765d6", "uid_validity": 7, "uid": 42, "sha256": "00ff", "bytes": 1234,
            "received_at": "2026-11-23T08:15:00Z", "content": personal(content), "understood": {
                "proposal": "request", "automatic": null, "rights": ["erasure"], "cut": false, "too_large": false,
                "marks": [{ "means": "erasure", "subject": false, "start": 0, "end": 24 }] } } }),
        serde_json::json!({ "kind": "mail.read", "data": { "mail": id, "account": id, "day": "2026-11-23" } }),
        serde_json::json!({ "kind": "mail.logged", "data": { "mail": id, "request": id } }),
        serde_json::json!({ "kind": "mail.filed", "data": {
            "mail": id, "why": "nothing-to-do", "notice": null, "note": personal("an advertisement".into()) } }),
        serde_json::json!({ "kind": "mail.reopened", "data": { "mail": id } }),
    ]
}
