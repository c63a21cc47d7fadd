//! Letters in tables.

use super::NoticeEvent;
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::{AccountId, ControllerId, Instant, NoticeId, SubjectId};

/// One letter as pages see it.
#[derive(Clone)]
pub struct NoticeRow {
    /// Its id, also its Message-ID.
    pub id: NoticeId,
    /// Whose log; none for a letter to one of our own people.
    pub controller: Option<ControllerId>,
    /// What it is about.
    pub record: String,
    /// Its type.
    pub letter: String,
    /// The term whose duty it discharges.
    pub discharges: Option<String>,
    /// To whom, unless erased.
    pub to: Option<String>,
    /// The subject line.
    pub subject: String,
    /// The text, unless erased.
    pub body: Option<String>,
    /// `queued`, `sending`, `sent`, `failed` or `bounced`.
    pub state: String,
    /// How often we tried.
    pub attempts: i64,
    /// How many of those ended without our learning the outcome.
    pub unknown_outcomes: i64,
    /// The person behind the address.
    pub to_subject: SubjectId,
    /// The server's last answer.
    pub reply: Option<String>,
    /// How a person delivered it, unless erased.
    pub delivered: Option<String>,
    /// When it was queued.
    pub queued_at: Instant,
    /// When the server took it.
    pub sent_at: Option<Instant>,
    /// When a mail server last told us that it did not arrive, or not yet.
    pub bounced_at: Option<Instant>,
    /// The code it gave.
    pub bounce_status: Option<String>,
    /// What it said, unless erased.
    pub bounce: Option<String>,
    /// Whether the recipient's mailbox is full.
    pub mailbox_full: bool,
    /// Whether its text lacks something that only the recipient may read.
    pub(super) has_secret: bool,
}

/// Neither the letter nor its recipient can be printed.
impl std::fmt::Debug for NoticeRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, letter, state, attempts, .. } = self;
        let mut shown = f.debug_struct("NoticeRow");
        shown
            .field("id", id)
            .field("letter", letter)
            .field("state", state)
            .field("attempts", attempts)
            .finish_non_exhaustive()
    }
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: NoticeEvent) -> Result<(), StoreError> {
    match event {
        NoticeEvent::Queued { notice, controller, record, letter, discharges, to, subject, body, has_secret } => {
            let sql = "INSERT INTO notices (id, controller, record, letter, discharges, to_subject, to_email, subject, \
                       about_subject, body, state, attempts, unknown_outcomes, queued_at, has_secret) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, 0, $11, $12)";
            let args = vec![
                (&notice).into(),
                controller.map(|id| id.to_string()).into(),
                record.into(),
                letter.into(),
                discharges.into(),
                (&to.subject).into(),
                to.reveal().cloned().into(),
                subject.into(),
                (&body.subject).into(),
                body.reveal().cloned().into(),
                entry.at.into(),
                has_secret.into(),
            ];
            tx.execute(sql, args).await?;
        }
        NoticeEvent::Attempted { notice, .. } => {
            let sql = "UPDATE notices SET unknown_outcomes = unknown_outcomes + CASE WHEN state = 'sending' THEN 1 ELSE 0 END, \
                       state = 'sending', attempts = attempts + 1, tried_at = $2 WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), entry.at.into()]).await?;
        }
        NoticeEvent::Sent { notice, reply, .. } => {
            let sql = "UPDATE notices SET state = 'sent', reply = $2, sent_at = $3 WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), reply.into(), entry.at.into()]).await?;
        }
        NoticeEvent::Delivered { notice, how, .. } => {
            let sql =
                "UPDATE notices SET state = 'sent', delivered = $2, delivered_at = $3, sent_at = $3 WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), how.reveal().cloned().into(), entry.at.into()]).await?;
        }
        NoticeEvent::Read { notice, account, day, .. } => {
            let sql = "INSERT INTO notice_readings (notice, account, day) VALUES ($1, $2, $3) \
                       ON CONFLICT (notice, account, day) DO NOTHING";
            tx.execute(sql, vec![(&notice).into(), (&account).into(), day.into()]).await?;
        }
        NoticeEvent::Bounced { notice, failed, status, mailbox_full, said, .. } => {
            // Who recorded that it was delivered otherwise knows better than a server.
            let sql = "UPDATE notices SET bounced_at = $2, bounce_status = $3, bounce = $4, mailbox_full = $5, \
                       state = CASE WHEN $6 = 1 AND delivered_at IS NULL THEN 'bounced' ELSE state END WHERE id = $1";
            let said = said.and_then(|said| said.reveal().cloned());
            let args =
                vec![(&notice).into(), entry.at.into(), status.into(), said.into(), mailbox_full.into(), failed.into()];
            tx.execute(sql, args).await?;
        }
        NoticeEvent::Failed { notice, reply, .. } => {
            // A person who delivered it while the mail server was asked has the last word.
            let sql = "UPDATE notices SET reply = $2, \
                       state = CASE WHEN delivered_at IS NULL THEN 'failed' ELSE state END WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), reply.into()]).await?;
        }
    }
    Ok(())
}

