//! Signed notes and checkpoints, read by the letter of C2SP signed-note and tlog-checkpoint.

use super::fault::FaultCode;
use super::merkle::Hash;
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

const NOTE_BYTES_MAX: usize = 64 << 10;
const SIGNATURES_MAX: usize = 32;

/// The house's public key and the name it was given under.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: String,
    public: VerifyingKey,
}

/// A checkpoint whose signature was verified.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: Hash,
}

impl Key {
    /// Reads `name+hexid+base64(0x01 ‖ key)`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let [name, id, encoded] = text.trim_end().splitn(3, '+').collect::<Vec<_>>().try_into().ok()?;
        let bytes: [u8; 33] = STANDARD.decode(encoded).ok()?.try_into().ok()?;
        let [1, public @ ..] = bytes else { return None };
        let public = VerifyingKey::from_bytes(&public).ok().filter(|key| !key.is_weak())?;
        let key = Self { name: name.to_owned(), public };
        (is_name(name) && hex::encode(key.id(name)) == id).then_some(key)
    }

    /// Whether `text` is this public key under the name `name`.
    pub(super) fn is_named(&self, text: &str, name: &str) -> bool {
        Self::read(text).is_some_and(|key| key.public == self.public && key.name == name)
    }

    /// The key id that this public key has under `name`.
    fn id(&self, name: &str) -> [u8; 4] {
        let material = [name.as_bytes(), b"\n\x01", self.public.as_bytes()].concat();
        let digest = Sha256::digest(material);
        std::array::from_fn(|i| digest[i])
    }

    /// Verifies a note signed under `name` and returns its text.
    pub(super) fn text<'a>(&self, note: &'a str, name: &str) -> Result<&'a str, FaultCode> {
        let (text, signatures) = parts(note).ok_or(FaultCode::NotANote)?;
        let mut seen = false;
        for (signer, bytes) in signatures {
            let Some((id, signature)) = bytes.split_first_chunk::<4>() else { return Err(FaultCode::NotANote) };
            if signer != name || *id != self.id(name) {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| FaultCode::BadSignature)?;
            self.public.verify_strict(text.as_bytes(), &signature).map_err(|_| FaultCode::BadSignature)?;
            seen = true;
        }
        if seen { Ok(text) } else { Err(FaultCode::UnknownKey) }
    }

    /// Verifies a checkpoint signed under the name of its log.
    pub(super) fn head(&self, note: &str) -> Result<Head, FaultCode> {
        let (text, _) = parts(note).ok_or(FaultCode::NotANote)?;
        let head = head(text).ok_or(FaultCode::NotANote)?;
        self.text(note, &head.origin)?;
        Ok(head)
    }
}

pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 200 && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// Signers with key id and signature.
type Signatures<'a> = Vec<(&'a str, Vec<u8>)>;

/// The text with its final newline, and each signature with its signer.
fn parts(note: &str) -> Option<(&str, Signatures<'_>)> {
    if note.len() > NOTE_BYTES_MAX || note.chars().any(|c| c < ' ' && c != '\n') {
        return None;
    }
    let (text, signatures) = note.rsplit_once("\n\n")?;
    let lines: Vec<&str> = signatures.strip_suffix('\n')?.split('\n').collect();
    if lines.len() > SIGNATURES_MAX {
        return None;
    }
    let signatures = lines.into_iter().map(signature).collect::<Option<_>>()?;
    Some((&note[..=text.len()], signatures))
}

fn signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix('—')?.strip_prefix(' ')?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    (is_name(name) && bytes.len() > 4).then_some((name, bytes))
}

fn head(text: &str) -> Option<Head> {
    let lines: Vec<&str> = text.split('\n').collect();
    let [origin, size_text, root, ""] = lines[..] else { return None };
    let size: u64 = size_text.parse().ok()?;
    let root = root_hash(root)?;
    (is_name(origin) && size.to_string() == size_text).then(|| Head { origin: origin.to_owned(), size, root })
}

/// A root hash as checkpoints write it.
pub(super) fn root_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}
