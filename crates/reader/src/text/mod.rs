//! Bytes to text, with a way back: every character knows the bytes of the file it came from.
//!
//! Text formats are scanned in one pass each instead of going through a tree builder: no
//! parser of either format reports where each character stood, deep nesting cannot cost stack or
//! quadratic time, and plain text files in the wild carry Markdown marks as well. Binary formats
//! have no bytes to cite: their places are places of the extracted text.

mod decode;
mod docx;
mod flow;
mod furniture;
mod html;
mod marks;
mod mend;
mod numbering;
mod odt;
mod pdf;
mod xml;
mod zipped;

pub use pdf::{InThisProcess, PdfText};

use crate::error::ReadError;
use agreement::reading::Span;
use decode::Kind;
use std::ops::Range;

/// What a file is, by its extension and its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `text/plain`.
    Plain,
    /// `text/markdown`.
    Markdown,
    /// `text/html`.
    Html,
    /// `application/pdf`.
    Pdf,
    /// `application/vnd.openxmlformats-officedocument.wordprocessingml.document`.
    Docx,
    /// `application/vnd.oasis.opendocument.text`.
    Odt,
}

impl Media {
    /// The media type (RFC 6838).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
        }
    }

    /// Whether places are bytes of the file; if not, they are bytes of the extracted text.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Plain | Self::Markdown | Self::Html)
    }
}

/// A line that the markup declares a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Where the line begins in [`Text::text`].
    pub(crate) at: usize,
    /// From 1, the most important, to 6.
    pub(crate) level: u8,
}

/// The words of a document, and where each stood in the file.
#[derive(Clone, Debug)]
pub struct Text {
    text: String,
    pub(crate) heads: Vec<Head>,
    /// Targets of links that the extracted text leaves out: where in the file, and the address.
    pub(crate) links: Vec<(Span, String)>,
    media: Media,
    origin: Origin,
}

/// What places refer to.
#[derive(Clone, Debug)]
enum Origin {
    /// The extracted text itself.
    Itself,
    /// The file: for each byte of the text, where its character began and ended there.
    File { starts: Vec<u32>, ends: Vec<u32>, source: decode::Source },
}

impl Origin {
    fn take(&mut self) -> (Vec<u32>, Vec<u32>) {
        match self {
            Self::Itself => (Vec::new(), Vec::new()),
            Self::File { starts, ends, .. } => (std::mem::take(starts), std::mem::take(ends)),
        }
    }
}

impl Text {
    fn new(media: Media, source: decode::Source) -> Self {
        let origin = Origin::File { starts: Vec::new(), ends: Vec::new(), source };
        Self { text: String::new(), heads: Vec::new(), links: Vec::new(), media, origin }
    }

    /// A text that is its own original.
    fn extracted(media: Media, text: String) -> Self {
        Self { text, heads: Vec::new(), links: Vec::new(), media, origin: Origin::Itself }
    }

    /// The same document with other words of the same length: every place stays.
    pub(crate) fn with(&self, words: String) -> Self {
        Self { text: words, ..self.clone() }
    }

    /// The text that places refer to: the decoded file, or the extracted text of a binary format.
    #[must_use]
    pub fn original(&self) -> &str {
        match &self.origin {
            Origin::Itself => &self.text,
            Origin::File { source, .. } => source.as_str(),
        }
    }

    /// The byte of [`Self::original`] behind an offset of a span; they differ in old encodings.
    #[must_use]
    pub fn place(&self, offset: usize) -> usize {
        match &self.origin {
            Origin::Itself => offset.min(self.text.len()),
            Origin::File { source, .. } => source.at(offset),
        }
    }

    /// The extracted text: markup gone, one block a line or more.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What kind of file it was.
    #[must_use]
    pub fn media(&self) -> Media {
        self.media
    }

