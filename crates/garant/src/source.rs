//! A document as lines to cite: byte offsets of the file become line, column and the words there.

use agreement::file::line_column;
use agreement::reading::Span;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::ops::Range;

/// How wide a character was in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    Utf8,
    Byte,
    Utf16,
}

/// A text with a way from offsets of its file to places in it.
pub(crate) struct Source {
    text: String,
    width: Width,
    skipped: usize,
}

/// One line of a source, ready to be underlined.
pub(crate) struct Line<'s> {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// Its words, without the line end.
    pub(crate) text: &'s str,
    /// The bytes of `text` concerned.
    pub(crate) mark: Range<usize>,
}

impl Source {
    /// A file as its readers see it: by its byte order mark, else UTF-8, else the Western encoding.
    pub(crate) fn of_file(bytes: &[u8]) -> Self {
        let guess = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
        let (encoding, skipped) = Encoding::for_bom(bytes).unwrap_or((guess, 0));
        let width = match encoding {
            e if e == UTF_16LE || e == UTF_16BE => Width::Utf16,
            e if e == UTF_8 => Width::Utf8,
            _ => Width::Byte,
        };
        let (text, _) = encoding.decode_without_bom_handling(&bytes[skipped..]);
        Self { text: text.into_owned(), width, skipped }
    }

    /// A text that is its own file.
    pub(crate) fn of_text(text: String) -> Self {
        Self { text, width: Width::Utf8, skipped: 0 }
    }

    /// Line and column, both from 1, of an offset of the file.
    pub(crate) fn place(&self, offset: usize) -> (usize, usize) {
        line_column(&self.text, self.at(offset))
    }

    /// The line where a span starts, and the part of it that the span covers.
    pub(crate) fn line(&self, span: Span) -> Line<'_> {
        let (start, end) = (self.at(span[0]), self.at(span[1]));
        let from = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let text = self.text[from..to].trim_end_matches('\r');
        let mark_start = (start - from).min(text.len());
        let mark_end = (end.saturating_sub(from)).clamp(mark_start, text.len());
        Line { number: self.text[..from].matches('\n').count() + 1, text, mark: mark_start..mark_end }
    }

    /// The byte of the text behind a byte of the file.
    fn at(&self, offset: usize) -> usize {
        let wanted = offset.saturating_sub(self.skipped);
        let mut at = match self.width {
            Width::Utf8 => wanted.min(self.text.len()),
            Width::Byte => self.after(wanted, |_| 1),
            Width::Utf16 => self.after(wanted, |letter| letter.len_utf16() * 2),
        };
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn after(&self, wanted: usize, width: impl Fn(char) -> usize) -> usize {
        let mut passed = 0;
        for (at, letter) in self.text.char_indices() {
            if passed >= wanted {
                return at;
            }
            passed += width(letter);
        }
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_place() {
        let text = "Définition\nle délai : 48 h";
        let at = |needle: &str| text.char_indices().position(|(i, _)| i == text.find(needle).unwrap()).unwrap();
        let utf8 = Source::of_file(text.as_bytes());
        assert_eq!(utf8.place(text.find("48").unwrap()), (2, 12));
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(c as u32).unwrap()).collect();
        assert_eq!(Source::of_file(&latin).place(at("48")), (2, 12));
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(Source::of_file(&wide).place(2 + 2 * at("48")), (2, 12));
    }

    #[test]
    fn a_mark_stays_on_its_first_line_and_inside_the_text() {
        let source = Source::of_text("one\r\ntwo three\r\nfour".into());
        let line = source.line([9, 18]);
        assert_eq!((line.number, line.text, line.mark), (2, "two three", 4..9));
        let beyond = source.line([400, 500]);
        assert_eq!((beyond.number, beyond.text, beyond.mark), (3, "four", 4..4));
    }
}
