//! Where our database lives.

use crate::StoreError;
use kernel::Secret;
use std::path::{Path, PathBuf};

/// A database address: unprintable, because it may hold a password.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A SQLite file, created when missing.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(Secret<String>),
}

impl DatabaseUrl {
    /// Reads `sqlite:/path`, `postgres://…` or a bare path.
    ///
    /// # Errors
    /// [`StoreError::Address`] for another scheme.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(Secret::new(text.to_owned())));
        }
        if let Some(path) = text.strip_prefix("sqlite:") {
            return Ok(Self::Sqlite(Path::new(path.trim_start_matches("//")).to_owned()));
        }
        match text.split_once("://") {
            Some((scheme, _)) => Err(StoreError::Address(format!("`{scheme}` is not a kind of database Garant uses"))),
            None if text.is_empty() => Err(StoreError::Address("it is empty".into())),
            None => Ok(Self::Sqlite(Path::new(text).to_owned())),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}
