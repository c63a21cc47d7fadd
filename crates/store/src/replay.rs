//! Rebuilding every table from the ledger, and comparing: one different byte is an alarm.

use crate::audit::Audit;
use crate::db::Ask;
use crate::row::{Cell, Row};
use crate::tx::{Recorded, Tx, damaged};
use crate::{Store, StoreError};
use kernel::{Actor, Instant};
use ledger::entry::{Disclosure, Entry, restore};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, HashMap};

/// What a replay found.
#[derive(Debug, Default)]
pub struct Replay {
    /// Entries applied.
    pub entries: u64,
    /// Tables rebuilt.
    pub tables: usize,
    /// Tables that came out different.
    pub different: Vec<TableDifference>,
}

/// One table that is not what its entries say.
#[derive(Debug)]
pub struct TableDifference {
    /// Its name.
    pub table: String,
    /// Rows that stand in the table but not in the rebuilt one.
    pub only_live: usize,
    /// Rows that the ledger gives but the table lacks.
    pub only_rebuilt: usize,
}

type Dump = BTreeMap<String, HashMap<Vec<Cell>, usize>>;

impl Store {
    /// Empties every projected table, applies every entry again, compares, and undoes it all; with `keep`
    /// the rebuilt tables stay. Writers wait meanwhile. The entries themselves are hashed again, up to the
    /// signed head of every log.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when an entry, a tree node or a checkpoint is not what was signed.
    pub async fn replay(&self, now: Instant, keep: bool) -> Result<Replay, StoreError> {
        let mut tx = self.begin(now, Actor::system("replay")).await?;
        let live = self.dump(&mut tx).await?;
        for table in live.keys() {
            tx.inner.execute(AssertSqlSafe(format!("DELETE FROM {table}")), vec![]).await?;
        }
        let mut audit = Audit::default();
        let entries = self.reapply(&mut tx, &mut audit).await?;
        audit.finish(&mut tx).await?;
        let rebuilt = self.dump(&mut tx).await?;
        let different = live.iter().filter_map(|(table, rows)| difference(table, rows, &rebuilt[table])).collect();
        if keep {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(Replay { entries, tables: live.len(), different })
    }

    async fn dump(&self, tx: &mut Tx<'_>) -> Result<Dump, StoreError> {
        let mut dump = Dump::new();
        for table in self.schema().replayed() {
            let rows = tx.inner.rows(AssertSqlSafe(format!("SELECT * FROM {table}")), vec![]).await?;
            let counted = dump.entry(table.to_owned()).or_default();
            for row in rows {
                *counted.entry(sorted(row)).or_default() += 1;
            }
        }
        Ok(dump)
    }

    async fn reapply(&self, tx: &mut Tx<'_>, audit: &mut Audit) -> Result<u64, StoreError> {
        const BATCH: i64 = 500;
        let (mut after, mut count) = (0, 0);
        loop {
            let sql = "SELECT seq, log, idx, id, at, kind, leaf FROM entries WHERE seq > $1 ORDER BY seq LIMIT $2";
            let rows = tx.rows(sql, vec![after.into(), BATCH.into()]).await?;
            for row in &rows {
                after = row.int("seq")?;
                let entry = audit.entry(row)?;
                let recorded = self.recorded_in(tx, entry).await?;
                tx.project(&recorded).await?;
                count += 1;
            }
            audit.compare(tx).await?;
            if rows.is_empty() {
                return Ok(count);
            }
        }
    }

    async fn recorded_in(&self, tx: &mut Tx<'_>, entry: Entry) -> Result<Recorded, StoreError> {
        let sql = "SELECT v.pointer, v.subject, v.sealed, k.wrapped FROM sealed_values v \
                   JOIN subject_keys k ON k.subject = v.subject WHERE v.entry = $1 AND k.destroyed_at IS NULL";
        let rows = Ask::rows(tx, sql, vec![(&entry.id).into()]).await?;
        let disclosures: Vec<Disclosure> =
            rows.iter().map(|row| self.unseal(&entry.id, row)).collect::<Result<_, _>>()?;
        let data = restore(entry.data, &disclosures).map_err(damaged)?;
        Ok(Recorded { id: entry.id, at: entry.at, actor: entry.actor, kind: entry.kind, data })
    }
}

fn sorted(row: Row) -> Vec<Cell> {
    let mut cells: Vec<(String, Cell)> = row.names.into_iter().zip(row.cells).collect();
    cells.sort_by(|a, b| a.0.cmp(&b.0));
    cells.into_iter().map(|(_, cell)| cell).collect()
}

fn difference(
    table: &str,
    live: &HashMap<Vec<Cell>, usize>,
    rebuilt: &HashMap<Vec<Cell>, usize>,
) -> Option<TableDifference> {
    let missing = |here: &HashMap<Vec<Cell>, usize>, there: &HashMap<Vec<Cell>, usize>| {
        here.iter().map(|(row, n)| n.saturating_sub(there.get(row).copied().unwrap_or(0))).sum()
    };
    let (only_live, only_rebuilt): (usize, usize) = (missing(live, rebuilt), missing(rebuilt, live));
    (only_live + only_rebuilt > 0).then(|| TableDifference { table: table.to_owned(), only_live, only_rebuilt })
}
