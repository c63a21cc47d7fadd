//! One mail that was fetched: read, and recorded with what follows from it, in one transaction.

use super::fetch::Hold;
use super::imap::Listed;
use super::store::{self, Mailbox};
use super::{Command, Content, File, MailEvent, Mark, Received, Understood, Why, decide};
use crate::{App, feature, notices};
use ::store::{StoreError, Tx};
use kernel::{Actor, Instant, MailId, Personal, SubjectId};
use reader::mail::{self, Bounce, Mail, Place, Proposal};
use sha2::{Digest, Sha256};

/// What became of a fetched mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is recorded.
    New,
    /// It was here already.
    Known,
    /// Another server reads the mailbox now; nothing was recorded.
    NotOurs,
}

/// A mail as it came off the wire, read.
pub(super) struct Arrived {
    mailbox: String,
    uid_validity: i64,
    listed: Listed,
    received_at: Instant,
    sha256: Option<String>,
    mail: Option<Mail>,
    whole: bool,
}

impl Arrived {
    /// Reads the bytes away from the threads that serve. Bytes that no mail can be made of are a mail without words.
    pub(super) async fn read(
        mailbox: String,
        uid_validity: i64,
        listed: Listed,
        bytes: Vec<u8>,
        whole: bool,
        now: Instant,
    ) -> Self {
        let work = move || (whole.then(|| hex::encode(Sha256::digest(&bytes))), mail::read(&bytes).ok());
        let (sha256, mail) = tokio::task::spawn_blocking(work).await.unwrap_or_default();
        // A clock that is ahead would start a controller's month tomorrow.
        let received_at = listed.received_at.unwrap_or(now).min(now);
        Self { mailbox, uid_validity, listed, received_at, sha256, mail, whole }
    }

    fn event(&self, tx: &Tx<'_>) -> Received {
        let person = SubjectId::new(tx.now(), tx.entropy());
        let understood = self.mail.as_ref().map(understood).unwrap_or_default();
        let content = self.mail.as_ref().map(|mail| content(mail, self.whole)).unwrap_or_default();
        Received {
            mail: MailId::new(tx.now(), tx.entropy()),
            mailbox: self.mailbox.clone(),
            uid_validity: self.uid_validity,
            uid: i64::from(self.listed.uid),
            sha256: self.sha256.clone(),
            bytes: i64::from(self.listed.bytes),
            received_at: self.received_at,
            content: Personal::new(person, content),
            // Of a mail that is too large only the beginning was fetched: nothing is proposed from that.
            understood: if self.whole { understood } else { Understood { too_large: true, ..Understood::default() } },
        }
    }
}

fn content(mail: &Mail, whole: bool) -> Content {
    let file = |file: &mail::Attachment| File {
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        bytes: file.bytes,
    };
    Content {
        from: mail.from.as_ref().map(|from| from.email.clone()),
        from_name: mail.from.as_ref().and_then(|from| from.name.clone()),
        reply_to: mail.reply_to.as_ref().map(|to| to.email.clone()),
        subject: mail.subject.clone(),
        message_id: mail.message_id.clone(),
        text: if whole { mail.text.clone() } else { String::new() },
        attachments: if whole { mail.attachments.iter().map(file).collect() } else { Vec::new() },
    }
}

fn understood(mail: &Mail) -> Understood {
    let mark = |said: &mail::Evidence| Mark {
        means: said.means.word().to_owned(),
        subject: said.place == Place::Subject,
        start: said.range.start,
        end: said.range.end,
    };
    Understood {
        proposal: mail.proposal.map(|proposal| proposal.word().to_owned()),
        automatic: mail.automatic.map(|kind| kind.word().to_owned()),
        rights: mail.rights().into_iter().map(|right| right.word().to_owned()).collect(),
        marks: mail.evidence.iter().map(mark).collect(),
        cut: mail.text_cut || mail.parts_cut,
        too_large: false,
    }
}

/// Records a mail, unless it is known, and how far the mailbox has been read.
pub(super) async fn record(app: &App, hold: &Hold<'_>, arrived: Arrived, known: &Mailbox) -> Result<Kept, StoreError> {
    let mut tx = app.store().begin(app.now(), Actor::system("inbox")).await?;
    if !tx.holds_lease("inbox", hold.holder, hold.fence).await? {
        return Ok(Kept::NotOurs);
    }
    let received = arrived.event(&tx);
    store::keep_mailbox(&mut tx, &arrived.mailbox, known).await?;
    if store::is_known(&mut tx, &received).await? {
        tx.commit().await?;
        return Ok(Kept::Known);
    }
    let id = received.mail.clone();
    feature::append(&mut tx, &[MailEvent::Received(Box::new(received))]).await?;
    if let Some(mail) = arrived.mail.as_ref().filter(|_| arrived.whole) {
        put_aside(&mut tx, &id, mail).await?;
    }
    tx.commit().await?;
    Ok(Kept::New)
}

/// Puts aside what machines wrote: an answer to one of our letters, or a report that one of them did not arrive,
/// which the letter then shows. A report on no letter of ours waits for a person.
async fn put_aside(tx: &mut Tx<'_>, id: &MailId, mail: &Mail) -> Result<(), StoreError> {
    let (why, notice) = match (mail.proposal, &mail.bounce) {
        (Some(Proposal::AutomaticReply), _) => (Why::AutomaticReply, None),
        (Some(Proposal::Bounce), Some(bounce)) => match bounced(tx, bounce).await? {
            Some(notice) => (Why::Bounce, Some(notice)),
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    let Some(row) = store::find(tx, id).await? else { return Ok(()) };
    let events = decide(&row, Command::PutAside { why, notice }).unwrap_or_default();
    feature::append(tx, &events).await
}

async fn bounced(tx: &mut Tx<'_>, bounce: &Bounce) -> Result<Option<kernel::NoticeId>, StoreError> {
    let (Some(letter), Some(worst)) = (&bounce.letter, bounce.worst()) else { return Ok(None) };
    let report = notices::Report {
        failed: worst.action == mail::Action::Failed,
        status: worst.status.clone(),
        mailbox_full: worst.mailbox_full(),
        said: worst.said.clone(),
    };
    notices::bounced(tx, letter, report).await
}
