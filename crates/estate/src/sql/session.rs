//! Connections: opened for one piece of work, closed after it.

use super::{Cell, postgres, sqlite};
use crate::{address::Address, address::Kind, fault::Fault, limits::Limits};
use futures_util::StreamExt as _;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection, TypeInfo as _, ValueRef as _,
    postgres::PgRow, sqlite::SqliteRow,
};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// A reachable system: its address and limits. It holds no open connection; each verb opens its own.
#[derive(Clone, Debug)]
pub struct System {
    address: Address,
    limits: Limits,
}

/// Tries the address and gives the system back when it answers.
///
/// A `SQLite` file must exist: it is never created.
pub async fn connect(address: Address, limits: Limits) -> Result<System, Fault> {
    let system = System { address, limits };
    system.reader().await?.close().await;
    Ok(system)
}

impl System {
    /// Which kind of database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.address.kind()
    }

    /// Where it is, without any secret.
    #[must_use]
    pub fn place(&self) -> String {
        self.address.to_string()
    }

    /// The bounds it is used under.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A session that the database itself keeps from writing.
    pub(crate) async fn reader(&self) -> Result<Session, Fault> {
        self.open(false).await
    }

    /// A session that may write.
    pub(crate) async fn writer(&self) -> Result<Session, Fault> {
        self.open(true).await
    }

    async fn open(&self, write: bool) -> Result<Session, Fault> {
        let wait = Duration::from_secs(self.limits.connect_seconds);
        let stop = Arc::new(AtomicBool::new(false));
        let opening = async {
            match self.address.kind() {
                Kind::Sqlite => sqlite::open(&self.address, &self.limits, write, &stop).await.map(Line::Sqlite),
                Kind::Postgres => postgres::open(&self.address, &self.limits, write).await.map(Line::Postgres),
            }
        };
        let line = tokio::time::timeout(wait, opening).await.map_err(|_| Fault::Unreachable)??;
        Ok(Session { line, stop, seconds: self.limits.statement_seconds })
    }
}

enum Line {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// How a COMMIT ended.
pub(crate) enum Commit {
    /// The database said yes.
    Done,
    /// The database said no: nothing was kept.
    Refused(Fault),
    /// No answer: it may have happened or not.
    Unknown,
}

/// One open connection.
pub(crate) struct Session {
    line: Line,
    stop: Arc<AtomicBool>,
    seconds: u64,
}

impl Session {
    pub(crate) fn kind(&self) -> Kind {
        match self.line {
            Line::Sqlite(_) => Kind::Sqlite,
            Line::Postgres(_) => Kind::Postgres,
        }
    }

    /// Streams the rows of `sql` into `each`; an error of `each` ends the stream.
    pub(crate) async fn each<E: From<Fault>>(
        &mut self,
        sql: &str,
        binds: &[Cell],
        mut each: impl FnMut(Vec<Cell>) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let (seconds, stop) = (self.seconds, Arc::clone(&self.stop));
        match &mut self.line {
            Line::Sqlite(line) => {
                let mut rows = bind_sqlite(sql, binds).fetch(line);
                while let Some(row) = in_time(seconds, &stop, rows.next()).await? {
                    each(sqlite_row(&row.map_err(Fault::from)?)?)?;
                }
            }
            Line::Postgres(line) => {
                let mut rows = bind_postgres(sql, binds).fetch(line);
                while let Some(row) = in_time(seconds, &stop, rows.next()).await? {
                    each(postgres_row(&row.map_err(Fault::from)?)?)?;
                }
            }
        }
        Ok(())
    }

    /// All rows of `sql`; for answers that are known to be short.
    pub(crate) async fn rows(&mut self, sql: &str, binds: &[Cell]) -> Result<Vec<Vec<Cell>>, Fault> {
        let mut rows = Vec::new();
        self.each::<Fault>(sql, binds, |row| {
            rows.push(row);
            Ok(())
        })
        .await?;
        Ok(rows)
    }

    /// The single number that `sql` answers.
    pub(crate) async fn number(&mut self, sql: &str, binds: &[Cell]) -> Result<u64, Fault> {
        let rows = self.rows(sql, binds).await?;
        let number = rows.first().and_then(|row| row.first()).map_or(0, Cell::number);
        Ok(u64::try_from(number).unwrap_or_default())
    }

