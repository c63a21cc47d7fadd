//! Tables that name their columns: where address, country and task have one each, a cell is what its column says.

use crate::{fold::folded, grammar::Words};
use std::ops::Range;

/// Which cell of a row holds what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    address: usize,
    country: usize,
    task: Option<usize>,
}

/// The cells of one row under such a head; none that is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    pub(crate) address: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) task: Option<String>,
}

impl Columns {
    /// The columns of a head with a place for the address and one for the country.
    pub(crate) fn of(head: &str, words: &Words) -> Option<Self> {
        let names: Vec<String> = cells(head).into_iter().map(|cell| folded(&head[cell])).collect();
        let at = |cue: &str| names.iter().position(|name| words.has(cue, name));
        let (address, country) = (at("column_address")?, at("column_country")?);
        (address != country && address.min(country) > 0).then_some(Self { address, country, task: at("column_task") })
    }

    /// The cells of a row.
    pub(crate) fn read(self, row: &str) -> Cells {
        let ranges = cells(row);
        let cell = |at: usize| {
            let words = row[ranges.get(at)?.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
            (!words.is_empty()).then_some(words)
        };
        Cells { address: cell(self.address), country: cell(self.country), task: self.task.and_then(cell) }
    }
}

/// Which cell of the rows below holds the name, where a head says so.
pub(crate) fn of_names(head: &str, words: &Words) -> Option<usize> {
    let cells: Vec<String> = cells(head).into_iter().map(|cell| folded(&head[cell])).collect();
    let named = |cell: &String| words.has("column_name", cell.trim());
    let other = |cell: &String| words.has("column_other", cell.trim());
    let at = cells.iter().position(named)?;
    (cells.len() > 1 && cells.iter().enumerate().any(|(index, cell)| index != at && other(cell))).then_some(at)
}

/// Where a cell of a row stands.
pub(crate) fn cell(row: &str, at: usize) -> Option<Range<usize>> {
    cells(row).get(at).cloned()
}

/// Where the cells of a row stand; bars at its edges open no cell.
fn cells(row: &str) -> Vec<Range<usize>> {
    let start = row.find('|').filter(|at| row[..*at].trim().is_empty()).map_or(0, |at| at + 1);
    let mut found = Vec::new();
    let mut from = start;
    for (at, _) in row[start..].match_indices('|') {
        found.push(from..start + at);
        from = start + at + 1;
    }
    if !row[from..].trim().is_empty() {
        found.push(from..row.len());
    }
    found
}
