//! Passkeys: what an authenticator says when it is enrolled and when it is shown (W3C Web Authentication, level 3,
//! §7.1 and §7.2). Pure: the challenge, its single use and the last counter are the caller's.
//!
//! No attestation is asked for, so the maker of an authenticator is neither known nor trusted: what counts is that the
//! same key signs again. Everything that comes in is hostile and has a limit.

mod authenticator;
mod cose;

use crate::signed::{base64, unbase64};
use authenticator::{AuthenticatorData, BACKED_UP, BACKUP_ELIGIBLE, PRESENT, VERIFIED};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The longest answer of a browser that is read, in characters of base64url.
const ANSWER_CHARS_MAX: usize = 64 << 10;

/// The schemes we take, the best first, by their COSE numbers: ES256, `EdDSA`, RS256.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// Who passkeys are for: us, under the name browsers know us by.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    id: String,
    origin: String,
}

/// A public key of a person, and the name by which their authenticator finds its other half. Whoever holds it can
/// recognise the person and nothing more.
#[derive(Clone, Serialize, Deserialize)]
pub struct Passkey {
    id: String,
    key: String,
    counter: u32,
}

/// What a browser gives when a passkey is made, in base64url.
#[derive(Clone, Default, Deserialize)]
pub struct Enrolment {
    /// `clientDataJSON`.
    pub client_data: String,
    /// `attestationObject`.
    pub attestation: String,
}

/// What a browser gives when a passkey is shown, in base64url.
#[derive(Clone, Default, Deserialize)]
pub struct Assertion {
    /// The name of the credential.
    pub id: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// The signature over both.
    pub signature: String,
    /// Whose the authenticator believes it to be; empty when it keeps no such thing.
    #[serde(default)]
    pub user_handle: String,
}

/// Why a passkey was not taken. For the log: a page tells no more than that it was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyError {
    /// The bytes are not what a browser sends.
    Malformed,
    /// Made for another use of passkeys.
    Use,
    /// Another challenge than ours.
    Challenge,
    /// Made on another site's page, or in a frame of one.
    Origin,
    /// Made for another relying party.
    RelyingParty,
    /// Nobody touched the authenticator.
    NotPresent,
    /// The authenticator did not ask who touches it, and that was needed.
    NotVerified,
    /// It says that it is backed up and cannot be.
    Backup,
    /// A kind of key we do not take.
    Algorithm,
    /// The signature is not the key's.
    Signature,
    /// The counter did not go on: there may be a copy.
    Counter {
        /// The last one.
        known: u32,
        /// The one that was shown.
        shown: u32,
    },
}

impl fmt::Display for PasskeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not an answer of an authenticator",
            Self::Use => "made for another use",
            Self::Challenge => "another challenge",
            Self::Origin => "made on another origin",
            Self::RelyingParty => "made for another relying party",
            Self::NotPresent => "nobody was present",
            Self::NotVerified => "the person was not verified",
            Self::Backup => "contradicts itself about being backed up",
            Self::Algorithm => "an algorithm that is not taken",
            Self::Signature => "the signature does not hold",
            Self::Counter { known, shown } => return write!(f, "the counter went from {known} to {shown}"),
        })
    }
}

impl std::error::Error for PasskeyError {}

impl Passkey {
    /// Its name, in base64url, as browsers are told of it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is looked up by: SHA-256 of its name.
    #[must_use]
    pub fn digest(&self) -> String {
        digest_of(&self.id)
    }

    /// The counter it was enrolled with.
    #[must_use]
    pub fn counter(&self) -> u32 {
        self.counter
    }
}

impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<passkey>")
    }
}

/// What a credential of this name (base64url) is looked up by.
#[must_use]
pub fn digest_of(id: &str) -> String {
    hex::encode(Sha256::digest(id.as_bytes()))
}

