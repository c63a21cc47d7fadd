//! The format of `garant ledger export`: everything a stranger needs to judge the ledger, in one file.
//!
//! The file is JSON Lines; each line is an object with a `type`:
//!
//! | type | fields | meaning |
//! |---|---|---|
//! | `export` | `format`, `key` | first line: `garant/ledger-export/1` and the house's verifier key |
//! | `log` | `origin`, `key` | what follows belongs to this log; `key` is the verifier key under its name |
//! | `leaf` | `index`, `hash`, `leaf` | one entry: its place, its leaf hash (hexadecimal), its exact bytes as a string |
//! | `checkpoint` | `note` | a signed checkpoint, right after the leaf that completes its size |
//! | `disclosure` | `index`, `disclosure` | optional: a personal value of the leaf before, with its salt |
//! | `end` | `note` | last line: a signed note over the number of lines and the SHA-256 of all bytes before |
//!
//! The hash beside each leaf and the many checkpoints let a verifier *name* the entry that was
//! changed, see [`crate::verify`]. The house's own log should come first: it vouches for the others.

use crate::tree::leaf_hash;
use crate::{Disclosure, SigningKey, Verifier};
use kernel::Lang;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{fmt, io};

/// The format written today.
pub const FORMAT: &str = "garant/ledger-export/1";

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Line<'a> {
    /// The first line.
    Export {
        /// [`FORMAT`].
        format: &'a str,
        /// The house's verifier key.
        key: String,
    },
    /// The start of a log.
    Log {
        /// Its name.
        origin: &'a str,
        /// The verifier key under that name.
        key: String,
    },
    /// An entry.
    Leaf {
        /// Its place, from 0.
        index: u64,
        /// Its leaf hash, hexadecimal.
        hash: String,
        /// Its exact bytes.
        leaf: &'a str,
    },
    /// A signed checkpoint.
    Checkpoint {
        /// The note.
        note: &'a str,
    },
    /// A personal value that is shown.
    Disclosure {
        /// The leaf it belongs to.
        index: u64,
        /// The value with its salt.
        disclosure: &'a Disclosure,
    },
    /// The last line.
    End {
        /// The signed note over what came before.
        note: &'a str,
    },
}

/// Why an export cannot be written.
#[derive(Debug)]
pub enum ExportError {
    /// The output failed.
    Io(io::Error),
    /// A line came where it may not: a leaf before its log, a checkpoint of another size or log, a
    /// disclosure without its leaf, bytes that are no text.
    OutOfPlace(&'static str),
}

impl ExportError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Io(cause) => lang.pick(
                format!("the export cannot be written: {cause}"),
                format!("l'export ne peut être écrit : {cause}"),
            ),
            Self::OutOfPlace(what) => lang.pick(
                format!("the ledger's {what} are not in order"),
                format!("l'ordre du registre est rompu ({what})"),
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::Io(_) => (
                "free some space or choose another place, then export again",
                "libérez de l'espace ou choisissez un autre emplacement, puis recommencez",
            ),
            Self::OutOfPlace(_) => {
                ("stop writing and run `garant ledger replay`", "cessez d'écrire et lancez « garant ledger replay »")
            }
        };
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for ExportError {}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes an export, line by line; give it a buffered output.
#[derive(Debug)]
pub struct ExportWriter<W: io::Write> {
    output: W,
    verifier: Verifier,
    digest: Sha256,
    lines: u64,
    log: Option<(Verifier, u64)>,
}

impl<W: io::Write> ExportWriter<W> {
    /// Starts an export of logs signed by `verifier`'s key.
    ///
    /// # Errors
    /// Those of `output`.
    pub fn new(output: W, verifier: Verifier) -> Result<Self, ExportError> {
        let first = Line::Export { format: FORMAT, key: verifier.to_string() };
        let mut writer = Self { output, verifier, digest: Sha256::new(), lines: 0, log: None };
        writer.line(&first)?;
        Ok(writer)
    }

    /// Starts the log `origin`.
    ///
    /// # Errors
    /// Those of the output, or when `origin` is no name.
    pub fn log(&mut self, origin: &str) -> Result<(), ExportError> {
        let verifier = self.verifier.named(origin).map_err(|_| ExportError::OutOfPlace("logs"))?;
        self.line(&Line::Log { origin, key: verifier.to_string() })?;
        self.log = Some((verifier, 0));
        Ok(())
    }

    /// Writes the next leaf of the log.
    ///
    /// # Errors
    /// Those of the output, or when no log was started or `leaf` is no text.
    pub fn leaf(&mut self, leaf: &[u8]) -> Result<(), ExportError> {
        let text = std::str::from_utf8(leaf).map_err(|_| ExportError::OutOfPlace("leaves"))?;
        let (_, size) = self.log.as_mut().ok_or(ExportError::OutOfPlace("leaves"))?;
        let index = *size;
        *size += 1;
        self.line(&Line::Leaf { index, hash: hex::encode(leaf_hash(leaf)), leaf: text })
    }

    /// Writes a signed checkpoint of exactly the leaves written so far.
    ///
    /// # Errors
    /// Those of the output, or when the checkpoint is of another log or size, or not ours.
    pub fn checkpoint(&mut self, note: &str) -> Result<(), ExportError> {
        const WRONG: ExportError = ExportError::OutOfPlace("checkpoints");
        let (verifier, size) = self.log.as_ref().ok_or(WRONG)?;
        let checkpoint = verifier.checkpoint(note).map_err(|_| WRONG)?;
        if (checkpoint.origin(), checkpoint.size()) != (verifier.name(), *size) {
            return Err(WRONG);
        }
        self.line(&Line::Checkpoint { note })
    }

    /// Shows a personal value of the leaf written last.
    ///
    /// # Errors
    /// Those of the output, or when no leaf was written yet.
    pub fn disclosure(&mut self, disclosure: &Disclosure) -> Result<(), ExportError> {
        let last = self.log.as_ref().and_then(|(_, size)| size.checked_sub(1));
        let index = last.ok_or(ExportError::OutOfPlace("disclosures"))?;
        self.line(&Line::Disclosure { index, disclosure })
    }

    /// Signs the whole and gives the output back.
    ///
    /// # Errors
    /// Those of the output, or when `key` is not the one the export began with.
    pub fn finish(mut self, key: &SigningKey) -> Result<W, ExportError> {
        if key.verifier() != self.verifier {
            return Err(ExportError::OutOfPlace("keys"));
        }
        let text = format!("{FORMAT}\n{}\n{}\n", self.lines, hex::encode(self.digest.clone().finalize()));
        let note = key.sign(&text).map_err(|_| ExportError::OutOfPlace("lines"))?;
        self.line(&Line::End { note: &note })?;
        self.output.flush()?;
        Ok(self.output)
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), ExportError> {
        let mut bytes = serde_json::to_vec(line).map_err(io::Error::other)?;
        bytes.push(b'\n');
        self.digest.update(&bytes);
        self.lines += 1;
        Ok(self.output.write_all(&bytes)?)
    }
}
