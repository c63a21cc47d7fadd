//! Letters in tables.

use super::events::Filed;
use ::store::{Ask, Row, StoreError, Tx};
use kernel::{AccountId, ControllerId, Instant, Lang, NoticeId, SubjectId};

/// One letter as pages see it.
#[derive(Clone)]
pub struct NoticeRow {
    /// Its id, also its Message-ID.
    pub id: NoticeId,
    /// Whose log; none for a letter to one of our own people.
    pub controller: Option<ControllerId>,
    /// What it is about.
    pub record: String,
    /// Its kind.
    pub letter: String,
    /// The wording it was made with; none for letters of before wordings were counted.
    pub wording: Option<String>,
    /// Its language.
    pub lang: Lang,
    /// The term whose duty it discharges.
    pub discharges: Option<String>,
    /// To whom, unless erased.
    pub to: Option<String>,
    /// The subject line.
    pub subject: String,
    /// The text, unless erased.
    pub body: Option<String>,
    /// `queued`, `sending`, `sent`, `failed` (it is tried again), `refused` (a person is asked), `bounced` or `stopped`.
    pub state: String,
    /// How often we tried.
    pub attempts: i64,
    /// How many of those ended without our learning the outcome.
    pub unknown_outcomes: i64,
    /// It waits for office hours until then.
    pub not_before: Option<Instant>,
    /// When it is tried again.
    pub again_at: Option<Instant>,
    /// The letter that did not arrive and that this one repeats.
    pub instead_of: Option<NoticeId>,
    /// The person behind the address.
    pub to_subject: SubjectId,
    /// The person the text speaks of.
    pub about_subject: SubjectId,
    /// The server's last answer.
    pub reply: Option<String>,
    /// What that answer means: `later`, `full`, `refused` or `unknown`.
    pub outcome: Option<String>,
    /// How a person delivered it, unless erased.
    pub delivered: Option<String>,
    /// Why a person stopped it, unless erased.
    pub stopped: Option<String>,
    /// When it was queued.
    pub queued_at: Instant,
    /// When the server was last asked.
    pub tried_at: Option<Instant>,
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
    /// When its recipient opened it, signed in.
    pub opened_at: Option<Instant>,
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

pub(super) fn notice(row: &Row) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        id: row.id("id")?,
        controller: row.opt_id("controller")?,
        record: row.text("record")?,
        letter: row.text("letter")?,
        wording: row.opt_text("wording")?,
        lang: row.opt_text("lang")?.and_then(|lang| lang.parse().ok()).unwrap_or_default(),
        discharges: row.opt_text("discharges")?,
        to: row.opt_text("to_email")?,
        subject: row.text("subject")?,
        body: row.opt_text("body")?,
        state: row.text("state")?,
        attempts: row.int("attempts")?,
        unknown_outcomes: row.int("unknown_outcomes")?,
        not_before: row.opt_instant("not_before")?,
        again_at: row.opt_instant("again_at")?,
        instead_of: row.opt_id("instead_of")?,
        to_subject: row.id("to_subject")?,
        about_subject: row.id("about_subject")?,
        reply: row.opt_text("reply")?,
        outcome: row.opt_text("outcome")?,
        delivered: row.opt_text("delivered")?,
        stopped: row.opt_text("stopped")?,
        queued_at: row.instant("queued_at")?,
        tried_at: row.opt_instant("tried_at")?,
        sent_at: row.opt_instant("sent_at")?,
        bounced_at: row.opt_instant("bounced_at")?,
        bounce_status: row.opt_text("bounce_status")?,
        bounce: row.opt_text("bounce")?,
        mailbox_full: row.flag("mailbox_full")?,
        opened_at: row.opt_instant("opened_at")?,
        has_secret: row.flag("has_secret")?,
    })
}

/// Letters to try now: new ones unless they wait for office hours, refused ones when their pause is over, interrupted ones
/// again after three minutes, when no attempt can be running any more.
pub(super) async fn waiting(db: &mut impl Ask, now: Instant) -> Result<Vec<NoticeRow>, StoreError> {
    let sql = "SELECT * FROM notices WHERE (has_secret = 0 OR EXISTS (SELECT 1 AS one FROM notice_secrets s WHERE s.notice = notices.id)) \
               AND ((state = 'queued' AND (not_before IS NULL OR not_before <= $1)) \
               OR (state = 'failed' AND again_at <= $1) OR (state = 'sending' AND tried_at + 180000 <= $1)) \
               ORDER BY queued_at, id LIMIT 50";
    db.rows(sql, vec![now.into()]).await?.iter().map(notice).collect()
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

/// How many an account read on a day.
///
/// # Errors
/// When the database fails.
pub async fn read_on(db: &mut impl Ask, account: &AccountId, day: &str) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM notice_readings WHERE account = $1 AND day = $2";
    let rows = db.rows(sql, vec![account.into(), day.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
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
    let sql = "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM notices WHERE state NOT IN ('sent', 'stopped') LIMIT $1) AS counted";
    let rows = db.rows(sql, vec![crate::lists::COUNT_MAX.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

/// How many letters about a person are not out yet.
///
/// # Errors
/// When the database fails.
pub async fn unsent_about(db: &mut impl Ask, subject: &SubjectId) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM notices WHERE state NOT IN ('sent', 'stopped') AND about_subject = $1";
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

/// What goes with a letter.
///
/// # Errors
/// When the database fails.
pub async fn files(db: &mut impl Ask, id: &NoticeId) -> Result<Vec<Filed>, StoreError> {
    let sql =
        "SELECT name, media_type, bytes, sealed_as, sealed_for FROM notice_files WHERE notice = $1 ORDER BY position";
    let rows = db.rows(sql, vec![id.into()]).await?;
    let file = |row: &Row| {
        let (name, media_type) = (row.text("name")?, row.text("media_type")?);
        Ok(Filed {
            name,
            media_type,
            bytes: row.int("bytes")?,
            blob: row.text("sealed_as")?,
            place: row.text("sealed_for")?,
        })
    };
    rows.iter().map(file).collect()
}

/// A change of the wording of a kind in one language.
#[derive(Clone, Debug)]
pub struct Worded {
    /// Its number.
    pub version: i64,
    /// Subject line and text; none for the return to the standard wording.
    pub text: Option<(String, String)>,
    /// When.
    pub made_at: Instant,
    /// By whom.
    pub made_by: Option<AccountId>,
}

/// How a kind was worded in a language, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn wordings(db: &mut impl Ask, letter: &str, lang: Lang) -> Result<Vec<Worded>, StoreError> {
    let sql = "SELECT version, subject, body, made_at, made_by FROM letter_wordings WHERE letter = $1 AND lang = $2 \
               ORDER BY version DESC LIMIT 200";
    let rows = db.rows(sql, vec![letter.into(), lang.code().into()]).await?;
    let worded = |row: &Row| {
        Ok(Worded {
            version: row.int("version")?,
            text: row.opt_text("subject")?.zip(row.opt_text("body")?),
            made_at: row.instant("made_at")?,
            made_by: row.opt_id("made_by")?,
        })
    };
    rows.iter().map(worded).collect()
}

/// Whether what is not urgent waits for office hours.
///
/// # Errors
/// When the database fails.
pub async fn quiet_hours(db: &mut impl Ask) -> Result<bool, StoreError> {
    let rows = db.rows("SELECT chosen FROM letter_settings WHERE name = 'quiet-hours'", vec![]).await?;
    rows.first().map_or(Ok(false), |row| row.flag("chosen"))
}
