//! References: those the database declares, and those that names, types and values suggest.

use super::{Evidence, Samples, words};
use crate::{
    catalogue::{Catalogue, Column, Family, ForeignKey, Table},
    map::{OnReference, Reference, ReferenceKind},
};

/// A column that may refer to another table's column.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) table: String,
    pub(super) column: String,
    pub(super) to: String,
    pub(super) to_column: String,
    pub(super) by_email: bool,
}

/// What the database declares. Rows that point at others of their own table are other people's; so is the
/// side of a circle that may be NULL.
pub(super) fn declared(catalogue: &Catalogue, table: &Table) -> Vec<Reference> {
    let one = |key: &ForeignKey| {
        let optional = key.fields.iter().any(|name| table.column(name).is_some_and(|column| column.nullable));
        let back = catalogue.table(&key.to).is_some_and(|to| to.foreign_keys.iter().any(|back| back.to == table.id));
        let others = key.to == table.id || optional && back;
        Reference {
            fields: key.fields.clone(),
            to: key.to.clone(),
            to_fields: key.to_fields.clone(),
            kind: ReferenceKind::Declared,
            on_erasure: if others { OnReference::Detach } else { OnReference::Delete },
        }
    };
    table.foreign_keys.iter().filter(|key| key.fields.len() == key.to_fields.len()).map(one).collect()
}

/// Columns without a declared reference whose name is that of another table and its key.
pub(super) fn candidates(catalogue: &Catalogue) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for table in &catalogue.tables {
        for column in table.columns.iter().filter(|column| !is_declared(table, column)) {
            for target in catalogue.tables.iter().filter(|target| target.id != table.id) {
                candidates.extend(candidate(table, column, target));
            }
        }
    }
    candidates
}

fn is_declared(table: &Table, column: &Column) -> bool {
    table.foreign_keys.iter().any(|key| key.fields.contains(&column.name))
}

/// `customer_id` → `customers.id`; `customer_email` → `customers.email`.
fn candidate(table: &Table, column: &Column, target: &Table) -> Option<Candidate> {
    let own = words::split(&column.name);
    let stem: Vec<String> = words::split(&target.name).iter().map(|word| words::singular(word)).collect();
    let rest: Vec<&String> = own.iter().filter(|word| !stem.contains(&words::singular(word))).collect();
    if rest.len() == own.len() || !stem.iter().all(|word| own.iter().any(|own| words::singular(own) == *word)) {
        return None;
    }
    let matching = |other: &&Column| {
        let other_words = words::split(&other.name);
        let key = target.key.len() == 1 && target.key[0] == other.name;
        let same = rest.iter().copied().eq(other_words.iter());
        let email = is_email(target, other) && is_email(table, column);
        same && (key || email) || rest.is_empty() && key
    };
    let to = target.columns.iter().find(matching).filter(|to| comparable(column, to))?;
    Some(Candidate {
        table: table.id.clone(),
        column: column.name.clone(),
        to: target.id.clone(),
        to_column: to.name.clone(),
        by_email: is_email(target, to),
    })
}

fn is_email(table: &Table, column: &Column) -> bool {
    words::category(&table.name, &column.name).is_some_and(|(category, ..)| category == "pd:EmailAddress")
}

fn comparable(left: &Column, right: &Column) -> bool {
    left.family == right.family || left.family == Family::Other || right.family == Family::Other
}

/// The candidates that the values do not contradict.
pub(super) fn inferred(catalogue: &Catalogue, samples: &Samples) -> Vec<(String, Reference, Evidence)> {
    let mut found = Vec::new();
    for contained in &samples.contained {
        let (candidate, tested, hits) = (&contained.candidate, contained.tested, contained.hits);
        // Nine tenths, because deleted parents leave orphans where nothing is declared.
        if tested > 0 && hits * 10 < tested * 9 || catalogue.table(&candidate.table).is_none() {
            continue;
        }
        let mut because = vec!["name".to_owned(), "type".to_owned()];
        if tested > 0 {
            because.push(format!("values: {hits} of {tested} exist there"));
        }
        let evidence = Evidence {
            table: candidate.table.clone(),
            column: candidate.column.clone(),
            guess: format!("refers to {}.{}", candidate.to, candidate.to_column),
            confidence: if tested == 0 {
                40
            } else if tested < 5 {
                70
            } else {
                90
            },
            because,
        };
        let reference = Reference {
            fields: vec![candidate.column.clone()],
            to: candidate.to.clone(),
            to_fields: vec![candidate.to_column.clone()],
            kind: ReferenceKind::Inferred,
            on_erasure: OnReference::Delete,
        };
        found.push((candidate.table.clone(), reference, evidence));
    }
    found
}
