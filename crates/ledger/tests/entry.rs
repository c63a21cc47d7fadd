//! Leaves and commitments: canonical, free of personal data, and openable only with value and salt.

use kernel::{Actor, Lang, Personal, SeededEntropy, SubjectId};
use ledger::{Entry, EntryError, commit, restore};
use proptest::prelude::*;
use serde_json::{Value, json};

const SUBJECT: &str = "01hzx3v5k8q2m4n6p8r0s2t4v6";

fn entry(data: Value) -> Entry {
    Entry {
        id: "01hzx3v5k8q2m4n6p8r0s2t4v7".parse().expect("a literal id"),
        log: "garant.example/house".to_owned(),
        at: "2026-05-04T09:30:00.120Z".parse().expect("a literal instant"),
        actor: Actor::system("test"),
        kind: "request.received".to_owned(),
        data,
    }
}

fn personal(value: &Value) -> Value {
    json!({"$personal": {"subject": SUBJECT, "value": value}})
}

#[test]
fn a_leaf_is_the_canonical_json_of_the_entry() {
    let leaf = entry(json!({"b": 1.0, "a": "é\u{1}", "list": [1e21, 9_007_199_254_740_991_i64]})).to_leaf().unwrap();
    let expected = concat!(
        r#"{"actor":"system:test","at":"2026-05-04T09:30:00.120Z","#,
        r#""data":{"a":"é\u0001","b":1,"list":[1e+21,9007199254740991]},"#,
        r#""id":"01hzx3v5k8q2m4n6p8r0s2t4v7","kind":"request.received","log":"garant.example/house","v":1}"#,
    );
    assert_eq!(String::from_utf8(leaf).unwrap(), expected);
}

