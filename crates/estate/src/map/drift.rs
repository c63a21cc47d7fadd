//! How a map and the live catalogue differ.

use super::Map;
use crate::catalogue::{Catalogue, Table};
use kernel::Lang;
use std::fmt;

/// One difference between a map and the live catalogue.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "drift")]
pub enum Drift {
    /// The map names a table that is gone.
    TableGone {
        /// The table.
        table: String,
    },
    /// The map names a column that is gone.
    ColumnGone {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A table that the map does not know.
    TableNew {
        /// The table.
        table: String,
    },
    /// A column that the map does not know.
    ColumnNew {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A column whose type is no longer the one in the map.
    TypeChanged {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The type in the map.
        was: String,
        /// The type now.
        now: String,
    },
}

impl Drift {
    /// Whether the map cannot be used until it is corrected.
    #[must_use]
    pub fn is_blocking(&self) -> bool {
        matches!(self, Self::TableGone { .. } | Self::ColumnGone { .. })
    }

    /// What differs.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::TableGone { table } => lang.pick(
                format!("the map names the table `{table}`, which is gone"),
                format!("le plan de parc nomme la table `{table}`, qui n’existe plus"),
            ),
            Self::ColumnGone { table, column } => lang.pick(
                format!("the map names the column `{column}` of `{table}`, which is gone"),
                format!("le plan de parc nomme la colonne `{column}` de `{table}`, qui n’existe plus"),
            ),
            Self::TableNew { table } => {
                lang.pick(format!("the table `{table}` is new"), format!("la table `{table}` est nouvelle"))
            }
            Self::ColumnNew { table, column } => lang.pick(
                format!("the column `{column}` of `{table}` is new"),
                format!("la colonne `{column}` de `{table}` est nouvelle"),
            ),
            Self::TypeChanged { table, column, was, now } => lang.pick(
                format!("the column `{column}` of `{table}` was `{was}` and is `{now}`"),
                format!("la colonne `{column}` de `{table}` était `{was}` et est `{now}`"),
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        if self.is_blocking() {
            return lang
                .pick("scan again and correct the map", "analysez de nouveau et corrigez le plan de parc")
                .to_owned();
        }
        lang.pick("say in the map what it holds", "dites dans le plan de parc ce qu’elle contient").to_owned()
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl Map {
    /// Compares the map with the live catalogue, what blocks first.
    #[must_use]
    pub fn check(&self, catalogue: &Catalogue) -> Vec<Drift> {
        let mut drifts = Vec::new();
        self.gone(catalogue, &mut drifts);
        for table in &catalogue.tables {
            match self.dataset(&table.id) {
                None => drifts.push(Drift::TableNew { table: table.id.clone() }),
                Some(_) => self.compare(table, &mut drifts),
            }
        }
        drifts
    }

    /// The differences that make the map unusable.
    pub(crate) fn blocking(&self, catalogue: &Catalogue) -> Vec<Drift> {
        let mut drifts = Vec::new();
        self.gone(catalogue, &mut drifts);
        drifts
    }

    fn gone(&self, catalogue: &Catalogue, drifts: &mut Vec<Drift>) {
        for dataset in &self.datasets {
            let Some(table) = catalogue.table(&dataset.name) else {
                drifts.push(Drift::TableGone { table: dataset.name.clone() });
                continue;
            };
            let targets = self.datasets.iter().flat_map(|other| &other.references);
            let targets = targets.filter(|reference| reference.to == dataset.name).flat_map(|r| &r.to_fields);
            let mut missing: Vec<&str> = dataset.columns().chain(targets.map(String::as_str)).collect();
            missing.retain(|column| table.column(column).is_none());
            missing.sort_unstable();
            missing.dedup();
            let gone = |column: &str| Drift::ColumnGone { table: table.id.clone(), column: column.to_owned() };
            drifts.extend(missing.into_iter().map(gone));
        }
    }

    fn compare(&self, table: &Table, drifts: &mut Vec<Drift>) {
        let Some(dataset) = self.dataset(&table.id) else { return };
        for column in &table.columns {
            let (name, now) = (column.name.clone(), &column.type_name);
            let field = dataset.fields.iter().find(|field| field.name == column.name);
            match field.map(|field| field.type_name.as_ref()) {
                None if dataset.columns().any(|known| known == name) => {}
                None => drifts.push(Drift::ColumnNew { table: table.id.clone(), column: name }),
                Some(Some(was)) if was != now => drifts.push(Drift::TypeChanged {
                    table: table.id.clone(),
                    column: name,
                    was: was.clone(),
                    now: now.clone(),
                }),
                Some(_) => {}
            }
        }
    }
}
