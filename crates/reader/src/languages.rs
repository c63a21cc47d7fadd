//! Documents in two languages: which words are in which, and one reading out of two.
//!
//! Agreements of two countries stand in two columns, in alternating clauses, or one version after the
//! other. A grammar reads one language; so each language is read by itself, with the words of the other
//! blanked out (every byte keeps its place), and what both say is said once.

use crate::{facts, text::Text};
use agreement::names::{self, Shape};
use agreement::reading::{CoverageState, DocumentKind, Occurrence, Reading, State, Term};
use kernel::Lang;
use std::ops::Range;

/// A piece with so many more small words of one language is in that language.
const CLEAR_MIN: usize = 2;
/// The second language has at least so many small words …
const SECOND_MIN: usize = 10;
/// … and at least one in so many of all.
const SECOND_OF: usize = 5;

/// The small words of each language in a text: English, French.
pub(crate) fn small_words(text: &str) -> (usize, usize) {
    count(text, small)
}

/// Small words, and those of agreements: a clause may be short.
fn telling_words(text: &str) -> (usize, usize) {
    count(text, |word| match word {
        "between" | "any" | "its" | "not" | "at" | "from" | "data" | "personal" | "agreement" => Some(Lang::En),
        "entre" | "de" | "sur" | "ne" | "que" | "pour" | "donnees" | "personnelles" | "accord" => Some(Lang::Fr),
        _ => small(word),
    })
}

fn small(word: &str) -> Option<Lang> {
    match word {
        "the" | "of" | "and" | "to" | "shall" | "by" | "with" | "is" | "for" | "be" => Some(Lang::En),
        "le" | "la" | "les" | "des" | "et" | "du" | "une" | "aux" | "dans" | "par" | "au" | "est" => Some(Lang::Fr),
        _ => None,
    }
}

fn count(text: &str, lang: impl Fn(&str) -> Option<Lang>) -> (usize, usize) {
    let (mut english, mut french) = (0, 0);
    for word in crate::fold::folded(text).split(|c: char| !c.is_ascii_alphabetic()) {
        match lang(word) {
            Some(Lang::En) => english += 1,
            Some(Lang::Fr) => french += 1,
            None => {}
        }
    }
    (english, french)
}

/// A title has at most so many words.
const TITLE_WORDS: usize = 6;

/// A piece of a document: a paragraph, or a cell of a row.
struct Piece {
    range: Range<usize>,
    /// `None` when nothing tells, as in a name or a number.
    lang: Option<Lang>,
    /// How many words tell it, of both languages.
    words: usize,
}

/// The text of each language alone, the dominant one first; one text when there is one language.
pub(crate) fn versions(text: &Text) -> Vec<(Lang, Text)> {
    let pieces = pieces(text.as_str());
    let count = |lang| -> usize {
        let own = pieces.iter().filter(|piece| piece.lang == Some(lang));
        own.map(|piece| piece.range.len()).sum()
    };
    let dominant = dominant(count(Lang::En), count(Lang::Fr), pieces.iter().find_map(|piece| piece.lang));
    let second = if dominant == Lang::En { Lang::Fr } else { Lang::En };
    if !is_second(&pieces, second) {
        return Vec::new();
    }
    [dominant, second].into_iter().map(|lang| (lang, alone(text, &pieces, lang))).collect()
}

/// The longer version; of two that are about as long, the one that comes first.
fn dominant(english: usize, french: usize, first: Option<Lang>) -> Lang {
    let longer = if french > english { Lang::Fr } else { Lang::En };
    let alike = english.min(french) * 2 > english.max(french);
    first.filter(|_| alike).unwrap_or(longer)
}

fn is_second(pieces: &[Piece], second: Lang) -> bool {
    let words = |piece: &Piece| piece.words;
    let all: usize = pieces.iter().map(words).sum();
    let own: usize = pieces.iter().filter(|piece| piece.lang == Some(second)).map(words).sum();
    own >= SECOND_MIN && own * SECOND_OF >= all
}

/// Blanks out what is surely in another language.
fn alone(text: &Text, pieces: &[Piece], lang: Lang) -> Text {
    let mut bytes = text.as_str().as_bytes().to_vec();
    for piece in pieces.iter().filter(|piece| piece.lang.is_some_and(|own| own != lang)) {
        for byte in &mut bytes[piece.range.clone()] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).map_or_else(|_| text.clone(), |words| text.with(words))
}

/// The pieces of a text in order. A name or a title that tells no language stays in both.
fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut start = at;
        for cell in line.split_inclusive(" | ") {
            let range = start..start + cell.len();
            start = range.end;
            if !cell.trim().is_empty() {
                let counts = telling_words(cell);
                found.push(Piece { lang: clear(cell, counts), words: counts.0 + counts.1, range });
            }
        }
        at += line.len();
    }
    found
}

/// The language of a piece, when twice as many words tell it.
fn clear(piece: &str, (english, french): (usize, usize)) -> Option<Lang> {
    let clear = |own: usize, other: usize| own > other * 2 && own >= other + CLEAR_MIN;
    if titular(piece) {
        None
    } else if clear(english, french) {
        Some(Lang::En)
    } else if clear(french, english) {
        Some(Lang::Fr)
    } else {
        None
    }
}

