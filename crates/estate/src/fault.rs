//! What can go wrong with a foreign database, in words a person can act on.
//!
//! A server's own message may repeat a row's values or an address, so it never travels further
//! than this file: only its code does.

use kernel::Lang;
use std::fmt;

/// A database that did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody answers at the address.
    Unreachable,
    /// The server does not know the user or the password.
    Credentials,
    /// The server has no database of that name.
    NoSuchDatabase,
    /// The `SQLite` file does not exist; it is never created.
    FileMissing,
    /// The file is not a `SQLite` database.
    NotADatabase,
    /// The database, its file or the user may only read.
    ReadOnly,
    /// The user may not see or change one of the tables.
    Denied,
    /// The connection was lost in the middle; nothing of the transaction was kept.
    Lost,
    /// Somebody else holds the lock.
    Locked,
    /// The disk is full.
    DiskFull,
    /// A statement took longer than allowed.
    TooSlow,
    /// Somebody changed the same rows at the same time; nothing was kept.
    Conflict,
    /// A constraint of the database forbids it; nothing was kept.
    Constraint,
    /// More tables, columns or characters than the limits allow.
    TooLarge,
    /// Any other refusal, with the server's own code.
    Other(String),
}

impl Fault {
    /// What happened.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        if let Self::Other(code) = self {
            return lang.pick(format!("the database refused (code {code})"), format!("la base a refusé (code {code})"));
        }
        let (en, fr) = match self {
            Self::Unreachable => ("the database does not answer", "la base de données ne répond pas"),
            Self::Credentials => {
                ("the database refuses the user or password", "la base refuse l’utilisateur ou le mot de passe")
            }
            Self::NoSuchDatabase => ("the server has no such database", "le serveur n’a pas cette base"),
            Self::FileMissing => ("the database file does not exist", "le fichier de la base n’existe pas"),
            Self::NotADatabase => ("the file is not an SQLite database", "le fichier n’est pas une base SQLite"),
            Self::ReadOnly => ("the database may only be read", "la base est en lecture seule"),
            Self::Denied => ("the user lacks a right on a table", "l’utilisateur n’a pas les droits sur une table"),
            Self::Lost => {
                ("the connection was lost; nothing was changed", "la connexion est perdue ; rien n’a été modifié")
            }
            Self::Locked => ("somebody else holds a lock on the rows", "un autre programme verrouille les lignes"),
            Self::DiskFull => ("the database's disk is full", "le disque de la base est plein"),
            Self::TooSlow => ("a statement took longer than allowed", "une requête a dépassé le temps permis"),
            Self::Conflict => (
                "the rows were changed at the same time; nothing was kept",
                "les lignes ont changé en même temps ; rien n’est fait",
            ),
            Self::Constraint => (
                "a constraint of the database forbids it; nothing was kept",
                "une contrainte de la base l’interdit ; rien n’est fait",
            ),
            Self::TooLarge | Self::Other(_) => {
                ("the database is larger than the limits", "la base dépasse les limites")
            }
        };
        lang.pick(en, fr).to_owned()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::Unreachable => (
                "check that it runs and that host and port are right",
                "vérifiez qu’elle tourne et que serveur et port sont justes",
            ),
            Self::Credentials => {
                ("give the current user and password", "donnez l’utilisateur et le mot de passe actuels")
            }
            Self::NoSuchDatabase => ("correct the name of the database", "corrigez le nom de la base"),
            Self::FileMissing => {
                ("correct the path; it is never created", "corrigez le chemin ; le fichier n’est jamais créé")
            }
            Self::NotADatabase => {
                ("check that the path is the right file", "vérifiez que le chemin est le bon fichier")
            }
            Self::ReadOnly => (
                "give an address that may write, then apply again",
                "donnez une adresse avec droit d’écriture, puis recommencez",
            ),
            Self::Denied => (
                "grant SELECT, UPDATE and DELETE on the mapped tables",
                "accordez SELECT, UPDATE et DELETE sur les tables",
            ),
            Self::Lost | Self::Locked | Self::Conflict => {
                ("plan and apply again", "refaites le plan, puis exécutez-le")
            }
            Self::DiskFull => ("make room, then apply again", "libérez de la place, puis recommencez"),
            Self::TooSlow => ("add an index or allow more seconds", "ajoutez un index ou allongez le délai"),
            Self::Constraint => (
                "scan again: a reference is missing from the map",
                "analysez de nouveau : une référence manque au plan du parc",
            ),
            Self::TooLarge => ("raise the limits or split the system", "relevez les limites ou divisez le système"),
            Self::Other(_) => ("look the code up in the database's log", "cherchez ce code dans le journal de la base"),
        };
        lang.pick(en, fr).to_owned()
    }

    /// Whether trying again later, unchanged, may succeed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable | Self::Lost | Self::Locked | Self::DiskFull | Self::TooSlow | Self::Conflict)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for Fault {}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_code(&error.code().unwrap_or_default()),
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Self::Lost,
            sqlx::Error::Tls(_) => Self::Unreachable,
            sqlx::Error::Configuration(_) => Self::Other("address".to_owned()),
            _ => Self::Other("driver".to_owned()),
        }
    }
}

/// A five-character SQLSTATE of `PostgreSQL` or a number of `SQLite`.
fn from_code(code: &str) -> Fault {
    match code.len() {
        5 => from_sqlstate(code),
        _ => from_sqlite(code),
    }
}

/// `PostgreSQL` documentation, appendix A.
fn from_sqlstate(code: &str) -> Fault {
    match code {
        "28P01" | "28000" => Fault::Credentials,
        "3D000" => Fault::NoSuchDatabase,
        "25006" => Fault::ReadOnly,
        "42501" => Fault::Denied,
        "53100" => Fault::DiskFull,
        "53300" | "57P03" => Fault::Unreachable,
        "57P01" | "57P02" | "57P04" | "57P05" | "25P03" => Fault::Lost,
        "57014" => Fault::TooSlow,
        "55P03" => Fault::Locked,
        "40001" | "40P01" => Fault::Conflict,
        _ if code.starts_with("08") => Fault::Lost,
        _ if code.starts_with("23") => Fault::Constraint,
        _ => Fault::Other(code.to_owned()),
    }
}

/// SQLite's extended result codes: the low byte is the family.
fn from_sqlite(code: &str) -> Fault {
    match code.parse::<i64>().map(|code| code & 0xff) {
        Ok(5 | 6) => Fault::Locked,
        Ok(8) => Fault::ReadOnly,
        Ok(9) => Fault::TooSlow,
        Ok(10) => Fault::Lost,
        Ok(13) => Fault::DiskFull,
        Ok(14) => Fault::Unreachable,
        Ok(11 | 26) => Fault::NotADatabase,
        Ok(19) => Fault::Constraint,
        _ => Fault::Other(code.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_servers_mean_the_same_faults() {
        for (sqlite, sqlstate, fault) in [
            ("13", "53100", Fault::DiskFull),
            ("5", "55P03", Fault::Locked),
            ("8", "25006", Fault::ReadOnly),
            ("787", "23503", Fault::Constraint),
            ("9", "57014", Fault::TooSlow),
            ("10", "08006", Fault::Lost),
        ] {
            assert_eq!(from_code(sqlite), fault);
            assert_eq!(from_code(sqlstate), fault);
        }
        assert_eq!(from_code("26"), Fault::NotADatabase);
        assert_eq!(from_code("42883"), Fault::Other("42883".to_owned()));
    }
}
