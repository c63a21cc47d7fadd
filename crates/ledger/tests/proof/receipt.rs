//! Receipts: what they prove, what they show, and that they cannot be stretched.

use crate::sample::{ACME, HOUSE, Sample};
use kernel::{Lang, Secret};
use ledger::verify::{FaultCode, verify_receipt};
use ledger::{Receipt, ReceiptError, SigningKey};
use proptest::prelude::*;

#[test]
fn every_entry_of_logs_to_size_64_has_a_receipt() {
    for size in [1, 2, 3, 7, 8, 33, 64] {
        let sample = Sample::new(size, size);
        for index in 0..size {
            let text = sample.acme.receipt(index, &sample.acme.disclosures[index]).to_text();
            let report = verify_receipt(&text, &sample.verifier()).unwrap();
            assert_eq!((report.origin.as_str(), report.index, report.size), (ACME, index as u64, size as u64));
            assert_eq!(report.disclosed[0].value, format!("person{}@example.org", index + 1));
            assert!(Receipt::parse(&text).unwrap() == sample.acme.receipt(index, &sample.acme.disclosures[index]));
        }
    }
}

#[test]
fn the_receipt_of_the_sample_is_the_golden_file() {
    let golden = include_str!("../golden/entry.tlog-proof");
    let sample = Sample::new(4, 2);
    assert_eq!(sample.acme.receipt(2, &sample.acme.disclosures[2]).to_text(), golden);
    let report = verify_receipt(golden, include_str!("../golden/verifier.txt").trim_end()).unwrap();
    assert_eq!((report.kind.as_str(), report.data["right"].as_str()), ("request.received", Some("access")));
}

#[test]
fn a_receipt_shows_only_what_its_holder_chose() {
    use base64::Engine;
    let sample = Sample::new(4, 2);
    let text = sample.acme.receipt(2, &[]).to_text();
    let extra = text.lines().nth(1).unwrap().strip_prefix("extra ").unwrap();
    let extra = base64::engine::general_purpose::STANDARD.decode(extra).unwrap();
    assert!(!String::from_utf8(extra).unwrap().contains("person3"));
    assert!(verify_receipt(&text, &sample.verifier()).unwrap().disclosed.is_empty());
    let shown = verify_receipt(&sample.acme.receipt(2, &sample.acme.disclosures[2]).to_text(), &sample.verifier());
    assert!(!format!("{shown:?}").contains("person3"));
}

#[test]
fn a_receipt_holds_for_nothing_else() {
    let sample = Sample::new(8, 8);
    let good = sample.acme.receipt(3, &sample.acme.disclosures[3]);
    let code = |receipt: Receipt| verify_receipt(&receipt.to_text(), &sample.verifier()).unwrap_err().code;
    let other = sample.acme.receipt(4, &[]);
    assert_eq!(code(Receipt { index: 4, ..good.clone() }), FaultCode::NotIncluded);
    assert_eq!(code(Receipt { index: u64::MAX, ..good.clone() }), FaultCode::NotIncluded);
    assert_eq!(code(Receipt { leaf: other.leaf, ..good.clone() }), FaultCode::NotIncluded);
    assert_eq!(code(Receipt { proof: vec![], ..good.clone() }), FaultCode::NotIncluded);
    assert_eq!(
        code(Receipt { proof: [good.proof.clone(), vec![[0; 32]]].concat(), ..good.clone() }),
        FaultCode::NotIncluded
    );
    assert_eq!(code(Receipt { proof: vec![[0; 32]; 65], ..good.clone() }), FaultCode::NotAReceipt);
    assert_eq!(
        code(Receipt { disclosures: sample.acme.disclosures[4].clone(), ..good.clone() }),
        FaultCode::BadDisclosure
    );
    assert_eq!(
        code(Receipt { checkpoint: good.checkpoint.replace("\n8\n", "\n9\n"), ..good.clone() }),
        FaultCode::BadSignature
    );
    assert_eq!(code(Receipt { checkpoint: sample.house.notes[0].1.clone(), ..good.clone() }), FaultCode::NotIncluded);
    let stranger = SigningKey::new(HOUSE, &Secret::new([8; 32])).unwrap().verifier().to_string();
    assert_eq!(verify_receipt(&good.to_text(), &stranger).unwrap_err().code, FaultCode::UnknownKey);
    assert_eq!(verify_receipt(&good.to_text(), "nonsense").unwrap_err().code, FaultCode::NotAKey);
}

/// One receipt has one form: letters of the salt in upper case would prove the same by other bytes.
#[test]
fn a_salt_in_another_spelling_is_refused() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let sample = Sample::new(4, 2);
    let text = sample.acme.receipt(2, &sample.acme.disclosures[2]).to_text();
    let encoded = text.lines().nth(1).unwrap().strip_prefix("extra ").unwrap();
    let extra = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
    let salt = hex::encode(sample.acme.disclosures[2][0].salt);
    let shouted = STANDARD.encode(extra.replace(&salt, &salt.to_uppercase()));
    let code = verify_receipt(&text.replace(encoded, &shouted), &sample.verifier()).unwrap_err().code;
    assert_eq!(code, FaultCode::BadDisclosure);
}

#[test]
fn what_is_no_receipt_is_refused_in_both_languages() {
    let text = Sample::new(4, 2).acme.receipt(2, &[]).to_text();
    for bad in
        ["", "c2sp.org/tlog-proof@v1\n", &text.replace("v1", "v2"), &text.replace("index 2", "index 02"), &text[..60]]
    {
        assert!(Receipt::parse(bad).is_err_and(|error| error == ReceiptError), "{bad}");
    }
    assert_ne!(ReceiptError.message(Lang::En), ReceiptError.message(Lang::Fr));
    assert_ne!(ReceiptError.remedy(Lang::En), ReceiptError.remedy(Lang::Fr));
}

proptest! {
    #[test]
    fn any_changed_byte_is_detected(at: prop::sample::Index, bit in 0..7u8) {
        let sample = Sample::new(4, 4);
        let mut bytes = sample.acme.receipt(2, &sample.acme.disclosures[2]).to_text().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(verify_receipt(&text, &sample.verifier()).is_err(), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in ".*", lines in "c2sp.org/tlog-proof@v1\n(extra [a-zA-Z0-9=]{0,20}\n)?index [0-9]{0,22}\n([a-z=]{0,44}\n){0,4}\n.*") {
        let key = Sample::new(1, 1).verifier();
        for text in [text, lines] {
            prop_assert!(Receipt::parse(&text).is_err());
            prop_assert!(verify_receipt(&text, &key).is_err());
        }
    }
}
