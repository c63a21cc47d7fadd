//! Parsing an agreement file strictly: every problem at once, each with its place.

use super::fields::{Fields, Problems, as_number, as_span, as_text};
use super::{
    AgreementFile, CONTACT_KINDS, COVERAGE, Contact, Coverage, Document, FileProblem, KINDS, LETTERS, Measure, Parties,
    Party, PeriodLaw, Problem, Processing, Retention, Role, SIZE_BYTES_MAX, Subprocessor, VERSION, from_reading,
    kind_of, parse_term, problem::Wanted,
};
use crate::names::{self, RIGHTS};
use kernel::{Lang, Place};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The keys of the file that are no terms.
pub(crate) const KEYS: [&str; 10] = [
    "garant-agreement",
    "period_law",
    "rights",
    "document",
    "parties",
    "processing",
    "subprocessor",
    "measure",
    "contact",
    "article28",
];
pub(crate) const DOCUMENT: [&str; 5] = ["file", "sha256", "language", "title", "kind"];
pub(crate) const PARTY: [&str; 6] = ["name", "called", "address", "contact", "place", "span"];
pub(crate) const PROCESSING: [&str; 8] =
    ["role", "purpose", "data", "data_text", "subjects", "legal_basis", "retention", "span"];
pub(crate) const RETENTION: [&str; 3] = ["text", "after", "keep"];
pub(crate) const SUBPROCESSOR: [&str; 6] = ["name", "address", "country", "task", "contact", "span"];
pub(crate) const MEASURE: [&str; 3] = ["measure", "text", "span"];
pub(crate) const CONTACT: [&str; 4] = ["kind", "value", "for", "span"];

/// Where each term stands in the file.
type Places = BTreeMap<&'static str, Range<usize>>;

impl AgreementFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Every problem found, in the order of the file: unknown keys, values of the wrong kind, unknown
    /// words, missing keys, contradictions between terms.
    pub fn parse(text: &str) -> Result<Self, Vec<FileProblem>> {
        let mut problems = Problems::default();
        let file = parse(text, &mut problems);
        problems.0.sort_by_key(|problem| problem.span.as_ref().map_or(0, |span| span.start));
        match file {
            Some(file) if problems.0.is_empty() => Ok(file),
            _ => Err(problems.0),
        }
    }
}

fn parse(text: &str, problems: &mut Problems) -> Option<AgreementFile> {
    if text.len() > SIZE_BYTES_MAX {
        problems.add(Problem::TooLarge, None);
        return None;
    }
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            problems.add(Problem::Syntax(error.message().trim().to_owned()), error.span());
            return None;
        }
    };
    let root = Fields::new("", table.get_ref(), 0..0, &root_keys(), problems);
    is_version_known(&root, problems).then_some(())?;
    let (mut file, places) = (parts(&root, problems), &mut Places::new());
    file.terms = terms(&root, problems, places);
    for contradiction in file.contradictions() {
        let span = places.get(contradiction.term).cloned();
        problems.add(contradiction.into(), span);
    }
    Some(file)
}

/// The first segments of the names of terms, each once.
pub(super) fn groups() -> Vec<&'static str> {
    let mut groups: Vec<&str> =
        names::TERMS.iter().map(|term| term.name.split_once('.').map_or(term.name, |(group, _)| group)).collect();
    groups.dedup();
    groups.sort_unstable();
    groups.dedup();
    groups
}

fn root_keys() -> Vec<&'static str> {
    let mut keys = groups();
    keys.extend(KEYS);
    keys
}

fn is_version_known(root: &Fields<'_, '_>, problems: &mut Problems) -> bool {
    let Some(node) = root.get(KEYS[0]) else {
        problems.0.clear();
        problems.add(Problem::NotAnAgreementFile, None);
        return false;
    };
    let known = as_number(node) == Some(VERSION);
    if !known {
        problems.0.clear();
        let version = as_number(node).map_or_else(|| "?".to_owned(), |version| version.to_string());
        problems.add(Problem::Version(version), Some(node.span()));
    }
    known
}

