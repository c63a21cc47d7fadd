//! `garant ledger verify`: an auditor with the file, the key and nothing else.

mod support;

use kernel::{Secret, SeededEntropy};
use ledger::export::ExportWriter;
use ledger::tree::{Frontier, leaf_hash};
use ledger::{Checkpoint, Entry, Receipt, SigningKey};
use support::{folder, garant};

const ORIGIN: &str = "garant-test/house";

fn key() -> SigningKey {
    SigningKey::new(ORIGIN, &Secret::new([7; 32])).expect("a name of a log")
}

fn leaves(count: u64) -> Vec<Vec<u8>> {
    let entropy = SeededEntropy::new(1);
    let at: kernel::Instant = "2026-11-24T10:20:00Z".parse().expect("an instant");
    let entry = |number: u64| Entry {
        id: kernel::EntryId::new(at, &entropy),
        log: ORIGIN.to_owned(),
        at,
        actor: kernel::Actor::system("test"),
        kind: "request.received".to_owned(),
        data: serde_json::json!({ "number": number }),
    };
    (0..count).map(|number| entry(number).to_leaf().expect("a leaf")).collect()
}

fn checkpoint(leaves: &[Vec<u8>]) -> String {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.append(leaf_hash(leaf));
    }
    key().checkpoint(&Checkpoint::new(ORIGIN, frontier.size(), frontier.root()).expect("a name of a log"))
}

fn export(leaves: &[Vec<u8>]) -> String {
    let mut writer = ExportWriter::new(Vec::new(), key().verifier()).expect("memory never fails");
    writer.log(ORIGIN).expect("memory never fails");
    for (index, leaf) in leaves.iter().enumerate() {
        writer.leaf(leaf).expect("a leaf of this log");
        writer.checkpoint(&checkpoint(&leaves[..=index])).expect("a checkpoint of this size");
    }
    String::from_utf8(writer.finish(&key()).expect("the same key")).expect("an export is text")
}

#[test]
fn a_whole_export_holds_and_its_key_may_be_a_file_or_a_text() {
    let key = key().verifier().to_string();
    let dir = folder(&[("ledger.jsonl", export(&leaves(5)).as_bytes()), ("ledger.pub", format!("{key}\n").as_bytes())]);
    for given in ["ledger.pub", &key] {
        let ended = garant(&dir, &["ledger", "verify", "ledger.jsonl", "--key", given]);
        assert_eq!(ended.exit, 0, "{}", ended.stderr);
        assert!(ended.stdout.contains("garant-test/house: 5 entries, 5 signed checkpoints"), "{}", ended.stdout);
        assert!(ended.stdout.ends_with("the ledger holds\n"), "{}", ended.stdout);
    }
    let french = garant(&dir, &["ledger", "verify", "ledger.jsonl", "--key", "ledger.pub", "--lang", "fr"]);
    assert!(french.stdout.contains("le registre est intact"), "{}", french.stdout);
}

#[test]
fn an_altered_entry_is_named() {
    let good = export(&leaves(5));
    let bad = good.replacen(r#"\"number\":3"#, r#"\"number\":8"#, 1);
    assert_ne!(good, bad);
    let key = key().verifier().to_string();
    let dir = folder(&[("bad.jsonl", bad.as_bytes()), ("cut.jsonl", &good.as_bytes()[..good.len() / 2])]);
    let ended = garant(&dir, &["ledger", "verify", "bad.jsonl", "--key", &key]);
    assert_eq!(ended.exit, 1);
    assert!(ended.stdout.contains("altered: log garant-test/house, entry 3"), "{}", ended.stdout);
    assert!(ended.stderr.contains("this does not hold") && ended.stderr.contains("help: "), "{}", ended.stderr);
    let json = garant(&dir, &["ledger", "verify", "bad.jsonl", "--key", &key, "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((report["holds"].as_bool(), report["faults"][0]["index"].as_u64()), (Some(false), Some(3)));
    assert_eq!(garant(&dir, &["ledger", "verify", "cut.jsonl", "--key", &key]).exit, 1);
}

#[test]
fn a_rewritten_history_does_not_continue_the_checkpoint_kept_from_before() {
    let (all, key) = (leaves(5), key().verifier().to_string());
    let mut other = leaves(6);
    other.remove(1);
    let dir = folder(&[
        ("now.jsonl", export(&all).as_bytes()),
        ("rewritten.jsonl", export(&other).as_bytes()),
        ("kept.checkpoint", checkpoint(&all[..3]).as_bytes()),
        ("kept.jsonl", export(&all[..3]).as_bytes()),
    ]);
    for earlier in ["kept.checkpoint", "kept.jsonl"] {
        let same = garant(&dir, &["ledger", "verify", "now.jsonl", "--key", &key, "--against", earlier]);
        assert_eq!(same.exit, 0, "{earlier}: {}", same.stdout);
        let forked = garant(&dir, &["ledger", "verify", "rewritten.jsonl", "--key", &key, "--against", earlier]);
        assert_eq!(forked.exit, 1, "{earlier}");
        assert!(forked.stdout.contains("forked: "), "{earlier}: {}", forked.stdout);
    }
}

#[test]
fn a_receipt_is_known_by_its_first_line() {
    let (leaf, key) = (leaves(1).remove(0), key().verifier().to_string());
    let receipt = Receipt {
        index: 0,
        proof: vec![],
        checkpoint: checkpoint(std::slice::from_ref(&leaf)),
        leaf: String::from_utf8(leaf).unwrap(),
        disclosures: vec![],
    };
    let text = receipt.to_text();
    let dir = folder(&[
        ("good.tlog-proof", text.as_bytes()),
        ("bad.tlog-proof", text.replace("index 0", "index 1").as_bytes()),
    ]);
    let good = garant(&dir, &["ledger", "verify", "good.tlog-proof", "--key", &key]);
    assert_eq!(good.exit, 0, "{}", good.stderr);
    assert!(good.stdout.contains("request.received") && good.stdout.contains("the receipt holds"), "{}", good.stdout);
    assert_eq!(garant(&dir, &["ledger", "verify", "bad.tlog-proof", "--key", &key]).exit, 1);
    let against = garant(&dir, &["ledger", "verify", "good.tlog-proof", "--key", &key, "--against", "good.tlog-proof"]);
    assert_eq!(against.exit, 2, "{}", against.stderr);
}

#[test]
fn a_wrong_key_is_told_as_such() {
    let dir = folder(&[("ledger.jsonl", export(&leaves(1)).as_bytes())]);
    let stranger = SigningKey::new(ORIGIN, &Secret::new([9; 32])).unwrap().verifier().to_string();
    for (given, exit) in [(stranger.as_str(), 1), ("a+b+c", 1), ("nonsense", 2)] {
        let ended = garant(&dir, &["ledger", "verify", "ledger.jsonl", "--key", given]);
        assert_eq!(ended.exit, exit, "{given}: {}{}", ended.stdout, ended.stderr);
    }
}
