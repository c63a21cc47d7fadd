//! Sentences, as the grammar reads them: with their lead-in, their headings and the part they stand in.

use crate::{
    blocks::{Block, Kind, Layout},
    figures::{self, Figure},
    fold::{self, Folded},
    grammar::{Grammar, Words},
    pattern::Pattern,
    roles::Lexicon,
    sieve::Present,
};
use regex_automata::Match;
use std::{ops::Range, sync::Arc};

/// Which role the author plays in a part of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Not said.
    #[default]
    Open,
    /// "Processing for which we act as controller".
    Controller,
    /// "Processing for which we act as processor".
    Processor,
}

/// A sentence.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Lead-in and sentence, folded and tokenised.
    pub(crate) text: Folded,
    /// Where the sentence itself begins in `text`.
    pub(crate) own: usize,
    /// Figures of the sentence by their place in `text`.
    pub(crate) figures: Vec<(usize, Figure)>,
    /// Figures of its lead-in: "within ten days, the Processor:".
    pub(crate) lead_figures: Vec<(usize, Figure)>,
    /// Its headings.
    pub(crate) head: Arc<Head>,
    /// Its words in the extracted text.
    pub(crate) range: Range<usize>,
    /// The clause, an index.
    pub(crate) clause: usize,
    /// The block, an index.
    pub(crate) block: usize,
    /// The part it stands in.
    pub(crate) scope: Scope,
    /// The words of patterns that stand in `text`.
    words: Present,
}

/// The headings above a sentence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// Folded and tokenised, outermost first, ` > ` between them.
    pub(crate) text: String,
    words: Present,
}

impl Unit {
    /// The sentence itself.
    pub(crate) fn own(&self) -> &str {
        &self.text.text[self.own..]
    }

    /// Whether a pattern can be in the sentence, its lead-in or a part of them.
    pub(crate) fn can_have(&self, pattern: &Pattern) -> bool {
        pattern.can_be(&self.words)
    }

    /// Whether a pattern is in the sentence or its lead-in.
    pub(crate) fn has(&self, pattern: &Pattern) -> bool {
        pattern.is_in(&self.text.text, &self.words)
    }

    /// Every place of a pattern in the sentence and its lead-in, in order.
    pub(crate) fn places<'u>(&'u self, pattern: &'u Pattern) -> impl Iterator<Item = Match> + 'u {
        self.can_have(pattern).then(|| pattern.find_iter(&self.text.text)).into_iter().flatten()
    }

    /// Whether a pattern can be in the headings above, or in one of them.
    pub(crate) fn can_be_below(&self, pattern: &Pattern) -> bool {
        pattern.can_be(&self.head.words)
    }

    /// Whether a pattern is in the headings above.
    pub(crate) fn is_below(&self, pattern: &Pattern) -> bool {
        pattern.is_in(&self.head.text, &self.head.words)
    }

    /// The patterns that can be in the sentence, its lead-in or a part of them.
    pub(crate) fn may_have<'p>(&self, patterns: &'p [Pattern]) -> impl Iterator<Item = &'p Pattern> {
        patterns.iter().filter(|pattern| self.can_have(pattern))
    }

    /// The rules, by index and in order, that may hold.
    pub(crate) fn worth(&self, grammar: &Grammar) -> Vec<usize> {
        grammar.sieve.pass(&grammar.rules, &self.words)
    }
}

/// A lead-in, folded and tokenised, with its figures.
type Lead = (Folded, Vec<(usize, Figure)>);

/// A lead-in longer than this is cut at its front, in bytes.
const LEAD_MAX: usize = 300;
/// A sentence longer than this is cut, in bytes.
const SENTENCE_MAX: usize = 3_000;

/// All sentences of a document.
pub(crate) fn units(text: &str, layout: &Layout, grammar: &Grammar, lexicon: &Lexicon) -> Vec<Unit> {
    let heads = heads(text, layout, grammar, lexicon);
    let tokens: Vec<Lead> =
        layout
            .blocks
            .iter()
            .map(|block| {
                if is_lead(text, block) {
                    tokenise(text, block.range.clone(), grammar, lexicon)
                } else {
                    Lead::default()
                }
            })
            .collect();
    let mut found = Vec::new();
    for (index, block) in layout.blocks.iter().enumerate() {
        let (head, scope) = &heads[block.clause];
        let above = block.lead.map(|lead| &tokens[lead]);
        let mut inline: Option<Lead> = None;
        for range in sentences(text, block.range.clone()) {
            let words = &text[range.clone()];
            let opened = lead_in(words).map(|end| tokenise(text, range.start..range.start + end, grammar, lexicon));
            let ends = !words.ends_with(';');
            let lead = inline.as_ref().or(above);
            found.push(unit(text, (index, block), range, lead, (head, *scope), grammar, lexicon));
            inline = if ends { None } else { inline.or(opened) };
        }
    }
    found
}