#[test]
fn only_the_canonical_bytes_read_back() {
    let leaf = String::from_utf8(entry(json!({"n": 5})).to_leaf().unwrap()).unwrap();
    assert_eq!(Entry::from_leaf(leaf.as_bytes()).unwrap(), entry(json!({"n": 5})));
    for other in [
        leaf.replace(":5", ": 5"),
        leaf.replace(":5", ":5.0"),
        leaf.replace("00.120Z", "00.12Z"),
        leaf.replace("09:30:00.120Z", "11:30:00.120+02:00"),
        leaf.replace(r#"{"n":5}"#, r#"{"n":5,"n":5}"#),
        format!("{leaf} "),
    ] {
        assert_eq!(Entry::from_leaf(other.as_bytes()), Err(EntryError::NotCanonical), "{other}");
    }
    assert_eq!(Entry::from_leaf(leaf.replace("\"v\":1", "\"v\":2").as_bytes()), Err(EntryError::Version(2)));
    assert_eq!(Entry::from_leaf(leaf.replace("\"v\":1", "\"v\":1,\"w\":1").as_bytes()), Err(EntryError::NotAnEntry));
}

#[test]
fn what_cannot_be_a_leaf_is_refused() {
    let deep = (0..70).fold(json!(1), |inner, _| json!([inner]));
    for (data, expected) in [
        (json!({"id": u64::MAX}), EntryError::Number("/id".into())),
        (json!({"a/b~c": [0, personal(&json!("x"))]}), EntryError::Personal("/a~1b~0c/1".into())),
        (json!({"$commitment": 5}), EntryError::Malformed(String::new())),
        (json!({"$commitment": {"subject": SUBJECT, "sha256": "ab"}}), EntryError::Malformed(String::new())),
        (deep, EntryError::TooDeep),
    ] {
        assert_eq!(entry(data).to_leaf(), Err(expected));
    }
    assert!(matches!(entry(json!("x".repeat(1 << 20))).to_leaf(), Err(EntryError::TooLong(_))));
    for kind in ["", "request", "Request.received", ".x", "a..b", "a b.c"] {
        assert!(matches!(Entry { kind: kind.into(), ..entry(json!(0)) }.to_leaf(), Err(EntryError::Kind(_))), "{kind}");
    }
    for log in ["", "a b", "a+b", "a\nb"] {
        assert!(matches!(Entry { log: log.into(), ..entry(json!(0)) }.to_leaf(), Err(EntryError::Origin(_))), "{log}");
    }
}

#[test]
fn a_committed_entry_holds_no_value_and_opens_with_its_disclosures() {
    let subject: SubjectId = SUBJECT.parse().unwrap();
    let data = json!({"right": "access", "who": {"email": Personal::new(subject, "ada@example.org")}, "n": [personal(&json!({"name": "Ada"}))]});
    let (leaf_data, disclosures) = commit(data.clone(), &SeededEntropy::new(1)).unwrap();
    let text = leaf_data.to_string();
    assert!(!text.contains("ada") && !text.contains("Ada") && text.contains("$commitment"));
    let mut places: Vec<_> = disclosures.iter().map(|d| d.pointer.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/n/0", "/who/email"]);
    assert!(disclosures.iter().all(|d| d.verify(&leaf_data)));
    entry(leaf_data.clone()).to_leaf().unwrap();
    assert_eq!(restore(leaf_data, &disclosures).unwrap(), data);
}

#[test]
fn after_erasure_the_value_reads_as_null_and_the_leaf_is_unchanged() {
    let data = json!({"email": personal(&json!("ada@example.org")), "name": personal(&json!("Ada"))});
    let (leaf_data, mut disclosures) = commit(data, &SeededEntropy::new(1)).unwrap();
    disclosures.retain(|d| d.pointer == "/name");
    let restored = restore(leaf_data, &disclosures).unwrap();
    assert_eq!(restored, json!({"email": personal(&Value::Null), "name": personal(&json!("Ada"))}));
}

#[test]
fn an_erased_value_survives_a_round_trip_without_a_disclosure() {
    let data = json!([personal(&Value::Null)]);
    let (leaf_data, disclosures) = commit(data.clone(), &SeededEntropy::new(1)).unwrap();
    assert!(disclosures.is_empty());
    entry(leaf_data.clone()).to_leaf().unwrap();
    assert_eq!(restore(leaf_data, &[]).unwrap(), data);
}

#[test]
fn forged_and_malformed_marks_are_refused() {
    let commitment = json!({"$commitment": {"subject": SUBJECT, "sha256": "0".repeat(64)}});
    for (data, expected) in [
        (json!({"x": commitment}), EntryError::Forged("/x".into())),
        (personal(&json!([commitment])), EntryError::Forged("/0".into())),
        (personal(&personal(&json!(1))), EntryError::Personal(String::new())),
        (json!({"$personal": {"subject": SUBJECT, "value": 1}, "more": 1}), EntryError::Malformed(String::new())),
        (json!({"$personal": {"subject": "nobody", "value": 1}}), EntryError::Malformed(String::new())),
        (json!({"$personal": {"subject": SUBJECT}}), EntryError::Malformed(String::new())),
        (personal(&json!(u64::MAX)), EntryError::Number(String::new())),
    ] {
        assert_eq!(commit(data, &SeededEntropy::new(1)).unwrap_err(), expected);
    }
}

#[test]
fn a_disclosure_opens_nothing_else() {
    let data = json!({"a": personal(&json!("x")), "b": personal(&json!("x"))});
    let (leaf_data, disclosures) = commit(data, &SeededEntropy::new(1)).unwrap();
    let good = &disclosures[0];
    let mut wrong = vec![good.clone(); 4];
    wrong[0].value = json!("y");
    wrong[1].salt[0] ^= 1;
    wrong[2].pointer = "/b".into();
    wrong[3].subject = "01hzx3v5k8q2m4n6p8r0s2t4v7".parse().unwrap();
    assert!(good.verify(&leaf_data));
    for disclosure in wrong {
        assert!(!disclosure.verify(&leaf_data));
        let expected = EntryError::Mismatch(disclosure.pointer.clone());
        assert_eq!(restore(leaf_data.clone(), &[disclosure]), Err(expected));
    }
}

#[test]
fn a_disclosure_cannot_be_printed_by_accident() {
    let (_, disclosures) = commit(personal(&json!("ada")), &SeededEntropy::new(1)).unwrap();
    assert!(!format!("{disclosures:?}").contains("ada"));
}

#[test]
fn every_error_says_what_and_what_to_do_in_both_languages() {
    use EntryError as E;
    let at = || "/x".to_owned();
    for error in [
        E::TooLong(1),
        E::TooDeep,
        E::NotAnEntry,
        E::Version(9),
        E::NotCanonical,
        E::Kind(at()),
        E::Origin(at()),
        E::Number(at()),
        E::Personal(at()),
        E::Forged(at()),
        E::Malformed(at()),
        E::Mismatch(at()),
    ] {
        assert_ne!(error.message(Lang::En), error.message(Lang::Fr));
        assert_ne!(error.remedy(Lang::En), error.remedy(Lang::Fr));
        assert_eq!(error.to_string(), error.message(Lang::En));
    }
}

/// Any JSON whose integers a double can hold; some values are marked as personal.
fn any_data() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let leaf = (plain, any::<bool>()).prop_map(|(value, mark)| if mark { personal(&value) } else { value });
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z/~é\u{e000}\u{10000}]{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_leaf_is_what_an_independent_writer_of_rfc_8785_makes_of_it(data in any_data(), n: i64, seed: u64) {
        let (data, _) = commit(json!([data, n >> (seed % 64)]), &SeededEntropy::new(seed)).unwrap_or_default();
        let entry = entry(data);
        let whole = json!({
            "v": 1, "id": entry.id, "log": entry.log, "at": "2026-05-04T09:30:00.120Z", "actor": entry.actor,
            "kind": entry.kind, "data": entry.data,
        });
        prop_assert_eq!(entry.to_leaf().unwrap(), serde_json_canonicalizer::to_vec(&whole).unwrap());
    }

    #[test]
    fn any_data_can_be_committed_written_read_and_restored(data in any_data(), seed: u64) {
        let (leaf_data, disclosures) = commit(data.clone(), &SeededEntropy::new(seed)).unwrap();
        prop_assert_eq!(restore(leaf_data.clone(), &disclosures).unwrap(), data);
        let leaf = entry(leaf_data).to_leaf().unwrap();
        let read = Entry::from_leaf(&leaf).unwrap();
        prop_assert!(disclosures.iter().all(|d| d.verify(&read.data)));
        prop_assert_eq!(read.to_leaf().unwrap(), leaf);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, text in ".*") {
        let _ = Entry::from_leaf(&bytes);
        let _ = Entry::from_leaf(text.as_bytes());
    }
}
