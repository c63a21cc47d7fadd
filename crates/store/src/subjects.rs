//! Data subjects: their keys, the values sealed under them, and erasure by destroying the key.

use crate::tx::{Recorded, Tx, damaged};
use crate::waiting::{KEYS, VALUES};
use crate::{Log, Store, StoreError};
use kernel::{EntryId, SubjectId};
use ledger::entry::{Disclosure, Entry, restore};
use serde_json::Value;
use vault::SubjectKey;

/// The kind of the entry that erases a person.
pub(crate) const ERASED: &str = "subject.erased";

/// So many keys are kept at hand in one transaction.
const KEYS_MAX: usize = 4_096;

impl Tx<'_> {
    pub(crate) async fn seal(&mut self, entry: &EntryId, disclosure: &Disclosure) -> Result<(), StoreError> {
        let key = self.subject_key(&disclosure.subject).await?;
        let plain = serde_json::to_vec(&(&disclosure.value, hex::encode(disclosure.salt)))?;
        let sealed = key.seal(&aad(entry, &disclosure.pointer), &plain, self.entropy()).map_err(damaged)?;
        let pointer = disclosure.pointer.as_str();
        self.waiting.add(VALUES, [entry.into(), pointer.into(), (&disclosure.subject).into(), sealed.into()]);
        Ok(())
    }

    /// The person's key, made on first use. A destroyed key is never made again.
    pub(crate) async fn subject_key(&mut self, subject: &SubjectId) -> Result<SubjectKey, StoreError> {
        if let Some(key) = self.keys.get(subject) {
            return Ok(key.clone());
        }
        if self.keys.len() >= KEYS_MAX {
            // Those of them that wait to be written must be found again.
            self.write_waiting().await?;
            self.keys.clear();
        }
        let master = self.store.keys.master();
        // Asked past what waits: a key that waits is at hand.
        let sql = "SELECT wrapped, destroyed_at FROM subject_keys WHERE subject = $1";
        let rows = self.inner.rows(sql, vec![subject.into()]).await;
        self.failed |= rows.is_err();
        let row = rows?.into_iter().next();
        let key = match row {
            Some(row) if row.opt_int("destroyed_at")?.is_some() => return Err(StoreError::Erased),
            Some(row) => SubjectKey::unwrap(&row.bytes("wrapped")?, master, subject).map_err(unusable)?,
            None => {
                let key = SubjectKey::generate(self.entropy());
                let wrapped = key.wrap(master, subject, self.entropy()).map_err(unusable)?;
                let now = self.now();
                self.waiting.add(KEYS, [subject.into(), wrapped.into(), now.into()]);
                key
            }
        };
        self.keys.insert(subject.clone(), key.clone());
        Ok(key)
    }

    /// Erases a person: their key, every sealed value and every classified column. The entry that says
    /// so goes to `log`; every proof still verifies, and nothing can be shown or guessed any more.
    ///
    /// # Errors
    /// When the database fails: then nothing is erased.
    pub async fn erase_subject(&mut self, log: &Log, record: &str, subject: &SubjectId) -> Result<EntryId, StoreError> {
        self.append(log, ERASED, record, serde_json::json!({ "subject": subject })).await
    }

    /// What the entry means for the tables. The key goes here too: a replay over keys restored from an
    /// older backup erases again, and one who was never named before gets no key later.
    pub(crate) async fn apply_erasure(&mut self, recorded: &Recorded) -> Result<(), StoreError> {
        let subject: SubjectId = serde_json::from_value(recorded.data["subject"].clone())?;
        let sql = "INSERT INTO subject_keys (subject, wrapped, made_at, destroyed_at) VALUES ($1, NULL, $2, $2) \
                   ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, \
                   destroyed_at = COALESCE(subject_keys.destroyed_at, $2)";
        self.keys.remove(&subject);
        self.execute(sql, vec![(&subject).into(), recorded.at.into()]).await?;
        self.scrub_after_commit();
        for statement in self.store.schema().erasing() {
            self.put(statement, vec![(&subject).into()]).await?;
        }
        // A key is asked for past what waits.
        self.write_waiting().await
    }
}

fn unusable(error: vault::VaultError) -> StoreError {
    StoreError::Keys(error.to_string())
}

fn aad(entry: &EntryId, pointer: &str) -> String {
    format!("{entry}{pointer}")
}

impl Store {
    /// The personal values of an entry that still exist, with the salts that open their commitments.
    ///
    /// # Errors
    /// When a sealed value does not open under its person's key.
    pub async fn disclosures(&self, entry: &EntryId) -> Result<Vec<Disclosure>, StoreError> {
        let sql = "SELECT v.pointer, v.subject, v.sealed, k.wrapped FROM sealed_values v \
                   JOIN subject_keys k ON k.subject = v.subject WHERE v.entry = $1 AND k.destroyed_at IS NULL ORDER BY v.pointer";
        let rows = self.read().rows(sql, vec![entry.into()]).await?;
        rows.iter().map(|row| self.unseal(entry, row)).collect()
    }

    pub(crate) fn unseal(&self, entry: &EntryId, row: &crate::Row) -> Result<Disclosure, StoreError> {
        let subject: SubjectId = row.id("subject")?;
        let pointer = row.text("pointer")?;
        let key = SubjectKey::unwrap(&row.bytes("wrapped")?, self.keys.master(), &subject).map_err(unusable)?;
        let plain = key.open(&aad(entry, &pointer), &row.bytes("sealed")?).map_err(damaged)?;
        let (value, salt): (Value, String) = serde_json::from_slice(plain.expose())?;
        let salt = hex::decode(salt)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| damaged("a salt is damaged"))?;
        Ok(Disclosure { pointer, subject, value, salt })
    }

    /// An entry with its personal values put back where they still exist.
    ///
    /// # Errors
    /// When the leaf or a sealed value is damaged.
    pub async fn recorded(&self, leaf: &[u8]) -> Result<Recorded, StoreError> {
        let entry = Entry::from_leaf(leaf).map_err(damaged)?;
        let disclosures = self.disclosures(&entry.id).await?;
        let data = restore(entry.data, &disclosures).map_err(damaged)?;
        Ok(Recorded { id: entry.id, at: entry.at, actor: entry.actor, kind: entry.kind, data })
    }
}
