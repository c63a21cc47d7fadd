//! The lines of an export, each of bounded length.

use super::fault::FaultCode;
use super::leaf::Shown;
use super::{LINE_BYTES_MAX, LINES_MAX};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::io::{BufRead, Read};

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Line {
    Export { format: String, key: String },
    Log { origin: String, key: String },
    Leaf { index: u64, hash: String, leaf: String },
    Checkpoint { note: String },
    Disclosure { index: u64, disclosure: Shown },
    End { note: String },
}

/// What reading on gave.
pub(super) enum Next {
    Line(Line),
    /// A line that is none; the next one can be read.
    Bad(FaultCode),
    /// Reading cannot go on.
    Stop(FaultCode),
    Finished,
}

/// Reads lines and hashes what it has read.
pub(super) struct Lines<R> {
    reader: R,
    digest: Sha256,
    /// How many lines were read.
    pub(super) count: u64,
    /// How many lines came before the last one, and their hash.
    pub(super) before: (u64, String),
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, digest: Sha256::new(), count: 0, before: (0, String::new()) }
    }

    pub(super) fn next(&mut self) -> Next {
        let mut bytes = Vec::new();
        let limit = LINE_BYTES_MAX as u64 + 1;
        if (&mut self.reader).take(limit).read_until(b'\n', &mut bytes).is_err() {
            return Next::Stop(FaultCode::Unreadable);
        }
        if bytes.is_empty() {
            return Next::Finished;
        }
        let next = self.parse(&bytes);
        self.count += 1;
        self.digest.update(&bytes);
        next
    }

    fn parse(&mut self, bytes: &[u8]) -> Next {
        let Some(body) = bytes.strip_suffix(b"\n") else {
            return Next::Stop(if bytes.len() > LINE_BYTES_MAX { FaultCode::LongLine } else { FaultCode::Cut });
        };
        if self.count >= LINES_MAX {
            return Next::Stop(FaultCode::TooManyLines);
        }
        match serde_json::from_slice(body) {
            Ok(line) => {
                if matches!(line, Line::End { .. }) {
                    self.before = (self.count, hex::encode(self.digest.clone().finalize()));
                }
                Next::Line(line)
            }
            Err(_) => Next::Bad(FaultCode::BadLine),
        }
    }
}
