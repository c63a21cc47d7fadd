//! Why an entry cannot be written or read.

use kernel::Lang;
use std::fmt;

/// A refusal to encode, decode or complete an entry. Places are JSON pointers (RFC 6901) into `data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryError {
    /// More bytes than [`super::LEAF_BYTES_MAX`].
    TooLong(usize),
    /// Nested deeper than [`super::DATA_DEPTH_MAX`].
    TooDeep,
    /// The bytes are no entry.
    NotAnEntry,
    /// The leaf format is of a version this program does not know.
    Version(u8),
    /// An entry, but not in the one form that is hashed.
    NotCanonical,
    /// Not a `noun.verb`.
    Kind(String),
    /// Not a log origin.
    Origin(String),
    /// A number that canonical JSON cannot hold exactly, and where.
    Number(String),
    /// A personal value where none may be, and where.
    Personal(String),
    /// A commitment that was not made by [`super::commit`], and where.
    Forged(String),
    /// A personal value or commitment of the wrong shape, and where.
    Malformed(String),
    /// A disclosure that does not open its commitment, and where.
    Mismatch(String),
}

impl EntryError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::TooLong(bytes) => lang.pick(
                format!("the entry has {bytes} bytes, more than a leaf may have"),
                format!("l'écriture compte {bytes} octets, plus que n'en admet une feuille"),
            ),
            Self::TooDeep => {
                plain(lang, "the entry's data are nested too deeply", "les données de l'écriture sont trop imbriquées")
            }
            Self::NotAnEntry => {
                plain(lang, "these bytes are not a ledger entry", "ces octets ne sont pas une écriture du registre")
            }
            Self::Version(v) => lang
                .pick(format!("entry format {v} is unknown here"), format!("le format d'écriture {v} est inconnu ici")),
            Self::NotCanonical => plain(
                lang,
                "the entry is not in its canonical form (RFC 8785)",
                "l'écriture n'est pas sous sa forme canonique (RFC 8785)",
            ),
            Self::Kind(kind) => lang
                .pick(format!("`{kind}` is not a kind of entry"), format!("« {kind} » n'est pas un type d'écriture")),
            Self::Origin(origin) => lang.pick(
                format!("`{origin}` is not the name of a log"),
                format!("« {origin} » n'est pas un nom de registre"),
            ),
            Self::Number(at) => lang.pick(
                format!("the number at `{at}` would lose digits"),
                format!("le nombre en « {at} » perdrait des chiffres"),
            ),
            Self::Personal(at) => lang.pick(
                format!("there is personal data at `{at}`, where none may be"),
                format!("des données personnelles figurent en « {at} », où il ne peut y en avoir"),
            ),
            Self::Forged(at) => lang.pick(
                format!("the data already hold a commitment at `{at}`"),
                format!("les données contiennent déjà un engagement en « {at} »"),
            ),
            Self::Malformed(at) => lang.pick(
                format!("the marked value at `{at}` has the wrong shape"),
                format!("la valeur marquée en « {at} » est mal formée"),
            ),
            Self::Mismatch(at) => lang.pick(
                format!("the value for `{at}` is not the one that was committed to"),
                format!("la valeur pour « {at} » n'est pas celle qui a été engagée"),
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::TooLong(_) => (
                "store the document and name its hash in the entry",
                "stockez le document et citez son empreinte dans l'écriture",
            ),
            Self::TooDeep => ("flatten the data to at most 64 levels", "ramenez les données à 64 niveaux au plus"),
            Self::NotAnEntry | Self::NotCanonical => (
                "take the leaf byte for byte from the ledger or its export",
                "reprenez la feuille octet pour octet depuis le registre ou son export",
            ),
            Self::Version(_) => ("use a newer version of garant", "utilisez une version plus récente de garant"),
            Self::Kind(_) => (
                "write lower-case words joined by a dot, as in request.received",
                "écrivez des mots en minuscules joints par un point, comme request.received",
            ),
            Self::Origin(_) => (
                "write an address without scheme, spaces or plus sign, as in garant.example/house",
                "écrivez une adresse sans protocole, espace ni signe plus, comme garant.example/house",
            ),
            Self::Number(_) => (
                "write numbers beyond 9007199254740991 as text",
                "écrivez en texte les nombres au-delà de 9007199254740991",
            ),
            Self::Personal(_) => (
                "commit to the value before writing the leaf, and mark no personal value inside another",
                "engagez la valeur avant d'écrire la feuille, sans imbriquer une valeur personnelle dans une autre",
            ),
            Self::Forged(_) => ("rename the field called $commitment", "renommez le champ nommé $commitment"),
            Self::Malformed(_) => (
                "write {\"$personal\": {\"subject\": id, \"value\": value}} and nothing beside it",
                "écrivez {\"$personal\": {\"subject\": identifiant, \"value\": valeur}} et rien à côté",
            ),
            Self::Mismatch(_) => (
                "stop: the sealed values and the ledger disagree; compare with a backup and an export",
                "arrêtez : les valeurs scellées et le registre divergent ; comparez avec une sauvegarde et un export",
            ),
        };
        lang.pick(en, fr).to_owned()
    }
}

fn plain(lang: Lang, en: &str, fr: &str) -> String {
    lang.pick(en, fr).to_owned()
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for EntryError {}