/// A title holds the number of its clause, which both languages need.
fn titular(piece: &str) -> bool {
    piece.split_whitespace().count() <= TITLE_WORDS && !piece.trim().ends_with(['.', ';', ':', ',', '|'])
}

/// Adds what the second language says to what the first says.
pub(crate) fn merge(into: &mut Reading, other: Reading) {
    if into.document.kind == DocumentKind::Other {
        into.document.kind = other.document.kind;
    }
    let terms = std::mem::take(&mut into.terms);
    into.terms = terms.into_iter().zip(other.terms).map(|(first, second)| both(first, second)).collect();
    for (letter, coverage) in other.article28 {
        let known = into.article28.entry(letter).or_default();
        let better = |state| match state {
            CoverageState::Full => 2,
            CoverageState::Weak => 1,
            CoverageState::Absent => 0,
        };
        if better(coverage.state) > better(known.state) {
            *known = coverage;
        }
    }
    for party in other.parties {
        match into.parties.iter_mut().find(|known| known.role == party.role) {
            Some(known) => {
                let names = party.called.into_iter().chain([party.name]);
                known.called.extend(names.filter(|name| *name != known.name).collect::<Vec<_>>());
                known.called.sort();
                known.called.dedup();
            }
            None => into.parties.push(party),
        }
    }
    add(&mut into.subprocessors, other.subprocessors, |entry| crate::fold::folded(&entry.name));
    add(&mut into.rights, other.rights, |right| right.right.clone());
    add(&mut into.measures, other.measures, |measure| measure.measure.clone());
    add(&mut into.periods, other.periods, |period| (period.of.clone(), period.value.clone()));
    add(&mut into.contacts, other.contacts, |contact| contact.value.clone());
    into.notes.sentences += other.notes.sentences;
    into.notes.clauses = into.notes.clauses.max(other.notes.clauses);
    into.notes.found.extend(other.notes.found);
    if into.processings.is_empty() {
        into.processings = other.processings;
    }
}

fn add<T, K: PartialEq>(into: &mut Vec<T>, more: Vec<T>, key: impl Fn(&T) -> K) {
    for entry in more {
        if !into.iter().any(|known| key(known) == key(&entry)) {
            into.push(entry);
        }
    }
}

/// One term out of two: what one language leaves out, the other says; two figures are a contradiction.
fn both(first: Term, second: Term) -> Term {
    match (firm(&first), firm(&second)) {
        _ if second.state == State::Silent => first,
        _ if first.state == State::Silent => second,
        (true, true) if contradict(&first, &second) => contradiction(first, &second),
        (false, true) if first.state != State::Conflicting => second,
        _ => first,
    }
}

fn firm(term: &Term) -> bool {
    matches!(term.state, State::Stated | State::Staged | State::Conditional | State::Negated)
}

fn contradict(first: &Term, second: &Term) -> bool {
    // Words as written differ between languages; figures and words of a list do not.
    let comparable = names::find(&first.name)
        .is_some_and(|name| matches!(name.shape, Shape::Flag | Shape::Duration | Shape::Number | Shape::Word(_)));
    let refused = (first.state == State::Negated) != (second.state == State::Negated);
    comparable && (refused || (&first.value, &first.days) != (&second.value, &second.days))
}

fn contradiction(mut first: Term, second: &Term) -> Term {
    let each: Vec<Occurrence> = [&first, second].into_iter().filter_map(facts::terms::first).collect();
    first.others = each;
    first.state = State::Conflicting;
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn langs(text: &str) -> Vec<Option<Lang>> {
        pieces(text).into_iter().map(|piece| piece.lang).collect()
    }

    #[test]
    fn cells_go_by_themselves_and_titles_stay_in_both() {
        let (en, fr) = (Some(Lang::En), Some(Lang::Fr));
        assert_eq!(langs("2. Breaches\nThe data of the controller is kept safe.\n"), vec![None, en]);
        assert_eq!(langs("The end of the contract. | La fin du contrat.\n"), vec![en, fr]);
        assert_eq!(langs("OVH SAS, Roubaix.\n"), vec![None]);
    }

    /// A side of a contradiction is chosen by a person: "by case" is nothing that one side could say alone.
    #[test]
    fn each_version_is_a_side_that_stands_alone() {
        let read = |state, value: &str| Term {
            state,
            value: value.into(),
            span: Some([0, 4]),
            ..Term::silent("breach.notify_controller")
        };
        let term = both(read(State::Staged, "PT24H"), read(State::Stated, "PT72H"));
        let sides: Vec<_> = term.others.iter().map(|side| (side.state, side.value.as_str())).collect();
        assert_eq!(term.state, State::Conflicting);
        assert_eq!(sides, [(State::Stated, Some("PT24H")), (State::Stated, Some("PT72H"))]);
    }

    #[test]
    fn one_language_with_a_few_foreign_words_is_one_language() {
        let text =
            crate::extract(b"The contract of the client is in force. Le client est averti par la lettre.", "a.txt");
        assert!(versions(&text.unwrap()).is_empty());
    }
}
