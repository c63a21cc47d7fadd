//! What the sender's own words mean, and where they say so.

use super::own::{paragraphs, sentences};
use super::{Proposal, rules};
use crate::fold;
use std::ops::Range;

/// So much of the sender's own words is read for a meaning, in bytes. Nobody asks after ten pages.
const READ_BYTES_MAX: usize = 16 << 10;
/// The longest sentence that is read, in bytes.
const SENTENCE_BYTES_MAX: usize = 2_000;
/// So many places are kept.
const EVIDENCE_MAX: usize = 20;

/// A right of a data subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// Art. 15.
    Access,
    /// Art. 16.
    Rectification,
    /// Art. 17.
    Erasure,
    /// Art. 18.
    Restriction,
    /// Art. 20.
    Portability,
    /// Art. 21, direct marketing included.
    Objection,
    /// Art. 7(3): consent is withdrawn.
    Withdrawal,
}

impl Right {
    /// Every right, in the order of its article but for the last.
    pub const ALL: [Self; 7] = [
        Self::Access,
        Self::Rectification,
        Self::Erasure,
        Self::Restriction,
        Self::Portability,
        Self::Objection,
        Self::Withdrawal,
    ];

    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Portability => "portability",
            Self::Objection => "objection",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// The right a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}

/// What some words mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A data subject exercises this right.
    Right(Right),
    /// A controller objects to a sub-processor.
    SubProcessor,
    /// An incident with personal data is reported.
    Incident,
}

impl Meaning {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Right(right) => right.word(),
            Self::SubProcessor => "sub-processor",
            Self::Incident => "incident",
        }
    }

    /// The meaning a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "sub-processor" => Some(Self::SubProcessor),
            "incident" => Some(Self::Incident),
            word => Right::parse(word).map(Self::Right),
        }
    }
}

/// Where the words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the subject line.
    Subject,
    /// In the text.
    Text,
}

/// Words that mean something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What they mean.
    pub means: Meaning,
    /// Where they stand.
    pub place: Place,
    /// The bytes of the subject or of the text, on borders of characters.
    pub range: Range<usize>,
}

/// Reads the subject and the sender's own words.
pub(super) fn read(subject: &str, text: &str) -> Vec<Evidence> {
    let mut found = Vec::new();
    let fresh = !rules::is_answer(subject);
    let context = rules::Context::of(&format!("{subject}. {}", &text[..text.floor_char_boundary(READ_BYTES_MAX)]));
    if fresh {
        let titled = Sentence { text: subject, range: 0..subject.len(), place: Place::Subject, before: "" };
        titled.read(&context, &mut found);
    }
    let (mut before, mut left) = (String::new(), READ_BYTES_MAX);
    for paragraph in paragraphs(text) {
        for range in sentences(text, paragraph) {
            left = left.saturating_sub(range.len());
            if left == 0 || found.len() >= EVIDENCE_MAX {
                return found;
            }
            let cut = text.floor_char_boundary(range.end.min(range.start + SENTENCE_BYTES_MAX));
            let sentence = Sentence { text, range: range.start..cut, place: Place::Text, before: &before };
            before = sentence.read(&context, &mut found);
        }
    }
    found
}

/// One sentence with what was said just before.
struct Sentence<'t> {
    text: &'t str,
    range: Range<usize>,
    place: Place,
    before: &'t str,
}

impl Sentence<'_> {
    /// Adds what the sentence means; gives its folded words.
    fn read(&self, context: &rules::Context, found: &mut Vec<Evidence>) -> String {
        let folded = fold::fold(self.text, self.range.clone());
        let asked = rules::Asked {
            words: &folded.text,
            before: self.before,
            context,
            in_subject: self.place == Place::Subject,
        };
        for (means, range) in rules::meanings(&asked) {
            let range = trimmed(self.text, folded.origin(range));
            let known = |one: &Evidence| one.means == means && one.place == self.place && one.range == range;
            if !range.is_empty() && !found.iter().any(known) {
                found.push(Evidence { means, place: self.place, range });
            }
        }
        folded.text
    }
}

/// Without the white space around.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start().len());
    start..start + words.trim().len()
}

/// What a message is, from all that its words mean. A request comes first because it is logged here; whoever
/// reads it sees the other marks, too.
pub(super) fn proposal(found: &[Evidence]) -> Option<Proposal> {
    let has = |wanted: fn(&Meaning) -> bool| found.iter().any(|said| wanted(&said.means));
    if has(|means| matches!(means, Meaning::Right(_))) {
        return Some(Proposal::Request);
    }
    if has(|means| *means == Meaning::SubProcessor) {
        return Some(Proposal::Objection);
    }
    has(|means| *means == Meaning::Incident).then_some(Proposal::Incident)
}
