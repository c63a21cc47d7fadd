//! A personal value inside an event: whose it is, and what it says unless it has been erased.

use crate::SubjectId;
use serde::{Deserialize, Serialize};

/// A value about a data subject, as events carry it (GDPR Art. 4(1)).
///
/// Serialised it becomes `{"$personal": {"subject": …, "value": …}}`. The store replaces that
/// object by a salted commitment before anything is written to a leaf, and seals the value under
/// the subject's own key. Once that key is destroyed the value reads back as `None`.
///
/// It has no `Display`, and `Debug` prints a mask: a personal value cannot slip into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal<T> {
    /// Whose data it is.
    pub subject: SubjectId,
    value: Option<T>,
}

impl<T> Personal<T> {
    /// The name of the object the store looks for.
    pub const MARK: &'static str = "$personal";

    /// A value about `subject`.
    pub fn new(subject: SubjectId, value: T) -> Self {
        Self { subject, value: Some(value) }
    }

    /// What stands there after the subject's key is destroyed.
    #[must_use]
    pub fn erased(subject: SubjectId) -> Self {
        Self { subject, value: None }
    }

    /// The value, or `None` when it has been erased.
    pub fn reveal(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl<T> std::fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<personal value of {}>", self.subject)
    }
}

#[derive(Serialize, Deserialize)]
struct Marked<T> {
    #[serde(rename = "$personal")]
    inner: Inner<T>,
}

#[derive(Serialize, Deserialize)]
struct Inner<T> {
    subject: SubjectId,
    value: Option<T>,
}

impl<T: Serialize + Clone> Serialize for Personal<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let inner = Inner { subject: self.subject.clone(), value: self.value.clone() };
        Marked { inner }.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Marked { inner } = Marked::deserialize(deserializer)?;
        Ok(Self { subject: inner.subject, value: inner.value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_value_cannot_be_printed() {
        let subject: SubjectId = "01hzx3v5k8q2m4n6p8r0s2t4v6".parse().unwrap();
        let value = Personal::new(subject, "ada@example.org".to_owned());
        assert!(!format!("{value:?}").contains("ada"));
    }
}
