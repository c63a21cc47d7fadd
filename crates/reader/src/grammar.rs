//! The cue grammars: what agreements say, in data files; the code knows only roles and figures.
//!
//! A sentence reaches the grammar folded and tokenised. Its words are in lower case, so a capital is a
//! token: `P` processor, `C` controller, `S` sub-processor, `A` authority, `D` data subject, `X` personal
//! data, `B` breach, `K` audit; `#` is a period, `~` promptness, `%` "as set out elsewhere". So one line
//! covers many phrasings.

use crate::{
    pattern::{Pattern, narrowed},
    sieve::{Sieve, Vocabulary},
    slots::{self, Slot},
    topics::{self, Topics},
    units::Unit,
};
use kernel::Lang;
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// The words of one language.
pub(crate) struct Words {
    /// Phrases and the token letter each becomes.
    pub(crate) lexicon: Vec<(String, char)>,
    /// Generic words for a party in a definition, and its role.
    pub(crate) generic: Vec<(String, char)>,
    /// A period with named groups `digits`, `word`, `again`, `kind`, `kind_after`, `unit`.
    pub(crate) duration: Regex,
    /// Promptness without figure.
    pub(crate) vague: Regex,
    /// A figure left blank.
    pub(crate) blank: Regex,
    /// A figure in another document.
    pub(crate) elsewhere: Regex,
    /// Which kinds of days are working days.
    pub(crate) working: Regex,
    /// Determiners dropped before a token.
    pub(crate) determiner: Regex,
    numbers: BTreeMap<String, u32>,
    /// Single patterns by name.
    pub(crate) cues: BTreeMap<String, Pattern>,
    /// Lists of (pattern, value) by name.
    pub(crate) lists: BTreeMap<String, Vec<(Pattern, String)>>,
}

impl Words {
    /// The value of a number word.
    pub(crate) fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    fn patterns(&mut self) -> impl Iterator<Item = &mut Pattern> {
        let lists = self.lists.values_mut().flatten().map(|(pattern, _)| pattern);
        self.cues.values_mut().chain(lists)
    }

    /// Whether the cue called `name` is in the text.
    pub(crate) fn has(&self, name: &str, text: &str) -> bool {
        self.cues.get(name).is_some_and(|cue| cue.is_match(text))
    }

    /// Whether the cue called `name` is in a sentence or its lead-in.
    pub(crate) fn in_sentence(&self, name: &str, unit: &Unit) -> bool {
        self.cues.get(name).is_some_and(|cue| unit.has(cue))
    }

    /// Whether the cue called `name` is in the sentence itself.
    pub(crate) fn in_own(&self, name: &str, unit: &Unit) -> bool {
        self.cues.get(name).is_some_and(|cue| unit.can_have(cue) && cue.is_match(unit.own()))
    }

    /// Whether the cue called `name` is in the lead-in of a sentence.
    pub(crate) fn in_lead(&self, name: &str, unit: &Unit) -> bool {
        self.cues.get(name).is_some_and(|cue| unit.can_have(cue) && cue.is_match(&unit.text.text[..unit.own]))
    }

    /// Whether the cue called `name` is in the headings above a sentence.
    pub(crate) fn in_head(&self, name: &str, unit: &Unit) -> bool {
        self.cues.get(name).is_some_and(|cue| unit.is_below(cue))
    }

    /// The patterns of a list that may be in a sentence, with their values.
    pub(crate) fn list<'w>(&'w self, name: &str, unit: &'w Unit) -> impl Iterator<Item = (&'w Pattern, &'w str)> {
        let list = self.lists.get(name).into_iter().flatten();
        list.filter(|(pattern, _)| unit.can_have(pattern)).map(|(pattern, value)| (pattern, value.as_str()))
    }
}

/// What a rule reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A term of the vocabulary.
    Term(String),
    /// A letter of Art. 28(3).
    Letter(char),
    /// Something another rule asks for, and no fact by itself.
    Note(String),
}

