//! A document as sentences to compare, each with what marks it in any language: its figures, names, addresses, roles,
//! concepts, and the beginnings of words that English and French share.

use super::{CompareError, SEGMENTS_MAX, Side, Version, concepts};
use crate::{
    blocks::{self, Kind, Layout},
    facts,
    figures::Figure,
    fold::fold,
    grammar::{self, Grammar},
    roles,
    text::Text,
    units::{self, Unit},
};
use agreement::reading::Reading;
use kernel::Lang;
use regex::Regex;
use std::{collections::BTreeSet, ops::Range, sync::LazyLock};

/// So many letters at the beginning of a word are compared across languages.
const STEM_LETTERS: usize = 5;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}|(?:https?://|www\.)[A-Za-z0-9.-]{3,100}(?:/[A-Za-z0-9._~%/?=&#-]{0,150})?")
        .expect("a constant pattern")
});
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9]+(?:[.,\u{a0}\u{202f} ][0-9]{3})*(?:[.,][0-9]+)?").expect("a constant pattern"));

/// A sentence, a title or an item.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Its words as extracted.
    pub(super) text: String,
    /// Lower case, no accents.
    pub(super) folded: String,
    /// As the grammar sees it: roles are capitals, periods `#`.
    pub(super) tokens: String,
    /// Where it stands in the extracted text.
    pub(super) range: Range<usize>,
    /// The path of its clause, or the title of one without number.
    pub(super) clause: Option<String>,
    /// The index of its clause.
    pub(super) clause_index: usize,
    /// What kind of block it stands in.
    pub(super) kind: Kind,
    /// Its lengths of time.
    pub(super) figures: Vec<Figure>,
    /// What marks it.
    pub(super) marks: BTreeSet<String>,
}

impl Segment {
    /// Mail and web addresses, in lower case.
    pub(super) fn addresses(&self) -> BTreeSet<String> {
        ADDRESS.find_iter(&self.text).map(|hit| hit.as_str().trim_end_matches(['.', '/']).to_lowercase()).collect()
    }

    /// Its numbers in digits, without separators and leading zeros; addresses do not count.
    pub(super) fn numbers(&self, lang: Lang) -> BTreeSet<String> {
        let plain = ADDRESS.replace_all(&self.text, " ");
        NUMBER.find_iter(&plain).map(|hit| number(hit.as_str(), lang)).collect()
    }

    /// This and the next as one.
    pub(super) fn joined(&self, next: &Self) -> Self {
        let join = |a: &str, b: &str| format!("{a} {b}");
        Self {
            text: join(&self.text, &next.text),
            folded: join(&self.folded, &next.folded),
            tokens: join(&self.tokens, &next.tokens),
            range: self.range.start..next.range.end,
            figures: self.figures.iter().chain(&next.figures).cloned().collect(),
            marks: self.marks.union(&next.marks).cloned().collect(),
            ..self.clone()
        }
    }
}

/// `1,000` and `1 000` are one thousand; `2,5` and `2.5` two and a half.
fn number(written: &str, lang: Lang) -> String {
    let plain: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let (thousands, decimal) = lang.pick((',', '.'), ('.', ','));
    let (whole, rest) = plain.split_once(decimal).unwrap_or((&plain, ""));
    let groups = whole.contains(thousands) && whole.split(thousands).skip(1).all(|part| part.len() == 3);
    let whole = if groups { whole.replace(thousands, "") } else { whole.to_owned() };
    let plain = if rest.is_empty() { whole } else { format!("{whole}.{rest}") };
    let short = plain.trim_start_matches('0');
    if short.is_empty() || short.starts_with('.') { format!("0{short}") } else { short.to_owned() }
}

/// A document, ready to be compared.
pub(super) struct Prepared {
    pub(super) text: Text,
    pub(super) lang: Lang,
    pub(super) reading: Reading,
    pub(super) grammar: &'static Grammar,
    pub(super) segments: Vec<Segment>,
}

impl Prepared {
    /// The place and the words of a range of segments.
    pub(super) fn side(&self, range: &Range<usize>) -> Option<Side> {
        let found = self.segments.get(range.clone())?;
        let (first, last) = (found.first()?, found.last()?);
        Some(self.place(first.range.start..last.range.end, first.clause.clone()))
    }

