//! Logs: one per controller and one for the house, which also records every checkpoint of the others.

use crate::db::Ask;
use crate::row::Row;
use crate::tx::damaged;
use crate::{Store, StoreError};
use kernel::ControllerId;
use ledger::tree::{self, Hash, MemoryNodes, Nodes, leaf_hash, node_hash};
use std::sync::OnceLock;

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

/// Fetches the tree nodes an algorithm says it will read: a large tree has many peaks, and each way to the database
/// and back costs more than what it brings.
pub(crate) async fn nodes(db: &mut impl Ask, log: &str, wanted: &[(u8, u64)]) -> Result<MemoryNodes, StoreError> {
    let mut found = MemoryNodes::default();
    for part in wanted.chunks(PLACES_MAX) {
        let places = part.len().next_power_of_two();
        // What does not fill a statement asks for its last node again.
        let filled = part.iter().chain(part.last().into_iter().cycle()).take(places);
        let places_args = filled.flat_map(|(level, index)| [i64::from(*level).into(), signed(*index).into()]);
        let args = std::iter::once(log.into()).chain(places_args).collect();
        for row in db.rows(nodes_sql(places), args).await? {
            let level = u8::try_from(row.int("level")?).map_err(damaged)?;
            found.insert(tree::Node { level, index: unsigned(row.int("idx")?)?, hash: row.hash("hash")? });
        }
    }
    let here = |(level, index): &(u8, u64)| found.node(*level, *index).is_some();
    if wanted.iter().all(here) { Ok(found) } else { Err(damaged(format!("a tree node of {log} is missing"))) }
}

/// The most nodes asked for at once.
const PLACES_MAX: usize = 64;

/// The statement for so many nodes, a power of two: few texts, so that each is prepared once.
fn nodes_sql(places: usize) -> &'static str {
    static TEXTS: [OnceLock<String>; 7] = [const { OnceLock::new() }; 7];
    let text = |places: usize| {
        let pairs: Vec<String> = (0..places).map(|at| format!("(${}, ${})", 2 * at + 2, 2 * at + 3)).collect();
        // CROSS: SQLite then looks each place up, and never walks all nodes.
        format!(
            "WITH wanted (level, idx) AS (VALUES {}) SELECT n.level, n.idx, n.hash FROM wanted w \
             CROSS JOIN nodes n WHERE n.log = $1 AND n.level = w.level AND n.idx = w.idx",
            pairs.join(", ")
        )
    };
    let last = TEXTS.len() - 1;
    let at = usize::try_from(places.trailing_zeros()).map_or(last, |at| at.min(last));
    TEXTS[at].get_or_init(|| text(1 << at))
}

/// The leaf of a row that also has its `hash`; it must stand at `index`.
fn checked_leaf(row: &Row, origin: &str, index: u64) -> Result<Vec<u8>, StoreError> {
    if unsigned(row.int("idx")?)? != index {
        return Err(missing(origin));
    }
    let leaf = row.bytes("leaf")?;
    let changed = || StoreError::Damaged(format!("entry {index} of {origin} is not the one that was hashed"));
    if leaf_hash(&leaf) == row.hash("hash")? { Ok(leaf) } else { Err(changed()) }
}

fn missing(origin: &str) -> StoreError {
    StoreError::Damaged(format!("an entry of {origin} is missing"))
}

/// Where an audit path leads (RFC 9162 §2.1.3.2): right siblings are skipped along the ragged edge.
fn root_of(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Hash {
    let (mut at, mut last, mut hash) = (index, size.saturating_sub(1), leaf);
    for sibling in path {
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    hash
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

    /// Leaves `from..from + limit` of a log, in order; fewer only where the log ends.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when an entry is missing or is not the one that was hashed.
    pub async fn leaves(&self, origin: &str, from: u64, limit: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let row = self.read().row("SELECT size FROM logs WHERE origin = $1", vec![origin.into()]).await?;
        let size = row.map_or(Ok(0), |row| unsigned(row.int("size")?))?;
        let end = from.saturating_add(limit).min(size);
        let sql = "SELECT e.idx, e.leaf, n.hash FROM entries e \
                   LEFT JOIN nodes n ON n.log = e.log AND n.level = 0 AND n.idx = e.idx \
                   WHERE e.log = $1 AND e.idx >= $2 AND e.idx < $3 ORDER BY e.idx";
        let rows = self.read().rows(sql, vec![origin.into(), signed(from).into(), signed(end).into()]).await?;
        let leaves = (from..).zip(&rows).map(|(index, row)| checked_leaf(row, origin, index));
        let leaves = leaves.collect::<Result<Vec<_>, _>>()?;
        let complete = signed(from.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX))) >= signed(end);
        if complete { Ok(leaves) } else { Err(missing(origin)) }
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
    /// [`StoreError::Damaged`] when the leaf is not the one that was hashed.
    pub async fn find_entry(&self, id: &kernel::EntryId) -> Result<Option<(String, u64, Vec<u8>)>, StoreError> {
        let sql = "SELECT e.log, e.idx, e.leaf, n.hash FROM entries e \
                   LEFT JOIN nodes n ON n.log = e.log AND n.level = 0 AND n.idx = e.idx WHERE e.id = $1";
        let Some(row) = self.read().row(sql, vec![id.into()]).await? else { return Ok(None) };
        let (origin, index) = (row.text("log")?, unsigned(row.int("idx")?)?);
        let leaf = checked_leaf(&row, &origin, index)?;
        Ok(Some((origin, index, leaf)))
    }

    /// The audit path of entry `index` in the tree of `size` entries.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a node is missing, or the path does not lead to the root that was signed.
    pub async fn inclusion(&self, origin: &str, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        let mut wanted = tree::inclusion_reads(index, size);
        wanted.push((0, index));
        let found = nodes(&mut self.read(), origin, &wanted).await?;
        let path = tree::inclusion_proof(&found, index, size).map_err(damaged)?;
        let leaf = found.node(0, index).ok_or_else(|| missing(origin))?;
        if root_of(leaf, index, size, &path) == self.root(origin, size).await? {
            return Ok(path);
        }
        Err(StoreError::Damaged(format!("the proof of entry {index} of {origin} does not lead to what was signed")))
    }

    /// The root of the first `size` entries: as signed, or computed where no checkpoint has that size.
    async fn root(&self, origin: &str, size: u64) -> Result<Hash, StoreError> {
        let sql = "SELECT note FROM checkpoints WHERE log = $1 AND size = $2";
        if let Some(row) = self.read().row(sql, vec![origin.into(), signed(size).into()]).await? {
            return Ok(self.keys.signing().verifier().checkpoint(&row.text("note")?).map_err(damaged)?.root());
        }
        let found = nodes(&mut self.read(), origin, &tree::root_reads(size)).await?;
        tree::root(&found, size).map_err(damaged)
    }
}
