//! A brake on guessing, in the database: over all servers, for each network, and for what is guessed at.
//!
//! Nobody may shut somebody else out by failing on purpose: what a stranger can raise is counted with the stranger's
//! network; what takes a session is counted with the account, whose holder has the session.

use ::store::{Ask, Store, StoreError, Tx};
use kernel::{AccountId, Actor, Instant};
use sha2::{Digest, Sha256};

/// Wrong tries in a row from one network at one address, and at one account by who is signed in to it.
const TRIES_MAX: i64 = 10;
/// Wrong tries at one address from everywhere: it takes fifty networks to reach it.
const EVERYWHERE_MAX: i64 = 500;
/// Wrong tries from one network at all accounts: an office shares one.
const OF_NETWORK_MAX: i64 = 100;
/// Ways in begun from one network; whole offices begin their day at once.
const BEGINNINGS_MAX: i64 = 2_000;
/// Minutes after the last wrong try until there is another.
const PAUSE_MINUTES: i64 = 15;
/// Letters with a link, for one address, that one network may ask for.
const LINKS_MAX: i64 = 3;
/// The same from everywhere.
const LINKS_EVERYWHERE_MAX: i64 = 9;
/// Minutes after the last letter until there is another; as long as its link holds, so that whoever may ask no more has one.
pub(super) const LINK_MINUTES: i64 = 60;

/// What is counted together.
pub(crate) struct Bucket {
    name: String,
    max: i64,
    minutes: i64,
    /// Whether others count here too: somebody's success then takes back their own try only.
    shared: bool,
}

impl Bucket {
    /// Neither an address nor a network is readable in the table.
    fn new(what: &str, whose: &[&str], max: i64) -> Self {
        let digest = hex::encode(Sha256::digest(whose.join("\n")));
        Self { name: format!("{what}:{digest}"), max, minutes: PAUSE_MINUTES, shared: false }
    }

    fn shared(self) -> Self {
        Self { shared: true, ..self }
    }

    fn for_links(self) -> Self {
        Self { minutes: LINK_MINUTES, ..self }
    }

    /// Ways in that were begun from one network: each is a row until it is over.
    pub(super) fn beginnings(network: &str) -> Self {
        Self::new("beginning", &[network], BEGINNINGS_MAX).shared()
    }

    /// Addresses of feeds that were asked for from one network and open nothing.
    pub(crate) fn feeds(network: &str) -> Self {
        Self::new("feed", &[network], OF_NETWORK_MAX)
    }

    /// What somebody gives who is not known yet.
    pub(super) fn network(network: Option<&str>) -> Option<Self> {
        network.map(|network| Self::new("network", &[network], OF_NETWORK_MAX).shared())
    }

    /// A password given for an address by somebody who is not in.
    pub(super) fn sign_in(email: &str, network: Option<&str>) -> Vec<Self> {
        let email = email.trim().to_lowercase();
        let here = Self::new("password", &[&email, network.unwrap_or("")], TRIES_MAX);
        let everywhere = Self::new("password", &[&email], EVERYWHERE_MAX).shared();
        Self::network(network).into_iter().chain([here, everywhere]).collect()
    }

    /// A code given after the right password.
    pub(super) fn factor(account: &AccountId, network: Option<&str>) -> Vec<Self> {
        let own = Self::new("factor", &[account.as_str()], TRIES_MAX);
        Self::network(network).into_iter().chain([own]).collect()
    }

    /// A code or a password given again by who is signed in: whatever others try elsewhere does not count.
    pub(super) fn again(account: &AccountId) -> Vec<Self> {
        vec![Self::new("again", &[account.as_str()], TRIES_MAX)]
    }

    /// A letter with a link asked for.
    pub(super) fn link(email: &str, network: Option<&str>) -> Vec<Self> {
        let email = email.trim().to_lowercase();
        let here = Self::new("forgotten", &[&email, network.unwrap_or("")], LINKS_MAX).for_links();
        let everywhere = Self::new("forgotten", &[&email], LINKS_EVERYWHERE_MAX).for_links();
        Self::network(network).into_iter().chain([here, everywhere]).collect()
    }

    /// Whether nothing more is judged for it. Counts nothing.
    pub(crate) async fn is_full(&self, db: &mut impl Ask, now: Instant) -> Result<bool, StoreError> {
        let sql = "SELECT 1 AS one FROM throttles WHERE bucket = $1 AND until > $2 AND failures >= $3";
        Ok(!db.rows(sql, vec![self.name.as_str().into(), now.into(), self.max.into()]).await?.is_empty())
    }

    /// Counts a try; false when there were enough, and then it does not count.
    async fn count(&self, tx: &mut Tx<'_>, now: Instant) -> Result<bool, StoreError> {
        let until = now.as_millisecond() + self.minutes * 60_000;
        let sql = "INSERT INTO throttles (bucket, failures, until) VALUES ($1, 1, $2) \
                   ON CONFLICT (bucket) DO UPDATE SET until = $2, \
                   failures = CASE WHEN throttles.until <= $3 THEN 1 ELSE throttles.failures + 1 END \
                   WHERE throttles.until <= $3 OR throttles.failures < $4";
        let args = vec![self.name.as_str().into(), until.into(), now.into(), self.max.into()];
        Ok(tx.change(sql, args).await? == 1)
    }
}

/// Counts an attempt before it is judged, so that a thousand at once are not all the first; says whether it may be
/// judged at all. The first bucket that is full ends it, and an attempt that is refused writes nothing: whoever floods us
/// keeps no writer busy and fills no table.
pub(crate) async fn attempt(db: &Store, buckets: &[Bucket], now: Instant) -> Result<bool, StoreError> {
    if buckets.is_empty() {
        return Ok(true);
    }
    for bucket in buckets {
        if bucket.is_full(&mut db.read(), now).await? {
            return Ok(false);
        }
    }
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    for bucket in buckets {
        if !bucket.count(&mut tx, now).await? {
            return Ok(false);
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// An attempt was right: the wrong ones before it are forgotten, and where others count too, this one alone.
pub(super) async fn forget(db: &Store, buckets: &[Bucket], now: Instant) -> Result<(), StoreError> {
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    for bucket in buckets {
        let sql = match bucket.shared {
            false => "DELETE FROM throttles WHERE bucket = $1",
            true => "UPDATE throttles SET failures = failures - 1 WHERE bucket = $1 AND failures > 0",
        };
        tx.execute(sql, vec![bucket.name.as_str().into()]).await?;
    }
    tx.commit().await
}

/// Takes away what no longer counts; a job does this.
///
/// # Errors
/// When the database fails.
pub async fn forget_old_tries(db: &Store, now: Instant) -> Result<(), StoreError> {
    let any = "SELECT 1 AS one FROM throttles WHERE until <= $1 LIMIT 1";
    if db.read().rows(any, vec![now.into()]).await?.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    tx.execute("DELETE FROM throttles WHERE until <= $1", vec![now.into()]).await?;
    tx.commit().await
}
