//! Mail that a machine wrote (RFC 3834), and what must never be answered.

use super::parts::Parts;
use super::rules;

/// What kind of machine wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Automatic {
    /// One that was told to answer: absence, receipt, confirmation.
    Reply,
    /// A list or a mass mailing.
    List,
    /// Any other, such as the form of a web site; it may pass on what a person wrote.
    Generated,
}

impl Automatic {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::List => "list",
            Self::Generated => "generated",
        }
    }
}

/// Headers that answering machines set.
const REPLIES: [&str; 4] = ["x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder"];
/// Headers of lists (RFC 2369, RFC 2919).
const LISTS: [&str; 3] = ["list-id", "list-unsubscribe", "list-post"];

/// Whether a machine wrote, and which kind.
pub(super) fn find(parts: &Parts<'_>, subject: &str) -> Option<Automatic> {
    let head = &parts.head;
    let says = |name: &str| head.raw(name).unwrap_or_default();
    let (submitted, precedence) = (says("auto-submitted"), says("precedence"));
    let on = |name: &&str| head.raw(name).is_some_and(|value| value != "no" && value != "false");
    let report = head.media_type() == "multipart/report" || head.media_type() == "message/disposition-notification";
    if submitted.starts_with("auto-replied")
        || precedence.contains("auto_reply")
        || REPLIES.iter().any(on)
        || report
        || rules::away(subject)
    {
        return Some(Automatic::Reply);
    }
    if LISTS.iter().any(|name| head.raw(name).is_some())
        || ["bulk", "list", "junk"].iter().any(|word| precedence.contains(word))
    {
        return Some(Automatic::List);
    }
    let generated = !submitted.is_empty() && !submitted.starts_with("no");
    (generated || head.raw("x-auto-response-suppress").is_some()).then_some(Automatic::Generated)
}
