//! Agreements in tables.

use super::{AgreementEvent, Made, Said, State};
use crate::Refusal;
use crate::lists::Cursor;
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::{Actor, AgreementId, ControllerId, EntryId, Instant};

/// One agreement as pages and commands see it.
#[derive(Clone, Debug)]
pub struct AgreementRow {
    /// Its id.
    pub id: AgreementId,
    /// With whom.
    pub controller: ControllerId,
    /// The controller's name.
    pub controller_name: String,
    /// What people call it.
    pub title: String,
    /// The document's file name.
    pub file_name: String,
    /// SHA-256 of the document.
    pub document: String,
    /// Its language.
    pub language: String,
    /// What kind of document it is.
    pub document_kind: String,
    /// SHA-256 of what was read from the document; none for one imported before readings were kept.
    pub reading: Option<String>,
    /// Where it stands.
    pub state: State,
    /// SHA-256 of the agreement file, once reviewed.
    pub file: Option<String>,
    /// When it was imported.
    pub imported_at: Instant,
    /// Since when it binds us.
    pub in_force_at: Option<Instant>,
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: AgreementEvent) -> Result<(), StoreError> {
    match event {
        AgreementEvent::Imported {
            agreement,
            controller,
            title,
            file_name,
            document,
            language,
            document_kind,
            reading,
        } => {
            let sql = "INSERT INTO agreements (id, controller, subject, title, file_name, document, language, document_kind, \
                       state, imported_at, reading) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'imported', $9, $10)";
            let args = vec![
                (&agreement).into(),
                (&controller).into(),
                (&title.subject).into(),
                title.reveal().cloned().into(),
                file_name.reveal().cloned().into(),
                document.into(),
                language.into(),
                document_kind.into(),
                entry.at.into(),
                reading.into(),
            ];
            tx.execute(sql, args).await?;
        }
        AgreementEvent::ReadAgain { agreement, reading, .. } => {
            let sql = "UPDATE agreements SET state = 'imported', reading = $2 WHERE id = $1";
            tx.execute(sql, vec![(&agreement).into(), reading.into()]).await?;
        }
        AgreementEvent::TermDecided { agreement, term, number, made, old, new, accepted, .. } => {
            let sql = "INSERT INTO agreement_decisions (agreement, term, number, made, old, new, accepted, actor, entry, at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
            let args = vec![
                (&agreement).into(),
                term.into(),
                number.into(),
                made.word().into(),
                serde_json::to_string(&old)?.into(),
                serde_json::to_string(&new)?.into(),
                accepted.into(),
                entry.actor.to_string().into(),
                (&entry.id).into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await?;
            // What was confirmed as a whole is no longer what stands.
            let sql = "UPDATE agreements SET state = 'imported' WHERE id = $1 AND state = 'reviewed'";
            tx.execute(sql, vec![(&agreement).into()]).await?;
        }
        AgreementEvent::Reviewed { agreement, file, .. } => {
            let sql = "UPDATE agreements SET state = 'reviewed', file = $2 WHERE id = $1";
            tx.execute(sql, vec![(&agreement).into(), file.into()]).await?;
        }
        AgreementEvent::Replaced { agreement, .. } => {
            let sql = "UPDATE agreements SET state = 'replaced' WHERE id = $1";
            tx.execute(sql, vec![(&agreement).into()]).await?;
        }
        AgreementEvent::PutInForce { agreement, .. } => {
            let sql = "UPDATE agreements SET state = 'in-force', in_force_at = $2 WHERE id = $1";
            tx.execute(sql, vec![(&agreement).into(), entry.at.into()]).await?;
        }
    }
    Ok(())
}

pub(super) fn agreement(row: &Row) -> Result<AgreementRow, StoreError> {
    Ok(AgreementRow {
        id: row.id("id")?,
        controller: row.id("controller")?,
        controller_name: row.text("controller_name")?,
        title: row.opt_text("title")?.unwrap_or_default(),
        file_name: row.opt_text("file_name")?.unwrap_or_default(),
        document: row.text("document")?,
        language: row.text("language")?,
        document_kind: row.text("document_kind")?,
        state: State::parse(&row.text("state")?).ok_or_else(|| StoreError::Damaged("an unknown state".into()))?,
        reading: row.opt_text("reading")?,
        file: row.opt_text("file")?,
        imported_at: row.instant("imported_at")?,
        in_force_at: row.opt_instant("in_force_at")?,
    })
}

/// The agreement with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &AgreementId) -> Result<Option<AgreementRow>, StoreError> {
    let sql = "SELECT a.*, c.name AS controller_name FROM agreements a JOIN controllers c ON c.id = a.controller WHERE a.id = $1";
    db.rows(sql, vec![id.into()]).await?.first().map(agreement).transpose()
}

pub(super) async fn must_find(db: &mut impl Ask, id: &AgreementId) -> Result<AgreementRow, Refusal> {
    find(db, id).await?.ok_or_else(|| Refusal::not_found("agreement", "accord"))
}

