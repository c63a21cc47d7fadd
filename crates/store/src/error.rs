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
    /// The database lacks what this installation has already signed: an old copy was put in its place.
    RolledBack {
        /// Entries of the house's log that it holds.
        held: u64,
        /// Entries that were signed.
        signed: u64,
    },
    /// A value about a person who has been erased: nothing more is recorded about them (Art. 17).
    Erased,
    /// The record is not as its reader saw it any more.
    Changed,
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
            Self::RolledBack { held, signed } => lang.pick(
                format!("the database is older than what this installation has already signed: {signed} entries were signed in the house's log, {held} are there"),
                format!("la base est plus ancienne que ce que cette installation a déjà signé : {signed} écritures ont été signées dans le registre de la maison, {held} s'y trouvent"),
            ),
            Self::Erased => lang
                .pick(
                    "this person has been erased; nothing more is recorded about them",
                    "cette personne a été effacée ; plus rien n'est enregistré à son sujet",
                )
                .into(),
            Self::Changed => {
                lang.pick("somebody else has changed it since", "quelqu'un d'autre l'a modifié depuis").into()
            }
            Self::Statement(why) => {
                lang.pick(format!("the database refused: {why}"), format!("la base a refusé : {why}"))
            }
        }
    }

    /// What is wrong in words for anybody: without places, paths and what a server said, which are for the log.
    #[must_use]
    pub fn message_for_all(&self, lang: Lang) -> &'static str {
        match self {
            Self::Full => lang.pick("The disk is full.", "Le disque est plein."),
            Self::Busy => lang.pick("The database is busy.", "La base est occupée."),
            Self::ReadOnly => lang.pick("The database is read-only.", "La base est en lecture seule."),
            Self::Erased => lang.pick(
                "This person has been erased; nothing more is recorded about them.",
                "Cette personne a été effacée ; plus rien n'est enregistré à son sujet.",
            ),
            Self::Address(_) | Self::Unreachable(_) => {
                lang.pick("The database does not answer.", "La base ne répond pas.")
            }
            _ => lang.pick("Garant cannot work with its database.", "Garant ne peut pas travailler avec sa base."),
        }
    }

    /// What anybody can do about it; who runs the house finds the rest in its log.
    #[must_use]
    pub fn remedy_for_all(&self, lang: Lang) -> &'static str {
        match self {
            Self::Busy => {
                lang.pick("Try again in a moment; nothing was changed.", "Réessayez dans un instant ; rien n'a changé.")
            }
            Self::Erased => self.remedy(lang),
            _ => lang.pick(
                "Nothing was changed. Tell who runs this house; the log of the server says what happened.",
                "Rien n'a changé. Prévenez qui tient cette maison ; le journal du serveur dit ce qui s'est passé.",
            ),
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
                "check that the server runs and that the address, the user and the network are right, then try again",
                "vérifiez que le serveur tourne et que l'adresse, l'utilisateur et le réseau sont bons, puis réessayez",
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
            Self::RolledBack { .. } => lang.pick(
                "restore the newest backup; to go on from this state knowingly, write down why, then delete the noted head beside the keys",
                "restaurez la sauvegarde la plus récente ; pour repartir sciemment de cet état, consignez pourquoi, puis supprimez la tête notée à côté des clés",
            ),
            Self::Erased => lang.pick(
                "open a new request if the same person comes back",
                "ouvrez une nouvelle demande si la même personne revient",
            ),
            Self::Changed => lang.pick(
                "read it again, then decide anew; nothing was changed",
                "relisez-le, puis décidez à nouveau ; rien n'a changé",
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
            sqlx::Error::Tls(inner) => Self::Unreachable(format!("no secure connection: {inner}")),
            sqlx::Error::Protocol(_) => Self::Unreachable("what answers there is not a database we know".into()),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unreachable("the connection is closed".into())
            }
            other => Self::Statement(other.to_string()),
        }
    }
}

/// `SQLITE_IOERR_SHMSIZE`: SQLite opens the database and finds no room for the index of its journal.
const SHM_SIZE: u32 = 4874;

/// PostgreSQL's SQLSTATE has five characters; SQLite's result codes are numbers of at most four.
fn from_database(code: &str, message: &str) -> StoreError {
    match code.parse::<u32>() {
        Ok(SHM_SIZE) => StoreError::Full,
        Ok(number) if code.len() < 5 => from_sqlite(number & 0xff, message),
        _ => from_postgres(code, message),
    }
}

/// The primary result code: the low byte of every extended one (sqlite.org/rescode.html).
fn from_sqlite(primary: u32, message: &str) -> StoreError {
    match primary {
        3 | 8 => StoreError::ReadOnly,
        5 | 6 => StoreError::Busy,
        10 => StoreError::Unreachable(format!("the disk fails: {message}")),
        11 | 26 => StoreError::Damaged(message.to_owned()),
        13 => StoreError::Full,
        14 => StoreError::Unreachable(format!("{message}; the file and its folder must be ours to read and write")),
        _ => StoreError::Statement(message.to_owned()),
    }
}

