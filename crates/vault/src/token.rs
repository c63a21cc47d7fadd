//! Tokens for sessions, links and the API: shown once, stored as a digest.

use crate::VaultError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use kernel::{Entropy, Secret};
use sha2::{Digest, Sha256};

/// 32 random bytes, written as 43 characters of base64url.
///
/// A digest without salt is enough: nobody guesses 256 random bits.
///
/// ```
/// use vault::Token;
/// let token = Token::generate(&kernel::SeededEntropy::new(1));
/// let shown = token.text().expose().clone();
/// assert_eq!(Token::parse(&shown).unwrap().digest(), token.digest());
/// ```
#[derive(Clone, Debug)]
pub struct Token {
    text: Secret<String>,
    digest: String,
}

impl Token {
    /// A new token.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let bytes = Secret::new(entropy.bytes32());
        Self { text: Secret::new(BASE64.encode(bytes.expose())), digest: digest(bytes.expose()) }
    }

    /// Reads a token that somebody presents.
    ///
    /// # Errors
    /// [`VaultError::Token`] when `text` has not the form of a token.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        if text.len() != 43 {
            return Err(VaultError::Token);
        }
        let bytes = Secret::new(BASE64.decode(text).map_err(|_| VaultError::Token)?);
        Ok(Self { text: Secret::new(text.to_owned()), digest: digest(bytes.expose()) })
    }

    /// What its holder is given, once.
    #[must_use]
    pub fn text(&self) -> &Secret<String> {
        &self.text
    }

    /// What is stored and looked up: SHA-256 of the 32 bytes, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
