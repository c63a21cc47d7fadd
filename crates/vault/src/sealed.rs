//! Files sealed with a passphrase in the age format, so that whoever receives one opens it with
//! anybody's `age` (GDPR Art. 12(1) and Art. 32(1)(a): an answer goes out safely and can be read).
//!
//! The `age` library draws its own randomness from the system: sealing twice never gives the same
//! bytes, not even in tests.

use crate::VaultError;
use age::secrecy::SecretString;
use kernel::{Entropy, Secret};
use std::io::{self, BufReader, Read, Write};

/// The work factor (log₂ of scrypt's N) of files we write: 64 MiB to open.
pub const WORK_FACTOR_LOG2: u8 = 16;
/// The largest work factor we do or ask for: 256 MiB.
pub const WORK_FACTOR_LOG2_MAX: u8 = 18;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS: usize = 6;
const GROUP_CHARS: usize = 5;

/// Encrypts what is written to it; without [`SealedWriter::finish`] the file does not open.
pub struct SealedWriter<W: Write>(age::stream::StreamWriter<W>);

impl<W: Write> SealedWriter<W> {
    /// Starts a file on `output`. `work_factor_log2` is [`WORK_FACTOR_LOG2`] unless given.
    ///
    /// # Errors
    /// Those of `output`; [`VaultError::TooMuchWork`] for a factor outside
    /// 1..=[`WORK_FACTOR_LOG2_MAX`].
    pub fn new(output: W, passphrase: &Secret<String>, work_factor_log2: Option<u8>) -> io::Result<Self> {
        let factor = work_factor_log2.unwrap_or(WORK_FACTOR_LOG2);
        if !(1..=WORK_FACTOR_LOG2_MAX).contains(&factor) {
            return Err(VaultError::TooMuchWork.into());
        }
        let mut recipient = age::scrypt::Recipient::new(age_secret(passphrase));
        recipient.set_work_factor(factor);
        let recipient: &dyn age::Recipient = &recipient;
        let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient)).map_err(io::Error::other)?;
        encryptor.wrap_output(output).map(Self)
    }

    /// Writes the last block and gives `output` back.
    ///
    /// # Errors
    /// Those of `output`.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> std::fmt::Debug for SealedWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<sealed writer>")
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Opens a sealed file; altered or missing bytes surface as errors while it is read.
///
/// # Errors
/// Those of `input`, and [`VaultError`] (inside the [`io::Error`]) when the file is not sealed with a
/// passphrase, asks for more than [`WORK_FACTOR_LOG2_MAX`], or does not open with this one.
pub fn open<R: Read>(input: R, passphrase: &Secret<String>) -> io::Result<impl Read + use<R>> {
    let decryptor = age::Decryptor::new_buffered(BufReader::new(input)).map_err(refusal)?;
    if !decryptor.is_scrypt() {
        return Err(VaultError::NotSealed.into());
    }
    let mut identity = age::scrypt::Identity::new(age_secret(passphrase));
    identity.set_max_work_factor(WORK_FACTOR_LOG2_MAX);
    let identity: &dyn age::Identity = &identity;
    decryptor.decrypt(std::iter::once(identity)).map_err(refusal)
}

/// A passphrase to read aloud or print: six groups of five characters, 150 random bits.
///
/// Letters that look like digits do not occur.
#[must_use]
pub fn passphrase(entropy: &dyn Entropy) -> Secret<String> {
    let mut random = [0; GROUPS * GROUP_CHARS];
    entropy.fill(&mut random);
    let random = Secret::new(random);
    let mut text = String::with_capacity(GROUPS * (GROUP_CHARS + 1));
    for (place, byte) in random.expose().iter().enumerate() {
        if place > 0 && place % GROUP_CHARS == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(byte & 31)]));
    }
    Secret::new(text)
}

fn refusal(error: age::DecryptError) -> io::Error {
    match error {
        age::DecryptError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => error,
        age::DecryptError::ExcessiveWork { .. } => VaultError::TooMuchWork.into(),
        age::DecryptError::InvalidHeader | age::DecryptError::UnknownFormat | age::DecryptError::Io(_) => {
            VaultError::NotSealed.into()
        }
        _ => VaultError::Passphrase.into(),
    }
}

fn age_secret(passphrase: &Secret<String>) -> SecretString {
    SecretString::from(passphrase.expose().clone())
}