fn notice(row: &Row) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        id: row.id("id")?,
        controller: row.opt_id("controller")?,
        record: row.text("record")?,
        letter: row.text("letter")?,
        discharges: row.opt_text("discharges")?,
        to: row.opt_text("to_email")?,
        subject: row.text("subject")?,
        body: row.opt_text("body")?,
        state: row.text("state")?,
        attempts: row.int("attempts")?,
        unknown_outcomes: row.int("unknown_outcomes")?,
        to_subject: row.id("to_subject")?,
        reply: row.opt_text("reply")?,
        delivered: row.opt_text("delivered")?,
        queued_at: row.instant("queued_at")?,
        sent_at: row.opt_instant("sent_at")?,
        bounced_at: row.opt_instant("bounced_at")?,
        bounce_status: row.opt_text("bounce_status")?,
        bounce: row.opt_text("bounce")?,
        mailbox_full: row.flag("mailbox_full")?,
        has_secret: row.flag("has_secret")?,
    })
}

/// Letters to try now: new ones at once, refused ones after a growing pause, interrupted ones again.
pub(super) async fn waiting(db: &mut impl Ask, now: Instant, attempts_max: i64) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = "SELECT * FROM notices WHERE attempts < $2 AND (has_secret = 0 OR EXISTS (SELECT 1 AS one FROM notice_secrets s WHERE s.notice = notices.id)) \
               AND (state = 'queued' \
               OR (state = 'failed' AND tried_at + attempts * attempts * 60000 <= $1) \
               OR (state = 'sending' AND tried_at + 120000 <= $1)) ORDER BY queued_at, id LIMIT 50";
    db.rows(sql, vec![now.into(), attempts_max.into()]).await?.iter().map(notice).collect()
}

/// Every letter about a record.
///
/// # Errors
/// When the database fails.
pub async fn of_record(
    db: &mut impl Ask,
    controller: &ControllerId,
    record: &str,
) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = "SELECT * FROM notices WHERE controller = $1 AND record = $2 ORDER BY queued_at, id";
    db.rows(sql, vec![controller.into(), record.into()]).await?.iter().map(notice).collect()
}

/// Every letter, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = "SELECT * FROM notices ORDER BY queued_at DESC, id LIMIT 200";
    db.rows(sql, vec![]).await?.iter().map(notice).collect()
}

/// One letter.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &NoticeId) -> Result<Option<NoticeRow>, StoreError> {
    db.rows("SELECT * FROM notices WHERE id = $1", vec![id.into()]).await?.first().map(notice).transpose()
}

pub(super) async fn was_read(
    db: &mut impl Ask,
    id: &NoticeId,
    account: &AccountId,
    day: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM notice_readings WHERE notice = $1 AND account = $2 AND day = $3";
    Ok(!db.rows(sql, vec![id.into(), account.into(), day.into()]).await?.is_empty())
}

/// How many letters are not out yet.
///
/// # Errors
/// When the database fails.
pub async fn unsent(db: &mut impl Ask) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM notices WHERE state <> 'sent' LIMIT $1) AS counted";
    let rows = db.rows(sql, vec![crate::lists::COUNT_MAX.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

/// How many letters about a person are not out yet.
///
/// # Errors
/// When the database fails.
pub async fn unsent_about(db: &mut impl Ask, subject: &SubjectId) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM notices WHERE state <> 'sent' AND about_subject = $1";
    db.rows(sql, vec![subject.into()]).await?.first().map_or(Ok(0), |row| row.int("n"))
}

/// Keeps what only the recipient may read until the letter is out.
pub(super) async fn keep_secret(tx: &mut Tx<'_>, notice: &NoticeId, sealed: Vec<u8>) -> Result<(), StoreError> {
    let sql = "INSERT INTO notice_secrets (notice, sealed) VALUES ($1, $2)";
    tx.execute(sql, vec![notice.into(), sealed.into()]).await.map(drop)
}

pub(super) async fn sealed_secret(db: &mut impl Ask, notice: &NoticeId) -> Result<Option<Vec<u8>>, StoreError> {
    let row = db.rows("SELECT sealed FROM notice_secrets WHERE notice = $1", vec![notice.into()]).await?;
    row.first().map(|row| row.bytes("sealed")).transpose()
}

pub(super) async fn forget_secret(tx: &mut Tx<'_>, notice: &NoticeId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM notice_secrets WHERE notice = $1", vec![notice.into()]).await.map(drop)
}
