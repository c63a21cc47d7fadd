//! Shapes that many answers share.

use kernel::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An instant in UTC, such as `2026-11-23T08:30:00Z` (RFC 3339).
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct At(#[schemars(with = "String", extend("format" = "date-time"))] pub Instant);

impl From<Instant> for At {
    fn from(at: Instant) -> Self {
        Self(at)
    }
}

/// The identifier of a record.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Ref(pub String);

impl<T: AsRef<str>> From<&T> for Ref {
    fn from(id: &T) -> Self {
        Self(id.as_ref().to_owned())
    }
}

/// One page of a list, and where the next begins.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub struct Page<T> {
    /// At most fifty.
    pub items: Vec<T>,
    /// What to give as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The `next` of the page before.
    #[serde(default)]
    pub after: String,
}

/// A call that takes nothing in its address.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoQuery {}