/// PostgreSQL's appendix A, as far as a person can act on it.
fn from_postgres(code: &str, message: &str) -> StoreError {
    match code {
        "25006" | "42501" => StoreError::ReadOnly,
        "53100" => StoreError::Full,
        "55P03" | "57014" | "40001" | "40P01" => StoreError::Busy,
        "XX001" | "XX002" => StoreError::Damaged(message.to_owned()),
        "3D000" | "57P01" | "57P02" | "57P03" | "57P05" => StoreError::Unreachable(message.to_owned()),
        _ if ["08", "28", "53"].iter().any(|class| code.starts_with(class)) => {
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
        // The parser's own words would quote what it read, and that may be personal.
        Self::Damaged(format!("a stored value does not have its shape ({:?} error)", error.classify()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(error: &StoreError) -> &'static str {
        match error {
            StoreError::Unreachable(_) => "unreachable",
            StoreError::ReadOnly => "read-only",
            StoreError::Full => "full",
            StoreError::Busy => "busy",
            StoreError::Damaged(_) => "damaged",
            _ => "statement",
        }
    }

    #[test]
    fn the_codes_of_both_databases_become_what_a_person_can_act_on() {
        let table = [
            // SQLite: result codes, plain and extended (sqlite.org/rescode.html).
            ("1", "statement"),     // SQLITE_ERROR
            ("3", "read-only"),     // SQLITE_PERM
            ("5", "busy"),          // SQLITE_BUSY
            ("6", "busy"),          // SQLITE_LOCKED
            ("8", "read-only"),     // SQLITE_READONLY
            ("10", "unreachable"),  // SQLITE_IOERR
            ("11", "damaged"),      // SQLITE_CORRUPT
            ("13", "full"),         // SQLITE_FULL
            ("14", "unreachable"),  // SQLITE_CANTOPEN
            ("19", "statement"),    // SQLITE_CONSTRAINT
            ("26", "damaged"),      // SQLITE_NOTADB
            ("261", "busy"),        // SQLITE_BUSY_RECOVERY
            ("267", "damaged"),     // SQLITE_CORRUPT_VTAB
            ("517", "busy"),        // SQLITE_BUSY_SNAPSHOT
            ("778", "unreachable"), // SQLITE_IOERR_WRITE
            ("1032", "read-only"),  // SQLITE_READONLY_DBMOVED
            ("4874", "full"),       // SQLITE_IOERR_SHMSIZE
            ("1544", "read-only"),  // SQLITE_READONLY_DIRECTORY
            ("1555", "statement"),  // SQLITE_CONSTRAINT_PRIMARYKEY
            // PostgreSQL: SQLSTATE (appendix A of its manual).
            ("08006", "unreachable"), // connection_failure
            ("23505", "statement"),   // unique_violation
            ("25006", "read-only"),   // read_only_sql_transaction
            ("28000", "unreachable"), // invalid_authorization_specification
            ("28P01", "unreachable"), // invalid_password
            ("3D000", "unreachable"), // invalid_catalog_name
            ("40001", "busy"),        // serialization_failure
            ("40P01", "busy"),        // deadlock_detected
            ("42501", "read-only"),   // insufficient_privilege
            ("53100", "full"),        // disk_full
            ("53300", "unreachable"), // too_many_connections
            ("55P03", "busy"),        // lock_not_available
            ("57P01", "unreachable"), // admin_shutdown
            ("XX001", "damaged"),     // data_corrupted
        ];
        for (code, expected) in table {
            assert_eq!(name(&from_database(code, "…")), expected, "{code}");
        }
        let full = sqlx::Error::Io(std::io::ErrorKind::StorageFull.into());
        assert_eq!(name(&full.into()), "full");
    }

    #[test]
    fn a_value_that_does_not_parse_is_not_quoted() {
        let error = serde_json::from_str::<u8>("\"ada@example.org\"").unwrap_err();
        assert!(!StoreError::from(error).to_string().contains("ada"));
    }

    #[test]
    fn every_error_says_what_to_do_in_both_languages() {
        let text = || "x".to_owned();
        let all = [
            StoreError::Address(text()),
            StoreError::Unreachable(text()),
            StoreError::ReadOnly,
            StoreError::Full,
            StoreError::Busy,
            StoreError::OtherVersion(text()),
            StoreError::Keys(text()),
            StoreError::Damaged(text()),
            StoreError::RolledBack { held: 1, signed: 2 },
            StoreError::Erased,
            StoreError::Changed,
            StoreError::Statement(text()),
        ];
        for error in all {
            assert_ne!(error.message(Lang::En), error.message(Lang::Fr), "{error}");
            assert_ne!(error.remedy(Lang::En), error.remedy(Lang::Fr), "{error}");
        }
    }
}
