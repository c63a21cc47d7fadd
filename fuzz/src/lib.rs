//! What must hold for whatever bytes: no panic, places that exist, the same answer twice.

use kernel::Lang;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Parts of a word processor file are parted by this in a fuzzer's input.
const PARTED_BY: u8 = 0;

/// Extracts the text, and checks that every place of it exists.
pub fn extract(bytes: &[u8], name: &str) {
    let Ok(text) = reader::extract(bytes, name) else { return };
    let words = text.as_str();
    let borders = words.char_indices().map(|(at, letter)| at..at + letter.len_utf8());
    let mut before = 0;
    for range in borders.step_by(7) {
        let [start, end] = text.span(range.clone());
        assert!(before <= end && start <= end, "places go backwards at {range:?}");
        before = start;
    }
    assert!(text.place(before) <= text.original().len(), "a place beyond the end");
    let again = reader::extract(bytes, name).map(|text| text.as_str().to_owned());
    assert_eq!(again.as_deref(), Ok(words), "two answers");
}

/// Reads and checks, and asserts that every term that is said has a place.
pub fn read(bytes: &[u8], name: &str) {
    let Ok(reading) = reader::read(bytes, name, Lang::En) else { return };
    let original = reader::extract(bytes, name).map(|text| text.original().len()).unwrap_or_default();
    for term in &reading.terms {
        let said = term.state != agreement::reading::State::Silent;
        assert!(!said || term.span.is_some(), "{} has no place", term.name);
        let end = term.span.map_or(0, |span| span[1]);
        assert!(end <= original.max(bytes.len()), "{} ends at {end}", term.name);
    }
    let _ = agreement::check_reading(&reading, Lang::Fr);
    let _ = reader::outline(bytes, name);
}

/// Takes a message apart, and asserts that every mark lies in its text and that limits hold.
pub fn mail(bytes: &[u8]) {
    use reader::mail::{ATTACHMENTS_MAX, Place, TEXT_BYTES_MAX, read};
    let Ok(mail) = read(bytes) else { return };
    assert!(mail.text.len() <= TEXT_BYTES_MAX && mail.attachments.len() <= ATTACHMENTS_MAX);
    for said in &mail.evidence {
        let whole = if said.place == Place::Text { &mail.text } else { &mail.subject };
        assert!(whole.get(said.range.clone()).is_some_and(|words| !words.is_empty()), "{said:?} marks nothing");
    }
    assert_eq!(read(bytes).as_ref(), Ok(&mail), "two answers");
}

/// A word processor file of these parts; a zip goes through as it is.
pub fn wrapped(bytes: &[u8], names: &[&str], fixed: &[(&str, &str)]) -> Vec<u8> {
    if bytes.starts_with(b"PK") {
        return bytes.to_vec();
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let fixed = fixed.iter().map(|(name, text)| (*name, text.as_bytes()));
    for (name, part) in fixed.chain(names.iter().copied().zip(bytes.split(|byte| *byte == PARTED_BY))) {
        archive.start_file(name, options).expect("a name of ours");
        archive.write_all(part).expect("memory takes it");
    }
    archive.finish().expect("memory takes it").into_inner()
}
