//! A transaction: decide, append, project, and sign what was read back, all or nothing.

use crate::db::{Ask, DbTx};
use crate::grown::Grown;
use crate::log::signed;
use crate::row::{Arg, Row};
use crate::waiting::{self, Waiting};
use crate::{Log, Store, StoreError};
use futures_util::future::BoxFuture;
use kernel::{Actor, EntryId, Instant, SubjectId, failpoint};
use ledger::entry::{Entry, commit as commit_values};
use ledger::note::Checkpoint;
use ledger::tree::leaf_hash;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use vault::SubjectKey;

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

/// A transaction with one author at one instant. Dropped without [`Tx::commit`], it leaves nothing.
pub struct Tx<'s> {
    pub(crate) store: &'s Store,
    pub(crate) inner: DbTx,
    now: Instant,
    actor: Actor,
    /// The logs this transaction has touched, by origin.
    pub(crate) grown: BTreeMap<String, Grown>,
    /// The number of the next entry among all entries, once it is known.
    pub(crate) next_seq: Option<i64>,
    pub(crate) waiting: Waiting,
    /// Keys of people this transaction has written about.
    pub(crate) keys: HashMap<SubjectId, SubjectKey>,
    /// A step went wrong: what was done so far is not whole and must not be kept.
    pub(crate) failed: bool,
    /// Something was erased that the journal of SQLite still holds.
    scrub: bool,
}

impl<'s> Tx<'s> {
    pub(crate) async fn begin(store: &'s Store, now: Instant, actor: Actor) -> Result<Self, StoreError> {
        let inner = store.db.begin().await?;
        let (grown, keys, waiting) = (BTreeMap::new(), HashMap::new(), Waiting::default());
        let mut tx =
            Self { store, inner, now, actor, grown, next_seq: None, waiting, keys, failed: false, scrub: false };
        tx.meets().await?;
        Ok(tx)
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
        if self.waiting.hides_from(sql) {
            self.write_waiting().await?;
        }
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

    /// Changes a table; only projections and tables of passing state do this. It is done before anything is asked, at
    /// the latest at the commit.
    ///
    /// # Errors
    /// As [`Tx::rows`], for this statement or for an earlier one; or the next question says it, or the commit.
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<(), StoreError> {
        self.put(sql, args).await
    }

    /// Changes a table at once; gives the number of rows that were changed.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub async fn change(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, StoreError> {
        self.write_waiting().await?;
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

    async fn append_whole(
        &mut self,
        log: &Log,
        kind: &str,
        record: &str,
        mut data: Value,
    ) -> Result<EntryId, StoreError> {
        // As a replay finds it: the leaf's names stand in order.
        data.sort_all_objects();
        let origin = log.origin(self.store.keys.installation());
        let id = EntryId::new(self.now, self.entropy());
        let (public, disclosures) = commit_values(data.clone(), self.entropy()).map_err(damaged)?;
        let at = self.next_at(log, &origin).await?;
        let entry = Entry {
            id: id.clone(),
            log: origin.clone(),
            at,
            actor: self.actor.clone(),
            kind: kind.to_owned(),
            data: public,
        };
        let leaf = entry.to_leaf().map_err(damaged)?;
        self.grow(&origin, &entry, record, leaf).await?;
        for disclosure in &disclosures {
            self.seal(&id, disclosure).await?;
        }
        let recorded = Recorded { id: id.clone(), at, actor: self.actor.clone(), kind: kind.to_owned(), data };
        self.project(&recorded).await?;
        self.write_if_enough().await?;
        Ok(id)
    }

    pub(crate) async fn project(&mut self, recorded: &Recorded) -> Result<(), StoreError> {
        if recorded.kind == crate::subjects::ERASED {
            return self.apply_erasure(recorded).await;
        }
        let projector = self.store.projector.clone();
        projector.apply(self, recorded).await
    }

    /// Puts the entry under its log's tree; its rows wait to be written.
    async fn grow(&mut self, origin: &str, entry: &Entry, record: &str, leaf: Vec<u8>) -> Result<(), StoreError> {
        let seq = self.take_seq().await?;
        let grown = self.grown.get_mut(origin).ok_or_else(|| damaged("a log vanished"))?;
        let index = grown.tree.size();
        for node in grown.tree.append(leaf_hash(&leaf)) {
            let row = [origin.into(), i64::from(node.level).into(), signed(node.index).into(), (&node.hash).into()];
            self.waiting.add(waiting::NODES, row);
        }
        let row = [
            seq.into(),
            origin.into(),
            signed(index).into(),
            (&entry.id).into(),
            entry.at.into(),
            entry.kind.as_str().into(),
            record.into(),
            leaf.into(),
        ];
        self.waiting.add(waiting::ENTRIES, row);
        Ok(())
    }

    /// One writer at a time: who has asked once knows every number that follows.
    async fn take_seq(&mut self) -> Result<i64, StoreError> {
        let seq = match self.next_seq {
            Some(seq) => seq,
            None => {
                let sql = "SELECT COALESCE(MAX(seq), 0) + 1 AS next FROM entries";
                self.row(sql, vec![]).await?.ok_or_else(|| damaged("the entries cannot be counted"))?.int("next")?
            }
        };
        self.next_seq = Some(seq + 1);
        Ok(seq)
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
        self.write_waiting().await?;
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

    /// Undoes everything.
    ///
    /// # Errors
    /// When the connection is gone; the database then undoes it by itself.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.inner.rollback().await
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
