//! A document as lines to cite: byte offsets of the file become line, column and the words there.

use agreement::file::line_column;
use agreement::reading::Span;
use reader::Text;
use std::ops::Range;

/// A text with a way from offsets of its file to places in it.
pub(crate) enum Source {
    /// A document, in whatever encoding.
    Document(Text),
    /// A text that is its own file.
    File(String),
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
    fn text(&self) -> &str {
        match self {
            Self::Document(text) => text.original(),
            Self::File(text) => text,
        }
    }

    /// Line and column, both from 1, of an offset of the file.
    pub(crate) fn place(&self, offset: usize) -> (usize, usize) {
        line_column(self.text(), self.at(offset))
    }

    /// Line and column, both from 1, of an offset of the file; columns in UTF-16 code units, as SARIF counts.
    pub(crate) fn place_utf16(&self, offset: usize) -> (usize, usize) {
        let before = &self.text()[..self.at(offset)];
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.encode_utf16().count() + 1)
    }

    /// The words of a span.
    pub(crate) fn words(&self, span: Span) -> &str {
        let start = self.at(span[0]);
        &self.text()[start..self.at(span[1]).max(start)]
    }

    /// The line where a span starts, and the part of it that the span covers.
    pub(crate) fn line(&self, span: Span) -> Line<'_> {
        let (start, end) = (self.at(span[0]), self.at(span[1]));
        let from = self.text()[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = self.text()[start..].find('\n').map_or(self.text().len(), |at| start + at);
        let text = self.text()[from..to].trim_end_matches('\r');
        let mark_start = (start - from).min(text.len());
        let mark_end = (end.saturating_sub(from)).clamp(mark_start, text.len());
        Line { number: self.text()[..from].matches('\n').count() + 1, text, mark: mark_start..mark_end }
    }

    /// The byte of the text behind a byte of the file.
    fn at(&self, offset: usize) -> usize {
        match self {
            Self::Document(text) => text.place(offset),
            Self::File(text) => text.floor_char_boundary(offset),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(bytes: &[u8]) -> Source {
        Source::Document(reader::extract(bytes, "a.txt").unwrap())
    }

    #[test]
    fn every_encoding_gives_the_same_place() {
        let text = "Définition\nle délai : 48 h";
        let at = |needle: &str| text.char_indices().position(|(i, _)| i == text.find(needle).unwrap()).unwrap();
        assert_eq!(document(text.as_bytes()).place(text.find("48").unwrap()), (2, 12));
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(c as u32).unwrap()).collect();
        assert_eq!(document(&latin).place(at("48")), (2, 12));
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(document(&wide).place(2 + 2 * at("48")), (2, 12));
        let emoji = Source::File("😀 48 h".into());
        assert_eq!((emoji.place(5), emoji.place_utf16(5)), ((1, 3), (1, 4)));
        assert_eq!(emoji.words([5, 9]), "48 h");
    }

    #[test]
    fn a_mark_stays_on_its_first_line_and_inside_the_text() {
        let source = Source::File("one\r\ntwo three\r\nfour".into());
        let line = source.line([9, 18]);
        assert_eq!((line.number, line.text, line.mark), (2, "two three", 4..9));
        let beyond = source.line([400, 500]);
        assert_eq!((beyond.number, beyond.text, beyond.mark), (3, "four", 4..4));
    }
}
