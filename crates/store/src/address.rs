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
            return file(path.strip_prefix("//").unwrap_or(path));
        }
        match text.split_once("://") {
            Some((scheme, _)) if is_scheme(scheme) => {
                Err(StoreError::Address(format!("`{scheme}` is not a kind of database Garant uses")))
            }
            Some(_) => Err(StoreError::Address("it does not begin with a kind of database".into())),
            None if text.split_once(':').is_some_and(|(word, _)| is_scheme(word) && !word.contains('.')) => {
                Err(StoreError::Address("it begins with a word that is not a kind of database".into()))
            }
            None => file(text),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

/// A file's path. What looks like a mistyped server address is refused: a password must not become a file name.
fn file(path: &str) -> Result<DatabaseUrl, StoreError> {
    if path.is_empty() {
        return Err(StoreError::Address("it names no file".into()));
    }
    if path == ":memory:" {
        return Err(StoreError::Address("a database in memory forgets everything".into()));
    }
    if path.starts_with("postgres:") || path.starts_with("postgresql:") {
        return Err(StoreError::Address("after postgres: come two slashes".into()));
    }
    Ok(DatabaseUrl::Sqlite(Path::new(path).to_owned()))
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}