/// Every agreement, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask) -> Result<Vec<AgreementRow>, StoreError> {
    let sql = "SELECT a.*, c.name AS controller_name FROM agreements a JOIN controllers c ON c.id = a.controller \
               ORDER BY a.imported_at DESC, a.id LIMIT 500";
    db.rows(sql, vec![]).await?.iter().map(agreement).collect()
}

/// An agreement as a list shows it: its file and its reading stay where they are.
#[derive(Clone, Debug)]
pub struct AgreementLine {
    /// Its id.
    pub id: AgreementId,
    /// Its title.
    pub title: String,
    /// The name of its controller.
    pub controller_name: String,
    /// How far it is.
    pub state: State,
    /// When it was imported.
    pub imported_at: Instant,
}

/// One page of the agreements, newest first; those of one controller when it is named.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &mut impl Ask,
    controller: Option<&ControllerId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<AgreementLine>, StoreError> {
    let sql = "SELECT a.id, a.title, a.state, a.imported_at, c.name AS controller_name FROM agreements a \
               JOIN controllers c ON c.id = a.controller \
               WHERE (a.imported_at, a.id) < ($2, $3) AND ($4 = '' OR a.controller = $4) \
               ORDER BY a.imported_at DESC, a.id DESC LIMIT $1";
    let Cursor { at, id } = after.unwrap_or_else(Cursor::newest);
    let of = controller.map_or_else(String::new, ToString::to_string);
    let line = |row: &Row| {
        Ok(AgreementLine {
            id: row.id("id")?,
            title: row.opt_text("title")?.unwrap_or_default(),
            controller_name: row.text("controller_name")?,
            state: State::parse(&row.text("state")?).ok_or_else(|| StoreError::Damaged("an unknown state".into()))?,
            imported_at: row.instant("imported_at")?,
        })
    };
    db.rows(sql, vec![limit.into(), at.into(), id.into(), of.into()]).await?.iter().map(line).collect()
}

/// Whether any agreement is in force.
///
/// # Errors
/// When the database fails.
pub async fn any_in_force(db: &mut impl Ask) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM agreements WHERE state = 'in-force' LIMIT 1";
    Ok(!db.rows(sql, vec![]).await?.is_empty())
}

/// The agreements in force with a controller.
pub(super) async fn bound(db: &mut impl Ask, controller: &ControllerId) -> Result<Vec<AgreementId>, StoreError> {
    let sql = "SELECT id FROM agreements WHERE controller = $1 AND state = 'in-force' ORDER BY id";
    db.rows(sql, vec![controller.into()]).await?.iter().map(|row| row.id("id")).collect()
}

/// Whether a controller has an agreement in force.
///
/// # Errors
/// When the database fails.
pub async fn in_force(db: &mut impl Ask, controller: &ControllerId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM agreements WHERE controller = $1 AND state = 'in-force' LIMIT 1";
    Ok(!db.rows(sql, vec![controller.into()]).await?.is_empty())
}

/// The agreements made of the same bytes, newest first.
pub(super) async fn of_document(db: &mut impl Ask, document: &str) -> Result<Vec<AgreementRow>, StoreError> {
    let sql = "SELECT a.*, c.name AS controller_name FROM agreements a JOIN controllers c ON c.id = a.controller \
               WHERE a.document = $1 ORDER BY a.imported_at DESC, a.id LIMIT 50";
    db.rows(sql, vec![document.into()]).await?.iter().map(agreement).collect()
}

/// One decision about one term.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// The term.
    pub term: String,
    /// The how-manieth about it, from 1.
    pub number: u32,
    /// What was done.
    pub made: Made,
    /// What the term said before.
    pub old: Said,
    /// What it says since.
    pub new: Said,
    /// The finding accepted with it.
    pub accepted: Option<String>,
    /// Who.
    pub actor: Actor,
    /// Its entry in the ledger.
    pub entry: EntryId,
    /// When.
    pub at: Instant,
}

/// Every decision about an agreement's terms, by term, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn decisions(db: &mut impl Ask, id: &AgreementId) -> Result<Vec<DecisionRow>, StoreError> {
    let sql = "SELECT term, number, made, old, new, accepted, actor, entry, at FROM agreement_decisions \
               WHERE agreement = $1 ORDER BY term, number";
    db.rows(sql, vec![id.into()]).await?.iter().map(decision).collect()
}

fn decision(row: &Row) -> Result<DecisionRow, StoreError> {
    let damaged = |what: &str| StoreError::Damaged(format!("a decision has an unknown {what}"));
    Ok(DecisionRow {
        term: row.text("term")?,
        number: u32::try_from(row.int("number")?).map_err(|_| damaged("number"))?,
        made: Made::parse(&row.text("made")?).ok_or_else(|| damaged("kind"))?,
        old: row.json("old")?,
        new: row.json("new")?,
        accepted: row.opt_text("accepted")?,
        actor: row.text("actor")?.try_into().map_err(|_| damaged("author"))?,
        entry: row.id("entry")?,
        at: row.instant("at")?,
    })
}
