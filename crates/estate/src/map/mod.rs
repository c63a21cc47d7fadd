//! The estate map of one system: which tables hold whose data, and what an erasure does to them.
//!
//! It is a TOML file that people keep in git and read in reviews; it records the categories of
//! data (Art. 30(1)(c) GDPR, as W3C DPV identifiers), the retention, the ground on which something
//! is kept (Art. 17(3)) and the references along which a person's rows are found. It holds no address
//! and no password.

mod drift;
mod error;
mod parse;

pub use drift::Drift;
pub use error::MapError;

use crate::address::Kind;
use crate::digest;
use serde::{Deserialize, Serialize};

/// The map of one system.
///
/// ```
/// let map = estate::Map::parse(r#"
/// garant-estate = 1
/// [system]
/// name = "shop"
/// kind = "sqlite"
/// [[dataset]]
/// name = "customers"
/// key = ["id"]
/// on_erasure = "delete"
/// field = [{ name = "email", category = "pd:EmailAddress", identifies = "email" }]
/// "#).unwrap();
/// assert_eq!(map.datasets[0].name, "customers");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The version of the format: 1.
    #[serde(rename = "garant-estate")]
    pub version: u32,
    /// The system described.
    pub system: SystemEntry,
    /// Which value of the tenant fields belongs to which controller.
    #[serde(rename = "tenant", default, skip_serializing_if = "Vec::is_empty")]
    pub tenants: Vec<TenantEntry>,
    /// The tables.
    #[serde(rename = "dataset", default)]
    pub datasets: Vec<Dataset>,
}

/// What the system is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemEntry {
    /// Its name among the systems of the estate.
    pub name: String,
    /// Which kind of database it is.
    pub kind: Kind,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
}

/// Whose rows carry a tenant value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantEntry {
    /// The controller, by id or name.
    pub controller: String,
    /// The value in the tenant fields, as text.
    pub value: String,
}

/// A table that holds, or may hold, personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// The table: `table`, or `schema.table` outside PostgreSQL's `public`.
    pub name: String,
    /// The columns that tell its rows apart.
    pub key: Vec<String>,
    /// Whose rows they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Tenant>,
    /// The retention rule, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// What an erasure does to the person's rows.
    #[serde(default)]
    pub on_erasure: OnErasure,
    /// Why they are kept; needed with `on_erasure = "keep"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The columns.
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
    /// The references to other datasets.
    #[serde(rename = "reference", default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
}

/// How the rows of a dataset are told apart by controller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Tenant {
    /// This column says it.
    Field(String),
    /// All rows belong to this tenant value.
    Value(String),
}

/// What an erasure does to the person's rows of a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnErasure {
    /// They go.
    #[default]
    Delete,
    /// They stay on a legal ground; chosen fields are blanked.
    Keep,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its DPV category, such as `pd:EmailAddress`, or `none`.
    #[serde(default = "none", skip_serializing_if = "is_none")]
    pub category: String,
    /// Its type when the map was made, to notice a change.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// What kind of identity it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifies: Option<Identifies>,
    /// Blank it when the row is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_erasure: Option<Blank>,
}

fn none() -> String {
    "none".to_owned()
}

fn is_none(category: &str) -> bool {
    category == "none"
}

/// The kinds of identity a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identifies {
    /// An e-mail address.
    Email,
}

/// What becomes of a field in a kept row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blank {
    /// It becomes NULL.
    Null,
}

/// A reference from this dataset to another, or to itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The referring columns here.
    pub fields: Vec<String>,
    /// The dataset referred to.
    pub to: String,
    /// The columns referred to.
    pub to_fields: Vec<String>,
    /// Whether the database declares it.
    #[serde(default)]
    pub kind: ReferenceKind,
    /// What happens here when the row referred to goes.
    #[serde(default)]
    pub on_erasure: OnReference,
}

/// Where a reference comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceKind {
    /// The database enforces it.
    #[default]
    Declared,
    /// It was inferred from names and values, and confirmed by a person.
    Inferred,
}

/// What a reference means for an erasure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnReference {
    /// The referring rows are the person's own: they go too.
    #[default]
    Delete,
    /// The referring rows are other people's: only the reference becomes NULL.
    Detach,
}

impl Map {
    /// The map as TOML; [`Map::parse`] reads it back.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // Our own plain structure always serialises.
        toml::to_string(self).unwrap_or_default()
    }

    /// SHA-256 over the canonical form: layout and comments of the file do not count.
    #[must_use]
    pub fn digest(&self) -> String {
        digest::canonical("garant-estate-map-1", self)
    }

    /// Whether the system holds rows of several controllers.
    #[must_use]
    pub fn has_tenants(&self) -> bool {
        !self.tenants.is_empty() || self.datasets.iter().any(|dataset| dataset.tenant.is_some())
    }

    /// The tenant value of a controller.
    #[must_use]
    pub fn tenant_of(&self, controller: &str) -> Option<&str> {
        self.tenants.iter().find(|tenant| tenant.controller == controller).map(|tenant| tenant.value.as_str())
    }

    /// The dataset of this name.
    #[must_use]
    pub fn dataset(&self, name: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.name == name)
    }

    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.datasets.iter().position(|dataset| dataset.name == name)
    }
}

impl Dataset {
    /// The columns that hold an e-mail address of the person.
    pub(crate) fn identifying(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.identifies == Some(Identifies::Email))
    }

    /// The columns blanked when the row is kept.
    pub(crate) fn blanked(&self) -> Vec<String> {
        self.fields.iter().filter(|field| field.on_erasure.is_some()).map(|field| field.name.clone()).collect()
    }

    pub(crate) fn tenant_field(&self) -> Option<&str> {
        match &self.tenant {
            Some(Tenant::Field(name)) => Some(name),
            _ => None,
        }
    }

    /// Every column the map needs to exist.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        let references = self.references.iter().flat_map(|reference| &reference.fields);
        let named = self.fields.iter().map(|field| &field.name);
        named.chain(&self.key).chain(references).map(String::as_str).chain(self.tenant_field())
    }
}