/// One line of a grammar.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) target: Target,
    /// The value, for words and lists; `weak` for letters.
    pub(crate) value: Option<String>,
    /// The state it leads to, when not the usual one.
    pub(crate) state: Option<String>,
    /// Lower wins; a hit of a lower rank silences the higher ones.
    pub(crate) rank: u8,
    /// The note that must hold somewhere in the document.
    pub(crate) needs: Option<String>,
    pub(crate) all: Vec<Pattern>,
    pub(crate) not: Vec<Pattern>,
    pub(crate) head: Option<Pattern>,
    pub(crate) head_not: Option<Pattern>,
    pub(crate) before: Option<Pattern>,
    pub(crate) before_not: Option<Pattern>,
    pub(crate) after: Option<Pattern>,
    pub(crate) after_not: Option<Pattern>,
    /// Since the figure before: `other` without `near` says that this figure belongs to another promise.
    pub(crate) near: Option<Pattern>,
    pub(crate) other: Option<Pattern>,
    /// Figures accepted.
    pub(crate) take: Option<String>,
    /// The words to quote, as group 1; else the sentence.
    pub(crate) mark: Option<Pattern>,
}

impl Rule {
    /// Those that look at whole sentences and titles.
    fn patterns(&mut self) -> impl Iterator<Item = &mut Pattern> {
        let heads = [&mut self.head, &mut self.head_not].into_iter().flatten();
        self.all.iter_mut().chain(&mut self.not).chain(heads)
    }

    /// Those that look at parts of a sentence.
    #[cfg(test)]
    fn others(&mut self) -> impl Iterator<Item = &mut Pattern> {
        let Self { before, before_not, after, after_not, near, other, mark, .. } = self;
        [before, before_not, after, after_not, near, other, mark].into_iter().flatten()
    }
}

/// One language, compiled.
pub(crate) struct Grammar {
    pub(crate) words: Words,
    pub(crate) rules: Vec<Rule>,
    /// Which of the rules a sentence is worth trying on.
    pub(crate) sieve: Sieve,
    /// Periods that are no term's.
    pub(crate) slots: Vec<Slot>,
    /// What each term is about.
    pub(crate) topics: Topics,
}

impl Grammar {
    /// All patterns that look at sentences and titles.
    fn patterns(&mut self) -> impl Iterator<Item = &mut Pattern> {
        let rules = self.rules.iter_mut().flat_map(Rule::patterns);
        let slots = self.slots.iter_mut().flat_map(Slot::patterns);
        rules.chain(self.topics.patterns()).chain(slots).chain(self.words.patterns())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    lexicon: BTreeMap<String, Vec<String>>,
    generic: BTreeMap<String, Vec<String>>,
    families: BTreeMap<String, String>,
    numbers: BTreeMap<String, u32>,
    time: BTreeMap<String, String>,
    cues: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<[String; 2]>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRule {
    term: Option<String>,
    letter: Option<char>,
    note: Option<String>,
    needs: Option<String>,
    value: Option<String>,
    state: Option<String>,
    #[serde(default = "middle")]
    rank: u8,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    not: Vec<String>,
    head: Option<String>,
    head_not: Option<String>,
    before: Option<String>,
    before_not: Option<String>,
    after: Option<String>,
    after_not: Option<String>,
    near: Option<String>,
    other: Option<String>,
    take: Option<String>,
    mark: Option<String>,
}

fn middle() -> u8 {
    5
}

/// The grammar files of a language.
struct Files {
    words: &'static str,
    rules: [&'static str; 5],
    topics: &'static str,
    slots: &'static str,
}

const ENGLISH: Files = Files {
    words: include_str!("../data/en/words.toml"),
    rules: [
        include_str!("../data/en/terms.toml"),
        include_str!("../data/en/plain.toml"),
        include_str!("../data/en/letters.toml"),
        include_str!("../data/en/labels.toml"),
        include_str!("../data/en/traps.toml"),
    ],
    topics: include_str!("../data/en/topics.toml"),
    slots: include_str!("../data/en/slots.toml"),
};
const FRENCH: Files = Files {
    words: include_str!("../data/fr/words.toml"),
    rules: [
        include_str!("../data/fr/terms.toml"),
        include_str!("../data/fr/plain.toml"),
        include_str!("../data/fr/letters.toml"),
        include_str!("../data/fr/labels.toml"),
        include_str!("../data/fr/traps.toml"),
    ],
    topics: include_str!("../data/fr/topics.toml"),
    slots: include_str!("../data/fr/slots.toml"),
};

static EN: LazyLock<Grammar> = LazyLock::new(|| load(&ENGLISH).expect("the English grammar is tested"));
static FR: LazyLock<Grammar> = LazyLock::new(|| load(&FRENCH).expect("the French grammar is tested"));

/// The grammar of a language, compiled once.
pub(crate) fn of(lang: Lang) -> &'static Grammar {
    lang.pick(&EN, &FR)
}

fn load(files: &Files) -> Result<Grammar, String> {
    let raw: RawWords = toml::from_str(files.words).map_err(|error| error.to_string())?;
    let families = raw.families.clone();
    let mut rules = Vec::new();
    for file in files.rules {
        let raw: RawRules = toml::from_str(&spelt(file, &families)).map_err(|error| error.to_string())?;
        for rule in raw.rule {
            rules.push(compile_rule(rule)?);
        }
    }
    let (topics, more) = topics::load(&spelt(files.topics, &families))?;
    rules.extend(more);
    let slots = slots::load(&spelt(files.slots, &families))?;
    let nothing = Sieve::new(Vocabulary::default(), &[]);
    let mut grammar = Grammar { slots, words: compile_words(raw)?, sieve: nothing, rules, topics };
    let mut vocabulary = Vocabulary::default();
    for pattern in grammar.patterns() {
        pattern.learn(&mut vocabulary)?;
    }
    grammar.sieve = Sieve::new(vocabulary, &grammar.rules);
    Ok(grammar)
}

/// Puts the words of each family where a pattern names it: `{tell}`. "Article 33" is also "Art. 33".
fn spelt(file: &str, families: &BTreeMap<String, String>) -> String {
    let file = file.replace("articles? ", "(?:articles?|arts?[.]?) ");
    families.iter().fold(file, |text, (name, words)| text.replace(&format!("{{{name}}}"), &format!("(?:{words})")))
}

fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&narrowed(pattern)).build().map_err(|error| format!("{pattern}: {error}"))
}