/// "The Processor shall: (a) keep …; (b) erase …": where the words before the first item end.
fn lead_in(sentence: &str) -> Option<usize> {
    let colon = sentence.find(':')?;
    let rest = sentence[colon + 1..].trim_start();
    // "subject to conditions: no more than once a year; during office hours;": the items need no marks.
    let item = rest.starts_with(|c: char| c == '(' || c.is_lowercase())
        || rest.as_bytes().get(1).is_some_and(|byte| matches!(byte, b')' | b'.'));
    (item && sentence.ends_with(';') && colon < LEAD_MAX).then_some(colon + 1)
}

fn is_lead(text: &str, block: &Block) -> bool {
    text[block.range.clone()].trim_end().ends_with(':')
}

fn unit(
    text: &str,
    (index, block): (usize, &Block),
    range: Range<usize>,
    lead: Option<&Lead>,
    (head, scope): (&Arc<Head>, Scope),
    grammar: &Grammar,
    lexicon: &Lexicon,
) -> Unit {
    let (own, mut figures) = tokenise(text, range.clone(), grammar, lexicon);
    let mut joined = Folded::default();
    let mut lead_figures = Vec::new();
    if let Some((lead, found)) = lead {
        let start = lead.text.len().saturating_sub(LEAD_MAX);
        joined.copy(lead, start..lead.text.len());
        joined.push_word(" ", lead.pair(0..1));
        let kept = found.iter().filter(|(place, _)| *place >= start);
        lead_figures.extend(kept.map(|(place, figure)| (place - start, figure.clone())));
    }
    let at = joined.text.len();
    joined.copy(&own, 0..own.text.len());
    for (place, _) in &mut figures {
        *place += at;
    }
    let head = if block.kind == Kind::Heading { Arc::default() } else { Arc::clone(head) };
    let words = grammar.sieve.words(&joined.text);
    Unit { text: joined, own: at, figures, lead_figures, head, range, clause: block.clause, block: index, scope, words }
}

fn tokenise(text: &str, range: Range<usize>, grammar: &Grammar, lexicon: &Lexicon) -> (Folded, Vec<(usize, Figure)>) {
    let folded = fold::fold(text, range);
    let named = lexicon.tokenise(&folded, &grammar.words);
    figures::tokenise(&named, &grammar.words)
}

/// For each clause: its chain of titles, and the part it stands in.
fn heads(text: &str, layout: &Layout, grammar: &Grammar, lexicon: &Lexicon) -> Vec<(Arc<Head>, Scope)> {
    let mut found: Vec<(Arc<Head>, Scope)> = Vec::with_capacity(layout.clauses.len());
    for clause in &layout.clauses {
        let (above, inherited) = clause.parent.and_then(|parent| found.get(parent)).cloned().unwrap_or_default();
        let title = clause.title.clone();
        let title = title.map(|title| lexicon.tokenise(&fold::fold(text, title), &grammar.words).text);
        let title = title.unwrap_or_default();
        let scope = scope(&title, &grammar.words).unwrap_or(inherited);
        let cut = above.text.len().saturating_sub(LEAD_MAX);
        let text = format!("{} > {title}", &above.text[cut..]);
        let words = grammar.sieve.words(&text);
        found.push((Arc::new(Head { text, words }), scope));
    }
    found
}

fn scope(title: &str, words: &Words) -> Option<Scope> {
    if words.has("controller_part", title) {
        return Some(Scope::Controller);
    }
    words.has("processor_part", title).then_some(Scope::Processor)
}

/// The sentences of a block: after `.`, `!`, `?`, `;` where a new one begins.
pub(crate) fn sentences(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let words = &text[range.clone()];
    let mut found = Vec::new();
    let mut start = 0;
    let mut letters = words.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let after = at + letter.len_utf8();
        let gap = next.is_none_or(char::is_whitespace);
        let ends = match letter {
            ';' | '!' | '?' => gap,
            '.' => gap && !abbreviation(&words[start..at]) && begins(&words[after..]),
            _ => false,
        };
        if (ends && after - start > 3) || after - start > SENTENCE_MAX {
            add(&mut found, words, start..after, range.start);
            start = after;
        }
    }
    add(&mut found, words, start..words.len(), range.start);
    found
}

fn add(found: &mut Vec<Range<usize>>, words: &str, part: Range<usize>, base: usize) {
    let piece = &words[part.clone()];
    let start = part.start + piece.len() - piece.trim_start().len();
    let end = part.start + piece.trim_end().len();
    if start < end {
        found.push(base + start..base + end);
    }
}

/// `Art.`, `Inc.`, `e.g.`, initials.
fn abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '\'' | '’'))
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let known = [
        "art", "no", "inc", "ltd", "e.g", "i.e", "cf", "al", "st", "p", "pp", "str", "n", "mr", "mme", "approx",
        "seqq", "par", "max", "min", "ex", "sec", "para",
    ];
    word.is_empty()
        || known.contains(&word.as_str())
        || (word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
}

fn begins(after: &str) -> bool {
    let next = after.trim_start().chars().next();
    next.is_none_or(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '"' | '“' | '«' | '(' | '[' | '-' | '•'))
}
