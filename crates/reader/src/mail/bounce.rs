//! What a mail server says of a letter that did not arrive: in the form of RFC 3464, or in words.

use super::head::{Head, identifier, one_line, split};
use super::parts::Parts;
use super::{ADDRESS_BYTES_MAX, Mail, body, rules};
use regex::Regex;
use std::sync::LazyLock;

/// So many recipients of one report are kept.
const RECIPIENTS_MAX: usize = 50;
/// So much of a server's explanation is kept, in characters.
const SAID_CHARS_MAX: usize = 400;
/// So much of a report in words is looked at, in bytes.
const WORDS_BYTES_MAX: usize = 32 << 10;

/// What happened to a letter (RFC 3464 §2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It will not arrive.
    Failed,
    /// The server still tries.
    Delayed,
}

impl Action {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
        }
    }
}

/// One recipient that a letter did not reach.
#[derive(Clone, PartialEq, Eq)]
pub struct Failed {
    /// Where it should have gone, when the report says so.
    pub address: Option<String>,
    /// What happened.
    pub action: Action,
    /// The code of RFC 3463, such as `5.1.1`.
    pub status: Option<String>,
    /// The server's own words.
    pub said: String,
}

impl Failed {
    /// Whether the mailbox is there but full: it may help to wait, or to telephone.
    #[must_use]
    pub fn mailbox_full(&self) -> bool {
        matches!(self.status.as_deref(), Some("4.2.2" | "5.2.2")) || rules::full(&self.said)
    }
}

impl std::fmt::Debug for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{:?} {:?}>", self.action, self.status)
    }
}

/// What a mail server says of one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The identifier of the letter, without angle brackets.
    pub letter: Option<String>,
    /// Whom it did not reach.
    pub recipients: Vec<Failed>,
}

impl Bounce {
    /// The worst of what happened.
    #[must_use]
    pub fn worst(&self) -> Option<&Failed> {
        self.recipients.iter().find(|one| one.action == Action::Failed).or_else(|| self.recipients.first())
    }
}

/// The report in a message, if it is one.
pub(super) fn find(parts: &Parts<'_>, mail: &Mail) -> Option<Bounce> {
    let status = parts.of_type(&["message/delivery-status", "message/global-delivery-status"]);
    let recipients = match status {
        Some(part) => reported(&body::decoded(part)),
        None => told(parts, mail),
    };
    (!recipients.is_empty()).then(|| Bounce { letter: letter(parts, mail), recipients })
}

/// The recipients of a report in the form of RFC 3464: groups of fields, parted by empty lines.
fn reported(text: &str) -> Vec<Failed> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    unfolded.split("\n\n").filter_map(recipient).take(RECIPIENTS_MAX).collect()
}

fn recipient(group: &str) -> Option<Failed> {
    let field = |name: &str| {
        let lines = group.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim())
    };
    let typed = |name: &str| field(name).map(|value| value.split_once(';').map_or(value, |(_, rest)| rest.trim()));
    let address = typed("original-recipient").or_else(|| typed("final-recipient"))?;
    let status = field("status").and_then(code);
    let action = match field("action").map(str::to_ascii_lowercase).as_deref() {
        Some("failed") => Action::Failed,
        Some("delayed") => Action::Delayed,
        Some(_) => return None,
        None if status.as_deref().is_some_and(|code| code.starts_with('4')) => Action::Delayed,
        None => Action::Failed,
    };
    let said = one_line(typed("diagnostic-code").unwrap_or_default(), SAID_CHARS_MAX);
    Some(Failed { address: plain_address(address), action, status, said })
}

fn plain_address(text: &str) -> Option<String> {
    let address = one_line(text.trim_matches(['<', '>']), ADDRESS_BYTES_MAX);
    (address.contains('@') && address.len() <= ADDRESS_BYTES_MAX).then_some(address)
}

static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b([245]\.\d{1,3}\.\d{1,3})\b").ok());
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24}").ok());
static LETTER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?im)^[>\s]*message-id:\s*<([^<>\s]{1,250})>").ok());

/// The first code of RFC 3463 in a text.
fn code(text: &str) -> Option<String> {
    Some(CODE.as_ref()?.captures(text)?.get(1)?.as_str().to_owned())
}

/// The recipients of a report in words, from a server that says who it is.
fn told(parts: &Parts<'_>, mail: &Mail) -> Vec<Failed> {
    let named = parts.head.raw("x-failed-recipients");
    let sender = mail.from.as_ref().map(|from| from.email.to_ascii_lowercase()).unwrap_or_default();
    let daemon = ["mailer-daemon@", "postmaster@", "mail-daemon@"].iter().any(|name| sender.starts_with(name));
    let nobody = parts.head.raw("return-path").is_some_and(|path| path.trim() == "<>");
    if named.is_none() && !((daemon || nobody || sender.is_empty()) && rules::undelivered(&mail.subject)) {
        return Vec::new();
    }
    let words = &mail.text[..mail.text.floor_char_boundary(WORDS_BYTES_MAX)];
    // What follows is a copy of the letter, which names addresses of its own.
    let words = LETTER.as_ref().and_then(|letter| letter.find(words)).map_or(words, |copy| &words[..copy.start()]);
    let status = code(words);
    let delayed = rules::delayed(&mail.subject) || (rules::delayed(words) && !rules::undelivered(words));
    let action = if delayed { Action::Delayed } else { Action::Failed };
    let address = named.as_deref().and_then(|list| list.split(',').next()).and_then(plain_address);
    let in_words =
        || ADDRESS.as_ref()?.find_iter(words).map(|found| found.as_str()).find(|found| !is_own(found, &sender));
    let address = address.or_else(|| in_words().map(str::to_owned));
    vec![Failed { address, action, status, said: one_line(words, SAID_CHARS_MAX) }]
}

fn is_own(address: &str, sender: &str) -> bool {
    address.eq_ignore_ascii_case(sender)
}

/// Which letter the report is about: from the copy of its header, as a part or in the words; else what it answers.
fn letter(parts: &Parts<'_>, mail: &Mail) -> Option<String> {
    let copies = ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"];
    let copy = parts.list.iter().find(|part| copies.contains(&part.head.media_type().as_str()));
    let from_copy = copy.and_then(|part| Head::read(split(body::decoded(part).trim_start().as_bytes()).0).message_id());
    let in_words = || identifier(LETTER.as_ref()?.captures(&mail.text)?.get(1)?.as_str());
    from_copy.or_else(in_words).or_else(|| mail.references.first().cloned())
}
