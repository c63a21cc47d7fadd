//! What a leaf says, read without the code that wrote it.

use super::fault::FaultCode;
use kernel::Instant;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// An entry, as far as its verification goes.
pub(super) struct Facts {
    pub(super) id: String,
    pub(super) log: String,
    pub(super) at: Instant,
    pub(super) kind: String,
    pub(super) data: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    v: u8,
    id: String,
    log: String,
    at: String,
    #[serde(rename = "actor")]
    _actor: String,
    kind: String,
    data: Value,
}

/// A personal value with its salt, as receipts and exports show it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    pub(super) pointer: String,
    pub(super) subject: String,
    pub(super) value: Value,
    pub(super) salt: String,
}

impl Facts {
    pub(super) fn read(leaf: &str) -> Result<Self, FaultCode> {
        let value: Value = serde_json::from_str(leaf).map_err(|_| FaultCode::NotAnEntry)?;
        let canonical = serde_json_canonicalizer::to_vec(&value).map_err(|_| FaultCode::NotAnEntry)?;
        if canonical != leaf.as_bytes() {
            return Err(FaultCode::NotCanonical);
        }
        let shape = Shape::deserialize(value).map_err(|_| FaultCode::NotAnEntry)?;
        let at = shape.at.parse::<Instant>().map_err(|_| FaultCode::NotAnEntry)?;
        let good = shape.v == 1 && is_id(&shape.id) && format!("{at:.3}") == shape.at;
        let Shape { id, log, kind, data, .. } = shape;
        if good { Ok(Self { id, log, at, kind, data }) } else { Err(FaultCode::NotAnEntry) }
    }
}

fn is_id(id: &str) -> bool {
    id.len() == 26 && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
}

impl Shown {
    /// Whether `data` commit to this value of this subject at this place.
    pub(super) fn opens(&self, data: &Value) -> bool {
        let Some(commitment) = data.pointer(&self.pointer).and_then(|object| object.get("$commitment")) else {
            return false;
        };
        let (Ok(salt), Ok(value)) = (hex::decode(&self.salt), serde_json_canonicalizer::to_vec(&self.value)) else {
            return false;
        };
        let digest = Sha256::digest([b"garant/commitment/v1", salt.as_slice(), &value].concat());
        salt.len() == 32
            && self.salt == hex::encode(&salt)
            && commitment.get("subject").and_then(Value::as_str) == Some(&self.subject)
            && commitment.get("sha256").and_then(Value::as_str) == Some(&hex::encode(digest))
    }
}
