//! Which encoding, and where each character begins in the file.

use crate::{BYTES_MAX, error::ReadError};
use agreement::reading::Span;
use encoding_rs::{Encoding, ISO_8859_15, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

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

/// A character and the bytes of the file it took; a file is small enough for short numbers.
pub(super) type Letter = (char, u32, u32);

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
    pub(super) fn chars(&self) -> impl Iterator<Item = Letter> + '_ {
        let mut at = self.skipped;
        self.text.chars().map(move |letter| {
            let start = at;
            at += self.width(letter);
            let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            (letter, short(start), short(at))
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
            let passed = self.chars().take_while(|(_, _, end)| *end as usize <= offset.max(self.skipped));
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
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    if !wide && is_binary(bytes) {
        return Err(ReadError::Binary);
    }
    let bytes = &bytes[skipped..];
    if encoding == UTF_8 {
        return Ok(Source { text: utf8(bytes), width: Width::Utf8, skipped });
    }
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken && wide {
        return Err(ReadError::Encoding { claimed: encoding.name() });
    }
    Ok(Source { text: text.into_owned(), width: if wide { Width::Utf16 } else { Width::Byte }, skipped })
}

/// UTF-8, with a byte that breaks its rules as the character that stands for it (SUB): one byte as well, so that
/// places stay those of the file.
fn utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{1a}'));
    }
    text
}

/// UTF-8 when it holds or nearly does, else what the page declares, else what the bytes look like.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    let (mut letters, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    if broken == 0 || letters > 10 * broken { UTF_8 } else { declared(bytes).unwrap_or_else(|| one_byte(bytes)) }
}

/// UTF-16 without its mark: every other byte of Western text is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(4_096)];
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = start.len() * 2 / 5;
    match () {
        () if start.len() < 4 || bytes.len() % 2 == 1 => None,
        () if odd >= most && even * 20 <= start.len() => Some(UTF_16LE),
        () if even >= most && odd * 20 <= start.len() => Some(UTF_16BE),
        () => None,
    }
}

/// `<meta charset="iso-8859-1">`, as far as one byte is one character.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1_024)]).to_ascii_lowercase();
    let (_, rest) = start.split_once("<meta")?.1.split_once("charset")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start_matches([' ', '"', '\'']);
    let label = rest.split(['"', '\'', ';', '>', ' ', '/']).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_single_byte())
}

/// The encodings of Western offices before UTF-8, told apart by the bytes of é, è, à, ê, ç and of œ and €.
fn one_byte(bytes: &[u8]) -> &'static Encoding {
    let count = |set: &[u8]| bytes.iter().filter(|byte| set.contains(byte)).count();
    let (mac, western) = (count(&[0x8e, 0x8f, 0x88, 0x90, 0x8d]), count(&[0xe9, 0xe8, 0xe0, 0xea, 0xe7]));
    if mac > western {
        return MACINTOSH;
    }
    let ligature = bytes.windows(2).any(|two| two[0] == 0xbd && two[1].is_ascii_lowercase());
    let controls = bytes.iter().any(|byte| (0x80..0xa0).contains(byte));
    if !controls && (ligature || count(&[0xa4]) > 0) { ISO_8859_15 } else { WINDOWS_1252 }
}

/// A NUL, or one control character in twenty, is no letter to anybody.
fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)).count();
    bytes.contains(&0) || odd * 20 > bytes.len()
}
