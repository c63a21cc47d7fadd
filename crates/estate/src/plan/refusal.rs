//! Why nothing can be planned.

use crate::{Drift, Fault, Kind};
use kernel::Lang;
use std::fmt;

/// What the database itself would do to a row outside the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Delete it along.
    Cascade,
    /// Change its reference.
    Change,
    /// Refuse the deletion because of it.
    Block,
}

/// Why an operation is refused before anything is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The database failed.
    Fault(Fault),
    /// The map is for another kind of database.
    WrongKind {
        /// The kind in the map.
        map: Kind,
        /// The kind of the address.
        system: Kind,
    },
    /// The map names tables or columns that are gone.
    Drift(Vec<Drift>),
    /// The system serves several controllers and none was named.
    TenantMissing,
    /// The map has no such tenant.
    TenantUnknown(String),
    /// No field of the map holds this kind of identity.
    NothingIdentifies,
    /// The database would touch rows that the plan does not hold.
    OutsidePlan {
        /// The table whose rows they are.
        table: String,
        /// The dataset whose rows go.
        dataset: String,
        /// What would happen to them.
        effect: Effect,
        /// How many.
        rows: u64,
    },
    /// Rows of another controller refer to the rows that would go.
    OtherTenant {
        /// The table whose rows refer.
        table: String,
        /// The dataset whose rows would go.
        dataset: String,
    },
    /// These tables refer to each other in a circle, and no reference in it may be NULL.
    Circle(Vec<String>),
    /// The field may not be NULL, or is part of the key.
    CannotBlank {
        /// The dataset.
        dataset: String,
        /// The fields.
        fields: Vec<String>,
    },
    /// More rows than one plan may hold.
    TooManyRows {
        /// The most it may hold.
        max: u64,
    },
    /// Too large a share of a table would go.
    ShareTooLarge {
        /// The dataset.
        dataset: String,
        /// The rows that would go.
        rows: u64,
        /// The rows it has.
        of: u64,
        /// The most that may go, in percent.
        percent_max: u64,
    },
}

impl Refusal {
    /// What stands in the way.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Fault(fault) => fault.message(lang),
            Self::WrongKind { map, system } => lang.pick(
                format!("the map is for {map}, the address leads to {system}"),
                format!("le plan de parc est pour {map}, l’adresse mène à {system}"),
            ),
            Self::Drift(drifts) => drifts.iter().map(|drift| drift.message(lang)).collect::<Vec<_>>().join("; "),
            Self::TenantMissing => lang.pick(
                "the system holds rows of several controllers and none was named".to_owned(),
                "le système contient les lignes de plusieurs responsables et aucun n’est nommé".to_owned(),
            ),
            Self::TenantUnknown(tenant) => lang.pick(
                format!("the map has no tenant `{tenant}`"),
                format!("le plan de parc n’a pas de locataire `{tenant}`"),
            ),
            Self::NothingIdentifies => lang.pick(
                "no field of the map identifies a person by e-mail".to_owned(),
                "aucun champ du plan de parc n’identifie une personne par son adresse électronique".to_owned(),
            ),
            Self::OutsidePlan { .. } | Self::OtherTenant { .. } => self.outside(lang),
            Self::Circle(tables) => lang.pick(
                format!("the tables {} refer to each other in a circle that cannot be opened", tables.join(", ")),
                format!("les tables {} se renvoient en cercle, sans lien effaçable", tables.join(", ")),
            ),
            Self::CannotBlank { dataset, fields } => lang.pick(
                format!("{} of `{dataset}` cannot be set to NULL", fields.join(", ")),
                format!("{} de `{dataset}` ne peut pas être mis à NULL", fields.join(", ")),
            ),
            Self::TooManyRows { max } => lang.pick(
                format!("the plan would hold more than {max} rows"),
                format!("le plan toucherait plus de {max} lignes"),
            ),
            Self::ShareTooLarge { dataset, rows, of, percent_max } => lang.pick(
                format!("{rows} of {of} rows of `{dataset}` would go, more than {percent_max} %"),
                format!("{rows} lignes sur {of} de `{dataset}` partiraient, plus de {percent_max} %"),
            ),
        }
    }

    fn outside(&self, lang: Lang) -> String {
        match self {
            Self::OutsidePlan { table, dataset, effect, rows } => {
                let (en, fr) = match effect {
                    Effect::Cascade => ("would be deleted along with", "seraient supprimées avec"),
                    Effect::Change => ("would be changed along with", "seraient modifiées avec"),
                    Effect::Block => ("still refer to", "renvoient encore à"),
                };
                lang.pick(
                    format!("{rows} rows of `{table}` outside the plan {en} the rows of `{dataset}`"),
                    format!("{rows} lignes de `{table}`, hors du plan, {fr} celles de `{dataset}`"),
                )
            }
            Self::OtherTenant { table, dataset } => lang.pick(
                format!("rows of `{table}` that belong to another controller refer to the rows of `{dataset}`"),
                format!("des lignes de `{table}` d’un autre responsable renvoient à celles de `{dataset}`"),
            ),
            _ => String::new(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = match self {
            Self::Fault(fault) => return fault.remedy(lang),
            Self::WrongKind { .. } => {
                ("give the address that belongs to this map", "donnez l’adresse qui va avec ce plan de parc")
            }
            Self::Drift(_) => ("scan again and correct the map", "analysez de nouveau et corrigez le plan de parc"),
            Self::TenantMissing => ("name the controller whose rows are meant", "nommez le responsable dont il s’agit"),
            Self::TenantUnknown(_) => (
                "add a [[tenant]] to the map, or correct the name",
                "ajoutez un [[tenant]] au plan de parc, ou corrigez le nom",
            ),
            Self::NothingIdentifies => {
                ("mark the e-mail field with identifies = \"email\"", "marquez le champ par identifies = \"email\"")
            }
            Self::OutsidePlan { effect: Effect::Block, .. } => (
                "add the reference to the map (delete or detach), or blank it where rows are kept",
                "ajoutez la référence au plan de parc (delete ou detach), ou videz-la là où les lignes restent",
            ),
            Self::OutsidePlan { .. } => {
                ("add that table and its reference to the map", "ajoutez cette table et sa référence au plan de parc")
            }
            Self::OtherTenant { .. } => (
                "settle with that controller first; nothing of theirs is touched",
                "réglez d’abord avec ce responsable ; rien de lui n’est touché",
            ),
            Self::Circle(_) => (
                "let one of the references be NULL, or keep one of the tables",
                "permettez NULL dans une des références, ou conservez une des tables",
            ),
            Self::CannotBlank { .. } => (
                "allow NULL in that column, or choose another treatment",
                "permettez NULL dans cette colonne, ou choisissez un autre traitement",
            ),
            Self::TooManyRows { .. } | Self::ShareTooLarge { .. } => (
                "check that the map identifies one person; if it does, raise the limit for this plan",
                "vérifiez que le plan de parc identifie une seule personne ; si oui, relevez la limite",
            ),
        };
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for Refusal {}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
