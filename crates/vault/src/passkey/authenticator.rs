//! The bytes an authenticator signs (§6.1), and the object they come in when a passkey is made (§6.5).

use super::PasskeyError;
use minicbor::Decoder;

/// A person touched it.
pub(super) const PRESENT: u8 = 0x01;
/// It knew who touched it: a PIN, a finger, a face.
pub(super) const VERIFIED: u8 = 0x04;
/// The key may be copied to the person's other devices.
pub(super) const BACKUP_ELIGIBLE: u8 = 0x08;
/// It has been.
pub(super) const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENDED: u8 = 0x80;

/// The longest name of a credential, in bytes (§5.8.3).
const ID_BYTES_MAX: usize = 1023;
/// Entries of one map that are looked at.
const ENTRIES_MAX: u64 = 32;

/// Authenticator data, taken apart.
pub(super) struct AuthenticatorData {
    pub(super) relying_party: [u8; 32],
    pub(super) flags: u8,
    pub(super) counter: u32,
    /// The name and the COSE key of a new credential.
    pub(super) credential: Option<(Vec<u8>, Vec<u8>)>,
}

impl AuthenticatorData {
    /// Reads the bytes to their end; what is left over is an error.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, PasskeyError> {
        let (relying_party, rest) = bytes.split_first_chunk::<32>().ok_or(PasskeyError::Malformed)?;
        let ([flags], rest) = rest.split_first_chunk::<1>().ok_or(PasskeyError::Malformed)?;
        let (counter, mut rest) = rest.split_first_chunk::<4>().ok_or(PasskeyError::Malformed)?;
        let mut credential = None;
        if flags & ATTESTED != 0 {
            (credential, rest) = attested_credential(rest)?;
        }
        if flags & EXTENDED != 0 {
            rest = item(rest)?.1;
        }
        if !rest.is_empty() {
            return Err(PasskeyError::Malformed);
        }
        let counter = u32::from_be_bytes(*counter);
        Ok(Self { relying_party: *relying_party, flags: *flags, counter, credential })
    }
}

type Credential<'b> = (Option<(Vec<u8>, Vec<u8>)>, &'b [u8]);

fn attested_credential(bytes: &[u8]) -> Result<Credential<'_>, PasskeyError> {
    let (_model, rest) = bytes.split_first_chunk::<16>().ok_or(PasskeyError::Malformed)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(PasskeyError::Malformed)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if !(1..=ID_BYTES_MAX).contains(&length) || rest.len() < length {
        return Err(PasskeyError::Malformed);
    }
    let (id, rest) = rest.split_at(length);
    let (key, rest) = item(rest)?;
    Ok((Some((id.to_vec(), key.to_vec())), rest))
}

/// The first CBOR item and what follows it.
fn item(bytes: &[u8]) -> Result<(&[u8], &[u8]), PasskeyError> {
    let mut decoder = Decoder::new(bytes);
    decoder.skip().map_err(|_| PasskeyError::Malformed)?;
    Ok(bytes.split_at(decoder.position()))
}

/// The authenticator data inside an attestation object; the attestation itself is not looked at.
pub(super) fn attested(object: &[u8]) -> Result<AuthenticatorData, PasskeyError> {
    let found = find_data(object).ok().flatten().ok_or(PasskeyError::Malformed)?;
    AuthenticatorData::parse(found)
}

fn find_data(object: &[u8]) -> Result<Option<&[u8]>, minicbor::decode::Error> {
    let mut decoder = Decoder::new(object);
    let entries = decoder.map()?.unwrap_or(0).min(ENTRIES_MAX);
    let mut found = None;
    for _ in 0..entries {
        if decoder.str()? == "authData" { found = Some(decoder.bytes()?) } else { decoder.skip()? }
    }
    Ok(found.filter(|_| decoder.position() == object.len()))
}
