//! The seam between the two databases: two pools, two transactions, one way to ask.

use crate::row::{self, Arg, Cell, Row};
use crate::waiting::Statement;
use crate::{DatabaseUrl, StoreError};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, Postgres, SqlSafeStr, SqlStr, Sqlite, SqlitePool};
use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// How long a writer waits for its turn, and anyone for a connection.
const WAIT: Duration = Duration::from_secs(15);
/// How long a server may take to say that it is there.
const REACH: Duration = Duration::from_secs(10);
/// Connections for reading, per process.
const READERS_MAX: u32 = 8;
/// The PostgreSQL advisory lock that makes writers take turns ("GARANT" in ASCII).
pub(crate) const WRITER_LOCK: &str = "SELECT pg_advisory_xact_lock(78284912021076)";

/// One connection writes, so that a process's writers queue here and never keep a reader waiting.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres { read: PgPool, write: PgPool },
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
            Self::Postgres { write, .. } => {
                let mut tx = match write.begin().await {
                    Ok(tx) => DbTx::Postgres(tx),
                    Err(error) => return Err(without_connection(error, write).await),
                };
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
            Self::Postgres { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }

    /// Empties SQLite's journal, which still holds what a commit has just erased. A reader may hinder it:
    /// then the next erasure or the last connection to close does it.
    pub(crate) async fn scrub(&self) -> Result<(), StoreError> {
        if let Self::Sqlite { write, .. } = self {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(write).await?;
        }
        Ok(())
    }
}

/// Says what stands in the way before the driver does it in its own words, and makes the file for us alone.
fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let shown = path.display();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(StoreError::Unreachable(format!("the folder {} does not exist", folder.display())));
    }
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(StoreError::Unreachable(format!("{shown} is a folder, not a file"))),
        Ok(found) if found.permissions().readonly() => Err(StoreError::ReadOnly),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_file(path),
        Err(error) => Err(StoreError::Unreachable(format!("{shown}: {error}"))),
    }
}

fn make_file(path: &Path) -> Result<(), StoreError> {
    use std::io::ErrorKind;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path).map_err(|error| (error.kind(), error)) {
        Ok(_) | Err((ErrorKind::AlreadyExists, _)) => Ok(()),
        Err((ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem, _)) => Err(StoreError::ReadOnly),
        Err((ErrorKind::StorageFull, _)) => Err(StoreError::Full),
        Err((_, error)) => Err(StoreError::Unreachable(format!("{}: {error}", path.display()))),
    }
}

async fn open_sqlite(path: &Path) -> Result<Db, StoreError> {
    prepare_file(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(WAIT)
        .foreign_keys(true)
        // Deleted values are overwritten, not left in free pages: erased means gone.
        .pragma("secure_delete", "ON")
        // In pages: a command writes some thirty. Every commit is durable in the journal; moving the journal into the
        // file is what one command in a hundred may now wait for, at most.
        .pragma("wal_autocheckpoint", "4000")
        // What a statement may have to undo would go to a file of its own beside the database: slow, and one place more
        // where personal values would lie.
        .pragma("temp_store", "MEMORY")
        // Rows that may lie ready while others are worked on; with few of them two threads wait for each other in turn.
        .row_buffer_size(1_024)
        .statement_cache_capacity(256);
    let pool = |max: u32| SqlitePoolOptions::new().max_connections(max).acquire_timeout(WAIT);
    // The writer keeps whole groups of statements: fewer of them, or they take much memory.
    let write = pool(1).connect_with(options.clone().statement_cache_capacity(64)).await?;
    let read = pool(READERS_MAX).connect_with(options.pragma("query_only", "ON")).await?;
    Ok(Db::Sqlite { read, write })
}

async fn open_postgres(url: &str) -> Result<Db, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::Address("it does not parse".into()))?;
    let options = options.application_name("garant");
    // The pool would try again until its time is over, and then say only that.
    reach(&options).await?;
    let pool = |max: u32| PgPoolOptions::new().max_connections(max).acquire_timeout(WAIT);
    let write = pool(1).connect_with(options.clone()).await?;
    let read = pool(READERS_MAX).after_connect(|connection, _| Box::pin(only_reads(connection)));
    Ok(Db::Postgres { read: read.connect_with(options).await?, write })
}

async fn only_reads(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").execute(connection).await.map(drop)
}

/// Connects once, outside the pools.
async fn reach(options: &PgConnectOptions) -> Result<(), StoreError> {
    let place = format!("{}:{}", options.get_host(), options.get_port());
    let connection = tokio::time::timeout(REACH, PgConnection::connect_with(options)).await;
    let connection = connection.map_err(|_| StoreError::Unreachable(format!("{place} is silent")))?;
    match connection.map_err(StoreError::from) {
        Ok(connection) => Ok(connection.close().await?),
        Err(StoreError::Unreachable(why)) => Err(StoreError::Unreachable(format!("{place}: {why}"))),
        Err(other) => Err(other),
    }
}

