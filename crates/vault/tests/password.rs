//! The password policy as a table, and the hash.

use kernel::{Lang, Secret, SeededEntropy};
use vault::{Password, PasswordError};

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn checked(text: &str) -> Result<(), PasswordError> {
    Password::new(secret(text), "Ada.Lovelace@example.org").map(|_| ())
}

#[test]
fn the_policy() {
    use PasswordError as E;
    for (text, expected) in [
        ("", Err(E::TooShort)),
        ("elevenchars", Err(E::TooShort)),
        ("twelve-chars", Ok(())),
        ("éèàùçêîôûäëï", Ok(())),
        ("éèàùçêîôûäë", Err(E::TooShort)),
        ("aaaaaaaaaaaa", Err(E::Repetition)),
        ("AaAaAaAaAaAaA", Err(E::Repetition)),
        ("abcdabcdabcdab", Err(E::Repetition)),
        ("my-ADA.lovelace-pw", Err(E::ContainsEmail)),
        ("lovelace wrote it", Ok(())),
        ("Motdepasse1234", Err(E::Common)),
        ("correct horse battery staple", Err(E::Common)),
        ("quatre mots sans rapport", Ok(())),
        (&format!("ab{}", "cde".repeat(84)), Ok(())),
        (&"abcde".repeat(51), Ok(())),
        (&format!("ab{}", "cdefg".repeat(51)), Err(E::TooLong)),
    ] {
        assert_eq!(checked(text), expected, "{text}");
    }
}

#[test]
fn short_names_and_missing_addresses_refuse_nothing() {
    for email in ["", "@", "jo@example.org", "no address"] {
        assert!(Password::new(secret("jo walks her dog"), email).is_ok(), "{email}");
    }
}

#[test]
fn the_list_holds_only_what_the_other_rules_let_through() {
    let list = include_str!("../src/password/common.txt");
    assert!(list.lines().count() >= 150);
    for common in list.lines() {
        assert!(common.chars().count() >= 12, "{common}");
        assert_eq!(common, common.to_lowercase(), "{common}");
    }
    assert!(list.lines().filter(|common| checked(common) == Err(PasswordError::Common)).count() >= 150);
}

#[test]
fn a_hash_verifies_its_password_and_no_other() {
    let entropy = SeededEntropy::new(1);
    let password = Password::new(secret("quatre mots sans rapport"), "").unwrap();
    let (one, two) = (password.hash(&entropy).unwrap(), password.hash(&entropy).unwrap());
    assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_ne!(one, two);
    assert!(Password::verify(Some(&one), &secret("quatre mots sans rapport")));
    assert!(Password::verify(Some(&two), &secret("quatre mots sans rapport")));
    assert!(!Password::verify(Some(&one), &secret("quatre mots sans rapporT")));
    assert!(!Password::verify(Some(&one), &secret("")));
    assert!(!Password::verify(Some(&one), &secret(&"x".repeat(100_000))));
}

#[test]
fn an_unknown_user_or_a_damaged_hash_never_verifies() {
    for phc in [
        None,
        Some(""),
        Some("garbage"),
        Some("$argon2id$v=19$m=4294967295,t=9,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        for candidate in ["", "quatre mots sans rapport"] {
            assert!(!Password::verify(phc, &secret(candidate)), "{phc:?}");
        }
    }
}

/// The work is the same when the wall clock says so within a wide margin: an answer without
/// hashing would be a thousand times quicker.
#[test]
fn an_unknown_user_costs_as_much_as_a_known_one() {
    let phc = Password::new(secret("quatre mots sans rapport"), "").unwrap().hash(&SeededEntropy::new(1)).unwrap();
    let long = "x".repeat(100_000);
    let best = |phc: Option<&str>, candidate: &str| {
        (0..5)
            .map(|_| {
                let start = std::time::Instant::now();
                assert!(!Password::verify(phc, &secret(candidate)));
                start.elapsed()
            })
            .min()
            .unwrap()
    };
    let known = best(Some(&phc), "wrong password");
    for (phc, candidate) in [(None, "wrong password"), (Some("garbage"), "wrong password"), (Some(&*phc), &*long)] {
        assert!(best(phc, candidate) * 10 > known);
    }
}

#[test]
fn refusals_speak_both_languages_and_passwords_cannot_be_printed() {
    use PasswordError as E;
    for error in [E::TooShort, E::TooLong, E::Repetition, E::ContainsEmail, E::Common] {
        assert_ne!(error.message(Lang::En), error.message(Lang::Fr));
        assert_ne!(error.remedy(Lang::En), error.remedy(Lang::Fr));
        assert_eq!(error.to_string(), error.message(Lang::En));
    }
    let password = Password::new(secret("quatre mots sans rapport"), "").unwrap();
    assert_eq!(format!("{password:?}"), "Password(<secret>)");
}