/// The challenge an answer was made for, as it says itself: to find the ceremony it belongs to.
#[must_use]
pub fn challenge_of(client_data: &str) -> Option<String> {
    Some(client(&decoded(client_data).ok()?).ok()?.challenge)
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

fn decoded(text: &str) -> Result<Vec<u8>, PasskeyError> {
    let short = (text.len() <= ANSWER_CHARS_MAX).then_some(text);
    short.and_then(unbase64).ok_or(PasskeyError::Malformed)
}

fn client(bytes: &[u8]) -> Result<ClientData, PasskeyError> {
    serde_json::from_slice(bytes).map_err(|_| PasskeyError::Malformed)
}

impl RelyingParty {
    /// We are `id` (a host name), and our pages are on `origin`.
    #[must_use]
    pub fn new(id: &str, origin: &str) -> Self {
        Self { id: id.to_owned(), origin: origin.to_owned() }
    }

    /// The host name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A new passkey (§7.1, steps 7 to 26, without attestation).
    ///
    /// # Errors
    /// The first thing that is not as it has to be.
    pub fn enrolled(&self, challenge: &str, answer: &Enrolment) -> Result<Passkey, PasskeyError> {
        self.check_client(&decoded(&answer.client_data)?, "webauthn.create", challenge)?;
        let data = authenticator::attested(&decoded(&answer.attestation)?)?;
        self.check_data(&data, false)?;
        let (id, key) = data.credential.ok_or(PasskeyError::Malformed)?;
        cose::key(&key)?;
        Ok(Passkey { id: base64(&id), key: base64(&key), counter: data.counter })
    }

    /// A passkey shown (§7.2, steps 5 to 22): `counter` is the last one it showed, `verified` demands that the
    /// authenticator knew who touched it. Gives the new counter.
    ///
    /// # Errors
    /// The first thing that is not as it has to be.
    pub fn shown(
        &self,
        challenge: &str,
        passkey: &Passkey,
        counter: u32,
        answer: &Assertion,
        verified: bool,
    ) -> Result<u32, PasskeyError> {
        if answer.id != passkey.id {
            return Err(PasskeyError::Malformed);
        }
        let client = decoded(&answer.client_data)?;
        self.check_client(&client, "webauthn.get", challenge)?;
        let bytes = decoded(&answer.authenticator_data)?;
        let data = AuthenticatorData::parse(&bytes)?;
        self.check_data(&data, verified)?;
        let (key, scheme) = cose::key(&decoded(&passkey.key)?)?;
        let message = [bytes.as_slice(), &Sha256::digest(&client)].concat();
        if !key.verify(scheme, &message, &decoded(&answer.signature)?) {
            return Err(PasskeyError::Signature);
        }
        let goes_on = data.counter > counter || (data.counter == 0 && counter == 0);
        if goes_on { Ok(data.counter) } else { Err(PasskeyError::Counter { known: counter, shown: data.counter }) }
    }

    fn check_client(&self, bytes: &[u8], kind: &str, challenge: &str) -> Result<(), PasskeyError> {
        let said = client(bytes)?;
        if said.kind != kind {
            return Err(PasskeyError::Use);
        }
        if said.challenge != challenge {
            return Err(PasskeyError::Challenge);
        }
        if said.origin != self.origin || said.cross_origin {
            return Err(PasskeyError::Origin);
        }
        Ok(())
    }

    fn check_data(&self, data: &AuthenticatorData, verified: bool) -> Result<(), PasskeyError> {
        if data.relying_party != *Sha256::digest(self.id.as_bytes()) {
            return Err(PasskeyError::RelyingParty);
        }
        if data.flags & PRESENT == 0 {
            return Err(PasskeyError::NotPresent);
        }
        if verified && data.flags & VERIFIED == 0 {
            return Err(PasskeyError::NotVerified);
        }
        if data.flags & BACKED_UP != 0 && data.flags & BACKUP_ELIGIBLE == 0 {
            return Err(PasskeyError::Backup);
        }
        Ok(())
    }
}
