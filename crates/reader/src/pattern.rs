//! A pattern of a rule, compiled when it is first tried.
//!
//! A grammar has some two thousand of them and a document meets a few hundred: what no sentence asks for costs
//! neither time at the start nor memory. Rules see sentences in plain ASCII only, and a class without the rest of
//! Unicode makes an automaton a tenth of the size.

use crate::sieve::{self, Needs, Present, Vocabulary};
use regex::Regex;
use regex_automata::{
    Input, Match, MatchError, MatchKind, meta,
    nfa::thompson::{
        self, WhichCaptures,
        backtrack::{BoundedBacktracker, Cache, Config},
    },
    util::{iter::Searcher, prefilter::Prefilter, primitives::NonMaxUsize},
};
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};
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
    /// The words without which it is nowhere.
    needs: Needs,
    /// Whether it is there: what stands at the start of a text is looked for there only, the rest by its words.
    parts: OnceLock<Vec<Near>>,
    /// Where it is.
    whole: OnceLock<Near>,
    /// For a whole document.
    far: OnceLock<meta::Regex>,
}

/// Looks through a sentence. It is short: following the pattern through it takes no longer than building the states of
/// an automaton, which every thread would keep for every pattern.
struct Near {
    engine: BoundedBacktracker,
    /// Finds one of the words without which there is no match: most texts have none of them.
    must: Option<Prefilter>,
}

impl Near {
    fn new(hir: &Hir) -> Result<Self, String> {
        let told = |error: &dyn std::fmt::Display| error.to_string();
        let groups =
            if hir.properties().explicit_captures_len() > 0 { WhichCaptures::All } else { WhichCaptures::Implicit };
        let config = thompson::Config::new().which_captures(groups);
        let states = thompson::Compiler::new().configure(config).build_from_hir(hir).map_err(|error| told(&error))?;
        let start = Prefilter::from_hir_prefix(MatchKind::LeftmostFirst, hir);
        let config = Config::new().prefilter(start).visited_capacity(TRIED_BYTES);
        let engine = BoundedBacktracker::builder().configure(config).build_from_nfa(states);
        let engine = engine.map_err(|error| told(&error))?;
        let must = sieve::rarest(hir).and_then(|words| Prefilter::new(MatchKind::LeftmostFirst, &words));
        Ok(Self { engine, must })
    }

    /// The first match, its groups into as many slots as there are; an error when the text is too long for the table.
    /// `likely` says that its words are known to be there.
    fn search(&self, input: &Input<'_>, slots: &mut [Option<NonMaxUsize>], likely: bool) -> Result<bool, MatchError> {
        let span = input.get_span();
        if !likely && self.must.as_ref().is_some_and(|must| must.find(input.haystack(), span).is_none()) {
            return Ok(false);
        }
        // What has been tried is wiped from here on only.
        let start = self.engine.get_config().get_prefilter().map(|start| start.find(input.haystack(), span));
        let Some(from) = start.map_or(Some(span.start), |found| Some(found?.start)) else { return Ok(false) };
        let input = input.clone().range(from..span.end);
        TRIED.with(|tried| {
            let mut tried = tried.borrow_mut();
            let tried = tried.get_or_insert_with(|| self.engine.create_cache());
            self.engine.try_search_slots(tried, &input, slots).map(|found| found.is_some())
        })
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.source)
    }
}

