//! Rebuilding every table from the ledger, and comparing: one different byte is an alarm.

use crate::audit::Audit;
use crate::db::{Ask, Walk};
use crate::row::Cell;
use crate::subjects::ERASED;
use crate::tx::{Recorded, Tx, damaged};
use crate::{Store, StoreError};
use futures_util::StreamExt;
use kernel::{Actor, EntryId, Instant, SubjectId};
use ledger::Hash;
use ledger::entry::{Disclosure, Entry, restore};
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

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

/// Entries read, opened and compared at once.
const BATCH: i64 = 1_000;

impl Store {
    /// Empties every projected table, applies every entry again, compares, and undoes it all; with `keep`
    /// the rebuilt tables stay. Writers wait meanwhile. The entries themselves are hashed again, up to the
    /// signed head of every log. The memory this takes does not grow with the ledger, as long as the tables come
    /// out as they stand.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when an entry, a tree node or a checkpoint is not what was signed.
    pub async fn replay(&self, now: Instant, keep: bool) -> Result<Replay, StoreError> {
        let mut tx = self.begin(now, Actor::system("replay")).await?;
        let tables: Vec<&str> = self.schema().replayed().collect();
        for table in &tables {
            tx.inner.execute(AssertSqlSafe(format!("DELETE FROM {table}")), vec![]).await?;
        }
        let mut audit = Audit::default();
        let entries = self.reapply(&mut tx, &mut audit).await?;
        audit.finish(&mut tx).await?;
        tx.write_waiting().await?;
        let mut different = Vec::new();
        for table in &tables {
            // Nothing is committed yet: whoever reads outside the transaction still sees the tables as they stand.
            different.extend(compare(table, self.read().walk(table), tx.inner.walk(table)).await?);
        }
        if keep {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(Replay { entries, tables: tables.len(), different })
    }

    async fn reapply(&self, tx: &mut Tx<'_>, audit: &mut Audit) -> Result<u64, StoreError> {
        let (mut after, mut count) = (0, 0);
        loop {
            let sql = "SELECT seq, log, idx, id, at, kind, leaf FROM entries WHERE seq > $1 ORDER BY seq LIMIT $2";
            let rows = tx.rows(sql, vec![after.into(), BATCH.into()]).await?;
            let Some(last) = rows.last() else { return Ok(count) };
            let mut values = self.values(tx, after, last.int("seq")?).await?;
            after = last.int("seq")?;
            for row in &rows {
                let recorded = recorded(audit.entry(row)?, &values)?;
                tx.project(&recorded).await?;
                if recorded.kind == ERASED {
                    // The rest of the batch was opened before this entry destroyed the key.
                    let erased: SubjectId = serde_json::from_value(recorded.data["subject"].clone())?;
                    values.values_mut().for_each(|values| values.retain(|value| value.subject != erased));
                }
                count += 1;
            }
            audit.compare(tx).await?;
        }
    }

    /// The personal values that still exist of the entries after `after`, up to `last`.
    async fn values(&self, tx: &mut Tx<'_>, after: i64, last: i64) -> Result<Values, StoreError> {
        let sql = "SELECT v.entry, v.pointer, v.subject, v.sealed, k.wrapped FROM entries e \
                   JOIN sealed_values v ON v.entry = e.id JOIN subject_keys k ON k.subject = v.subject \
                   WHERE e.seq > $1 AND e.seq <= $2 AND k.destroyed_at IS NULL";
        let mut values = Values::new();
        for row in Ask::rows(tx, sql, vec![after.into(), last.into()]).await? {
            let entry: EntryId = row.id("entry")?;
            let value = self.unseal(&entry, &row)?;
            values.entry(entry).or_default().push(value);
        }
        Ok(values)
    }
}

type Values = HashMap<EntryId, Vec<Disclosure>>;

fn recorded(entry: Entry, values: &Values) -> Result<Recorded, StoreError> {
    let values = values.get(&entry.id).map_or(&[][..], Vec::as_slice);
    let data = restore(entry.data, values).map_err(damaged)?;
    Ok(Recorded { id: entry.id, at: entry.at, actor: entry.actor, kind: entry.kind, data })
}

/// Walks both at once and keeps only what has not met its like yet: where nothing differs, and the rows come in the
/// same order, that is nothing.
async fn compare(
    table: &str,
    mut live: Walk<'_>,
    mut rebuilt: Walk<'_>,
) -> Result<Option<TableDifference>, StoreError> {
    let mut unmatched: HashMap<Hash, i64> = HashMap::new();
    let mut count = |row: Vec<Cell>, by: i64| match unmatched.entry(digest(&row)) {
        MapEntry::Vacant(place) => drop(place.insert(by)),
        MapEntry::Occupied(mut place) => {
            *place.get_mut() += by;
            if *place.get() == 0 {
                place.remove();
            }
        }
    };
    loop {
        let (stands, follows) = (live.next().await.transpose()?, rebuilt.next().await.transpose()?);
        if stands.is_none() && follows.is_none() {
            break;
        }
        stands.into_iter().for_each(|row| count(row, 1));
        follows.into_iter().for_each(|row| count(row, -1));
    }
    let rows = |sign: i64| unmatched.values().map(|n| usize::try_from(n * sign).unwrap_or(0)).sum();
    let (only_live, only_rebuilt): (usize, usize) = (rows(1), rows(-1));
    let different = TableDifference { table: table.to_owned(), only_live, only_rebuilt };
    Ok((only_live + only_rebuilt > 0).then_some(different))
}

/// SHA-256 of a row: of each cell its kind, its length and its bytes, so that no two rows are written alike.
fn digest(row: &[Cell]) -> Hash {
    let mut hash = Sha256::new();
    for cell in row {
        let integer;
        let (kind, bytes): (u8, &[u8]) = match cell {
            Cell::Null => (0, &[]),
            Cell::Int(value) => {
                integer = value.to_be_bytes();
                (1, &integer)
            }
            Cell::Text(text) => (2, text.as_bytes()),
            Cell::Bytes(bytes) => (3, bytes),
        };
        hash.update([kind]);
        hash.update(bytes.len().to_be_bytes());
        hash.update(bytes);
    }
    hash.finalize().into()
}