    /// The bytes of the original behind a range of the extracted text.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let Origin::File { starts, ends, .. } = &self.origin else { return [range.start, range.end] };
        let last = ends.len().saturating_sub(1);
        let (Some(start), Some(end)) = (
            starts.get(range.start.min(last)),
            ends.get(range.end.saturating_sub(1).clamp(range.start.min(last), last)),
        ) else {
            return [0, 0];
        };
        [*start as usize, (*end).max(*start) as usize]
    }

    /// The words behind a range: as they stand in the file for text, without tags for HTML.
    #[must_use]
    pub fn quote(&self, range: Range<usize>) -> String {
        let words = || self.text[range.clone()].to_owned();
        match &self.origin {
            Origin::File { source, .. } if self.media != Media::Html => {
                source.slice(self.span(range.clone())).unwrap_or_else(words)
            }
            _ => words(),
        }
    }

    fn push(&mut self, letter: char, start: u32, end: u32) {
        self.text.push(letter);
        if let Origin::File { starts, ends, .. } = &mut self.origin {
            starts.extend(std::iter::repeat_n(start, letter.len_utf8()));
            ends.extend(std::iter::repeat_n(end, letter.len_utf8()));
        }
    }

    fn truncate(&mut self, len: usize) {
        self.text.truncate(len);
        while self.heads.pop_if(|head| head.at >= len).is_some() {}
        if let Origin::File { starts, ends, .. } = &mut self.origin {
            starts.truncate(len);
            ends.truncate(len);
        }
    }

    /// The text with edits made, which are in order and apart from each other.
    fn edited(mut self, edits: &[mend::Edit]) -> Self {
        let old = std::mem::take(&mut self.text);
        let (starts, ends) = self.origin.take();
        let place = |at: usize, of: &[u32]| of.get(at).copied().unwrap_or(0);
        let mut moved = vec![(0, 0)];
        for edit in edits {
            self.copy(&old, moved[moved.len() - 1].0..edit.range.start, (&starts, &ends));
            // A gap lies between two letters and takes no room in the file.
            let end = place(edit.range.end.saturating_sub(1), &ends);
            let start = if edit.range.is_empty() { end } else { place(edit.range.start, &starts) };
            edit.put.chars().for_each(|letter| self.push(letter, start, end));
            moved.push((edit.range.end, self.text.len()));
        }
        self.copy(&old, moved[moved.len() - 1].0..old.len(), (&starts, &ends));
        let new = |at: usize| {
            let (from, to) = moved[moved.partition_point(|(from, _)| *from <= at) - 1];
            self.text.floor_char_boundary(to + at - from)
        };
        self.heads = self.heads.iter().map(|head| Head { at: new(head.at), ..*head }).collect();
        if matches!(self.origin, Origin::Itself) {
            let links = self.links.iter().map(|(span, address)| (span.map(new), address.clone()));
            self.links = links.collect();
        }
        self
    }

    fn copy(&mut self, old: &str, range: Range<usize>, (old_starts, old_ends): (&[u32], &[u32])) {
        self.text.push_str(&old[range.clone()]);
        if let Origin::File { starts, ends, .. } = &mut self.origin {
            starts.extend_from_slice(&old_starts[range.clone()]);
            ends.extend_from_slice(&old_ends[range]);
        }
    }

    fn ends_with_newline(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }
}

/// The text of a file; a PDF is taken apart in this process, see [`InThisProcess`].
///
/// # Errors
/// A [`ReadError`] when the file is empty, too large, not text, or nested beyond any page.
pub fn extract(bytes: &[u8], file_name: &str) -> Result<Text, ReadError> {
    extract_with(&InThisProcess, bytes, file_name)
}

/// The text of a file, with `pdf` to take a PDF apart.
///
/// # Errors
/// As [`extract`], and what `pdf` refuses.
pub fn extract_with(pdf: &dyn PdfText, bytes: &[u8], file_name: &str) -> Result<Text, ReadError> {
    let text = match decode::kind(bytes)? {
        Kind::Pdf => Text::extracted(Media::Pdf, pdf::joined(&pdf.text(bytes)?)),
        Kind::Zip => zipped::text(bytes)?,
        Kind::Text => written(bytes, file_name)?,
    };
    if !text.text.chars().any(char::is_alphabetic) {
        return Err(ReadError::NoText);
    }
    Ok(mend::mended(text))
}

/// A file that is text itself.
fn written(bytes: &[u8], file_name: &str) -> Result<Text, ReadError> {
    let source = decode::decode(bytes)?;
    let media = media_of(file_name, source.as_str());
    if media == Media::Html { html::text(source) } else { Ok(marks::text(source, media)) }
}

fn media_of(file_name: &str, text: &str) -> Media {
    let extension = file_name.rsplit_once('.').map_or(String::new(), |(_, ext)| ext.to_ascii_lowercase());
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    let looks_html = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag));
    match extension.as_str() {
        "html" | "htm" | "xhtml" => Media::Html,
        "md" | "markdown" => Media::Markdown,
        _ if looks_html => Media::Html,
        _ => Media::Plain,
    }
}
