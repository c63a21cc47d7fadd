//! Public keys as authenticators write them (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4).

use super::PasskeyError;
use crate::signed::{PublicKey, Scheme};
use minicbor::{Decoder, data::Type};

/// Entries of a key that are looked at; the longest has five.
const ENTRIES_MAX: u64 = 16;

#[derive(Default)]
struct Parts<'b> {
    kind: i64,
    algorithm: i64,
    curve: i64,
    /// The parameters -1, -2 and -3, where they are bytes.
    bytes: [&'b [u8]; 3],
}

/// The key, and the scheme it signs with.
pub(super) fn key(bytes: &[u8]) -> Result<(PublicKey, Scheme), PasskeyError> {
    let parts = parts(bytes).map_err(|_| PasskeyError::Malformed)?;
    let [first, second, third] = parts.bytes;
    match (parts.kind, parts.algorithm, parts.curve) {
        (2, -7, 1) => PublicKey::p256(second, third).map(|key| (key, Scheme::Es256Der)).ok_or(PasskeyError::Malformed),
        (1, -8, 6) if second.len() == 32 => Ok((PublicKey::Ed25519(second.to_vec()), Scheme::EdDsa)),
        (3, -257, 0) => Ok((PublicKey::Rsa(first.to_vec(), second.to_vec()), Scheme::Rs256)),
        _ => Err(PasskeyError::Algorithm),
    }
}

fn parts(bytes: &[u8]) -> Result<Parts<'_>, minicbor::decode::Error> {
    let (mut decoder, mut parts) = (Decoder::new(bytes), Parts::default());
    for _ in 0..decoder.map()?.unwrap_or(0).min(ENTRIES_MAX) {
        let name = decoder.i64()?;
        let is_bytes = decoder.datatype()? == Type::Bytes;
        match (name, is_bytes) {
            (1, false) => parts.kind = decoder.i64()?,
            (3, false) => parts.algorithm = decoder.i64()?,
            (-1, false) => parts.curve = decoder.i64()?,
            (-1, true) => parts.bytes[0] = decoder.bytes()?,
            (-2, true) => parts.bytes[1] = decoder.bytes()?,
            (-3, true) => parts.bytes[2] = decoder.bytes()?,
            _ => decoder.skip()?,
        }
    }
    Ok(parts)
}
