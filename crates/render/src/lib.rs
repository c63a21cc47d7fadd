//! The agreement file as a complete agreement to sign: the contract in writing of GDPR Art. 28(3) and (9).
//!
//! The other crates go from a document to terms; this one goes back. It builds one document model from the
//! file, in English or French, and writes it in each format. What it writes, the reader reads back to the
//! same terms: each has one clause of ours (`data/<language>/clauses.toml`), a silent term has none, and what
//! cannot be written faithfully is a [`Problem`] that names the term. Four annexes follow, with the fields of
//! the standard contractual clauses between controllers and processors (Decision (EU) 2021/915).
//!
//! The same file gives the same bytes: nothing here knows the time.
//!
//! ```
//! use render::{Format, render};
//! let file = agreement::AgreementFile::parse("garant-agreement = 1\n[breach]\nnotify_controller = \"PT24H\"").unwrap();
//! let text = String::from_utf8(render(&file, kernel::Lang::En, Format::Markdown).unwrap()).unwrap();
//! assert!(text.contains("hours of becoming aware of it"));
//! ```

mod annexes;
mod clauses;
mod contract;
mod docx;
mod html;
mod labels;
mod markdown;
mod paper;
mod pdf;
mod problem;
mod texts;
mod words;

pub use paper::{Block, Paper, Party};
pub use problem::Problem;
pub use words::{Run, Words};

use agreement::AgreementFile;
use kernel::Lang;

/// What the agreement is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page by itself, for the screen and for A4 paper.
    Html,
    /// Markdown.
    Markdown,
    /// Office Open XML, for word processors.
    Docx,
    /// PDF of A4 pages, tagged, with its fonts.
    Pdf,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Html, Self::Markdown, Self::Docx, Self::Pdf];

    /// As people write it, and as the file is called: `html`, `md`, `docx`, `pdf`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }

    /// Whether the bytes are text that a terminal can show.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Html | Self::Markdown)
    }
}

/// The agreement, written in `lang` as `format`.
///
/// # Errors
/// Every [`Problem`]: what the file holds and no clause can say.
pub fn render(file: &AgreementFile, lang: Lang, format: Format) -> Result<Vec<u8>, Vec<Problem>> {
    let paper = paper(file, lang)?;
    Ok(match format {
        Format::Html => html::write(&paper).into_bytes(),
        Format::Markdown => markdown::write(&paper).into_bytes(),
        Format::Docx => docx::write(&paper),
        Format::Pdf => pdf::write(&paper).map_err(|problem| vec![problem])?,
    })
}

/// The agreement as a document of headings, clauses and tables.
///
/// # Errors
/// As [`render`].
pub fn paper(file: &AgreementFile, lang: Lang) -> Result<Paper, Vec<Problem>> {
    contract::paper(file, lang)
}
