//! Sub-processors told one by one: the name on a line of its own or as a title, and below it what is said of it,
//! "Service: …", "Location: …", in items, lines or the rows of a table of two columns.

use super::{
    Reader, item,
    subprocessors::{Entry, FORM, place},
};
use crate::{
    blocks::{Block, Kind},
    fold::folded,
};
use std::ops::Range;

/// So many blocks are looked at.
const BLOCKS_MAX: usize = 4_000;
/// A name with its remark is no longer than this, in bytes.
const NAME_MAX: usize = 70;
/// So many other blocks may stand between what cards say.
const GAP_MAX: usize = 8;
/// So many blocks may lead in to the first card.
const LEAD_MAX: usize = 3;

/// The cards behind an opener; none, where fewer than two things are said of them.
pub(super) fn entries(reader: &Reader<'_>, blocks: &[Block]) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut said = 0;
    let (mut lead, mut gap) = (0, 0);
    let blocks = &blocks[..blocks.len().min(BLOCKS_MAX)];
    for (index, block) in blocks.iter().enumerate() {
        // The head of a table may stand between.
        let next = blocks[index + 1..].iter().take(2).any(|next| label(reader, &next.range).is_some());
        if let Some((label, value)) = label(reader, &block.range) {
            let Some(card) = found.last_mut() else { return Vec::new() };
            said += 1;
            gap = 0;
            card.rest.end = block.range.end;
            if reader.grammar.words.has("card_name", &label) {
                card.name = item::entry(reader, &value).map_or(card.name.clone(), |own| own.name);
            }
            tell(reader, card, &label, &reader.text.as_str()[value]);
        } else if next && let Some(own) = named(reader, block) {
            found.push(own);
        } else if found.is_empty() && lead < LEAD_MAX && block.kind == Kind::Paragraph {
            lead += 1;
        } else if found.is_empty() || block.kind == Kind::Heading || gap == GAP_MAX {
            break;
        } else {
            gap += 1;
        }
    }
    if said < 2 { Vec::new() } else { found }
}

/// What a label says of its company: address, country, task.
fn tell(reader: &Reader<'_>, card: &mut Entry, label: &str, value: &str) {
    let words = &reader.grammar.words;
    let cells = card.cells.get_or_insert_default();
    let slots =
        [("column_address", &mut cells.address), ("card_place", &mut cells.country), ("column_task", &mut cells.task)];
    if let Some((_, slot)) = slots.into_iter().find(|(cue, _)| words.has(cue, label)) {
        slot.get_or_insert_with(|| value.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    // Where a company has its seat says more than where data are kept.
    if words.has("column_address", label) && place(reader, value).1.is_some() {
        cells.country = Some(value.to_owned());
    }
}

/// The name at the head of a card.
fn named(reader: &Reader<'_>, block: &Block) -> Option<Entry> {
    let text = &reader.text.as_str()[block.range.clone()];
    let lead = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ')).len();
    let line = text[lead..].trim_end();
    let ends = line.ends_with(['.', ';', ',']) && FORM.find_iter(line).all(|form| form.end() < line.len());
    let plain = line.len() < NAME_MAX && !line.contains([':', '|', '\n']) && !ends;
    if !plain || block.kind == Kind::Item {
        return None;
    }
    let from = block.range.start + lead;
    item::entry(reader, &(from..from + line.len()))
}

/// What a line is about, folded, and where it says it: "Service: hosting", "| Country | France |".
fn label(reader: &Reader<'_>, range: &Range<usize>) -> Option<(String, Range<usize>)> {
    let text = &reader.text.as_str()[range.clone()];
    let lead = text.len() - text.trim_start_matches(['|', ' ', '-', '•']).len();
    let cut = lead + text[lead..].find([':', '|'])?;
    let label = folded(text[lead..cut].trim());
    let value = text[cut + 1..].trim_end_matches(['|', ' ', '\n']);
    let from = cut + 1 + value.len() - value.trim_start().len();
    let cells = text.contains('|') && value.contains('|');
    (!cells && reader.grammar.words.has("card_label", &label))
        .then(|| (label, range.start + from..range.start + cut + 1 + value.len()))
}
