//! Several documents at once: pairs of languages, versions, whole folders.

mod support;

use serde_json::Value;
use support::{Ended, folder, garant};

const EN: &[u8] = include_bytes!("../../reader/tests/pairs/accord.en.md");
const FR: &str = include_str!("../../reader/tests/pairs/accord.fr.md");
const DPA: &str = include_str!("inputs/dpa.txt");

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {}", ended.stdout))
}

#[test]
fn pair_says_nothing_of_faithful_versions_in_either_order() {
    let dir = folder(&[("a.md", EN), ("b.md", FR.as_bytes())]);
    for files in [["a.md", "b.md"], ["b.md", "a.md"]] {
        let ended = garant(&dir, &["pair", files[0], files[1]]);
        assert_eq!((ended.exit, ended.stderr.as_str()), (0, ""));
        assert!(ended.stdout.starts_with("no difference in meaning ("), "{}", ended.stdout);
    }
}

#[test]
fn pair_shows_a_difference_at_its_place_in_both_versions_and_ends_with_three() {
    let french = FR.replace("48 heures", "24 heures");
    let dir = folder(&[("en.md", EN), ("fr.md", french.as_bytes())]);
    let ended = garant(&dir, &["pair", "fr.md", "en.md"]);
    assert_eq!(ended.exit, 3);
    for part in ["length of time: English says 48 hours, French says 24 hours", "en.md:48:5 (6.1)", "fr.md:48:5 (6.1)"]
    {
        assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
    }
    assert!(ended.stdout.ends_with("1 difference in meaning (36 sentences compared)\n"), "{}", ended.stdout);
    let french = garant(&dir, &["pair", "en.md", "fr.md", "--lang", "fr"]);
    assert!(french.stdout.contains("1 différence de sens"), "{}", french.stdout);
    let report = json(&garant(&dir, &["pair", "en.md", "fr.md", "--json"]));
    let one = &report["differences"][0];
    assert_eq!((one["kind"].as_str(), one["en"]["line"].as_u64()), (Some("period"), Some(48)));
    assert!(one["fr"]["text"].as_str().unwrap().contains("24 heures"));
}

#[test]
fn pair_wants_one_text_in_each_language() {
    let dir = folder(&[("en.md", EN), ("empty.md", b"")]);
    let same = garant(&dir, &["pair", "en.md", "en.md"]);
    assert_eq!(same.exit, 2);
    assert!(
        same.stderr.contains("both texts are in English") && same.stderr.contains("garant diff"),
        "{}",
        same.stderr
    );
    assert_eq!(garant(&dir, &["pair", "en.md", "empty.md"]).exit, 1);
    assert_eq!(garant(&dir, &["pair", "en.md", "missing.md"]).exit, 5);
}

#[test]
fn diff_tells_terms_and_clauses_and_for_whom_a_change_is_what() {
    let new = String::from_utf8(EN.to_vec()).unwrap().replace("48 hours", "24 hours").replace("8.4 The", "8.5 The");
    let dir = folder(&[("old.md", EN), ("new.md", new.as_bytes())]);
    let ended = garant(&dir, &["diff", "old.md", "new.md"]);
    assert_eq!((ended.exit, ended.stderr.as_str()), (3, ""));
    for part in [
        "Notice of a breach to the controller: 48 hours (6.1) → 24 hours (6.1), stricter for the processor",
        "within [-48-] {+24+} hours",
        "moved old.md:66:5 (8.4) → new.md:66:5 (8.5)",
        "old.md → new.md: 4 changes",
    ] {
        assert!(ended.stdout.contains(part), "{part}: {}", ended.stdout);
    }
    let same = garant(&dir, &["diff", "old.md", "old.md"]);
    assert_eq!((same.exit, same.stdout.as_str()), (0, "old.md → old.md: the same\n"));
    let report = json(&garant(&dir, &["diff", "new.md", "old.md", "--json", "--lang", "fr"]));
    let terms = report["terms"].as_array().unwrap();
    let term = terms.iter().find(|term| term["name"] == "breach.notify_controller").unwrap();
    assert_eq!(term["direction"], "weaker-for-processor");
    assert_eq!(term["old_value"].as_str().unwrap().replace('\u{a0}', " "), "24 heures");
    assert_eq!(report["clauses"][0]["pieces"][1]["op"], "removed");
}

