//! Two texts side by side: the language versions of one agreement, or an agreement and its successor.
//!
//! Both versions of an agreement bind (Art. 28(9) asks for a contract in writing, and Art. 12(1) for words people
//! understand), so a figure, a "may" or a clause that only one of them has is a dispute waiting for its day. This stands in
//! the reader and not above it, because it needs what only the reader has: sentences with their roles, figures
//! and places.

mod align;
mod concepts;
mod diff;
mod error;
mod meaning;
mod order;
mod pair;
mod segments;
mod terms;
mod words;

pub use diff::{Change, ChangeKind, Comparison, Piece, TermChange, TermEnd, diff, diff_files};
pub use error::CompareError;
pub use order::Direction;
pub use pair::{Difference, Kind, Pairing, pair};

use crate::Text;
use agreement::reading::Span;
use serde::Serialize;

/// The longest document that is compared, in sentences.
pub const SEGMENTS_MAX: usize = 2_500;

/// One of two documents to compare.
#[derive(Clone, Debug)]
pub struct Version<'d> {
    /// Its name.
    pub name: &'d str,
    /// Its bytes.
    pub bytes: &'d [u8],
    /// The text extracted from them.
    pub text: Text,
}

impl<'d> Version<'d> {
    /// A document whose text is extracted in this process, as [`crate::extract`] does.
    ///
    /// # Errors
    /// [`CompareError::Read`] when the bytes are no text that can be read.
    pub fn extract(bytes: &'d [u8], name: &'d str) -> Result<Self, CompareError> {
        let refused = |error| CompareError::Read { file: name.to_owned(), error };
        Ok(Self { name, bytes, text: crate::extract(bytes, name).map_err(refused)? })
    }
}

/// What one of two documents says, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The bytes of the file.
    pub span: Span,
    /// The words.
    pub text: String,
    /// The path of the clause, or its title when it has no number.
    pub clause: Option<String>,
}
