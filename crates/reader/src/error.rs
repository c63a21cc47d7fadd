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
    /// A PDF that holds pictures of pages and no text.
    Scanned,
    /// A file that opens with a password only.
    Protected {
        /// Its usual name, such as `PDF`.
        format: &'static str,
    },
    /// A file that breaks the rules of its format.
    Damaged {
        /// Its usual name, such as `PDF`.
        format: &'static str,
    },
    /// A file that needs more memory, depth, pages or time than any agreement does.
    Excessive {
        /// Its usual name, such as `PDF`.
        format: &'static str,
    },
    /// Nothing is known of the file: what takes it apart could not be started within its limits.
    NoParser {
        /// The usual name of the format, such as `PDF`.
        format: &'static str,
        /// What the system said, in its own words.
        cause: String,
    },
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
                Lang::En => format!("{format} files are not read"),
                Lang::Fr => format!("les fichiers {format} ne sont pas lus"),
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
            Self::Scanned => {
                lang.pick("scanned: the PDF has no text", "numérisé : le PDF ne contient pas de texte").to_owned()
            }
            Self::Protected { format } => match lang {
                Lang::En => format!("the {format} file is protected by a password"),
                Lang::Fr => format!("le fichier {format} est protégé par un mot de passe"),
            },
            Self::Damaged { format } => match lang {
                Lang::En => format!("the {format} file is damaged"),
                Lang::Fr => format!("le fichier {format} est endommagé"),
            },
            Self::Excessive { format } => match lang {
                Lang::En => format!("the {format} file unpacks to far more than an agreement"),
                Lang::Fr => format!("le fichier {format} se déploie bien au-delà d'un accord"),
            },
            Self::NoParser { format, cause } => match lang {
                Lang::En => format!("the process that reads {format} files could not be started: {cause}"),
                Lang::Fr => format!("le processus qui lit les fichiers {format} n'a pas pu démarrer : {cause}"),
            },
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
                "save the document as DOCX, ODT, PDF, HTML, Markdown or text and read that file",
                "enregistrez le document en DOCX, ODT, PDF, HTML, Markdown ou texte et lisez ce fichier",
            ),
            Self::Scanned => lang.pick(
                "recognise its characters first, for instance with `ocrmypdf scan.pdf text.pdf`, and read the result",
                "passez-le d'abord à la reconnaissance de caractères, par exemple `ocrmypdf scan.pdf texte.pdf`, et lisez le résultat",
            ),
            Self::Protected { .. } => lang.pick(
                "save a copy without password and read that file",
                "enregistrez une copie sans mot de passe et lisez ce fichier",
            ),
            Self::Damaged { .. } => lang.pick(
                "open it in the program that wrote it, save it again and read that file",
                "ouvrez-le dans le programme qui l'a écrit, enregistrez-le à nouveau et lisez ce fichier",
            ),
            Self::Excessive { .. } => lang.pick(
                "save the agreement alone as text and read that file",
                "enregistrez l'accord seul en texte et lisez ce fichier",
            ),
            Self::NoParser { .. } => lang.pick(
                "the file is not at fault: see whether this machine has memory and processes left, then read it again",
                "le fichier n'est pas en cause : voyez s'il reste à cette machine de la mémoire et des processus, puis relisez-le",
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
