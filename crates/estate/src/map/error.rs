//! Why a map is refused.

use kernel::Lang;
use std::fmt;

/// A map that cannot be used as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapError {
    /// Not TOML, an unknown or missing entry, a wrong type.
    Syntax {
        /// The line, from 1; 0 when it concerns the whole file.
        line: usize,
        /// The parser's own words.
        what: String,
    },
    /// A later version of the format.
    Version(u32),
    /// Longer than a map may be.
    TooLong,
    /// Two datasets, or two fields of one, share a name.
    Twice(String),
    /// A dataset without a key.
    NoKey(String),
    /// A name that is empty, over-long or holds a control character.
    Name(String),
    /// A category that is neither `none` nor a DPV identifier.
    Category {
        /// The dataset.
        dataset: String,
        /// The category as written.
        category: String,
    },
    /// A reference to a dataset that the map lacks.
    UnknownTarget {
        /// The dataset that refers.
        dataset: String,
        /// The dataset it names.
        to: String,
    },
    /// A reference with no fields, or not as many on both sides.
    Uneven(String),
    /// `keep` without a ground (Art. 17(3) asks for one).
    NoGround(String),
    /// A field is blanked in a dataset whose rows go, or is part of the key or the tenant field.
    Blank {
        /// The dataset.
        dataset: String,
        /// The field.
        field: String,
    },
    /// The system serves several controllers and nothing says whose rows these are.
    WhoseRows(String),
}

impl MapError {
    /// What is wrong, and where.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Syntax { line: 0, what } => what.clone(),
            Self::Syntax { line, what } => lang.pick(format!("line {line}: {what}"), format!("ligne {line} : {what}")),
            Self::Version(version) => lang.pick(
                format!("this map has version {version}, only version 1 is known"),
                format!("ce plan de parc est en version {version}, seule la version 1 est connue"),
            ),
            Self::TooLong => lang.pick("the map is too long".to_owned(), "le plan de parc est trop long".to_owned()),
            Self::Twice(name) => lang.pick(format!("`{name}` stands twice"), format!("`{name}` figure deux fois")),
            Self::NoKey(name) => lang.pick(format!("`{name}` has no key"), format!("`{name}` n’a pas de clé")),
            Self::Name(name) => {
                lang.pick(format!("`{name}` is no usable name"), format!("`{name}` n’est pas un nom utilisable"))
            }
            Self::Category { dataset, category } => lang.pick(
                format!("`{category}` in `{dataset}` is no category"),
                format!("`{category}` dans `{dataset}` n’est pas une catégorie"),
            ),
            Self::UnknownTarget { dataset, to } => lang.pick(
                format!("`{dataset}` refers to `{to}`, which the map lacks"),
                format!("`{dataset}` renvoie à `{to}`, absent du plan de parc"),
            ),
            Self::Uneven(name) => lang.pick(
                format!("a reference of `{name}` has not the same number of fields on both sides"),
                format!("une référence de `{name}` n’a pas autant de champs des deux côtés"),
            ),
            Self::NoGround(name) => {
                lang.pick(format!("`{name}` is kept without a ground"), format!("`{name}` est conservé sans motif"))
            }
            Self::Blank { dataset, field } => lang.pick(
                format!("`{field}` of `{dataset}` cannot be blanked"),
                format!("`{field}` de `{dataset}` ne peut pas être vidé"),
            ),
            Self::WhoseRows(name) => lang.pick(
                format!("nothing says which controller the rows of `{name}` belong to"),
                format!("rien ne dit à quel responsable appartiennent les lignes de `{name}`"),
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::Syntax { .. } => ("correct that line", "corrigez cette ligne"),
            Self::Version(_) => (
                "use a newer Garant, or write `garant-estate = 1`",
                "utilisez un Garant plus récent, ou `garant-estate = 1`",
            ),
            Self::TooLong => ("split the system", "divisez le système"),
            Self::Twice(_) => ("remove one of them", "retirez l’un des deux"),
            Self::NoKey(_) => (
                "list the columns that tell rows apart: key = [\"id\"]",
                "listez les colonnes qui distinguent les lignes : key = [\"id\"]",
            ),
            Self::Name(_) => {
                ("use the table's or column's exact name", "mettez le nom exact de la table ou de la colonne")
            }
            Self::Category { .. } => (
                "write `none` or a DPV identifier such as `pd:EmailAddress`",
                "écrivez `none` ou un identifiant DPV comme `pd:EmailAddress`",
            ),
            Self::UnknownTarget { .. } => {
                ("add that dataset, or remove the reference", "ajoutez ce jeu, ou retirez la référence")
            }
            Self::Uneven(_) => {
                ("give `fields` and `to_fields` the same length", "donnez à `fields` et `to_fields` la même longueur")
            }
            Self::NoGround(_) => {
                ("add ground = \"the law that asks to keep it\"", "ajoutez ground = \"la loi qui impose de conserver\"")
            }
            Self::Blank { .. } => (
                "blank only fields outside key and tenant, in datasets with on_erasure = \"keep\"",
                "ne videz que des champs hors clé et hors locataire, dans un jeu on_erasure = \"keep\"",
            ),
            Self::WhoseRows(_) => (
                "add tenant = { field = \"…\" }, or tenant = { value = \"…\" } when all rows are one controller's",
                "ajoutez tenant = { field = \"…\" }, ou tenant = { value = \"…\" } si tout est à un seul responsable",
            ),
        };
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for MapError {}
