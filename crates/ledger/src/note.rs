//! Signed tree heads: C2SP signed-note with Ed25519, and the checkpoint text inside (C2SP tlog-checkpoint).
//!
//! One Ed25519 key signs every log of the house. A signature line carries the origin of its log as
//! key name, as tlog-checkpoint recommends, so each log has its own key id under the one public
//! key. Further signature lines (witnesses) may follow ours and are ignored by whoever does not
//! know them.

use crate::Hash;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::Signer;
use kernel::Secret;
use sha2::{Digest, Sha256};

mod error;
pub use error::NoteError;

/// The most bytes a signed note may have.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;
/// The most signature lines a note may have (the standard asks for at least 16).
pub const SIGNATURES_MAX: usize = 32;
/// The longest key name or origin, in bytes.
const NAME_BYTES_MAX: usize = 200;
/// The signature type of Ed25519 in signed-note.
const ED25519: u8 = 1;

/// The head of a log: its name, how many leaves it has, and their Merkle root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

impl Checkpoint {
    /// The head of log `origin` at `size` leaves.
    ///
    /// # Errors
    /// [`NoteError::Name`] when `origin` is no key name.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, NoteError> {
        check_name(origin)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Reads the text of a checkpoint note; extension lines are refused, since nobody can audit them.
    ///
    /// # Errors
    /// [`NoteError::Checkpoint`] when the text is not exactly what [`Checkpoint::text`] writes.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(NoteError::Checkpoint);
        };
        let size = size.parse().map_err(|_| NoteError::Checkpoint)?;
        let root = decode(root).and_then(|bytes| bytes.try_into().ok()).ok_or(NoteError::Checkpoint)?;
        let checkpoint = Self::new(origin, size, root)?;
        if checkpoint.text() == text { Ok(checkpoint) } else { Err(NoteError::Checkpoint) }
    }

    /// The three lines that are signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root))
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves the log has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle root of those leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }
}

/// The house's signing key. It cannot be printed, and is wiped when dropped.
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<signing key of {}>", self.name)
    }
}

impl SigningKey {
    /// The key that `seed` (32 random bytes, RFC 8032) makes, under the name of the house's own log.
    ///
    /// # Errors
    /// [`NoteError::Name`] when `name` is no key name.
    pub fn new(name: &str, seed: &Secret<[u8; 32]>) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed.expose()) })
    }

    /// What others verify with.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs `text`, which must end with a newline, under this key's name; returns the signed note.
    ///
    /// # Errors
    /// [`NoteError::Text`] when `text` cannot be the text of a note.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        check_text(text)?;
        Ok(format!("{text}\n{}", self.line(&self.name, text)))
    }

    /// The signed checkpoint: the text, an empty line, and our signature under the log's own name.
    #[must_use]
    pub fn checkpoint(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        format!("{text}\n{}", self.line(&checkpoint.origin, &text))
    }

    fn line(&self, name: &str, text: &str) -> String {
        let mut signature = key_id(name, &self.key.verifying_key()).to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("\u{2014} {name} {}\n", BASE64.encode(signature))
    }
}

/// The public half of a signing key.
///
/// ```
/// use ledger::{Checkpoint, SigningKey, Verifier};
/// let key = SigningKey::new("garant.example/house", &kernel::Secret::new([7; 32])).unwrap();
/// let text = key.verifier().to_string();
/// assert!(text.starts_with("garant.example/house+"));
/// let note = key.checkpoint(&Checkpoint::new("garant.example/house", 0, ledger::tree::empty_root()).unwrap());
/// assert_eq!(text.parse::<Verifier>().unwrap().checkpoint(&note).unwrap().size(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl Verifier {
    /// The key's name: the origin of the house's log.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same public key under the name of another log of the house, as witnesses are given it.
    ///
    /// # Errors
    /// [`NoteError::Name`] when `origin` is no key name.
    pub fn named(&self, origin: &str) -> Result<Self, NoteError> {
        check_name(origin)?;
        Ok(Self { name: origin.to_owned(), key: self.key })
    }

    /// Verifies a signed note and returns its text.
    ///
    /// # Errors
    /// [`NoteError`] when the note is malformed, carries no signature by this key, or a wrong one.
    pub fn verify<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        let (text, lines) = split_note(note)?;
        let ours = (self.name.as_str(), key_id(&self.name, &self.key));
        let mut known = lines.into_iter().filter(|line| (line.name, line.id) == ours).peekable();
        known.peek().ok_or(NoteError::UnknownKey)?;
        known.try_for_each(|line| self.check(text, &line.signature))?;
        Ok(text)
    }

    /// Verifies a signed checkpoint of any log of the house and returns its content.
    ///
    /// # Errors
    /// [`NoteError`] as for [`Verifier::verify`], or when the text is no checkpoint.
    pub fn checkpoint(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let (text, _) = split_note(note)?;
        let checkpoint = Checkpoint::parse(text)?;
        self.named(checkpoint.origin())?.verify(note)?;
        Ok(checkpoint)
    }

    fn check(&self, text: &str, signature: &[u8]) -> Result<(), NoteError> {
        let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| NoteError::Signature)?;
        self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Signature)
    }
}

impl std::fmt::Display for Verifier {
    /// `name+hexid+base64(0x01 ‖ public key)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(key_id(&self.name, &self.key)), BASE64.encode(key))
    }
}

impl std::str::FromStr for Verifier {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        check_name(name)?;
        let bytes = decode(key).ok_or(NoteError::Key)?;
        let (kind, public) = bytes.split_first().ok_or(NoteError::Key)?;
        let public = <&[u8; 32]>::try_from(public).map_err(|_| NoteError::Key)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).map_err(|_| NoteError::Key)?;
        let good = *kind == ED25519 && id == hex::encode(key_id(name, &key)) && !key.is_weak();
        if good { Ok(Self { name: name.to_owned(), key }) } else { Err(NoteError::Key) }
    }
}

/// One parsed signature line.
struct SignatureLine<'a> {
    name: &'a str,
    id: [u8; 4],
    signature: Vec<u8>,
}

/// Splits a note at its last empty line.
fn split_note(note: &str) -> Result<(&str, Vec<SignatureLine<'_>>), NoteError> {
    if note.len() > NOTE_BYTES_MAX {
        return Err(NoteError::TooLong);
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Text)?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    check_text(text)?;
    let body = signatures.strip_suffix('\n').ok_or(NoteError::Text)?;
    let lines = body.split('\n').map(signature_line).collect::<Option<Vec<_>>>().ok_or(NoteError::Text)?;
    if lines.len() > SIGNATURES_MAX { Err(NoteError::TooLong) } else { Ok((text, lines)) }
}

fn signature_line(line: &str) -> Option<SignatureLine<'_>> {
    let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    check_name(name).ok()?;
    let bytes = decode(encoded)?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    Some(SignatureLine { name, id: *id, signature: signature.to_vec() })
}

/// The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key).
fn key_id(name: &str, key: &ed25519_dalek::VerifyingKey) -> [u8; 4] {
    let hash: Hash =
        Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key.as_bytes()).finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn check_name(name: &str) -> Result<(), NoteError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    let good = !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.contains(bad);
    if good { Ok(()) } else { Err(NoteError::Name(name.chars().take(NAME_BYTES_MAX).collect())) }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    let control = |c: char| c < ' ' && c != '\n';
    if text.ends_with('\n') && !text.contains(control) { Ok(()) } else { Err(NoteError::Text) }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}
