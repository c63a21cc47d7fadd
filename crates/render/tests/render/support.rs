//! Writing a file, reading it back, and comparing the two.

use agreement::AgreementFile;
use agreement::file::{FileTerm, Value};
use agreement::names::TERMS;
use agreement::reading::{Reading, State};
use kernel::Lang;
use render::{Format, render};

/// The formats that come back whole. A PDF has no tables, only words that stand side by side.
pub(crate) const READ_BACK: [Format; 3] = [Format::Html, Format::Markdown, Format::Docx];

/// What a reader makes of a file once written.
pub(crate) fn read_back(file: &AgreementFile, lang: Lang, format: Format) -> (Reading, AgreementFile, String) {
    let bytes = render(file, lang, format).expect("the file can be written");
    let name = format!("agreement.{}", format.name());
    let reading = reader::read(&bytes, &name, lang).expect("what we write can be read");
    let text = reader::extract(&bytes, &name).expect("it has just been read").as_str().to_owned();
    let back = AgreementFile::from_reading(&reading);
    (reading, back, text)
}

type Said<'a> = Option<(State, Option<&'a Value>, bool)>;

/// State, value and working days of a term; a promise that is refused has no value.
fn said(term: Option<&FileTerm>) -> Said<'_> {
    let term = term?;
    let refused = term.value == Some(Value::Flag(false)) || term.state == State::Negated;
    if refused {
        return Some((State::Negated, None, false));
    }
    // A promise on a condition reads with its value, and may be written without it.
    let value = term.value.as_ref().filter(|_| term.state != State::Conditional);
    Some((term.state, value, term.working))
}

/// The terms that came back different, with the words they were read from.
pub(crate) fn different_terms(before: &AgreementFile, after: &AgreementFile) -> Vec<String> {
    let differs = TERMS.iter().map(|term| term.name).filter(|name| said(before.term(name)) != said(after.term(name)));
    differs
        .map(|name| {
            let words = after.term(name).map_or("", |term| term.text.as_str());
            format!("{name}: {:?} came back {:?} [{words}]", said(before.term(name)), said(after.term(name)))
        })
        .collect()
}

/// The parties that came back under another name or in another role.
pub(crate) fn different_parties(before: &AgreementFile, after: &AgreementFile) -> Vec<String> {
    let pairs = [
        ("controller", &before.parties.controller, &after.parties.controller),
        ("processor", &before.parties.processor, &after.parties.processor),
    ];
    let name = |party: &Option<agreement::file::Party>| party.as_ref().map(|party| party.name.clone());
    let differs = pairs.into_iter().filter(|(_, before, after)| name(before) != name(after));
    differs.map(|(role, before, after)| format!("{role}: {:?} came back {:?}", name(before), name(after))).collect()
}