fn optional(pattern: Option<&String>) -> Option<Pattern> {
    pattern.map(|source| Pattern::new(source))
}

fn patterns(sources: &[String]) -> Vec<Pattern> {
    sources.iter().map(|source| Pattern::new(source)).collect()
}

pub(crate) fn compile_rule(raw: RawRule) -> Result<Rule, String> {
    let target = match (raw.term, raw.letter, raw.note) {
        (Some(term), None, None) if agreement::names::find(&term).is_some() => Target::Term(term),
        (None, Some(letter @ 'a'..='h'), None) => Target::Letter(letter),
        (None, None, Some(note)) => Target::Note(note),
        (term, letter, note) => return Err(format!("a rule reads {term:?} {letter:?} {note:?}")),
    };
    if raw.all.is_empty() {
        return Err(format!("a rule for {target:?} asks for nothing"));
    }
    Ok(Rule {
        target,
        value: raw.value,
        state: raw.state,
        rank: raw.rank,
        needs: raw.needs,
        all: patterns(&raw.all),
        not: patterns(&raw.not),
        head: optional(raw.head.as_ref()),
        head_not: optional(raw.head_not.as_ref()),
        before: optional(raw.before.as_ref()),
        before_not: optional(raw.before_not.as_ref()),
        after: optional(raw.after.as_ref()),
        after_not: optional(raw.after_not.as_ref()),
        near: optional(raw.near.as_ref()),
        other: optional(raw.other.as_ref()),
        take: raw.take,
        mark: optional(raw.mark.as_ref()),
    })
}

fn letters(table: BTreeMap<String, Vec<String>>) -> Vec<(String, char)> {
    table
        .into_iter()
        .flat_map(|(token, words)| words.into_iter().map(move |word| (word, token.chars().next().unwrap_or('?'))))
        .collect()
}

