//! What JSON may stand in an entry: bounded nesting, exact numbers, no reserved names out of place.

use super::commitment::{COMMITMENT_MARK, PERSONAL_MARK, read_commitment};
use super::{DATA_DEPTH_MAX, EntryError};
use serde_json::{Map, Number, Value};

/// A place in a JSON value, printed as a JSON pointer (RFC 6901).
#[derive(Clone, Default)]
pub(super) struct Place(String);

impl Place {
    pub(super) fn key(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    pub(super) fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    pub(super) fn text(&self) -> String {
        self.0.clone()
    }
}

/// What a walk does with the reserved names.
#[derive(Clone, Copy, PartialEq)]
enum Reserved {
    /// Neither mark may occur: the inside of a personal value.
    None,
    /// Well-formed commitments may: a finished leaf.
    Commitments,
}

/// Data ready for a leaf: no personal value left, commitments well formed.
pub(super) fn check_leaf_data(data: &Value) -> Result<(), EntryError> {
    walk(data, &Place::default(), 0, Reserved::Commitments)
}

/// A personal value itself, at `place`, `depth` levels down.
pub(super) fn check_plain(value: &Value, place: &Place, depth: usize) -> Result<(), EntryError> {
    walk(value, place, depth, Reserved::None)
}

fn walk(value: &Value, place: &Place, depth: usize, reserved: Reserved) -> Result<(), EntryError> {
    check_depth(depth)?;
    match value {
        Value::Number(number) => check_number(number, place),
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(i, item)| walk(item, &place.item(i), depth + 1, reserved))
        }
        Value::Object(fields) => walk_object(fields, place, depth, reserved),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

fn walk_object(fields: &Map<String, Value>, place: &Place, depth: usize, reserved: Reserved) -> Result<(), EntryError> {
    if fields.contains_key(PERSONAL_MARK) {
        return Err(EntryError::Personal(place.text()));
    }
    if fields.contains_key(COMMITMENT_MARK) {
        return match reserved {
            Reserved::None => Err(EntryError::Forged(place.text())),
            Reserved::Commitments => read_commitment(fields, place).map(|_| ()),
        };
    }
    fields.iter().try_for_each(|(key, field)| walk(field, &place.key(key), depth + 1, reserved))
}

pub(super) fn check_depth(depth: usize) -> Result<(), EntryError> {
    if depth > DATA_DEPTH_MAX { Err(EntryError::TooDeep) } else { Ok(()) }
}

/// RFC 8785 writes numbers as IEEE 754 doubles: an integer that changes on the way is refused.
pub(super) fn check_number(number: &Number, place: &Place) -> Result<(), EntryError> {
    let small = number.as_i64().is_some_and(|n| n.unsigned_abs() <= (1 << 53));
    if small || number.is_f64() {
        return Ok(());
    }
    let written = super::canonical(number)?;
    if written == number.to_string().as_bytes() { Ok(()) } else { Err(EntryError::Number(place.text())) }
}
