//! A few values per column, and how far one column's values are contained in another's.

use super::references::{self, Candidate};
use crate::{
    Fault, System,
    catalogue::{Catalogue, Column, Family, Table},
    sql::{Cell, Session, text},
};
use std::collections::BTreeMap;

/// Sampled values; they are personal, so they neither print nor serialise.
#[derive(Default)]
pub struct Samples {
    values: BTreeMap<(String, String), Vec<String>>,
    pub(super) contained: Vec<Contained>,
}

/// How many distinct values of a candidate reference exist in its target.
pub(super) struct Contained {
    pub(super) candidate: Candidate,
    pub(super) tested: u64,
    pub(super) hits: u64,
}

impl std::fmt::Debug for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Samples(of {} columns)", self.values.len())
    }
}

impl Samples {
    pub(super) fn of(&self, table: &str, column: &str) -> &[String] {
        self.values.get(&(table.to_owned(), column.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Reads some rows of each table, within the limits.
pub async fn sample(system: &System, catalogue: &Catalogue) -> Result<Samples, Fault> {
    let mut session = system.reader().await?;
    session.begin(false).await?;
    let mut samples = Samples::default();
    let limits = system.limits();
    for table in &catalogue.tables {
        values(&mut session, table, limits.sample_rows, limits.sample_bytes_max, &mut samples).await?;
    }
    for candidate in references::candidates(catalogue) {
        if let Some(contained) = contained(&mut session, catalogue, candidate, limits.sample_rows).await? {
            samples.contained.push(contained);
        }
    }
    session.rollback().await;
    Ok(samples)
}

/// Types whose values say nothing by themselves.
fn is_telling(column: &&Column) -> bool {
    !matches!(column.family, Family::Bytes | Family::Truth | Family::Time | Family::Real | Family::Uuid)
}

async fn values(
    session: &mut Session,
    table: &Table,
    rows: u32,
    bytes_max: usize,
    samples: &mut Samples,
) -> Result<(), Fault> {
    let columns: Vec<&Column> = table.columns.iter().filter(is_telling).collect();
    if columns.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = columns.iter().map(|column| text::as_text(&text::column("t", column))).collect();
    let sql = format!("SELECT {} FROM {} AS t LIMIT {rows}", list.join(", "), text::table(table));
    for row in session.rows(&sql, &[]).await? {
        for (column, cell) in columns.iter().zip(row) {
            if let Cell::Text(value) = cell
                && !value.is_empty()
                && value.len() <= bytes_max
            {
                samples.values.entry((table.id.clone(), column.name.clone())).or_default().push(value);
            }
        }
    }
    Ok(())
}

async fn contained(
    session: &mut Session,
    catalogue: &Catalogue,
    candidate: Candidate,
    rows: u32,
) -> Result<Option<Contained>, Fault> {
    let place = |table: &str, column: &str| {
        let table = catalogue.table(table)?;
        Some((text::table(table), table.column(column)?))
    };
    let from = place(&candidate.table, &candidate.column);
    let to = place(&candidate.to, &candidate.to_column);
    let (Some((from, column)), Some((to, target))) = (from, to) else { return Ok(None) };
    let form = |alias: &str, column: &Column| match candidate.by_email {
        true => text::normal(session.kind(), &text::column(alias, column)),
        false => text::as_text(&text::column(alias, column)),
    };
    let (left, right) = (form("t", column), form("p", target));
    let filled = text::column("t", column);
    let sql = format!(
        "SELECT CAST(count(*) AS text), CAST(count(CASE WHEN EXISTS (SELECT 1 FROM {to} AS p WHERE {right} = s.v) \
         THEN 1 END) AS text) FROM (SELECT DISTINCT {left} AS v FROM {from} AS t WHERE {filled} IS NOT NULL \
         LIMIT {rows}) AS s"
    );
    let answer = session.rows(&sql, &[]).await?;
    let number = |at: usize| answer.first().map_or(0, |row| u64::try_from(row[at].number()).unwrap_or_default());
    Ok(Some(Contained { candidate, tested: number(0), hits: number(1) }))
}
