//! The cue grammars: what agreements say, in data files; the code knows only roles and figures.
//!
//! A sentence reaches the grammar folded and tokenised. Its words are in lower case, so a capital is a
//! token: `P` processor, `C` controller, `S` sub-processor, `A` authority, `D` data subject, `X` personal
//! data, `B` breach, `K` audit; `#` is a period, `~` promptness, `%` "as set out elsewhere". So one line
//! covers many phrasings.

use crate::{
    pattern::{Pattern, narrowed},
    sieve::Sieve,
    slots::{self, Slot},
    topics::{self, Topics},
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

    /// Whether the cue called `name` is in the text.
    pub(crate) fn has(&self, name: &str, text: &str) -> bool {
        self.cues.get(name).is_some_and(|cue| cue.is_match(text))
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

#[cfg(test)]
impl Rule {
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let Self { head, head_not, before, before_not, after, after_not, near, other, mark, .. } = self;
        let single = [head, head_not, before, before_not, after, after_not, near, other, mark];
        self.all.iter().chain(&self.not).chain(single.into_iter().flatten())
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

static EN: LazyLock<Grammar> = LazyLock::new(|| {
    load(
        include_str!("../data/en/words.toml"),
        &[
            include_str!("../data/en/terms.toml"),
            include_str!("../data/en/plain.toml"),
            include_str!("../data/en/letters.toml"),
            include_str!("../data/en/labels.toml"),
            include_str!("../data/en/traps.toml"),
        ],
        include_str!("../data/en/topics.toml"),
        include_str!("../data/en/slots.toml"),
    )
    .expect("the English grammar is tested")
});
static FR: LazyLock<Grammar> = LazyLock::new(|| {
    load(
        include_str!("../data/fr/words.toml"),
        &[
            include_str!("../data/fr/terms.toml"),
            include_str!("../data/fr/plain.toml"),
            include_str!("../data/fr/letters.toml"),
            include_str!("../data/fr/labels.toml"),
            include_str!("../data/fr/traps.toml"),
        ],
        include_str!("../data/fr/topics.toml"),
        include_str!("../data/fr/slots.toml"),
    )
    .expect("the French grammar is tested")
});

/// The grammar of a language, compiled once.
pub(crate) fn of(lang: Lang) -> &'static Grammar {
    lang.pick(&EN, &FR)
}

fn load(words: &str, rules: &[&str], topics: &str, slots: &str) -> Result<Grammar, String> {
    let raw: RawWords = toml::from_str(words).map_err(|error| error.to_string())?;
    let families = raw.families.clone();
    let mut compiled = Vec::new();
    for file in rules {
        let raw: RawRules = toml::from_str(&spelt(file, &families)).map_err(|error| error.to_string())?;
        for rule in raw.rule {
            compiled.push(compile_rule(rule)?);
        }
    }
    let (topics, more) = topics::load(&spelt(topics, &families))?;
    compiled.extend(more);
    let slots = slots::load(&spelt(slots, &families))?;
    Ok(Grammar { slots, words: compile_words(raw)?, sieve: Sieve::new(&compiled)?, rules: compiled, topics })
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
            let grammar = of(lang);
            let words = &grammar.words;
            let words = words.cues.values().chain(words.lists.values().flatten().map(|(pattern, _)| pattern));
            let rules = grammar.rules.iter().flat_map(Rule::patterns);
            for pattern in
                rules.chain(grammar.topics.patterns()).chain(grammar.slots.iter().flat_map(Slot::patterns)).chain(words)
            {
                pattern.check().unwrap();
            }
        }
    }

    #[test]
    fn a_rule_for_an_unknown_term_is_refused() {
        let bad: RawRules = toml::from_str("[[rule]]\nterm = \"breach.tell\"\nall = [\"x\"]").unwrap();
        assert!(bad.rule.into_iter().all(|rule| compile_rule(rule).is_err()));
    }
}
