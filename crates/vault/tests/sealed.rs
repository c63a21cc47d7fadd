//! Sealed files: the age format, openable by others, closed to everybody else.

use kernel::{Entropy, Secret, SeededEntropy};
use std::io::{self, Read, Write};
use vault::VaultError;
use vault::sealed::{SealedWriter, WORK_FACTOR_LOG2_MAX, open, passphrase};

/// Small enough for tests; a real file is 2¹⁴ times as costly to open.
const FAST: Option<u8> = Some(2);

fn phrase() -> Secret<String> {
    passphrase(&SeededEntropy::new(1))
}

fn seal(content: &[u8]) -> Vec<u8> {
    let mut writer = SealedWriter::new(Vec::new(), &phrase(), FAST).expect("memory takes everything");
    writer.write_all(content).expect("memory takes everything");
    writer.finish().expect("memory takes everything")
}

fn read(sealed: &[u8], phrase: &Secret<String>) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    open(sealed, phrase)?.read_to_end(&mut content)?;
    Ok(content)
}

fn cause(error: &io::Error) -> Option<VaultError> {
    error.get_ref().and_then(|inner| inner.downcast_ref().copied())
}

#[test]
fn what_is_sealed_opens_again_at_every_size_around_a_block() {
    for size in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let mut content = vec![0; size];
        SeededEntropy::new(7).fill(&mut content);
        let sealed = seal(&content);
        assert!(sealed.starts_with(b"age-encryption.org/v1\n-> scrypt "));
        assert!(read(&sealed, &phrase()).unwrap() == content, "{size}");
    }
}

#[test]
fn the_age_library_itself_opens_the_file() {
    let sealed = seal(b"dossier");
    let identity = age::scrypt::Identity::new(age::secrecy::SecretString::from(phrase().expose().clone()));
    assert_eq!(age::decrypt(&identity, &sealed).unwrap(), b"dossier");
}

#[test]
fn another_passphrase_opens_nothing() {
    let error = read(&seal(b"dossier"), &passphrase(&SeededEntropy::new(2))).unwrap_err();
    assert_eq!(cause(&error), Some(VaultError::Passphrase));
}

#[test]
fn every_altered_or_missing_byte_is_noticed() {
    let sealed = seal(b"dossier");
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(read(&altered, &phrase()).is_err(), "{at}");
        assert!(read(&sealed[..at], &phrase()).is_err(), "{at}");
    }
    assert!(read(&[&sealed[..], b"x"].concat(), &phrase()).is_err());
}

#[test]
fn an_unfinished_file_does_not_open() {
    let mut bytes = Vec::new();
    let mut writer = SealedWriter::new(&mut bytes, &phrase(), FAST).unwrap();
    writer.write_all(&[7; 100_000]).unwrap();
    drop(writer);
    assert!(read(&bytes, &phrase()).is_err());
}

#[test]
fn what_is_no_sealed_file_is_named_so() {
    let recipient = age::x25519::Identity::generate().to_public();
    let for_a_key = age::encrypt(&recipient, b"dossier").unwrap();
    for bytes in [&b""[..], b"PK\x03\x04", b"age-encryption.org/v1\n", &for_a_key] {
        assert_eq!(cause(&read(bytes, &phrase()).unwrap_err()), Some(VaultError::NotSealed));
    }
}

#[test]
fn nobody_can_make_us_work_without_bound() {
    for factor in [0, WORK_FACTOR_LOG2_MAX + 1, 64, 255] {
        let error = SealedWriter::new(Vec::new(), &phrase(), Some(factor)).unwrap_err();
        assert_eq!(cause(&error), Some(VaultError::TooMuchWork), "{factor}");
    }
    let sealed = seal(b"dossier");
    let header = sealed.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let end = header + sealed[header..].iter().position(|byte| *byte == b'\n').unwrap();
    let costly = [&sealed[..end - 1], b"30", &sealed[end..]].concat();
    assert_eq!(cause(&read(&costly, &phrase()).unwrap_err()), Some(VaultError::TooMuchWork));
}

#[test]
fn a_passphrase_is_readable_and_new_each_time() {
    let entropy = SeededEntropy::new(1);
    let (one, two) = (passphrase(&entropy), passphrase(&entropy));
    assert_ne!(one.expose(), two.expose());
    let groups: Vec<_> = one.expose().split('-').collect();
    assert_eq!(groups.len(), 6);
    assert!(groups.iter().all(|group| group.len() == 5 && group.bytes().all(|b| b.is_ascii_alphanumeric())));
    assert!(!one.expose().contains(['i', 'l', 'o', 'u']));
}
