//! A first map, guessed from the catalogue and a few sampled values; a person corrects and confirms it.
//!
//! A guess is never silent: each carries its confidence and its evidence, written as comments beside the
//! lines they concern. Sampled values are looked at and dropped; evidence holds counts, never values.

mod references;
mod render;
mod sample;
mod values;
mod words;

pub use sample::{Samples, sample};

use crate::{
    address::Kind,
    catalogue::{Catalogue, Column, Table},
    map::{Dataset, Field, Identifies, Map, OnErasure, Reference, SystemEntry},
};

/// Why the proposal says what it says about one column.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Evidence {
    /// The table.
    pub table: String,
    /// The column; several, joined by commas, for a reference.
    pub column: String,
    /// What was guessed: a category, a reference or a tenant column.
    pub guess: String,
    /// How sure, in percent.
    pub confidence: u8,
    /// What speaks for it.
    pub because: Vec<String>,
}

/// A proposed map with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Proposal {
    /// The map; no tenant is ever set in it, only suggested below.
    pub map: Map,
    /// Why it says what it says.
    pub evidence: Vec<Evidence>,
    /// Columns that look like they tell controllers apart, for a person to confirm: (table, column).
    pub tenant_suggestions: Vec<(String, String)>,
}

/// Proposes a map of the whole catalogue.
#[must_use]
pub fn propose(name: &str, kind: Kind, catalogue: &Catalogue, samples: &Samples) -> Proposal {
    let system = SystemEntry { name: name.to_owned(), kind, purpose: String::new() };
    let mut proposal = Proposal {
        map: Map { version: 1, system, tenants: Vec::new(), datasets: Vec::new() },
        evidence: Vec::new(),
        tenant_suggestions: Vec::new(),
    };
    for table in catalogue.tables.iter().filter(|table| !table.columns.is_empty()) {
        let fields = table.columns.iter().map(|column| field(table, column, samples, &mut proposal)).collect();
        proposal.map.datasets.push(Dataset {
            name: table.id.clone(),
            key: key(table),
            tenant: None,
            retention: None,
            on_erasure: OnErasure::Delete,
            ground: None,
            fields,
            references: references::declared(catalogue, table),
        });
    }
    let inferred = references::inferred(catalogue, samples);
    for (table, reference, evidence) in inferred {
        let dataset = proposal.map.datasets.iter_mut().find(|dataset| dataset.name == table);
        if let Some(dataset) = dataset.filter(|dataset| !known(dataset, &reference)) {
            dataset.references.push(reference);
            proposal.evidence.push(evidence);
        }
    }
    proposal
}

fn known(dataset: &Dataset, reference: &Reference) -> bool {
    dataset.references.iter().any(|other| other.fields == reference.fields)
}

fn field(table: &Table, column: &Column, samples: &Samples, proposal: &mut Proposal) -> Field {
    if words::is_tenant(&column.name) && !table.key.contains(&column.name) {
        proposal.tenant_suggestions.push((table.id.clone(), column.name.clone()));
    }
    let guess = values::guess(table, column, samples.of(&table.id, &column.name));
    let category = guess.as_ref().map_or("none", |guess| guess.category).to_owned();
    if let Some(guess) = guess {
        proposal.evidence.push(Evidence {
            table: table.id.clone(),
            column: column.name.clone(),
            guess: guess.category.to_owned(),
            confidence: guess.confidence,
            because: guess.because,
        });
    }
    Field {
        name: column.name.clone(),
        identifies: (category == "pd:EmailAddress").then_some(Identifies::Email),
        category,
        type_name: Some(column.type_name.clone()).filter(|name| !name.is_empty()),
        on_erasure: None,
    }
}

/// The primary key, else the first unique set that is never NULL, else all columns together.
fn key(table: &Table) -> Vec<String> {
    if !table.key.is_empty() {
        return table.key.clone();
    }
    let filled = |name: &String| table.column(name).is_some_and(|column| !column.nullable);
    let unique = table.uniques.iter().find(|set| set.iter().all(filled));
    unique.cloned().unwrap_or_else(|| table.columns.iter().map(|column| column.name.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_a_key_is_told_apart_by_all_its_columns() {
        let column = |name: &str, nullable| Column { name: name.to_owned(), nullable, ..Column::default() };
        let mut table = Table { columns: vec![column("a", true), column("b", false)], ..Table::default() };
        assert_eq!(key(&table), ["a", "b"]);
        table.uniques = vec![vec!["a".to_owned()], vec!["b".to_owned()]];
        assert_eq!(key(&table), ["b"]);
    }
}
