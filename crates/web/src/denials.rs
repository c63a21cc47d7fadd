//! What was denied to people who are signed in, counted by the day: many in one is told to somebody.

use crate::components;
use kernel::{AccountId, Actor, Instant};
use store::{Ask, Store, StoreError, Tx};

/// Counts one more attempt of an account that its role does not allow.
///
/// # Errors
/// When the database fails.
pub async fn note_denied(store: &Store, account: &AccountId, now: Instant) -> Result<(), StoreError> {
    let day = now.to_zoned(components::zone()).date().to_string();
    let mut tx = store.begin(now, Actor::Account(account.clone())).await?;
    let sql = "INSERT INTO denials (account, day, times) VALUES ($1, $2, 1) \
               ON CONFLICT (account, day) DO UPDATE SET times = denials.times + 1";
    tx.execute(sql, vec![account.into(), day.into()]).await?;
    tx.commit().await
}

/// How much was denied to an account on a day.
///
/// # Errors
/// When the database fails.
pub async fn denied_on(db: &mut impl Ask, account: &AccountId, day: &str) -> Result<i64, StoreError> {
    let sql = "SELECT times FROM denials WHERE account = $1 AND day = $2";
    let rows = db.rows(sql, vec![account.into(), day.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.int("times"))
}

/// The accounts to which so much was denied on a day.
///
/// # Errors
/// When the database fails.
pub async fn denied_often(db: &mut impl Ask, day: &str, times: i64) -> Result<Vec<AccountId>, StoreError> {
    let sql = "SELECT account FROM denials WHERE day = $1 AND times >= $2 ORDER BY account";
    db.rows(sql, vec![day.into(), times.into()]).await?.iter().map(|row| row.id("account")).collect()
}

/// Whether denials of days before `day` are still kept.
///
/// # Errors
/// When the database fails.
pub async fn denied_before(db: &mut impl Ask, day: &str) -> Result<bool, StoreError> {
    Ok(!db.rows("SELECT 1 AS one FROM denials WHERE day < $1 LIMIT 1", vec![day.into()]).await?.is_empty())
}

/// Forgets the denials of days before `day`.
///
/// # Errors
/// When the database fails.
pub async fn forget_denied(tx: &mut Tx<'_>, day: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM denials WHERE day < $1", vec![day.into()]).await
}
