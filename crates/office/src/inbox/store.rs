//! Mail in tables.

use super::{Content, MailEvent, Received, State, Understood, Why};
use ::store::{Arg, Ask, Recorded, Row, StoreError, Tx};
use kernel::{AccountId, Instant, MailId, NoticeId, RequestId, SubjectId};
use reader::mail::Proposal;

/// Mails on one page of the list.
pub(super) const PAGE_ROWS: usize = 50;

/// One mail as pages see it.
#[derive(Clone)]
pub struct MailRow {
    /// Its id.
    pub id: MailId,
    /// Whoever wrote it; owns the key it is sealed under.
    pub person: SubjectId,
    /// Where it stands.
    pub state: State,
    /// What it says, unless erased.
    pub content: Option<Content>,
    /// What was understood.
    pub understood: Understood,
    /// Its size, in bytes.
    pub bytes: i64,
    /// The digest of its bytes.
    pub sha256: Option<String>,
    /// When the mail server took it.
    pub received_at: Instant,
    /// When we fetched it.
    pub fetched_at: Instant,
    /// Why it was put aside.
    pub why: Option<String>,
    /// What the person wrote who put it aside, unless erased.
    pub note: Option<String>,
    /// The letter it reports on.
    pub notice: Option<NoticeId>,
}

impl MailRow {
    /// What it is proposed to be.
    #[must_use]
    pub fn proposal(&self) -> Option<Proposal> {
        self.understood.proposal.as_deref().and_then(Proposal::parse)
    }
}

/// How far a mailbox has been read.
#[derive(Clone, Debug, Default)]
pub struct Mailbox {
    /// The generation of its numbers.
    pub uid_validity: i64,
    /// The last number that was dealt with.
    pub uid: i64,
    /// When it was last read to the end of a pass.
    pub looked_at: Option<Instant>,
    /// How many mails that pass left for the next.
    pub remaining: i64,
    /// How many passes have failed in a row.
    pub failures: i64,
    /// When the last one failed.
    pub failed_at: Option<Instant>,
    /// Why.
    pub fault: Option<String>,
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: MailEvent) -> Result<(), StoreError> {
    match event {
        MailEvent::Received(received) => arrived(tx, entry.at, &received).await?,
        MailEvent::Read { mail, account, day } => {
            let sql = "INSERT INTO mail_readings (mail, account, day) VALUES ($1, $2, $3) \
                       ON CONFLICT (mail, account, day) DO NOTHING";
            tx.execute(sql, vec![mail.as_str().into(), (&account).into(), day.into()]).await?;
        }
        MailEvent::Logged { mail, request } => {
            let sql =
                "INSERT INTO mail_requests (mail, request) VALUES ($1, $2) ON CONFLICT (mail, request) DO NOTHING";
            tx.execute(sql, vec![mail.as_str().into(), (&request).into()]).await?;
            let sql = "UPDATE mails SET state = 'logged', since = $2 WHERE id = $1";
            tx.execute(sql, vec![mail.as_str().into(), entry.at.into()]).await?;
        }
        MailEvent::Filed { mail, why, notice, note } => {
            let sql = "UPDATE mails SET state = 'filed', since = $2, why = $3, notice = $4, note = $5 WHERE id = $1";
            let note = note.and_then(|note| note.reveal().cloned());
            let notice = notice.map(|id| id.to_string());
            let args = vec![mail.as_str().into(), entry.at.into(), why.word().into(), notice.into(), note.into()];
            tx.execute(sql, args).await?;
        }
        MailEvent::Reopened { mail } => {
            let sql = "UPDATE mails SET state = 'waiting', since = $2, why = NULL, note = NULL WHERE id = $1";
            tx.execute(sql, vec![mail.as_str().into(), entry.at.into()]).await?;
        }
    }
    Ok(())
}

async fn arrived(tx: &mut Tx<'_>, at: Instant, mail: &Received) -> Result<(), StoreError> {
    let content = mail.content.reveal().map(serde_json::to_string).transpose()?;
    let sql = "INSERT INTO mails (id, mailbox, uid_validity, uid, sha256, bytes, received_at, fetched_at, person, content, \
               proposal, understood, state, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', $8)";
    let args = vec![
        mail.mail.as_str().into(),
        mail.mailbox.as_str().into(),
        mail.uid_validity.into(),
        mail.uid.into(),
        mail.sha256.clone().into(),
        mail.bytes.into(),
        mail.received_at.into(),
        at.into(),
        (&mail.content.subject).into(),
        content.into(),
        mail.understood.proposal.clone().into(),
        serde_json::to_string(&mail.understood)?.into(),
    ];
    tx.execute(sql, args).await.map(drop)
}

fn mail(row: &Row) -> Result<MailRow, StoreError> {
    let state = row.text("state")?;
    let content = row.opt_text("content")?.map(|text| serde_json::from_str(&text)).transpose()?;
    Ok(MailRow {
        id: row.id("id")?,
        person: row.id("person")?,
        state: State::parse(&state).ok_or_else(|| StoreError::Damaged(format!("a mail is `{state}`")))?,
        content,
        understood: row.json("understood")?,
        bytes: row.int("bytes")?,
        sha256: row.opt_text("sha256")?,
        received_at: row.instant("received_at")?,
        fetched_at: row.instant("fetched_at")?,
        why: row.opt_text("why")?,
        note: row.opt_text("note")?,
        notice: row.opt_id("notice")?,
    })
}

/// One mail.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &MailId) -> Result<Option<MailRow>, StoreError> {
    let sql = "SELECT * FROM mails WHERE id = $1";
    db.rows(sql, vec![id.as_str().into()]).await?.first().map(mail).transpose()
}

