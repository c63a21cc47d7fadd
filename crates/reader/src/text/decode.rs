//! Which encoding, and where each character begins in the file.

use crate::{BYTES_MAX, error::ReadError};
use agreement::reading::Span;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What the first bytes of a file say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, marked up or not.
    Text,
    /// A PDF.
    Pdf,
    /// A zip archive, such as DOCX and ODT.
    Zip,
}

/// Formats people hand in that are not read, by their first bytes.
const MAGIC: &[(&[u8], &str)] = &[(b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xFF\xD8\xFF", "JPEG"), (b"GIF8", "GIF")];
/// The header of a PDF may stand behind this much of something else, in bytes.
const PDF_HEADER_WITHIN: usize = 1_024;

/// Tells formats apart, and refuses what is too large, empty or known not to be read.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, ReadError> {
    if bytes.len() > BYTES_MAX {
        return Err(ReadError::TooLarge { bytes: bytes.len(), max: BYTES_MAX });
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ReadError::UnknownFormat { format });
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(compound(bytes));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Zip);
    }
    let start = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
    let header = start.windows(5).position(|window| window == b"%PDF-");
    let pdf = header.is_some_and(|at| at == 0 || is_binary(bytes));
    Ok(if pdf { Kind::Pdf } else { Kind::Text })
}

/// The container of old Word files also wraps new ones that a password protects.
fn compound(bytes: &[u8]) -> ReadError {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        return ReadError::Protected { format: "DOCX" };
    }
    ReadError::UnknownFormat { format: "DOC" }
}

/// Decoded text and how wide its characters were in the file.
#[derive(Clone, Debug)]
pub(super) struct Source {
    text: String,
    width: Width,
    skipped: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    Utf8,
    Byte,
    Utf16,
}

impl Source {
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Each character with the file's bytes it took.
    pub(super) fn chars(&self) -> impl Iterator<Item = (char, usize, usize)> + '_ {
        let mut at = self.skipped;
        self.text.chars().map(move |letter| {
            let start = at;
            at += self.width(letter);
            (letter, start, at)
        })
    }

    fn width(&self, letter: char) -> usize {
        match self.width {
            Width::Utf8 => letter.len_utf8(),
            Width::Byte => 1,
            Width::Utf16 => letter.len_utf16() * 2,
        }
    }

    /// The byte of the decoded text behind a byte of the file.
    pub(super) fn at(&self, offset: usize) -> usize {
        let wanted = offset.saturating_sub(self.skipped);
        if self.width != Width::Utf8 {
            let passed = self.chars().take_while(|(_, _, end)| end - self.skipped <= wanted);
            return passed.map(|(letter, ..)| letter.len_utf8()).sum();
        }
        self.text.floor_char_boundary(wanted)
    }

    /// The decoded words of a span of the file; `None` when that would need a walk from the start.
    pub(super) fn slice(&self, span: Span) -> Option<String> {
        if self.width != Width::Utf8 {
            return None;
        }
        let range = span[0].checked_sub(self.skipped)?..span[1].checked_sub(self.skipped)?;
        self.text.get(range).map(str::to_owned)
    }
}

/// Decodes a whole file of text.
pub(super) fn decode(bytes: &[u8]) -> Result<Source, ReadError> {
    let (encoding, skipped) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    if encoding != UTF_16LE && encoding != UTF_16BE && is_binary(bytes) {
        return Err(ReadError::Binary);
    }
    let (text, broken) = encoding.decode_without_bom_handling(&bytes[skipped..]);
    if broken {
        return Err(ReadError::Encoding { claimed: encoding.name() });
    }
    let width = match encoding {
        e if e == UTF_8 => Width::Utf8,
        e if e == WINDOWS_1252 => Width::Byte,
        _ => Width::Utf16,
    };
    Ok(Source { text: text.into_owned(), width, skipped })
}

/// UTF-8 when it holds, else the encoding that most Western offices used before.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

/// A NUL, or one control character in twenty, is no letter to anybody.
fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)).count();
    bytes.contains(&0) || odd * 20 > bytes.len()
}
