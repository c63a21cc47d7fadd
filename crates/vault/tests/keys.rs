//! Envelope encryption: what is sealed opens only with its key, in its place, unaltered.

use kernel::{EntryId, Lang, Secret, SeededEntropy, SubjectId};
use proptest::prelude::*;
use vault::{MasterKey, SubjectKey, Token, VaultError};

fn subject(n: u8) -> SubjectId {
    format!("01hzx3v5k8q2m4n6p8r0s2t4v{n}").parse().expect("a literal id")
}

fn entry(n: u8) -> EntryId {
    format!("01hzx3v5k8q2m4n6p8r0s2t4v{n}").parse().expect("a literal id")
}

fn opened(result: Result<Secret<Vec<u8>>, VaultError>) -> Result<Vec<u8>, VaultError> {
    result.map(|secret| secret.expose().clone())
}

#[test]
fn the_master_key_file_reads_back_and_damage_is_noticed() {
    let entropy = SeededEntropy::new(1);
    let key = MasterKey::generate(&entropy);
    let text = key.to_text().expose().clone();
    let again = MasterKey::from_text(&format!("  {text}\n")).unwrap();
    assert_eq!(again.derive("x").expose(), key.derive("x").expose());
    for (at, _) in text.trim_end().char_indices() {
        let mut damaged = text.clone();
        damaged.replace_range(at..=at, "#");
        assert_eq!(MasterKey::from_text(&damaged).unwrap_err(), VaultError::MasterKeyText, "{at}");
        damaged.replace_range(at..=at, if text[at..].starts_with('A') { "B" } else { "A" });
        assert!(MasterKey::from_text(&damaged).is_err(), "{at}");
        assert!(MasterKey::from_text(&text[..at]).is_err(), "{at}");
    }
}

#[test]
fn each_purpose_has_its_own_key() {
    let key = MasterKey::generate(&SeededEntropy::new(1));
    assert_ne!(key.derive("ledger").expose(), key.derive("sessions").expose());
    assert_eq!(key.derive("ledger").expose(), key.derive("ledger").expose());
    let other = MasterKey::generate(&SeededEntropy::new(2));
    assert_ne!(key.derive("ledger").expose(), other.derive("ledger").expose());
}

#[test]
fn a_subjects_key_unwraps_only_for_its_subject_and_master() {
    let entropy = SeededEntropy::new(1);
    let (master, other) = (MasterKey::generate(&entropy), MasterKey::generate(&entropy));
    let key = SubjectKey::generate(&entropy);
    let wrapped = key.wrap(&master, &subject(1), &entropy).unwrap();
    let sealed = key.seal("place", b"Ada", &entropy).unwrap();
    let again = SubjectKey::unwrap(&wrapped, &master, &subject(1)).unwrap();
    assert_eq!(opened(again.open("place", &sealed)).unwrap(), b"Ada");
    assert!(matches!(SubjectKey::unwrap(&wrapped, &master, &subject(2)), Err(VaultError::WrongMasterKey)));
    assert!(matches!(SubjectKey::unwrap(&wrapped, &other, &subject(1)), Err(VaultError::WrongMasterKey)));
    assert!(matches!(SubjectKey::unwrap(&sealed, &master, &subject(1)), Err(VaultError::WrongMasterKey)));
}

#[test]
fn two_seals_of_one_value_differ() {
    let entropy = SeededEntropy::new(1);
    let key = SubjectKey::generate(&entropy);
    let seals: Vec<_> = (0..100).map(|_| key.seal("place", b"Ada", &entropy).unwrap()).collect();
    let nonces: std::collections::HashSet<_> = seals.iter().map(|sealed| &sealed[1..25]).collect();
    assert_eq!(nonces.len(), 100);
    let master = MasterKey::generate(&entropy);
    assert_ne!(key.wrap(&master, &subject(1), &entropy).unwrap(), key.wrap(&master, &subject(1), &entropy).unwrap());
}

