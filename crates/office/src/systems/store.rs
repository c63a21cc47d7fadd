//! Systems in tables.

use super::SystemEvent;
use crate::Refusal;
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::{EntryId, Instant, SystemId};

/// One system as pages and commands see it.
#[derive(Clone, Debug)]
pub struct SystemRow {
    /// Its id.
    pub id: SystemId,
    /// Its name.
    pub name: String,
    /// `sqlite` or `postgres`.
    pub kind: String,
    /// The entry that holds its sealed address.
    pub connected_by: EntryId,
    /// When it was connected.
    pub connected_at: Instant,
    /// SHA-256 of the proposed map.
    pub proposed: String,
    /// SHA-256 of the confirmed map.
    pub map: Option<String>,
    /// When it was confirmed.
    pub map_confirmed_at: Option<Instant>,
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: SystemEvent) -> Result<(), StoreError> {
    match event {
        SystemEvent::Connected { system, name, database, proposed, .. } => {
            let sql = "INSERT INTO systems (id, name, kind, connected_by, connected_at, proposed) VALUES ($1, $2, $3, $4, $5, $6)";
            let args = vec![
                (&system).into(),
                name.into(),
                database.into(),
                (&entry.id).into(),
                entry.at.into(),
                proposed.into(),
            ];
            tx.execute(sql, args).await?;
        }
        SystemEvent::MapConfirmed { system, map } => {
            let sql = "UPDATE systems SET map = $2, map_confirmed_at = $3 WHERE id = $1";
            tx.execute(sql, vec![(&system).into(), map.into(), entry.at.into()]).await?;
        }
    }
    Ok(())
}

fn system(row: &Row) -> Result<SystemRow, StoreError> {
    Ok(SystemRow {
        id: row.id("id")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        connected_by: row.id("connected_by")?,
        connected_at: row.instant("connected_at")?,
        proposed: row.text("proposed")?,
        map: row.opt_text("map")?,
        map_confirmed_at: row.opt_instant("map_confirmed_at")?,
    })
}

/// Every system, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask) -> Result<Vec<SystemRow>, StoreError> {
    db.rows("SELECT * FROM systems ORDER BY name", vec![]).await?.iter().map(system).collect()
}

/// The systems whose map a person has confirmed, by name.
///
/// # Errors
/// When the database fails.
pub async fn confirmed(db: &mut impl Ask) -> Result<Vec<SystemRow>, StoreError> {
    Ok(list(db).await?.into_iter().filter(|row| row.map.is_some()).collect())
}

/// The system with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &SystemId) -> Result<Option<SystemRow>, StoreError> {
    db.rows("SELECT * FROM systems WHERE id = $1", vec![id.into()]).await?.first().map(system).transpose()
}

pub(crate) async fn must_find(db: &mut impl Ask, id: &SystemId) -> Result<SystemRow, Refusal> {
    find(db, id).await?.ok_or_else(|| Refusal::not_found("system", "système"))
}
