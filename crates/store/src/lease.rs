//! Leases: of several servers on one database, one does the background work.

use crate::{Store, StoreError, Tx};
use kernel::{Actor, Instant};

impl Store {
    /// Takes or renews the lease `name` for `holder` for `seconds`; `None` when another holds it, else a
    /// fencing number that grows with every change of hands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lease(
        &self,
        name: &'static str,
        holder: &str,
        now: Instant,
        seconds: i64,
    ) -> Result<Option<i64>, StoreError> {
        let mut tx = self.begin(now, Actor::system(name)).await?;
        let row = tx.row("SELECT holder, until, fence FROM leases WHERE name = $1", vec![name.into()]).await?;
        let until = now.as_millisecond().saturating_add(seconds.saturating_mul(1000));
        let fence = match row {
            None => 1,
            Some(row) if row.text("holder")? == holder => row.int("fence")?,
            Some(row) if row.int("until")? <= now.as_millisecond() => row.int("fence")? + 1,
            Some(_) => return Ok(None),
        };
        let sql = "INSERT INTO leases (name, holder, until, fence) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3, fence = $4";
        tx.execute(sql, vec![name.into(), holder.into(), until.into(), fence.into()]).await?;
        tx.commit().await?;
        Ok(Some(fence))
    }
}

impl Tx<'_> {
    /// Whether `holder` still has the lease `name` under fencing number `fence`. Asked in the transaction
    /// that writes, a worker that slept through the end of its lease writes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds_lease(&mut self, name: &str, holder: &str, fence: i64) -> Result<bool, StoreError> {
        let sql = "SELECT 1 AS one FROM leases WHERE name = $1 AND holder = $2 AND fence = $3";
        Ok(self.row(sql, vec![name.into(), holder.into(), fence.into()]).await?.is_some())
    }
}
