//! A database belongs to one set of keys. With others nothing sealed would open, and a second history
//! would be signed over the first: so the first opening notes whose it is, and every later one compares.

use crate::db::Db;
use crate::{Keys, StoreError};

/// What the setting `master` is derived for; it gives nothing away about the key (HKDF-SHA-256).
const MASTER_CHECK: &str = "garant/store/master-check/v1";

/// Keeps the identity of `keys` in a fresh database, and compares it in any other.
pub(crate) async fn check(db: &Db, keys: &Keys) -> Result<(), StoreError> {
    let master = hex::encode(keys.master().derive(MASTER_CHECK).expose());
    let ours = [("verifier", keys.verifier()), ("master", master)];
    let mut tx = db.begin().await?;
    for (name, value) in ours {
        let known = tx.rows("SELECT value FROM settings WHERE name = $1", vec![name.into()]).await?;
        match known.first() {
            Some(row) if row.text("value")? == value => {}
            Some(_) => return Err(other(name)),
            None => {
                let sql = "INSERT INTO settings (name, value) VALUES ($1, $2)";
                tx.execute(sql, vec![name.into(), value.into()]).await?;
            }
        }
    }
    tx.commit().await
}

fn other(name: &str) -> StoreError {
    let which = if name == "master" { "master.key" } else { "ledger.key" };
    StoreError::Keys(format!("the database was made with another {which}, of another installation"))
}
