//! Passwords: a policy that stops guessing, a slow hash, the same work for unknown users.
//!
//! The policy follows OWASP ASVS 5.0 (V6.2) and NIST SP 800-63B: length instead of character
//! classes, an estimate of the guesses it stands, a list of what everybody tries and the operator's list
//! of breached ones. How long one lasts is the operator's rule too: agreements promise renewal, and CNIL
//! 2022-100 keeps it for privileged accounts. The hash is Argon2id (RFC 9106) with 19 MiB, two passes and
//! one lane.

use crate::{Breached, VaultError};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version};
use kernel::{Entropy, Instant, Lang, Secret};
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
    /// Few guesses are enough.
    Guessable,
    /// On the operator's list of breached passwords.
    Breached,
    /// The operator's list cannot be read: then nothing is accepted.
    Unchecked,
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
            Self::Guessable => (
                "the password can be guessed: it is made of common words, names, dates or keyboard rows",
                "le mot de passe se devine : il est fait de mots courants, de noms, de dates ou de suites du clavier",
            ),
            Self::Breached => (
                "the password is known from a data breach elsewhere",
                "ce mot de passe est connu par une fuite de données ailleurs",
            ),
            Self::Unchecked => (
                "the password cannot be checked: the list of breached passwords cannot be read",
                "le mot de passe ne peut être vérifié : la liste des mots de passe divulgués est illisible",
            ),
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
            Self::Unchecked => (
                "ask the operator to mend the file that --breached-passwords names",
                "demandez à l'exploitant de réparer le fichier que nomme --breached-passwords",
            ),
            Self::TooShort | Self::Repetition | Self::Common | Self::Guessable | Self::Breached => (
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

/// Who chooses a password: what others know of them is no secret.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// The address they sign in with; empty when there is none.
    pub email: &'a str,
    /// Their name; empty when there is none.
    pub name: &'a str,
}

/// A password that satisfies the policy: wherever one is set, this type is asked for.
#[derive(Clone, Debug)]
pub struct Password(Secret<String>);

impl Password {
    /// The fewest characters.
    pub const CHARS_MIN: usize = 12;
    /// The most characters: more would only be work for the hash.
    pub const CHARS_MAX: usize = 256;

    /// The least estimate of guesses (log₁₀): below, an attacker who stole the hashes gets there in days.
    pub const GUESSES_LOG10_MIN: f64 = 10.0;

    /// Checks `text`, chosen by `holder`, against the policy and the list of breached passwords.
    ///
    /// # Errors
    /// [`PasswordError`], the first rule that is broken.
    pub fn new(text: Secret<String>, holder: Holder<'_>, breached: Option<&Breached>) -> Result<Self, PasswordError> {
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
        if contains_name(lower.expose(), holder.email) {
            return Err(PasswordError::ContainsEmail);
        }
        if COMMON.lines().any(|common| common == lower.expose()) {
            return Err(PasswordError::Common);
        }
        let known: Vec<&str> = holder.email.split(['@', '.']).chain(holder.name.split_whitespace()).collect();
        let known: Vec<&str> = known.into_iter().chain(["garant"]).filter(|word| !word.is_empty()).collect();
        if zxcvbn::zxcvbn(text.expose(), &known).guesses_log10() < Self::GUESSES_LOG10_MIN {
            return Err(PasswordError::Guessable);
        }
        match breached.map(|list| list.contains(&text)) {
            Some(Err(_)) => Err(PasswordError::Unchecked),
            Some(Ok(true)) => Err(PasswordError::Breached),
            Some(Ok(false)) | None => Ok(Self(text)),
        }
    }

    /// Whether a password set at `set_at` is to be renewed at `now`, when one lasts `days` (always, without).
    #[must_use]
    pub fn is_due(set_at: Instant, now: Instant, days: Option<u32>) -> bool {
        let age = now.as_millisecond().saturating_sub(set_at.as_millisecond());
        days.is_some_and(|days| age >= i64::from(days) * 86_400_000)
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
