//! What the database alone can do: rows as large as an entry, one statement each, as durable as the store's.

use crate::house::Failure;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::path::Path;

/// An entry of the sample takes about so many bytes: its leaf and its columns.
const ROW_BYTES: usize = 400;
const TABLE: &str = "CREATE TABLE yardstick (id TEXT PRIMARY KEY, row TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO yardstick (id, row) VALUES ($1, $2)";

/// A table of plain rows.
pub(crate) struct Yardstick {
    pool: Pool,
    rows: std::cell::Cell<u64>,
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Yardstick {
    /// In a file of its own, opened as the store opens its file.
    pub(crate) async fn sqlite(folder: &Path) -> Result<Self, Failure> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("yardstick.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON");
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::query(TABLE).execute(&pool).await?;
        Ok(Self { pool: Pool::Sqlite(pool), rows: 0.into() })
    }

    /// In the database at `url`.
    pub(crate) async fn postgres(url: &str) -> Result<Self, Failure> {
        let pool = PgPool::connect(url).await?;
        sqlx::query(TABLE).execute(&pool).await?;
        Ok(Self { pool: Pool::Postgres(pool), rows: 0.into() })
    }

    /// Inserts `count` rows, `batch` to a transaction.
    pub(crate) async fn insert(&self, count: usize, batch: usize) -> Result<(), Failure> {
        let row = "x".repeat(ROW_BYTES);
        for _ in 0..count / batch {
            match &self.pool {
                Pool::Sqlite(pool) => {
                    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                    for _ in 0..batch {
                        sqlx::query(INSERT).bind(self.id()).bind(&row).execute(&mut *tx).await?;
                    }
                    tx.commit().await?;
                }
                Pool::Postgres(pool) => {
                    let mut tx = pool.begin().await?;
                    for _ in 0..batch {
                        sqlx::query(INSERT).bind(self.id()).bind(&row).execute(&mut *tx).await?;
                    }
                    tx.commit().await?;
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    fn id(&self) -> String {
        self.rows.set(self.rows.get() + 1);
        format!("{:026}", self.rows.get())
    }
}
