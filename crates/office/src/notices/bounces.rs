//! What mail servers report of a letter after they took it (RFC 3464): an entry on the letter itself.
//!
//! A letter that did not arrive tells nobody anything: it counts as not sent until a person records how it was
//! delivered, and goes to the controller's next contact meanwhile. A report that it is only late is noted.

use super::{NoticeEvent, queue, store};
use crate::{feature, parties};
use ::store::{StoreError, Tx};
use kernel::{NoticeId, Personal};

/// What a mail server reports.
pub struct Report {
    /// Whether the letter will not arrive; if not, the server still tries.
    pub failed: bool,
    /// The code of RFC 3463, such as `5.1.1`.
    pub status: Option<String>,
    /// Whether the mailbox is there but full.
    pub mailbox_full: bool,
    /// The server's words.
    pub said: String,
}

/// Records a report on the letter with this Message-ID; gives the letter, or none when it is not one of ours that
/// has left. Its identifier is random and known to its recipient alone.
///
/// # Errors
/// When the database fails.
pub async fn bounced(tx: &mut Tx<'_>, message_id: &str, report: Report) -> Result<Option<NoticeId>, StoreError> {
    let named = message_id.split('@').next().unwrap_or_default();
    let Ok(id) = named.parse::<NoticeId>() else { return Ok(None) };
    let Some(row) = store::find(tx, &id).await?.filter(|row| row.attempts > 0) else { return Ok(None) };
    // Nothing more is sealed for a person who has been erased.
    let said = row.to.is_some().then(|| Personal::new(row.to_subject.clone(), report.said));
    let event = NoticeEvent::Bounced {
        notice: id.clone(),
        controller: row.controller,
        failed: report.failed,
        status: report.status,
        mailbox_full: report.mailbox_full,
        said,
    };
    feature::append(tx, &[event]).await?;
    fall_back(tx, &id).await?;
    Ok(Some(id))
}

/// Sends a letter that did not arrive to the controller's next contact that has not had it: once for each contact, so two
/// full mailboxes do not write to each other for ever.
///
/// # Errors
/// When the database fails.
pub(super) async fn fall_back(tx: &mut Tx<'_>, id: &NoticeId) -> Result<Option<NoticeId>, StoreError> {
    let Some(row) = store::find(tx, id).await? else { return Ok(None) };
    let undelivered = row.opened_at.is_none() && ["bounced", "refused"].contains(&row.state.as_str());
    let (Some(controller), true) = (&row.controller, undelivered) else {
        return Ok(None);
    };
    let had: Vec<String> = store::of_record(tx, controller, &row.record)
        .await?
        .into_iter()
        .filter(|known| known.letter == row.letter)
        .filter_map(|known| known.to)
        .collect();
    for contact in parties::contacts(tx, controller).await? {
        let Some(email) = contact.email.filter(|email| !had.contains(email)) else { continue };
        return queue::repeat(tx, &row, Personal::new(contact.id, email)).await;
    }
    Ok(None)
}