fn compile_words(raw: RawWords) -> Result<Words, String> {
    let mut names: Vec<&str> = raw.numbers.keys().map(String::as_str).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let numbers = names.join("|");
    let time = |name: &str| -> Result<Regex, String> {
        let pattern = raw.time.get(name).ok_or_else(|| format!("no `{name}`"))?;
        regex(&pattern.replace("NUMBER", &numbers))
    };
    let entry = |[pattern, value]: [String; 2]| (Pattern::wide(&pattern), value);
    let entries = |(name, entries): (String, Vec<_>)| (name, entries.into_iter().map(entry).collect());
    Ok(Words {
        lexicon: letters(raw.lexicon),
        generic: letters(raw.generic),
        duration: time("duration")?,
        vague: time("vague")?,
        blank: time("blank")?,
        elsewhere: time("elsewhere")?,
        working: time("working")?,
        determiner: time("determiner")?,
        numbers: raw.numbers,
        cues: raw.cues.into_iter().map(|(name, cue)| (name, Pattern::wide(&cue))).collect(),
        lists: raw.lists.into_iter().map(entries).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{blocks, facts::kind, roles, text, units};
    use std::path::{Path, PathBuf};

    fn files(folder: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// Each pattern is tried on one sentence in [`EACH`], and not always on the same of a document.
    const EACH: usize = 5;

    #[test]
    fn the_sieve_never_holds_a_pattern_back_that_would_have_matched() {
        let mut grammars = [&ENGLISH, &FRENCH].map(|files| load(files).unwrap());
        let (mut tried, mut passed, mut worth, mut rules) = (0, 0, 0, 0);
        for path in ["fixtures", "varied", "phrasings"].into_iter().flat_map(files) {
            let Ok(text) = text::extract(&std::fs::read(&path).unwrap(), path.to_str().unwrap()) else { continue };
            let [en, fr] = &mut grammars;
            let grammar = kind::language(text.as_str()).pick(en, fr);
            let roles = roles::find(text.as_str(), &grammar.words, false);
            let units = units::units(text.as_str(), &blocks::layout(&text), grammar, &roles.lexicon);
            for unit in &units {
                let able = |rule: &Rule| rule.all.iter().all(|pattern| unit.can_have(pattern));
                let able = grammar.rules.iter().enumerate().filter(|(_, rule)| able(rule)).map(|(number, _)| number);
                assert!(
                    able.eq(unit.worth(grammar)),
                    "every rule whose patterns may match, in order: {}",
                    unit.text.text
                );
                worth += unit.worth(grammar).len();
                rules += grammar.rules.len();
            }
            for (number, pattern) in grammar.patterns().enumerate() {
                for unit in units.iter().skip(number % EACH).step_by(EACH) {
                    let held_back = !unit.can_have(pattern);
                    assert!(!held_back || !pattern.is_match(&unit.text.text), "{pattern:?}: {}", unit.text.text);
                    let held_back = !unit.can_be_below(pattern);
                    assert!(!held_back || !pattern.is_match(&unit.head.text), "{pattern:?}: {}", unit.head.text);
                    tried += 1;
                    passed += usize::from(unit.can_have(pattern));
                }
            }
        }
        assert!(passed * 4 < tried, "the sieve lets {passed} of {tried} patterns through");
        assert!(worth * 4 < rules, "the sieve lets {worth} of {rules} rules through");
    }

    #[test]
    fn both_grammars_compile_and_read_the_same_terms() {
        let targets = |lang| {
            let mut names: Vec<String> = of(lang).rules.iter().map(|rule| format!("{:?}", rule.target)).collect();
            names.sort();
            names.dedup();
            names
        };
        assert_eq!(targets(Lang::En), targets(Lang::Fr));
        let cues = |lang| of(lang).words.cues.keys().cloned().collect::<Vec<_>>();
        assert_eq!(cues(Lang::En), cues(Lang::Fr));
    }

    #[test]
    fn every_pattern_compiles() {
        for lang in [Lang::En, Lang::Fr] {
            let mut grammar = load(lang.pick(&ENGLISH, &FRENCH)).unwrap();
            grammar.patterns().for_each(|pattern| pattern.check().unwrap());
            grammar.rules.iter_mut().flat_map(Rule::others).for_each(|pattern| pattern.check().unwrap());
        }
    }

    #[test]
    fn a_rule_for_an_unknown_term_is_refused() {
        let bad: RawRules = toml::from_str("[[rule]]\nterm = \"breach.tell\"\nall = [\"x\"]").unwrap();
        assert!(bad.rule.into_iter().all(|rule| compile_rule(rule).is_err()));
    }
}
