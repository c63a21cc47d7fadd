//! What each term is about, and the ways a text speaks of a term without giving it a value: it refuses
//! the duty, sends the reader elsewhere, leaves a blank, or makes it depend on something.
//!
//! Four ways times every term would be hundreds of rules a language. Here each term names its topic once,
//! each way is said once, and `facts::states` brings them together.

use crate::{
    grammar::{RawRule, Rule, Target, compile_rule},
    pattern::Pattern,
};
use agreement::names::{self, Shape};
use serde::Deserialize;

/// Derived rules come after every written one: a firm statement wins.
const RANK: u8 = 9;

/// What a line of a form says is exact: the term by its name, and how firmly.
const LABELLED_RANK: u8 = 1;
/// The value of a rule that says by itself that there is none.
pub(crate) const LABELLED: &str = "@labelled";

/// A way of speaking, and the word it is called by in rules.
pub(crate) const STATES: [&str; 5] = ["negated", "by-reference", "placeholder", "conditional", "vague"];

/// The topic of one term.
#[derive(Debug)]
pub(crate) struct Topic {
    /// What a sentence must speak of.
    pub(crate) cue: Pattern,
    /// What makes it another topic.
    pub(crate) not: Option<Pattern>,
    /// What must stand in a sentence for promptness without a figure to be this term's; `None`: it never is.
    pub(crate) prompt: Option<Pattern>,
    /// The duty is owed unasked: "on written request" is a condition.
    pub(crate) unasked: bool,
    /// What its value looks like.
    pub(crate) shape: Shape,
    /// One rule for each of [`STATES`], for the hits to name.
    pub(crate) rules: Vec<Rule>,
    /// What our vocabulary calls it, lower case, in English and French.
    pub(crate) called: [String; 2],
    /// The same rules for a line that names the term so.
    pub(crate) labelled: Vec<Rule>,
    /// The letter of Art. 28(3) that such a line touches, when it promises without saying what.
    pub(crate) letter: Option<Rule>,
}

impl Topic {
    fn patterns(&mut self) -> impl Iterator<Item = &mut Pattern> {
        [Some(&mut self.cue), self.not.as_mut(), self.prompt.as_mut()].into_iter().flatten()
    }
}

/// All topics of a language, and its ways of speaking of them.
pub(crate) struct Topics {
    /// "Is not obliged to"; the topic follows.
    pub(crate) refused: Pattern,
    /// "Is excluded"; the topic stands before.
    pub(crate) excluded: Pattern,
    /// What makes a refusal only a limit of the duty.
    pub(crate) partial: Pattern,
    /// "Is governed by".
    pub(crate) elsewhere: Pattern,
    /// What names another document.
    pub(crate) document: Pattern,
    /// A value left blank.
    pub(crate) blank: Pattern,
    /// "[shall / shall not]".
    pub(crate) option: Pattern,
    /// A party that owes something.
    pub(crate) duty: Pattern,
    /// What stands behind a term's name in a form, one for each of [`STATES`].
    pub(crate) labelled: [String; 5],
    /// A condition that no law allows: payment first.
    pub(crate) payment: Pattern,
    /// "Only on written request".
    pub(crate) asked: Pattern,
    /// In the order of the file.
    pub(crate) topics: Vec<Topic>,
}

impl Topics {
    /// The topic of a term.
    pub(crate) fn of(&self, term: &str) -> Option<&Topic> {
        let is = |topic: &&Topic| matches!(&topic.rules[0].target, Target::Term(name) if name == term);
        self.topics.iter().find(is)
    }

    /// All patterns, for the grammar to learn their words.
    pub(crate) fn patterns(&mut self) -> impl Iterator<Item = &mut Pattern> {
        let ways = [&mut self.refused, &mut self.excluded, &mut self.partial, &mut self.elsewhere, &mut self.document];
        let more = [&mut self.blank, &mut self.option, &mut self.duty, &mut self.payment, &mut self.asked];
        ways.into_iter().chain(more).chain(self.topics.iter_mut().flat_map(Topic::patterns))
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
    labelled: [String; 5],
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
    /// What makes such a refusal an exception: "in special cases".
    denied_not: Option<String>,
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
    for topic in raw.topic {
        if let Some(denied) = &topic.denied {
            let not = topic.denied_not.iter().map(|not| Pattern::new(not)).collect();
            rules.push(Rule { all: vec![Pattern::new(denied)], not, ..rule(&topic.term, STATES[0]) });
        }
        topics.push(compiled(&topic)?);
    }
    let states = raw.states;
    let topics = Topics {
        refused: Pattern::new(&states.refused),
        excluded: Pattern::new(&states.excluded),
        partial: Pattern::new(&states.partial),
        elsewhere: Pattern::new(&states.elsewhere),
        document: Pattern::new(&states.document),
        blank: Pattern::new(&states.blank),
        option: Pattern::new(&states.option),
        duty: Pattern::new(&states.duty),
        labelled: states.labelled,
        payment: Pattern::new(&states.payment),
        asked: Pattern::new(&states.asked),
        topics,
    };
    Ok((topics, rules))
}

fn compiled(raw: &RawTopic) -> Result<Topic, String> {
    let name = names::find(&raw.term).ok_or_else(|| format!("no term is called {}", raw.term))?;
    Ok(Topic {
        cue: Pattern::new(&raw.cue),
        not: raw.not.as_deref().map(Pattern::new),
        prompt: raw.prompt.as_deref().map(Pattern::new),
        unasked: raw.unasked,
        shape: name.shape,
        rules: STATES.iter().map(|state| rule(&raw.term, state)).collect(),
        called: [name.en, name.fr].map(str::to_lowercase),
        labelled: STATES.iter().map(|state| labelled(&raw.term, state)).collect(),
        letter: letter(name.law).map(|letter| Rule {
            target: Target::Letter(letter),
            value: Some("weak".to_owned()),
            state: None,
            ..rule(&raw.term, STATES[0])
        }),
    })
}

/// The letter of Art. 28(3) a provision belongs to; letter (d) is Art. 28(2) and (4).
fn letter(law: &str) -> Option<char> {
    match law {
        "28(2)" | "28(4)" => Some('d'),
        law => law.strip_prefix("28(3)(")?.chars().next(),
    }
}

fn labelled(term: &str, state: &str) -> Rule {
    Rule { rank: LABELLED_RANK, value: Some(LABELLED.to_owned()), ..rule(term, state) }
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
