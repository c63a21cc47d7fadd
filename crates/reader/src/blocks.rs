//! Text to blocks: headings, paragraphs, items, rows; each in its clause.
//!
//! Agreements reach us through PDF extraction and content systems: wrapped lines, a blank line after
//! each line, tables glued into lines. What follows joins lines only where that is safe.

use crate::{
    marker::{self, Marker, Rank},
    text::{Media, Text},
};
use std::ops::Range;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A title.
    Heading,
    /// An item of a list.
    Item,
    /// Running text.
    Paragraph,
}

/// A piece of text that belongs together.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its words, without marker, in the extracted text.
    pub(crate) range: Range<usize>,
    /// The clause it belongs to, an index of [`Layout::clauses`].
    pub(crate) clause: usize,
    /// The paragraph that leads into this item ("… undertakes to:"), an index of blocks.
    pub(crate) lead: Option<usize>,
}

/// A titled or numbered piece of the agreement.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// `III.8`, when numbered.
    pub(crate) path: Option<String>,
    /// Its title in the extracted text.
    pub(crate) title: Option<Range<usize>>,
    /// Where it begins.
    pub(crate) start: usize,
    /// The clause above, an index of [`Layout::clauses`].
    pub(crate) parent: Option<usize>,
}

/// The document, laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// In order.
    pub(crate) blocks: Vec<Block>,
    /// In order; the first begins at the first word.
    pub(crate) clauses: Vec<Section>,
}

/// A line shorter than this was not broken by a margin.
const WRAPPED_MIN: usize = 50;
/// A title is no longer than this.
const TITLE_MAX: usize = 100;

#[derive(Clone, Debug)]
struct Line {
    range: Range<usize>,
    blanks_before: usize,
    level: Option<u8>,
}

/// Lays a text out.
pub(crate) fn layout(text: &Text) -> Layout {
    let lines = lines(text);
    let flow = Flow {
        spread: is_spread(text.as_str(), &lines),
        wrapped: is_wrapped(text.as_str(), &lines),
        joined: text.media() == Media::Markdown,
    };
    let mut layout = Layout::default();
    let mut stack: Vec<(Rank, String, usize, u8)> = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let line = &lines[index];
        let words = &text.as_str()[line.range.clone()];
        let mut marker = marker::read(words, line.level.is_some());
        let heading = is_heading(text.as_str(), &lines, index, &marker, flow);
        if heading && let Some((rank @ Rank::ListNumber, _)) = &mut marker.label {
            *rank = Rank::Number;
        }
        let mut end = index + 1;
        while end < lines.len() && !heading && continues(text.as_str(), &lines, end, flow) {
            end += 1;
        }
        let range = line.range.start + marker.len..lines[end - 1].range.end;
        push(
            &mut layout,
            &mut stack,
            text.as_str(),
            &marker,
            (line.range.start, range),
            heading.then_some(line.level.unwrap_or(7)),
        );
        index = end;
    }
    layout
}

fn lines(text: &Text) -> Vec<Line> {
    let mut found = Vec::new();
    let (mut at, mut blanks) = (0, 0);
    let mut heads = text.heads.iter().peekable();
    for raw in text.as_str().split_inclusive('\n') {
        let start = at + raw.len() - raw.trim_start().len();
        let end = at + raw.trim_end().len();
        at += raw.len();
        while heads.peek().is_some_and(|head| head.at < at && head.at < start.min(at - raw.len())) {
            heads.next();
        }
        if start >= end {
            blanks += 1;
            continue;
        }
        let level = heads.next_if(|head| head.at < at).map(|head| head.level);
        found.push(Line { range: start..end, blanks_before: blanks, level });
        blanks = 0;
    }
    found
}

/// True when the extraction put a blank line after every line.
fn is_spread(text: &str, lines: &[Line]) -> bool {
    let broken = lines.windows(2).filter(|pair| {
        let next = text[pair[1].range.clone()].chars().next();
        let open = !text[pair[0].range.clone()].ends_with(['.', ':', ';', '!', '?']);
        pair[1].blanks_before == 1 && open && pair[0].range.len() >= WRAPPED_MIN && next.is_some_and(char::is_lowercase)
    });
    lines.len() >= 30 && broken.count() * 4 > lines.len()
}

/// True when lines were broken at a margin: what follows a long line mostly goes on in lower case.
fn is_wrapped(text: &str, lines: &[Line]) -> bool {
    let long = |pair: &&[Line]| pair[1].blanks_before <= 1 && pair[0].range.len() >= WRAPPED_MIN;
    let lower = |pair: &&[Line]| text[pair[1].range.clone()].starts_with(char::is_lowercase);
    let all = lines.windows(2).filter(long).count();
    lines.windows(2).filter(long).filter(lower).count() * 3 > all
}

