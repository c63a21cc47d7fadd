//! The agreement file: the promises of one agreement as a person has confirmed them, in TOML.
//!
//! GDPR Art. 28(3) wants a contract in writing; this is that contract made executable. People read
//! it, edit it and keep it in git, so it says in plain words what is promised, where the document
//! says it, and who decided it (the document, a person, or a default of ours). It is parsed
//! strictly: a promise misunderstood is worse than a file refused.
//!
//! ```
//! use agreement::AgreementFile;
//! let file = AgreementFile::parse(r#"
//! garant-agreement = 1
//! [breach]
//! notify_controller = "PT72H"
//! [requests]
//! forward = "P1D working"
//! "#).unwrap();
//! assert_eq!(AgreementFile::parse(&file.to_toml()).unwrap(), file);
//! ```

mod contradictions;
mod fields;
mod from_reading;
mod notes;
mod parse;
mod parse_term;
mod problem;
mod term;
mod write;

pub use contradictions::Pair;
pub(crate) use from_reading::value_of as value_from_json;
pub(crate) use parse_term::{VAGUE, WORKING};
pub use problem::{FileProblem, Problem, Wanted, line_column};
pub use term::{FileTerm, Other, Source, Value};

/// The keys each table accepts, for the schema to agree with.
#[cfg(test)]
pub(crate) mod keys {
    pub(crate) use super::parse::{
        CONTACT, DOCUMENT, KEYS as ROOT, MEASURE, PARTY, PROCESSING, RETENTION, SUBPROCESSOR,
    };
    pub(crate) use super::parse_term::{KEYS as TERM, OTHER};
}

use crate::names::{self, Shape};
use crate::reading::{CoverageState, DocumentKind, Span, State};
use kernel::{Lang, Period};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the format, written first in every file.
pub const VERSION: i64 = 1;
/// The largest file accepted, in bytes.
pub const SIZE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// One agreement, as data. A term that is not in `terms` is silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgreementFile {
    /// The document it was read from.
    pub document: Document,
    /// Who is bound.
    pub parties: Parties,
    /// How its periods are counted.
    pub period_law: PeriodLaw,
    /// What it says, by names of [`names::TERMS`]; never a silent one.
    pub terms: BTreeMap<String, FileTerm>,
    /// The rights of data subjects it enumerates, in the order of [`names::RIGHTS`].
    pub rights: Vec<String>,
    /// The processings it describes.
    pub processings: Vec<Processing>,
    /// The sub-processors it lists.
    pub subprocessors: Vec<Subprocessor>,
    /// The measures it names.
    pub measures: Vec<Measure>,
    /// Addresses to write to.
    pub contacts: Vec<Contact>,
    /// How fully it covers letters `a` to `h` of Art. 28(3).
    pub article28: BTreeMap<char, Coverage>,
}

/// The document behind the file.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Document {
    /// Name of the document, without folders.
    #[schemars(default)]
    pub file: String,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Option<String>,
    /// Its language: `en` or `fr`.
    #[schemars(with = "String", extend("enum" = ["en", "fr"]), default)]
    pub language: Lang,
    /// Its title.
    pub title: Option<String>,
    /// What kind of document it is.
    #[schemars(with = "String", extend("enum" = KINDS), default = "agreement_kind")]
    pub kind: DocumentKind,
}

impl Default for Document {
    fn default() -> Self {
        let kind = DocumentKind::ProcessorAgreement;
        Self { file: String::new(), sha256: None, language: Lang::En, title: None, kind }
    }
}

/// What a file without a kind is: people write files for agreements.
fn agreement_kind() -> &'static str {
    KINDS[0]
}

/// The two sides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Parties {
    /// Who decides why and how (Art. 4(7)).
    pub controller: Option<Party>,
    /// Who processes on the controller's behalf (Art. 4(8)).
    pub processor: Option<Party>,
}

/// One side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Party {
    /// Its name, or the generic word when the text names nobody.
    pub name: String,
    /// The defined terms the text uses for it.
    #[schemars(default)]
    pub called: Vec<String>,
    /// Its postal address.
    pub address: Option<String>,
    /// The e-mail address of its contact person.
    pub contact: Option<String>,
    /// Whose working days count for it: `FR`, `FR-57`, `LU`, `any`.
    pub place: Option<String>,
    /// Where the document names it.
    pub span: Option<Span>,
}

