//! The cues of mail, in data files: one for each language, both tried on every message.
//!
//! A sentence reaches the patterns folded (see `fold.rs`): lower case, no accents, one kind of space, a hyphen
//! between words as a space, `@` as a comma. `{name}` stands for a piece defined above it.

use super::meaning::Meaning;
use crate::fold::folded;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

const FILES: [&str; 2] = [include_str!("../../data/en/mail.toml"), include_str!("../../data/fr/mail.toml")];
/// The largest compiled pattern, in bytes.
const SIZE_MAX: usize = 8 << 20;
/// So much a set of many patterns may keep of what it has worked out, in bytes. With less it forgets all the time, and a sentence
/// takes thirty times as long.
const LARGE_BYTES: usize = 16 << 20;
/// The same for a set of few patterns; there are hundreds of them.
const SMALL_BYTES: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    /// In the order in which they may use each other.
    pieces: Vec<[String; 2]>,
    cues: BTreeMap<String, Vec<String>>,
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    means: String,
    /// All must be in the sentence; the words of the first are shown.
    all: Vec<String>,
    /// None may be.
    #[serde(default)]
    not: Vec<String>,
    /// Must be in the sentence before.
    before: Option<String>,
    /// Must be somewhere in the subject or the text.
    near: Option<String>,
    /// For subject lines only.
    #[serde(default)]
    subject: bool,
}

struct Rule {
    means: Meaning,
    all: Vec<Regex>,
    not: Option<RegexSet>,
    before: Option<Regex>,
    near: Option<Regex>,
    subject: bool,
}

struct Rules {
    /// The first pattern of every rule, tried in one pass.
    first: RegexSet,
    list: Vec<Rule>,
    cues: BTreeMap<String, RegexSet>,
}

/// A sentence and what stands around it, folded.
pub(super) struct Asked<'t> {
    /// The sentence.
    pub(super) words: &'t str,
    /// The one before.
    pub(super) before: &'t str,
    /// Subject and text.
    pub(super) context: &'t Context,
    /// Whether the sentence is the subject line.
    pub(super) in_subject: bool,
}

/// Subject and text, folded, and which rules have found their words somewhere in them: each looks once, however many
/// sentences ask.
pub(super) struct Context {
    text: String,
    near: RefCell<BTreeMap<usize, bool>>,
}

impl Context {
    /// Of this text.
    pub(super) fn of(text: &str) -> Self {
        Self { text: folded(text), near: RefCell::default() }
    }

    /// Whether the pattern of the rule of this number is in it.
    fn has(&self, number: usize, pattern: &Regex) -> bool {
        *self.near.borrow_mut().entry(number).or_insert_with(|| pattern.is_match(self.text.as_bytes()))
    }
}

/// The grammar; a mistake in the data files is found by the tests, and then nothing is proposed.
static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| load().ok());

fn load() -> Result<Rules, String> {
    let mut list = Vec::new();
    let mut first = Vec::new();
    let mut cues: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in FILES {
        let raw: RawFile = toml::from_str(file).map_err(|error| error.to_string())?;
        let pieces = joined(&raw.pieces)?;
        for rule in raw.rule {
            first.push(filled(rule.all.first().ok_or("a rule asks for nothing")?, &pieces)?);
            list.push(compiled(&rule, &pieces)?);
        }
        for (name, patterns) in raw.cues {
            let patterns: Result<Vec<String>, String> = patterns.iter().map(|one| filled(one, &pieces)).collect();
            cues.entry(name).or_default().extend(patterns?);
        }
    }
    let cues = cues.into_iter().map(|(name, patterns)| Ok((name, set(&patterns, LARGE_BYTES)?)));
    Ok(Rules { first: set(&first, LARGE_BYTES)?, list, cues: cues.collect::<Result<_, String>>()? })
}

fn joined(raw: &[[String; 2]]) -> Result<BTreeMap<String, String>, String> {
    let mut pieces = BTreeMap::new();
    for [name, pattern] in raw {
        let pattern = filled(pattern, &pieces)?;
        pieces.insert(name.clone(), format!("(?:{pattern})"));
    }
    Ok(pieces)
}

/// A pattern with its pieces in place.
fn filled(pattern: &str, pieces: &BTreeMap<String, String>) -> Result<String, String> {
    let mut whole = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or_else(|| format!("`{pattern}` is not closed"))?;
        whole.push_str(before);
        if name.starts_with(|letter: char| letter.is_ascii_digit()) {
            // A number of times, not a piece.
            whole.push_str(&format!("{{{name}}}"));
        } else {
            whole.push_str(pieces.get(name).ok_or_else(|| format!("no piece is called `{name}`"))?);
        }
        rest = behind;
    }
    whole.push_str(rest);
    Ok(whole)
}

fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .size_limit(SIZE_MAX)
        .build()
        .map_err(|error| format!("{pattern}: {error}"))
}

fn set(patterns: &[String], memory_bytes: usize) -> Result<RegexSet, String> {
    let mut builder = RegexSetBuilder::new(patterns);
    let builder = builder.unicode(false).size_limit(SIZE_MAX * 8).dfa_size_limit(memory_bytes);
    builder.build().map_err(|error| error.to_string())
}

