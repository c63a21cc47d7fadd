//! Fetching: one pass over the mailbox, by one server at a time. A mail and how far we have read are recorded in
//! one transaction, so a pass that dies anywhere neither loses a mail nor takes one twice.

use super::imap::{Fault, Imap, Listed, Opened};
use super::receive::{Arrived, Kept, record};
use super::store::{self, Mailbox};
use crate::App;
use ::store::StoreError;
use kernel::{Actor, Instant, failpoint};
use std::time::Duration;

/// So many mails are taken in one pass.
const PASS_MAILS_MAX: usize = 100;
/// So many bytes of mail are taken in one pass, but for the first.
const PASS_BYTES_MAX: u64 = 100 << 20;
/// So long a pass may take.
const PASS: Duration = Duration::from_secs(120);
/// Seconds a server keeps the mailbox without renewing its lease. One that comes back too late writes nothing: the
/// lease is asked for in the transaction of each mail.
const LEASE_SECONDS: i64 = 30;
/// Seconds after which it is renewed within a pass.
const RENEW_SECONDS: i64 = 10;
/// Seconds between a first failure and the next attempt; twice as many after each further one.
const PAUSE_SECONDS: i64 = 30;
/// The longest pause, in seconds.
const PAUSE_SECONDS_MAX: i64 = 3600;

/// The right to read the mailbox, asked for again in each transaction.
pub(super) struct Hold<'a> {
    /// Who holds it.
    pub(super) holder: &'a str,
    /// The fencing number.
    pub(super) fence: i64,
    /// When it was last asked for.
    since: Instant,
}

impl Hold<'_> {
    /// Renews the lease when it is time; false when another has it now.
    async fn renewed(&mut self, app: &App) -> Result<bool, StoreError> {
        if app.now().as_second() - self.since.as_second() < RENEW_SECONDS {
            return Ok(true);
        }
        let fence = app.store().lease("inbox", self.holder, app.now(), LEASE_SECONDS).await?;
        self.since = app.now();
        Ok(fence == Some(self.fence))
    }
}

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No mailbox is configured.
    NoMailbox,
    /// Another server reads it.
    Busy,
    /// It failed before, and the pause is not over.
    Paused {
        /// When the next attempt is due.
        until: Instant,
    },
    /// It was read.
    Done {
        /// Mails that are new to us.
        new: usize,
        /// Mails left for the next pass.
        remaining: usize,
    },
    /// It could not be read; what came before the failure is kept.
    Failed(Fault),
}

/// The pause after so many failures in a row, in seconds.
fn pause(failures: i64) -> i64 {
    let doubled = u32::try_from(failures.clamp(1, 12) - 1).unwrap_or(0);
    PAUSE_SECONDS.saturating_mul(1 << doubled).min(PAUSE_SECONDS_MAX)
}

/// When a mailbox that failed is tried again.
#[must_use]
pub(super) fn due(mailbox: &Mailbox) -> Option<Instant> {
    let millis = mailbox.failed_at?.as_millisecond() + pause(mailbox.failures) * 1000;
    Instant::from_millisecond(millis).ok().filter(|_| mailbox.failures > 0)
}

/// Reads what is new in the mailbox, as `holder`. A failure is kept, for the page to show it.
///
/// # Errors
/// When our own database fails.
pub async fn fetch(app: &App, holder: &str) -> Result<Outcome, StoreError> {
    let Some(imap) = app.inbox.clone() else { return Ok(Outcome::NoMailbox) };
    let Some(fence) = app.store().lease("inbox", holder, app.now(), LEASE_SECONDS).await? else {
        return Ok(Outcome::Busy);
    };
    let known = store::mailbox(&mut app.store().read(), &imap.key()).await?;
    if let Some(until) = due(&known).filter(|until| *until > app.now()) {
        return Ok(Outcome::Paused { until });
    }
    let hold = Hold { holder, fence, since: app.now() };
    match tokio::time::timeout(PASS, pass(app, &imap, hold, known)).await {
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(Stopped::Store(error))) => Err(error),
        Ok(Err(Stopped::Mailbox(fault))) => failed(app, &imap, fault).await,
        Err(_) => failed(app, &imap, Fault::TimedOut).await,
    }
}

