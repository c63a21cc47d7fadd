//! What reading a document yields: the shape of `garant read FILE --json`.
//!
//! Names and shapes are a contract with the programs that consume them. A span is a half-open
//! range of bytes of the original file, or of the extracted text when the file is not text.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A half-open byte range `[start, end)`.
pub type Span = [usize; 2];

/// Everything read from one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The document itself.
    pub document: Document,
    /// Who the agreement names, in which role.
    pub parties: Vec<Party>,
    /// Every name of [`crate::names::TERMS`], in that order.
    pub terms: Vec<Term>,
    /// The processings described, whatever our role in them.
    pub processings: Vec<Processing>,
    /// The sub-processors the text itself lists.
    pub subprocessors: Vec<Subprocessor>,
    /// The rights of data subjects the text enumerates.
    pub rights: Vec<Right>,
    /// The security measures it names.
    pub measures: Vec<Measure>,
    /// Periods that bind somebody else or something else: how long logs are kept, when an invoice is due.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<OtherPeriod>,
    /// Addresses to write to.
    pub contacts: Vec<Contact>,
    /// Letters `a` to `h` of Art. 28(3): what the text says of each.
    pub article28: BTreeMap<String, Coverage>,
    /// What else stands in the text and a check may ask for; empty when nobody looked.
    #[serde(default, skip_serializing_if = "Notes::unread")]
    pub notes: Notes,
    /// What a check of the reading found.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// The term called `name`; every name of the vocabulary is present in a reading.
    #[must_use]
    pub fn term(&self, name: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.name == name)
    }
}

/// The file that was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its name, without folders.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// `text/plain`, `text/markdown` or `text/html`.
    pub media_type: String,
    /// `en` or `fr`.
    pub language: String,
    /// Words of text.
    pub words: usize,
    /// What kind of document it is.
    pub kind: DocumentKind,
}

/// What a document is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// A data processing agreement in the sense of Art. 28(3).
    ProcessorAgreement,
    /// Both a controller part and a processor part.
    Mixed,
    /// A controller's notice to the persons concerned (Arts. 13 and 14).
    PrivacyNotice,
    /// A list of sub-processors by itself.
    SubProcessorList,
    /// Transfer clauses by themselves.
    TransferAddendum,
    /// Anything else.
    #[default]
    Other,
}

/// A party and how the text calls it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// `controller` or `processor`.
    pub role: String,
    /// The name, or the generic word when the text names nobody ("client").
    pub name: String,
    /// The defined terms the text uses for it.
    pub called: Vec<String>,
    /// Its postal address, if given.
    pub address: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// What the text says of one term.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// A name of [`crate::names::TERMS`].
    pub name: String,
    /// How firmly it is said.
    pub state: State,
    /// `null`, `true`, a word, a number, an ISO 8601 duration or a list of words.
    pub value: serde_json::Value,
    /// `"working"` when the days are working days.
    pub days: Option<String>,
    /// The words it was read from, empty when silent.
    pub text: String,
    /// Where they stand; `null` when silent.
    pub span: Option<Span>,
    /// The path of the clause, such as `III.8`.
    pub clause: Option<String>,
    /// From 0 to 1.
    pub confidence: f64,
    /// Further readings: by case when staged, each side when conflicting.
    pub others: Vec<Occurrence>,
}

impl Term {
    /// A term of which the document says nothing.
    #[must_use]
    pub fn silent(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            state: State::Silent,
            value: serde_json::Value::Null,
            days: None,
            text: String::new(),
            span: None,
            clause: None,
            confidence: 1.0,
            others: Vec::new(),
        }
    }
}

/// One more place where a term is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occurrence {
    /// How firmly it is said there.
    pub state: State,
    /// The value read there.
    pub value: serde_json::Value,
    /// `"working"` when the days are working days.
    pub days: Option<String>,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub span: Span,
    /// The path of the clause.
    pub clause: Option<String>,
}

/// How firmly a text says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// With its value.
    Stated,
    /// A duty without a figure.
    Vague,
    /// Only if something else holds.
    Conditional,
    /// Several values, by case.
    Staged,
    /// Two places contradict each other.
    Conflicting,
    /// In another document.
    ByReference,
    /// Left blank.
    Placeholder,
    /// Expressly excluded.
    Negated,
    /// Not said at all.
    Silent,
}

