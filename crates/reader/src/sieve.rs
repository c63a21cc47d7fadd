//! Which rules are worth trying on a sentence: those whose words stand in it at all.
//!
//! A grammar has hundreds of rules and a document thousands of sentences; almost every pair fails, because
//! a word is missing without which the rule cannot hold. Those words are taken from the patterns
//! themselves, never written down a second time, and looked up in one pass over the sentence. A rule that
//! is passed over could not have matched: the sieve changes the time, never the reading.

use crate::{grammar::Rule, pattern::Pattern};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeMap;

/// A set of alternatives larger than this filters too little for what it costs.
const ALTERNATIVES_MAX: usize = 96;
/// A class of characters larger than this is no word.
const CLASS_MAX: usize = 6;

/// The words of all rules, and which rule needs which.
#[derive(Debug)]
pub(crate) struct Sieve {
    matcher: AhoCorasick,
    /// For each word: the rules that ask for it first.
    asked: Vec<Vec<u16>>,
    /// Rules that ask for no word.
    always: Vec<u16>,
    /// For each rule: of each of these sets too, one word must be there. Set after set, with [`END`] behind each.
    needs: Vec<Box<[u16]>>,
}

/// No word: where a set ends.
const END: u16 = u16::MAX;

impl Sieve {
    /// A sieve for some rules, in their order.
    pub(crate) fn new(rules: &[Rule]) -> Result<Self, String> {
        let mut known: BTreeMap<Vec<u8>, u16> = BTreeMap::new();
        let mut needs: Vec<Vec<Vec<u16>>> = rules
            .iter()
            .map(|rule| {
                let parsed = rule.all.iter().map(Pattern::parsed).collect::<Result<Vec<_>, _>>()?;
                let mut sets: Vec<Words> = parsed.iter().flat_map(needed).collect();
                // What is rare is asked first.
                sets.sort_by_key(|set| std::cmp::Reverse(worth(set)));
                sets.dedup();
                Ok(sets.into_iter().filter_map(|set| ids(set, &mut known)).collect())
            })
            .collect::<Result<_, String>>()?;
        let mut words: Vec<(Vec<u8>, u16)> = known.into_iter().collect();
        words.sort_by_key(|(_, id)| *id);
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(words.iter().map(|(word, _)| word))
            .expect("a few thousand short words fit any automaton");
        let (mut asked, mut always) = (vec![Vec::new(); words.len()], Vec::new());
        for (rule, sets) in (0_u16..).zip(&mut needs) {
            if sets.is_empty() {
                always.push(rule);
            } else {
                sets.remove(0).into_iter().for_each(|word| asked[usize::from(word)].push(rule));
            }
        }
        let flat = |sets: Vec<Vec<u16>>| sets.into_iter().flat_map(|set| set.into_iter().chain([END])).collect();
        Ok(Self { matcher, asked, always, needs: needs.into_iter().map(flat).collect() })
    }

    /// The rules, by index and in order, that may hold of a sentence.
    pub(crate) fn pass(&self, sentence: &str) -> Vec<usize> {
        let mut there = vec![false; self.asked.len()];
        // A bit for each rule: they come out in order and once.
        let mut asked = vec![0_u64; self.needs.len().div_ceil(64)];
        let mut ask = |rules: &[u16]| rules.iter().for_each(|rule| asked[usize::from(rule / 64)] |= 1 << (rule % 64));
        ask(&self.always);
        for hit in self.matcher.find_overlapping_iter(sentence) {
            let word = hit.pattern().as_usize();
            if !std::mem::replace(&mut there[word], true) {
                ask(&self.asked[word]);
            }
        }
        let met = |rule: &usize| {
            self.needs[*rule].split_inclusive(|word| *word == END).all(|set| {
                let (_, set) = set.split_last().unwrap_or((&END, &[]));
                set.iter().any(|word| there[usize::from(*word)])
            })
        };
        let bits = |(at, bits): (usize, &u64)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let rule = (bits != 0).then(|| at * 64 + bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(rule)
            })
        };
        asked.iter().enumerate().flat_map(bits).filter(met).collect()
    }
}

/// Words of which one must be there.
type Words = Vec<Vec<u8>>;

fn ids(words: Words, known: &mut BTreeMap<Vec<u8>, u16>) -> Option<Vec<u16>> {
    let number = |word| {
        let next = u16::try_from(known.len()).ok()?;
        Some(*known.entry(word).or_insert(next))
    };
    words.into_iter().map(number).collect()
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
