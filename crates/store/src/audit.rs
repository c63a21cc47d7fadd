//! Hashing the ledger again, entry by entry, against its stored tree and its signed heads.

use crate::StoreError;
use crate::log::{signed, unsigned};
use crate::row::Row;
use crate::tx::{Tx, damaged};
use ledger::entry::Entry;
use ledger::tree::{Frontier, Hash, leaf_hash};
use std::collections::BTreeMap;

/// The trees as they grow, and the nodes not yet compared, by log and level.
#[derive(Default)]
pub(crate) struct Audit {
    logs: BTreeMap<String, Frontier>,
    grown: BTreeMap<(String, u8), Vec<(u64, Hash)>>,
}

impl Audit {
    /// Takes the next entry in; its columns must say what its leaf says.
    pub(crate) fn entry(&mut self, row: &Row) -> Result<Entry, StoreError> {
        let (origin, leaf) = (row.text("log")?, row.bytes("leaf")?);
        let entry = Entry::from_leaf(&leaf).map_err(damaged)?;
        let frontier = self.logs.entry(origin.clone()).or_default();
        let index = frontier.size();
        let columns = (row.text("id")?, row.text("kind")?, row.int("at")?, unsigned(row.int("idx")?)?);
        let said = (entry.id.as_str().to_owned(), entry.kind.clone(), entry.at.as_millisecond(), index);
        if columns != said || entry.log != origin {
            return Err(damaged(format!("entry {index} of {origin} does not stand where it says")));
        }
        for node in frontier.append(leaf_hash(&leaf)) {
            self.grown.entry((origin.clone(), node.level)).or_default().push((node.index, node.hash));
        }
        Ok(entry)
    }

    /// Compares the nodes grown since the last call with the stored ones.
    pub(crate) async fn compare(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        for ((origin, level), grown) in std::mem::take(&mut self.grown) {
            let (Some((first, _)), Some((last, _))) = (grown.first(), grown.last()) else { continue };
            let sql =
                "SELECT idx, hash FROM nodes WHERE log = $1 AND level = $2 AND idx >= $3 AND idx <= $4 ORDER BY idx";
            let args =
                vec![origin.as_str().into(), i64::from(level).into(), signed(*first).into(), signed(*last).into()];
            let rows = tx.rows(sql, args).await?;
            let stored = rows.iter().map(|row| Ok((unsigned(row.int("idx")?)?, row.hash("hash")?)));
            if stored.collect::<Result<Vec<_>, StoreError>>()? != grown {
                return Err(damaged(format!("the tree of {origin} is not the one its entries make")));
            }
        }
        Ok(())
    }

    /// Every log ends where it says, and that end was signed.
    pub(crate) async fn finish(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let mut known = BTreeMap::new();
        for row in tx.rows("SELECT origin, size FROM logs", vec![]).await? {
            known.insert(row.text("origin")?, unsigned(row.int("size")?)?);
        }
        let found = self.logs.iter().map(|(origin, frontier)| (origin.clone(), frontier.size()));
        if found.collect::<BTreeMap<_, _>>() != known {
            return Err(damaged("entries are missing, or there are more than were signed"));
        }
        for (origin, frontier) in &self.logs {
            tx.check_signed(origin, frontier.size(), &frontier.root()).await?;
        }
        Ok(())
    }
}
