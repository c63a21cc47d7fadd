//! Views in tables.

use super::ViewEvent;
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::{AccountId, ViewId};

/// A view as its person sees it.
#[derive(Clone)]
pub struct View {
    /// Its id.
    pub id: ViewId,
    /// What they call it; empty once erased.
    pub name: String,
    /// Where it leads: a path of ours with its filters.
    pub address: String,
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: ViewEvent) -> Result<(), StoreError> {
    match event {
        ViewEvent::Kept { view, account, name, address } => {
            let sql =
                "INSERT INTO views (id, account, subject, name, address, kept_at) VALUES ($1, $2, $3, $4, $5, $6)";
            let (subject, name) = (name.subject.clone(), name.reveal().cloned());
            let args = vec![
                (&view).into(),
                (&account).into(),
                (&subject).into(),
                name.into(),
                address.into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await
        }
        ViewEvent::Dropped { view, .. } => tx.execute("DELETE FROM views WHERE id = $1", vec![(&view).into()]).await,
    }
}

/// The views of a person, by list and then in the order they were kept.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &mut impl Ask, account: &AccountId) -> Result<Vec<View>, StoreError> {
    let sql = "SELECT id, name, address FROM views WHERE account = $1 ORDER BY kept_at, id";
    let view = |row: &Row| {
        Ok(View { id: row.id("id")?, name: row.opt_text("name")?.unwrap_or_default(), address: row.text("address")? })
    };
    db.rows(sql, vec![account.into()]).await?.iter().map(view).collect()
}