    /// Runs `sql` and counts the rows it touched.
    pub(crate) async fn execute(&mut self, sql: &str, binds: &[Cell]) -> Result<u64, Fault> {
        let (seconds, stop) = (self.seconds, Arc::clone(&self.stop));
        Ok(match &mut self.line {
            Line::Sqlite(line) => {
                in_time(seconds, &stop, bind_sqlite(sql, binds).execute(line)).await??.rows_affected()
            }
            Line::Postgres(line) => {
                in_time(seconds, &stop, bind_postgres(sql, binds).execute(line)).await??.rows_affected()
            }
        })
    }

    /// Opens the transaction in which rows are counted, compared and changed: nobody's later change is seen.
    pub(crate) async fn begin(&mut self, write: bool) -> Result<(), Fault> {
        let sql = match (self.kind(), write) {
            (Kind::Sqlite, true) => "BEGIN IMMEDIATE",
            (Kind::Sqlite, false) => "BEGIN",
            (Kind::Postgres, true) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE",
            (Kind::Postgres, false) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.execute(sql, &[]).await.map(drop)
    }

    /// Gives everything back. A broken connection rolls back by itself.
    pub(crate) async fn rollback(mut self) {
        drop(self.execute("ROLLBACK", &[]).await);
        self.close().await;
    }

    /// Commits and says what is known of the outcome.
    pub(crate) async fn commit(&mut self) -> Commit {
        match self.execute("COMMIT", &[]).await {
            Ok(_) => Commit::Done,
            // The server gave a reason: the transaction is over and nothing of it was kept.
            Err(fault @ (Fault::Constraint | Fault::Conflict | Fault::Locked | Fault::DiskFull | Fault::ReadOnly)) => {
                Commit::Refused(fault)
            }
            Err(_) => Commit::Unknown,
        }
    }

    pub(crate) async fn close(self) {
        match self.line {
            Line::Sqlite(line) => drop(line.close().await),
            Line::Postgres(line) => drop(line.close().await),
        }
    }
}

/// Waits at most `seconds`; a running `SQLite` statement is told to stop.
async fn in_time<T>(seconds: u64, stop: &AtomicBool, work: impl Future<Output = T>) -> Result<T, Fault> {
    let wait = Duration::from_secs(seconds.saturating_add(1));
    tokio::time::timeout(wait, work).await.map_err(|_| {
        stop.store(true, Ordering::Relaxed);
        Fault::TooSlow
    })
}

type Bound<'q, D, A> = sqlx::query::Query<'q, D, A>;

fn bind_sqlite<'q>(sql: &str, binds: &'q [Cell]) -> Bound<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments> {
    // Every name inside came through `text::quote`, every value is bound below.
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for cell in binds {
        query = match cell {
            Cell::Null => query.bind(None::<String>),
            Cell::Integer(number) => query.bind(*number),
            Cell::Real(number) => query.bind(*number),
            Cell::Text(text) => query.bind(text.as_str()),
            Cell::Blob(bytes) => query.bind(bytes.as_slice()),
        };
    }
    query
}

fn bind_postgres<'q>(sql: &str, binds: &'q [Cell]) -> Bound<'q, sqlx::Postgres, sqlx::postgres::PgArguments> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for cell in binds {
        query = match cell {
            Cell::Text(text) => query.bind(text.as_str()),
            Cell::Integer(number) => query.bind(*number),
            Cell::Real(number) => query.bind(*number),
            Cell::Blob(bytes) => query.bind(bytes.as_slice()),
            Cell::Null => query.bind(None::<&str>),
        };
    }
    query
}

fn sqlite_row(row: &SqliteRow) -> Result<Vec<Cell>, Fault> {
    (0..row.len()).map(|at| sqlite_cell(row, at).map_err(Fault::from)).collect()
}

fn sqlite_cell(row: &SqliteRow, at: usize) -> Result<Cell, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Cell::Null);
    }
    let name = raw.type_info().name().to_owned();
    Ok(match name.as_str() {
        "INTEGER" => Cell::Integer(row.try_get_unchecked(at)?),
        "REAL" => Cell::Real(row.try_get_unchecked(at)?),
        // A text that is not UTF-8 is kept as its bytes.
        "TEXT" => match String::from_utf8(row.try_get_unchecked::<Vec<u8>, _>(at)?) {
            Ok(text) => Cell::Text(text),
            Err(error) => Cell::Blob(error.into_bytes()),
        },
        _ => Cell::Blob(row.try_get_unchecked(at)?),
    })
}

fn postgres_row(row: &PgRow) -> Result<Vec<Cell>, Fault> {
    (0..row.len())
        .map(|at| {
            let text: Option<String> = row.try_get_unchecked(at).map_err(Fault::from)?;
            Ok(text.map_or(Cell::Null, Cell::Text))
        })
        .collect()
}
