//! Tables of processings whose cells an extraction put on lines of their own (Art. 30 registers often
//! reach us so): purpose, a list of data, then legal basis and retention glued together.

use super::Reader;
use crate::{
    blocks::{Block, Kind},
    figures::{self, Figure},
    fold,
    units::Scope,
};
use agreement::reading::{Processing, Retention};
use std::ops::Range;

/// The head of a table is no longer than this, in bytes.
const HEAD_MAX: usize = 200;
/// So many tables are read.
const TABLES_MAX: usize = 20;

/// A row, by the ranges of its cells in the extracted text.
#[derive(Default)]
struct Row {
    purpose: Vec<Range<usize>>,
    data: Vec<Range<usize>>,
    close: Vec<Range<usize>>,
}

/// The processings of every such table.
pub(crate) fn processings(reader: &Reader<'_>, notice: bool) -> Vec<Processing> {
    let blocks = &reader.layout.blocks;
    let text = reader.text.as_str();
    let mut found = Vec::new();
    let mut tables = 0;
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| block.range.len() < HEAD_MAX) {
        let plain = fold::folded(&text[block.range.clone()]);
        if tables < TABLES_MAX && reader.grammar.words.has("table_head", &plain) {
            tables += 1;
            let scope = reader.units.iter().find(|unit| unit.block == index).map_or(Scope::Open, |unit| unit.scope);
            let role = if notice || scope == Scope::Controller { "controller" } else { "processor" };
            let rows = rows(reader, &blocks[index + 1..], block.clause);
            found.extend(rows.iter().filter_map(|row| processing(reader, row, role)));
        }
    }
    found
}

fn rows(reader: &Reader<'_>, blocks: &[Block], clause: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut open: Vec<Range<usize>> = Vec::new();
    for block in blocks.iter().take_while(|block| reader.path(block.clause) == reader.path(clause)) {
        let range = block.range.clone();
        match (block.kind, rows.last_mut()) {
            (Kind::Item, Some(row)) if row.close.is_empty() => row.data.push(range),
            (Kind::Item, _) => {
                rows.push(Row { purpose: std::mem::take(&mut open), data: vec![range], close: Vec::new() });
            }
            (_, Some(row)) if row.close.is_empty() => row.close.push(range),
            _ => open.push(range),
        }
    }
    // Lines after the last basis go on with its retention: no data follow them.
    if let Some(row) = rows.last_mut() {
        row.close.append(&mut open);
    }
    rows
}

fn words(reader: &Reader<'_>, ranges: &[Range<usize>]) -> Vec<String> {
    let text = reader.text.as_str();
    ranges.iter().map(|range| text[range.clone()].split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn processing(reader: &Reader<'_>, row: &Row, role: &str) -> Option<Processing> {
    let grammar = &reader.grammar.words;
    let first = row.purpose.first()?;
    let data_text = words(reader, &row.data);
    let plain: Vec<String> = data_text.iter().map(|text| fold::folded(text)).collect();
    let known = grammar.lists.get("data").into_iter().flatten();
    let data = known
        .filter(|(pattern, _)| plain.iter().any(|text| pattern.is_match(text)))
        .map(|(_, name)| name.clone())
        .collect();
    let (legal_basis, retention) = close(reader, row);
    let end = row.close.last().or(row.data.last()).map_or(first.end, |range| range.end);
    let purpose = words(reader, &row.purpose).join(" ");
    let span = reader.text.span(first.start..end);
    Some(Processing {
        role: role.to_owned(),
        purpose,
        data,
        data_text,
        subjects: Vec::new(),
        legal_basis,
        retention,
        span,
    })
}

/// "Performance of the contractDuration of the relationship plus 5 years".
fn close(reader: &Reader<'_>, row: &Row) -> (Option<String>, Option<Retention>) {
    let grammar = &reader.grammar.words;
    let line = words(reader, &row.close).join(" / ");
    let folded = fold::fold(&line, 0..line.len());
    let cell = grammar.cues.get("basis_cell").and_then(|cue| cue.find(&folded.text));
    let cut = cell.map_or(0, |hit| folded.origin(hit.range()).end);
    let bases = grammar.lists.get("bases").into_iter().flatten();
    let basis = cell.and_then(|hit| bases.into_iter().find(|(pattern, _)| pattern.is_match(&folded.text[hit.range()])));
    let rest = line[cut..].trim_matches([' ', '|', '/']).to_owned();
    let (_, figures) = figures::tokenise(&fold::fold(&rest, 0..rest.len()), grammar);
    let keep = figures.iter().find_map(|(_, figure)| match figure {
        Figure::Exact(period, _) => Some(period.to_string()),
        _ => None,
    });
    let plain = fold::folded(&rest);
    let after = grammar.lists.get("events").into_iter().flatten().find(|(pattern, _)| pattern.is_match(&plain));
    let retention =
        (!rest.is_empty()).then(|| Retention { text: rest, after: after.map(|(_, event)| event.clone()), keep });
    (basis.map(|(_, basis)| basis.clone()), retention)
}
