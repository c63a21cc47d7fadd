//! What can go wrong with our own database, and what to do.

use kernel::Lang;
use std::fmt;

/// A failure of the store. Messages carry no values and no passwords.
#[derive(Debug)]
pub enum StoreError {
    /// The address is not one.
    Address(String),
    /// Nothing answers there, or it refuses us.
    Unreachable(String),
    /// It may be read but not written.
    ReadOnly,
    /// The disk is full.
    Full,
    /// Another process kept it locked for too long.
    Busy,
    /// Its tables were made by another version of Garant.
    OtherVersion(String),
    /// A key file is missing, damaged, or belongs to another installation.
    Keys(String),
    /// Stored bytes are not what was written: the ledger or a table has been changed from outside.
    Damaged(String),
    /// The database refused a statement.
    Statement(String),
}

impl StoreError {
    /// What is wrong, in the reader's language.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Address(why) => lang.pick(
                format!("the database address is wrong: {why}"),
                format!("l'adresse de la base est fausse : {why}"),
            ),
            Self::Unreachable(why) => {
                lang.pick(format!("the database does not answer: {why}"), format!("la base ne répond pas : {why}"))
            }
            Self::ReadOnly => lang.pick("the database is read-only", "la base est en lecture seule").into(),
            Self::Full => lang.pick("the disk is full", "le disque est plein").into(),
            Self::Busy => lang
                .pick("another process kept the database locked", "un autre processus a gardé la base verrouillée")
                .into(),
            Self::OtherVersion(what) => lang.pick(
                format!("the database was made by another version of Garant ({what})"),
                format!("la base a été créée par une autre version de Garant ({what})"),
            ),
            Self::Keys(why) => {
                lang.pick(format!("the keys cannot be used: {why}"), format!("clés inutilisables : {why}"))
            }
            Self::Damaged(what) => lang.pick(
                format!("what is stored is not what was written: {what}"),
                format!("ce qui est stocké n'est pas ce qui a été écrit : {what}"),
            ),
            Self::Statement(why) => {
                lang.pick(format!("the database refused: {why}"), format!("la base a refusé : {why}"))
            }
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> &'static str {
        match self {
            Self::Address(_) => lang.pick(
                "write sqlite:/path/to/file or postgres://user:password@host:5432/name",
                "écrivez sqlite:/chemin/du/fichier ou postgres://utilisateur:motdepasse@hote:5432/nom",
            ),
            Self::Unreachable(_) => lang.pick(
                "check that the server runs and that the address, the user and the network are right, then try again; nothing was changed",
                "vérifiez que le serveur tourne et que l'adresse, l'utilisateur et le réseau sont bons, puis réessayez ; rien n'a changé",
            ),
            Self::ReadOnly => lang.pick(
                "give this user the right to write, or mount the disk for writing; nothing was changed",
                "donnez à cet utilisateur le droit d'écrire, ou montez le disque en écriture ; rien n'a changé",
            ),
            Self::Full => lang.pick(
                "free some space, then try again; nothing was changed",
                "libérez de la place, puis réessayez ; rien n'a changé",
            ),
            Self::Busy => lang.pick(
                "wait for the other process to end, then try again; nothing was changed",
                "attendez la fin de l'autre processus, puis réessayez ; rien n'a changé",
            ),
            Self::OtherVersion(_) => lang.pick(
                "start the version that made it, or a fresh folder",
                "lancez la version qui l'a créée, ou un dossier neuf",
            ),
            Self::Keys(_) => lang.pick(
                "restore the keys folder of this installation from its backup",
                "restaurez le dossier des clés de cette installation depuis sa sauvegarde",
            ),
            Self::Damaged(_) => lang.pick(
                "stop, keep the file as evidence, run `garant ledger verify`, and restore a backup",
                "arrêtez, gardez le fichier comme preuve, lancez `garant ledger verify`, et restaurez une sauvegarde",
            ),
            Self::Statement(_) => lang.pick(
                "nothing was changed; run `garant ledger replay` and report this message",
                "rien n'a changé ; lancez `garant ledger replay` et signalez ce message",
            ),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => from_database(inner.code().as_deref().unwrap_or(""), inner.message()),
            sqlx::Error::Io(inner) if inner.kind() == std::io::ErrorKind::StorageFull => Self::Full,
            sqlx::Error::Io(inner) => Self::Unreachable(inner.to_string()),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unreachable("the connection is closed".into())
            }
            other => Self::Statement(other.to_string()),
        }
    }
}

/// SQLite's result codes and PostgreSQL's SQLSTATE classes, as far as a person can act on them.
fn from_database(code: &str, message: &str) -> StoreError {
    match code {
        "8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "25006" | "42501" => StoreError::ReadOnly,
        "13" | "53100" => StoreError::Full,
        "5" | "6" | "261" | "517" | "262" | "55P03" | "57014" => StoreError::Busy,
        "11" | "26" | "779" => StoreError::Damaged(message.to_owned()),
        "14" | "28000" | "28P01" | "3D000" | "57P01" | "57P02" | "57P03" | "53300" => {
            StoreError::Unreachable(message.to_owned())
        }
        _ => StoreError::Statement(message.to_owned()),
    }
}

impl From<kernel::IdError> for StoreError {
    fn from(error: kernel::IdError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(format!("an entry does not have its shape: {error}"))
    }
}
