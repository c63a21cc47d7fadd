//! The cue grammars: what agreements say, in data files; the code knows only roles and figures.
//!
//! A sentence reaches the grammar folded and tokenised. Its words are in lower case, so a capital is a
//! token: `P` processor, `C` controller, `S` sub-processor, `A` authority, `D` data subject, `X` personal
//! data, `B` breach, `K` audit; `#` is a period, `~` promptness, `%` "as set out elsewhere". So one line
//! covers many phrasings.

use crate::{
    sieve::Sieve,
    topics::{self, Topics},
};
use kernel::Lang;
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};
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
    pub(crate) cues: BTreeMap<String, Regex>,
    /// Lists of (pattern, value) by name.
    pub(crate) lists: BTreeMap<String, Vec<(Regex, String)>>,
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
    pub(crate) all: Vec<Regex>,
    pub(crate) not: Vec<Regex>,
    pub(crate) head: Option<Regex>,
    pub(crate) head_not: Option<Regex>,
    pub(crate) before: Option<Regex>,
    pub(crate) before_not: Option<Regex>,
    pub(crate) after: Option<Regex>,
    pub(crate) after_not: Option<Regex>,
    /// Since the figure before: `other` without `near` says that this figure belongs to another promise.
    pub(crate) near: Option<Regex>,
    pub(crate) other: Option<Regex>,
    /// Figures accepted.
    pub(crate) take: Option<String>,
    /// The words to quote, as group 1; else the sentence.
    pub(crate) mark: Option<Regex>,
}

/// One language, compiled.
pub(crate) struct Grammar {
    pub(crate) words: Words,
    pub(crate) rules: Vec<Rule>,
    /// Which of the rules a sentence is worth trying on.
    pub(crate) sieve: Sieve,
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
    )
    .expect("the French grammar is tested")
});

/// The grammar of a language, compiled once.
pub(crate) fn of(lang: Lang) -> &'static Grammar {
    lang.pick(&EN, &FR)
}

fn load(words: &str, rules: &[&str], topics: &str) -> Result<Grammar, String> {
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
    Ok(Grammar { words: compile_words(raw)?, sieve: Sieve::new(&compiled), rules: compiled, topics })
}

/// Puts the words of each family where a pattern names it: `{tell}`. "Article 33" is also "Art. 33".
fn spelt(file: &str, families: &BTreeMap<String, String>) -> String {
    let file = file.replace("articles? ", "(?:articles?|arts?[.]?) ");
    families.iter().fold(file, |text, (name, words)| text.replace(&format!("{{{name}}}"), &format!("(?:{words})")))
}

fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&narrowed(pattern)).build().map_err(|error| format!("{pattern}: {error}"))
}

/// ASCII classes: the text is ASCII by then, and they compile ten times faster.
fn narrowed(pattern: &str) -> String {
    pattern.replace("\\w", "[a-z0-9_]").replace("\\d", "[0-9]").replace("\\b", "(?-u:\\b)")
}

/// A pattern of a rule. Rules see sentences in plain ASCII only, and a class without the rest of Unicode makes an
/// automaton a tenth of the size.
pub(crate) fn rule_regex(pattern: &str) -> Result<Regex, String> {
    let hir = regex_syntax::parse(&narrowed(pattern)).map_err(|error| format!("{pattern}: {error}"))?;
    RegexBuilder::new(&in_ascii(&hir).to_string()).build().map_err(|error| format!("{pattern}: {error}"))
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

fn optional(pattern: Option<String>) -> Result<Option<Regex>, String> {
    pattern.map(|pattern| rule_regex(&pattern)).transpose()
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
        all: raw.all.iter().map(|pattern| rule_regex(pattern)).collect::<Result<_, _>>()?,
        not: raw.not.iter().map(|pattern| rule_regex(pattern)).collect::<Result<_, _>>()?,
        head: optional(raw.head)?,
        head_not: optional(raw.head_not)?,
        before: optional(raw.before)?,
        before_not: optional(raw.before_not)?,
        after: optional(raw.after)?,
        after_not: optional(raw.after_not)?,
        near: optional(raw.near)?,
        other: optional(raw.other)?,
        take: raw.take,
        mark: optional(raw.mark)?,
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
    let mut lists = BTreeMap::new();
    for (name, entries) in raw.lists {
        let compiled: Result<Vec<_>, String> =
            entries.into_iter().map(|[pattern, value]| Ok((regex(&pattern)?, value))).collect();
        lists.insert(name, compiled?);
    }
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
        cues: raw.cues.into_iter().map(|(name, cue)| Ok((name, regex(&cue)?))).collect::<Result<_, String>>()?,
        lists,
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
    fn a_rule_for_an_unknown_term_is_refused() {
        let bad: RawRules = toml::from_str("[[rule]]\nterm = \"breach.tell\"\nall = [\"x\"]").unwrap();
        assert!(bad.rule.into_iter().all(|rule| compile_rule(rule).is_err()));
    }
}
