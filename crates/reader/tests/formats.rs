//! DOCX, ODT and PDF say what the same agreement says as text.

use agreement::reading::Reading;
use kernel::Lang;

const FULL: &[u8] = include_bytes!("fixtures/en-full.md");
const FRENCH: &[u8] = include_bytes!("fixtures/fr-complet.txt");

fn read(bytes: &[u8], name: &str) -> Reading {
    reader::read(bytes, name, Lang::En).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a reading says, without the places where it says it.
fn said(reading: &Reading) -> Vec<String> {
    let terms =
        reading.terms.iter().map(|term| format!("{} {:?} {} {:?}", term.name, term.state, term.value, term.days));
    let parties = reading.parties.iter().map(|party| format!("{} is {} {:?}", party.role, party.name, party.called));
    let helpers = reading.subprocessors.iter().map(|helper| format!("{} {:?}", helper.name, helper.country));
    let rights = reading.rights.iter().map(|right| right.right.clone());
    let letters = reading.article28.iter().map(|(letter, coverage)| format!("({letter}) {:?}", coverage.state));
    terms.chain(parties).chain(helpers).chain(rights).chain(letters).collect()
}

fn clauses(reading: &Reading) -> Vec<(String, Option<String>)> {
    let numbered =
        |path: &Option<String>| path.as_ref().map(|path| path.rsplit("Article ").next().unwrap_or_default().to_owned());
    reading.terms.iter().map(|term| (term.name.clone(), numbered(&term.clause))).collect()
}

#[test]
fn a_word_processor_changes_the_file_and_not_what_it_says() {
    let files: [(&[u8], &str, &str, &[u8]); 6] = [
        (include_bytes!("files/en-full.docx"), "en-full.docx", "en-full.md", FULL),
        (include_bytes!("files/en-full.odt"), "en-full.odt", "en-full.md", FULL),
        (include_bytes!("files/en-full.pdf"), "en-full.pdf", "en-full.md", FULL),
        (include_bytes!("files/fr-complet.docx"), "fr-complet.docx", "fr-complet.txt", FRENCH),
        (include_bytes!("files/fr-complet.odt"), "fr-complet.odt", "fr-complet.txt", FRENCH),
        (include_bytes!("files/fr-complet.pdf"), "fr-complet.pdf", "fr-complet.txt", FRENCH),
    ];
    for (file, name, original_name, original) in files {
        let (found, expected) = (read(file, name), read(original, original_name));
        assert_eq!(said(&found), said(&expected), "{name}");
        assert_eq!(clauses(&found), clauses(&expected), "{name}");
        let text = reader::extract(file, name).unwrap();
        for term in found.terms.iter().filter(|term| term.span.is_some()) {
            let [start, end] = term.span.unwrap();
            assert_eq!(text.as_str()[start..end], term.text, "{name}: {}", term.name);
        }
    }
}
