//! Two versions of an agreement: its terms one by one, and its clauses word by word.
//!
//! A controller who is sent a new version asks three things: what did I lose, what did I gain, and what was only moved.
//! So a change of a term says for whom it is stricter or weaker where the term has an order, and a clause that stands
//! elsewhere under another number is told as moved, not as gone and new.

pub use super::words::Piece;
use super::{
    CompareError, Side, Version, align,
    order::{self, Direction},
    segments::{Prepared, prepare},
    words::pieces,
};
use crate::blocks::Kind as Block;
use agreement::{
    AgreementFile,
    file::FileTerm,
    names::TERMS,
    reading::{Span, State},
    text::value_text,
};
use kernel::Lang;
use serde::Serialize;
use std::{collections::BTreeMap, ops::Range};

/// Two versions, compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Terms, rights, parties, sub-processors, retention, measures and contacts that changed, in the order of the
    /// vocabulary.
    pub terms: Vec<TermChange>,
    /// Clauses that changed, in the order of the new version; empty when an agreement file was compared.
    pub clauses: Vec<Change>,
}

impl Comparison {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.clauses.is_empty()
    }
}

/// A term that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TermChange {
    /// `breach.notify_controller`, `rights.access`, `subprocessor.Acme`.
    pub name: String,
    /// What it was; `None` when it was not said.
    pub old: Option<TermEnd>,
    /// What it is.
    pub new: Option<TermEnd>,
    /// For whom it is stricter or weaker, where that can be said.
    pub direction: Option<Direction>,
    #[serde(skip)]
    title: [String; 2],
}

impl TermChange {
    /// What it is about, for people.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        &self.title[lang as usize]
    }

    /// Whether only its place changed.
    #[must_use]
    pub fn is_move(&self) -> bool {
        matches!((&self.old, &self.new), (Some(old), Some(new)) if old.words == new.words && old.state == new.state)
    }
}

/// One end of a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TermEnd {
    /// How firmly; `None` for what is no term of the vocabulary.
    pub state: Option<State>,
    /// The clause.
    pub clause: Option<String>,
    /// The bytes of its document.
    pub span: Option<Span>,
    /// The words it was read from.
    pub text: String,
    #[serde(skip)]
    words: [String; 2],
}

impl TermEnd {
    /// The value, for people.
    #[must_use]
    pub fn value(&self, lang: Lang) -> &str {
        &self.words[lang as usize]
    }
}

/// What became of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// New.
    Added,
    /// Gone.
    Removed,
    /// Other words.
    Changed,
    /// The same words, elsewhere or under another number.
    Moved,
}

/// A clause that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// Where it stood.
    pub old: Option<Side>,
    /// Where it stands.
    pub new: Option<Side>,
    /// Word by word, when its words changed.
    pub pieces: Vec<Piece>,
}

/// Compares two versions of a document in one language.
///
/// # Errors
/// A [`CompareError`] when one is too long, or when their languages differ.
pub fn diff(old: Version<'_>, new: Version<'_>) -> Result<Comparison, CompareError> {
    let (old, new) = (prepare(old)?, prepare(new)?);
    if old.lang != new.lang {
        return Err(CompareError::OtherLanguage);
    }
    let files = [&old, &new].map(|of| AgreementFile::from_reading(&of.reading));
    let terms = diff_files(&files[0], &files[1]).terms;
    Ok(Comparison { terms, clauses: clauses(&old, &new) })
}

/// Compares two agreement files: what they say, not where their documents say it in which words.
#[must_use]
pub fn diff_files(old: &AgreementFile, new: &AgreementFile) -> Comparison {
    let mut terms: Vec<TermChange> = Vec::new();
    for name in TERMS {
        let (before, after) = (old.term(name.name), new.term(name.name));
        if same(before, after) {
            continue;
        }
        terms.push(TermChange {
            name: name.name.to_owned(),
            old: before.map(end),
            new: after.map(end),
            direction: order::direction(name.name, before, after),
            title: [name.en.to_owned(), name.fr.to_owned()],
        });
    }
    terms.extend(lists(old, new));
    Comparison { terms, clauses: Vec::new() }
}

