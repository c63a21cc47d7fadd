//! Signatures of others: of passkeys and of identity providers. They are verified here and made nowhere.
//!
//! One enum for the keys of COSE (RFC 9052) and JOSE (RFC 7517), and `ring` behind it, which TLS brings anyway.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::signature::{
    self, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};

/// A public key of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// A point of P-256, uncompressed: `0x04 ‖ x ‖ y`.
    P256(Vec<u8>),
    /// A key of Ed25519.
    Ed25519(Vec<u8>),
    /// Modulus and exponent, big-endian.
    Rsa(Vec<u8>, Vec<u8>),
}

/// How a signature is made and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// ECDSA on P-256 with SHA-256, as DER: what authenticators give.
    Es256Der,
    /// The same as two numbers side by side: what JOSE gives.
    Es256,
    /// `RSASSA-PKCS1-v1_5` with SHA-256; keys of 2048 bits and more.
    Rs256,
    /// Ed25519.
    EdDsa,
}

impl PublicKey {
    /// A point from its two coordinates.
    pub(crate) fn p256(x: &[u8], y: &[u8]) -> Option<Self> {
        (x.len() == 32 && y.len() == 32).then(|| Self::P256([&[4], x, y].concat()))
    }

    /// Whether `signature` over `message` is this key's; a key of another kind has signed nothing.
    pub(crate) fn verify(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        let with = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok()
        };
        match (self, scheme) {
            (Self::P256(point), Scheme::Es256Der) => with(&ECDSA_P256_SHA256_ASN1, point),
            (Self::P256(point), Scheme::Es256) => with(&ECDSA_P256_SHA256_FIXED, point),
            (Self::Ed25519(key), Scheme::EdDsa) => with(&ED25519, key),
            (Self::Rsa(n, e), Scheme::Rs256) => rsa(n, e, &RSA_PKCS1_2048_8192_SHA256, message, signature),
            _ => false,
        }
    }
}

fn rsa(n: &[u8], e: &[u8], parameters: &signature::RsaParameters, message: &[u8], signature: &[u8]) -> bool {
    fn bare(number: &[u8]) -> &[u8] {
        &number[number.iter().take_while(|byte| **byte == 0).count()..]
    }
    RsaPublicKeyComponents { n: bare(n), e: bare(e) }.verify(parameters, message, signature).is_ok()
}

/// Bytes from base64url without padding.
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Bytes as base64url without padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}
