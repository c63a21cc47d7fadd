//! Logs: one per controller and one for the house, which also records every checkpoint of the others.

use crate::db::Ask;
use crate::{Store, StoreError};
use kernel::ControllerId;
use ledger::tree::MemoryNodes;

/// Which log an entry belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Log {
    /// What concerns the installation itself, and every other log's checkpoints.
    House,
    /// What concerns one controller; it can be shown to them whole.
    Controller(ControllerId),
}

impl Log {
    /// The origin line of the log's checkpoints.
    #[must_use]
    pub fn origin(&self, installation: &str) -> String {
        match self {
            Self::House => format!("{installation}/house"),
            Self::Controller(id) => format!("{installation}/controller/{id}"),
        }
    }

    pub(crate) fn controller(&self) -> Option<&ControllerId> {
        match self {
            Self::House => None,
            Self::Controller(id) => Some(id),
        }
    }
}

/// The head of a log.
#[derive(Clone, Debug)]
pub struct LogHead {
    /// Its origin line.
    pub origin: String,
    /// The controller it belongs to; the house's has none.
    pub controller: Option<ControllerId>,
    /// How many entries it holds.
    pub size: u64,
    /// Its newest signed checkpoint.
    pub checkpoint: String,
}

/// One log as exported: leaves in order, every checkpoint.
#[derive(Clone, Debug)]
pub struct ExportedLog {
    /// Its origin line.
    pub origin: String,
    /// The canonical bytes of each entry.
    pub leaves: Vec<Vec<u8>>,
    /// Signed checkpoints, oldest first.
    pub checkpoints: Vec<String>,
}

pub(crate) fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Damaged("a count is negative".into()))
}

pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Fetches the tree nodes an algorithm says it will read.
pub(crate) async fn nodes(db: &mut impl Ask, log: &str, wanted: &[(u8, u64)]) -> Result<MemoryNodes, StoreError> {
    let mut found = MemoryNodes::default();
    for (level, index) in wanted {
        let args = vec![log.into(), i64::from(*level).into(), signed(*index).into()];
        let rows = db.rows("SELECT hash FROM nodes WHERE log = $1 AND level = $2 AND idx = $3", args).await?;
        let row = rows.first().ok_or_else(|| StoreError::Damaged(format!("a tree node of {log} is missing")))?;
        found.insert(ledger::tree::Node { level: *level, index: *index, hash: row.hash("hash")? });
    }
    Ok(found)
}

impl Store {
    /// The heads of every log, the house's first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logs(&self) -> Result<Vec<LogHead>, StoreError> {
        let sql = "SELECT l.origin, l.controller, l.size, c.note FROM logs l \
                   LEFT JOIN checkpoints c ON c.log = l.origin AND c.size = l.size \
                   ORDER BY CASE WHEN l.controller IS NULL THEN 0 ELSE 1 END, l.origin";
        let rows = self.read().rows(sql, vec![]).await?;
        rows.iter()
            .map(|row| {
                Ok(LogHead {
                    origin: row.text("origin")?,
                    controller: row.opt_id("controller")?,
                    size: unsigned(row.int("size")?)?,
                    checkpoint: row.opt_text("note")?.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// Leaves `from..from + limit` of a log, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leaves(&self, origin: &str, from: u64, limit: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT leaf FROM entries WHERE log = $1 AND idx >= $2 ORDER BY idx LIMIT $3";
        let rows = self.read().rows(sql, vec![origin.into(), signed(from).into(), signed(limit).into()]).await?;
        rows.iter().map(|row| row.bytes("leaf")).collect()
    }

    /// Every signed checkpoint of a log, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoints(&self, origin: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT note FROM checkpoints WHERE log = $1 ORDER BY size";
        let rows = self.read().rows(sql, vec![origin.into()]).await?;
        rows.iter().map(|row| row.text("note")).collect()
    }

    /// Where an entry stands: its log, its index, its leaf; none when there is no such entry.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_entry(&self, id: &kernel::EntryId) -> Result<Option<(String, u64, Vec<u8>)>, StoreError> {
        let row = self.read().row("SELECT log, idx, leaf FROM entries WHERE id = $1", vec![id.into()]).await?;
        row.map(|row| Ok((row.text("log")?, unsigned(row.int("idx")?)?, row.bytes("leaf")?))).transpose()
    }

    /// The audit path of entry `index` in the tree of `size` entries.
    ///
    /// # Errors
    /// When a node is missing.
    pub async fn inclusion(&self, origin: &str, index: u64, size: u64) -> Result<Vec<[u8; 32]>, StoreError> {
        let wanted = ledger::tree::inclusion_reads(index, size);
        let found = nodes(&mut self.read(), origin, &wanted).await?;
        ledger::tree::inclusion_proof(&found, index, size).map_err(|e| StoreError::Damaged(e.to_string()))
    }
}