fn compiled(raw: &RawRule, pieces: &BTreeMap<String, String>) -> Result<Rule, String> {
    let one = |pattern: &String| regex(&filled(pattern, pieces)?);
    let nots: Result<Vec<String>, String> = raw.not.iter().map(|pattern| filled(pattern, pieces)).collect();
    let nots = nots?;
    Ok(Rule {
        means: Meaning::parse(&raw.means).ok_or_else(|| format!("nothing means `{}`", raw.means))?,
        all: raw.all.iter().map(one).collect::<Result<_, _>>()?,
        not: if nots.is_empty() { None } else { Some(set(&nots, SMALL_BYTES)?) },
        before: raw.before.as_ref().map(one).transpose()?,
        near: raw.near.as_ref().map(one).transpose()?,
        subject: raw.subject,
    })
}

impl Rule {
    /// What the rule, which is this one of the list, finds in a sentence.
    fn says(&self, number: usize, asked: &Asked<'_>) -> Option<Range<usize>> {
        let fits = (!self.subject || asked.in_subject)
            && self.all.iter().skip(1).all(|pattern| pattern.is_match(asked.words.as_bytes()))
            && self.not.as_ref().is_none_or(|not| !not.is_match(asked.words.as_bytes()))
            && self.before.as_ref().is_none_or(|before| before.is_match(asked.before.as_bytes()))
            && self.near.as_ref().is_none_or(|near| asked.context.has(number, near));
        let first = self.all.first().filter(|_| fits)?;
        first.find(asked.words.as_bytes()).map(|found| found.range())
    }
}

/// What a sentence means, and the words that say so. One place for each meaning.
pub(super) fn meanings(asked: &Asked<'_>) -> Vec<(Meaning, Range<usize>)> {
    let Some(rules) = RULES.as_ref() else { return Vec::new() };
    if cue("never", asked.words) {
        return Vec::new();
    }
    let mut found: Vec<(Meaning, Range<usize>)> = Vec::new();
    for number in rules.first.matches(asked.words.as_bytes()) {
        let Some(rule) = rules.list.get(number) else { continue };
        if found.iter().any(|(means, _)| *means == rule.means) {
            continue;
        }
        found.extend(rule.says(number, asked).map(|range| (rule.means, range)));
    }
    // "Stop the mailing" objects; that a consent ends with it, or data, is said by other words.
    found.sort_by_key(|(_, range)| range.start);
    found
}

fn cue(name: &str, words: &str) -> bool {
    RULES.as_ref().and_then(|rules| rules.cues.get(name)).is_some_and(|cues| cues.is_match(words.as_bytes()))
}

/// Whether a subject line is that of a notice of absence.
pub(super) fn away(subject: &str) -> bool {
    !is_answer(subject) && cue("away", &folded(subject))
}

/// Whether words say that a letter did not arrive.
pub(super) fn undelivered(words: &str) -> bool {
    cue("undelivered", &folded(words))
}

/// Whether words say that a letter is late.
pub(super) fn delayed(words: &str) -> bool {
    cue("delayed", &folded(words))
}

/// Whether words say that a mailbox is full.
pub(super) fn full(words: &str) -> bool {
    cue("full", &folded(words))
}

/// Whether a subject line belongs to earlier mail.
pub(super) fn is_answer(subject: &str) -> bool {
    cue("answer", &folded(subject))
}

/// Whether a line says that forwarded or earlier mail follows.
pub(super) fn forwarded(line: &str) -> bool {
    cue("forwarded", &folded(line))
}

/// Whether a line may begin "On … wrote:".
pub(super) fn introduces(line: &str) -> bool {
    cue("introduces", &folded(line))
}

/// Whether some lines are "On … wrote:".
pub(super) fn introduced(lines: &str) -> bool {
    cue("introduced", &folded(lines))
}

/// Whether a line is a field of a copied header: the first of one, or any.
pub(super) fn header_field(line: &str, first: bool) -> bool {
    cue(if first { "header_first" } else { "header_other" }, &folded(line))
}

/// Whether a word before a full stop is an abbreviation.
pub(super) fn is_abbreviation(word: &str) -> bool {
    cue("abbreviation", &folded(word))
}

/// Every right there is has a rule in each language.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Right;

    #[test]
    fn every_pattern_compiles_and_every_right_has_rules_in_each_language() {
        load().unwrap();
        for file in FILES {
            let raw: RawFile = toml::from_str(file).unwrap();
            for means in Right::ALL.map(Meaning::Right).into_iter().chain([Meaning::SubProcessor, Meaning::Incident]) {
                assert!(raw.rule.iter().any(|rule| rule.means == means.word()), "{means:?}");
            }
        }
        let names = |file| toml::from_str::<RawFile>(file).unwrap().cues.into_keys().collect::<Vec<_>>();
        assert_eq!(names(FILES[0]), names(FILES[1]), "each language has every cue");
    }
}
