//! The agreement: what a data processing agreement says (GDPR Art. 28), as data.
//!
//! [`reading`] is what the reader yields from a document: every fact with the span it came from.
//! The agreement [`file`] is the same promises as a person has confirmed them, in TOML, kept in git.
//! [`check`] reports what either lacks, [`codes`] explains each finding and offers a clause, and
//! [`promises`] says what the terms oblige each party to do. No input or output happens here.

pub mod check;
pub mod codes;
mod countries;
pub mod defaults;
pub mod file;
pub mod names;
mod near;
pub mod promises;
pub mod reading;
pub mod required;
pub mod schema;
pub mod text;

pub use check::{check_file, check_reading};
pub use file::{AgreementFile, FileTerm};
pub use promises::{Promise, promises};
