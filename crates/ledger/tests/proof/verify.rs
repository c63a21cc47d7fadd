//! The verifier: a true export passes, every tampering is named, and its code is its own.

use crate::sample::{ACME, HOUSE, Sample, resealed};
use kernel::{Lang, Secret, SeededEntropy};
use ledger::verify::{Fault, FaultCode, LINE_BYTES_MAX, verify_consistent, verify_export};
use ledger::{Checkpoint, SigningKey};
use proptest::prelude::*;
use serde_json::{Value, json};

fn verify(sample: &Sample, export: &str) -> Result<ledger::verify::Report, Vec<Fault>> {
    verify_export(export.as_bytes(), &sample.verifier())
}

fn codes(faults: &[Fault]) -> Vec<FaultCode> {
    faults.iter().map(|fault| fault.code).collect()
}

/// The lines without the end.
fn lines(export: &str) -> Vec<String> {
    let mut lines: Vec<String> = export.lines().map(str::to_owned).collect();
    lines.pop();
    lines
}

fn line_of(lines: &[String], origin: &str, index: usize) -> usize {
    let log = lines.iter().position(|line| line.contains(r#""type":"log""#) && line.contains(origin)).expect("the log");
    let leaves = lines.iter().enumerate().skip(log).filter(|(_, line)| line.contains(r#""type":"leaf""#));
    leaves.map(|(at, _)| at).nth(index).expect("the leaf")
}

fn edit(line: &mut String, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_str(line).expect("a line of an export");
    change(&mut value);
    *line = value.to_string();
}

fn leaf_id(sample: &Sample, index: usize) -> String {
    let leaf: Value = serde_json::from_slice(&sample.acme.leaves[index]).expect("a leaf");
    leaf["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_true_export_passes_and_says_what_it_holds() {
    let sample = Sample::new(10, 3);
    let report = verify(&sample, &sample.export()).unwrap();
    let [house, acme] = &report.logs[..] else { panic!("two logs") };
    assert_eq!((house.origin.as_str(), house.size, house.checkpoints), (HOUSE, 4, 4));
    assert_eq!((acme.origin.as_str(), acme.size, acme.checkpoints, acme.disclosures), (ACME, 10, 4, 10));
    assert_eq!((report.house_agrees, report.house_elsewhere), (4, 0));
    assert_eq!(acme.last_checkpoint, sample.acme.notes[3].1);
}

#[test]
fn the_order_of_logs_does_not_matter_and_a_controller_may_hold_its_own_alone() {
    let sample = Sample::new(10, 3);
    assert_eq!(verify(&sample, &sample.export_of(&[&sample.acme, &sample.house])).unwrap().house_agrees, 4);
    assert_eq!(verify(&sample, &sample.export_of(&[&sample.acme])).unwrap().logs.len(), 1);
    assert_eq!(verify(&sample, &sample.export_of(&[&sample.house])).unwrap().house_elsewhere, 4);
    assert!(verify(&sample, &sample.export_of(&[])).unwrap().logs.is_empty());
}

#[test]
fn the_export_of_the_sample_is_the_golden_file() {
    let golden = include_str!("../golden/export.jsonl");
    let sample = Sample::new(4, 2);
    assert_eq!(sample.export(), golden);
    assert_eq!(sample.verifier(), include_str!("../golden/verifier.txt").trim_end());
    verify(&sample, golden).unwrap();
}

#[test]
fn one_changed_byte_of_a_leaf_names_that_entry_and_clears_the_others() {
    let sample = Sample::new(10, 10);
    let mut lines = lines(&sample.export());
    let at = line_of(&lines, ACME, 6);
    lines[at] = lines[at].replace(r#"\"number\":7"#, r#"\"number\":8"#);
    let faults = verify(&sample, &resealed(&sample.key, &lines)).unwrap_err();
    let entry = faults.iter().find(|fault| fault.code == FaultCode::Altered).unwrap();
    assert_eq!(
        (entry.log.as_deref(), entry.index, entry.entry.clone()),
        (Some(ACME), Some(6), Some(leaf_id(&sample, 6)))
    );
    assert!(!codes(&faults).contains(&FaultCode::Root), "the other entries still prove true");
    assert!(entry.message(Lang::En).starts_with(&format!("log {ACME}, entry 6 (")));
}

#[test]
fn a_leaf_changed_with_its_hash_lies_between_two_checkpoints() {
    for (every, index, last) in [(1, Some(6), None), (3, Some(6), Some(8)), (10, Some(0), Some(9))] {
        let sample = Sample::new(10, every);
        let mut lines = lines(&sample.export());
        let at = line_of(&lines, ACME, 6);
        edit(&mut lines[at], |line| {
            let leaf = line["leaf"].as_str().unwrap().replace("\"number\":7", "\"number\":8");
            line["hash"] = json!(hex::encode(ledger::tree::leaf_hash(leaf.as_bytes())));
            line["leaf"] = json!(leaf);
        });
        let faults = verify(&sample, &resealed(&sample.key, &lines)).unwrap_err();
        let fault = faults.iter().find(|fault| fault.code == FaultCode::Root).unwrap();
        assert_eq!((fault.index, fault.last), (index, last), "a checkpoint every {every}");
        assert_eq!(fault.entry, (every == 1).then(|| leaf_id(&sample, 6)));
    }
}

/// What the house itself could do to a file before signing its end, with indices left as they were.
#[test]
fn removed_inserted_and_swapped_entries_are_named() {
    let sample = Sample::new(10, 5);
    let original = lines(&sample.export());
    let at = line_of(&original, ACME, 6);
    let (mut removed, mut inserted, mut swapped) = (original.clone(), original.clone(), original.clone());
    removed.drain(at..at + 2);
    inserted.insert(at + 2, original[at].clone());
    swapped.swap(at, line_of(&original, ACME, 7));
    for (lines, index) in [(removed, 6), (inserted, 7), (swapped, 6)] {
        let faults = verify(&sample, &resealed(&sample.key, &lines)).unwrap_err();
        assert_eq!((faults[0].code, faults[0].index), (FaultCode::Sequence, Some(index)), "{faults:?}");
    }
}

#[test]
fn renumbered_removals_are_caught_by_the_next_checkpoint() {
    let sample = Sample::new(10, 5);
    let mut lines = lines(&sample.export());
    let at = line_of(&lines, ACME, 6);
    lines.drain(at..at + 2);
    for n in 6..9 {
        let at = line_of(&lines, ACME, n);
        edit(&mut lines[at], |line| line["index"] = json!(n));
        edit(&mut lines[at + 1], |line| line["index"] = json!(n));
    }
    let faults = verify(&sample, &resealed(&sample.key, &lines)).unwrap_err();
    assert_eq!((faults[0].code, faults[0].index, faults[0].last), (FaultCode::Size, Some(5), Some(8)));
}

#[test]
fn a_cut_tail_is_noticed_wherever_it_is_cut() {
    let sample = Sample::new(6, 2);
    let export = sample.export();
    for (at, _) in export.match_indices('\n') {
        for cut in [at, at + 1] {
            let faults = verify(&sample, &export[..cut]);
            assert!(cut == export.len() || faults.is_err_and(|list| codes(&list).contains(&FaultCode::Cut)), "{cut}");
        }
    }
    let without_last_checkpoint: Vec<_> =
        lines(&export).into_iter().rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
    let faults = verify(&sample, &resealed(&sample.key, &without_last_checkpoint)).unwrap_err();
    assert_eq!((faults[0].code, faults[0].index, faults[0].last), (FaultCode::Unsigned, Some(4), Some(5)));
}

#[test]
fn without_the_signing_key_not_even_the_end_can_be_made_to_fit() {
    let sample = Sample::new(6, 2);
    let mut lines = lines(&sample.export());
    lines.truncate(lines.len() - 3);
    let stranger = SigningKey::new(HOUSE, &Secret::new([8; 32])).unwrap();
    let faults = verify(&sample, &resealed(&stranger, &lines)).unwrap_err();
    assert!(codes(&faults).contains(&FaultCode::UnknownKey));
    let end = sample.export().lines().last().unwrap().to_owned();
    let faults = verify(&sample, &format!("{}\n{end}\n", lines.join("\n"))).unwrap_err();
    assert!(codes(&faults).contains(&FaultCode::Seal));
}

#[test]
fn two_histories_contradict_each_other() {
    let (short, long, other) = (Sample::new(4, 2), Sample::new(8, 2), Sample::new(4, 4));
    let old = short.acme.notes[1].1.as_str();
    let key = long.verifier();
    assert!(verify_consistent(long.export().as_bytes(), &key, &[old, &long.acme.notes[0].1]).is_ok());
    // The same four requests, but other ids: another history.
    let forked = verify_consistent(other.export().as_bytes(), &key, &[old]).unwrap_err();
    assert_eq!((codes(&forked), forked[0].log.as_deref()), (vec![FaultCode::Forked], Some(ACME)));
    let rolled_back = verify_consistent(short.export().as_bytes(), &key, &[&long.acme.notes[3].1]).unwrap_err();
    assert_eq!(codes(&rolled_back), [FaultCode::RolledBack]);
    let missing = long.export_of(&[&long.house]);
    assert_eq!(codes(&verify_consistent(missing.as_bytes(), &key, &[old]).unwrap_err()), [FaultCode::MissingLog]);
    let altered = old.replace("\n4\n", "\n5\n");
    assert_eq!(
        codes(&verify_consistent(missing.as_bytes(), &key, &[&altered]).unwrap_err()),
        [FaultCode::BadSignature]
    );
}

#[test]
fn two_checkpoints_of_one_size_with_different_roots_are_a_fork() {
    let mut sample = Sample::new(4, 2);
    let forged = Checkpoint::new(ACME, 2, [1; 32]).unwrap();
    sample.acme.notes.insert(1, (2, sample.key.checkpoint(&forged)));
    assert_eq!(codes(&verify(&sample, &sample.export()).unwrap_err()), [FaultCode::Forked]);
}

#[test]
fn a_rewritten_log_contradicts_the_houses_log() {
    for house_first in [true, false] {
        let mut sample = Sample::new(4, 2);
        let forged = Checkpoint::new(ACME, 4, [1; 32]).unwrap();
        let beyond = Checkpoint::new(ACME, 5, [1; 32]).unwrap();
        sample.record(&forged);
        sample.record(&beyond);
        let logs = if house_first { [&sample.house, &sample.acme] } else { [&sample.acme, &sample.house] };
        let faults = verify(&sample, &sample.export_of(&logs)).unwrap_err();
        assert_eq!(codes(&faults), [FaultCode::HouseDisagrees; 2]);
        assert_eq!((faults[0].log.as_deref(), faults[0].index, faults[1].index), (Some(HOUSE), Some(2), Some(3)));
    }
}

/// Spoils an entry that follows another.
type Change = fn(&mut ledger::Entry, &ledger::Entry);

/// Faults of a log whose tree and signatures are in order.
#[test]
fn times_ids_and_logs_of_entries_are_checked() {
    let cases: [(FaultCode, Change); 3] = [
        (FaultCode::TimeBackwards, |entry, last| entry.at = last.at - std::time::Duration::from_millis(1)),
        (FaultCode::DuplicateId, |entry, last| entry.id = last.id.clone()),
        (FaultCode::WrongLog, |entry, _| entry.log = "garant.example/log/other".into()),
    ];
    for (code, change) in cases {
        let mut sample = Sample::new(2, 1);
        let last = ledger::Entry::from_leaf(&sample.acme.leaves[1]).unwrap();
        let mut entry = sample.entry(ACME, "request.closed", json!({}));
        change(&mut entry, &last);
        sample.acme.append(entry.to_leaf().unwrap(), vec![]);
        let head = sample.key.checkpoint(&sample.acme.head());
        sample.acme.notes.push((3, head));
        let faults = verify(&sample, &sample.export()).unwrap_err();
        assert_eq!((codes(&faults), faults[0].index), (vec![code], Some(2)));
        assert_eq!(faults[0].entry.as_deref(), Some(entry.id.as_str()));
    }
}

#[test]
fn leaves_that_are_no_canonical_entries_are_named() {
    for (leaf, code) in [
        (r#"{"a": 1}"#, FaultCode::NotCanonical),
        (r#"{"a":1}"#, FaultCode::NotAnEntry),
        ("no JSON", FaultCode::NotAnEntry),
        ("", FaultCode::NotAnEntry),
    ] {
        let mut sample = Sample::new(2, 1);
        sample.acme.append(leaf.into(), vec![]);
        let note = sample.key.checkpoint(&sample.acme.head());
        sample.acme.notes.push((3, note));
        let faults = verify(&sample, &sample.export()).unwrap_err();
        assert_eq!((codes(&faults), faults[0].index), (vec![code], Some(2)), "{leaf}");
    }
}

#[test]
fn a_value_shown_must_be_the_one_recorded() {
    let sample = Sample::new(3, 3);
    let mut lines = lines(&sample.export());
    let at = lines.iter().position(|line| line.contains("person2@example.org")).unwrap();
    lines[at] = lines[at].replace("person2@", "person9@");
    let faults = verify(&sample, &resealed(&sample.key, &lines)).unwrap_err();
    assert_eq!((codes(&faults), faults[0].index), (vec![FaultCode::BadDisclosure], Some(1)));
}

#[test]
fn unknown_formats_keys_and_lines_are_refused() {
    let sample = Sample::new(2, 2);
    let export = sample.export();
    let other = SigningKey::new(HOUSE, &Secret::new([8; 32])).unwrap().verifier().to_string();
    let code = |export: &str, key: &str| codes(&verify_export(export.as_bytes(), key).unwrap_err())[0];
    let key = sample.verifier();
    assert_eq!(code(&export, &other), FaultCode::UnknownKey);
    assert_eq!(code(&export, "nonsense"), FaultCode::NotAKey);
    assert_eq!(code(&export.replacen("export/1", "export/2", 1), &key), FaultCode::Format);
    assert_eq!(code("", &key), FaultCode::Cut);
    assert_eq!(code("{}\n", &key), FaultCode::BadLine);
    assert_eq!(code(&"x".repeat(LINE_BYTES_MAX + 10), &key), FaultCode::LongLine);
    let start = export.lines().next().unwrap();
    for stray in [r#"{"type":"leaf","index":0,"hash":"","leaf":""}"#, r#"{"type":"checkpoint","note":""}"#, start] {
        assert_eq!(code(&format!("{start}\n{stray}\n"), &key), FaultCode::OutOfPlace, "{stray}");
    }
    assert_eq!(code(&format!("{export}{start}\n"), &key), FaultCode::OutOfPlace);
    let twice = sample.export_of(&[&sample.acme, &sample.acme]);
    assert_eq!(code(&twice, &key), FaultCode::RepeatedLog);
    let many = format!("{start}\n{}", "\n".repeat(1_000));
    assert_eq!(verify_export(many.as_bytes(), &key).unwrap_err().len(), ledger::verify::FAULTS_MAX);
}

#[test]
fn the_writer_refuses_what_is_out_of_order() {
    use ledger::export::ExportWriter;
    let sample = Sample::new(4, 2);
    let mut writer = ExportWriter::new(Vec::new(), sample.key.verifier()).unwrap();
    assert!(writer.leaf(b"{}").is_err());
    assert!(writer.log("a b").is_err());
    writer.log(ACME).unwrap();
    assert!(writer.disclosure(&sample.acme.disclosures[0][0]).is_err());
    writer.leaf(&sample.acme.leaves[0]).unwrap();
    assert!(writer.leaf(&[0xff]).is_err());
    assert!(writer.checkpoint(&sample.acme.notes[0].1).is_err());
    assert!(writer.checkpoint("nonsense").is_err());
    let stranger = SigningKey::new(HOUSE, &Secret::new([8; 32])).unwrap();
    let refusal = writer.finish(&stranger).unwrap_err();
    assert_ne!(refusal.message(Lang::En), refusal.message(Lang::Fr));
    assert_ne!(refusal.remedy(Lang::En), refusal.remedy(Lang::Fr));
}

/// One random change of a text: a flipped bit, a cut, an inserted, dropped, doubled or swapped piece.
fn tampered(text: &str, random: &SeededEntropy) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let place = |len: usize| usize::try_from(random.below(len as u64)).expect("below a length");
    let at = place(bytes.len());
    match random.below(6) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes.truncate(at),
        2 => bytes.insert(at, b" \"0a\n{"[place(6)]),
        3 => drop(bytes.drain(at..(at + 1 + place(40)).min(text.len()))),
        whole_lines => {
            let mut lines: Vec<&[u8]> = text.as_bytes().split_inclusive(|byte| *byte == b'\n').collect();
            let (one, two) = (place(lines.len()), place(lines.len()));
            lines.swap(one, two);
            if whole_lines == 4 {
                lines.remove(two);
            }
            bytes = lines.concat();
        }
    }
    bytes
}

#[test]
fn two_thousand_random_tamperings_are_all_detected() {
    let sample = Sample::new(12, 6);
    let (export, key, random) = (sample.export(), sample.verifier(), SeededEntropy::new(2_026));
    let mut trials = 0;
    while trials < 2_000 {
        let forged = tampered(&export, &random);
        if forged == export.as_bytes() {
            continue;
        }
        trials += 1;
        assert!(verify_export(&forged[..], &key).is_err(), "{}", String::from_utf8_lossy(&forged));
    }
}

/// The harder adversary: it changes an entry with its hash, or whole lines, and signs the end anew.
#[test]
fn random_changes_of_entries_are_detected_even_under_a_fresh_seal() {
    let sample = Sample::new(12, 6);
    let (original, key, random) = (lines(&sample.export()), sample.verifier(), SeededEntropy::new(7));
    let place = |len: usize| usize::try_from(random.below(len as u64)).expect("below a length");
    for _ in 0..500 {
        let mut lines = original.clone();
        let at = line_of(&lines, ACME, place(12));
        if random.below(4) == 0 {
            lines.remove(at);
        } else {
            edit(&mut lines[at], |line| {
                let mut leaf = line["leaf"].as_str().expect("a leaf").as_bytes().to_vec();
                let at = place(leaf.len());
                leaf[at] = if leaf[at] == b'x' { b'y' } else { b'x' };
                line["hash"] = json!(hex::encode(ledger::tree::leaf_hash(&leaf)));
                line["leaf"] = json!(String::from_utf8(leaf).expect("ASCII"));
            });
        }
        assert!(verify_export(resealed(&sample.key, &lines).as_bytes(), &key).is_err(), "{lines:#?}");
    }
}

#[test]
fn the_verifier_shares_no_code_with_the_writer() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join("verify")).unwrap().map(|file| file.unwrap().path()).collect();
    files.push(folder.join("verify.rs"));
    assert!(files.len() >= 9);
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            assert!(!line.contains("crate::") && !line.contains("super::super"), "{}: {line}", file.display());
        }
    }
}

#[test]
fn every_fault_has_its_code_and_speaks_both_languages() {
    let sample = Sample::new(2, 2);
    let fault = verify(&sample, "").unwrap_err().remove(0);
    let mut seen = std::collections::HashSet::new();
    for code in FaultCode::ALL {
        let fault = Fault { code: *code, ..fault.clone() };
        assert!(seen.insert(code.code()));
        assert_ne!(fault.message(Lang::En), fault.message(Lang::Fr));
        assert_ne!(fault.remedy(Lang::En), fault.remedy(Lang::Fr));
        assert_eq!(fault.to_string(), fault.message(Lang::En));
    }
}

proptest! {
    #[test]
    fn no_input_makes_the_verifier_panic(bytes: Vec<u8>, text in "(\\{\"type\":\"(log|leaf|end|export)\"[^\n]{0,40}\\}\n){0,5}") {
        let key = Sample::new(1, 1).verifier();
        prop_assert!(verify_export(&bytes[..], &key).is_err());
        prop_assert!(verify_export(text.as_bytes(), &key).is_err());
    }
}
