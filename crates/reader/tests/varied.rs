//! Agreements of many styles, with facts by somebody who knew no rule of the grammar.

#[path = "../examples/eval/facts.rs"]
mod facts;
#[path = "../examples/eval/measures.rs"]
mod measures;

use std::path::PathBuf;

/// Of every thousand facts, so many are right; the floor only rises.
const RIGHT_OF_1000_MIN: usize = 985;

#[test]
fn agreements_of_many_styles_are_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/varied");
    let documents = facts::pairs(&folder);
    assert!(documents.len() >= 24, "{} documents", documents.len());
    let mut all = 0;
    let mut tally = measures::Tally::default();
    let mut wrong = Vec::new();
    for (document, known) in &documents {
        let name = document.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let pair = facts::read_pair(document, known).expect("a document of the folder can be read");
        tally.add(&pair.facts, &pair.reading, &pair.text);
        let lines = facts::lines(&pair.facts, &pair.reading, &pair.text);
        all += lines.len();
        wrong.extend(
            lines
                .into_iter()
                .filter(|(.., right)| !right)
                .map(|(field, expected, found, _)| format!("{name}: {field}: expected {expected}, found {found}")),
        );
    }
    let share = (all - wrong.len()) * 1_000 / all.max(1);
    assert!(share >= RIGHT_OF_1000_MIN, "{share} of 1000 facts are right\n{}\n{}", tally.report().0, wrong.join("\n"));
}
