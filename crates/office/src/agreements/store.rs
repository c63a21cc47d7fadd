//! Agreements in tables.

use super::{AgreementEvent, State};
use crate::Refusal;
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::{AgreementId, ControllerId, Instant};

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
        AgreementEvent::Imported { agreement, controller, title, file_name, document, language, document_kind } => {
            let sql = "INSERT INTO agreements (id, controller, title, file_name, document, language, document_kind, state, \
                       imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'imported', $8)";
            let args = vec![
                (&agreement).into(),
                (&controller).into(),
                title.into(),
                file_name.into(),
                document.into(),
                language.into(),
                document_kind.into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await?;
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

fn agreement(row: &Row) -> Result<AgreementRow, StoreError> {
    Ok(AgreementRow {
        id: row.id("id")?,
        controller: row.id("controller")?,
        controller_name: row.text("controller_name")?,
        title: row.text("title")?,
        file_name: row.text("file_name")?,
        document: row.text("document")?,
        language: row.text("language")?,
        document_kind: row.text("document_kind")?,
        state: State::parse(&row.text("state")?).ok_or_else(|| StoreError::Damaged("an unknown state".into()))?,
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
