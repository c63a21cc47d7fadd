//! Why two documents could not be compared.

use super::SEGMENTS_MAX;
use crate::ReadError;
use kernel::Lang;
use std::fmt;

/// Two documents that were not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompareError {
    /// One of them cannot be read.
    Read {
        /// Its name.
        file: String,
        /// Why.
        error: ReadError,
    },
    /// One of them has more than [`SEGMENTS_MAX`] sentences.
    TooLong {
        /// Its name.
        file: String,
        /// How many it has.
        sentences: usize,
    },
    /// A pair must be one English and one French text.
    SameLanguage {
        /// The language of both.
        lang: Lang,
    },
    /// Versions must be in one language.
    OtherLanguage,
}

impl CompareError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Read { file, error }, Lang::En) => {
                format!("`{file}` cannot be read as a document: {}", error.message(lang))
            }
            (Self::Read { file, error }, Lang::Fr) => {
                format!("« {file} » ne peut être lu comme un document : {}", error.message(lang))
            }
            (Self::TooLong { file, sentences }, Lang::En) => {
                format!("`{file}` has {sentences} sentences; at most {SEGMENTS_MAX} are compared")
            }
            (Self::TooLong { file, sentences }, Lang::Fr) => {
                format!("« {file} » compte {sentences} phrases ; {SEGMENTS_MAX} au plus sont comparées")
            }
            (Self::SameLanguage { lang: of }, Lang::En) => {
                format!("both texts are in {}", of.pick("English", "French"))
            }
            (Self::SameLanguage { lang: of }, Lang::Fr) => {
                format!("les deux textes sont en {}", of.pick("anglais", "français"))
            }
            (Self::OtherLanguage, Lang::En) => "the two versions are in different languages".to_owned(),
            (Self::OtherLanguage, Lang::Fr) => "les deux versions ne sont pas dans la même langue".to_owned(),
        }
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        match self {
            Self::Read { error, .. } => error.remedy(lang),
            Self::TooLong { .. } => lang
                .pick("compare the agreement without its annexes", "comparez l'accord sans ses annexes")
                .to_owned(),
            Self::SameLanguage { .. } => lang
                .pick(
                    "give one English and one French text; `garant diff` compares two versions in one language",
                    "donnez un texte anglais et un texte français ; `garant diff` compare deux versions d'une même langue",
                )
                .to_owned(),
            Self::OtherLanguage => lang
                .pick(
                    "`garant pair` compares the two language versions of an agreement",
                    "`garant pair` compare les deux versions linguistiques d'un accord",
                )
                .to_owned(),
        }
    }
}

impl fmt::Display for CompareError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for CompareError {}
