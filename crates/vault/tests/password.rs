//! The password policy as a table, and the hash.

use kernel::{Lang, Secret, SeededEntropy};
use vault::{Breached, Holder, Password, PasswordError};

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn checked(text: &str) -> Result<(), PasswordError> {
    let holder = Holder { email: "Ada.Lovelace@example.org", name: "Augusta Ada Lovelace" };
    Password::new(secret(text), holder, None).map(|_| ())
}

const NOBODY: Holder<'static> = Holder { email: "", name: "" };

fn good() -> Password {
    Password::new(secret("quatre mots sans rapport"), NOBODY, None).expect("a good one")
}

#[test]
fn the_policy() {
    use PasswordError as E;
    for (text, expected) in [
        ("", Err(E::TooShort)),
        ("elevenchars", Err(E::TooShort)),
        ("twelve-chars", Err(E::Guessable)),
        ("zinc mare oboe", Ok(())),
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
        ("poiuytrezaml", Err(E::Guessable)),
        ("lkjhgfdsaqwe", Err(E::Guessable)),
        ("Augusta12345", Err(E::Guessable)),
        ("garant garant", Err(E::Guessable)),
        ("14/07/1789-2026", Err(E::Guessable)),
        (&"zinc mare oboe ".repeat(17), Ok(())),
        (&"abcde".repeat(51), Err(E::Guessable)),
        (&format!("ab{}", "cdefg".repeat(51)), Err(E::TooLong)),
    ] {
        assert_eq!(checked(text), expected, "{text}");
    }
}

#[test]
fn short_names_and_missing_addresses_refuse_nothing() {
    for email in ["", "@", "jo@example.org", "no address"] {
        let holder = Holder { email, name: "Jo" };
        assert!(Password::new(secret("jo walks her dog"), holder, None).is_ok(), "{email}");
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
    let password = good();
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
    let phc = good().hash(&SeededEntropy::new(1)).unwrap();
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
    for error in
        [E::TooShort, E::TooLong, E::Repetition, E::ContainsEmail, E::Common, E::Guessable, E::Breached, E::Unchecked]
    {
        assert_ne!(error.message(Lang::En), error.message(Lang::Fr));
        assert_ne!(error.remedy(Lang::En), error.remedy(Lang::Fr));
        assert_eq!(error.to_string(), error.message(Lang::En));
    }
    let password = good();
    assert_eq!(format!("{password:?}"), "Password(<secret>)");
}

/// The SHA-1 digests of the words, sorted, as the public lists are: some with counts, some without.
fn list(folder: &std::path::Path, words: &[&str], end: &str) -> std::path::PathBuf {
    use sha1::{Digest, Sha1};
    let mut lines: Vec<String> = words.iter().map(|word| hex::encode_upper(Sha1::digest(word.as_bytes()))).collect();
    lines.sort();
    let lines = lines.iter().enumerate().map(|(at, line)| match at % 3 {
        0 => format!("{line}:{}{end}", at * 1000 + 1),
        _ => format!("{line}{end}"),
    });
    let path = folder.join("breached.txt");
    std::fs::write(&path, lines.collect::<String>()).expect("written");
    path
}

fn read(path: &std::path::Path) -> std::io::Result<Breached> {
    let path = path.to_owned();
    Breached::new(move || Ok(Box::new(std::fs::File::open(&path)?)))
}

#[test]
fn a_breached_password_is_found_wherever_it_stands_in_the_list() {
    let folder = tempfile::tempdir().unwrap();
    for (count, end) in [(0, "\n"), (1, "\n"), (2, "\r\n"), (3, "\n"), (1000, "\r\n"), (1001, "\n")] {
        let words: Vec<String> = (0..count).map(|number| format!("breached word {number}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let breached = read(&list(folder.path(), &words, end)).unwrap();
        for word in &words {
            assert!(breached.contains(&secret(word)).unwrap(), "{word} of {count}");
        }
        for number in 0..50 {
            assert!(!breached.contains(&secret(&format!("other word {number}"))).unwrap(), "{number} of {count}");
        }
    }
}

#[test]
fn a_list_that_cannot_be_read_lets_nothing_through() {
    let folder = tempfile::tempdir().unwrap();
    let path = list(folder.path(), &["quatre mots sans rapport"], "\n");
    let breached = read(&path).unwrap();
    let told = |text: &str| Password::new(secret(text), NOBODY, Some(&breached)).map(drop);
    assert_eq!(told("quatre mots sans rapport"), Err(PasswordError::Breached));
    assert_eq!(told("quatre autres mots sans rapport"), Ok(()));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(told("quatre autres mots sans rapport"), Err(PasswordError::Unchecked));
    assert!(read(&path).is_err());
    std::fs::write(&path, "password\nletmein\n").unwrap();
    assert!(read(&path).is_err(), "not a list of digests");
}

#[test]
fn a_password_is_due_on_the_day_its_time_is_over() {
    let at = |text: &str| text.parse::<kernel::Instant>().unwrap();
    let set = at("2026-11-23T09:00:00Z");
    for (now, days, due) in [
        ("2026-11-23T09:00:00Z", Some(90), false),
        ("2027-02-21T08:59:59Z", Some(90), false),
        ("2027-02-21T09:00:00Z", Some(90), true),
        ("2066-11-23T09:00:00Z", None, false),
        ("2026-01-01T00:00:00Z", Some(1), false),
    ] {
        assert_eq!(Password::is_due(set, at(now), days), due, "{now} {days:?}");
    }
}