/// The same value said as firmly in the same clause.
fn same(old: Option<&FileTerm>, new: Option<&FileTerm>) -> bool {
    match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            let readings =
                |term: &FileTerm| term.others.iter().map(|o| (o.value.clone(), o.working)).collect::<Vec<_>>();
            let clause = old.clause == new.clause || old.clause.is_none() || new.clause.is_none();
            (old.state, &old.value, old.working) == (new.state, &new.value, new.working)
                && readings(old) == readings(new)
                && clause
        }
        _ => false,
    }
}

fn end(term: &FileTerm) -> TermEnd {
    TermEnd {
        state: Some(term.state),
        clause: term.clause.clone(),
        span: term.span,
        text: term.text.clone(),
        words: Lang::ALL.map(|lang| {
            let (value, state) = (value_text(term, lang), agreement::text::state_text(term.state, lang));
            let plain = term.state == State::Stated || value == state;
            if plain { value } else { format!("{value} ({state})") }
        }),
    }
}

type Rows = BTreeMap<String, (String, Option<Span>)>;

/// What is enumerated: rights, parties, sub-processors, retention, measures, contacts.
fn lists(old: &AgreementFile, new: &AgreementFile) -> Vec<TermChange> {
    use Direction::{MoreForController, StricterForProcessor};
    type Table = (&'static str, [&'static str; 2], fn(&AgreementFile) -> Rows, Option<Direction>);
    let tables: [Table; 6] = [
        ("rights", ["right", "droit"], rights, Some(StricterForProcessor)),
        ("party", ["party", "partie"], parties, None),
        ("subprocessor", ["sub-processor", "sous-traitant ultérieur"], subprocessors, None),
        ("retention", ["retention", "conservation"], retentions, None),
        ("measure", ["measure", "mesure"], measures, Some(MoreForController)),
        ("contact", ["contact", "contact"], contacts, None),
    ];
    let mut found = Vec::new();
    for (table, title, rows, gain) in tables {
        let (before, after) = (rows(old), rows(new));
        let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let (one, two) = (before.get(name), after.get(name));
            if one.map(|row| &row.0) == two.map(|row| &row.0) {
                continue;
            }
            let direction = match (one, two) {
                (None, Some(_)) => gain,
                (Some(_), None) => gain.map(|gain| match gain {
                    MoreForController => Direction::LessForController,
                    _ => Direction::WeakerForProcessor,
                }),
                _ => None,
            };
            found.push(TermChange {
                name: format!("{table}.{name}"),
                old: one.map(row_end),
                new: two.map(row_end),
                direction,
                title: title.map(|title| format!("{title} {name}")),
            });
        }
    }
    found
}

fn row_end((words, span): &(String, Option<Span>)) -> TermEnd {
    let words = if words.is_empty() { ["yes", "oui"].map(str::to_owned) } else { [words.clone(), words.clone()] };
    TermEnd { state: None, clause: None, span: *span, text: String::new(), words }
}

fn rights(file: &AgreementFile) -> Rows {
    file.rights.iter().map(|right| (right.clone(), (String::new(), None))).collect()
}