/// How the lines of a document hang together.
#[derive(Clone, Copy)]
struct Flow {
    /// A blank line after each line.
    spread: bool,
    /// Lines broken at a margin.
    wrapped: bool,
    /// Lines without a blank line between them are one paragraph.
    joined: bool,
}

fn gap(line: &Line, flow: Flow) -> usize {
    if flow.spread { line.blanks_before.saturating_sub(1) } else { line.blanks_before }
}

fn continues(text: &str, lines: &[Line], index: usize, flow: Flow) -> bool {
    let (before, line) = (&lines[index - 1], &lines[index]);
    let (above, words) = (&text[before.range.clone()], &text[line.range.clone()]);
    if gap(line, flow) > 0 || line.level.is_some() || words.starts_with('|') {
        return false;
    }
    let open = !above.ends_with(['.', ':', ';', '!', '?', ',']);
    let wrapped = flow.wrapped && before.range.len() >= WRAPPED_MIN;
    let marker = marker::read(words, false);
    if marker.bullet || marker.label.is_some() {
        // "thirty" at the end of one line, "(30) days" on the next.
        let inner = words[marker.len..].starts_with(char::is_lowercase) && words.starts_with('(');
        return inner && wrapped && open && !above.ends_with(" and") && !above.ends_with(" or");
    }
    let lower = words.starts_with(|c: char| c.is_lowercase() || matches!(c, '(' | ',' | ';'));
    lower || (wrapped && !above.ends_with(':'))
}

fn is_heading(text: &str, lines: &[Line], index: usize, marker: &Marker, flow: Flow) -> bool {
    let line = &lines[index];
    if line.level.is_some() {
        return true;
    }
    let numbered = matches!(&marker.label, Some((rank, _)) if *rank <= Rank::Dotted);
    if !numbered {
        let run = (0..3).any(|back| {
            (0..3).all(|step| (index + step).checked_sub(back).is_some_and(|at| titular(text, lines, at, flow)))
        });
        return marker.label.is_none() && titular(text, lines, index, flow) && !run;
    }
    let words = &text[line.range.start + marker.len..line.range.end];
    let first = words.is_empty() || words.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let next = lines.get(index + 1);
    let apart = next.is_none_or(|next| gap(next, flow) > 0 || flow.spread);
    let goes_on = next.is_some_and(|next| {
        text[next.range.clone()].starts_with(char::is_lowercase) || hangs(text, line, next, marker.len, flow)
    });
    first && short(words) && (apart || !goes_on) && few_words(words)
}

/// The second line of a wrapped item stands under the words of the first, not under its number. Markdown joins it anyway.
fn hangs(text: &str, line: &Line, next: &Line, marker: usize, flow: Flow) -> bool {
    let indent = |line: &Line| line.range.start - text[..line.range.start].rfind('\n').map_or(0, |at| at + 1);
    next.blanks_before == 0
        && next.level.is_none()
        && line.range.len() >= WRAPPED_MIN
        && (flow.joined || indent(next) == indent(line) + marker)
        && marker::read(&text[next.range.clone()], false) == Marker::default()
}

fn short(words: &str) -> bool {
    words.chars().count() <= TITLE_MAX && !words.ends_with(['.', ';', ',', ':']) && !words.contains(" | ")
}

/// A short line alone between blank lines. Three in a row are a table, not titles.
fn titular(text: &str, lines: &[Line], index: usize, flow: Flow) -> bool {
    let Some(line) = lines.get(index) else { return false };
    let words = &text[line.range.clone()];
    let first = words.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let apart = gap(line, flow) > 0 && lines.get(index + 1).is_some_and(|next| gap(next, flow) > 0);
    // "Deadline: [30 days]" is a line of a form.
    let filled = words.split_once(": ").is_some_and(|(_, value)| value.starts_with(['[', '{', '_', '<']));
    first
        && apart
        && !filled
        && line.level.is_none()
        && short(words)
        && few_words(words)
        && marker::read(words, false) == Marker::default()
}

/// Ten words make no title, unless it is shouted.
fn few_words(words: &str) -> bool {
    words.split_whitespace().count() <= 14 || !words.chars().any(char::is_lowercase)
}

type Stack = Vec<(Rank, String, usize, u8)>;

fn push(
    layout: &mut Layout,
    stack: &mut Stack,
    text: &str,
    marker: &Marker,
    (start, range): (usize, Range<usize>),
    heading: Option<u8>,
) {
    let numbered = marker.label.as_ref();
    if numbered.is_some() || heading.is_some() || layout.clauses.is_empty() {
        open_clause(layout, stack, text, marker, (start, &range), heading);
    }
    let kind = match heading {
        Some(_) => Kind::Heading,
        None if marker.bullet || numbered.is_some() => Kind::Item,
        None => Kind::Paragraph,
    };
    let clause = layout.clauses.len() - 1;
    let block = Block { kind, range, clause, lead: None };
    let lead = lead(layout, text, &block);
    layout.blocks.push(Block { lead, ..block });
}

