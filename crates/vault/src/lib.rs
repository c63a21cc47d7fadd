//! Envelope encryption, one key per data subject, erasure by key destruction, age files.
//!
//! GDPR Art. 17 asks for erasure, Art. 5(2) for a record that cannot be changed, Art. 32(1)(a) for
//! encryption. They meet here: what is personal is sealed under its subject's own key
//! ([`SubjectKey`]), that key is kept only wrapped by the house's [`MasterKey`], and destroying the
//! wrapped key erases the data wherever their ciphertext has been copied, backups included.
//!
//! This is the only crate that names a cipher: XChaCha20-Poly1305 (24-byte random nonces cannot
//! run out), HKDF-SHA-256 (RFC 5869), Argon2id (RFC 9106), the age file format,
//! and the signatures of passkeys and identity providers, which it verifies. Randomness is a
//! parameter, except inside the `age` library, which draws its own from the system.

mod breached;
mod cipher;
mod error;
pub mod jws;
mod master;
mod one_time;
pub mod passkey;
mod password;
pub mod sealed;
mod signed;
mod subject;
mod token;

pub use breached::Breached;
pub use error::VaultError;
pub use master::MasterKey;
pub use one_time::{OneTime, RecoveryCode};
pub use password::{Holder, Password, PasswordError};
pub use subject::SubjectKey;
pub use token::Token;
