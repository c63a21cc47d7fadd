//! Words that never appear: promises not kept, silenced warnings, tests that test nothing, notes to oneself.
//!
//! The needles are put together with `concat!`, so that this file does not find itself.

use crate::tree::{File, files, no_breach, numbered, rust};

/// What no Rust file holds, and what to do instead.
const NEVER_IN_RUST: [(&str, &str); 9] = [
    (concat!("todo", "!("), "write it"),
    (concat!("unimplemented", "!("), "write it"),
    (concat!("#[ig", "nore"), "repair the test or remove it"),
    (concat!("#[al", "low("), "use #[expect(…, reason = \"…\")]"),
    (concat!("#![al", "low("), "use #![expect(…, reason = \"…\")]"),
    (concat!("assert!(", "true"), "assert something that can be false"),
    (concat!("thread::", "sleep"), "wait for an event, not for time"),
    (concat!(".on", "ly("), "run every test"),
    (concat!("dbg", "!("), "remove it"),
];

/// Marks of unfinished work; whole words, in any text of ours.
const MARKS: [&str; 3] = [concat!("FIX", "ME"), concat!("XX", "X"), concat!("TO", "DO")];

/// Words about how the project is made rather than what it is; whole words, in any text of ours.
const BACKSTAGE: [&str; 9] = [
    concat!("/work/", "main"),
    concat!("/work/", "shared"),
    concat!("../", "shared"),
    concat!("helper ", "agent"),
    concat!("language ", "model"),
    concat!("CE", "O"),
    concat!("this ", "issue"),
    concat!("the issue ", "says"),
    concat!("the br", "ief says"),
];

const OF_OURS: [&str; 11] = ["rs", "md", "toml", "ftl", "sql", "css", "js", "sh", "yml", "py", "html"];

fn texts_of_ours() -> Vec<File> {
    let is_script = |file: &File| file.path.starts_with(".ci/");
    let found = files().into_iter().filter(|file| file.has_extension(&OF_OURS) || is_script(file));
    found.filter(File::is_prose_of_ours).collect()
}

/// Whether `needle` stands in `line` with no letter or digit against it.
fn has_word(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + needle.len()..].chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn nothing_unfinished_silenced_or_always_true() {
    let mut breaches = Vec::new();
    for file in rust() {
        for (number, line) in numbered(&file.text) {
            let found = NEVER_IN_RUST.iter().filter(|(needle, _)| line.contains(needle));
            breaches.extend(found.map(|(needle, remedy)| format!("{}:{number} `{needle}`: {remedy}", file.path)));
        }
    }
    no_breach("Code is finished, warnings are heard, tests can fail.", &breaches);
}

#[test]
fn nobody_leaves_a_mark_for_later() {
    let mut breaches = Vec::new();
    for file in texts_of_ours() {
        for (number, line) in numbered(&file.text) {
            let found = MARKS.iter().filter(|needle| has_word(line, needle));
            breaches.extend(found.map(|needle| format!("{}:{number} {needle}", file.path)));
        }
    }
    no_breach("What is worth doing is done or written down for users; it is no mark in the source.", &breaches);
}

#[test]
fn the_project_speaks_of_itself_not_of_its_making() {
    let mut breaches = Vec::new();
    for file in texts_of_ours() {
        for (number, line) in numbered(&file.text) {
            let known = |needle: &&&str| file.path == ".ci/run" && needle.starts_with("../");
            let found = BACKSTAGE.iter().filter(|needle| has_word(line, needle)).filter(|needle| !known(needle));
            breaches.extend(found.map(|needle| format!("{}:{number} `{needle}`", file.path)));
        }
    }
    no_breach("A reader learns what Garant is and does, nothing of how it came about.", &breaches);
}

#[test]
fn every_expectation_has_a_reason() {
    let start = concat!("[exp", "ect(");
    let mut breaches = Vec::new();
    for file in rust() {
        for (at, _) in file.text.match_indices(start).filter(|(at, _)| file.text[..*at].ends_with(['#', '!'])) {
            let attribute = file.text[at..].split(")]").next().unwrap_or_default();
            if !attribute.contains("reason =") {
                breaches.push(format!("{}:{}", file.path, file.text[..at].lines().count()));
            }
        }
    }
    no_breach("An expected warning says why: #[expect(…, reason = \"…\")].", &breaches);
}

#[test]
fn a_word_is_found_only_when_it_stands_alone() {
    assert!(has_word("// AB: later", "AB") && has_word("AB", "AB"));
    assert!(!has_word("01ABCD", "AB") && !has_word("CABLE", "AB"));
}