/// Which mails are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those with a proposal, or only those with this one.
    pub proposed: Option<Option<Proposal>>,
    /// Only those before this one.
    pub before: Option<MailId>,
}

/// Mails, newest first: one page, and one more when there are others behind it.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask, asked: &Asked) -> Result<Vec<MailRow>, StoreError> {
    let sql = "SELECT * FROM mails WHERE ($1 = '' OR state = $1) AND ($2 = '' OR ($2 = '*' AND proposal IS NOT NULL) OR \
               proposal = $2) AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT 51";
    let proposed = match asked.proposed {
        None => "",
        Some(None) => "*",
        Some(Some(proposal)) => proposal.word(),
    };
    let args: Vec<Arg> = vec![
        asked.state.map_or("", State::word).into(),
        proposed.into(),
        asked.before.as_ref().map_or("", MailId::as_str).into(),
    ];
    db.rows(sql, args).await?.iter().map(mail).collect()
}

/// How many mails wait for a person.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &mut impl Ask) -> Result<i64, StoreError> {
    let rows = db.rows("SELECT COUNT(*) AS n FROM mails WHERE state = 'waiting'", vec![]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

/// The requests that were logged from a mail.
pub(super) async fn requests(db: &mut impl Ask, id: &MailId) -> Result<Vec<RequestId>, StoreError> {
    let sql = "SELECT request FROM mail_requests WHERE mail = $1 ORDER BY request";
    db.rows(sql, vec![id.as_str().into()]).await?.iter().map(|row| row.id("request")).collect()
}

/// How many an account read on a day.
///
/// # Errors
/// When the database fails.
pub async fn read_on(db: &mut impl Ask, account: &AccountId, day: &str) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM mail_readings WHERE account = $1 AND day = $2";
    let rows = db.rows(sql, vec![account.into(), day.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

pub(super) async fn was_read(
    db: &mut impl Ask,
    id: &MailId,
    account: &AccountId,
    day: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM mail_readings WHERE mail = $1 AND account = $2 AND day = $3";
    Ok(!db.rows(sql, vec![id.as_str().into(), account.into(), day.into()]).await?.is_empty())
}

/// Whether this very mail is here: under its number, or with the same bytes under another. Two mails without an
/// identifier may be alike and still be two, unless the mailbox has only numbered them anew.
pub(super) async fn is_known(tx: &mut Tx<'_>, new: &Received) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM mails WHERE mailbox = $1 AND uid_validity = $2 AND uid = $3";
    let args = vec![new.mailbox.as_str().into(), new.uid_validity.into(), new.uid.into()];
    if tx.row(sql, args).await?.is_some() {
        return Ok(true);
    }
    let Some(digest) = &new.sha256 else { return Ok(false) };
    let named = new.content.reveal().is_some_and(|content| content.message_id.is_some());
    let sql = "SELECT 1 AS one FROM mails WHERE sha256 = $1 AND ($2 = 1 OR (mailbox = $3 AND uid_validity <> $4))";
    let args = vec![digest.into(), named.into(), new.mailbox.as_str().into(), new.uid_validity.into()];
    Ok(tx.row(sql, args).await?.is_some())
}

/// How far a mailbox has been read.
///
/// # Errors
/// When the database fails.
pub async fn mailbox(db: &mut impl Ask, key: &str) -> Result<Mailbox, StoreError> {
    let rows = db.rows("SELECT * FROM mailboxes WHERE mailbox = $1", vec![key.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Mailbox::default()) };
    Ok(Mailbox {
        uid_validity: row.int("uid_validity")?,
        uid: row.int("uid")?,
        looked_at: row.opt_instant("looked_at")?,
        remaining: row.int("remaining")?,
        failures: row.int("failures")?,
        failed_at: row.opt_instant("failed_at")?,
        fault: row.opt_text("fault")?,
    })
}

pub(super) async fn keep_mailbox(tx: &mut Tx<'_>, key: &str, now: &Mailbox) -> Result<(), StoreError> {
    let sql = "INSERT INTO mailboxes (mailbox, uid_validity, uid, looked_at, remaining, failures, failed_at, fault) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (mailbox) DO UPDATE SET uid_validity = $2, uid = $3, \
               looked_at = $4, remaining = $5, failures = $6, failed_at = $7, fault = $8";
    let args = vec![
        key.into(),
        now.uid_validity.into(),
        now.uid.into(),
        now.looked_at.into(),
        now.remaining.into(),
        now.failures.into(),
        now.failed_at.into(),
        now.fault.clone().into(),
    ];
    tx.execute(sql, args).await.map(drop)
}

/// Mails put aside before `before` whose words are still here.
pub(super) async fn filed_before(db: &mut impl Ask, before: Instant) -> Result<Vec<MailRow>, StoreError> {
    let sql = "SELECT * FROM mails WHERE state = 'filed' AND content IS NOT NULL AND since < $1 ORDER BY id LIMIT 50";
    db.rows(sql, vec![before.into()]).await?.iter().map(mail).collect()
}

/// The mails that a request was logged from.
pub(super) async fn of_request(db: &mut impl Ask, request: &RequestId) -> Result<Vec<MailRow>, StoreError> {
    let sql = "SELECT m.* FROM mails m JOIN mail_requests r ON r.mail = m.id WHERE r.request = $1 ORDER BY m.id";
    db.rows(sql, vec![request.into()]).await?.iter().map(mail).collect()
}

/// What `why` a mail was put aside, as a word of ours.
#[must_use]
pub(super) fn why_word(row: &MailRow) -> &str {
    row.why.as_deref().unwrap_or(Why::NothingToDo.word())
}
