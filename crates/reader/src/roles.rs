//! Who is called what: names, defined terms and generic words become the roles of Art. 4(7) and (8).
//!
//! The same word plays different roles in different agreements ("Subcontractor" is the processor in
//! one and its sub-processor in the next), so each document gets a lexicon of its own.

use crate::{
    deeds, entity,
    fold::{Folded, folded},
    grammar::Words,
    heads,
    names::{self, Named},
};
use agreement::reading::Party;
use aho_corasick::{AhoCorasick, MatchKind};
use std::{collections::BTreeMap, ops::Range};

/// So much of a text shows its habits, in characters.
const SAMPLE_MAX: usize = 60_000;

/// The token of a phrase that stays as it is, whatever its words would be alone: "audit log".
const KEPT: char = '-';

/// Phrases to role tokens, for one document.
pub(crate) struct Lexicon {
    matcher: AhoCorasick,
    tokens: Vec<char>,
}

impl Lexicon {
    pub(crate) fn new(words: &Words, own: &BTreeMap<String, char>) -> Self {
        let mut phrases: BTreeMap<String, char> = words.lexicon.iter().cloned().collect();
        phrases.extend(own.clone());
        let (patterns, tokens): (Vec<String>, Vec<char>) = phrases.into_iter().unzip();
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(patterns)
            .expect("a few hundred short phrases fit any automaton");
        Self { matcher, tokens }
    }

    /// Replaces each mention by its token and drops the determiner before it.
    pub(crate) fn tokenise(&self, folded: &Folded, words: &Words) -> Folded {
        let text = &folded.text;
        let mut out = Folded::default();
        let mut at = 0;
        for hit in self.matcher.find_iter(text) {
            let token = self.tokens[hit.pattern().as_usize()];
            if hit.start() < at || token == KEPT || !is_word(text, hit.range()) {
                continue;
            }
            let before = &text[at..hit.start()];
            let kept = words.determiner.find(before).map_or(hit.start(), |found| at + found.start());
            out.copy(folded, at..kept);
            let dropped = &text[kept..hit.start()];
            let case = if dropped.starts_with("au") {
                "a "
            } else if dropped.starts_with('d') {
                "de "
            } else {
                ""
            };
            out.push_word(case, folded.pair(kept..hit.start()));
            out.push(token.to_ascii_uppercase(), folded.pair(hit.range()));
            at = hit.end();
        }
        out.copy(folded, at..text.len());
        out
    }
}

fn is_word(text: &str, range: Range<usize>) -> bool {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let glued = letter(bytes.get(range.end)) || (range.start > 0 && letter(bytes.get(range.start - 1)));
    !glued
}

/// The parties of a document and its lexicon.
pub(crate) struct Roles {
    pub(crate) parties: Vec<Named>,
    pub(crate) lexicon: Lexicon,
}

/// Finds the parties. `notice` says that the author is the controller (a privacy notice).
pub(crate) fn find(text: &str, words: &Words, notice: bool) -> Roles {
    let plain = heads::unwrapped(text);
    let text = plain.as_ref();
    let mut parties = names::defined(text, words);
    deeds::by_deeds(text, words, &mut parties, notice);
    // "X, SAS au capital de …": the form is said of X.
    for party in &mut parties {
        if let Some(cut) =
            [", SAS", ", SASU", ", SARL", ", SA", ", EURL"].iter().find(|form| party.name.ends_with(**form))
            && text[party.range.end.min(text.len())..].starts_with(" au capital")
        {
            party.name.truncate(party.name.len() - cut.len());
            party.range.end -= cut.len();
        }
    }
    let mut own = BTreeMap::new();
    for party in &parties {
        for call in party.called.iter().chain([&party.name]).chain(&party.aliases) {
            let phrase = folded(call);
            if phrase.len() >= 2 && !entity::is_filler(call) && !is_longer_role(words, &phrase, party.role) {
                plural(&phrase, party.role, &mut own);
            }
        }
    }
    let sample = text.char_indices().nth(SAMPLE_MAX).map_or(text, |(end, _)| &text[..end]);
    let sample = folded(sample);
    helpers(&sample, words, &mut own);
    short_role(&sample, words, &mut own);
    voices(&sample, words, &mut own);
    let lexicon = Lexicon::new(words, &own);
    Roles { parties, lexicon }
}