/// How periods are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeriodLaw {
    /// By Regulation (EEC, Euratom) 1182/71: ends on working days.
    #[default]
    Eu1182_71,
    /// As written: never moved.
    AsWritten,
}

impl PeriodLaw {
    /// Both, as words of the file.
    pub const WORDS: [&'static str; 2] = ["eu-1182-71", "as-written"];

    /// As written in the file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Eu1182_71 => Self::WORDS[0],
            Self::AsWritten => Self::WORDS[1],
        }
    }
}

/// A party's role in a processing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Decides why and how (Art. 4(7)).
    Controller,
    /// Acts on the controller's behalf (Art. 4(8)).
    #[default]
    Processor,
}

impl Role {
    /// Both, as words of the file.
    pub const WORDS: [&'static str; 2] = ["controller", "processor"];

    /// As written in the file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Controller => Self::WORDS[0],
            Self::Processor => Self::WORDS[1],
        }
    }
}

/// One processing (Art. 30).
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Processing {
    /// The role of the agreement's processor in it.
    #[schemars(default)]
    pub role: Role,
    /// Its purpose.
    pub purpose: String,
    /// Categories of data, as DPV identifiers.
    #[schemars(default)]
    pub data: Vec<String>,
    /// Categories of data, as written.
    #[schemars(default)]
    pub data_text: Vec<String>,
    /// Categories of persons, as written.
    #[schemars(default)]
    pub subjects: Vec<String>,
    /// The legal basis, as a DPV identifier.
    pub legal_basis: Option<String>,
    /// How long the data are kept.
    pub retention: Option<Retention>,
    /// Where the document describes it.
    pub span: Option<Span>,
}

/// How long data are kept (Art. 5(1)(e)).
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Retention {
    /// As written.
    #[schemars(default)]
    pub text: String,
    /// The event from which the period runs.
    pub after: Option<String>,
    /// The period; none when the data go at the event itself.
    #[schemars(with = "Option<String>", regex(pattern = PERIOD_PATTERN))]
    pub keep: Option<Period>,
}

/// What a period looks like, as a regular expression.
pub(crate) const PERIOD_PATTERN: &str = "^P(T[0-9]{1,5}H|[0-9]{1,5}[DWMY])$";

/// A sub-processor (Art. 28(2)).
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Subprocessor {
    /// Its name.
    pub name: String,
    /// Its postal address.
    pub address: Option<String>,
    /// ISO 3166 code of its country, two capital letters.
    #[schemars(regex(pattern = "^[A-Z]{2}$"))]
    pub country: Option<String>,
    /// What it does.
    pub task: Option<String>,
    /// Its contact person or address.
    pub contact: Option<String>,
    /// Where the document names it.
    pub span: Option<Span>,
}

/// A security measure (Art. 32).
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Measure {
    /// Its DPV identifier.
    pub measure: String,
    /// The words.
    #[schemars(default)]
    pub text: String,
    /// Where they stand.
    pub span: Option<Span>,
}

/// An address to write to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Contact {
    /// `email`, `post`, `phone` or `url`.
    #[schemars(extend("enum" = CONTACT_KINDS))]
    pub kind: String,
    /// The address itself.
    pub value: String,
    /// What it is for, such as `dpo`, `requests`, `breach`, `general`.
    #[serde(rename = "for")]
    pub purpose: String,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What the agreement says of one letter of Art. 28(3).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// How fully.
    pub state: CoverageState,
    /// Where.
    pub spans: Vec<Span>,
}

pub(crate) const CONTACT_KINDS: [&str; 4] = ["email", "post", "phone", "url"];
pub(crate) const COVERAGE: [(&str, CoverageState); 3] =
    [("full", CoverageState::Full), ("weak", CoverageState::Weak), ("absent", CoverageState::Absent)];
pub(crate) const KINDS: [&str; 6] =
    ["processor-agreement", "mixed", "privacy-notice", "sub-processor-list", "transfer-addendum", "other"];
