//! Our own database: connections, transactions that append to the ledger and project, migrations.
//!
//! SQLite in one file by default, PostgreSQL for several servers; each query is written once, in the
//! dialect both share. The only crate that names our driver. It serves the first invariant: the
//! ledger is the truth, and every table is a projection that [`Store::replay`] can rebuild.
//!
//! There is one writer at a time on either database: `BEGIN IMMEDIATE` on SQLite, an advisory lock
//! on PostgreSQL. Decisions are therefore serial, and the ledger has one order.

mod address;
mod alone;
mod audit;
mod blobs;
mod db;
mod error;
mod expected;
mod grown;
mod head;
mod identity;
mod keys;
mod lease;
mod log;
mod replay;
mod row;
pub mod schema;
mod secrets;
mod subjects;
mod tx;
mod waiting;

pub use address::DatabaseUrl;
pub use alone::Alone;
pub use blobs::BLOB_BYTES_MAX;
pub use db::{Ask, Read};
pub use error::StoreError;
pub use expected::version;
pub use keys::Keys;
pub use log::{ExportedLog, Log, LogHead};
pub use replay::{Replay, TableDifference};
pub use row::{Arg, Row};
pub use schema::{Columns, Schema, TableSpec};
pub use tx::{Recorded, Tx};

use futures_util::future::BoxFuture;
use std::sync::Arc;

/// What turns entries into tables; the product's features together.
///
/// Applying may not fail for reasons of its own and has no effect outside the transaction.
pub trait Projector: Send + Sync {
    /// Applies one entry to the tables.
    fn apply<'a>(&'a self, tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>>;
    /// Every table, of whom its columns speak, and whether it can be rebuilt.
    fn schema(&self) -> &Schema;
}

/// The database with its keys and its projector. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: db::Db,
    pub(crate) keys: Arc<Keys>,
    pub(crate) projector: Arc<dyn Projector>,
    pub(crate) entropy: Arc<dyn kernel::Entropy>,
    /// What must still hold when the next change is made.
    pub(crate) expects: Option<Arc<expected::Expected>>,
    /// The file, when the database is one.
    pub(crate) path: Option<std::path::PathBuf>,
}

impl Store {
    /// Opens the database at `url`, creating file and tables when they are missing.
    ///
    /// # Errors
    /// When it cannot be reached, is read-only, was made by another version, or belongs to other keys.
    pub async fn open(
        url: &DatabaseUrl,
        keys: Keys,
        projector: Arc<dyn Projector>,
        entropy: Arc<dyn kernel::Entropy>,
    ) -> Result<Self, StoreError> {
        let db = db::Db::open(url).await?;
        schema::migrate(&db, projector.schema()).await?;
        identity::check(&db, &keys).await?;
        let path = match url {
            DatabaseUrl::Sqlite(path) => Some(path.clone()),
            DatabaseUrl::Postgres(_) => None,
        };
        Ok(Self { db, keys: Arc::new(keys), projector, entropy, expects: None, path })
    }

    /// The source of randomness this installation uses.
    #[must_use]
    pub fn entropy(&self) -> &dyn kernel::Entropy {
        &*self.entropy
    }

    /// The schema of every table.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        self.projector.schema()
    }

    /// The keys of this installation.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// A connection for reading; see [`Read`].
    #[must_use]
    pub fn read(&self) -> Read<'_> {
        Read::new(&self.db)
    }

    /// Starts a transaction in which `actor` acts at `now`. Nothing is kept unless it is committed.
    ///
    /// # Errors
    /// When the database is down, locked for too long, or read-only.
    pub async fn begin(&self, now: kernel::Instant, actor: kernel::Actor) -> Result<Tx<'_>, StoreError> {
        Tx::begin(self, now, actor).await
    }

    /// Closes every connection; the file is then complete.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
