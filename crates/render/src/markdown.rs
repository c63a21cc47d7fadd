//! Markdown: one line a paragraph, literal numbers, pipe tables.

use crate::paper::{Block, Paper};
use crate::words::Words;
use std::fmt::Write as _;

/// What Markdown would take for a mark.
const MARKS: &[char] = &['\\', '`', '*', '_', '[', ']', '<', '>', '#', '|', '~', '&'];

/// The document.
pub(crate) fn write(paper: &Paper) -> String {
    let mut out = String::new();
    for block in &paper.blocks {
        let text = match block {
            Block::Title(text) => format!("# {}", escaped(text)),
            Block::Under(words) | Block::Paragraph(words) => marked(words),
            Block::Opening { number, words } | Block::Clause { number, words } => {
                format!("{number} {}", marked(words)).trim_start().to_owned()
            }
            Block::Heading { level, number, text, .. } => {
                let hashes = "#".repeat(usize::from(*level) + 1);
                format!("{hashes} {}", format!("{number} {}", escaped(text)).trim_start())
            }
            Block::Table { head, rows } => table(head, rows),
            Block::Signatures { lines, parties } => {
                let head: Vec<String> = parties.iter().map(|party| party.role.clone()).collect();
                let names = [String::new()].into_iter().chain(parties.iter().map(|party| party.name.clone()));
                let mut rows = vec![names.map(|name| Words::plain(&name)).collect::<Vec<_>>()];
                let empty = vec![Words::default(); parties.len()];
                rows.extend(lines.iter().map(|line| [vec![Words::plain(line)], empty.clone()].concat()));
                table(&[vec![String::new()], head].concat(), &rows)
            }
        };
        let _ = writeln!(out, "{text}\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn table(head: &[String], rows: &[Vec<Words>]) -> String {
    let columns = rows.first().map_or(head.len(), Vec::len);
    let mut lines = vec![line((0..columns).map(|at| head.get(at).map_or_else(String::new, |cell| escaped(cell))))];
    lines.push(format!("|{}", " --- |".repeat(columns)));
    let headed = head.is_empty();
    lines.extend(rows.iter().map(|row| {
        line(row.iter().enumerate().map(|(at, cell)| {
            let cell = marked(cell);
            if headed && at == 0 { format!("**{cell}**") } else { cell }
        }))
    }));
    lines.join("\n")
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.fold("|".to_owned(), |line, cell| format!("{line} {cell} |"))
}

fn marked(words: &Words) -> String {
    words.runs.iter().fold(String::new(), |out, run| {
        let text = escaped(&run.text);
        out + &if run.strong { format!("**{text}**") } else { text }
    })
}

/// Text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if MARKS.contains(&letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