/// One processing described in the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Processing {
    /// The author's role in it: `controller` or `processor`.
    pub role: String,
    /// Its purpose, as written.
    pub purpose: String,
    /// Categories of data, as DPV identifiers.
    pub data: Vec<String>,
    /// Categories of data, as written.
    pub data_text: Vec<String>,
    /// Categories of persons, as written.
    pub subjects: Vec<String>,
    /// The legal basis, as a DPV identifier.
    pub legal_basis: Option<String>,
    /// How long the data are kept.
    pub retention: Option<Retention>,
    /// Where it stands.
    pub span: Span,
}

/// How long data are kept, and from which event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Retention {
    /// As written.
    pub text: String,
    /// The event from which the period runs, such as `end-of-contract`.
    pub after: Option<String>,
    /// The period.
    pub keep: Option<String>,
}

/// A sub-processor listed in the text (Art. 28(2)).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subprocessor {
    /// Its name.
    pub name: String,
    /// Its address, as written.
    pub address: Option<String>,
    /// ISO 3166 code of its country.
    pub country: Option<String>,
    /// What it does.
    pub task: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A right of a data subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Right {
    /// One of [`crate::names::RIGHTS`].
    pub right: String,
    /// Where it stands.
    pub span: Span,
}

/// A security measure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its DPV identifier.
    pub measure: String,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub span: Span,
}

/// A period that is no promise of the processor's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OtherPeriod {
    /// What it limits: `authority` (the notice to the supervisory authority, the controller's own), `logs`, `backups`,
    /// `retention` (evidence and accounts), `payment`, `cure` (of a breach of contract), `liability`, `amendment`.
    pub of: String,
    /// An ISO 8601 duration.
    pub value: String,
    /// `"working"` when the days are working days.
    pub days: Option<String>,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub span: Span,
    /// The path of the clause.
    pub clause: Option<String>,
}

/// An address to write to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// `email`, `post`, `phone` or `url`.
    pub kind: String,
    /// The address.
    pub value: String,
    /// What it is for: `dpo`, `requests`, `breach`, `general`.
    #[serde(rename = "for")]
    pub purpose: String,
    /// Where it stands.
    pub span: Span,
}

/// What a text says of one letter of Art. 28(3).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// How fully.
    pub state: CoverageState,
    /// Where.
    pub spans: Vec<Span>,
}

/// How fully a letter of Art. 28(3) is covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoverageState {
    /// As the law asks.
    Full,
    /// Hedged, optional or thin.
    Weak,
    /// Not at all.
    #[default]
    Absent,
}

/// What a text says beside its terms: how much of it was read, and the places that a check asks for.
///
/// The names are those of the grammar: `says.risk` is something an agreement should say, `trap.anchors`
/// something it should not, and `topic.breach` a place that speaks of breaches at all, so that a
/// finding of silence can tell where we looked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// How many sentences, headings and table rows were read.
    pub sentences: usize,
    /// How many clauses they stand in.
    pub clauses: usize,
    /// The first places of each name, in the order of the text.
    pub found: Vec<Note>,
}

impl Notes {
    /// Whether nobody looked: an agreement file has no text of its own.
    #[must_use]
    pub fn unread(&self) -> bool {
        self.sentences == 0
    }

    /// The places of one name.
    pub fn named<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Note> {
        self.found.iter().filter(move |note| note.name == name)
    }

    /// Whether the text was read and says this somewhere.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// Whether the text was read and says this nowhere.
    #[must_use]
    pub fn lacks(&self, name: &str) -> bool {
        !self.unread() && !self.has(name)
    }
}

/// One place of the text that a check may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is, as the grammar calls it.
    pub name: String,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub span: Span,
    /// The path of the clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// Where we looked for something that the text does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// How many sentences, headings and table rows were read.
    pub sentences: usize,
    /// How many clauses they stand in.
    pub clauses: usize,
    /// Places that speak of the matter, and yet do not say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<Place>,
}

/// A place of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The path of the clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Its bytes.
    pub span: Span,
}

/// A problem that a check reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable code, such as `A28-3-g`, that `garant explain` explains.
    pub code: String,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, in the language asked for.
    pub message: String,
    /// Where, if it stands somewhere.
    pub span: Option<Span>,
    /// What to do.
    pub remedy: String,
    /// Where we looked, when the finding is that the text does not say something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searched: Option<Searched>,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The law requires it: the agreement is not complete without.
    Error,
    /// It can be kept, but not as it stands.
    Warning,
    /// Good practice.
    Advice,
}
