//! The house's one root key: everything else is wrapped by, or derived from, it.

use crate::VaultError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hkdf::Hkdf;
use kernel::{Entropy, Secret};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

const HEADER: &str = "garant-master-key-1";
const CHECKSUM_DOMAIN: &[u8] = b"garant/master-key/v1/checksum";

/// 32 random bytes, kept in a file outside the database and outside its backups.
///
/// ```
/// use vault::MasterKey;
/// let key = MasterKey::generate(&kernel::SeededEntropy::new(1));
/// let text = key.to_text();
/// assert!(text.expose().starts_with("garant-master-key-1 "));
/// assert!(MasterKey::from_text(text.expose()).is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct MasterKey(Secret<[u8; 32]>);

impl MasterKey {
    /// A new key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Secret::new(entropy.bytes32()))
    }

    /// Reads the line that [`MasterKey::to_text`] writes; space around it is ignored.
    ///
    /// # Errors
    /// [`VaultError::MasterKeyText`] when the line is not whole: a checksum notices a lost or
    /// mistyped character.
    pub fn from_text(text: &str) -> Result<Self, VaultError> {
        let mut words = text.split_whitespace();
        let (Some(HEADER), Some(body), None) = (words.next(), words.next(), words.next()) else {
            return Err(VaultError::MasterKeyText);
        };
        let bytes = Secret::new(BASE64.decode(body).map_err(|_| VaultError::MasterKeyText)?);
        let (key, sum) = bytes.expose().split_first_chunk::<32>().ok_or(VaultError::MasterKeyText)?;
        if sum == checksum(key) { Ok(Self(Secret::new(*key))) } else { Err(VaultError::MasterKeyText) }
    }

    /// The content of the key file: one line with a checksum.
    #[must_use]
    pub fn to_text(&self) -> Secret<String> {
        let mut bytes = self.0.expose().to_vec();
        bytes.extend_from_slice(&checksum(self.0.expose()));
        let text = format!("{HEADER} {}\n", BASE64.encode(&bytes));
        bytes.zeroize();
        Secret::new(text)
    }

    /// A key of its own for `purpose` (HKDF-SHA-256): two purposes never share one.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Secret<[u8; 32]> {
        self.expand(b"garant/derive/v1/", purpose.as_bytes())
    }

    /// The key that wraps subjects' keys.
    pub(crate) fn wrapping(&self) -> Secret<[u8; 32]> {
        self.expand(b"garant/wrap/v1/", b"subject-key")
    }

    fn expand(&self, domain: &[u8], label: &[u8]) -> Secret<[u8; 32]> {
        let mut key = [0; 32];
        let outcome = Hkdf::<Sha256>::new(None, self.0.expose()).expand_multi_info(&[domain, label], &mut key);
        debug_assert!(outcome.is_ok(), "HKDF gives up to 8160 bytes");
        let secret = Secret::new(key);
        key.zeroize();
        secret
    }
}

fn checksum(key: &[u8; 32]) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::new().chain_update(CHECKSUM_DOMAIN).chain_update(key).finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}