fn parts(root: &Fields<'_, '_>, problems: &mut Problems) -> AgreementFile {
    let law = root.word("period_law", &PeriodLaw::WORDS, problems);
    AgreementFile {
        document: document(root, problems),
        parties: parties(root, problems),
        period_law: if law == Some(1) { PeriodLaw::AsWritten } else { PeriodLaw::Eu1182_71 },
        terms: BTreeMap::new(),
        rights: rights(root, problems),
        processings: each(root, "processing", &PROCESSING, processing, problems),
        subprocessors: each(root, "subprocessor", &SUBPROCESSOR, subprocessor, problems),
        measures: each(root, "measure", &MEASURE, measure, problems),
        contacts: each(root, "contact", &CONTACT, contact, problems),
        article28: article28(root, problems),
    }
}

fn each<T>(
    root: &Fields<'_, '_>,
    key: &str,
    allowed: &[&str],
    read: impl Fn(&Fields<'_, '_>, &mut Problems) -> T,
    problems: &mut Problems,
) -> Vec<T> {
    let tables = root.tables(key, allowed, problems);
    tables.iter().map(|fields| read(fields, problems)).collect()
}

fn document(root: &Fields<'_, '_>, problems: &mut Problems) -> Document {
    let Some(fields) = root.table("document", &DOCUMENT, problems) else { return Document::default() };
    let language = fields.word("language", &["en", "fr"], problems);
    let kind = fields.word("kind", &KINDS, problems);
    Document {
        file: fields.text("file", problems).unwrap_or_default(),
        sha256: fields.text_that("sha256", from_reading::is_sha256, Wanted::Hash, problems),
        language: if language == Some(1) { Lang::Fr } else { Lang::En },
        title: fields.text("title", problems),
        kind: kind.and_then(|index| kind_of(KINDS[index])).unwrap_or(Document::default().kind),
    }
}

fn parties(root: &Fields<'_, '_>, problems: &mut Problems) -> Parties {
    let Some(fields) = root.table("parties", &Role::WORDS, problems) else { return Parties::default() };
    let controller = fields.table("controller", &PARTY, problems).map(|fields| party(&fields, problems));
    let processor = fields.table("processor", &PARTY, problems).map(|fields| party(&fields, problems));
    Parties { controller, processor }
}

fn party(fields: &Fields<'_, '_>, problems: &mut Problems) -> Party {
    Party {
        name: fields.required("name", problems),
        called: fields.texts("called", problems),
        address: fields.text("address", problems),
        contact: fields.text("contact", problems),
        place: fields.text_that("place", |code| Place::parse(code).is_ok(), Wanted::Place, problems),
        span: fields.span("span", problems),
    }
}

fn rights(root: &Fields<'_, '_>, problems: &mut Problems) -> Vec<String> {
    let found = root.texts("rights", problems);
    if found.iter().any(|right| !RIGHTS.contains(&right.as_str())) {
        let allowed = RIGHTS.iter().map(|right| (*right).to_owned()).collect();
        problems.add(Problem::Word { key: "rights".to_owned(), allowed }, root.get("rights").map(toml::Spanned::span));
    }
    RIGHTS.iter().filter(|right| found.iter().any(|word| word == *right)).map(|right| (*right).to_owned()).collect()
}

fn processing(fields: &Fields<'_, '_>, problems: &mut Problems) -> Processing {
    let role = fields.word("role", &Role::WORDS, problems);
    Processing {
        role: if role == Some(0) { Role::Controller } else { Role::Processor },
        purpose: fields.required("purpose", problems),
        data: fields.texts("data", problems),
        data_text: fields.texts("data_text", problems),
        subjects: fields.texts("subjects", problems),
        legal_basis: fields.text("legal_basis", problems),
        retention: fields.table("retention", &RETENTION, problems).map(|fields| retention(&fields, problems)),
        span: fields.span("span", problems),
    }
}

