//! The logs a transaction lets grow: their trees as found, as grown, and signed once read back.
//!
//! What is signed has been read back from the database and hashed again (RFC 9162 §2.1); what is built upon is what
//! had been signed before.

use crate::db::Ask;
use crate::log::{nodes, signed, unsigned};
use crate::tx::{Tx, damaged};
use crate::{Log, StoreError};
use kernel::Instant;
use ledger::note::Checkpoint;
use ledger::tree::{Frontier, leaf_hash};

/// Leaves read back at once: the memory this takes does not grow with the transaction.
const LEAVES_MAX: i64 = 1_000;

/// One log in one transaction.
pub(crate) struct Grown {
    /// Whether it is the house's own, which records the heads of the others.
    house: bool,
    /// Its tree as this transaction found it: the one that was signed.
    found: Frontier,
    /// Its tree with what was appended since.
    pub(crate) tree: Frontier,
    last_at: i64,
}

impl Tx<'_> {
    /// Loads a log once per transaction; gives the instant of its next entry, never before the last.
    pub(crate) async fn next_at(&mut self, log: &Log, origin: &str) -> Result<Instant, StoreError> {
        let now = self.now().as_millisecond();
        if !self.grown.contains_key(origin) {
            let grown = self.find(log, origin).await?;
            self.grown.insert(origin.to_owned(), grown);
        }
        let grown = self.grown.get_mut(origin).ok_or_else(|| damaged("a log vanished"))?;
        grown.last_at = grown.last_at.max(now);
        Instant::from_millisecond(grown.last_at).map_err(damaged)
    }

    async fn find(&mut self, log: &Log, origin: &str) -> Result<Grown, StoreError> {
        let (house, controller) = (log.controller().is_none(), log.controller().map(|id| id.as_str().to_owned()));
        let row = self.row("SELECT size, last_at FROM logs WHERE origin = $1", vec![origin.into()]).await?;
        let Some(row) = row else {
            let sql = "INSERT INTO logs (origin, controller, size, last_at) VALUES ($1, $2, 0, 0)";
            self.execute(sql, vec![origin.into(), controller.into()]).await?;
            return Ok(Grown { house, found: Frontier::new(), tree: Frontier::new(), last_at: 0 });
        };
        let size = unsigned(row.int("size")?)?;
        let peaks = nodes(self, origin, &Frontier::reads(size)).await?;
        let found = Frontier::load(size, &peaks).map_err(damaged)?;
        self.check_signed(origin, size, &found.root()).await?;
        Ok(Grown { house, tree: found.clone(), found, last_at: row.int("last_at")? })
    }

    /// The tree that is stored must be the one that was signed: history changed from outside is not built upon.
    pub(crate) async fn check_signed(&mut self, origin: &str, size: u64, root: &[u8; 32]) -> Result<(), StoreError> {
        let sql = "SELECT note FROM checkpoints WHERE log = $1 AND size = $2";
        let row = self.row(sql, vec![origin.into(), signed(size).into()]).await?;
        let note = row.ok_or_else(|| damaged(format!("{origin} has no checkpoint of {size} entries")))?.text("note")?;
        let checkpoint = self.store.keys.signing().verifier().checkpoint(&note).map_err(damaged)?;
        let fits = (checkpoint.origin(), checkpoint.size(), checkpoint.root()) == (origin, size, *root);
        if fits { Ok(()) } else { Err(damaged(format!("the tree of {origin} is not the one that was signed"))) }
    }

    /// Signs every log that grew, the house's last; gives the house's new checkpoint, if it has one.
    pub(crate) async fn sign_all(&mut self) -> Result<Option<Checkpoint>, StoreError> {
        let others = self.grown.iter().filter(|(_, grown)| !grown.house);
        let others: Vec<String> = others.map(|(origin, _)| origin.clone()).collect();
        let mut heads = Vec::new();
        for origin in others {
            heads.push(self.sign(&origin).await?);
        }
        for head in heads {
            let text = head.text();
            let root = text.lines().nth(2).unwrap_or_default();
            let data = serde_json::json!({ "origin": head.origin(), "size": head.size(), "root": root });
            self.append(&Log::House, "ledger.checkpointed", head.origin(), data).await?;
        }
        let house = Log::House.origin(self.store.keys.installation());
        if self.grown.contains_key(&house) { self.sign(&house).await.map(Some) } else { Ok(None) }
    }

    async fn sign(&mut self, origin: &str) -> Result<Checkpoint, StoreError> {
        self.write_waiting().await?;
        let grown = self.grown.get(origin).ok_or_else(|| damaged("a log vanished"))?;
        let (found, tree, last_at) = (grown.found.clone(), grown.tree.clone(), grown.last_at);
        if self.read_back(origin, found, tree.size()).await? != tree {
            return Err(damaged(format!("what {origin} read back is not what was appended")));
        }
        let checkpoint = Checkpoint::new(origin, tree.size(), tree.root()).map_err(damaged)?;
        let note = self.store.keys.signing().checkpoint(&checkpoint);
        let args = vec![origin.into(), signed(tree.size()).into(), note.into()];
        self.execute("INSERT INTO checkpoints (log, size, note) VALUES ($1, $2, $3)", args).await?;
        let args = vec![origin.into(), signed(tree.size()).into(), last_at.into()];
        self.execute("UPDATE logs SET size = $2, last_at = $3 WHERE origin = $1", args).await?;
        Ok(checkpoint)
    }

    /// The tree that the entries make which now stand in the database, upon the one that was found signed. It goes
    /// beyond `size` when there are more than were appended: nothing may follow what is signed.
    async fn read_back(&mut self, origin: &str, found: Frontier, size: u64) -> Result<Frontier, StoreError> {
        let mut tree = found;
        loop {
            let sql = "SELECT leaf FROM entries WHERE log = $1 AND idx >= $2 ORDER BY idx LIMIT $3";
            let last = signed(tree.size()) + LEAVES_MAX;
            let args = vec![origin.into(), signed(tree.size()).into(), LEAVES_MAX.into()];
            let rows = Ask::rows(self, sql, args).await?;
            for row in &rows {
                tree.append(leaf_hash(&row.bytes("leaf")?));
            }
            // A page that is not full is the last one.
            if signed(tree.size()) < last || tree.size() > size {
                return Ok(tree);
            }
        }
    }
}
