//! Document bytes to a reading: text with offsets, blocks, sentences, facts.
//!
//! A data processing agreement (Art. 28 GDPR) says what a processor owes; this crate finds where it
//! says so. Input is hostile: sizes and depths are limited, matching is linear, nothing is executed,
//! and the same bytes give the same reading.
//!
//! ```
//! let file = b"The Processor shall notify the Controller of a personal data breach within 48 hours.";
//! let reading = reader::read(file, "dpa.txt", kernel::Lang::En).unwrap();
//! assert_eq!(reading.term("breach.notify_controller").unwrap().value, "PT48H");
//! ```

mod blocks;
pub mod compare;
mod dates;
mod deeds;
mod entity;
mod error;
mod facts;
mod figures;
mod fold;
mod grammar;
mod heads;
mod labels;
mod languages;
pub mod mail;
mod marker;
mod names;
mod outline;
mod pattern;
mod roles;
mod sieve;
mod slots;
mod stated;
mod study;
mod text;
mod topics;
mod trust;
mod units;

pub use error::ReadError;
pub use fold::folded;
pub use outline::Clause;
pub use study::{Passage, Study, study, study_with};
pub use text::{InThisProcess, Media, PdfText, Text, extract, extract_with};

use agreement::reading::{CoverageState, Document, DocumentKind, Reading, State};
use facts::Reader;
use kernel::Lang;
use sha2::{Digest, Sha256};

/// The largest file that is read, in bytes. No agreement comes near it.
pub const BYTES_MAX: usize = 8_000_000;
/// The deepest nesting of HTML elements that is read.
pub const DEPTH_MAX: usize = 2_000;

/// Reads a document. `lang` is the language of the findings, not of the document.
///
/// A PDF is taken apart in this process ([`InThisProcess`]): for trusted files and for tests. Whoever
/// reads what strangers send uses [`read_with`].
///
/// # Errors
/// A [`ReadError`] when the bytes are no text that can be read; see [`extract`].
pub fn read(bytes: &[u8], file_name: &str, lang: Lang) -> Result<Reading, ReadError> {
    read_with(&InThisProcess, bytes, file_name, lang)
}

/// Reads a document, with `pdf` to take a PDF apart.
///
/// # Errors
/// As [`extract_with`].
pub fn read_with(pdf: &dyn PdfText, bytes: &[u8], file_name: &str, lang: Lang) -> Result<Reading, ReadError> {
    let text = extract_with(pdf, bytes, file_name)?;
    Ok(reading(&text, bytes, file_name, lang))
}

/// What a text says. `bytes` is the file that the text was extracted from.
#[must_use]
pub fn reading(text: &Text, bytes: &[u8], file_name: &str, lang: Lang) -> Reading {
    let versions = languages::versions(text);
    let language = versions.first().map_or_else(|| facts::kind::language(text.as_str()), |(language, _)| *language);
    let empty = || Reading { document: document(bytes, file_name, text, language), ..Reading::default() };
    let mut reading = empty();
    match versions.as_slice() {
        [(_, first), (second, other)] => {
            let mut translated = empty();
            fill(&mut reading, first, language);
            fill(&mut translated, other, *second);
            languages::merge(&mut reading, translated);
        }
        _ => fill(&mut reading, text, language),
    }
    reading.findings = agreement::check_reading(&reading, lang);
    reading
}

/// The clauses of a document in order; together they cover its whole text. For trusted files, as [`read`].
///
/// # Errors
/// As [`read`].
pub fn outline(bytes: &[u8], file_name: &str) -> Result<Vec<Clause>, ReadError> {
    outline_with(&InThisProcess, bytes, file_name)
}

/// The clauses of a document, with `pdf` to take a PDF apart.
///
/// # Errors
/// As [`extract_with`].
pub fn outline_with(pdf: &dyn PdfText, bytes: &[u8], file_name: &str) -> Result<Vec<Clause>, ReadError> {
    let text = extract_with(pdf, bytes, file_name)?;
    let layout = blocks::layout(&text);
    Ok(outline::clauses(&text, &layout))
}

fn document(bytes: &[u8], file_name: &str, text: &Text, language: Lang) -> Document {
    Document {
        file: file_name.rsplit(['/', '\\']).next().unwrap_or(file_name).to_owned(),
        sha256: hex::encode(Sha256::digest(bytes)),
        media_type: text.media().name().to_owned(),
        language: language.code().to_owned(),
        words: text.as_str().split_whitespace().count(),
        kind: DocumentKind::Other,
    }
}

fn fill(reading: &mut Reading, text: &Text, language: Lang) {
    let grammar = grammar::of(language);
    let notice = facts::kind::is_notice(text.as_str(), &grammar.words);
    let roles = roles::find(text.as_str(), &grammar.words, notice);
    let layout = blocks::layout(text);
    let units = units::units(text.as_str(), &layout, grammar, &roles.lexicon);
    let reader = Reader { text, layout: &layout, units: &units, grammar };
    let claimed: Vec<_> = units.iter().map(|unit| slots::claimed(&grammar.slots, unit)).collect();
    let hits = facts::hits::all(&reader, &claimed);
    let (periods, cut_periods) = facts::periods::periods(&reader, &claimed);
    reading.periods = periods;
    reading.measures = facts::measures::measures(&reader);
    reading.article28 =
        if notice { facts::letters::none() } else { facts::letters::letters(&reader, &hits, &reading.measures) };
    let covered = reading.article28.values().filter(|letter| letter.state != CoverageState::Absent).count();
    let both = roles::controls_too(text.as_str(), &roles.parties, &grammar.words);
    reading.document.kind = facts::kind::kind(&reader, notice, both, covered);
    // No duties in a list, so no deeds to know a party by: only what it is called and said to be counts.
    let said = matches!(reading.document.kind, DocumentKind::SubProcessorList | DocumentKind::TransferAddendum);
    let named = if said { roles::said(text.as_str(), &roles.parties, &grammar.words) } else { roles.parties.clone() };
    reading.parties = roles::parties(&named, |range| text.span(range));
    reading.terms = if notice { facts::terms::notice(&reader, &hits) } else { facts::terms::terms(&reader, &hits) };
    if !notice {
        security(reading);
    }
    reading.rights = facts::rights::rights(&reader);
    let (contacts, cut_contacts) = facts::contacts::contacts(&reader);
    reading.contacts = contacts;
    let (listed, cut) = if notice { Default::default() } else { facts::subprocessors::subprocessors(&reader) };
    reading.subprocessors = facts::subprocessors::others(listed, &reading.parties);
    facts::contacts::of_parties(reading, text);
    reading.processings = facts::processings::processings(&reader, notice);
    reading.notes = facts::traps::notes(&reader, &hits);
    reading.notes.found.extend([cut, cut_periods, cut_contacts].into_iter().flatten());
}

/// Enough named measures are a security clause, though no sentence says "Article 32".
fn security(reading: &mut Reading) {
    let full = reading.article28.get("c").is_some_and(|coverage| coverage.state == CoverageState::Full);
    let first = reading.measures.first().cloned();
    let term = reading.terms.iter_mut().find(|term| term.name == "security.article32" && term.span.is_none());
    if let (true, Some(measure), Some(term)) = (full, first, term) {
        term.state = State::Stated;
        term.value = serde_json::Value::Bool(true);
        term.text = measure.text;
        term.span = Some(measure.span);
        term.confidence = 0.6;
    }
}
