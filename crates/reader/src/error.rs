//! Why a file could not be read, and what to do about it.

use kernel::Lang;
use std::fmt;

/// A document that was refused. Nothing of it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// No bytes, or only white space.
    Empty,
    /// More than [`crate::BYTES_MAX`].
    TooLarge {
        /// Size of the file, in bytes.
        bytes: usize,
        /// The most that is read, in bytes.
        max: usize,
    },
    /// Bytes that are no text.
    Binary,
    /// A format that is recognised but not read.
    UnknownFormat {
        /// Its usual name, such as `PDF`.
        format: &'static str,
    },
    /// The bytes claim an encoding and break its rules.
    Encoding {
        /// The encoding claimed.
        claimed: &'static str,
    },
    /// Markup nested beyond any page.
    TooDeep {
        /// The deepest nesting that is read.
        max: usize,
    },
    /// A page without words.
    NoText,
}

impl ReadError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Empty => lang.pick("the file is empty", "le fichier est vide").to_owned(),
            Self::TooLarge { bytes, max } => {
                let (size, most) = (bytes / 1_000_000, max / 1_000_000);
                match lang {
                    Lang::En => format!("the file has {size} MB; at most {most} MB are read"),
                    Lang::Fr => format!("le fichier fait {size} Mo ; {most} Mo au plus sont lus"),
                }
            }
            Self::Binary => lang.pick("the file is not text", "le fichier n'est pas du texte").to_owned(),
            Self::UnknownFormat { format } => match lang {
                Lang::En => format!("{format} files are not read yet"),
                Lang::Fr => format!("les fichiers {format} ne sont pas encore lus"),
            },
            Self::Encoding { claimed } => match lang {
                Lang::En => format!("the file says it is {claimed} but is not"),
                Lang::Fr => format!("le fichier se dit {claimed} mais ne l'est pas"),
            },
            Self::TooDeep { max } => match lang {
                Lang::En => format!("the page is nested deeper than {max} elements"),
                Lang::Fr => format!("la page emboîte plus de {max} éléments"),
            },
            Self::NoText => lang.pick("the file holds no words", "le fichier ne contient aucun mot").to_owned(),
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        match self {
            Self::Empty | Self::NoText => {
                lang.pick("check that this is the file you meant", "vérifiez que c'est bien le fichier voulu")
            }
            Self::TooLarge { .. } => lang.pick(
                "give the agreement alone, without the annexes it does not need",
                "donnez l'accord seul, sans les annexes inutiles",
            ),
            Self::Binary | Self::UnknownFormat { .. } => lang.pick(
                "save the document as text (.txt), Markdown (.md) or HTML (.html) and read that file",
                "enregistrez le document en texte (.txt), Markdown (.md) ou HTML (.html) et lisez ce fichier",
            ),
            Self::Encoding { .. } => {
                lang.pick("save the document again as UTF-8", "enregistrez à nouveau le document en UTF-8")
            }
            Self::TooDeep { .. } => lang
                .pick("save the page as text and read that file", "enregistrez la page en texte et lisez ce fichier"),
        }
        .to_owned()
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for ReadError {}
