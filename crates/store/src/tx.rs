//! A transaction: decide, append, project, and sign what was read back, all or nothing.

use crate::db::{Ask, DbTx};
use crate::log::{nodes, signed, unsigned};
use crate::row::{Arg, Row};
use crate::{Log, Store, StoreError};
use futures_util::future::BoxFuture;
use kernel::{Actor, EntryId, Instant, failpoint};
use ledger::entry::{Entry, commit as commit_values};
use ledger::note::Checkpoint;
use ledger::tree::{Frontier, leaf_hash};
use serde_json::Value;
use std::collections::BTreeMap;

/// An entry as features see it: its personal values in place, unless they have been erased.
#[derive(Clone)]
pub struct Recorded {
    /// Its identifier.
    pub id: EntryId,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: Actor,
    /// What, such as `request.received`.
    pub kind: String,
    /// The event.
    pub data: Value,
}

struct Head {
    controller: Option<String>,
    from: u64,
    frontier: Frontier,
    last_at: i64,
}

/// A transaction with one author at one instant. Dropped without [`Tx::commit`], it leaves nothing.
pub struct Tx<'s> {
    pub(crate) store: &'s Store,
    pub(crate) inner: DbTx,
    now: Instant,
    actor: Actor,
    heads: BTreeMap<String, Head>,
    /// A step went wrong: what was done so far is not whole and must not be kept.
    failed: bool,
    /// Something was erased that the journal of SQLite still holds.
    scrub: bool,
}

impl<'s> Tx<'s> {
    pub(crate) async fn begin(store: &'s Store, now: Instant, actor: Actor) -> Result<Self, StoreError> {
        let inner = store.db.begin().await?;
        Ok(Self { store, inner, now, actor, heads: BTreeMap::new(), failed: false, scrub: false })
    }