/// The parties that a list or an addendum about transfers defines, or of which it says what they are; who is
/// known by a word for the role alone stands only beside such a party.
pub(crate) fn said(text: &str, parties: &[Named], words: &Words) -> Vec<Named> {
    let front = names::front(text);
    let sure =
        |party: &Named| !party.called.is_empty() || deeds::evidence(front, &party.name, words) == Some(party.role);
    let someone = parties.iter().any(|party| party.role == 'p' && sure(party));
    let word =
        |party: &Named| names::generic(words, &party.name).is_some() || party.name.starts_with(char::is_lowercase);
    parties.iter().filter(|party| sure(party) || (someone && word(party))).cloned().collect()
}

/// Whether a text also says of its processor that it is the controller of some data.
pub(crate) fn controls_too(text: &str, parties: &[Named], words: &Words) -> bool {
    let front = names::front(text);
    let names =
        parties.iter().filter(|party| party.role == 'p').flat_map(|party| party.called.iter().chain([&party.name]));
    let mut spelt = names.flat_map(|name| [name.clone(), name.to_uppercase()]);
    spelt.any(|name| deeds::said_of(front, &name, words).any(|role| role == 'c'))
}

/// A defined term that the lexicon knows in another role stays there, unless it is a generic word.
fn is_longer_role(words: &Words, phrase: &str, role: char) -> bool {
    let known = words.lexicon.iter().find(|(word, _)| word == phrase);
    known.is_some_and(|(_, token)| *token != role && !words.generic.iter().any(|(word, _)| word == phrase))
}

fn plural(phrase: &str, role: char, own: &mut BTreeMap<String, char>) {
    own.entry(phrase.to_owned()).or_insert(role);
}

/// "Sur instruction du Responsable": the adjective takes no article, the party does.
fn short_role(folded: &str, words: &Words, own: &mut BTreeMap<String, char>) {
    let Some(cue) = words.cues.get("short_role") else { return };
    let mut forms: Vec<&str> = cue.find_iter(folded).map(|hit| &folded[hit.range()]).collect();
    forms.retain(|form| form.ends_with("responsable"));
    if forms.len() >= 3 {
        own.extend(forms.into_iter().map(|form| (form.to_owned(), 'c')));
    }
}

/// "… may engage any supplier (hereinafter the "Suppliers")": a word of this document for sub-processors.
fn helpers(folded: &str, words: &Words, own: &mut BTreeMap<String, char>) {
    let Some(cue) = words.cues.get("names_helpers") else { return };
    for term in cue.groups(folded) {
        let term = folded[term].trim();
        for form in [term, term.trim_end_matches('s')] {
            own.entry(form.to_owned()).or_insert('s');
        }
    }
}

/// "We" and "you" are parties in a document that speaks so.
fn voices(folded: &str, words: &Words, own: &mut BTreeMap<String, char>) {
    let Some(voice) = words.cues.get("we") else { return };
    if voice.find_iter(folded).count() < 4 {
        return;
    }
    for (word, role) in words.lists.get("voices").into_iter().flatten() {
        let token = role.chars().next().unwrap_or('p');
        for part in word.as_str().split('|') {
            own.entry(part.to_owned()).or_insert(token);
        }
    }
}

/// The parties, as a reading holds them.
pub(crate) fn parties(named: &[Named], span: impl Fn(Range<usize>) -> agreement::reading::Span) -> Vec<Party> {
    let role = |token| if token == 'c' { "controller" } else { "processor" };
    named
        .iter()
        .map(|party| Party {
            role: role(party.role).to_owned(),
            name: party.name.clone(),
            called: party.called.clone(),
            address: party.address.clone(),
            span: span(party.range.clone()),
        })
        .collect()
}
