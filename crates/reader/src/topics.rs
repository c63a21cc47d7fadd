//! What each term is about, and the ways a text speaks of a term without giving it a value: it refuses
//! the duty, sends the reader elsewhere, leaves a blank, or makes it depend on something.
//!
//! Four ways times every term would be hundreds of rules a language. Here each term names its topic once,
//! each way is said once, and `facts::states` brings them together.

use crate::{
    grammar::{RawRule, Rule, Target, compile_rule, rule_regex as regex},
    sieve::Sieve,
};
use agreement::names::{self, Shape};
use regex::Regex;
use serde::Deserialize;

/// Derived rules come after every written one: a firm statement wins.
const RANK: u8 = 9;

/// A way of speaking, and the word it is called by in rules.
pub(crate) const STATES: [&str; 5] = ["negated", "by-reference", "placeholder", "conditional", "vague"];

/// The topic of one term.
#[derive(Debug)]
pub(crate) struct Topic {
    /// What a sentence must speak of.
    pub(crate) cue: Regex,
    /// What makes it another topic.
    pub(crate) not: Option<Regex>,
    /// What must stand in a sentence for promptness without a figure to be this term's; `None`: it never is.
    pub(crate) prompt: Option<Regex>,
    /// The duty is owed unasked: "on written request" is a condition.
    pub(crate) unasked: bool,
    /// What its value looks like.
    pub(crate) shape: Shape,
    /// One rule for each of [`STATES`], for the hits to name.
    pub(crate) rules: Vec<Rule>,
}

/// All topics of a language, and its ways of speaking of them.
pub(crate) struct Topics {
    /// "Is not obliged to"; the topic follows.
    pub(crate) refused: Regex,
    /// "Is excluded"; the topic stands before.
    pub(crate) excluded: Regex,
    /// What makes a refusal only a limit of the duty.
    pub(crate) partial: Regex,
    /// "Is governed by".
    pub(crate) elsewhere: Regex,
    /// What names another document.
    pub(crate) document: Regex,
    /// A value left blank.
    pub(crate) blank: Regex,
    /// "[shall / shall not]".
    pub(crate) option: Regex,
    /// A party that owes something.
    pub(crate) duty: Regex,
    /// A condition that no law allows: payment first.
    pub(crate) payment: Regex,
    /// "Only on written request".
    pub(crate) asked: Regex,
    /// In the order of the file.
    pub(crate) topics: Vec<Topic>,
    /// Which topics a sentence may speak of.
    pub(crate) sieve: Sieve,
}

impl Topics {
    /// The topic of a term.
    pub(crate) fn of(&self, term: &str) -> Option<&Topic> {
        let is = |topic: &&Topic| matches!(&topic.rules[0].target, Target::Term(name) if name == term);
        self.topics.iter().find(is)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopics {
    states: RawStates,
    topic: Vec<RawTopic>,
    #[serde(default)]
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStates {
    refused: String,
    excluded: String,
    partial: String,
    elsewhere: String,
    document: String,
    blank: String,
    option: String,
    duty: String,
    payment: String,
    asked: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopic {
    term: String,
    cue: String,
    /// A refusal in words of its own: "no certificate is issued".
    denied: Option<String>,
    not: Option<String>,
    prompt: Option<String>,
    #[serde(default)]
    unasked: bool,
}

/// The topics of a file, and its written rules: refusals in words of their own among them.
pub(crate) fn load(file: &str) -> Result<(Topics, Vec<Rule>), String> {
    let raw: RawTopics = toml::from_str(file).map_err(|error| error.to_string())?;
    let mut rules: Vec<Rule> = raw.rule.into_iter().map(compile_rule).collect::<Result<_, _>>()?;
    let mut topics = Vec::new();
    let mut cues = Vec::new();
    for topic in raw.topic {
        if let Some(denied) = &topic.denied {
            rules.push(Rule { all: vec![regex(denied)?], ..rule(&topic.term, STATES[0]) });
        }
        cues.push(Rule { all: vec![regex(&topic.cue)?], ..rule(&topic.term, STATES[0]) });
        topics.push(compiled(topic)?);
    }
    let states = raw.states;
    let topics = Topics {
        refused: regex(&states.refused)?,
        excluded: regex(&states.excluded)?,
        partial: regex(&states.partial)?,
        elsewhere: regex(&states.elsewhere)?,
        document: regex(&states.document)?,
        blank: regex(&states.blank)?,
        option: regex(&states.option)?,
        duty: regex(&states.duty)?,
        payment: regex(&states.payment)?,
        asked: regex(&states.asked)?,
        topics,
        sieve: Sieve::new(&cues),
    };
    Ok((topics, rules))
}

fn compiled(raw: RawTopic) -> Result<Topic, String> {
    let name = names::find(&raw.term).ok_or_else(|| format!("no term is called {}", raw.term))?;
    Ok(Topic {
        cue: regex(&raw.cue)?,
        not: raw.not.map(|not| regex(&not)).transpose()?,
        prompt: raw.prompt.map(|prompt| regex(&prompt)).transpose()?,
        unasked: raw.unasked,
        shape: name.shape,
        rules: STATES.iter().map(|state| rule(&raw.term, state)).collect(),
    })
}

fn rule(term: &str, state: &str) -> Rule {
    Rule {
        target: Target::Term(term.to_owned()),
        value: None,
        state: Some(state.to_owned()),
        rank: RANK,
        needs: None,
        all: Vec::new(),
        not: Vec::new(),
        head: None,
        head_not: None,
        before: None,
        before_not: None,
        after: None,
        after_not: None,
        near: None,
        other: None,
        take: None,
        mark: None,
    }
}
