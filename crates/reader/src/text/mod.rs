//! Bytes to text, with a way back: every character knows the bytes of the file it came from.
//!
//! The three formats are scanned in one pass each instead of going through a tree builder: no
//! parser of either format reports where each character stood, deep nesting cannot cost stack or
//! quadratic time, and plain text files in the wild carry Markdown marks as well.

mod decode;
mod html;
mod marks;

use crate::error::ReadError;
use agreement::reading::Span;
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
}

impl Media {
    /// The media type (RFC 6838).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
        }
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
    starts: Vec<u32>,
    ends: Vec<u32>,
    pub(crate) heads: Vec<Head>,
    /// Targets of links that the extracted text leaves out: where in the file, and the address.
    pub(crate) links: Vec<(Span, String)>,
    media: Media,
    source: decode::Source,
}

impl Text {
    fn new(media: Media, source: decode::Source) -> Self {
        Self {
            text: String::new(),
            starts: Vec::new(),
            ends: Vec::new(),
            heads: Vec::new(),
            links: Vec::new(),
            media,
            source,
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

    /// The bytes of the file behind a range of the extracted text.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let last = self.ends.len().saturating_sub(1);
        let (Some(start), Some(end)) = (
            self.starts.get(range.start.min(last)),
            self.ends.get(range.end.saturating_sub(1).clamp(range.start.min(last), last)),
        ) else {
            return [0, 0];
        };
        [*start as usize, (*end).max(*start) as usize]
    }

    /// The words behind a range: as they stand in the file for text, without tags for HTML.
    #[must_use]
    pub fn quote(&self, range: Range<usize>) -> String {
        if self.media == Media::Html {
            return self.text[range].to_owned();
        }
        let span = self.span(range.clone());
        self.source.slice(span).unwrap_or_else(|| self.text[range].to_owned())
    }

    fn push(&mut self, letter: char, start: usize, end: usize) {
        self.text.push(letter);
        let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        self.starts.extend(std::iter::repeat_n(at(start), letter.len_utf8()));
        self.ends.extend(std::iter::repeat_n(at(end), letter.len_utf8()));
    }

    fn ends_with_newline(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }
}

/// The text of a file.
///
/// # Errors
/// A [`ReadError`] when the file is empty, too large, not text, or nested beyond any page.
pub fn extract(bytes: &[u8], file_name: &str) -> Result<Text, ReadError> {
    let source = decode::decode(bytes)?;
    let media = media_of(file_name, source.as_str());
    let text = match media {
        Media::Html => html::text(source)?,
        Media::Plain | Media::Markdown => marks::text(source, media),
    };
    if !text.text.chars().any(char::is_alphabetic) {
        return Err(ReadError::NoText);
    }
    Ok(text)
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
