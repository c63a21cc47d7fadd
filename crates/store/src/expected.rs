//! A change that is only made when a record is still as its reader saw it (RFC 9110 §13.1.1).

use crate::tx::Tx;
use crate::{Ask, Store, StoreError};
use kernel::EntryId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The version of a record somebody saw; asked for once, by the first change that follows.
pub(crate) struct Expected {
    record: String,
    version: String,
    met: AtomicBool,
}

/// The version of a record: the entry that last changed it. Having been read changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn version(db: &mut impl Ask, record: &str) -> Result<Option<EntryId>, StoreError> {
    let sql = "SELECT id FROM entries WHERE record = $1 AND kind NOT LIKE '%.read' ORDER BY seq DESC LIMIT 1";
    db.rows(sql, vec![record.into()]).await?.first().map(|row| row.id("id")).transpose()
}

impl Store {
    /// The same store, whose next change is refused when `record` has another version by then. Changes are made one at a
    /// time, so nothing comes between the question and the change.
    #[must_use]
    pub fn expecting(&self, record: &str, version: &str) -> Self {
        let (record, version) = (record.to_owned(), version.to_owned());
        Self { expects: Some(Arc::new(Expected { record, version, met: AtomicBool::new(false) })), ..self.clone() }
    }
}

impl Tx<'_> {
    /// Refuses to begin when what is expected does not hold.
    pub(crate) async fn meets(&mut self) -> Result<(), StoreError> {
        let Some(expected) = self.store.expects.clone().filter(|expected| !expected.met.load(Ordering::Relaxed)) else {
            return Ok(());
        };
        let found = version(self, &expected.record).await?;
        if found.is_none_or(|found| found.as_str() != expected.version) {
            return Err(StoreError::Changed);
        }
        expected.met.store(true, Ordering::Relaxed);
        Ok(())
    }
}