fn parties(file: &AgreementFile) -> Rows {
    let of = |role: &str, party: &Option<agreement::file::Party>| {
        let party = party.as_ref()?;
        let words = [Some(&party.name), party.address.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>();
        Some((role.to_owned(), (words.join(", "), party.span)))
    };
    [of("controller", &file.parties.controller), of("processor", &file.parties.processor)]
        .into_iter()
        .flatten()
        .collect()
}

fn subprocessors(file: &AgreementFile) -> Rows {
    let about = |sub: &agreement::file::Subprocessor| {
        [&sub.address, &sub.country, &sub.task].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    };
    file.subprocessors.iter().map(|sub| (sub.name.clone(), (about(sub), sub.span))).collect()
}

/// By purpose; two processings of one purpose are told apart by their order.
fn retentions(file: &AgreementFile) -> Rows {
    let mut rows = Rows::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for processing in &file.processings {
        let count = seen.entry(&processing.purpose).or_default();
        *count += 1;
        if let Some(retention) = &processing.retention {
            let name = &processing.purpose;
            let name = if *count == 1 { name.clone() } else { format!("{name} ({count})") };
            rows.insert(name, (retention.text.clone(), processing.span));
        }
    }
    rows
}

fn measures(file: &AgreementFile) -> Rows {
    file.measures.iter().map(|measure| (measure.measure.clone(), (String::new(), measure.span))).collect()
}

fn contacts(file: &AgreementFile) -> Rows {
    file.contacts.iter().map(|contact| (contact.value.clone(), (contact.purpose.clone(), contact.span))).collect()
}

fn clauses(old: &Prepared, new: &Prepared) -> Vec<Change> {
    let matches = align::align(&old.segments, &new.segments, true);
    let mut found: Vec<Change> = Vec::new();
    let mut renamed: Option<(Option<String>, Option<String>)> = None;
    for one in &matches {
        if let Some(change) = change(old, new, one) {
            let ends = (path(&change.old), path(&change.new));
            // A clause that moves takes its sentences along: told once.
            let again = change.kind == ChangeKind::Moved && renamed.as_ref() == Some(&ends);
            if change.kind == ChangeKind::Moved {
                renamed = Some(ends);
            }
            if !again {
                join(&mut found, change);
            }
        }
    }
    found
}

fn path(side: &Option<Side>) -> Option<String> {
    side.as_ref().and_then(|side| side.clause.clone())
}

/// Neighbours of one clause that are new, or gone, are one change.
fn join(found: &mut Vec<Change>, change: Change) {
    let alone = matches!(change.kind, ChangeKind::Added | ChangeKind::Removed);
    if let Some(last) = found.last_mut().filter(|last| alone && last.kind == change.kind) {
        let pick = |change: &Change| change.old.clone().or_else(|| change.new.clone());
        if let (Some(before), Some(next)) = (pick(last), pick(&change))
            && before.clause == next.clause
        {
            let side = Side {
                span: [before.span[0], next.span[1]],
                text: format!("{}\n{}", before.text, next.text),
                ..before
            };
            if last.kind == ChangeKind::Added {
                last.new = Some(side);
            } else {
                last.old = Some(side);
            }
            return;
        }
    }
    found.push(change);
}

fn change(old: &Prepared, new: &Prepared, one: &align::Match) -> Option<Change> {
    let (before, after) = (old.side(&one.left), new.side(&one.right));
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (before, after) {
        (Some(before), Some(after)) => {
            let words = |of: &Prepared, range: &Range<usize>| {
                plain(
                    &of.segments[range.clone()]
                        .iter()
                        .map(|segment| segment.text.as_str())
                        .collect::<Vec<_>>()
                        .join(" "),
                )
            };
            let (one_text, two_text) = (words(old, &one.left), words(new, &one.right));
            let heading = old.segments[one.left.start].kind == Block::Heading;
            if one_text == two_text {
                let renumbered = before.clause != after.clause && (heading || before.clause.is_some());
                let moved = one.moved || renumbered;
                return moved.then(|| Change {
                    kind: ChangeKind::Moved,
                    old: Some(before),
                    new: Some(after),
                    pieces: Vec::new(),
                });
            }
            let pieces = pieces(&one_text, &two_text);
            Some(Change { kind: ChangeKind::Changed, old: Some(before), new: Some(after), pieces })
        }
        (Some(before), None) => {
            Some(Change { kind: ChangeKind::Removed, old: Some(before), new: None, pieces: Vec::new() })
        }
        (None, Some(after)) => {
            Some(Change { kind: ChangeKind::Added, old: None, new: Some(after), pieces: Vec::new() })
        }
        (None, None) => None,
    }
}
