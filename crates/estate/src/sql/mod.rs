//! The seam between the two SQL dialects; the only place where their driver is named.
//!
//! A session runs statements built from quoted catalogue names, binds every value, and hands rows
//! back as [`Cell`]s. `PostgreSQL` columns are always read as text, so that any type it knows has
//! one exact form; `SQLite` values keep their own storage class.

mod cell;
mod postgres;
mod session;
mod sqlite;
pub(crate) mod text;

pub(crate) use cell::Cell;
pub(crate) use postgres::tables as postgres_tables;
pub(crate) use session::{Commit, Session};
pub use session::{System, connect};
pub(crate) use sqlite::tables as sqlite_tables;
