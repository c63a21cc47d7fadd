//! Codes of an authenticator, against the published vectors, and recovery codes.

use kernel::{Instant, Secret, SeededEntropy};
use vault::{OneTime, RecoveryCode};

fn at(second: i64) -> Instant {
    Instant::from_second(second).expect("an instant")
}

/// The last six digits of RFC 6238 appendix B, for SHA-1 and its secret of twenty bytes.
#[test]
fn the_published_vectors() {
    let secret = Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned());
    let one_time = OneTime::new(&secret, "Garant", "ada@example.org").unwrap();
    for (second, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(one_time.code(at(second)), code);
        assert_eq!(one_time.check(code, at(second)), Some(second / 30));
    }
}

#[test]
fn a_code_holds_one_step_early_or_late_and_no_longer() {
    let secret = OneTime::generate(&SeededEntropy::new(7));
    let one_time = OneTime::new(&secret, "Garant", "ada@example.org").unwrap();
    let code = one_time.code(at(3_000_000));
    for (second, holds) in
        [(3_000_000, true), (3_000_030, true), (2_999_970, true), (3_000_060, false), (2_999_910, false)]
    {
        assert_eq!(one_time.check(&code, at(second)).is_some(), holds, "{second}");
    }
    let (first, last) = code.split_at(3);
    assert_eq!(one_time.check(&format!(" {first} {last} "), at(3_000_000)), Some(100_000));
    for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
        assert_eq!(one_time.check(wrong, at(3_000_000)), None, "{wrong}");
    }
}

#[test]
fn the_link_names_issuer_and_account_and_only_whole_secrets_are_taken() {
    let secret = OneTime::generate(&SeededEntropy::new(7));
    assert_eq!(secret.expose().len(), 32);
    let link = OneTime::new(&secret, "Garant: Hôtel", "ada@example.org").unwrap().link().unwrap();
    assert!(link.expose().starts_with("otpauth://totp/"), "{}", link.expose());
    assert!(link.expose().contains(&format!("secret={}", secret.expose())));
    for bad in ["", "ABC", "not base 32!", "GEZDGNBV"] {
        assert!(OneTime::new(&Secret::new(bad.to_owned()), "Garant", "ada").is_err(), "{bad}");
    }
    assert_eq!(format!("{:?}", OneTime::new(&secret, "Garant", "ada").unwrap()), "<authenticator>");
}

#[test]
fn a_recovery_code_is_read_as_people_write() {
    let code = RecoveryCode::generate(&SeededEntropy::new(3));
    let printed = code.text().expose().clone();
    assert_eq!(printed.len(), 19);
    let written =
        [printed.to_uppercase(), printed.replace('-', " "), printed.replace('0', "O"), printed.replace('1', "l")];
    for text in written {
        assert_eq!(RecoveryCode::parse(&text).unwrap().digest(), code.digest(), "{text}");
    }
    for bad in ["", "abcd-efgh", "uuuu-uuuu-uuuu-uuuu", &format!("{printed}2")] {
        assert!(RecoveryCode::parse(bad).is_none(), "{bad}");
    }
    assert_ne!(RecoveryCode::generate(&SeededEntropy::new(4)).digest(), code.digest());
}
