//! One key per data subject: to destroy it is to erase everything sealed under it (GDPR Art. 17).

use crate::{MasterKey, VaultError, cipher};
use kernel::{Entropy, EntryId, Secret, SubjectId};

const WRAP_DOMAIN: &str = "garant/wrap/subject-key/v1";
const SEAL_DOMAIN: &str = "garant/seal/v1";

/// The key of one data subject; stored only wrapped.
///
/// Every ciphertext is bound to its place: bytes moved to another field, entry or subject do not open.
#[derive(Clone, Debug)]
pub struct SubjectKey(Secret<[u8; 32]>);

impl SubjectKey {
    /// A new key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(Secret::new(entropy.bytes32()))
    }

    /// The key as it is stored: encrypted by the master key and bound to `subject`.
    ///
    /// # Errors
    /// [`VaultError::TooLong`], which 32 bytes never are.
    pub fn wrap(&self, master: &MasterKey, subject: &SubjectId, entropy: &dyn Entropy) -> Result<Vec<u8>, VaultError> {
        let context = context(WRAP_DOMAIN, subject.as_str());
        cipher::encrypt(master.wrapping().expose(), &context, self.0.expose(), entropy).ok_or(VaultError::TooLong)
    }

    /// Opens a stored key.
    ///
    /// # Errors
    /// [`VaultError::WrongMasterKey`] for another master key, another subject, or altered bytes.
    pub fn unwrap(wrapped: &[u8], master: &MasterKey, subject: &SubjectId) -> Result<Self, VaultError> {
        let context = context(WRAP_DOMAIN, subject.as_str());
        let bytes = cipher::decrypt(master.wrapping().expose(), &context, wrapped).ok_or(VaultError::WrongMasterKey)?;
        let key = <[u8; 32]>::try_from(bytes.expose().as_slice()).map_err(|_| VaultError::WrongMasterKey)?;
        Ok(Self(Secret::new(key)))
    }

    /// Encrypts `plaintext` for the place that `aad` names; two calls never give the same bytes.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] beyond 256 GiB.
    pub fn seal(&self, aad: &str, plaintext: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, VaultError> {
        cipher::encrypt(self.0.expose(), &context(SEAL_DOMAIN, aad), plaintext, entropy).ok_or(VaultError::TooLong)
    }

    /// Decrypts what [`SubjectKey::seal`] made for the same place.
    ///
    /// # Errors
    /// [`VaultError::Altered`] for another key, another place, or altered bytes.
    pub fn open(&self, aad: &str, sealed: &[u8]) -> Result<Secret<Vec<u8>>, VaultError> {
        cipher::decrypt(self.0.expose(), &context(SEAL_DOMAIN, aad), sealed).ok_or(VaultError::Altered)
    }

    /// Seals a personal value of a ledger entry: its place is the entry and the JSON pointer in it.
    ///
    /// # Errors
    /// As [`SubjectKey::seal`].
    pub fn seal_value(
        &self,
        entry: &EntryId,
        pointer: &str,
        value: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, VaultError> {
        self.seal(&place(entry, pointer), value, entropy)
    }

    /// Opens what [`SubjectKey::seal_value`] made.
    ///
    /// # Errors
    /// As [`SubjectKey::open`].
    pub fn open_value(&self, entry: &EntryId, pointer: &str, sealed: &[u8]) -> Result<Secret<Vec<u8>>, VaultError> {
        self.open(&place(entry, pointer), sealed)
    }
}

/// An entry id has a fixed length, so the two parts cannot be mistaken for one another.
fn place(entry: &EntryId, pointer: &str) -> String {
    format!("entry/{entry}{pointer}")
}

fn context(domain: &str, rest: &str) -> Vec<u8> {
    [domain.as_bytes(), b"\0", rest.as_bytes()].concat()
}
