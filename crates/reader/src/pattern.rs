//! A pattern of a rule, compiled when it is first tried.
//!
//! A grammar has some two thousand of them and a document meets a few hundred: what no sentence asks for costs
//! neither time at the start nor memory. Rules see sentences in plain ASCII only, and a class without the rest of
//! Unicode makes an automaton a tenth of the size.

use crate::sieve;
use regex::Regex;
use regex_automata::{
    Input, Match, MatchKind, meta,
    nfa::thompson::{
        self, WhichCaptures,
        backtrack::{BoundedBacktracker, Cache, Config},
    },
    util::{iter::Searcher, prefilter::Prefilter, primitives::NonMaxUsize},
};
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};
use std::{cell::RefCell, ops::Range, sync::OnceLock};

/// A text longer than this is no sentence, in bytes.
const NEAR_MAX: usize = 4_096;
/// So much memory of a thread tells what a search has tried already, in bytes: enough for long sentences.
const TRIED_BYTES: usize = 1 << 20;

thread_local! {
    /// One for all patterns: near at hand for each, and of no size of its own for any.
    static TRIED: RefCell<Option<Cache>> = const { RefCell::new(None) };
}

/// Text to look for in a folded, tokenised sentence.
pub(crate) struct Pattern {
    source: Box<str>,
    /// Reads words as they were written too, not only folded ones.
    wide: bool,
    compiled: OnceLock<Compiled>,
}

struct Compiled {
    /// For a sentence. It is short: following the pattern through it takes no longer than building the states of an
    /// automaton, which every thread would keep for every pattern.
    near: BoundedBacktracker,
    /// For a whole document.
    far: OnceLock<meta::Regex>,
    /// Finds one of the words without which there is no match: most texts have none of them.
    must: Option<Prefilter>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.source)
    }
}

impl Pattern {
    /// A pattern, not compiled yet: a bad one shows when it is first tried, or in [`Self::check`].
    pub(crate) fn new(source: &str) -> Self {
        Self { source: source.into(), wide: false, compiled: OnceLock::new() }
    }

    /// The same, for text that may not be folded.
    pub(crate) fn wide(source: &str) -> Self {
        Self { wide: true, ..Self::new(source) }
    }

    /// As it is written in the grammar.
    pub(crate) fn as_str(&self) -> &str {
        &self.source
    }

    /// What the pattern is made of.
    pub(crate) fn parsed(&self) -> Result<Hir, String> {
        let hir = regex_syntax::parse(&narrowed(&self.source)).map_err(|error| format!("{}: {error}", self.source))?;
        Ok(if self.wide { hir } else { in_ascii(&hir) })
    }

    /// Compiles it.
    #[cfg(test)]
    pub(crate) fn check(&self) -> Result<(), String> {
        self.compile().map(drop)
    }

    fn compile(&self) -> Result<&Compiled, String> {
        if let Some(compiled) = self.compiled.get() {
            return Ok(compiled);
        }
        let hir = self.parsed()?;
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", self.source);
        let groups =
            if hir.properties().explicit_captures_len() > 0 { WhichCaptures::All } else { WhichCaptures::Implicit };
        let config = thompson::Config::new().which_captures(groups);
        let states = thompson::Compiler::new().configure(config).build_from_hir(&hir).map_err(|error| told(&error))?;
        let start = Prefilter::from_hir_prefix(MatchKind::LeftmostFirst, &hir);
        let config = Config::new().prefilter(start).visited_capacity(TRIED_BYTES);
        let near = BoundedBacktracker::builder().configure(config).build_from_nfa(states);
        let near = near.map_err(|error| told(&error))?;
        let must = sieve::rarest(&hir).and_then(|words| Prefilter::new(MatchKind::LeftmostFirst, &words));
        Ok(self.compiled.get_or_init(|| Compiled { near, far: OnceLock::new(), must }))
    }

    fn compiled(&self) -> &Compiled {
        self.compile().expect("every pattern of the grammars is tested")
    }