#[test]
fn a_value_opens_only_in_its_field_of_its_entry_with_its_subjects_key() {
    let entropy = SeededEntropy::new(1);
    let (ada, bob) = (SubjectKey::generate(&entropy), SubjectKey::generate(&entropy));
    let sealed = ada.seal_value(&entry(1), "/who/email", b"ada@example.org", &entropy).unwrap();
    assert_eq!(opened(ada.open_value(&entry(1), "/who/email", &sealed)).unwrap(), b"ada@example.org");
    for (key, entry, pointer) in [
        (&bob, entry(1), "/who/email"),
        (&ada, entry(2), "/who/email"),
        (&ada, entry(1), "/who/name"),
        (&ada, entry(1), ""),
    ] {
        assert_eq!(opened(key.open_value(&entry, pointer, &sealed)), Err(VaultError::Altered), "{entry} {pointer}");
    }
    assert_eq!(opened(ada.open("/who/email", &sealed)), Err(VaultError::Altered));
}

#[test]
fn neither_keys_nor_values_can_be_printed() {
    let entropy = SeededEntropy::new(1);
    let key = SubjectKey::generate(&entropy);
    let sealed = key.seal("place", b"Ada", &entropy).unwrap();
    let printed = format!(
        "{:?} {:?} {:?} {:?}",
        MasterKey::generate(&entropy),
        key,
        key.open("place", &sealed),
        MasterKey::generate(&entropy).to_text(),
    );
    assert_eq!(printed.matches("<secret>").count(), 4);
    assert!(
        !format!("{:?}", Token::generate(&entropy)).contains(Token::generate(&SeededEntropy::new(1)).text().expose())
    );
}

#[test]
fn a_token_is_found_by_its_digest_alone() {
    let entropy = SeededEntropy::new(1);
    let (one, two) = (Token::generate(&entropy), Token::generate(&entropy));
    assert_eq!(one.text().expose().len(), 43);
    assert_eq!(one.digest().len(), 64);
    assert_ne!(one.digest(), two.digest());
    assert_eq!(Token::parse(one.text().expose()).unwrap().digest(), one.digest());
    let zero = Token::parse(&"A".repeat(43)).unwrap();
    assert_eq!(zero.digest(), "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
    for bad in ["", "x", &"A".repeat(42), &"A".repeat(44), &"/".repeat(43), &format!("{}B", "A".repeat(42))] {
        assert_eq!(Token::parse(bad).unwrap_err(), VaultError::Token, "{bad}");
    }
}

#[test]
fn every_error_speaks_both_languages() {
    use VaultError as E;
    for error in [
        E::MasterKeyText,
        E::WrongMasterKey,
        E::Altered,
        E::TooLong,
        E::Token,
        E::NotSealed,
        E::Passphrase,
        E::NoMemory,
        E::TooMuchWork,
    ] {
        assert_ne!(error.message(Lang::En), error.message(Lang::Fr));
        assert_ne!(error.remedy(Lang::En), error.remedy(Lang::Fr));
        assert_eq!(error.to_string(), error.message(Lang::En));
    }
}

proptest! {
    #[test]
    fn any_value_opens_again(aad in ".*", plaintext: Vec<u8>, seed: u64) {
        let entropy = SeededEntropy::new(seed);
        let key = SubjectKey::generate(&entropy);
        let sealed = key.seal(&aad, &plaintext, &entropy).unwrap();
        prop_assert_eq!(sealed.len(), plaintext.len() + 41);
        prop_assert_eq!(opened(key.open(&aad, &sealed)).unwrap(), plaintext);
    }

    #[test]
    fn any_altered_bit_or_length_is_noticed(plaintext: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
        let entropy = SeededEntropy::new(5);
        let (master, key) = (MasterKey::generate(&entropy), SubjectKey::generate(&entropy));
        let sealed = key.seal("place", &plaintext, &entropy).unwrap();
        let wrapped = key.wrap(&master, &subject(1), &entropy).unwrap();
        let flip = |bytes: &[u8]| { let (mut copy, at) = (bytes.to_vec(), at.index(bytes.len())); copy[at] ^= 1 << bit; copy };
        prop_assert!(key.open("place", &flip(&sealed)).is_err());
        prop_assert!(key.open("place", &sealed[..at.index(sealed.len())]).is_err());
        prop_assert!(SubjectKey::unwrap(&flip(&wrapped), &master, &subject(1)).is_err());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>, text in ".*") {
        let entropy = SeededEntropy::new(5);
        prop_assert!(SubjectKey::generate(&entropy).open("place", &bytes).is_err());
        prop_assert!(SubjectKey::unwrap(&bytes, &MasterKey::generate(&entropy), &subject(1)).is_err());
        prop_assert!(MasterKey::from_text(&text).is_err());
        let _ = Token::parse(&text);
    }
}