fn retention(fields: &Fields<'_, '_>, problems: &mut Problems) -> Retention {
    let is_period = |text: &str| text.parse::<kernel::Period>().is_ok();
    let keep = fields.text_that("keep", is_period, Wanted::Period, problems);
    Retention {
        text: fields.text("text", problems).unwrap_or_default(),
        after: fields.text("after", problems),
        keep: keep.and_then(|keep| keep.parse().ok()),
    }
}

fn subprocessor(fields: &Fields<'_, '_>, problems: &mut Problems) -> Subprocessor {
    Subprocessor {
        name: fields.required("name", problems),
        address: fields.text("address", problems),
        country: fields.text_that("country", from_reading::is_country, Wanted::Country, problems),
        task: fields.text("task", problems),
        contact: fields.text("contact", problems),
        span: fields.span("span", problems),
    }
}

fn measure(fields: &Fields<'_, '_>, problems: &mut Problems) -> Measure {
    Measure {
        measure: fields.required("measure", problems),
        text: fields.text("text", problems).unwrap_or_default(),
        span: fields.span("span", problems),
    }
}

fn contact(fields: &Fields<'_, '_>, problems: &mut Problems) -> Contact {
    let kind = fields.word("kind", &CONTACT_KINDS, problems);
    Contact {
        kind: kind.map_or_else(|| fields.required("kind", problems), |index| CONTACT_KINDS[index].to_owned()),
        value: fields.required("value", problems),
        purpose: fields.required("for", problems),
        span: fields.span("span", problems),
    }
}

/// `g = "full"`, or `g = { state = "full", spans = [[120, 164]] }`.
fn article28(root: &Fields<'_, '_>, problems: &mut Problems) -> BTreeMap<char, Coverage> {
    let letters = LETTERS.map(|letter| letter.to_string());
    let keys = letters.each_ref().map(String::as_str);
    let Some(fields) = root.table("article28", &keys, problems) else { return BTreeMap::new() };
    let mut read = |letter: char, key: &str| Some((letter, coverage(&fields, key, problems)?));
    LETTERS.iter().zip(keys).filter_map(|(letter, key)| read(*letter, key)).collect()
}

fn coverage(fields: &Fields<'_, '_>, key: &str, problems: &mut Problems) -> Option<Coverage> {
    let words = COVERAGE.map(|(word, _)| word);
    let node = fields.get(key)?;
    if as_text(node).is_some() {
        let index = fields.word(key, &words, problems)?;
        return Some(Coverage { state: COVERAGE[index].1, spans: Vec::new() });
    }
    let long = fields.table(key, &["state", "spans"], problems)?;
    if long.get("state").is_none() {
        long.required("state", problems);
    }
    let state = COVERAGE[long.word("state", &words, problems)?].1;
    let spans = long.get("spans").map_or(Some(Vec::new()), |node| match node.get_ref() {
        DeValue::Array(spans) => spans.iter().map(as_span).collect(),
        _ => None,
    });
    if spans.is_none() {
        problems.shape(&long.dotted("spans"), Wanted::Span, node.span());
    }
    Some(Coverage { state, spans: spans? })
}

fn terms(root: &Fields<'_, '_>, problems: &mut Problems, places: &mut Places) -> BTreeMap<String, super::FileTerm> {
    let mut terms = BTreeMap::new();
    for group in groups() {
        let members: Vec<&names::TermName> = names::TERMS
            .iter()
            .filter(|term| term.name.split_once('.').is_some_and(|(first, _)| first == group))
            .collect();
        let keys: Vec<&str> = members.iter().map(|term| &term.name[group.len() + 1..]).collect();
        let single = names::find(group);
        let fields = if single.is_none() { root.table(group, &keys, problems) } else { None };
        let inside = members.iter().zip(&keys).filter_map(|(term, key)| Some((*term, fields.as_ref()?, *key)));
        for (term, fields, key) in inside.chain(single.map(|term| (term, root, group))) {
            let Some(node) = fields.get(key) else { continue };
            places.insert(term.name, fields.key_span(key).unwrap_or_else(|| node.span()));
            if let Some(read) = parse_term::term(term, node, problems) {
                terms.insert(term.name.to_owned(), read);
            }
        }
    }
    terms
}
