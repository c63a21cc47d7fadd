//! A reading with all that a person needs to review it: the text it was read from, cut into clauses and
//! sentences, and the way between that text and the bytes that spans cite.
//!
//! It is made once, when a document comes in, and kept: what a person confirms must be what was read then,
//! and a page must not read a long agreement again each time it is shown.

use crate::{InThisProcess, PdfText, ReadError, Text, blocks, extract_with, outline, units};
use agreement::reading::{Reading, Span};
use kernel::Lang;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Everything read from a document, and the text it was read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// What was read; its spans count bytes as the reading's contract says.
    pub reading: Reading,
    /// The extracted text: markup gone.
    pub text: String,
    /// Its clauses in order; together they cover all of it.
    pub passages: Vec<Passage>,
    runs: Vec<Run>,
}

/// A clause of the extracted text with its sentences; ranges count bytes of [`Study::text`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its number with the numbers above it, such as `III.8`; `None` when it has none.
    pub path: Option<String>,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// All of it, title included.
    pub range: Range<usize>,
    /// Its sentences, in order.
    pub sentences: Vec<Range<usize>>,
}

/// A stretch of the text in which each byte follows the one before, in the file as in the text:
/// `[where in the text, its length there, first byte in the file, byte after the last]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Run([usize; 4]);

/// Reads a document for review. `lang` is the language of the findings, not of the document. For trusted files,
/// as [`crate::read`].
///
/// # Errors
/// As [`crate::read`].
///
/// ```
/// let file = b"<p>The Processor shall notify the Controller of a personal data breach within <b>48</b> hours.</p>";
/// let study = reader::study(file, "dpa.html", kernel::Lang::En).unwrap();
/// let cited = study.reading.term("breach.notify_controller").unwrap().span.unwrap();
/// assert!(study.text[study.range(cited)].contains("48 hours"), "without the tags between");
/// ```
pub fn study(bytes: &[u8], file_name: &str, lang: Lang) -> Result<Study, ReadError> {
    study_with(&InThisProcess, bytes, file_name, lang)
}

/// Reads a document for review, with `pdf` to take a PDF apart.
///
/// # Errors
/// As [`crate::read_with`].
pub fn study_with(pdf: &dyn PdfText, bytes: &[u8], file_name: &str, lang: Lang) -> Result<Study, ReadError> {
    let text = extract_with(pdf, bytes, file_name)?;
    let reading = crate::reading(&text, bytes, file_name, lang);
    Ok(Study { reading, passages: passages(&text), runs: runs(&text), text: text.as_str().to_owned() })
}

fn passages(text: &Text) -> Vec<Passage> {
    let layout = blocks::layout(text);
    let starts: Vec<usize> = layout.clauses.iter().map(|clause| clause.start).collect();
    let mut found: Vec<Passage> = outline::clauses(text, &layout)
        .into_iter()
        .zip(starts)
        .map(|(clause, start)| Passage {
            path: clause.path,
            title: clause.title,
            range: start..start + clause.text.len(),
            sentences: Vec::new(),
        })
        .collect();
    for block in &layout.blocks {
        if let Some(passage) = found.get_mut(block.clause) {
            passage.sentences.extend(units::sentences(text.as_str(), block.range.clone()));
        }
    }
    found
}

fn runs(text: &Text) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    for (at, letter) in text.as_str().char_indices() {
        let length = letter.len_utf8();
        let [from, to] = text.span(at..at + length);
        match found.last_mut() {
            Some(Run([_, known, first, last])) if *known == *last - *first && *last == from && to - from == length => {
                *known += length;
                *last = to;
            }
            _ => found.push(Run([at, length, from, to])),
        }
    }
    found
}

impl Study {
    /// The bytes that a range of the text stands for, as citations name them.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.run_at(range.start).map_or(0, |run| run.origin(range.start)[0]);
        let last = range.end.saturating_sub(1).max(range.start);
        let end = self.run_at(last).map_or(start, |run| run.origin(last)[1]);
        [start, end.max(start)]
    }

    /// The part of the text that a citation names; empty when it names none of it.
    #[must_use]
    pub fn range(&self, span: Span) -> Range<usize> {
        let touched = || self.runs.iter().filter(|run| run.0[2] < span[1] && span[0] < run.0[3]);
        let start = touched().map(|run| run.place(span[0])).min().unwrap_or(0);
        let end = touched().map(|run| run.end(span[1])).max().unwrap_or(start);
        self.floor(start)..self.ceil(end.max(start))
    }

    /// The words of a citation, with single spaces.
    #[must_use]
    pub fn quote(&self, span: Span) -> String {
        let words = self.text.get(self.range(span)).unwrap_or_default();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The clause in which a place of the text stands.
    #[must_use]
    pub fn passage_at(&self, at: usize) -> Option<&Passage> {
        let after = self.passages.partition_point(|passage| passage.range.start <= at);
        self.passages.get(after.checked_sub(1)?)
    }

    fn run_at(&self, at: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.0[0] <= at);
        self.runs.get(after.checked_sub(1)?)
    }

    fn floor(&self, at: usize) -> usize {
        (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }

    fn ceil(&self, at: usize) -> usize {
        (at..=self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.text.len())
    }
}

impl Run {
    fn is_even(self) -> bool {
        self.0[1] == self.0[3] - self.0[2]
    }

    /// The byte of the file at a place of the text, and the one after.
    fn origin(self, at: usize) -> Span {
        let [start, _, from, to] = self.0;
        if self.is_even() { [from + (at - start).min(to - from), (from + at - start + 1).min(to)] } else { [from, to] }
    }

    /// Where in the text a byte of the file stands.
    fn place(self, byte: usize) -> usize {
        let [start, length, from, _] = self.0;
        if self.is_even() { start + byte.saturating_sub(from).min(length) } else { start }
    }

    /// Where in the text what ends before a byte of the file ends.
    fn end(self, byte: usize) -> usize {
        let [start, length, from, _] = self.0;
        if self.is_even() { start + byte.saturating_sub(from).min(length) } else { start + length }
    }
}
