//! A pattern of a rule, compiled when it is first tried.
//!
//! A grammar has some two thousand of them and a document meets a few hundred: what no sentence asks for costs
//! neither time at the start nor memory. Rules see sentences in plain ASCII only, and a class without the rest of
//! Unicode makes an automaton a tenth of the size.

use regex::Regex;
use regex_automata::{Input, Match, meta, nfa::thompson::WhichCaptures};
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};
use std::{ops::Range, sync::OnceLock};

/// Text to look for in a folded, tokenised sentence.
pub(crate) struct Pattern {
    source: Box<str>,
    /// Reads words as they were written too, not only folded ones.
    wide: bool,
    regex: OnceLock<meta::Regex>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.source)
    }
}

impl Pattern {
    /// A pattern, not compiled yet: a bad one shows when it is first tried, or in [`Self::check`].
    pub(crate) fn new(source: &str) -> Self {
        Self { source: source.into(), wide: false, regex: OnceLock::new() }
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
    pub(crate) fn check(&self) -> Result<&meta::Regex, String> {
        if let Some(regex) = self.regex.get() {
            return Ok(regex);
        }
        let hir = self.parsed()?;
        // A sentence is short: following the pattern through it takes no longer than building the states of a lazy
        // automaton, which every thread would keep for every pattern (half of all memory).
        let groups =
            if hir.properties().explicit_captures_len() > 0 { WhichCaptures::All } else { WhichCaptures::Implicit };
        let config = meta::Config::new().which_captures(groups).onepass(false).hybrid(false);
        let regex = meta::Builder::new().configure(config).build_from_hir(&hir);
        let regex = regex.map_err(|error| format!("{}: {error}", self.source))?;
        Ok(self.regex.get_or_init(|| regex))
    }

    fn regex(&self) -> &meta::Regex {
        self.check().expect("every pattern of the grammars is tested")
    }

    /// Whether it is in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        // Not `is_match`: asked for the earliest end, the engine takes its slowest way through longer sentences.
        self.regex().search_half(&Input::new(text)).is_some()
    }

    /// Every place where it is, in order.
    pub(crate) fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Match> + 't {
        self.regex().find_iter(text)
    }

    /// The first place where it is.
    pub(crate) fn find(&self, text: &str) -> Option<Match> {
        self.regex().find(text)
    }

    /// Every place of its first group, in order.
    pub(crate) fn groups<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.regex().captures_iter(text).filter_map(|captures| Some(captures.get_group(1)?.range()))
    }

    /// The first place of its first group, or of the whole where it has none.
    pub(crate) fn group(&self, text: &str) -> Option<Range<usize>> {
        let mut captures = self.regex().create_captures();
        self.regex().captures(text, &mut captures);
        captures.get_group(1).or_else(|| captures.get_group(0)).map(|group| group.range())
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
