//! A brake on guessing, in the database: for each account and each network, over all servers.

use ::store::{Store, StoreError};
use kernel::{Actor, Instant};
use sha2::{Digest, Sha256};

/// Attempts a quarter of an hour allows for one account.
const OF_ACCOUNT_MAX: i64 = 10;
/// The same for all accounts tried from one network: an office shares one.
const OF_NETWORK_MAX: i64 = 100;
/// Ways in begun from one network; whole offices begin their day at once.
const BEGINNINGS_MAX: i64 = 2_000;
const PAUSE_MINUTES: i64 = 15;

/// What is counted together.
pub(super) struct Bucket {
    name: String,
    max: i64,
}

impl Bucket {
    /// Attempts at `what` of one account, told by something only it has; neither is readable in the table.
    pub(super) fn account(what: &str, whose: &str) -> Self {
        let digest = hex::encode(Sha256::digest(whose.trim().to_lowercase()));
        Self { name: format!("{what}:{digest}"), max: OF_ACCOUNT_MAX }
    }

    /// Ways in that were begun from one network: each is a row until it is over.
    pub(super) fn beginnings(network: &str) -> Self {
        let digest = hex::encode(Sha256::digest(network));
        Self { name: format!("beginning:{digest}"), max: BEGINNINGS_MAX }
    }

    /// Attempts from one network.
    pub(super) fn network(network: &str) -> Self {
        let digest = hex::encode(Sha256::digest(network));
        Self { name: format!("network:{digest}"), max: OF_NETWORK_MAX }
    }
}

/// Counts an attempt before it is judged, so that a thousand at once are not all the first; says whether it may be
/// judged at all.
pub(super) async fn attempt(db: &Store, buckets: &[Bucket], now: Instant) -> Result<bool, StoreError> {
    let until = now.as_millisecond() + PAUSE_MINUTES * 60_000;
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    tx.execute("DELETE FROM throttles WHERE until <= $1", vec![now.into()]).await?;
    let mut within = true;
    for bucket in buckets {
        let sql = "INSERT INTO throttles (bucket, failures, until) VALUES ($1, 1, $2) \
                   ON CONFLICT (bucket) DO UPDATE SET failures = throttles.failures + 1, \
                   until = CASE WHEN throttles.failures < $3 THEN $2 ELSE throttles.until END RETURNING failures";
        let row = tx.row(sql, vec![bucket.name.as_str().into(), until.into(), bucket.max.into()]).await?;
        within &= row.map_or(Ok(1), |row| row.int("failures"))? <= bucket.max;
    }
    tx.commit().await?;
    Ok(within)
}

/// An attempt was right: those of the account are forgotten, the network's one is taken back.
pub(super) async fn forget(db: &Store, buckets: &[Bucket], now: Instant) -> Result<(), StoreError> {
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    for bucket in buckets {
        let sql = match bucket.max {
            OF_ACCOUNT_MAX => "DELETE FROM throttles WHERE bucket = $1",
            _ => "UPDATE throttles SET failures = failures - 1 WHERE bucket = $1",
        };
        tx.execute(sql, vec![bucket.name.as_str().into()]).await?;
    }
    tx.commit().await
}