/// Why a pass ended early.
enum Stopped {
    Mailbox(Fault),
    Store(StoreError),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Mailbox(fault)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn pass(app: &App, imap: &Imap, mut hold: Hold<'_>, mut known: Mailbox) -> Result<Outcome, Stopped> {
    let mut folder = imap.open().await?;
    if folder.uid_validity != known.uid_validity {
        // The numbers are new: everything is looked at again, and known mails are known by their bytes.
        known = Mailbox { uid_validity: folder.uid_validity, ..Mailbox::default() };
    }
    let above = folder.above(known.uid).await?;
    let chosen = &above[..above.len().min(PASS_MAILS_MAX)];
    let listed = if chosen.is_empty() { Vec::new() } else { folder.list(chosen).await? };
    let (mut new, mut taken, mut bytes) = (0, 0, 0);
    for one in &listed {
        bytes += u64::from(one.bytes);
        if taken > 0 && bytes > PASS_BYTES_MAX {
            break;
        }
        if !hold.renewed(app).await? {
            return Ok(Outcome::Busy);
        }
        known.uid = i64::from(one.uid);
        match take(app, imap, &hold, &mut folder, *one, &known).await? {
            Kept::New => new += 1,
            Kept::Known => {}
            Kept::NotOurs => return Ok(Outcome::Busy),
        }
        taken += 1;
    }
    folder.close().await;
    // Numbers that were listed and are gone when asked for are gone for good.
    if taken == listed.len() {
        known.uid = chosen.last().map_or(known.uid, |uid| i64::from(*uid));
    }
    let remaining = above.iter().filter(|uid| i64::from(**uid) > known.uid).count();
    let whole = i64::try_from(remaining).unwrap_or(i64::MAX);
    looked(app, imap, &hold, Mailbox { looked_at: Some(app.now()), remaining: whole, ..known.clone() }).await?;
    Ok(Outcome::Done { new, remaining })
}

/// Fetches one mail and records it.
async fn take(
    app: &App,
    imap: &Imap,
    hold: &Hold<'_>,
    folder: &mut Opened,
    one: Listed,
    known: &Mailbox,
) -> Result<Kept, Stopped> {
    let whole = usize::try_from(one.bytes).is_ok_and(|bytes| bytes <= reader::mail::BYTES_MAX);
    let bytes = folder.bytes(one.uid, whole).await?;
    let Some(bytes) = bytes else { return Ok(Kept::Known) };
    let arrived = Arrived::read(imap.key(), known.uid_validity, one, bytes, whole, app.now()).await;
    failpoint::hit("inbox.fetched");
    let kept = record(app, hold, arrived, known).await?;
    failpoint::hit("inbox.recorded");
    Ok(kept)
}

/// Keeps that the mailbox was read, and how far.
async fn looked(app: &App, imap: &Imap, hold: &Hold<'_>, now: Mailbox) -> Result<(), StoreError> {
    let mut tx = app.store().begin(app.now(), Actor::system("inbox")).await?;
    if !tx.holds_lease("inbox", hold.holder, hold.fence).await? {
        return Ok(());
    }
    store::keep_mailbox(&mut tx, &imap.key(), &Mailbox { failures: 0, failed_at: None, fault: None, ..now }).await?;
    tx.commit().await
}

/// Keeps that it could not be read, and why. How far it was read stands as the pass left it.
async fn failed(app: &App, imap: &Imap, fault: Fault) -> Result<Outcome, StoreError> {
    tracing::warn!(fault = fault.word(), "the mailbox could not be read");
    let mut tx = app.store().begin(app.now(), Actor::system("inbox")).await?;
    let now = store::mailbox(&mut tx, &imap.key()).await?;
    let now =
        Mailbox { failures: now.failures + 1, failed_at: Some(app.now()), fault: Some(fault.word().to_owned()), ..now };
    store::keep_mailbox(&mut tx, &imap.key(), &now).await?;
    tx.commit().await?;
    Ok(Outcome::Failed(fault))
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_grow_up_to_an_hour() {
        assert_eq!([1, 2, 3, 7, 8, 1_000].map(pause), [30, 60, 120, 1920, 3600, 3600]);
    }
}
