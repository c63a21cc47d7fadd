//! Forgetting: the words of a mail outlive neither their use nor the person who wrote them (GDPR Art. 5(1)(e)).
//!
//! What was put aside keeps its words for thirty days; what became a request keeps them until its last request is
//! closed. Then the key of whoever wrote it is destroyed. The mail itself is the mail server's.

use super::store;
use crate::{App, requests};
use ::store::{Ask, Log, StoreError, Tx};
use futures_util::future::BoxFuture;
use kernel::{Actor, Instant, MailId, RequestId};
use serde_json::Value;

/// Days after which a mail that was put aside loses its words.
pub(super) const FILED_DAYS: i64 = 30;

/// Erases the words of mails that were put aside long ago; gives how many.
///
/// # Errors
/// When the database fails.
pub async fn forget(app: &App) -> Result<usize, StoreError> {
    let before = app.now().as_millisecond() - FILED_DAYS * 24 * 3_600_000;
    let before = Instant::from_millisecond(before).unwrap_or(app.now());
    let over = store::filed_before(&mut app.store().read(), before).await?;
    for row in &over {
        erase(app, &row.id).await?;
    }
    Ok(over.len())
}

/// A request has been closed: the mails that it was logged from lose their words in the same transaction, unless another
/// request still needs them.
pub(super) fn request_closed<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let request: RequestId = serde_json::from_value(data["request"].clone())?;
        for row in store::of_request(tx, &request).await? {
            if row.content.is_some() && is_over(tx, &row.id).await? {
                tx.erase_subject(&Log::House, row.id.as_str(), &row.person).await?;
            }
        }
        Ok(())
    })
}

/// Whether every request logged from a mail is closed.
async fn is_over(db: &mut impl Ask, id: &MailId) -> Result<bool, StoreError> {
    for request in store::requests(db, id).await? {
        let found = requests::find(db, &request).await?;
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
    if let Some(row) = row.filter(|row| row.state == super::State::Filed && row.content.is_some()) {
        tx.erase_subject(&Log::House, id.as_str(), &row.person).await?;
        tx.commit().await?;
    }
    Ok(())
}
