//! Brings topics and ways of speaking together: a duty refused, a value elsewhere, a blank.
//!
//! What is found here is weaker than any written rule, with one exception: in a sentence that refuses a
//! duty, sends it elsewhere or leaves it open, the rules that know only its words do not count.

use super::{Reader, hits::Hit};
use crate::{
    figures::Figure,
    fold,
    grammar::{Rule, Target},
    topics::{STATES, Topic, Topics},
    units::{Scope, Unit},
};
use agreement::names::Shape;
use regex_automata::Match;

/// So far may a topic stand from the words that refuse it, in bytes.
const REFUSED_MAX: usize = 90;
/// So far may a reference or a blank stand from its topic, in bytes.
const NEAR_MAX: usize = 70;
/// So much after a refusal is no topic: "to do so".
const ANAPHOR_MAX: usize = 26;

/// The longest line of a form, in bytes.
const LABELLED_MAX: usize = 200;

/// What a sentence does with the topics in it.
struct Ways {
    refused: Vec<Match>,
    excluded: Vec<Match>,
    partial: bool,
    payment: bool,
    elsewhere: Vec<Match>,
    blank: Vec<Match>,
    option: Vec<Match>,
    /// Places of "without undue delay", when no figure stands beside it.
    prompt: Vec<usize>,
}

impl Ways {
    fn of(reader: &Reader<'_>, topics: &Topics, unit: &Unit) -> Self {
        let text = &unit.text.text;
        // In the words as written: a token may stand for "as set out in Annex 2".
        let document = |hit: &Match| {
            let words = unit.text.origin(hit.start()..(hit.end() + NEAR_MAX).min(text.len()));
            topics.document.is_match(&fold::fold(reader.text.as_str(), words).text)
        };
        let vague = unit.figures.iter().all(|(_, figure)| *figure == Figure::Vague);
        Self {
            refused: unit.places(&topics.refused).collect(),
            excluded: unit.places(&topics.excluded).collect(),
            partial: unit.has(&topics.partial),
            payment: unit.has(&topics.payment),
            elsewhere: unit.places(&topics.elsewhere).filter(document).collect(),
            blank: unit.places(&topics.blank).collect(),
            option: unit.places(&topics.option).collect(),
            prompt: unit.figures.iter().filter(|_| vague).map(|(place, _)| *place).collect(),
        }
    }

    fn nothing(&self) -> bool {
        self.refused.is_empty()
            && self.excluded.is_empty()
            && self.elsewhere.is_empty()
            && self.blank.is_empty()
            && self.option.is_empty()
            && self.prompt.is_empty()
    }
}

/// Adds what a sentence says of topics; `from` is where the hits of this sentence begin.
pub(crate) fn add<'a>(reader: &Reader<'a>, index: usize, unit: &Unit, from: usize, found: &mut Vec<Hit<'a>>) {
    let topics = &reader.grammar.topics;
    if unit.scope == Scope::Controller {
        return;
    }
    if let Some((topic, state)) = labelled(reader, topics, unit) {
        // The line says nothing else, whatever words the name of the term is made of.
        found.truncate(from);
        let letter = topic.letter.as_ref().filter(|_| matches!(STATES[state], "conditional" | "vague"));
        let rules = topic.labelled.get(state).into_iter().chain(letter);
        found.extend(rules.map(|rule| Hit { rule, unit: index, figure: None, range: unit.range.clone() }));
        return;
    }
    let ways = Ways::of(reader, topics, unit);
    if !ways.nothing() {
        let title = unit.head.text.rsplit(" > ").next().unwrap_or_default();
        for topic in topics.topics.iter().filter(|topic| unit.can_have(&topic.cue) || unit.can_be_below(&topic.cue)) {
            if let Some(state) = state(topics, topic, &ways, unit, title) {
                let rule = &topic.rules[state];
                found.push(Hit { rule, unit: index, figure: None, range: unit.range.clone() });
            }
        }
    }
    silence(found, from);
}

/// Whether a sentence is a line of a form that says how firmly a term is said.
pub(crate) fn is_labelled(reader: &Reader<'_>, unit: &Unit) -> bool {
    labelled(reader, &reader.grammar.topics, unit).is_some()
}

