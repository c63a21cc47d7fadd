//! The high-water mark: the newest signed checkpoint of the house's log, in a file outside the database.
//!
//! A database put back from an old copy is whole in itself; only something beside it can tell that
//! entries are gone. Forgetting what was signed is forgetting who was erased (Art. 17), so it is told
//! at start, before anything is done.

use crate::log::{Log, nodes, unsigned};
use crate::tx::damaged;
use crate::{Store, StoreError};
use ledger::note::{Checkpoint, NOTE_BYTES_MAX};
use ledger::tree;
use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

impl Store {
    /// Compares the database with the checkpoint in `file`; where there is no file yet, nothing is known.
    ///
    /// # Errors
    /// [`StoreError::RolledBack`] when the database is older, [`StoreError::Damaged`] when its history is
    /// another or the file is not ours, [`StoreError::Keys`] when the file cannot be read.
    pub async fn check_head(&self, file: &Path) -> Result<(), StoreError> {
        let Some(noted) = self.noted_head(file)? else { return Ok(()) };
        let held = self.house_size().await?;
        if held < noted.size() {
            return Err(StoreError::RolledBack { held, signed: noted.size() });
        }
        let found = nodes(&mut self.read(), noted.origin(), &tree::root_reads(noted.size())).await?;
        if tree::root(&found, noted.size()).map_err(damaged)? == noted.root() {
            return Ok(());
        }
        Err(StoreError::Damaged("the database's history is not the one this installation has already signed".into()))
    }

    /// Keeps the newest checkpoint of the house's log in `file`, replaced in one step. It never goes back.
    ///
    /// # Errors
    /// As [`Store::check_head`], or when the file cannot be written.
    pub async fn note_head(&self, file: &Path) -> Result<(), StoreError> {
        self.check_head(file).await?;
        let origin = Log::House.origin(self.keys.installation());
        let sql = "SELECT note FROM checkpoints WHERE log = $1 ORDER BY size DESC LIMIT 1";
        match self.read().row(sql, vec![origin.into()]).await? {
            Some(row) => replace(file, &row.text("note")?).map_err(|error| unusable(file, &error)),
            None => Ok(()),
        }
    }

    fn noted_head(&self, file: &Path) -> Result<Option<Checkpoint>, StoreError> {
        let note = match read(file) {
            Ok(note) => note,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(file, &error)),
        };
        let noted = self.keys.signing().verifier().checkpoint(&note).ok();
        let ours = noted.filter(|noted| noted.origin() == Log::House.origin(self.keys.installation()));
        let changed =
            || StoreError::Damaged(format!("{} is not a checkpoint this installation signed", file.display()));
        ours.map(Some).ok_or_else(changed)
    }

    async fn house_size(&self) -> Result<u64, StoreError> {
        let origin = Log::House.origin(self.keys.installation());
        let row = self.read().row("SELECT size FROM logs WHERE origin = $1", vec![origin.into()]).await?;
        row.map_or(Ok(0), |row| unsigned(row.int("size")?))
    }
}

fn read(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let limit = u64::try_from(NOTE_BYTES_MAX).unwrap_or(u64::MAX);
    match fs::File::open(file)?.take(limit).read_to_string(&mut text) {
        // What is no text is no checkpoint either.
        Err(error) if error.kind() == ErrorKind::InvalidData => Ok(String::new()),
        other => other.map(|_| text),
    }
}

/// Written beside, made durable, then renamed: a crash leaves the old file or the new one.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = file.with_extension(format!("new-{}", std::process::id()));
    let mut new = fs::File::create(&beside)?;
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    fs::rename(&beside, file)
}

fn unusable(file: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Keys(format!("{}: {error}", file.display()))
}
