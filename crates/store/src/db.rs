//! The seam between the two databases: two pools, two transactions, one way to ask.

use crate::row::{self, Arg, Row};
use crate::{DatabaseUrl, StoreError};
use futures_util::future::BoxFuture;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, SqlSafeStr, SqlStr, Sqlite, SqlitePool};
use std::str::FromStr;
use std::time::Duration;

/// Seconds a writer waits for its turn.
const WAIT_SECONDS: u64 = 15;
/// The PostgreSQL advisory lock that makes writers take turns ("GARANT" in ASCII).
pub(crate) const WRITER_LOCK: &str = "SELECT pg_advisory_xact_lock(78284912021076)";

#[derive(Clone)]
pub(crate) enum Db {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

impl Db {
    pub(crate) async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        match url {
            DatabaseUrl::Sqlite(path) => open_sqlite(path).await,
            DatabaseUrl::Postgres(url) => open_postgres(url.expose()).await,
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    pub(crate) async fn begin(&self) -> Result<DbTx, StoreError> {
        match self {
            Self::Sqlite { write, .. } => Ok(DbTx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => {
                let mut tx = DbTx::Postgres(pool.begin().await?);
                tx.execute("SET LOCAL lock_timeout = '15s'", vec![]).await?;
                tx.execute(WRITER_LOCK, vec![]).await?;
                Ok(tx)
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(path: &std::path::Path) -> Result<Db, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(WAIT_SECONDS))
        .foreign_keys(true)
        // Deleted values are overwritten, not left in free pages: erased means gone.
        .pragma("secure_delete", "ON")
        .statement_cache_capacity(256);
    let pool =
        |max: u32| SqlitePoolOptions::new().max_connections(max).acquire_timeout(Duration::from_secs(WAIT_SECONDS));
    let write = pool(1).connect_with(options.clone()).await?;
    let read = pool(8).connect_with(options).await?;
    Ok(Db::Sqlite { read, write })
}

async fn open_postgres(url: &str) -> Result<Db, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Address("it does not parse".into()))?;
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(WAIT_SECONDS));
    Ok(Db::Postgres(pool.connect_with(options.application_name("garant")).await?))
}

pub(crate) enum DbTx {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl DbTx {
    pub(crate) async fn rows(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(tx) => {
                let rows = bind_sqlite(sqlx::query(sql), args).fetch_all(&mut **tx).await?;
                rows.iter().map(row::from_sqlite).collect()
            }
            Self::Postgres(tx) => {
                let rows = bind_postgres(sqlx::query(sql), args).fetch_all(&mut **tx).await?;
                rows.iter().map(row::from_postgres).collect()
            }
        }
    }

    pub(crate) async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<u64, StoreError> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Self::Sqlite(tx) => bind_sqlite(sqlx::query(sql), args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bind_postgres(sqlx::query(sql), args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// A way to ask without changing anything: outside a transaction, each question sees the latest state.
#[derive(Clone, Copy)]
pub struct Read<'s> {
    db: &'s Db,
}

impl<'s> Read<'s> {
    pub(crate) fn new(db: &'s Db) -> Self {
        Self { db }
    }

    /// Every row of a query written in the shared dialect, with `$1`-style parameters.
    ///
    /// # Errors
    /// When the database is down or refuses the statement.
    pub async fn rows(&self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        self.ask(SqlStr::from_static(sql), args).await
    }

    /// The only row, or none.
    ///
    /// # Errors
    /// As [`Read::rows`].
    pub async fn row(&self, sql: &'static str, args: Vec<Arg>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    pub(crate) async fn ask(&self, sql: SqlStr, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        match self.db {
            Db::Sqlite { read, .. } => {
                let rows = bind_sqlite(sqlx::query(sql), args).fetch_all(read).await?;
                rows.iter().map(row::from_sqlite).collect()
            }
            Db::Postgres(pool) => {
                let rows = bind_postgres(sqlx::query(sql), args).fetch_all(pool).await?;
                rows.iter().map(row::from_postgres).collect()
            }
        }
    }
}

/// Anything that can be asked: a [`Read`] or the transaction itself.
pub trait Ask: Send {
    /// Every row of a query.
    fn rows<'a>(&'a mut self, sql: &'static str, args: Vec<Arg>) -> BoxFuture<'a, Result<Vec<Row>, StoreError>>;
}

impl Ask for Read<'_> {
    fn rows<'a>(&'a mut self, sql: &'static str, args: Vec<Arg>) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        Box::pin(Read::rows(self, sql, args))
    }
}

fn bind_sqlite(mut query: Query<'_, Sqlite, SqliteArguments>, args: Vec<Arg>) -> Query<'_, Sqlite, SqliteArguments> {
    for arg in args {
        query = match arg {
            Arg::Int(value) => query.bind(value),
            Arg::Text(value) => query.bind(value),
            Arg::Bytes(value) => query.bind(value),
        };
    }
    query
}

fn bind_postgres(mut query: Query<'_, Postgres, PgArguments>, args: Vec<Arg>) -> Query<'_, Postgres, PgArguments> {
    for arg in args {
        query = match arg {
            Arg::Int(value) => query.bind(value),
            Arg::Text(value) => query.bind(value),
            Arg::Bytes(value) => query.bind(value),
        };
    }
    query
}
