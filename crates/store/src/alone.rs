//! One at a time: a lock on a piece of work that ends with the process that holds it.
//!
//! Carrying out a plan takes seconds in other people's systems. Two hands on the same plan would read each
//! other's half-done work. A lock that lives in the operating system (SQLite) or in a connection of its own
//! (PostgreSQL) cannot outlive a crash, so an interrupted piece of work can be taken up at once.

use crate::db::Db;
use crate::{Store, StoreError};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::fs::{File, TryLockError};

/// The right to do one piece of work, as long as this value lives.
pub struct Alone {
    _held: Held,
}

#[expect(dead_code, reason = "both hold a lock by being alive")]
enum Held {
    File(File),
    Connection(Box<PgConnection>),
}

impl Store {
    /// Takes the work called `name`, or `None` when somebody else, here or on another server, is at it.
    ///
    /// # Errors
    /// When the lock can be neither taken nor refused.
    pub async fn alone(&self, name: &str) -> Result<Option<Alone>, StoreError> {
        let digest = Sha256::digest(name.as_bytes());
        match &self.db {
            Db::Sqlite { .. } => self.lock_file(&hex::encode(&digest[..8])),
            Db::Postgres { read, .. } => {
                let key = i64::from_be_bytes(digest[..8].try_into().unwrap_or([0; 8]));
                let mut connection = read.acquire().await?.detach();
                let sql = "SELECT pg_try_advisory_lock($1)";
                let taken: bool = sqlx::query_scalar(sql).bind(key).fetch_one(&mut connection).await?;
                Ok(taken.then(|| Alone { _held: Held::Connection(Box::new(connection)) }))
            }
        }
    }

    fn lock_file(&self, name: &str) -> Result<Option<Alone>, StoreError> {
        let Some(database) = &self.path else { return Err(StoreError::Damaged("the database has no file".into())) };
        let folder = database.with_extension("locks");
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::StorageFull => StoreError::Full,
            _ => StoreError::Unreachable(format!("{}: {error}", folder.display())),
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let file = File::create(folder.join(name)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Alone { _held: Held::File(file) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}