    /// The instant of this transaction.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Its author.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The source of randomness.
    #[must_use]
    pub fn entropy(&self) -> &'s dyn kernel::Entropy {
        &*self.store.entropy
    }

    /// Every row of a query, as this transaction sees it.
    ///
    /// # Errors
    /// When the database is down or refuses the statement.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        let rows = self.inner.rows(sql, args).await;
        self.failed |= rows.is_err();
        rows
    }

    /// The only row, or none.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub async fn row(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Changes a table; only projections and tables of passing state do this.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, StoreError> {
        let changed = self.inner.execute(sql, args).await;
        self.failed |= changed.is_err();
        changed
    }

    pub(crate) fn scrub_after_commit(&mut self) {
        self.scrub = true;
    }

    /// Appends an event to `log` and applies it to the tables. `record` is the id of the thing it is about.
    ///
    /// # Errors
    /// When the entry cannot be stored: then nothing of this transaction can be committed any more.
    pub async fn append(&mut self, log: &Log, kind: &str, record: &str, data: Value) -> Result<EntryId, StoreError> {
        let appended = self.append_whole(log, kind, record, data).await;
        self.failed |= appended.is_err();
        appended
    }

    async fn append_whole(&mut self, log: &Log, kind: &str, record: &str, data: Value) -> Result<EntryId, StoreError> {
        let origin = log.origin(self.store.keys.installation());
        let id = EntryId::new(self.now, self.entropy());
        let (public, disclosures) = commit_values(data.clone(), self.entropy()).map_err(damaged)?;
        let at = self.head(log, &origin).await?;
        let entry = Entry {
            id: id.clone(),
            log: origin.clone(),
            at,
            actor: self.actor.clone(),
            kind: kind.to_owned(),
            data: public,
        };
        let leaf = entry.to_leaf().map_err(damaged)?;
        self.insert(&origin, &entry, record, leaf).await?;
        for disclosure in &disclosures {
            self.seal(&id, disclosure).await?;
        }
        let recorded = Recorded { id: id.clone(), at, actor: self.actor.clone(), kind: kind.to_owned(), data };
        self.project(&recorded).await?;
        Ok(id)
    }

    pub(crate) async fn project(&mut self, recorded: &Recorded) -> Result<(), StoreError> {
        if recorded.kind == crate::subjects::ERASED {
            return self.apply_erasure(recorded).await;
        }
        let projector = self.store.projector.clone();
        projector.apply(self, recorded).await
    }

    /// Loads the head of a log once per transaction; gives the instant of the next entry, never before the last.
    async fn head(&mut self, log: &Log, origin: &str) -> Result<Instant, StoreError> {
        if !self.heads.contains_key(origin) {
            let head = self.load_head(log, origin).await?;
            self.heads.insert(origin.to_owned(), head);
        }
        let head = self.heads.get_mut(origin).ok_or_else(|| StoreError::Damaged("a log head vanished".into()))?;
        head.last_at = head.last_at.max(self.now.as_millisecond());
        Instant::from_millisecond(head.last_at).map_err(|e| StoreError::Damaged(e.to_string()))
    }

    async fn load_head(&mut self, log: &Log, origin: &str) -> Result<Head, StoreError> {
        let controller = log.controller().map(|id| id.as_str().to_owned());
        let row = self.row("SELECT size, last_at FROM logs WHERE origin = $1", vec![origin.into()]).await?;
        let Some(row) = row else {
            let sql = "INSERT INTO logs (origin, controller, size, last_at) VALUES ($1, $2, 0, 0)";
            self.execute(sql, vec![origin.into(), controller.clone().into()]).await?;
            return Ok(Head { controller, from: 0, frontier: Frontier::new(), last_at: 0 });
        };
        let size = unsigned(row.int("size")?)?;
        let found = nodes(self, origin, &Frontier::reads(size)).await?;
        let frontier = Frontier::load(size, &found).map_err(damaged)?;
        self.check_signed(origin, size, &frontier.root()).await?;
        Ok(Head { controller, from: size, frontier, last_at: row.int("last_at")? })
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

    async fn insert(&mut self, origin: &str, entry: &Entry, record: &str, leaf: Vec<u8>) -> Result<(), StoreError> {
        let head = self.heads.get_mut(origin).ok_or_else(|| StoreError::Damaged("a log head vanished".into()))?;
        let index = head.frontier.size();
        let new_nodes = head.frontier.append(leaf_hash(&leaf));
        let sql = "INSERT INTO entries (seq, log, idx, id, at, kind, record, leaf) \
                   SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM entries";
        let args = vec![
            origin.into(),
            signed(index).into(),
            (&entry.id).into(),
            entry.at.into(),
            entry.kind.as_str().into(),
            record.into(),
            leaf.into(),
        ];
        self.execute(sql, args).await?;
        for node in new_nodes {
            let args =
                vec![origin.into(), i64::from(node.level).into(), signed(node.index).into(), (&node.hash).into()];
            self.execute("INSERT INTO nodes (log, level, idx, hash) VALUES ($1, $2, $3, $4)", args).await?;
        }
        Ok(())
    }

    /// Reads back what was appended, signs each log's new head, records those heads in the house's log,
    /// and makes it all durable.
    ///
    /// # Errors
    /// When an earlier step failed, what was read back differs, or the database fails: then nothing is kept.
    /// Only when the answer to the last statement is lost, and the database stays away, is it not known.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Statement("an earlier step of this transaction failed".into()));
        }
        let note = self.sign_all().await?;
        let (store, scrub) = (self.store, self.scrub);
        failpoint::hit("store.before_commit");
        match self.inner.commit().await {
            Err(StoreError::Unreachable(why)) => settle(store, note, why).await?,
            other => other?,
        }
        failpoint::hit("store.after_commit");
        if scrub && let Err(error) = store.db.scrub().await {
            // What was committed stands; the next erasure or the last connection to close empties the journal.
            tracing::warn!(%error, "the journal still holds what was erased");
        }
        Ok(())
    }

    /// Signs every log that grew, the house's last; gives the house's new checkpoint, if it has one.
    async fn sign_all(&mut self) -> Result<Option<Checkpoint>, StoreError> {
        let origins: Vec<String> =
            self.heads.iter().filter(|(_, head)| head.controller.is_some()).map(|(origin, _)| origin.clone()).collect();
        for origin in origins {
            let checkpoint = self.sign(&origin).await?;
            let text = checkpoint.text();
            let root = text.lines().nth(2).unwrap_or_default();
            let data = serde_json::json!({ "origin": checkpoint.origin(), "size": checkpoint.size(), "root": root });
            self.append(&Log::House, "ledger.checkpointed", &origin, data).await?;
        }
        let house = Log::House.origin(self.store.keys.installation());
        if self.heads.contains_key(&house) { self.sign(&house).await.map(Some) } else { Ok(None) }
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// When the connection is gone; the database then undoes it by itself.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.inner.rollback().await
    }

    async fn sign(&mut self, origin: &str) -> Result<Checkpoint, StoreError> {
        let (from, size, root, last_at) = {
            let head = self.heads.get(origin).ok_or_else(|| StoreError::Damaged("a log head vanished".into()))?;
            (head.from, head.frontier.size(), head.frontier.root(), head.last_at)
        };
        self.read_back(origin, from, size, &root).await?;
        let checkpoint = Checkpoint::new(origin, size, root).map_err(damaged)?;
        let note = self.store.keys.signing().checkpoint(&checkpoint);
        let args = vec![origin.into(), signed(size).into(), note.into()];
        self.execute("INSERT INTO checkpoints (log, size, note) VALUES ($1, $2, $3)", args).await?;
        let args = vec![origin.into(), signed(size).into(), last_at.into()];
        self.execute("UPDATE logs SET size = $2, last_at = $3 WHERE origin = $1", args).await?;
        Ok(checkpoint)
    }

    /// What is signed has first been read back and hashed again.
    async fn read_back(&mut self, origin: &str, from: u64, size: u64, root: &[u8; 32]) -> Result<(), StoreError> {
        let different = || StoreError::Damaged(format!("what {origin} read back is not what was appended"));
        let mut frontier =
            Frontier::load(from, &nodes(self, origin, &Frontier::reads(from)).await?).map_err(damaged)?;
        let sql = "SELECT leaf FROM entries WHERE log = $1 AND idx >= $2 ORDER BY idx";
        for row in self.rows(sql, vec![origin.into(), signed(from).into()]).await? {
            frontier.append(leaf_hash(&row.bytes("leaf")?));
        }
        if frontier.size() == size && frontier.root() == *root { Ok(()) } else { Err(different()) }
    }
}

/// The answer to the commit was lost. Once our turn to write has come again the old transaction has ended,
/// one way or the other: its checkpoint is there, or it never will be.
async fn settle(store: &Store, checkpoint: Option<Checkpoint>, why: String) -> Result<(), StoreError> {
    let unknown = || StoreError::Unreachable(format!("{why}; whether the last change was kept is not known"));
    let checkpoint = checkpoint.ok_or_else(unknown)?;
    let mut tx = store.db.begin().await.map_err(|_| unknown())?;
    let sql = "SELECT note FROM checkpoints WHERE log = $1 AND size = $2";
    let args = vec![checkpoint.origin().into(), signed(checkpoint.size()).into()];
    let rows = tx.rows(sql, args).await.map_err(|_| unknown())?;
    let note = store.keys.signing().checkpoint(&checkpoint);
    let kept = rows.first().is_some_and(|row| row.text("note").is_ok_and(|text| text == note));
    if kept { Ok(()) } else { Err(StoreError::Unreachable(format!("{why}; nothing was kept"))) }
}

impl Ask for Tx<'_> {
    fn rows<'a>(&'a mut self, sql: &'static str, args: Vec<Arg>) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        Box::pin(Tx::rows(self, sql, args))
    }
}

pub(crate) fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}
