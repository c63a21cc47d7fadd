//! The agreement: what a data processing agreement says (GDPR Art. 28), as data.
//!
//! [`reading`] is what the reader yields from a document: every fact with the span it came from.
//! The agreement file is the same promises as a person has confirmed them, in TOML, kept in git.
//! Checks and explanations work on either. No input or output happens here.

pub mod names;
pub mod reading;