fn open_clause(
    layout: &mut Layout,
    stack: &mut Stack,
    text: &str,
    marker: &Marker,
    (start, range): (usize, &Range<usize>),
    heading: Option<u8>,
) {
    let (rank, label) = marker.label.clone().map_or((None, String::new()), |(rank, label)| (Some(rank), label));
    let level = heading.unwrap_or(9);
    match rank {
        Some(rank) => {
            while stack.last().is_some_and(|top| top.0 > rank || top.0 == rank && !deeper(rank, &top.1, &label)) {
                stack.pop();
            }
        }
        // A title without number closes the lists above it, and the numbers when its markup ranks it as high.
        None => {
            while stack
                .last()
                .is_some_and(|top| top.0 >= Rank::ListNumber && top.0 != Rank::Dotted || top.3 >= level && level <= 6)
            {
                stack.pop();
            }
        }
    }
    let parent = stack.last().map(|top| top.2);
    let path = rank.map(|rank| path(stack, rank, &label));
    let title = if heading.is_some() && !range.is_empty() { Some(range.clone()) } else { run_in_title(text, range) };
    layout.clauses.push(Section { path, title, start, parent });
    if let Some(rank) = rank {
        stack.push((rank, label, layout.clauses.len() - 1, level));
    }
}

/// `4.2.1` below `4.2`.
fn deeper(rank: Rank, above: &str, below: &str) -> bool {
    rank == Rank::Dotted && below.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

fn path(stack: &Stack, rank: Rank, label: &str) -> String {
    let first = label.split('.').next().unwrap_or_default();
    let mut parts: Vec<&str> = Vec::new();
    for (above, name, ..) in stack {
        let absolute =
            rank == Rank::Dotted && (matches!(above, Rank::Number | Rank::ListNumber | Rank::Dotted) || name == first);
        if !absolute {
            if *above == Rank::Dotted {
                parts.retain(|part| name.split('.').next() != Some(part));
            }
            parts.push(name);
        }
    }
    parts.push(label);
    parts.join(".")
}

/// `8. Notification of a breach: the processor …`, `4.1 Appointment.` on a line of its own.
fn run_in_title(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let words = &text[range.clone()];
    let stop = words.char_indices().take(TITLE_MAX).find(|(_, c)| matches!(c, ':' | '.' | '\n'))?.0;
    let title = words[..stop].trim_end();
    let short = title.split_whitespace().count() <= 9 && title.starts_with(char::is_uppercase);
    (short && !title.is_empty()).then(|| range.start..range.start + title.len())
}

/// The block that leads into this one: the last that ended with a colon, while items follow it.
fn lead(layout: &Layout, text: &str, block: &Block) -> Option<usize> {
    let last = layout.blocks.len().checked_sub(1)?;
    let before = &layout.blocks[last];
    let open = text[before.range.clone()].trim_end().ends_with(':');
    match block.kind {
        Kind::Heading => None,
        _ if open && before.kind != Kind::Heading => Some(last),
        Kind::Item if before.kind == Kind::Item => before.lead,
        Kind::Item => None,
        // A paragraph that begins in lower case goes on with the list above it.
        Kind::Paragraph if before.kind == Kind::Heading => {
            let above = last.checked_sub(1)?;
            let opened = text[layout.blocks[above].range.clone()].trim_end().ends_with(':');
            if opened { Some(above) } else { layout.blocks[above].lead.filter(|_| !starts_subject(text, block)) }
        }
        Kind::Paragraph => before
            .lead
            .filter(|_| before.kind == Kind::Paragraph && text[block.range.clone()].starts_with(char::is_lowercase)),
    }
}

/// A paragraph with its own subject does not hang on a lead-in.
fn starts_subject(text: &str, block: &Block) -> bool {
    let words = text[block.range.clone()].trim_start();
    let first = words.split_whitespace().next().unwrap_or_default().to_lowercase();
    matches!(
        first.as_str(),
        "the"
            | "le"
            | "la"
            | "les"
            | "any"
            | "each"
            | "all"
            | "this"
            | "if"
            | "in"
            | "si"
            | "en"
            | "il"
            | "ce"
            | "cette"
            | "you"
            | "we"
            | "vous"
            | "nous"
            | "un"
            | "une"
            | "tout"
            | "toute"
            | "aucun"
            | "aucune"
            | "chaque"
            | "an"
            | "a"
            | "no"
            | "where"
            | "upon"
            | "on"
            | "at"
            | "à"
            | "au"
            | "lorsque"
            | "dans"
            | "by"
            | "par"
            | "unless"
            | "sauf"
    )
}