/// Why a pool gave no connection in time: all of them are busy, or the server is gone.
async fn without_connection(error: sqlx::Error, pool: &PgPool) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => reach(&pool.connect_options()).await.err().unwrap_or(StoreError::Busy),
        other => other.into(),
    }
}

/// The rows of a table as they come.
pub(crate) type Walk<'a> = BoxStream<'a, Result<Vec<Cell>, StoreError>>;

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
                row::from_sqlite(&rows)
            }
            Self::Postgres(tx) => {
                let rows = bind_postgres(sqlx::query(sql), args).fetch_all(&mut **tx).await?;
                row::from_postgres(&rows)
            }
        }
    }

    /// Every row of a table, one after the other: what a table holds may be more than memory does.
    pub(crate) fn walk(&mut self, table: &str) -> Walk<'_> {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
        match self {
            Self::Sqlite(tx) => sqlx::query(sql).fetch(&mut **tx).map(|row| row::cells_sqlite(&row?)).boxed(),
            Self::Postgres(tx) => sqlx::query(sql).fetch(&mut **tx).map(|row| row::cells_postgres(&row?)).boxed(),
        }
    }

    pub(crate) async fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Arg>) -> Result<u64, StoreError> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Self::Sqlite(tx) => bind_sqlite(sqlx::query(sql), args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bind_postgres(sqlx::query(sql), args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Statements one after the other. The driver of SQLite hands each text to another thread and waits for it, which
    /// takes longer than most statements: there they go as one.
    pub(crate) async fn run(&mut self, statements: Vec<Statement>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) if statements.is_empty() => {}
            Self::Sqlite(tx) => {
                let (sql, args) = joined(statements);
                bind_sqlite(sqlx::query(AssertSqlSafe(sql)), args).execute(&mut **tx).await?;
            }
            Self::Postgres(tx) => {
                for (sql, args) in statements {
                    bind_postgres(sqlx::query(AssertSqlSafe(sql.into_owned())), args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
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

/// Statements as one text with one list of parameters; each statement's numbers follow those of the one before.
fn joined(statements: Vec<Statement>) -> (String, Vec<Arg>) {
    let (mut text, mut all) = (String::new(), Vec::new());
    for (sql, args) in statements {
        // Every second part stands between quotes: a dollar there is no parameter.
        for (at, part) in sql.split('\'').enumerate() {
            text.push_str(if at == 0 { "" } else { "'" });
            if at % 2 == 1 { text.push_str(part) } else { renumber(part, all.len(), &mut text) }
        }
        text.push_str(";\n");
        all.extend(args);
    }
    (text, all)
}

fn renumber(sql: &str, before: usize, text: &mut String) {
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        text.push('$');
        match number.parse::<usize>() {
            // Writing to a text cannot fail.
            Ok(number) => drop(write!(text, "{}", number + before)),
            Err(_) => text.push_str(number),
        }
        text.push_str(rest);
    }
}

/// A way to ask without changing anything: outside a transaction, each question sees the latest state.
///
/// Its connections refuse every statement that writes.
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

    /// Every row of a table, one after the other.
    pub(crate) fn walk(self, table: &str) -> Walk<'s> {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
        match self.db {
            Db::Sqlite { read, .. } => sqlx::query(sql).fetch(read).map(|row| row::cells_sqlite(&row?)).boxed(),
            Db::Postgres { read, .. } => sqlx::query(sql).fetch(read).map(|row| row::cells_postgres(&row?)).boxed(),
        }
    }

    pub(crate) async fn ask(&self, sql: SqlStr, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        match self.db {
            Db::Sqlite { read, .. } => {
                let rows = bind_sqlite(sqlx::query(sql), args).fetch_all(read).await?;
                row::from_sqlite(&rows)
            }
            Db::Postgres { read, .. } => match bind_postgres(sqlx::query(sql), args).fetch_all(read).await {
                Ok(rows) => row::from_postgres(&rows),
                Err(error) => Err(without_connection(error, read).await),
            },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_statements_keep_their_own_parameters() {
        let statements: Vec<Statement> = vec![
            ("UPDATE a SET b = $2 WHERE c = $1".into(), vec![1i64.into(), 2i64.into()]),
            ("DELETE FROM a".into(), vec![]),
            ("INSERT INTO a VALUES ('$1 isn''t', $1, $12)".into(), vec![3i64.into()]),
        ];
        let (sql, args) = joined(statements);
        let expected =
            "UPDATE a SET b = $2 WHERE c = $1;\nDELETE FROM a;\nINSERT INTO a VALUES ('$1 isn''t', $3, $14);\n";
        assert_eq!((sql.as_str(), args.len()), (expected, 3));
    }
}
