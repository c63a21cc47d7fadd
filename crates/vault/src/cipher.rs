//! The one cipher: XChaCha20-Poly1305 with a fresh random nonce for each message.
//!
//! A message is `0x01 ‖ 24-byte nonce ‖ ciphertext ‖ 16-byte tag`. The first byte names the format,
//! so that another cipher can follow without guessing.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use kernel::{Entropy, Secret};

const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;

/// Encrypts `plaintext`, bound to `context`; `None` when it is too long for the cipher.
pub(crate) fn encrypt(key: &[u8; 32], context: &[u8], plaintext: &[u8], entropy: &dyn Entropy) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE_BYTES];
    entropy.fill(&mut nonce);
    let payload = Payload { msg: plaintext, aad: context };
    let ciphertext = cipher(key).encrypt(&XNonce::from(nonce), payload).ok()?;
    let mut message = Vec::with_capacity(1 + NONCE_BYTES + ciphertext.len());
    message.push(FORMAT);
    message.extend_from_slice(&nonce);
    message.extend_from_slice(&ciphertext);
    Some(message)
}

/// Decrypts what [`encrypt`] made; `None` for any other key, context or bytes.
pub(crate) fn decrypt(key: &[u8; 32], context: &[u8], message: &[u8]) -> Option<Secret<Vec<u8>>> {
    let (nonce, ciphertext) = message.strip_prefix(&[FORMAT])?.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload { msg: ciphertext, aad: context };
    cipher(key).decrypt(&XNonce::from(*nonce), payload).ok().map(Secret::new)
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}
