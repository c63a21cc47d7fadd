//! Measures the reader against known facts: `cargo xtask eval DIR… [--min 0.95] [--floors] [--quiet] [--sure]`.
//!
//! Each folder holds documents (`*.txt`, `*.html`, `*.md`, …) and facts (`*.json`); a document's facts have its name,
//! or `seed-NNN.json` for `NNN_….txt`. Prints every miss, what is right for each field, and precision and recall for
//! the measures. `--min` is the least share of right fields; with `--floors` every measure must keep its floor.
//! `--sure` counts how often terms were right by state and by how sure the reading was: the counts of
//! `data/confidence.toml`.

mod facts;
mod measures;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

struct Arguments {
    folders: Vec<PathBuf>,
    least: f64,
    floors: bool,
    quiet: bool,
    sure: bool,
}

/// How often terms were right, by state and confidence in hundredths.
type Sure = BTreeMap<(String, i64), (usize, usize)>;

fn main() -> ExitCode {
    let given = arguments();
    let mut total: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut tally = measures::Tally::default();
    let mut sure = Sure::new();
    let mut documents = 0_usize;
    for (document, known) in given.folders.iter().flat_map(|folder| facts::pairs(folder)) {
        documents += 1;
        measure(&document, &known, &mut total, (&mut tally, &mut sure));
    }
    println!("\n{:<28} right  of", "field");
    for (field, (right, all)) in total.iter().filter(|(_, (right, all))| !given.quiet || right < all) {
        println!("{field:<28} {right:>5}  {all:>2}{}", if right < all { "  <" } else { "" });
    }
    let (right, all) = total.values().fold((0, 0), |sum, field| (sum.0 + field.0, sum.1 + field.1));
    let share = f64::from(u32::try_from(right).unwrap_or(0)) / f64::from(u32::try_from(all.max(1)).unwrap_or(1));
    let (table, kept) = tally.report();
    println!("\n{documents} documents, {right} of {all} fields right = {:.1} %\n\n{table}", share * 100.0);
    for ((state, confidence), (right, all)) in sure.iter().filter(|_| given.sure) {
        println!(
            "{state:<14} {:.2} {right:>5} of {all:>5}",
            f64::from(i32::try_from(*confidence).unwrap_or(0)) / 100.0
        );
    }
    if documents == 0 || share < given.least || (given.floors && !kept) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn arguments() -> Arguments {
    let mut given = Arguments { folders: Vec::new(), least: 0.0, floors: false, quiet: false, sure: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--min" => given.least = words.next().and_then(|number| number.parse().ok()).unwrap_or(given.least),
            "--floors" => given.floors = true,
            "--quiet" => given.quiet = true,
            "--sure" => given.sure = true,
            _ => given.folders.push(PathBuf::from(word)),
        }
    }
    given
}

fn measure(
    document: &Path,
    known: &Path,
    total: &mut BTreeMap<String, (usize, usize)>,
    (tally, sure): (&mut measures::Tally, &mut Sure),
) {
    println!("\n== {}", document.file_name().and_then(|name| name.to_str()).unwrap_or_default());
    let read = match facts::read_pair(document, known) {
        Ok(read) => read,
        Err(error) => return println!("   {error}"),
    };
    tally.add(&read.facts, &read.reading, &read.text);
    for (field, expected, found, right) in facts::lines(&read.facts, &read.reading, &read.text) {
        let count = total.entry(field.clone()).or_default();
        count.1 += 1;
        count.0 += usize::from(right);
        if let Some(term) = field.strip_prefix("term ").and_then(|name| read.reading.term(name)) {
            let state = serde_json::to_value(term.state).ok().and_then(|word| word.as_str().map(str::to_owned));
            #[expect(clippy::cast_possible_truncation, reason = "a share in hundredths")]
            let hundredths = (term.confidence * 100.0).round() as i64;
            let count = sure.entry((state.unwrap_or_default(), hundredths)).or_default();
            count.1 += 1;
            count.0 += usize::from(right);
        }
        if !right {
            println!("   {field:<24} expected {expected}\n   {:<24} found    {found}", "");
        }
    }
}