    fn far<'c>(&self, compiled: &'c Compiled) -> &'c meta::Regex {
        let build = || {
            let hir = self.parsed().expect("it was compiled before");
            meta::Builder::new().build_from_hir(&hir).expect("it was compiled before")
        };
        compiled.far.get_or_init(build)
    }

    /// The first match and its groups, into as many slots as there are.
    fn search(&self, input: &Input<'_>, slots: &mut [Option<NonMaxUsize>]) -> bool {
        let compiled = self.compiled();
        let Compiled { near, must, .. } = compiled;
        let span = input.get_span();
        if must.as_ref().is_some_and(|must| must.find(input.haystack(), span).is_none()) {
            return false;
        }
        if span.len() > NEAR_MAX {
            return self.far(compiled).search_slots(input, slots).is_some();
        }
        // What has been tried is wiped from here on only.
        let start = near.get_config().get_prefilter().map(|start| start.find(input.haystack(), span));
        let Some(from) = start.map_or(Some(span.start), |found| Some(found?.start)) else { return false };
        let input = input.clone().range(from..span.end);
        let tried = |tried: &RefCell<Option<Cache>>| {
            let mut tried = tried.borrow_mut();
            near.try_search_slots(tried.get_or_insert_with(|| near.create_cache()), &input, slots)
        };
        match TRIED.with(tried) {
            Ok(found) => found.is_some(),
            // Too much for the table.
            Err(_) => self.far(compiled).search_slots(&input, slots).is_some(),
        }
    }

    /// Whether it is in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.search(&Input::new(text).earliest(true), &mut [])
    }

    /// Every place where it is, in order.
    pub(crate) fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Match> + 't {
        self.places::<2>(text).map(|(whole, _)| whole)
    }

    /// The first place where it is.
    pub(crate) fn find(&self, text: &str) -> Option<Match> {
        self.find_iter(text).next()
    }

    /// Every place of its first group, in order.
    pub(crate) fn groups<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.places::<4>(text).filter_map(|(_, group)| group)
    }

    /// The first place of its first group, or of the whole where it has none.
    pub(crate) fn group(&self, text: &str) -> Option<Range<usize>> {
        self.places::<4>(text).next().map(|(whole, group)| group.unwrap_or_else(|| whole.range()))
    }

    /// Every place, and that of its first group where there are slots for it.
    fn places<'t, const SLOTS: usize>(
        &'t self,
        text: &'t str,
    ) -> impl Iterator<Item = (Match, Option<Range<usize>>)> + 't {
        let mut searcher = Searcher::new(Input::new(text));
        std::iter::from_fn(move || {
            let mut slots = [None; SLOTS];
            let place = |slots: &[Option<NonMaxUsize>], group: usize| {
                let [start, end] = slots.get(2 * group..2 * group + 2)? else { return None };
                Some(start.as_ref()?.get()..end.as_ref()?.get())
            };
            let whole = searcher.advance(|input| {
                self.search(input, &mut slots);
                Ok(place(&slots, 0).map(|range| Match::must(0, range)))
            })?;
            Some((whole, place(&slots, 1)))
        })
    }
}

/// A pattern for text as it was written. Letters are those of the Latin, Greek and Cyrillic scripts: with all of
/// Unicode's, one name would be an automaton of several megabytes.
pub(crate) fn written(pattern: &str) -> Regex {
    let letters = |pattern: String, class: &str| pattern.replace(class, &format!("[{class}&&[\\x00-\\u{{52F}}]]"));
    let pattern = ["\\p{L}", "\\p{Lu}", "\\p{Ll}"].into_iter().fold(pattern.to_owned(), letters);
    Regex::new(&pattern).expect("a constant pattern")
}

/// ASCII classes: the text is ASCII by then, and they compile ten times faster.
pub(crate) fn narrowed(pattern: &str) -> String {
    pattern.replace("\\w", "[a-z0-9_]").replace("\\d", "[0-9]").replace("\\b", "(?-u:\\b)")
}

/// The same, of printable ASCII alone.
fn in_ascii(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.intersect(&ClassUnicode::new([ClassUnicodeRange::new(' ', '~')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Repetition(of) => Hir::repetition(Repetition { sub: Box::new(in_ascii(&of.sub)), ..of.clone() }),
        HirKind::Capture(of) => Hir::capture(Capture { sub: Box::new(in_ascii(&of.sub)), ..of.clone() }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(in_ascii).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(in_ascii).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => hir.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_what_it_says() {
        let pattern = Pattern::new(r"\bdays? (?:of|after) (notice)\b");
        assert!(pattern.is_match("ten days of notice"));
        assert_eq!(pattern.group("ten days of notice"), Some(12..18));
        assert_eq!(
            pattern.find_iter("a day of notice").map(|hit| (hit.start(), hit.end())).collect::<Vec<_>>(),
            [(2, 15)]
        );
        assert!(!pattern.is_match("ten days of notices"));
    }

    #[test]
    fn names_are_written_in_three_scripts() {
        let name = written(r"\b\p{Lu}[\p{L}&-]+");
        for text in ["Évry-Œuvre", "Łódź", "Ελλάς", "Москва"] {
            assert_eq!(name.find(text).map(|hit| hit.as_str()), Some(text));
        }
    }

    #[test]
    fn a_pattern_that_is_none_says_so() {
        assert!(Pattern::new("(ten").check().unwrap_err().contains("(ten"));
    }
}
