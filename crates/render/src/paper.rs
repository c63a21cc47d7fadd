//! The document model: what every format is written from.

use crate::words::Words;
use kernel::Lang;

/// A complete agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its language.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// Who wrote it, for the properties of the file: the processor's name.
    pub author: Option<String>,
    /// The line at the foot of each page, with `{page}` and `{pages}`.
    pub foot: String,
    /// Its content, in order.
    pub blocks: Vec<Block>,
}

/// A piece of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The title of the whole.
    Title(String),
    /// A line under the title.
    Under(Words),
    /// A party at the head of the agreement, with its number.
    Opening {
        /// `(1)`, or nothing for the words between the parties.
        number: String,
        /// Name, address and how the party is called.
        words: Words,
    },
    /// The title of a clause (level 1), of an annex (level 1, on a new page) or of a part of either (level 2).
    Heading {
        /// 1 or 2.
        level: u8,
        /// `3.`, `Annex I –`; empty when it has no number.
        number: String,
        /// The title.
        text: String,
        /// Whether a page begins with it.
        new_page: bool,
    },
    /// A numbered paragraph.
    Clause {
        /// `3.2`
        number: String,
        /// What it says.
        words: Words,
    },
    /// A paragraph without number.
    Paragraph(Words),
    /// A table.
    Table {
        /// The heads of its columns; empty when the first cell of each row is its head.
        head: Vec<String>,
        /// Its rows, each as long as the others.
        rows: Vec<Vec<Words>>,
    },
    /// Where the parties sign.
    Signatures {
        /// The lines to fill in, from the first to the signature itself.
        lines: Vec<String>,
        /// Who signs.
        parties: Vec<Party>,
    },
}

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its role.
    pub role: String,
    /// Its name; empty when the file names nobody.
    pub name: String,
}

impl Block {
    /// How wide the columns of a table are, in thousandths of the line.
    pub(crate) fn shares(columns: usize) -> Vec<u32> {
        match columns {
            2 => vec![340, 660],
            3 => vec![240, 380, 380],
            4 => vec![260, 330, 160, 250],
            5 => vec![205, 260, 130, 190, 215],
            _ => vec![1000 / u32::try_from(columns.max(1)).unwrap_or(1); columns],
        }
    }
}
