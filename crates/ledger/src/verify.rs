//! Judges an export or a receipt, offline, with nothing but the file and the house's public key.
//!
//! This module shares no code with the rest of the crate: it hashes, rebuilds the tree, parses notes
//! and lines by itself, so that a mistake on the writing side cannot hide here (a test reads these
//! sources and checks it).
//!
//! # How the wrong entry is named
//!
//! - A leaf and the hash beside it differ: that entry was changed. The tree is rebuilt from the hashes,
//!   so the other entries still prove true.
//! - A leaf *and* its hash were changed together: the first checkpoint whose root does not come out lies
//!   at or after that entry, the last good one before it. With a checkpoint after nearly every
//!   transaction one entry lies between; else the range is named.
//! - An entry was removed, inserted or swapped: the indices beside the leaves do not follow each other;
//!   if they were rewritten too, sizes or roots of the next checkpoint do not fit.
//! - The tail was cut: the end line is missing, or its signed number of lines and hash do not fit.
//! - History was rewritten and signed anew: the earlier checkpoint that somebody else kept
//!   ([`verify_consistent`], or an entry of the house's log) does not fit.

use std::io::BufRead;

mod exported;
mod fault;
mod leaf;
mod line;
mod log;
mod merkle;
mod receipt;
mod signed;

pub use fault::{Fault, FaultCode};
pub use receipt::{Disclosed, ReceiptReport, verify_receipt};

/// The most bytes of one line.
pub const LINE_BYTES_MAX: usize = 8 << 20;
/// The most lines of one export.
pub const LINES_MAX: u64 = 50_000_000;
/// After so many faults the rest is not looked at.
pub const FAULTS_MAX: usize = 100;

/// What a whole export says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Each log, in the order of the file.
    pub logs: Vec<LogReport>,
    /// Checkpoints of these logs that the house's log recorded, and that fit.
    pub house_agrees: u64,
    /// Checkpoints that the house's log recorded of logs that are not in this export.
    pub house_elsewhere: u64,
}

/// What one log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogReport {
    /// Its name.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// How many signed checkpoints fit.
    pub checkpoints: u64,
    /// How many personal values were shown and fit.
    pub disclosures: u64,
    /// The last signed checkpoint: keep it, and check later exports against it.
    pub last_checkpoint: String,
}

/// Verifies an export with the house's verifier key.
///
/// # Errors
/// Every [`Fault`] found, in the order of the file, at most [`FAULTS_MAX`].
pub fn verify_export(export: impl BufRead, key: &str) -> Result<Report, Vec<Fault>> {
    exported::verify(export, key, &[])
}

/// Verifies an export, and that it continues the history of earlier signed checkpoints (kept from an
/// earlier export, a receipt or a witness).
///
/// # Errors
/// As [`verify_export`]; [`FaultCode::Forked`] or [`FaultCode::RolledBack`] when the history is another.
pub fn verify_consistent(export: impl BufRead, key: &str, earlier: &[&str]) -> Result<Report, Vec<Fault>> {
    exported::verify(export, key, earlier)
}
