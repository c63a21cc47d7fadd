//! Which patterns are worth trying on a text: those whose words stand in it at all.
//!
//! A grammar has two thousand patterns and a document hundreds of sentences; almost every pair fails, because
//! a word is missing without which the pattern cannot match. Those words are taken from the patterns
//! themselves, never written down a second time, and looked up in one pass over the text. A pattern that
//! is passed over could not have matched: the sieve changes the time, never the reading.

use crate::grammar::Rule;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeMap;

/// A set of alternatives larger than this filters too little for what it costs.
const ALTERNATIVES_MAX: usize = 96;
/// A class of characters larger than this is no word.
const CLASS_MAX: usize = 6;

/// The words of a grammar's patterns, each with its number, while they are gathered.
#[derive(Default)]
pub(crate) struct Vocabulary(BTreeMap<Vec<u8>, u16>);

impl Vocabulary {
    /// The words a pattern asks for.
    pub(crate) fn needs(&mut self, hir: &Hir) -> Needs {
        let mut sets = needed(hir);
        sets.retain(|set| !set.iter().any(|word| is_everywhere(word)));
        // What is rare is asked first.
        sets.sort_by_key(|set| std::cmp::Reverse(worth(set)));
        sets.dedup();
        Needs(
            sets.into_iter().filter_map(|set| self.numbers(set)).flat_map(|set| set.into_iter().chain([END])).collect(),
        )
    }

    fn numbers(&mut self, words: Words) -> Option<Vec<u16>> {
        let number = |word| {
            let next = u16::try_from(self.0.len()).ok().filter(|next| *next < END)?;
            Some(*self.0.entry(word).or_insert(next))
        };
        words.into_iter().map(number).collect()
    }
}

/// Of each of these sets one word must be there, or the pattern does not match. Set after set, with [`END`] behind each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs(Box<[u16]>);

/// No word: where a set ends.
const END: u16 = u16::MAX;

impl Needs {
    /// Whether a text has a word of each set.
    pub(crate) fn are_met(&self, present: &Present) -> bool {
        self.sets().all(|set| set.iter().any(|word| present.has(*word)))
    }

    fn sets(&self) -> impl Iterator<Item = &[u16]> {
        self.0.split(|word| *word == END).filter(|set| !set.is_empty())
    }
}

/// Which words of a grammar's patterns stand in a text: a bit for each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Present(Box<[u64]>);

impl Present {
    fn has(&self, word: u16) -> bool {
        self.0.get(usize::from(word / 64)).is_some_and(|bits| bits >> (word % 64) & 1 == 1)
    }
}

/// The numbers of the bits that are set, in order.
fn set_bits(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(at, bits)| {
        let mut bits = *bits;
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| at * 64 + bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
            Some(bit)
        })
    })
}

/// Looks the words of all patterns up, and knows which rule needs which.
#[derive(Debug)]
pub(crate) struct Sieve {
    matcher: AhoCorasick,
    /// How many words there are.
    words: usize,
    /// For each word: the rules that ask for it first.
    asked: Vec<Vec<u16>>,
    /// Rules that ask for no word.
    always: Vec<u16>,
    /// How many rules there are.
    rules: usize,
}

impl Sieve {
    /// A sieve for some rules, in their order, and for all patterns that have told their words.
    pub(crate) fn new(vocabulary: Vocabulary, rules: &[Rule]) -> Self {
        let mut words: Vec<(Vec<u8>, u16)> = vocabulary.0.into_iter().collect();
        words.sort_by_key(|(_, number)| *number);
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(words.iter().map(|(word, _)| word))
            .expect("a few thousand short words fit any automaton");
        let (mut asked, mut always) = (vec![Vec::new(); words.len()], Vec::new());
        let length = |word: &u16| words[usize::from(*word)].0.len();
        for (number, rule) in (0_u16..).zip(rules) {
            let sets = rule.all.iter().filter_map(|pattern| pattern.needs().sets().next());
            let rarest = sets.max_by_key(|set| (set.iter().map(length).min(), std::cmp::Reverse(set.len())));
            match rarest {
                Some(set) => set.iter().for_each(|word| asked[usize::from(*word)].push(number)),
                None => always.push(number),
            }
        }
        Self { matcher, words: words.len(), asked, always, rules: rules.len() }
    }

