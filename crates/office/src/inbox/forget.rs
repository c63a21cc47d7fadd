//! Forgetting: the words of a mail outlive neither their use nor the person who wrote them (GDPR Art. 5(1)(e)).
//!
//! What was put aside keeps its words for thirty days; what became a request keeps them until its last request is
//! closed. Then the key of whoever wrote it is destroyed. The mail itself is the mail server's.

use super::store;
use crate::{App, requests};
use ::store::{Log, StoreError};
use kernel::{Actor, Instant, MailId};

/// Days after which a mail that was put aside loses its words.
pub(super) const FILED_DAYS: i64 = 30;
/// So many mails are looked at under one lease.
const MAILS_MAX: usize = 200;

/// Erases the words of mails that are no longer needed; gives how many.
///
/// # Errors
/// When the database fails.
pub async fn forget(app: &App) -> Result<usize, StoreError> {
    let before = app.now().as_millisecond() - FILED_DAYS * 24 * 3_600_000;
    let before = Instant::from_millisecond(before).unwrap_or(app.now());
    let mut over: Vec<MailId> =
        store::filed_before(&mut app.store().read(), before).await?.into_iter().map(|row| row.id).collect();
    for id in store::logged(&mut app.store().read()).await?.into_iter().take(MAILS_MAX) {
        if is_over(app, &id).await? {
            over.push(id);
        }
    }
    for id in &over {
        erase(app, id).await?;
    }
    Ok(over.len())
}

/// Whether every request logged from a mail is closed.
async fn is_over(app: &App, id: &MailId) -> Result<bool, StoreError> {
    let mut read = app.store().read();
    for request in store::requests(&mut read, id).await? {
        let found = requests::find(&mut read, &request).await?;
        if found.is_none_or(|row| row.state != requests::State::Closed) {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn erase(app: &App, id: &MailId) -> Result<(), StoreError> {
    let mut tx = app.store().begin(app.now(), Actor::system("inbox")).await?;
    // A person may have taken it up again since it was listed.
    let row = store::find(&mut tx, id).await?;
    if let Some(row) = row.filter(|row| row.state != super::State::Waiting && row.content.is_some()) {
        tx.erase_subject(&Log::House, id.as_str(), &row.person).await?;
        tx.commit().await?;
    }
    Ok(())
}
