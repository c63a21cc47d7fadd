//! Signed checkpoints: what is written reads back; what was altered or signed by others does not.

use kernel::{Lang, Secret};
use ledger::{Checkpoint, NoteError, SigningKey, Verifier};
use proptest::prelude::*;

fn key(seed: u8) -> SigningKey {
    SigningKey::new("garant.example/house", &Secret::new([seed; 32])).expect("a good name")
}

fn checkpoint(origin: &str, size: u64) -> Checkpoint {
    Checkpoint::new(origin, size, [9; 32]).expect("a good origin")
}

#[test]
fn the_worked_example_of_the_go_note_package_verifies() {
    let verifier: Verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    let note = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n\
                \n\
                — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert!(verifier.verify(note).unwrap().starts_with("If you think"));
    assert_eq!(verifier.verify(&note.replace("don't", "do")), Err(NoteError::Signature));
}

#[test]
fn a_checkpoint_is_three_lines_and_a_signature_under_the_logs_own_name() {
    let note = key(1).checkpoint(&checkpoint("garant.example/log/7", 42));
    let lines: Vec<_> = note.split('\n').collect();
    assert_eq!(&lines[..4], ["garant.example/log/7", "42", "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=", ""]);
    assert!(lines[4].starts_with("— garant.example/log/7 "));
    assert_eq!(key(1).verifier().checkpoint(&note).unwrap(), checkpoint("garant.example/log/7", 42));
}

#[test]
fn another_key_is_unknown_and_another_text_is_unsigned() {
    let note = key(1).checkpoint(&checkpoint("garant.example/house", 42));
    assert_eq!(key(2).verifier().checkpoint(&note), Err(NoteError::UnknownKey));
    assert_eq!(key(1).verifier().checkpoint(&note.replace("\n42\n", "\n43\n")), Err(NoteError::Signature));
    assert_eq!(key(1).verifier().checkpoint(&note.replace("\n42\n", "\n042\n")), Err(NoteError::Checkpoint));
    assert_eq!(key(1).verifier().checkpoint(&note.replace("\n42\n", "\n+42\n")), Err(NoteError::Checkpoint));
}

#[test]
fn a_witness_may_sign_below_us() {
    let checkpoint = checkpoint("garant.example/house", 42);
    let witness = SigningKey::new("witness.example", &Secret::new([3; 32])).unwrap();
    let (ours, theirs) = (key(1).checkpoint(&checkpoint), witness.sign(&checkpoint.text()).unwrap());
    let both = format!("{ours}{}", theirs.rsplit_once("\n\n").unwrap().1);
    assert_eq!(key(1).verifier().checkpoint(&both).unwrap(), checkpoint);
    assert_eq!(witness.verifier().verify(&both).unwrap(), checkpoint.text());
}

#[test]
fn keys_read_back_and_altered_ones_do_not() {
    let text = key(1).verifier().to_string();
    assert_eq!(text.parse::<Verifier>().unwrap(), key(1).verifier());
    for bad in
        ["", "a", "a+b", "a+b+c", &text.replace("house", "horse"), &text[..text.len() - 4], &format!("{text}AAAA")]
    {
        assert!(bad.parse::<Verifier>().is_err(), "{bad}");
    }
}

#[test]
fn names_that_would_break_the_format_are_refused() {
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b", &"x".repeat(201)] {
        assert!(Checkpoint::new(name, 0, [0; 32]).is_err(), "{name}");
        assert!(SigningKey::new(name, &Secret::new([1; 32])).is_err(), "{name}");
    }
    for text in ["", "no newline", "control\u{1}\n"] {
        assert_eq!(key(1).sign(text), Err(NoteError::Text), "{text}");
    }
}

#[test]
fn the_key_cannot_be_printed() {
    assert_eq!(format!("{:?}", key(1)), "<signing key of garant.example/house>");
}

#[test]
fn every_error_speaks_both_languages() {
    use NoteError as E;
    for error in [E::TooLong, E::Text, E::Name("x".into()), E::Key, E::Checkpoint, E::UnknownKey, E::Signature] {
        assert_ne!(error.message(Lang::En), error.message(Lang::Fr));
        assert_ne!(error.remedy(Lang::En), error.remedy(Lang::Fr));
        assert_eq!(error.to_string(), error.message(Lang::En));
    }
}

proptest! {
    #[test]
    fn any_altered_character_is_noticed(at in 0usize..200, letter in "[a-zA-Z0-9+/=\n ]") {
        let note = key(1).checkpoint(&checkpoint("garant.example/house", 42));
        let mut letters: Vec<char> = note.chars().collect();
        let at = at % letters.len();
        letters[at] = letter.chars().next().unwrap();
        let altered: String = letters.into_iter().collect();
        prop_assume!(altered != note);
        prop_assert!(key(1).verifier().checkpoint(&altered).is_err());
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in ".*", lines in "([a-z0-9+/=— ]{0,20}\n){0,8}") {
        for text in [text, lines] {
            let _ = text.parse::<Verifier>();
            let _ = Checkpoint::parse(&text);
            let _ = key(1).verifier().checkpoint(&text);
        }
    }
}
