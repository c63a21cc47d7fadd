//! Passwords: a policy that stops guessing, a slow hash, the same work for unknown users.
//!
//! The policy follows OWASP ASVS 5.0 (V6.2) and NIST SP 800-63B: length instead of character
//! classes, no rotation, a list of what everybody tries. The hash is Argon2id (RFC 9106) with 19 MiB,
//! two passes and one lane.

use crate::VaultError;
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version};
use kernel::{Entropy, Lang, Secret};
use std::fmt;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Verified in place of the hash of a user who does not exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z2FyYW50L25vYm9keS8x$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Long passwords that attackers try first, one a line, lower case.
const COMMON: &str = include_str!("password/common.txt");

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// Fewer than [`Password::CHARS_MIN`] characters.
    TooShort,
    /// More than [`Password::CHARS_MAX`] characters.
    TooLong,
    /// A few characters over and over.
    Repetition,
    /// Contains the name in the e-mail address.
    ContainsEmail,
    /// On everybody's list.
    Common,
}

impl PasswordError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::TooShort => {
                ("the password has fewer than 12 characters", "le mot de passe compte moins de 12 caractères")
            }
            Self::TooLong => {
                ("the password has more than 256 characters", "le mot de passe compte plus de 256 caractères")
            }
            Self::Repetition => ("the password repeats a few characters", "le mot de passe répète quelques caractères"),
            Self::ContainsEmail => (
                "the password contains your e-mail name",
                "le mot de passe contient le nom de votre adresse électronique",
            ),
            Self::Common => {
                ("the password is one of the first that are tried", "ce mot de passe est parmi les premiers essayés")
            }
        };
        lang.pick(en, fr).to_owned()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::TooLong => {
                ("choose a shorter one: up to 256 characters", "choisissez-en un plus court : 256 caractères au plus")
            }
            Self::ContainsEmail => {
                ("leave your name and address out of it", "n'y mettez ni votre nom ni votre adresse")
            }
            Self::TooShort | Self::Repetition | Self::Common => (
                "string four or five unrelated words together, or let a password manager choose",
                "enchaînez quatre ou cinq mots sans rapport, ou laissez choisir un gestionnaire de mots de passe",
            ),
        };
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for PasswordError {}

/// A password that satisfies the policy: wherever one is set, this type is asked for.
#[derive(Clone, Debug)]
pub struct Password(Secret<String>);

impl Password {
    /// The fewest characters.
    pub const CHARS_MIN: usize = 12;
    /// The most characters: more would only be work for the hash.
    pub const CHARS_MAX: usize = 256;

    /// Checks `text`, chosen by the holder of `email` (empty when there is none).
    ///
    /// # Errors
    /// [`PasswordError`], the first rule that is broken.
    pub fn new(text: Secret<String>, email: &str) -> Result<Self, PasswordError> {
        let chars = text.expose().chars().count();
        if chars < Self::CHARS_MIN {
            return Err(PasswordError::TooShort);
        }
        if chars > Self::CHARS_MAX {
            return Err(PasswordError::TooLong);
        }
        let lower = Secret::new(text.expose().to_lowercase());
        if repeats(lower.expose()) {
            return Err(PasswordError::Repetition);
        }
        if contains_name(lower.expose(), email) {
            return Err(PasswordError::ContainsEmail);
        }
        if COMMON.lines().any(|common| common == lower.expose()) {
            return Err(PasswordError::Common);
        }
        Ok(Self(text))
    }

    /// The PHC string to store; the salt is fresh.
    ///
    /// # Errors
    /// [`VaultError::NoMemory`] when Argon2 cannot run.
    pub fn hash(&self, entropy: &dyn Entropy) -> Result<String, VaultError> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let outcome = argon().hash_password_with_salt(self.0.expose().as_bytes(), &salt);
        outcome.map(|hash: PasswordHash| hash.to_string()).map_err(|_| VaultError::NoMemory)
    }

    /// Whether `candidate` is the password behind the stored `phc`.
    ///
    /// Takes the same time for a user who does not exist (`None`), for a stored value that is no hash, and
    /// for a candidate no password can be: nobody learns from the clock who has an account. It costs 19 MiB
    /// and tens of milliseconds: call it behind a semaphore.
    #[must_use]
    pub fn verify(phc: Option<&str>, candidate: &Secret<String>) -> bool {
        let stored = phc.and_then(|text| PasswordHash::new(text).ok()).filter(is_ours);
        let possible = stored.is_some() && candidate.expose().chars().count() <= Self::CHARS_MAX;
        let attempt: &str = if possible { candidate.expose() } else { "" };
        let hash = stored.filter(|_| possible).or_else(|| PasswordHash::new(NOBODY).ok());
        let equal = hash.is_some_and(|hash| argon().verify_password(attempt.as_bytes(), &hash).is_ok());
        equal && possible
    }
}

/// Whether a stored hash has our cost: one that asks for more could stall the house.
fn is_ours(hash: &PasswordHash) -> bool {
    hash.algorithm.as_str() == "argon2id"
        && Params::try_from(hash)
            .is_ok_and(|params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES))
}

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Whether the text is one group of up to four characters, over and over.
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

/// Names of one or two letters would refuse too much.
fn contains_name(lower: &str, email: &str) -> bool {
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    name.chars().count() >= 3 && lower.contains(&name)
}
