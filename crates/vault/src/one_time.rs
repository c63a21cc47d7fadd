//! The second thing a person shows when signing in: a code of an authenticator (RFC 6238), or one of the
//! recovery codes printed for the day it is lost.

use crate::VaultError;
use kernel::{Entropy, Instant, Secret};
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Totp};

/// Bytes of an authenticator's secret: as many as SHA-1 gives (RFC 4226 §4).
const SECRET_BYTES: usize = 20;
/// Steps of thirty seconds that a phone's clock may be off.
const SKEW_STEPS: u16 = 1;
const STEP_SECONDS: u64 = 30;

/// An authenticator: six digits, thirty seconds, SHA-1, which every application knows.
pub struct OneTime(Totp);

impl OneTime {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Secret<String> {
        let mut bytes = [0; SECRET_BYTES];
        entropy.fill(&mut bytes);
        Secret::new(totp_rs::Secret::from(bytes.to_vec()).to_base32())
    }

    /// The authenticator whose secret is `base32`, as an application shows it: of `issuer`, for `account`.
    ///
    /// # Errors
    /// [`VaultError::OneTime`] when the secret is none of ours.
    pub fn new(base32: &Secret<String>, issuer: &str, account: &str) -> Result<Self, VaultError> {
        let plain = |text: &str| text.replace(':', " ");
        let secret = totp_rs::Secret::try_from_base32(base32.expose()).map_err(|_| VaultError::OneTime)?;
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(SKEW_STEPS)
            .with_step_duration(STEP_SECONDS)
            .with_secret(secret)
            .with_issuer(Some(plain(issuer)))
            .with_account_name(plain(account))
            .build();
        totp.map(Self).map_err(|_| VaultError::OneTime)
    }

    /// The link that an application reads from a picture.
    ///
    /// # Errors
    /// [`VaultError::OneTime`] when it cannot be written.
    pub fn link(&self) -> Result<Secret<String>, VaultError> {
        self.0.to_url().map(Secret::new).map_err(|_| VaultError::OneTime)
    }

    /// The step of time at which `code` holds, now or one step before or after; none when it does not. A step
    /// is good once: the caller refuses one that is not after the last.
    #[must_use]
    pub fn check(&self, code: &str, now: Instant) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.as_second()).ok()?;
        self.0.check(&digits, seconds).and_then(|step| i64::try_from(step).ok())
    }

    /// The code that holds at `now`: what the application would show.
    #[must_use]
    pub fn code(&self, now: Instant) -> String {
        self.0.generate(u64::try_from(now.as_second()).unwrap_or(0)).to_string()
    }
}

impl std::fmt::Debug for OneTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<authenticator>")
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS: usize = 4;
const GROUP_CHARS: usize = 4;

/// A code that stands once for a lost authenticator: four groups of four characters, 80 random bits. Stored as
/// a digest.
pub struct RecoveryCode(Secret<String>);

impl RecoveryCode {
    /// How many a person gets.
    pub const COUNT: usize = 10;

    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut random = [0; GROUPS * GROUP_CHARS];
        entropy.fill(&mut random);
        Self(Secret::new(random.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()))
    }

    /// Reads what a person types: capitals, spaces and hyphens do not matter, nor do letters taken for digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let read = |c: char| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        };
        let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).map(read).collect();
        let good = code.len() == GROUPS * GROUP_CHARS && code.bytes().all(|b| ALPHABET.contains(&b));
        good.then(|| Self(Secret::new(code)))
    }

    /// As it is printed, once.
    #[must_use]
    pub fn text(&self) -> Secret<String> {
        let chars: Vec<char> = self.0.expose().chars().collect();
        let groups: Vec<String> = chars.chunks(GROUP_CHARS).map(|group| group.iter().collect()).collect();
        Secret::new(groups.join("-"))
    }

    /// What is stored and looked up: 80 random bits need no salt.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.expose().as_bytes()))
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<recovery code>")
    }
}
