//! Scores the reader against known facts: `cargo run -p reader --example score -- DIR… [--min 0.95]`.
//!
//! Each folder holds documents (`*.txt`, `*.html`, `*.md`) and facts (`*.json`); a document's facts have its name, or
//! `seed-NNN.json` for `NNN_….txt`. Prints what is right, wrong or missing for each field.

mod facts;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

fn main() -> ExitCode {
    let (folders, least) = arguments();
    let mut total: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (document, facts) in folders.iter().flat_map(|folder| facts::pairs(folder)) {
        score(&document, &facts, &mut total);
    }
    println!("\n{:<28} right  of", "field");
    for (field, (right, all)) in &total {
        println!("{field:<28} {right:>5}  {all:>2}{}", if right < all { "  <" } else { "" });
    }
    let (right, all) = total.values().fold((0, 0), |sum, field| (sum.0 + field.0, sum.1 + field.1));
    let share = f64::from(u32::try_from(right).unwrap_or(0)) / f64::from(u32::try_from(all.max(1)).unwrap_or(1));
    println!("\noverall {right}/{all} = {:.1} %", share * 100.0);
    if share < least { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn arguments() -> (Vec<PathBuf>, f64) {
    let mut folders = Vec::new();
    let mut least = 0.95;
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        if argument == "--min" {
            least = given.next().and_then(|number| number.parse().ok()).unwrap_or(least);
        } else {
            folders.push(PathBuf::from(argument));
        }
    }
    (folders, least)
}

fn score(document: &Path, known: &Path, total: &mut BTreeMap<String, (usize, usize)>) {
    println!("\n== {}", document.file_name().and_then(|name| name.to_str()).unwrap_or_default());
    let lines = match facts::compare(document, known) {
        Ok(lines) => lines,
        Err(error) => return println!("   {error}"),
    };
    for (field, expected, found, right) in lines {
        let count = total.entry(field.clone()).or_default();
        count.1 += 1;
        count.0 += usize::from(right);
        if !right {
            println!("   {field:<24} expected {expected}\n   {:<24} found    {found}", "");
        }
    }
}
