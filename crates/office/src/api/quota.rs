//! How often a token may call: so many calls in a minute, over all servers. Each server takes twenty calls at a time from
//! the database, so that a read does not cost a write.

use crate::App;
use ::store::StoreError;
use kernel::{Actor, Instant};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Calls a minute.
pub(super) const A_MINUTE: i64 = 600;
const LEASE: i64 = 20;
/// Tokens remembered at once; who is forgotten takes another lease.
const TOKENS_MAX: usize = 10_000;

/// What this server has taken and not used.
#[derive(Default)]
pub struct Quotas {
    taken: Mutex<HashMap<String, Lease>>,
}

#[derive(Clone, Copy)]
struct Lease {
    minute: i64,
    left: i64,
    /// Calls nobody has taken yet.
    beyond: i64,
}

/// How a token stands after this call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// Calls left in this minute; below zero this one was too many.
    pub(super) left: i64,
    /// Seconds until the next minute.
    pub(super) seconds: i64,
}

impl Quotas {
    /// Counts a call.
    pub(super) async fn count(&self, app: &App, token: &str) -> Result<Standing, StoreError> {
        let now = app.now();
        let minute = now.as_millisecond().div_euclid(60_000);
        let seconds = 60 - now.as_millisecond().div_euclid(1000).rem_euclid(60);
        if let Some(left) = self.taken_before(token, minute) {
            return Ok(Standing { left, seconds });
        }
        let used = lease(app, token, minute, now).await?;
        let given = (A_MINUTE - (used - LEASE)).clamp(0, LEASE);
        let lease = Lease { minute, left: given - 1, beyond: (A_MINUTE - used).max(0) };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= TOKENS_MAX {
            taken.clear();
        }
        taken.insert(token.to_owned(), lease);
        Ok(Standing { left: lease.left + lease.beyond, seconds })
    }

    fn taken_before(&self, token: &str, minute: i64) -> Option<i64> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let lease = taken.get_mut(token).filter(|lease| lease.minute == minute)?;
        // Whoever is over the limit is told so from memory until the minute ends.
        if lease.left <= 0 && lease.beyond > 0 {
            return None;
        }
        lease.left -= 1;
        Some(lease.left + lease.beyond)
    }
}

/// Takes calls from the database; gives how many have been taken in this minute by all servers.
async fn lease(app: &App, token: &str, minute: i64, now: Instant) -> Result<i64, StoreError> {
    let mut tx = app.store().begin(now, Actor::system("api")).await?;
    let sql = "INSERT INTO api_quotas (token, minute, used, used_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (token) DO UPDATE SET used_at = $4, minute = $2, \
               used = CASE WHEN api_quotas.minute = $2 THEN api_quotas.used ELSE 0 END + $3 RETURNING used";
    let row = tx.row(sql, vec![token.into(), minute.into(), LEASE.into(), now.into()]).await?;
    let used = row.map_or(Ok(LEASE), |row| row.int("used"))?;
    tx.commit().await?;
    Ok(used)
}
