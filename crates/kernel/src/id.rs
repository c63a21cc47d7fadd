//! Identifiers: 26 characters of Crockford base 32, time first, so they sort as they were made.

use crate::{Entropy, Instant};
use std::{fmt, str::FromStr};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// A string that is not an identifier.
#[derive(Debug, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier has 26 characters of 0-9 and a-z without i, l, o and u")
    }
}

impl std::error::Error for IdError {}

/// 48 bits of milliseconds and 80 random bits, as text (the ULID layout, lower case).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(String);

impl Id {
    /// A new identifier for the instant `now`.
    #[must_use]
    pub fn new(now: Instant, entropy: &dyn Entropy) -> Self {
        let mut random = [0u8; 16];
        entropy.fill(&mut random[6..]);
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        random[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        let mut bits = u128::from_be_bytes(random);
        let mut text = [0u8; LENGTH];
        for slot in text.iter_mut().rev() {
            *slot = ALPHABET[usize::try_from(bits & 31).unwrap_or(0)];
            bits >>= 5;
        }
        Self(String::from_utf8_lossy(&text).into_owned())
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let good = text.len() == LENGTH && text.bytes().all(|b| ALPHABET.contains(&b));
        if good { Ok(Self(text.to_owned())) } else { Err(IdError) }
    }
}

/// Makes one type per kind of thing, so that a request's id cannot be passed for a controller's.
macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(Id);

        impl $name {
            /// A new identifier for the instant `now`.
            #[must_use]
            pub fn new(now: Instant, entropy: &dyn Entropy) -> Self {
                Self(Id::new(now, entropy))
            }

            /// The text form, as stored and shown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
    )+};
}

typed_ids! {
    /// A person who signs in.
    AccountId,
    /// Days on which somebody is away.
    AbsenceId,
    /// A look at who may do what (Art. 32(4)).
    ReviewId,
    /// What a person shows beside a password.
    FactorId,
    /// Names a view of a list that a person keeps.
    ViewId,
    /// A customer for whom we process (GDPR Art. 4(7)); the border of tenancy.
    ControllerId,
    /// One version of a processing agreement (Art. 28(3)).
    AgreementId,
    /// One instance of a promise with its clock.
    DutyId,
    /// The exercise of a right by a data subject (Arts. 15–22).
    RequestId,
    /// A person whose data we hold; owns the key that seals them.
    SubjectId,
    /// A connected system of the estate.
    SystemId,
    /// What an operation would do, row counts included.
    PlanId,
    /// A message that a duty obliges us to send.
    NoticeId,
    /// A message that reached our mailbox.
    MailId,
    /// A line of the ledger.
    EntryId,
    /// A stored document.
    BlobId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn ids_sort_by_time_and_read_back() {
        let entropy = SeededEntropy::new(1);
        let early = Id::new(Instant::from_millisecond(1_000).unwrap(), &entropy);
        let late = Id::new(Instant::from_millisecond(2_000).unwrap(), &entropy);
        assert!(early < late);
        assert_eq!(early.as_str().parse::<Id>().unwrap(), early);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for bad in ["", "x", "../../etc/passwd", &"i".repeat(26), &"0".repeat(27)] {
            assert!(bad.parse::<RequestId>().is_err(), "{bad}");
        }
    }
}
