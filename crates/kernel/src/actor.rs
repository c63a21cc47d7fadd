//! Who did it: every entry of the ledger names one.

use crate::AccountId;
use std::fmt;

/// The author of a command. A person is named by account, never by name or address.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Actor {
    /// A signed-in person.
    Account(AccountId),
    /// Garant itself: the named job or start-up step.
    System(String),
}

impl Actor {
    /// The job `name` of Garant itself.
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self::System(name.to_owned())
    }

    /// The account behind this actor, if a person acted.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::System(_) => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "account:{id}"),
            Self::System(job) => write!(f, "system:{job}"),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

impl TryFrom<String> for Actor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("account", id)) => id.parse().map(Self::Account).map_err(|e: crate::IdError| e.to_string()),
            Some(("system", job)) if !job.is_empty() => Ok(Self::System(job.to_owned())),
            _ => Err(format!("`{text}` names neither an account nor a job")),
        }
    }
}
