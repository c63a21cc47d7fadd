//! What is written for ever: the bytes of one ledger entry.
//!
//! The bytes are hashed, signed and handed to auditors, so they must not depend on who wrote them:
//! they are canonical JSON (RFC 8785). They hold no personal data, not even encrypted: [`commit`]
//! replaces each personal value by a salted commitment first (GDPR Art. 17 must stay possible in a
//! record that cannot be changed).

use kernel::{Actor, EntryId, Instant};
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod commitment;
mod error;
mod shape;

pub use commitment::{COMMITMENT_DOMAIN, COMMITMENT_MARK, Disclosure, commit, restore};
pub use error::EntryError;

/// The most bytes one leaf may have.
pub const LEAF_BYTES_MAX: usize = 1 << 20;
/// The deepest nesting of `data`.
pub const DATA_DEPTH_MAX: usize = 64;
/// The version of the leaf format written today.
pub const LEAF_VERSION: u8 = 1;

/// One line of a log.
///
/// ```
/// use ledger::Entry;
/// let entry = Entry {
///     id: "01hzx3v5k8q2m4n6p8r0s2t4v6".parse().unwrap(),
///     log: "garant.example/house".to_owned(),
///     at: "2026-05-04T09:30:00.123Z".parse().unwrap(),
///     actor: kernel::Actor::system("demo"),
///     kind: "request.received".to_owned(),
///     data: serde_json::json!({"right": "access"}),
/// };
/// let leaf = entry.to_leaf().unwrap();
/// assert!(leaf.starts_with(br#"{"actor":"system:demo","at":"2026-05-04T09:30:00.123Z","data":"#));
/// assert_eq!(Entry::from_leaf(&leaf).unwrap(), entry);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which entry.
    pub id: EntryId,
    /// The origin (C2SP tlog-checkpoint) of the log it stands in.
    pub log: String,
    /// When it was decided; the leaf keeps whole milliseconds, later digits are cut off.
    pub at: Instant,
    /// Who did it.
    pub actor: Actor,
    /// What happened: `noun.verb` in lower case, such as `request.received`.
    pub kind: String,
    /// The facts, personal values already replaced by [`commit`].
    pub data: Value,
}

/// The leaf as it stands; RFC 8785 sorts the names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leaf {
    v: u8,
    id: EntryId,
    log: String,
    at: String,
    actor: Actor,
    kind: String,
    data: Value,
}

/// The same, of an entry that stays where it is; the names stand in order.
#[derive(Serialize)]
struct LeafOf<'a> {
    actor: &'a Actor,
    at: String,
    data: &'a Value,
    id: &'a EntryId,
    kind: &'a str,
    log: &'a str,
    v: u8,
}

impl Entry {
    /// The canonical bytes that become a leaf.
    ///
    /// # Errors
    /// [`EntryError`] when the entry is too long or too deep, when its kind or origin is no name, when a
    /// number would lose digits, or when `data` still holds a personal value.
    pub fn to_leaf(&self) -> Result<Vec<u8>, EntryError> {
        check_kind(&self.kind)?;
        check_origin(&self.log)?;
        shape::check_leaf_data(&self.data)?;
        let bytes = canonical(&self.wire(), &self.data)?;
        if bytes.len() > LEAF_BYTES_MAX { Err(EntryError::TooLong(bytes.len())) } else { Ok(bytes) }
    }

    /// Reads a leaf back.
    ///
    /// # Errors
    /// [`EntryError`] when the bytes are not exactly what [`Entry::to_leaf`] would write.
    pub fn from_leaf(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() > LEAF_BYTES_MAX {
            return Err(EntryError::TooLong(bytes.len()));
        }
        let leaf: Leaf = serde_json::from_slice(bytes).map_err(|_| EntryError::NotAnEntry)?;
        if leaf.v != LEAF_VERSION {
            return Err(EntryError::Version(leaf.v));
        }
        let at = leaf.at.parse().map_err(|_| EntryError::NotAnEntry)?;
        let entry = Self { id: leaf.id, log: leaf.log, at, actor: leaf.actor, kind: leaf.kind, data: leaf.data };
        if entry.to_leaf()? == bytes { Ok(entry) } else { Err(EntryError::NotCanonical) }
    }

    fn wire(&self) -> LeafOf<'_> {
        LeafOf {
            actor: &self.actor,
            at: format!("{:.3}", self.at),
            data: &self.data,
            id: &self.id,
            kind: &self.kind,
            log: &self.log,
            v: LEAF_VERSION,
        }
    }
}

/// Canonical JSON (RFC 8785) of `value`, whose only open part is `data`; the caller has checked it for depth.
///
/// Sorting names and writing numbers takes several times as long as everything else about an entry; where there is
/// nothing to sort and no such number, the ordinary writer gives the same bytes.
fn canonical<T: Serialize>(value: &T, data: &Value) -> Result<Vec<u8>, EntryError> {
    if shape::is_plain(data) {
        return serde_json::to_vec(value).map_err(|_| EntryError::NotAnEntry);
    }
    serde_json_canonicalizer::to_vec(value).map_err(|_| EntryError::NotAnEntry)
}

fn check_kind(kind: &str) -> Result<(), EntryError> {
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
    };
    let good = kind.len() <= 100 && kind.contains('.') && kind.split('.').all(word);
    if good { Ok(()) } else { Err(EntryError::Kind(kind.chars().take(100).collect())) }
}

/// A log's origin is also the name of its key: no spaces and no plus sign (C2SP signed-note).
fn check_origin(origin: &str) -> Result<(), EntryError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    let good = !origin.is_empty() && origin.len() <= 200 && !origin.contains(bad);
    if good { Ok(()) } else { Err(EntryError::Origin(origin.chars().take(200).collect())) }
}
