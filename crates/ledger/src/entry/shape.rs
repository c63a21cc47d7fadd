//! What JSON may stand in an entry: bounded nesting, exact numbers, no reserved names out of place.

use super::commitment::{COMMITMENT_MARK, PERSONAL_MARK, read_commitment};
use super::{DATA_DEPTH_MAX, EntryError};
use serde_json::{Map, Number, Value};

/// A place in a JSON value: the way to it, printed as a JSON pointer (RFC 6901) where it is asked for. Most never are.
#[derive(Clone, Copy, Default)]
pub(super) struct Place<'a>(Option<(&'a Place<'a>, Step<'a>)>);

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

impl<'a> Place<'a> {
    pub(super) fn key(&'a self, key: &'a str) -> Self {
        Self(Some((self, Step::Key(key))))
    }

    pub(super) fn item(&'a self, index: usize) -> Self {
        Self(Some((self, Step::Item(index))))
    }

    pub(super) fn text(&self) -> String {
        match self.0 {
            None => String::new(),
            Some((parent, Step::Key(key))) => {
                format!("{}/{}", parent.text(), key.replace('~', "~0").replace('/', "~1"))
            }
            Some((parent, Step::Item(index))) => format!("{}/{index}", parent.text()),
        }
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
pub(super) fn check_plain(value: &Value, place: &Place<'_>, depth: usize) -> Result<(), EntryError> {
    walk(value, place, depth, Reserved::None)
}

fn walk(value: &Value, place: &Place<'_>, depth: usize, reserved: Reserved) -> Result<(), EntryError> {
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

fn walk_object(
    fields: &Map<String, Value>,
    place: &Place<'_>,
    depth: usize,
    reserved: Reserved,
) -> Result<(), EntryError> {
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
pub(super) fn check_number(number: &Number, place: &Place<'_>) -> Result<(), EntryError> {
    if is_small(number) || number.is_f64() {
        return Ok(());
    }
    let written = serde_json_canonicalizer::to_vec(number).map_err(|_| EntryError::NotAnEntry)?;
    if written == number.to_string().as_bytes() { Ok(()) } else { Err(EntryError::Number(place.text())) }
}

/// Whether an ordinary writer of JSON gives the canonical bytes (RFC 8785): every name is ASCII and stands in order,
/// and there is no number but small integers. Most data are so.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => is_small(number),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(fields) => {
            fields.keys().is_sorted() && fields.iter().all(|(name, field)| name.is_ascii() && is_plain(field))
        }
    }
}

fn is_small(number: &Number) -> bool {
    number.as_i64().is_some_and(|n| n.unsigned_abs() <= (1 << 53))
}
