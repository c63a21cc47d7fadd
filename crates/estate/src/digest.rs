//! Digests that bind a plan to rows, a map and a catalogue.
//!
//! Rows are hashed one by one under the salt of the plan, then sorted: the order in which a server
//! returns them does not matter, and a digest that outlives the rows cannot be guessed back once
//! the salt is gone.

use crate::sql::Cell;
use sha2::{Digest as _, Sha256};

/// SHA-256 in lower-case hex over the RFC 8785 form of `value`.
pub(crate) fn canonical(domain: &str, value: &impl serde::Serialize) -> String {
    // Serialising our own plain structures cannot fail: no map with non-string keys, no NaN.
    let text = serde_json_canonicalizer::to_vec(value).unwrap_or_default();
    let mut hasher = Sha256::new();
    hasher.update(domain.as_bytes());
    hasher.update([0]);
    hasher.update(&text);
    hex::encode(hasher.finalize())
}

/// Gathers the digests of rows, in any order.
pub(crate) struct Rows {
    salt: [u8; 32],
    digests: Vec<[u8; 32]>,
}

impl Rows {
    pub(crate) fn new(salt: [u8; 32]) -> Self {
        Self { salt, digests: Vec::new() }
    }

    pub(crate) fn add<'a>(&mut self, cells: impl Iterator<Item = &'a Cell>) {
        let mut hasher = Sha256::new();
        hasher.update(self.salt);
        cells.for_each(|cell| cell.feed(&mut hasher));
        self.digests.push(hasher.finalize().into());
    }

    /// The digest over all rows under these column names.
    pub(crate) fn finish(mut self, columns: &[String]) -> String {
        self.digests.sort_unstable();
        let mut hasher = Sha256::new();
        hasher.update(b"garant-estate-rows-1\0");
        hasher.update(self.salt);
        for column in columns {
            hasher.update((column.len() as u64).to_le_bytes());
            hasher.update(column.as_bytes());
        }
        self.digests.iter().for_each(|digest| hasher.update(digest));
        hex::encode(hasher.finalize())
    }
}

/// A salted commitment to who a plan is about.
pub(crate) fn subject(salt: &[u8; 32], identity: &str, tenant: Option<&str>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"garant-estate-subject-1\0");
    hasher.update(salt);
    hasher.update((identity.len() as u64).to_le_bytes());
    hasher.update(identity.as_bytes());
    hasher.update([u8::from(tenant.is_some())]);
    hasher.update(tenant.unwrap_or_default().as_bytes());
    hex::encode(hasher.finalize())
}
