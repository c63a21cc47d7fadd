//! Letters as the controller they were written to sees them. Every question names the controller.

use super::store::{NoticeRow, notice};
use crate::lists::Cursor;
use ::store::{Ask, StoreError};
use kernel::{ControllerId, NoticeId};

/// One page of the letters to a controller, the newest first; not those the house decided to hold back.
///
/// # Errors
/// When the database fails.
pub async fn of_controller(
    db: &mut impl Ask,
    controller: &ControllerId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = "SELECT * FROM notices WHERE controller = $1 AND state <> 'stopped' AND (queued_at, id) < ($2, $3) \
               ORDER BY queued_at DESC, id DESC LIMIT $4";
    let Cursor { at, id } = after.unwrap_or_else(Cursor::newest);
    db.rows(sql, vec![controller.into(), at.into(), id.into(), limit.into()]).await?.iter().map(notice).collect()
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find_of(
    db: &mut impl Ask,
    controller: &ControllerId,
    id: &NoticeId,
) -> Result<Option<NoticeRow>, StoreError> {
    let sql = "SELECT * FROM notices WHERE id = $1 AND controller = $2 AND state <> 'stopped'";
    db.rows(sql, vec![id.into(), controller.into()]).await?.first().map(notice).transpose()
}
