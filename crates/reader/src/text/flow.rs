//! Paragraphs as a word processor nests them (cells, notes and boxes inside paragraphs) laid out one after another.

use super::{Head, Media, Text};
use crate::error::ReadError;
use std::ops::Range;

/// A heading longer than this is a clause in large letters, in bytes.
const HEADING_MAX: usize = 120;

/// A cell longer than this holds running text, in bytes.
const CELL_MAX: usize = 250;

/// A cell longer than this stays apart even alone, so that tables in tables are not copied again and again, in bytes.
const ROW_MAX: usize = 10_000;

/// A link to a longer address is no link, in bytes.
pub(super) const ADDRESS_MAX: usize = 2_000;
/// The most links that are kept; those after them stay words.
const LINKS_MAX: usize = 10_000;
/// The most paragraphs with words that a document may have; each costs memory beside its words.
const PARAGRAPHS_MAX: usize = 500_000;

/// A paragraph being written, or written.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    /// Its number or bullet, as the program would show it.
    pub(super) label: String,
    /// Its words.
    pub(super) words: String,
    /// Its level, when it is a heading.
    pub(super) level: Option<u8>,
    /// Links: bytes of `words`, and the address.
    pub(super) links: Vec<(Range<usize>, String)>,
    /// A row of a table: it follows the one above without a gap.
    pub(super) row: bool,
}

/// A list of paragraphs: the body, a cell, a note.
#[derive(Debug, Default)]
struct Flow {
    done: Vec<Paragraph>,
    open: Option<Paragraph>,
    /// What is set apart from the open paragraph and follows it.
    aside: Vec<Paragraph>,
}

/// Flows inside flows.
#[derive(Debug, Default)]
pub(super) struct Flows {
    stack: Vec<Flow>,
    paragraphs: usize,
    links: usize,
}

impl Flows {
    fn top(&mut self) -> &mut Flow {
        if self.stack.is_empty() {
            self.stack.push(Flow::default());
        }
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    /// The paragraph being written.
    pub(super) fn open(&mut self) -> Option<&mut Paragraph> {
        self.top().open.as_mut()
    }

    /// Begins a paragraph.
    pub(super) fn begin(&mut self) {
        self.end();
        self.top().open = Some(Paragraph::default());
    }

    /// Adds words to the open paragraph; words outside of any are no text.
    pub(super) fn write(&mut self, words: &str) {
        if let Some(open) = self.open() {
            open.words.push_str(words);
        }
    }

    /// What was written since the byte `start` of the open paragraph leads to an address.
    pub(super) fn link(&mut self, start: usize, address: String) {
        if address.len() > ADDRESS_MAX || self.links >= LINKS_MAX {
            return;
        }
        self.links += 1;
        if let Some(open) = self.open() {
            let end = open.words.len().max(start);
            open.links.push((start..end, address));
        }
    }

    /// Ends the open paragraph; one without words is none.
    pub(super) fn end(&mut self) {
        let written = self.top().open.take().filter(|open| !open.words.trim().is_empty());
        self.paragraphs += usize::from(written.is_some());
        let full = self.is_full();
        let flow = self.top();
        flow.done.extend(written.filter(|_| !full));
        flow.done.append(&mut flow.aside);
    }

    fn is_full(&self) -> bool {
        self.paragraphs > PARAGRAPHS_MAX
    }

    /// # Errors
    /// [`ReadError::Excessive`] with this `format` when there were more paragraphs than are kept.
    pub(super) fn check(&self, format: &'static str) -> Result<(), ReadError> {
        if self.is_full() { Err(ReadError::Excessive { format }) } else { Ok(()) }
    }

    /// Begins a flow of its own.
    pub(super) fn enter(&mut self) {
        self.stack.push(Flow::default());
    }

    /// Ends the innermost flow and gives its paragraphs.
    pub(super) fn leave(&mut self) -> Vec<Paragraph> {
        self.end();
        self.stack.pop().map_or_else(Vec::new, |flow| flow.done)
    }

    /// Sets paragraphs after the open one, or here when none is open.
    pub(super) fn aside(&mut self, paragraphs: Vec<Paragraph>) {
        self.paragraphs += paragraphs.len();
        if self.is_full() {
            return;
        }
        let flow = self.top();
        if flow.open.is_some() { flow.aside.extend(paragraphs) } else { flow.done.extend(paragraphs) }
    }

    /// Everything as a text; headings and links know their places.
    pub(super) fn into_text(mut self, media: Media) -> Text {
        let mut text = Text::extracted(media, String::new());
        while self.stack.len() > 1 {
            let inner = self.leave();
            self.aside(inner);
        }
        let mut after_row = false;
        for paragraph in self.leave() {
            if paragraph.words.trim().is_empty() {
                continue;
            }
            if !text.text.is_empty() {
                text.text.push_str(if after_row && paragraph.row { "\n" } else { "\n\n" });
            }
            after_row = paragraph.row;
            push(&mut text, &paragraph);
        }
        text
    }
}

fn push(text: &mut Text, paragraph: &Paragraph) {
    let short = paragraph.words.len() <= HEADING_MAX && !paragraph.words.trim_end().ends_with(['.', ';', ',']);
    if let Some(level) = paragraph.level.filter(|_| short) {
        text.heads.push(Head { at: text.text.len(), level: level.clamp(1, 6) });
    }
    text.text.push_str(&paragraph.label);
    let start = text.text.len();
    text.text.push_str(&paragraph.words);
    let links =
        paragraph.links.iter().map(|(range, address)| ([start + range.start, start + range.end], address.clone()));
    text.links.extend(links);
}

/// The cells of a row as one line, `| a | b |`; cells that hold running text stay paragraphs: two languages side by
/// side, or a page laid out with a table.
pub(super) fn row(cells: Vec<Vec<Paragraph>>) -> Vec<Paragraph> {
    let size = |cell: &Vec<Paragraph>| cell.iter().map(|paragraph| paragraph.words.len()).sum::<usize>();
    let running = cells.iter().filter(|cell| size(cell) > CELL_MAX).count();
    if cells.len() < 2 || running > 1 || cells.iter().any(|cell| size(cell) > ROW_MAX) {
        return cells.into_iter().flatten().collect();
    }
    let mut line = Paragraph { words: "|".to_owned(), row: true, ..Paragraph::default() };
    for cell in cells {
        for paragraph in cell.iter().filter(|paragraph| !paragraph.words.trim().is_empty()) {
            line.words.push(' ');
            line.words.push_str(&paragraph.label);
            let start = line.words.len();
            line.words.push_str(&paragraph.words.replace('\n', " "));
            let moved = |range: &Range<usize>| start + range.start..start + range.end;
            line.links.extend(paragraph.links.iter().map(|(range, address)| (moved(range), address.clone())));
        }
        line.words.push_str(" |");
    }
    vec![line]
}

/// A number as lists write it: `decimal`, `lowerLetter`, `upperRoman`…
pub(super) fn numeral(number: usize, kind: Numeral) -> String {
    match kind {
        Numeral::Decimal => number.to_string(),
        Numeral::Letter => letters(number),
        Numeral::Roman => roman(number),
    }
}

/// How a list counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Numeral {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// a, b, …, z, aa, bb.
    Letter,
    /// i, ii, iii.
    Roman,
}

