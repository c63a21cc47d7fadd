//! Wrong codes in a row, over days: whoever types them has the password already. The brake of a quarter of an hour would let
//! a patient guesser try a thousand codes a day for ever, and the person would hear nothing.

use super::{letters, store};
use crate::notices;
use ::store::{Ask, Store, StoreError, Tx};
use kernel::{AccountId, Actor, Instant};

/// After so many in a row no code is tried any more: until the password is set anew by a mailed link, or an owner removes the
/// factors. A hundred guesses at codes of which three in a million hold find one in three cases of ten thousand.
const IN_ROW_MAX: i64 = 100;
/// After so many the person is told.
const TOLD_AFTER: i64 = 5;

/// Whether there were too many.
pub(super) async fn stopped(db: &mut impl Ask, account: &AccountId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM wrong_codes WHERE account = $1 AND in_row >= $2";
    Ok(!db.rows(sql, vec![account.into(), IN_ROW_MAX.into()]).await?.is_empty())
}

/// Counts one more; tells the person of the first few, and of the last.
pub(super) async fn note(db: &Store, now: Instant, account: &AccountId) -> Result<(), StoreError> {
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    let sql = "INSERT INTO wrong_codes (account, in_row) VALUES ($1, 1) \
               ON CONFLICT (account) DO UPDATE SET in_row = wrong_codes.in_row + 1 RETURNING in_row";
    let row = tx.row(sql, vec![account.into()]).await?;
    let in_row = row.map_or(Ok(0), |row| row.int("in_row"))?;
    if (in_row == TOLD_AFTER || in_row == IN_ROW_MAX)
        && let Some(held) = store::find(&mut tx, account).await?
    {
        notices::queue(&mut tx, letters::wrong_codes(&held, now, in_row == IN_ROW_MAX)).await?;
    }
    tx.commit().await
}

/// A right one, or another way back in: the count begins anew.
pub(super) async fn forget(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM wrong_codes WHERE account = $1", vec![account.into()]).await.map(drop)
}
