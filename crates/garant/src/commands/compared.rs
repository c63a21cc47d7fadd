//! A document that is compared with another: its text, and where its words stand.

use super::read;
use crate::error::{Exit, Failure};
use crate::input::{self, Input};
use crate::source::Source;
use agreement::reading::Reading;
use kernel::Lang;
use reader::Text;
use reader::compare::{CompareError, Side, Version};
use std::path::Path;

/// A document with its text.
pub(super) struct Sided {
    input: Input,
    text: Text,
    source: Source,
}

/// Words with their place.
#[derive(serde::Serialize)]
pub(super) struct Placed<'s> {
    #[serde(flatten)]
    side: &'s Side,
    line: usize,
    column: usize,
}

/// Reads a document.
pub(super) fn open(path: &Path) -> Result<Sided, Failure> {
    of_input(input::read(path, reader::BYTES_MAX)?)
}

/// A document that was read already.
pub(super) fn of_input(input: Input) -> Result<Sided, Failure> {
    let text = read::text(&input)?;
    let source = Source::Document(text.clone());
    Ok(Sided { input, text, source })
}

impl Sided {
    /// Its name as given.
    pub(super) fn name(&self) -> &str {
        &self.input.name
    }

    /// For the comparison.
    pub(super) fn version(&self) -> Version<'_> {
        Version { name: &self.input.name, bytes: &self.input.bytes, text: self.text.clone() }
    }

    /// What it says.
    pub(super) fn reading(&self) -> Reading {
        reader::reading(&self.text, &self.input.bytes, &self.input.name, Lang::En)
    }

    /// `dpa.txt:12:3 (4.2)`.
    pub(super) fn place_text(&self, side: &Side) -> String {
        let (line, column) = self.source.place(side.span[0]);
        let clause = side.clause.as_ref().map(|clause| format!(" ({clause})")).unwrap_or_default();
        format!("{}:{line}:{column}{clause}", self.name())
    }

    /// For a program.
    pub(super) fn placed<'s>(&self, side: &'s Side) -> Placed<'s> {
        let (line, column) = self.source.place(side.span[0]);
        Placed { side, line, column }
    }
}

/// The words on one line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Documents that cannot be compared were not given right.
pub(super) fn refused(error: &CompareError) -> Failure {
    let exit = match error {
        CompareError::Read { .. } | CompareError::TooLong { .. } => Exit::Failed,
        CompareError::SameLanguage { .. } | CompareError::OtherLanguage => Exit::Usage,
    };
    Failure::new(exit, |lang| error.message(lang), |lang| error.remedy(lang))
}