impl Pattern {
    /// A pattern, not compiled yet: a bad one shows when it is first tried, or in [`Self::check`].
    pub(crate) fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            wide: false,
            needs: Needs::default(),
            parts: OnceLock::new(),
            whole: OnceLock::new(),
            far: OnceLock::new(),
        }
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

    /// Tells its words, so that a text without them is not searched.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub(crate) fn learn(&mut self, vocabulary: &mut Vocabulary) -> Result<(), String> {
        self.needs = vocabulary.needs(&self.parsed()?);
        Ok(())
    }

    /// The words without which it is nowhere.
    pub(crate) fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Whether it can be in a text with these words, or in a part of it.
    pub(crate) fn can_be(&self, present: &Present) -> bool {
        self.needs.are_met(present)
    }

    /// Compiles it.
    #[cfg(test)]
    pub(crate) fn check(&self) -> Result<(), String> {
        Near::new(&self.parsed()?).map(drop).map_err(|error| format!("{}: {error}", self.source))
    }

    fn hir(&self) -> Hir {
        self.parsed().expect("every pattern of the grammars is tested")
    }

    fn far(&self) -> &meta::Regex {
        let build = |hir| meta::Builder::new().build_from_hir(&hir).expect("every pattern of the grammars is tested");
        self.far.get_or_init(|| build(self.hir()))
    }

    /// Whether it is in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.is_found(text, false)
    }

    /// Whether it is in a text with these words.
    pub(crate) fn is_in(&self, text: &str, present: &Present) -> bool {
        self.can_be(present) && self.is_found(text, true)
    }

    fn is_found(&self, text: &str, likely: bool) -> bool {
        let input = Input::new(text).earliest(true);
        if text.len() > NEAR_MAX {
            return self.far().is_match(input);
        }
        let near = |hir: Hir| Near::new(&hir).expect("every pattern of the grammars is tested");
        let parts = self.parts.get_or_init(|| parts(&self.hir()).into_iter().map(near).collect());
        parts
            .iter()
            .any(|part| part.search(&input, &mut [], likely).unwrap_or_else(|_| self.far().is_match(input.clone())))
    }

    /// The first match and its groups, into as many slots as there are.
    fn search(&self, input: &Input<'_>, slots: &mut [Option<NonMaxUsize>]) -> bool {
        let far = |slots: &mut _| self.far().search_slots(input, slots).is_some();
        if input.get_span().len() > NEAR_MAX {
            return far(slots);
        }
        let build = || Near::new(&self.hir()).expect("every pattern of the grammars is tested");
        self.whole.get_or_init(build).search(input, slots, false).unwrap_or_else(|_| far(slots))
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

/// The ways of an alternation that begin at the start of the text, and the others: one of each kind beside the other
/// would have every place of the text tried for both.
fn parts(hir: &Hir) -> Vec<Hir> {
    let HirKind::Alternation(ways) = hir.kind() else { return vec![short(hir)] };
    let first = |way: &Hir| way.properties().look_set_prefix().contains(Look::Start);
    let (first, other): (Vec<Hir>, Vec<Hir>) = ways.iter().map(short).partition(first);
    [first, other].into_iter().filter(|ways| !ways.is_empty()).map(Hir::alternation).collect()
}

/// The same texts, each gap as short as it can be: who only asks whether something follows finds what is near first.
fn short(hir: &Hir) -> Hir {
    rebuilt(hir, &|hir| match hir.kind() {
        HirKind::Repetition(of) => {
            Some(Hir::repetition(Repetition { greedy: false, sub: Box::new(short(&of.sub)), ..*of }))
        }
        _ => None,
    })
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
    rebuilt(hir, &|hir| match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.intersect(&ClassUnicode::new([ClassUnicodeRange::new(' ', '~')]));
            Some(Hir::class(Class::Unicode(class)))
        }
        _ => None,
    })
}

/// A pattern with some of its parts put in place of others, each by its outermost.
fn rebuilt(hir: &Hir, other: &impl Fn(&Hir) -> Option<Hir>) -> Hir {
    if let Some(other) = other(hir) {
        return other;
    }
    let again = |part: &Hir| rebuilt(part, other);
    match hir.kind() {
        HirKind::Repetition(of) => Hir::repetition(Repetition { sub: Box::new(again(&of.sub)), ..of.clone() }),
        HirKind::Capture(of) => Hir::capture(Capture { sub: Box::new(again(&of.sub)), ..of.clone() }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(again).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(again).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) | HirKind::Class(_) => hir.clone(),
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
        let pattern = Pattern::new(r"^\W*notice|P .{0,9}tells?\b");
        for (text, there) in
            [("- notice", true), ("a notice", false), ("here P at once tells", true), ("P tellst", false)]
        {
            assert_eq!((pattern.is_match(text), pattern.find(text).is_some()), (there, there), "{text}");
        }
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
