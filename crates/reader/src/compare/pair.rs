//! The two language versions of one agreement: every difference in meaning, where it stands in each.
//!
//! A translation is not compared word by word. What must agree is what obliges: periods, counts, dates, money,
//! addresses, who, may or must, whether at all, which rights, which clauses. The terms that the reader finds are compared
//! last, so that a difference is told once, where it stands.

use super::{
    CompareError, Side, Version, align,
    align::Match,
    meaning::{self, Of},
    segments::{Prepared, Segment, prepare},
    terms,
};
use crate::blocks::Kind as Block;
use kernel::Lang;
use serde::Serialize;
use std::ops::Range;

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A clause or sentence that only one text has.
    MissingClause,
    /// An item of a list that only one text has.
    MissingItem,
    /// A length of time.
    Period,
    /// A number.
    Number,
    /// A date.
    Date,
    /// A currency or a percentage.
    Money,
    /// May, should or must; or who must.
    Modality,
    /// One text denies what the other affirms.
    Negation,
    /// A mail or web address.
    Contact,
    /// A party's name or address.
    Party,
    /// A sub-processor that only one text lists.
    Subprocessor,
    /// Rights that only one text enumerates.
    Right,
    /// A word in place of another that means something else.
    Wording,
    /// A term of the vocabulary.
    Term,
}

/// One difference in meaning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What kind.
    pub kind: Kind,
    /// Where the English text says it; `None` when it does not.
    pub en: Option<Side>,
    /// Where the French text says it.
    pub fr: Option<Side>,
    #[serde(skip)]
    words: [String; 2],
}

impl Difference {
    /// What differs, for people.
    #[must_use]
    pub fn message(&self, lang: Lang) -> &str {
        &self.words[lang as usize]
    }
}

/// A pair of language versions, compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairing {
    /// Whether the first document given is the English one.
    pub english_first: bool,
    /// Sentences that answer each other.
    pub paired: usize,
    /// In the order of the English text; what only French says comes where it stands.
    pub differences: Vec<Difference>,
}

/// A difference before it has places.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) kind: Kind,
    /// In English and French.
    pub(super) words: [String; 2],
}

/// A pair less alike than this is compared by its figures only: it may be no pair.
const SURE_MIN: f64 = 0.36;

/// Compares an English and a French text, in either order.
///
/// # Errors
/// A [`CompareError`] when one is too long, or when both are in one language.
pub fn pair(first: Version<'_>, second: Version<'_>) -> Result<Pairing, CompareError> {
    let (one, two) = (prepare(first)?, prepare(second)?);
    if one.lang == two.lang {
        return Err(CompareError::SameLanguage { lang: one.lang });
    }
    let english_first = one.lang == Lang::En;
    let (en, fr) = if english_first { (one, two) } else { (two, one) };
    let matches = align::align(&en.segments, &fr.segments, false);
    let mut differences = by_sentence(&en, &fr, &matches);
    let told: Vec<(Kind, Option<Side>, Option<Side>)> =
        differences.iter().map(|found| (found.kind, found.en.clone(), found.fr.clone())).collect();
    for (told_now, left, right) in terms::between(&en, &fr, &matches, &told) {
        differences.push(Difference { kind: told_now.kind, words: told_now.words, en: left, fr: right });
    }
    let paired = matches.iter().filter(|found| !found.left.is_empty() && !found.right.is_empty()).count();
    Ok(Pairing { english_first, paired, differences })
}

fn by_sentence(en: &Prepared, fr: &Prepared, matches: &[Match]) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < matches.len() {
        let one = &matches[index];
        if one.left.is_empty() || one.right.is_empty() {
            let end = run(en, fr, matches, index);
            found.extend(alone(en, fr, matches, index..end));
            index = end;
            continue;
        }
        let (left, right) = (whole(&en.segments, &one.left), whole(&fr.segments, &one.right));
        let told = meaning::differences(Of { document: en, segment: &left }, Of { document: fr, segment: &right });
        let sure = one.likeness >= SURE_MIN;
        let certain = |kind: Kind| sure || matches!(kind, Kind::Period | Kind::Number | Kind::Contact | Kind::Money);
        // A title names; it obliges nobody.
        let bare = left.kind == Block::Heading || right.kind == Block::Heading;
        for told in told.into_iter().filter(|told| certain(told.kind) && (!bare || told.kind < Kind::Modality)) {
            let (en, fr) = (en.side(&one.left), fr.side(&one.right));
            found.push(Difference { kind: told.kind, words: told.words, en, fr });
        }
        index += 1;
    }
    found
}

/// The segments of a match as one.
fn whole(segments: &[Segment], range: &Range<usize>) -> Segment {
    let first = segments[range.start].clone();
    segments[range.start + 1..range.end].iter().fold(first, |all, next| all.joined(next))
}

/// Where a run of sentences of one text and one clause ends that nothing answers.
fn run(en: &Prepared, fr: &Prepared, matches: &[Match], start: usize) -> usize {
    let key = |found: &Match| {
        if found.right.is_empty() && !found.left.is_empty() {
            Some((true, en.segments[found.left.start].clause_index))
        } else if found.left.is_empty() && !found.right.is_empty() {
            Some((false, fr.segments[found.right.start].clause_index))
        } else {
            None
        }
    };
    let wanted = key(&matches[start]);
    start + matches[start..].iter().take_while(|found| key(found) == wanted).count().max(1)
}

fn alone(en: &Prepared, fr: &Prepared, matches: &[Match], run: Range<usize>) -> Option<Difference> {
    let (first, last) = (&matches[run.start], &matches[run.end - 1]);
    let in_english = first.right.is_empty();
    let (document, range) =
        if in_english { (en, first.left.start..last.left.end) } else { (fr, first.right.start..last.right.end) };
    let segments = &document.segments[range.clone()];
    if segments.iter().all(|segment| segment.kind == Block::Heading || is_lead(segment)) {
        return None;
    }
    let item = segments.iter().all(|segment| segment.kind == Block::Item);
    let kind = if item { Kind::MissingItem } else { Kind::MissingClause };
    let what = if item { ["item", "point"] } else { ["sentence", "phrase"] };
    let words = if in_english {
        [format!("{} that only the English text has", what[0]), format!("{} propre au texte anglais", what[1])]
    } else {
        [format!("{} that only the French text has", what[0]), format!("{} propre au texte français", what[1])]
    };
    let side = document.side(&range);
    let (en, fr) = if in_english { (side, None) } else { (None, side) };
    Some(Difference { kind, words, en, fr })
}

/// "Technical measures:" says nothing by itself.
fn is_lead(segment: &Segment) -> bool {
    segment.folded.ends_with(':') && segment.folded.split(' ').count() <= 6
}