pub(crate) const LETTERS: [char; 8] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
pub(crate) const STATES: [(&str, State); 9] = [
    ("stated", State::Stated),
    ("vague", State::Vague),
    ("conditional", State::Conditional),
    ("staged", State::Staged),
    ("conflicting", State::Conflicting),
    ("by-reference", State::ByReference),
    ("placeholder", State::Placeholder),
    ("negated", State::Negated),
    ("silent", State::Silent),
];

/// The state that a word of the file names.
#[must_use]
pub fn state_of(word: &str) -> Option<State> {
    STATES.iter().find(|(known, _)| *known == word).map(|(_, state)| *state)
}

/// The word of the file for a state.
#[must_use]
pub fn state_word(state: State) -> &'static str {
    STATES.iter().find(|(_, known)| *known == state).map_or("silent", |(word, _)| word)
}

/// The word of the file for a kind of document.
pub(crate) fn kind_word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::ProcessorAgreement => KINDS[0],
        DocumentKind::Mixed => KINDS[1],
        DocumentKind::PrivacyNotice => KINDS[2],
        DocumentKind::SubProcessorList => KINDS[3],
        DocumentKind::TransferAddendum => KINDS[4],
        DocumentKind::Other => KINDS[5],
    }
}

/// The kind of document for a word of the file.
pub(crate) fn kind_of(word: &str) -> Option<DocumentKind> {
    use DocumentKind::{Mixed, Other, PrivacyNotice, ProcessorAgreement, SubProcessorList, TransferAddendum};
    let kinds = [ProcessorAgreement, Mixed, PrivacyNotice, SubProcessorList, TransferAddendum, Other];
    kinds.into_iter().find(|kind| kind_word(*kind) == word)
}

impl AgreementFile {
    /// What the agreement says of the term `name`; `None` when it is silent.
    #[must_use]
    pub fn term(&self, name: &str) -> Option<&FileTerm> {
        self.terms.get(name)
    }

    /// Whether the agreement commits somebody to the term `name`, firmly or not.
    #[must_use]
    pub fn promises_term(&self, name: &str) -> bool {
        self.term(name).is_some_and(FileTerm::promised)
    }

    /// The same file with a default of ours wherever a duty has no figure, and wherever the law puts
    /// the duty on the processor although the text is silent. Each is marked `source = "default"`.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        use DocumentKind::{Mixed, Other, ProcessorAgreement};
        // What is no agreement of a processor puts no duty on one.
        let binds = matches!(self.document.kind, ProcessorAgreement | Mixed | Other);
        for name in names::TERMS.iter().map(|term| term.name) {
            let Some(default) = crate::defaults::default_for(name) else { continue };
            let is_term_duration = names::find(name).is_some_and(|term| term.shape == Shape::Duration);
            let open = match self.terms.get(name) {
                None => default.when_silent && binds,
                Some(term) => term.state == State::Vague && term.value.is_none(),
            };
            if is_term_duration && open {
                let term = self.terms.entry(name.to_owned()).or_insert_with(|| {
                    let mut term = FileTerm::stated(Value::Period(default.value));
                    term.source = Source::Default;
                    term
                });
                term.state = State::Stated;
                term.value = Some(Value::Period(default.value));
                term.working = default.working;
                term.source = Source::Default;
            }
        }
        self.admit_contradictions();
        self
    }

    /// The same file as far as the text or a person says it: without the defaults of ours that stand where the
    /// document is silent. A proposal is no promise, so a check still misses what the text does not say.
    #[must_use]
    pub(crate) fn without_proposals(&self) -> Self {
        let proposed = |term: &FileTerm| term.source == Source::Default && !term.cited();
        let mut file = self.clone();
        file.terms.retain(|_, term| !proposed(term));
        file
    }

    /// SHA-256, in hexadecimal, of the file without its comments: two files that say the same have
    /// the same digest, whatever their layout.
    #[must_use]
    pub fn digest(&self) -> String {
        use sha2::{Digest, Sha256};
        let hash = Sha256::digest(write::render(self, write::Comments::Without, None).as_bytes());
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests;