fn letters(number: usize) -> String {
    let Some(index) = number.checked_sub(1) else { return "0".to_owned() };
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or(0));
    std::iter::repeat_n(letter, index / 26 % 10 + 1).collect()
}

fn roman(mut number: usize) -> String {
    const STEPS: [(usize, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4_000).contains(&number) {
        return number.to_string();
    }
    let mut text = String::new();
    for (value, letters) in STEPS {
        while number >= value {
            text.push_str(letters);
            number -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_paragraphs_cost_nothing_and_too_many_are_refused() {
        let mut flows = Flows::default();
        let write = |flows: &mut Flows, words| {
            flows.begin();
            flows.write(words);
            flows.end();
        };
        (0..9).for_each(|_| write(&mut flows, " \n"));
        assert_eq!(flows.top().done.len(), 0);
        (0..PARAGRAPHS_MAX).for_each(|_| write(&mut flows, "a"));
        assert_eq!(flows.check("ODT"), Ok(()));
        (0..9).for_each(|_| write(&mut flows, "a"));
        assert_eq!(flows.check("ODT"), Err(ReadError::Excessive { format: "ODT" }));
        assert_eq!(flows.top().done.len(), PARAGRAPHS_MAX);
    }

    #[test]
    fn links_are_few_and_short() {
        let mut flows = Flows::default();
        flows.begin();
        flows.link(0, "a".repeat(ADDRESS_MAX + 1));
        (0..LINKS_MAX + 9).for_each(|_| flows.link(0, "https://acme.example".to_owned()));
        assert_eq!(flows.open().map(|open| open.links.len()), Some(LINKS_MAX));
    }

    #[test]
    fn lists_count_as_word_processors_do() {
        let letter = |number| numeral(number, Numeral::Letter);
        assert_eq!([letter(1), letter(26), letter(27), letter(0)], ["a", "z", "aa", "0"]);
        let roman = |number| numeral(number, Numeral::Roman);
        assert_eq!(
            [roman(4), roman(19), roman(1994), roman(0), roman(usize::MAX)].map(|text| text.len()),
            [2, 3, 7, 1, 20]
        );
    }
}
