//! Alerts in tables, and what is known about somebody's reading.

use super::model::Network;
use super::{AlertEvent, Why};
use crate::{App, inbox, notices, requests};
use ::store::{Ask, Recorded, StoreError, Tx};
use kernel::{AccountId, Actor};
use sha2::{Digest, Sha256};
use web::{denials, session};

/// How long ago a session may have been used for its network to be the one somebody reads from, in milliseconds.
const USED_MS: i64 = 10 * 60_000;
/// How long a network stays known, in milliseconds.
const KNOWN_MS: i64 = 365 * 86_400_000;

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: AlertEvent) -> Result<(), StoreError> {
    let AlertEvent::Raised { account, day, why } = event;
    let sql = "INSERT INTO alerts (account, day, why, raised_at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, vec![(&account).into(), day.into(), why.word().into(), entry.at.into()]).await
}

/// Whether the same alert was raised on this day.
pub(super) async fn raised(db: &mut impl Ask, account: &AccountId, day: &str, why: Why) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM alerts WHERE account = $1 AND day = $2 AND why = $3";
    Ok(!db.rows(sql, vec![account.into(), day.into(), why.word().into()]).await?.is_empty())
}

/// How many requests, mails and letters an account read on a day.
pub(super) async fn read_on(db: &mut impl Ask, account: &AccountId, day: &str) -> Result<i64, StoreError> {
    let requests = requests::store::read_on(db, account, day).await?;
    let mails = inbox::read_on(db, account, day).await?;
    Ok(requests + mails + notices::store::read_on(db, account, day).await?)
}

/// The network of the session the account reads in, compared with those it was seen in; a new one is known from now on.
pub(super) async fn network(tx: &mut Tx<'_>, account: &AccountId) -> Result<Network, StoreError> {
    let since = tx.now().as_millisecond() - USED_MS;
    let Some(network) = session::network_of(tx, account, since).await? else { return Ok(Network::Known) };
    // A digest of account and network together: the table tells nobody who sits where.
    let digest = hex::encode(Sha256::digest(format!("{account}\n{network}")));
    let sql = "SELECT network FROM known_networks WHERE account = $1";
    let known = tx.rows(sql, vec![account.into()]).await?;
    if known.iter().any(|row| row.text("network").is_ok_and(|known| known == digest)) {
        return Ok(Network::Known);
    }
    let sql = "INSERT INTO known_networks (account, network, since) VALUES ($1, $2, $3)";
    let now = tx.now();
    tx.execute(sql, vec![account.into(), digest.into(), now.into()]).await?;
    Ok(if known.is_empty() { Network::First } else { Network::New })
}

/// Forgets networks first seen a year ago, and denials of earlier days.
pub(super) async fn forget(app: &App, day: &str) -> Result<(), StoreError> {
    let before = app.now().as_millisecond() - KNOWN_MS;
    let any = "SELECT 1 AS one FROM known_networks WHERE since < $1 LIMIT 1";
    let old = !app.store().read().rows(any, vec![before.into()]).await?.is_empty();
    if old || denials::denied_before(&mut app.store().read(), day).await? {
        let mut tx = app.store().begin(app.now(), Actor::system("alerts")).await?;
        tx.execute("DELETE FROM known_networks WHERE since < $1", vec![before.into()]).await?;
        denials::forget_denied(&mut tx, day).await?;
        tx.commit().await?;
    }
    Ok(())
}
