//! Where a system is: a secret, because a connection address carries a password.

use kernel::{Lang, Secret};
use std::fmt;

/// The two kinds of database that the estate speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One `SQLite` file.
    Sqlite,
    /// `PostgreSQL`, or a server that speaks its protocol.
    Postgres,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// A connection address: `sqlite:/path/to/file` or `postgres://user:password@host:port/database`.
///
/// It prints without user, password and parameters.
///
/// ```
/// let address = estate::Address::parse("postgres://app:hunter2@db.example:5432/shop").unwrap();
/// assert_eq!(address.to_string(), "postgres://…@db.example:5432/shop");
/// assert!(!format!("{address:?}").contains("hunter2"));
/// ```
#[derive(Clone)]
pub struct Address {
    kind: Kind,
    text: Secret<String>,
}

/// A text that is no address of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// Neither `sqlite:` nor `postgres://` at the start.
    Scheme,
    /// `sqlite:` without a file behind it, or a memory database.
    NoFile,
    /// `postgres://` without a database name.
    NoDatabase,
    /// More than 2048 bytes, or a control character.
    Malformed,
}

impl AddressError {
    /// What is wrong; never the address itself.
    #[must_use]
    pub fn message(self, lang: Lang) -> String {
        match self {
            Self::Scheme => lang.pick(
                "the address starts neither with `sqlite:` nor with `postgres://`",
                "l’adresse ne commence ni par `sqlite:` ni par `postgres://`",
            ),
            Self::NoFile => lang.pick("`sqlite:` needs the path of a file", "`sqlite:` demande le chemin d’un fichier"),
            Self::NoDatabase => lang.pick(
                "the address names no host or no database",
                "l’adresse ne nomme pas de serveur ou pas de base de données",
            ),
            Self::Malformed => {
                lang.pick("the address is too long or malformed", "l’adresse est trop longue ou mal formée")
            }
        }
        .to_owned()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self, lang: Lang) -> String {
        lang.pick(
            "write `sqlite:/path/to/file.db` or `postgres://user:password@host:5432/database`",
            "écrivez `sqlite:/chemin/fichier.db` ou `postgres://utilisateur:motdepasse@serveur:5432/base`",
        )
        .to_owned()
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for AddressError {}

impl Address {
    /// Reads an address; nothing is contacted.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > 2048 || text.chars().any(char::is_control) {
            return Err(AddressError::Malformed);
        }
        let kind = Self::kind_of(text)?;
        Ok(Self { kind, text: Secret::new(text.to_owned()) })
    }

    fn kind_of(text: &str) -> Result<Kind, AddressError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let memory = path.is_empty() || path.starts_with(':') || path.starts_with('?');
            return if memory { Err(AddressError::NoFile) } else { Ok(Kind::Sqlite) };
        }
        let rest = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
            .ok_or(AddressError::Scheme)?;
        let place = place(rest);
        match place.split_once('/') {
            Some((_, database)) if !database.is_empty() => Ok(Kind::Postgres),
            _ => Err(AddressError::NoDatabase),
        }
    }

    /// Which kind of database it leads to.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn expose(&self) -> &str {
        self.text.expose()
    }

    /// The file of a `SQLite` address.
    pub(crate) fn path(&self) -> &str {
        let path = self.expose().strip_prefix("sqlite:").unwrap_or_default();
        path.strip_prefix("//").unwrap_or(path)
    }
}

/// `host:port/database` of what follows the scheme: no user, password or parameter.
fn place(rest: &str) -> &str {
    let end = rest.find('?').unwrap_or(rest.len());
    let rest = &rest[..end];
    rest.rsplit_once('@').map_or(rest, |(_, place)| place)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Sqlite => write!(f, "sqlite:{}", self.path()),
            Kind::Postgres => {
                let rest = self.expose().split_once("://").map_or("", |(_, rest)| rest);
                write!(f, "postgres://…@{}", place(rest))
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_prints_without_its_password() {
        let text = "postgres://app:p@ss/w@db.example/shop?sslmode=require&password=hunter2";
        let shown = Address::parse(text).unwrap();
        assert_eq!(shown.to_string(), "postgres://…@db.example/shop");
        assert_eq!(format!("{shown:?}"), "Address(postgres://…@db.example/shop)");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for (text, error) in [
            ("mysql://u:pw@h/d", AddressError::Scheme),
            ("sqlite:", AddressError::NoFile),
            ("sqlite::memory:", AddressError::NoFile),
            ("postgres://u:pw@host", AddressError::NoDatabase),
            ("postgres://u:pw@host/", AddressError::NoDatabase),
            ("sqlite:/tmp/a\nb", AddressError::Malformed),
        ] {
            assert_eq!(Address::parse(text).unwrap_err(), error, "{text}");
            assert!(!error.message(Lang::Fr).contains("pw@"));
        }
    }

    #[test]
    fn a_file_may_follow_the_scheme_with_or_without_slashes() {
        assert_eq!(Address::parse("sqlite:/var/a.db").unwrap().path(), "/var/a.db");
        assert_eq!(Address::parse("sqlite:///var/a.db").unwrap().path(), "/var/a.db");
    }
}
