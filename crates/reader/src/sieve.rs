//! Which rules are worth trying on a sentence: those whose words stand in it at all.
//!
//! A grammar has hundreds of rules and a document thousands of sentences; almost every pair fails, because
//! a word is missing without which the rule cannot hold. Those words are taken from the patterns
//! themselves, never written down a second time, and looked up in one pass over the sentence. A rule that
//! is passed over could not have matched: the sieve changes the time, never the reading.

use crate::grammar::Rule;
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
    words: usize,
    /// For each rule: of each of these sets, one word must be there.
    needs: Vec<Vec<Vec<u16>>>,
}

impl Sieve {
    /// A sieve for some rules, in their order.
    pub(crate) fn new(rules: &[Rule]) -> Self {
        let mut known: BTreeMap<Vec<u8>, u16> = BTreeMap::new();
        let needs = rules.iter().map(|rule| rule.all.iter().filter_map(|all| ids(all.as_str(), &mut known)).collect());
        let needs: Vec<Vec<Vec<u16>>> = needs.collect();
        let mut words: Vec<(Vec<u8>, u16)> = known.into_iter().collect();
        words.sort_by_key(|(_, id)| *id);
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(words.iter().map(|(word, _)| word))
            .expect("a few thousand short words fit any automaton");
        Self { matcher, words: words.len(), needs }
    }

    /// The rules, by index and in order, that may hold of a sentence.
    pub(crate) fn pass<'s>(&'s self, sentence: &str) -> impl Iterator<Item = usize> + use<'s> {
        let mut there = vec![false; self.words];
        for hit in self.matcher.find_overlapping_iter(sentence) {
            there[hit.pattern().as_usize()] = true;
        }
        let met = move |needs: &Vec<Vec<u16>>| needs.iter().all(|set| set.iter().any(|id| there[usize::from(*id)]));
        self.needs.iter().enumerate().filter(move |(_, needs)| met(needs)).map(|(index, _)| index)
    }
}

/// The words of which one is in every match of a pattern, as numbers.
fn ids(pattern: &str, known: &mut BTreeMap<Vec<u8>, u16>) -> Option<Vec<u16>> {
    let words = needed(&regex_syntax::parse(pattern).ok()?)?;
    let number = |word| {
        let next = u16::try_from(known.len()).ok()?;
        Some(*known.entry(word).or_insert(next))
    };
    words.into_iter().map(number).collect()
}

/// Words of which one is in every match; `None` when there is no such set worth having.
fn needed(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Class(class) => letters(class),
        HirKind::Repetition(repetition) => (repetition.min > 0).then(|| needed(&repetition.sub))?,
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(needed).max_by_key(|words| worth(words)),
        HirKind::Alternation(parts) => {
            let all: Option<Vec<Vec<Vec<u8>>>> = parts.iter().map(needed).collect();
            let mut all = all?.concat();
            all.sort();
            all.dedup();
            (all.len() <= ALTERNATIVES_MAX).then_some(all)
        }
    }
}

/// Long words filter best, then few of them.
fn worth(words: &[Vec<u8>]) -> (usize, std::cmp::Reverse<usize>) {
    (words.iter().map(Vec::len).min().unwrap_or(0), std::cmp::Reverse(words.len()))
}

fn letters(class: &Class) -> Option<Vec<Vec<u8>>> {
    let Class::Unicode(class) = class else { return None };
    let count: u32 = class.iter().map(|range| range.end() as u32 - range.start() as u32 + 1).sum();
    let few = usize::try_from(count).is_ok_and(|count| count <= CLASS_MAX);
    few.then(|| {
        class.iter().flat_map(|range| range.start()..=range.end()).map(|c| c.to_string().into_bytes()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pattern: &str) -> Option<Vec<String>> {
        let found = needed(&regex_syntax::parse(pattern).unwrap())?;
        Some(found.into_iter().map(|word| String::from_utf8(word).unwrap()).collect())
    }

    fn list(words: &[&str]) -> Option<Vec<String>> {
        Some(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn a_pattern_says_which_words_it_cannot_do_without() {
        assert_eq!(words(r"\b(?:delet|eras)\w*"), list(&["delet", "eras"]));
        assert_eq!(words(r"P (?:shall|must).{0,30}\bnot\b"), list(&["must", "shall"]));
        assert_eq!(words(r"[SP]\b"), list(&["P", "S"]));
        assert_eq!(words(r"(?:audit)?"), None, "what may be left out is not needed");
        assert_eq!(words(r"audit|.*"), None, "nor is what has a way round it");
        assert_eq!(words(r"(?:audit )+of"), list(&["audit "]));
        assert_eq!(words(r"\w+ing"), list(&["ing"]));
    }
}