/// "Duration: set out in the main contract.": the name of a term in our vocabulary, and how firmly it is said.
fn labelled<'a>(reader: &Reader<'a>, topics: &'a Topics, unit: &Unit) -> Option<(&'a Topic, usize)> {
    let line = reader.text.as_str().get(unit.range.clone()).filter(|line| line.len() <= LABELLED_MAX)?;
    let (name, way) = line.rsplit_once(':')?;
    let plain = |words: &str| words.replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ").trim().to_lowercase();
    let way = plain(way.trim_end().trim_end_matches('.'));
    let state = topics.labelled.iter().position(|known| *known == way)?;
    let name = plain(name.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.'));
    let topic = topics.topics.iter().find(|topic| topic.called.contains(&name))?;
    Some((topic, state))
}

/// Which of `STATES` a sentence gives a topic.
fn state(topics: &Topics, topic: &Topic, ways: &Ways, unit: &Unit, title: &str) -> Option<usize> {
    let text = &unit.text.text;
    if topic.not.as_ref().is_some_and(|not| unit.has(not)) {
        return None;
    }
    let cues: Vec<Match> = unit.places(&topic.cue).filter(|cue| cue.end() > unit.own).collect();
    let titled = unit.can_be_below(&topic.cue) && topic.cue.is_match(title);
    let after = |start: usize, most: usize| cues.iter().any(|cue| cue.end() > start && cue.start() < start + most);
    let before = |end: usize, most: usize| cues.iter().any(|cue| cue.end() <= end && end - cue.end() < most);
    let refused = |hit: &Match| {
        after(hit.end(), REFUSED_MAX) || (titled && cues.is_empty() && text.len() - hit.end() < ANAPHOR_MAX)
    };
    if ways.refused.iter().any(refused) || ways.excluded.iter().any(|hit| before(hit.start(), NEAR_MAX)) {
        return match (ways.partial, ways.payment) {
            (_, true) => Some(3),
            (true, _) => None,
            _ => Some(0),
        };
    }
    let owed = |at: usize| topics.duty.is_match(&text[..at]);
    let points = |hit: &Match| {
        !owed(hit.start())
            && (before(hit.end(), NEAR_MAX + ANAPHOR_MAX)
                || (titled && cues.is_empty() && hit.start() - unit.own.min(hit.start()) < ANAPHOR_MAX))
    };
    if ways.elsewhere.iter().any(points) {
        return Some(1);
    }
    if ways.option.iter().any(|hit| after(hit.end(), REFUSED_MAX) || before(hit.start(), NEAR_MAX)) {
        return Some(2);
    }
    let open = |hit: &Match| {
        let last = text.len() - hit.end() < 4;
        // "Venue: to be completed" below "Term, law, venue" leaves the venue open, not the term.
        let unnamed =
            text[unit.own.min(hit.start())..hit.start()].trim().is_empty() || !text[hit.range()].starts_with(':');
        let titled = titled && unnamed;
        (before(hit.start() + 1, NEAR_MAX) && (topic.shape != Shape::Flag || last && !owed(hit.start())))
            || (titled && cues.is_empty() && last && hit.start() - unit.own.min(hit.start()) < ANAPHOR_MAX)
    };
    let counted = |hit: &Match| topic.shape == Shape::Number && after(hit.start(), NEAR_MAX);
    if ways.blank.iter().any(|hit| open(hit) || counted(hit)) {
        return Some(2);
    }
    let soon = |place: &usize| before(*place, NEAR_MAX) || after(*place, REFUSED_MAX);
    (topic.prompt.as_ref().is_some_and(|prompt| unit.has(prompt)) && ways.prompt.iter().any(soon)).then_some(4)
}

/// In a sentence that refuses a duty or leaves it open, rules that know only its words do not count.
fn silence(found: &mut Vec<Hit<'_>>, from: usize) {
    let weaker = |rule: &Rule| matches!(rule.state.as_deref(), None | Some("vague"));
    let spoken: Vec<(Target, bool)> = found[from..]
        .iter()
        .filter(|hit| {
            matches!(hit.rule.state.as_deref(), Some("negated" | "by-reference" | "placeholder" | "conditional"))
        })
        .map(|hit| (hit.rule.target.clone(), hit.rule.state.as_deref() == Some("negated")))
        .collect();
    if spoken.is_empty() {
        return;
    }
    let letters: Vec<char> =
        spoken.iter().filter(|(_, negated)| *negated).filter_map(|(target, _)| letter(target)).collect();
    let own = found.split_off(from);
    found.extend(own.into_iter().filter(|hit| {
        let silenced = weaker(hit.rule)
            && match &hit.rule.target {
                Target::Letter(letter) => letters.contains(letter) && hit.rule.value.is_none(),
                // A figure in the sentence is a value: it speaks for itself.
                target => hit.figure.is_none() && spoken.iter().any(|(known, _)| known == target),
            };
        !silenced
    }));
}

/// The letter of Art. 28(3) that a term belongs to.
fn letter(target: &Target) -> Option<char> {
    let Target::Term(name) = target else { return None };
    let law = agreement::names::find(name)?.law;
    law.strip_prefix("28(3)(")?.chars().next()
}
