//! The clauses of a document in order: what the promise board colours.

use crate::{blocks::Layout, text::Text};
use agreement::reading::Span;

/// A clause: a numbered or titled piece of the text. Together they cover all of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Clause {
    /// Its place in the document, from 0; stable for the same bytes.
    pub index: usize,
    /// Its number with the numbers above it, such as `III.8`; `None` when it has none.
    pub path: Option<String>,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// All its words, marker and title included.
    pub text: String,
    /// Its bytes in the file.
    pub span: Span,
}

/// The clauses of a laid-out text.
pub(crate) fn clauses(text: &Text, layout: &Layout) -> Vec<Clause> {
    let starts: Vec<usize> = layout.clauses.iter().map(|clause| clause.start).chain([text.as_str().len()]).collect();
    layout
        .clauses
        .iter()
        .enumerate()
        .map(|(index, section)| {
            let words = text.as_str()[starts[index]..starts[index + 1]].trim_end();
            let range = starts[index]..starts[index] + words.len();
            Clause {
                index,
                path: section.path.clone(),
                title: section.title.clone().map(|title| text.as_str()[title].to_owned()),
                text: words.to_owned(),
                span: text.span(range),
            }
        })
        .collect()
}
