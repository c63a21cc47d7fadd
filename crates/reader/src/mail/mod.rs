//! E-mail: the raw bytes of one message, which are hostile, to what a privacy office needs of it, and a
//! proposal of what it is: a bounce, an automatic reply, a person exercising a right (GDPR Arts. 7(3) and
//! 15–22), a controller objecting to a sub-processor (Art. 28(2)), an incident (Art. 33).
//!
//! A request needs no form and no address of its own (EDPB Guidelines 01/2022), so it hides among other
//! mail. A proposal is never a decision: it shows the words that led to it, and what has none waits for a
//! person. Only the sender's own words are read: earlier mail quoted below them, forwarded mail and
//! signatures are shown, not taken at their word.
//!
//! ```
//! let raw = b"From: Ada <ada@example.org>\r\nSubject: My account\r\n\r\nHello,\r\nplease delete my account.\r\n";
//! let mail = reader::mail::read(raw).unwrap();
//! assert_eq!(mail.proposal, Some(reader::mail::Proposal::Request));
//! let said = &mail.evidence[0];
//! assert_eq!(said.means, reader::mail::Meaning::Right(reader::mail::Right::Erasure));
//! assert_eq!(&mail.text[said.range.clone()], "please delete my account");
//! ```

mod automatic;
mod body;
mod bounce;
mod head;
mod meaning;
mod own;
mod page;
mod parts;
mod rules;

pub use automatic::Automatic;
pub use bounce::{Action, Bounce, Failed};
pub use meaning::{Evidence, Meaning, Place, Right};

use kernel::{Instant, Lang};
use std::fmt;

/// The largest message that is read, in bytes.
pub const BYTES_MAX: usize = 25_000_000;
/// So much of a message's text is kept, in bytes.
pub const TEXT_BYTES_MAX: usize = 256 << 10;
/// So many attachments are named.
pub const ATTACHMENTS_MAX: usize = 50;
/// The longest subject that is kept, in characters.
pub const SUBJECT_CHARS_MAX: usize = 300;
/// The longest name of a file or a person that is kept, in characters.
pub const NAME_CHARS_MAX: usize = 150;
/// The longest address that is kept, in bytes (RFC 5321 §4.5.3.1).
pub const ADDRESS_BYTES_MAX: usize = 320;
/// The longest message identifier that is kept, in bytes.
pub const ID_BYTES_MAX: usize = 250;
/// So many identifiers of earlier messages are kept.
pub const REFERENCES_MAX: usize = 20;

/// Who wrote, or who wants the answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// The name beside the address, if any; whoever wrote chose it.
    pub name: Option<String>,
    /// The address itself.
    pub email: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<an address>")
    }
}

/// A file that came with a message. Its content is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as the sender gave it, without path; may be empty.
    pub name: String,
    /// Its type, as the sender gave it, such as `application/pdf`.
    pub media_type: String,
    /// Its size, in bytes, once decoded; an estimate for base64.
    pub bytes: usize,
}

/// What a message is proposed to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// A mail server says that a letter did not arrive, or not yet.
    Bounce,
    /// A machine wrote it because it was told to answer: never answered.
    AutomaticReply,
    /// A person exercises a right.
    Request,
    /// A controller objects to a sub-processor.
    Objection,
    /// Somebody reports an incident with personal data.
    Incident,
}

impl Proposal {
    /// Every proposal.
    pub const ALL: [Self; 5] = [Self::Bounce, Self::AutomaticReply, Self::Request, Self::Objection, Self::Incident];

    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::AutomaticReply => "automatic-reply",
            Self::Request => "request",
            Self::Objection => "objection",
            Self::Incident => "incident",
        }
    }

    /// The proposal a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proposal| proposal.word() == word)
    }
}