    /// The words that stand in a text.
    pub(crate) fn words(&self, text: &str) -> Present {
        let mut bits = vec![0_u64; self.words.div_ceil(64)];
        for hit in self.matcher.find_overlapping_iter(text) {
            let word = hit.pattern().as_usize();
            bits[word / 64] |= 1 << (word % 64);
        }
        Present(bits.into())
    }

    /// The rules, by index and in order, that may hold of a sentence with these words.
    pub(crate) fn pass(&self, rules: &[Rule], present: &Present) -> Vec<usize> {
        // A bit for each rule: they come out in order and once.
        let mut asked = vec![0_u64; self.rules.div_ceil(64)];
        let mut ask = |rules: &[u16]| rules.iter().for_each(|rule| asked[usize::from(rule / 64)] |= 1 << (rule % 64));
        ask(&self.always);
        set_bits(&present.0).for_each(|word| ask(&self.asked[word]));
        let met = |rule: &usize| rules[*rule].all.iter().all(|pattern| pattern.needs().are_met(present));
        set_bits(&asked).filter(met).collect()
    }
}

/// Words of which one must be there.
type Words = Vec<Vec<u8>>;

/// A word found in every sentence tells nothing.
fn is_everywhere(word: &[u8]) -> bool {
    matches!(word, [] | [b' ' | b'a'..=b'z'])
}

/// The words of which every match has one, as few and long as there are.
pub(crate) fn rarest(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    needed(hir).into_iter().max_by_key(|set| worth(set))
}

/// Sets of words; every match has a word of each.
fn needed(hir: &Hir) -> Vec<Words> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Vec::new(),
        HirKind::Literal(literal) => vec![vec![literal.0.to_vec()]],
        HirKind::Class(class) => letters(class).into_iter().collect(),
        HirKind::Repetition(repetition) if repetition.min == 0 => Vec::new(),
        HirKind::Repetition(repetition) => needed(&repetition.sub),
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(needed).collect(),
        HirKind::Alternation(parts) => {
            // One way is enough: a word of the rarest set of each.
            let all: Option<Vec<Words>> = parts.iter().map(rarest).collect();
            let mut all = all.unwrap_or_default().concat();
            all.sort();
            all.dedup();
            if all.is_empty() || all.len() > ALTERNATIVES_MAX { Vec::new() } else { vec![all] }
        }
    }
}

/// Long words filter best, then few of them.
fn worth(words: &[Vec<u8>]) -> (usize, std::cmp::Reverse<usize>) {
    (words.iter().map(Vec::len).min().unwrap_or(0), std::cmp::Reverse(words.len()))
}

fn letters(class: &Class) -> Option<Words> {
    let Class::Unicode(class) = class else { return None };
    let count: u32 = class.iter().map(|range| range.end() as u32 - range.start() as u32 + 1).sum();
    let few = usize::try_from(count).is_ok_and(|count| (1..=CLASS_MAX).contains(&count));
    few.then(|| {
        class.iter().flat_map(|range| range.start()..=range.end()).map(|c| c.to_string().into_bytes()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Pattern;

    fn words(pattern: &str) -> Vec<Vec<String>> {
        let text = |word: Vec<u8>| String::from_utf8(word).unwrap();
        needed(&Pattern::new(pattern).parsed().unwrap())
            .into_iter()
            .map(|set| set.into_iter().map(text).collect())
            .collect()
    }

    #[test]
    fn a_pattern_says_which_words_it_cannot_do_without() {
        assert_eq!(words(r"\b(?:delet|eras)\w*"), [["delet", "eras"]]);
        assert_eq!(words(r"[SP]\b"), [["P", "S"]]);
        assert_eq!(words(r"(?:audit )+of"), [["audit "], ["of"]]);
        assert_eq!(words(r"\w+ing.*(?:a day|a week)"), [vec!["ing"], vec!["a day", "a week"]]);
        for open in [r"(?:audit)?", r"audit|.*", r"\w*", r"\b"] {
            assert!(words(open).is_empty(), "{open}: there is a way round every word");
        }
    }
}