#[test]
fn diff_takes_agreement_files_and_shows_what_a_person_changed() {
    let dir = folder(&[("dpa.txt", DPA.as_bytes()), ("bad.toml", b"garant-agreement = 1\nbreech = 1\n")]);
    let toml = garant(&dir, &["read", "dpa.txt", "--toml"]).stdout;
    assert!(toml.contains("(2, line 9)"), "{toml}");
    let mended = toml.replacen("source = \"default\"", "source = \"person\"", 1).replace("\"PT48H\"", "\"PT24H\"");
    std::fs::write(dir.path().join("read.toml"), &toml).unwrap();
    std::fs::write(dir.path().join("mended.toml"), &mended).unwrap();
    assert_eq!(garant(&dir, &["diff", "read.toml", "read.toml"]).exit, 0);
    let changed = garant(&dir, &["diff", "read.toml", "mended.toml"]);
    assert_eq!(changed.exit, 3);
    assert!(changed.stdout.contains("48 hours (2) → 24 hours (2), stricter"), "{}", changed.stdout);
    let document = garant(&dir, &["diff", "dpa.txt", "read.toml", "--json"]);
    let names: Vec<String> = json(&document)["terms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|term| term["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["instructions.unlawful_alert"], "the only default in place of silence");
    let bad = garant(&dir, &["diff", "bad.toml", "read.toml"]);
    assert_eq!(bad.exit, 1);
    assert!(bad.stderr.contains("garant check bad.toml"), "{}", bad.stderr);
}

#[test]
fn many_documents_are_lines_in_the_order_of_their_paths_however_many_read_them() {
    let names: Vec<String> = (0..24).map(|number| format!("{number:02}.md")).collect();
    let texts: Vec<&[u8]> = (0..24).map(|number| if number % 2 == 0 { EN } else { FR.as_bytes() }).collect();
    let mut files: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(texts).collect();
    files.push(("empty.txt", b""));
    files.push(("picture.png", &[0, 1, 2]));
    let dir = folder(&files);
    std::fs::create_dir(dir.path().join("deep")).unwrap();
    std::fs::write(dir.path().join("deep/dpa.txt"), DPA).unwrap();
    let one = garant(&dir, &["read", ".", "--jsonl", "--jobs", "1"]);
    let many = garant(&dir, &["read", ".", "--jsonl", "--jobs", "7"]);
    assert_eq!((one.exit, many.exit), (1, 1), "one document could not be read");
    assert_eq!(one.stdout, many.stdout, "the same folder, the same bytes");
    assert!(one.stderr.contains("1 of 26 documents"), "{}", one.stderr);
    let lines: Vec<Value> = one.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<&str> = lines.iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert!(paths.is_sorted() && paths.len() == 26 && paths.contains(&"./deep/dpa.txt"), "{paths:?}");
    let unread: Vec<&Value> = lines.iter().filter(|line| line["error"].is_object()).collect();
    assert_eq!(unread.len(), 1);
    assert!(unread[0]["error"]["message"].as_str().unwrap().contains("empty"));
    assert_eq!(lines[0]["terms"].as_array().unwrap().len(), agreement::names::TERMS.len());
    let out = garant(&dir, &["read", "00.md", "deep", "--jsonl", "--out", "lines.jsonl"]);
    assert_eq!((out.exit, out.stdout.as_str(), out.stderr.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_to_string(dir.path().join("lines.jsonl")).unwrap().lines().count(), 2);
}

#[test]
fn several_documents_without_jsonl_are_a_slip() {
    let dir = folder(&[("a.md", EN), ("b.md", EN)]);
    let ended = garant(&dir, &["read", "a.md", "b.md"]);
    assert_eq!(ended.exit, 2);
    assert!(ended.stderr.contains("--jsonl"), "{}", ended.stderr);
    assert_eq!(garant(&dir, &["read", "a.md", "--out", "x"]).exit, 2, "--out goes with --jsonl");
    assert_eq!(garant(&dir, &["read", "missing.md", "--jsonl"]).exit, 1);
}
