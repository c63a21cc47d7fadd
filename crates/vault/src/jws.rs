//! Signed tokens of identity providers (RFC 7515, compact) and the public keys they publish (RFC 7517).
//!
//! The key decides how a signature is made, not the token: a token that says `none`, or names a scheme its key does not
//! have, is refused. Shared secrets (`HS256`) are no keys here. What the token claims is the caller's to judge.

use crate::signed::{PublicKey, Scheme, unbase64};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fmt;

/// The longest token that is read, in bytes.
const TOKEN_BYTES_MAX: usize = 64 << 10;
/// Keys of one set that are looked at.
const KEYS_MAX: usize = 100;

/// Why a token was not taken. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsError {
    /// Not three parts of base64url with JSON in the first two.
    Malformed,
    /// Unsigned, or signed in a way that is not taken.
    Algorithm,
    /// No published key is the one it names.
    NoKey,
    /// The signature is not the key's.
    Signature,
}

impl fmt::Display for JwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a signed token",
            Self::Algorithm => "an algorithm that is not taken",
            Self::NoKey => "no such key is published",
            Self::Signature => "the signature does not hold",
        })
    }
}

impl std::error::Error for JwsError {}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    crv: String,
    x: String,
    y: String,
    n: String,
    e: String,
}

impl Jwk {
    /// The key, unless it is for something else than signing in this way.
    fn key(&self, alg: &str, scheme: Scheme) -> Option<PublicKey> {
        let fits = self.alg.as_deref().is_none_or(|own| own == alg) && self.purpose.as_deref() != Some("enc");
        match (self.kty.as_str(), self.crv.as_str(), scheme) {
            _ if !fits => None,
            ("EC", "P-256", Scheme::Es256) => PublicKey::p256(&unbase64(&self.x)?, &unbase64(&self.y)?),
            ("OKP", "Ed25519", Scheme::EdDsa) => Some(PublicKey::Ed25519(unbase64(&self.x)?)),
            ("RSA", "", Scheme::Rs256) => Some(PublicKey::Rsa(unbase64(&self.n)?, unbase64(&self.e)?)),
            _ => None,
        }
    }
}

/// The keys a provider publishes.
pub struct KeySet(Vec<Jwk>);

impl KeySet {
    /// Reads a set; keys of kinds we do not know are passed over.
    ///
    /// # Errors
    /// [`JwsError::Malformed`] when it is none.
    pub fn parse(json: &[u8]) -> Result<Self, JwsError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(json).map_err(|_| JwsError::Malformed)?;
        let read = set.keys.into_iter().take(KEYS_MAX).filter_map(|key| serde_json::from_value(key).ok());
        Ok(Self(read.collect()))
    }

    /// The claims of a token that one of these keys has signed: RS256, ES256 or `EdDSA`.
    ///
    /// # Errors
    /// The first thing that is not as it has to be.
    pub fn claims(&self, token: &str) -> Result<Map<String, Value>, JwsError> {
        let short = (token.len() <= TOKEN_BYTES_MAX).then_some(token).ok_or(JwsError::Malformed)?;
        let (signed, signature) = short.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
        let part = |text: &str| unbase64(text).ok_or(JwsError::Malformed);
        let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| JwsError::Malformed)?;
        // Extensions that must be understood are not (RFC 7515 §4.1.11).
        if header.crit.is_some() {
            return Err(JwsError::Malformed);
        }
        let scheme = match header.alg.as_str() {
            "RS256" => Scheme::Rs256,
            "ES256" => Scheme::Es256,
            "EdDSA" => Scheme::EdDsa,
            _ => return Err(JwsError::Algorithm),
        };
        let key = self.find(&header, scheme).ok_or(JwsError::NoKey)?;
        if !key.verify(scheme, signed.as_bytes(), &part(signature)?) {
            return Err(JwsError::Signature);
        }
        serde_json::from_slice(&part(payload)?).map_err(|_| JwsError::Malformed)
    }

    /// The key a token names; without a name, the only one there is for its scheme.
    fn find(&self, header: &Header, scheme: Scheme) -> Option<PublicKey> {
        let named = self.0.iter().filter(|key| header.kid.is_none() || key.kid == header.kid);
        let mut fitting = named.filter_map(|key| key.key(&header.alg, scheme));
        let first = fitting.next()?;
        (header.kid.is_some() || fitting.next().is_none()).then_some(first)
    }
}
