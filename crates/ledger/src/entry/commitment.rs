//! Commitments: how a leaf names a personal value without holding it.
//!
//! A commitment is SHA-256(domain ‖ 32-byte random salt ‖ canonical JSON of the value). The salt makes
//! guessing hopeless, even for a value as short as a first name; who holds value and salt can show
//! the value; once both are destroyed nobody can, and every proof still verifies.

use super::shape::{Place, check_depth, check_number, check_plain};
use super::{EntryError, canonical};
use kernel::{Entropy, SubjectId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What every commitment is hashed under, so that no other hash can be passed for one.
pub const COMMITMENT_DOMAIN: &[u8] = b"garant/commitment/v1";
/// The name of the object that stands for a personal value in a leaf.
pub const COMMITMENT_MARK: &str = "$commitment";
/// The name of the object that carries a personal value, see `kernel::Personal`.
pub(super) const PERSONAL_MARK: &str = kernel::Personal::<()>::MARK;

/// A personal value with what it takes to show it: kept sealed under the subject's own key.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// Where in the entry's `data` (RFC 6901).
    pub pointer: String,
    /// Whose value it is.
    pub subject: SubjectId,
    /// The value.
    pub value: Value,
    /// 32 random bytes; written as hexadecimal.
    #[serde(with = "hex::serde")]
    pub salt: [u8; 32],
}

impl std::fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<disclosure of {} for {}>", self.pointer, self.subject)
    }
}

impl Disclosure {
    /// Whether the leaf's `data` commit to this value of this subject at this place.
    #[must_use]
    pub fn verify(&self, data: &Value) -> bool {
        let Some(Value::Object(fields)) = data.pointer(&self.pointer) else { return false };
        let Ok(Commitment { subject, sha256: Some(expected) }) = read_commitment(fields, &Place::default()) else {
            return false;
        };
        subject == self.subject && self.digest().is_ok_and(|digest| digest == expected)
    }

    fn digest(&self) -> Result<String, EntryError> {
        check_plain(&self.value, &Place::default(), 0)?;
        let mut hash = Sha256::new();
        hash.update(COMMITMENT_DOMAIN);
        hash.update(self.salt);
        hash.update(canonical(&self.value, &self.value)?);
        Ok(hex::encode(hash.finalize()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked {
    subject: SubjectId,
    value: Value,
}

/// What a leaf says about a personal value; no hash for one that was erased before it was written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Commitment {
    subject: SubjectId,
    sha256: Option<String>,
}

/// Replaces each `{"$personal": {"subject", "value"}}` in `data` by
/// `{"$commitment": {"subject", "sha256"}}` and returns what opens them, in the order of the data.
///
/// A value of `null` (already erased) has nothing to commit to: its `sha256` is `null` and it yields
/// no disclosure.
///
/// # Errors
/// [`EntryError`] when the data hold a `$commitment` already, a malformed or nested personal value,
/// a number that would lose digits, or are nested too deeply.
pub fn commit(mut data: Value, entropy: &dyn Entropy) -> Result<(Value, Vec<Disclosure>), EntryError> {
    let mut disclosures = Vec::new();
    commit_at(&mut data, &Place::default(), 0, entropy, &mut disclosures)?;
    Ok((data, disclosures))
}

fn commit_at(
    value: &mut Value,
    place: &Place<'_>,
    depth: usize,
    entropy: &dyn Entropy,
    out: &mut Vec<Disclosure>,
) -> Result<(), EntryError> {
    check_depth(depth)?;
    match value {
        Value::Number(number) => check_number(number, place),
        Value::Array(items) => (items.iter_mut().enumerate())
            .try_for_each(|(i, item)| commit_at(item, &place.item(i), depth + 1, entropy, out)),
        Value::Object(fields) if fields.contains_key(COMMITMENT_MARK) => Err(EntryError::Forged(place.text())),
        Value::Object(fields) if fields.contains_key(PERSONAL_MARK) => {
            *value = commit_one(fields, place, depth, entropy, out)?;
            Ok(())
        }
        Value::Object(fields) => {
            (fields.iter_mut()).try_for_each(|(key, field)| commit_at(field, &place.key(key), depth + 1, entropy, out))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

fn commit_one(
    fields: &mut Map<String, Value>,
    place: &Place<'_>,
    depth: usize,
    entropy: &dyn Entropy,
    out: &mut Vec<Disclosure>,
) -> Result<Value, EntryError> {
    let Marked { subject, value } = sole_field(fields, PERSONAL_MARK, place)?;
    if value.is_null() {
        return Ok(json!({COMMITMENT_MARK: {"subject": subject, "sha256": null}}));
    }
    check_plain(&value, place, depth + 2)?;
    let disclosure = Disclosure { pointer: place.text(), subject, value, salt: entropy.bytes32() };
    let mark = json!({COMMITMENT_MARK: {"subject": disclosure.subject, "sha256": disclosure.digest()?}});
    out.push(disclosure);
    Ok(mark)
}

/// Puts the `$personal` objects back in place of the commitments; one without a disclosure reads
/// `{"$personal": {"subject": …, "value": null}}`, as after an erasure.
///
/// # Errors
/// [`EntryError::Mismatch`] when a disclosure does not open its commitment, [`EntryError::Malformed`]
/// when a commitment is none.
pub fn restore(mut data: Value, disclosures: &[Disclosure]) -> Result<Value, EntryError> {
    if let Some(wrong) = disclosures.iter().find(|disclosure| !disclosure.verify(&data)) {
        return Err(EntryError::Mismatch(wrong.pointer.clone()));
    }
    let known = disclosures.iter().map(|disclosure| (disclosure.pointer.as_str(), &disclosure.value)).collect();
    restore_at(&mut data, &Place::default(), 0, &known)?;
    Ok(data)
}

fn restore_at(
    value: &mut Value,
    place: &Place<'_>,
    depth: usize,
    known: &HashMap<&str, &Value>,
) -> Result<(), EntryError> {
    check_depth(depth)?;
    match value {
        Value::Array(items) => {
            (items.iter_mut().enumerate()).try_for_each(|(i, item)| restore_at(item, &place.item(i), depth + 1, known))
        }
        Value::Object(fields) if fields.contains_key(COMMITMENT_MARK) => {
            let subject = read_commitment(fields, place)?.subject;
            let inner = known.get(place.text().as_str()).map_or(Value::Null, |value| (*value).clone());
            *value = json!({PERSONAL_MARK: {"subject": subject, "value": inner}});
            Ok(())
        }
        Value::Object(fields) => {
            fields.iter_mut().try_for_each(|(key, field)| restore_at(field, &place.key(key), depth + 1, known))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// Reads `{"$commitment": {"subject", "sha256"}}`.
pub(super) fn read_commitment(fields: &Map<String, Value>, place: &Place<'_>) -> Result<Commitment, EntryError> {
    let commitment: Commitment = sole_field(fields, COMMITMENT_MARK, place)?;
    let is_hash = |hash: &String| hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if commitment.sha256.as_ref().is_none_or(is_hash) {
        Ok(commitment)
    } else {
        Err(EntryError::Malformed(place.text()))
    }
}

fn sole_field<T: serde::de::DeserializeOwned>(
    fields: &Map<String, Value>,
    mark: &str,
    place: &Place<'_>,
) -> Result<T, EntryError> {
    let malformed = || EntryError::Malformed(place.text());
    let inner = fields.get(mark).filter(|_| fields.len() == 1).ok_or_else(malformed)?;
    T::deserialize(inner).map_err(|_| malformed())
}
