//! Why a note, a checkpoint or a key is not accepted.

use kernel::Lang;
use std::fmt;

/// A refusal to sign, parse or verify a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// Larger than a note may be, or with more signatures.
    TooLong,
    /// Not the shape of a signed note.
    Text,
    /// Not a key name or log origin.
    Name(String),
    /// Not the text of a verifier key.
    Key,
    /// A note, but not of a checkpoint.
    Checkpoint,
    /// No signature line by the key we know.
    UnknownKey,
    /// A signature by the key we know that does not fit the text.
    Signature,
}

impl NoteError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::Name(name) => {
                return lang.pick(
                    format!("`{name}` cannot name a log or its key"),
                    format!("« {name} » ne peut nommer un registre ou sa clé"),
                );
            }
            Self::TooLong => ("the note is longer than a note may be", "la note dépasse la longueur admise"),
            Self::Text => ("this is not a signed note", "ceci n'est pas une note signée"),
            Self::Key => ("this is not a verifier key", "ceci n'est pas une clé de vérification"),
            Self::Checkpoint => ("the note is not a checkpoint", "la note n'est pas un point de contrôle"),
            Self::UnknownKey => {
                ("the note is not signed by the key you gave", "la note n'est pas signée par la clé fournie")
            }
            Self::Signature => ("the signature does not fit the note", "la signature ne correspond pas à la note"),
        };
        lang.pick(en, fr).to_owned()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::TooLong | Self::Text | Self::Checkpoint => {
                ("take the note unchanged from where it was published", "reprenez la note telle qu'elle a été publiée")
            }
            Self::Name(_) => (
                "write an address without scheme, spaces or plus sign, as in garant.example/house",
                "écrivez une adresse sans protocole, espace ni signe plus, comme garant.example/house",
            ),
            Self::Key => (
                "give the whole line: name, plus sign, 8 hexadecimal digits, plus sign, base 64",
                "donnez la ligne entière : nom, signe plus, 8 chiffres hexadécimaux, signe plus, base 64",
            ),
            Self::UnknownKey => (
                "ask the company for its verifier key by a second channel and compare",
                "demandez à l'entreprise sa clé de vérification par un autre canal et comparez",
            ),
            Self::Signature => (
                "the note was altered: fetch it again, and if that fails too, treat it as evidence",
                "la note a été modifiée : récupérez-la à nouveau et, si l'échec persiste, conservez-la comme preuve",
            ),
        };
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for NoteError {}
