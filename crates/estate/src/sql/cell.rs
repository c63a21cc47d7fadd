//! One value of one row.

use crate::catalogue::Family;
use base64::Engine as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A value as the database gave it.
#[derive(Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Cell {
    /// Feeds the value, its kind and its length: no two rows have the same bytes.
    pub(crate) fn feed(&self, hasher: &mut Sha256) {
        let (tag, bytes): (u8, &[u8]) = match self {
            Self::Null => (0, &[]),
            Self::Integer(number) => (1, &number.to_le_bytes()),
            Self::Real(number) => (2, &number.to_bits().to_le_bytes()),
            Self::Text(text) => (3, text.as_bytes()),
            Self::Blob(bytes) => (4, bytes),
        };
        hasher.update([tag]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }

    /// The value as text, when it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A count or a flag: both dialects are asked for text.
    pub(crate) fn number(&self) -> i64 {
        match self {
            Self::Integer(number) => *number,
            Self::Text(text) => text.parse().unwrap_or_default(),
            _ => 0,
        }
    }

    /// The typed JSON value of a column of `family`; blobs become base64, exact decimals stay text.
    pub(crate) fn json(&self, family: Family) -> Value {
        match (self, family) {
            (Self::Null, _) => Value::Null,
            (Self::Integer(number), Family::Truth) if (0..=1).contains(number) => Value::Bool(*number == 1),
            (Self::Integer(number), _) => Value::from(*number),
            (Self::Real(number), _) => Value::from(*number),
            (Self::Blob(bytes), _) => Value::String(base64(bytes)),
            (Self::Text(text), family) => from_text(text, family),
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn from_text(text: &str, family: Family) -> Value {
    let typed = match family {
        Family::Integer => text.parse::<i64>().ok().map(Value::from),
        Family::Real => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
        Family::Truth => match text {
            "true" | "t" => Some(Value::Bool(true)),
            "false" | "f" => Some(Value::Bool(false)),
            _ => None,
        },
        Family::Json => serde_json::from_str(text).ok(),
        Family::Bytes => {
            text.strip_prefix("\\x").and_then(|hex| hex::decode(hex).ok()).map(|b| Value::String(base64(&b)))
        }
        _ => None,
    };
    typed.unwrap_or_else(|| Value::String(text.to_owned()))
}