/// One message, taken apart.
#[derive(Clone, PartialEq)]
pub struct Mail {
    /// Who wrote it, by their own account: nothing here is authenticated.
    pub from: Option<Address>,
    /// Who wants the answer, when that is somebody else.
    pub reply_to: Option<Address>,
    /// The subject; may be empty.
    pub subject: String,
    /// Its identifier, without angle brackets.
    pub message_id: Option<String>,
    /// What it answers, then what came before, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// When it was written, by the sender's clock.
    pub date: Option<Instant>,
    /// The words of the message; HTML is turned into lines.
    pub text: String,
    /// Whether the text was longer than what is kept.
    pub text_cut: bool,
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// Whether parts or attachments were left out because there were too many.
    pub parts_cut: bool,
    /// Whether a machine wrote it, and how we know.
    pub automatic: Option<Automatic>,
    /// What a mail server says of a letter of ours.
    pub bounce: Option<Bounce>,
    /// The words that led to the proposal, in order.
    pub evidence: Vec<Evidence>,
    /// What it is proposed to be; `None` waits for a person.
    pub proposal: Option<Proposal>,
}

impl Mail {
    /// The rights that the sender's words name, each once, in the order of the law.
    #[must_use]
    pub fn rights(&self) -> Vec<Right> {
        let named = |right: &Right| self.evidence.iter().any(|said| said.means == Meaning::Right(*right));
        Right::ALL.into_iter().filter(named).collect()
    }

    /// Where an answer goes.
    #[must_use]
    pub fn answer_to(&self) -> Option<&Address> {
        self.reply_to.as_ref().or(self.from.as_ref())
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<a mail proposed as {:?} for {:?}>", self.proposal, self.evidence)
    }
}

/// Why a message was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailError {
    /// No bytes, or only white space.
    Empty,
    /// More than [`BYTES_MAX`].
    TooLarge {
        /// Size of the message, in bytes.
        bytes: usize,
    },
}

impl MailError {
    /// What is wrong.
    #[must_use]
    pub fn message(self, lang: Lang) -> String {
        match self {
            Self::Empty => lang.pick("the message is empty", "le message est vide").to_owned(),
            Self::TooLarge { bytes } => {
                let (size, most) = (bytes / 1_000_000, BYTES_MAX / 1_000_000);
                match lang {
                    Lang::En => format!("the message has {size} MB; at most {most} MB are read"),
                    Lang::Fr => format!("le message fait {size} Mo ; {most} Mo au plus sont lus"),
                }
            }
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(self, lang: Lang) -> &'static str {
        match self {
            Self::Empty => lang.pick("look at it on the mail server", "regardez-le sur le serveur de courrier"),
            Self::TooLarge { .. } => lang.pick(
                "read it on the mail server, and log what it asks by hand",
                "lisez-le sur le serveur de courrier, et inscrivez à la main ce qu'il demande",
            ),
        }
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for MailError {}

/// Takes one message apart and proposes what it is. Whatever the bytes, it gives the same answer twice and
/// does not panic; broken parts are shown as far as they can be read.
///
/// # Errors
/// [`MailError`] when there is nothing to read or too much.
pub fn read(bytes: &[u8]) -> Result<Mail, MailError> {
    if bytes.len() > BYTES_MAX {
        return Err(MailError::TooLarge { bytes: bytes.len() });
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(MailError::Empty);
    }
    let parts = parts::take_apart(bytes);
    let (text, text_cut) = body::text(&parts);
    let mut mail = Mail {
        from: parts.head.from(),
        reply_to: parts.head.reply_to(),
        subject: parts.head.subject(),
        message_id: parts.head.message_id(),
        references: parts.head.references(),
        date: parts.head.date(),
        text,
        text_cut,
        attachments: parts.attachments(),
        parts_cut: parts.cut,
        automatic: None,
        bounce: None,
        evidence: Vec::new(),
        proposal: None,
    };
    mail.bounce = bounce::find(&parts, &mail);
    mail.automatic = automatic::find(&parts, &mail.subject);
    propose(&mut mail);
    Ok(mail)
}

/// Machines are told apart by what machines write; only then words are read. A list or a form of a web site
/// passes on what a person wrote, so its words are read, too.
fn propose(mail: &mut Mail) {
    mail.proposal = match (&mail.bounce, mail.automatic) {
        (Some(_), _) => Some(Proposal::Bounce),
        (None, Some(Automatic::Reply)) => Some(Proposal::AutomaticReply),
        _ => {
            mail.evidence = meaning::read(&mail.subject, &mail.text);
            meaning::proposal(&mail.evidence)
        }
    };
}