    /// The place and the words of a range of the text.
    pub(super) fn place(&self, range: Range<usize>, clause: Option<String>) -> Side {
        Side { span: self.text.span(range.clone()), text: self.text.quote(range), clause }
    }
}

/// Reads a document and cuts it.
pub(super) fn prepare(version: Version<'_>) -> Result<Prepared, CompareError> {
    let Version { name, bytes, text } = version;
    let reading = crate::reading(&text, bytes, name, Lang::En);
    let lang = facts::kind::language(text.as_str());
    let grammar = grammar::of(lang);
    let segments = cut(&text, grammar, lang);
    if segments.len() > SEGMENTS_MAX {
        return Err(CompareError::TooLong { file: name.to_owned(), sentences: segments.len() });
    }
    Ok(Prepared { text, lang, reading, grammar, segments })
}

fn cut(text: &Text, grammar: &Grammar, lang: Lang) -> Vec<Segment> {
    let layout = blocks::layout(text);
    let notice = facts::kind::is_notice(text.as_str(), &grammar.words);
    let roles = roles::find(text.as_str(), &grammar.words, notice);
    let clause = |index: usize| {
        let section = &layout.clauses[index];
        let title = section.title.clone().map(|title| text.as_str()[title].to_owned());
        section.path.clone().or(title)
    };
    let units = units::units(text.as_str(), &layout, grammar, &roles.lexicon);
    let mut found: Vec<Segment> = Vec::with_capacity(units.len());
    for unit in units {
        let raw = text.as_str()[unit.range.clone()].to_owned();
        let folded = fold(text.as_str(), unit.range.clone()).text;
        if !folded.contains(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let figures = unit.figures.iter().filter(|(at, _)| *at >= unit.own).map(|(_, figure)| figure.clone()).collect();
        let mut segment = Segment {
            text: raw,
            folded,
            tokens: unit.text.text[unit.own..].to_owned(),
            range: unit.range.clone(),
            clause: clause(unit.clause),
            clause_index: unit.clause,
            kind: kind(text.as_str(), &layout, &unit),
            figures,
            marks: BTreeSet::new(),
        };
        segment.marks = marks(&segment, lang);
        found.push(segment);
    }
    found
}

/// An item that opens a clause of its own ("4.2 …") is no item of a list.
fn kind(text: &str, layout: &Layout, unit: &Unit) -> Kind {
    let block = &layout.blocks[unit.block];
    let start = layout.clauses[block.clause].start;
    let own = start <= block.range.start && !text[start..block.range.start].contains('\n');
    if block.kind == Kind::Item && own { Kind::Paragraph } else { block.kind }
}

/// What marks a sentence in any language.
fn marks(segment: &Segment, lang: Lang) -> BTreeSet<String> {
    let mut marks: BTreeSet<String> = segment.addresses();
    marks.extend(segment.numbers(lang).into_iter().map(|number| format!("n:{number}")));
    marks.extend(segment.figures.iter().filter_map(|figure| match figure {
        Figure::Exact(period, _) => Some(format!("d:{period}")),
        _ => None,
    }));
    marks.extend(segment.tokens.chars().filter(|c| c.is_ascii_uppercase()).map(|role| format!("r:{role}")));
    for concept in concepts::all() {
        if !concept.words(&segment.folded, lang).is_empty() {
            marks.insert(format!("c:{}", concept.name));
        }
    }
    let words = segment.folded.split(|c: char| !c.is_ascii_alphanumeric());
    marks.extend(words.filter(|word| word.len() >= 4).map(|word| format!("w:{}", stem(word))));
    if segment.kind == Kind::Heading {
        marks.insert("heading".to_owned());
    }
    marks
}

fn stem(word: &str) -> &str {
    &word[..word.len().min(STEM_LETTERS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_in_both_languages() {
        for (en, fr, value) in [
            ("1,000", "1 000", "1000"),
            ("2.5", "2,5", "2.5"),
            ("1,250,000.50", "1 250 000,50", "1250000.50"),
            ("01", "1", "1"),
        ] {
            assert_eq!((number(en, Lang::En).as_str(), number(fr, Lang::Fr).as_str()), (value, value));
        }
    }
}
