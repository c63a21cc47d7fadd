//! Word processor files: a zip archive of XML parts, unpacked within limits and in memory.

use super::{Text, docx, odt};
use crate::error::ReadError;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// The most entries an archive may have.
const ENTRIES_MAX: usize = 5_000;
/// The most that all parts read may unpack to, in bytes.
const UNPACKED_MAX: usize = 48_000_000;

/// An opened archive.
pub(super) struct Parts<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// The usual name of the format, for errors.
    pub(super) format: &'static str,
    left: usize,
}

impl Parts<'_> {
    /// One part whole; `None` when the archive has none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let format = self.format;
        let entry = match self.archive.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(refusal(&error, format)),
        };
        let mut bytes = Vec::new();
        // What the archive says about sizes is not believed: it is read until the limit.
        entry.take(self.left as u64 + 1).read_to_end(&mut bytes).map_err(|_| ReadError::Damaged { format })?;
        self.left = self.left.checked_sub(bytes.len()).ok_or(ReadError::Excessive { format })?;
        Ok(Some(bytes))
    }

    /// One part whole, which the format cannot do without.
    pub(super) fn required(&mut self, name: &str) -> Result<Vec<u8>, ReadError> {
        self.part(name)?.ok_or(ReadError::Damaged { format: self.format })
    }

    fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }
}

/// The text of a DOCX or an ODT.
pub(super) fn text(bytes: &[u8]) -> Result<Text, ReadError> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refusal(&error, "ZIP"))?;
    if archive.len() > ENTRIES_MAX {
        return Err(ReadError::Excessive { format: "ZIP" });
    }
    let mut parts = Parts { archive, format: "DOCX", left: UNPACKED_MAX };
    if parts.has("[Content_Types].xml") {
        return docx::text(&mut parts);
    }
    parts.format = "ODT";
    let kind = parts.part("mimetype")?.unwrap_or_default();
    if kind.trim_ascii_end().starts_with(b"application/vnd.oasis.opendocument.text") {
        return odt::text(&mut parts);
    }
    Err(ReadError::UnknownFormat { format: "ZIP" })
}

fn refusal(error: &ZipError, format: &'static str) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            ReadError::Protected { format }
        }
        _ => ReadError::Damaged { format },
    }
}
