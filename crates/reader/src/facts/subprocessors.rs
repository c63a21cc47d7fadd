//! Sub-processors that the text itself lists: items, table rows (glued ones too), or a run-in list.

use super::{
    Reader, cards,
    columns::{self, Cells, Columns},
    item,
};
use crate::pattern::written;
use crate::{
    blocks::{Block, Kind},
    fold::folded,
    units::Unit,
};
use agreement::reading::{Note, Party, Subprocessor};
use regex::Regex;
use std::{collections::BTreeSet, ops::Range, sync::LazyLock};

macro_rules! pattern {
    ($name:ident, $text:literal) => {
        pub(super) static $name: LazyLock<Regex> = LazyLock::new(|| written($text));
    };
}

pattern!(GLUED, r"^(\p{Lu}[\p{Lu}&.-]{2,}|\p{Lu}\p{L}*?[\p{Ll}\p{Lu}]{2,}?)(\p{Lu}\p{Ll}[^\n]*|\d[^\n]*)$");
pattern!(
    FORM,
    r"(?-u:\b)(?:a\.s\.|s\.r\.o\.|d\.o\.o\.|e\.V\.|S\.L\.|K/S|OÜ)|(?-u:\b)(?:L\.L\.C|L\.L\.P|PBC|Ltda|Srl|SRL|GbR|Kft|Pte|Pvt|P\.B\.C|DAC|LLP|PLC|plc|ULC|Sàrl|SCIC|SCOP|EURL|SNC|SPRL|ASBL|KG|N\.V|S\.p\.A|Inc|LLC|Ltd|Limited|SAS|SARL|S\.A\.R\.L|GmbH|B\.V|BV|S\.A\.S|S\.A|SA|AG|AB|Oy|AS|SE|Corp|Corporation|SASU|S\.r\.l|NV|Pty|PLC|L\.P|ApS|A/S)(?-u:\b)\.?"
);
pattern!(PHONE, r"^[ |,]*\+[0-9][0-9 .-]{7,20}");
pattern!(STREET, r"(?-u:\b)\d{1,4},? (?i:rue|avenue|place|boulevard|bd|chemin|route|quai|street|road)(?-u:\b)");
pattern!(JOINED, r"(\p{Lu}?\p{Ll}{4,})(\p{Lu}\p{Ll}{2,})");
pattern!(CODE, r", (US|UK)(\p{Lu}\p{L}+)");
pattern!(TRADE, r"(?:trade name|nom commercial|nom de|commercial name|trading as|marque)\s+(\p{Lu}[\p{L}\d.-]*)");
pattern!(
    RUN_IN,
    r"(?:,? (?:and|et) (?:à |on |sur )?|^|[:;,] )(\p{Lu}[\p{L}\d&.-]*(?: (?:(?:du|de|des|of) )?\p{Lu}[\p{L}\d&.-]*)*(?:, (?:Inc|LLC|Ltd|Corp|GmbH|SAS|SARL|plc)\b\.?)?)"
);

pattern!(
    TOLD,
    r"(?:^|[.;,:]\s+|\bet |\band )(\p{Lu}[\p{L}\d&.-]*(?: \p{Lu}[\p{L}\d&.-]*){0,4}(?:, (?:Inc|LLC|Ltd|Corp|GmbH|SAS|SARL|plc|PBC)\b\.?)?)\s\("
);

/// So many places are looked at that may open a list.
const OPENERS_MAX: usize = 40;
/// A list is no longer than this.
const ENTRIES_MAX: usize = 1_000;

/// A line of a list, in the extracted text.
pub(super) struct Entry {
    pub(super) name: Range<usize>,
    pub(super) rest: Range<usize>,
    /// Its cells, below a head that names its columns.
    pub(super) cells: Option<Cells>,
}

/// Every sub-processor listed, once, in the order of the text; and where a list goes on beyond what is read of it.
pub(crate) fn subprocessors(reader: &Reader<'_>) -> (Vec<Subprocessor>, Option<Note>) {
    let mut found: Vec<Subprocessor> = Vec::new();
    let mut cut: Option<Note> = None;
    let mut names: BTreeSet<String> = BTreeSet::new();
    let openers = reader.units.iter().enumerate().filter(|(_, unit)| opens(reader, unit) || hints(reader, unit));
    for (index, unit) in openers.take(OPENERS_MAX) {
        let mut entries = run_in(reader, unit)
            .filter(|entries| !entries.is_empty())
            .unwrap_or_else(|| if ends_there(reader, unit) { Vec::new() } else { listed(reader, index) });
        if !opens(reader, unit) {
            let formal = entries.iter().any(|entry| FORM.is_match(&reader.text.as_str()[entry.name.clone()]));
            let text = reader.text.as_str();
            let rows = entries.iter().all(|entry| text[entry.rest.clone()].trim_start().starts_with('|'));
            entries.retain(|entry| rows || (formal && text[entry.name.clone()].contains(' ')));
        }
        if let Some(next) = entries.get(ENTRIES_MAX) {
            cut.get_or_insert_with(|| reader.cut("subprocessors", next.name.clone()));
        }
        for entry in entries.into_iter().take(ENTRIES_MAX) {
            let entry = read(reader, &entry);
            if names.insert(entry.name.clone()) {
                found.push(entry);
            }
        }
    }
    (found, cut)
}

/// Those that are not the processor itself: its name on a line of a list says that it does that work.
pub(crate) fn others(mut listed: Vec<Subprocessor>, parties: &[Party]) -> Vec<Subprocessor> {
    let own: Vec<String> = parties
        .iter()
        .filter(|party| party.role == "processor")
        .flat_map(|party| party.called.iter().chain([&party.name]))
        .map(|name| folded(name))
        .collect();
    listed.retain(|entry| !own.contains(&folded(&entry.name)));
    listed
}

/// An item of a list, or a sentence that names companies itself, has no list of them below.
fn ends_there(reader: &Reader<'_>, unit: &Unit) -> bool {
    let words = unit.text.text.trim_end();
    let item = reader.layout.blocks[unit.block].kind == Kind::Item;
    let named = row_cell(reader, unit).is_some()
        || reader.grammar.words.has("list_inline", words) && !reader.grammar.words.has("list_opens", words);
    !words.ends_with(':') && (item || named)
}

fn opens(reader: &Reader<'_>, unit: &Unit) -> bool {
    let words = &reader.grammar.words;
    let heading = reader.layout.blocks[unit.block].kind == Kind::Heading;
    let cues: &[&str] = if heading { &["list_heading"] } else { &["list_opens", "list_inline", "list_row"] };
    cues.iter().any(|cue| words.in_own(cue, unit)) && !words.in_own("list_not", unit)
}

/// "Those in use are:" below a title that speaks of sub-processors, or one named in passing: only
/// companies with a legal form count there.
fn hints(reader: &Reader<'_>, unit: &Unit) -> bool {
    let words = &reader.grammar.words;
    let last = unit.head.text.rsplit('>').find(|title| !title.trim().is_empty()).unwrap_or_default();
    let titled = || unit.own().trim_end().ends_with(':') && words.has("list_head", last);
    reader.layout.blocks[unit.block].kind != Kind::Heading
        && (words.in_own("list_passing", unit) || titled())
        && !words.in_own("list_not", unit)
}

/// "… the following sub-processors: A, address, for hosting and B, …"; "notably A, B and others".
fn run_in(reader: &Reader<'_>, unit: &Unit) -> Option<Vec<Entry>> {
    let text = reader.text.as_str();
    let words = &reader.grammar.words;
    let own = &unit.text.text[unit.own..];
    let at = match row_cell(reader, unit) {
        Some(cell) => cell,
        None => {
            let cue = words.cues.get("run_in")?.find_iter(own).last()?;
            unit.text.origin(unit.own + cue.end() - 1..unit.own + cue.end()).end
        }
    };
    // A row of a table goes on behind its semicolons, and so does a sentence that lists.
    let block = reader.layout.blocks[unit.block].range.end;
    let goes_on = row_cell(reader, unit).is_some() || text[unit.range.clone()].ends_with(';');
    let range = at..if goes_on { block } else { unit.range.end };
    let rest = text.get(range.clone())?;
    let at = at + rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    if !rest.starts_with(char::is_uppercase) {
        return None;
    }
    let with_form = FORM.is_match(rest);
    let hits: Vec<Range<usize>> = RUN_IN
        .captures_iter(rest)
        .filter_map(|hit| hit.get(1))
        .filter(|hit| {
            let after = &rest[hit.end()..];
            let first =
                hit.start() == 0 && [", for ", " for ", ", pour ", " pour "].iter().any(|word| after.starts_with(word));
            let told = first || after.starts_with(" (");
            !with_form || told || FORM.is_match(hit.as_str()) || rest[..hit.start()].ends_with("et à ")
        })
        .map(|hit| {
            // The point ends the sentence, or belongs to "Inc.".
            let point = hit.as_str().ends_with('.') && !FORM.is_match(hit.as_str());
            at + hit.start()..at + hit.end() - usize::from(point)
        })
        .filter(|hit| !words.has("no_row", &folded(&text[hit.clone()])) && !is_country(reader, &text[hit.clone()]))
        .collect();
    let ends = hits.iter().skip(1).map(|next| next.start).chain([range.end]).collect::<Vec<_>>();
    Some(hits.into_iter().zip(ends).map(|(name, end)| Entry { rest: name.end..end, name, cells: None }).collect())
}

/// "Approved sub-processors | A (US), B (France) |": where the second cell begins.
fn row_cell(reader: &Reader<'_>, unit: &Unit) -> Option<usize> {
    let words = &reader.text.as_str()[unit.range.clone()];
    let first = words.len() - words.trim_start_matches(['|', ' ']).len();
    let bar = words[first..].find('|').filter(|_| reader.grammar.words.in_own("list_row", unit))?;
    Some(unit.range.start + first + bar + 1)
}

pub(super) fn is_country(reader: &Reader<'_>, word: &str) -> bool {
    let word = folded(word);
    reader
        .grammar
        .words
        .lists
        .get("countries")
        .into_iter()
        .flatten()
        .any(|(pattern, _)| pattern.find(&word).is_some_and(|hit| hit.len() == word.len()))
}

/// The items or rows that follow.
fn listed(reader: &Reader<'_>, opener: usize) -> Vec<Entry> {
    let text = reader.text.as_str();
    let from = reader.units[opener].block + 1;
    let clause = reader.units[opener].clause;
    let cards = cards::entries(reader, &reader.layout.blocks[from..]);
    if !cards.is_empty() {
        return cards;
    }
    let blocks: Vec<_> = reader.layout.blocks[from..]
        .iter()
        .take(ENTRIES_MAX * 6)
        .take_while(|block| {
            // The head of a table looks like a title.
            let head = reader.grammar.words.has("no_row", &folded(&text[block.range.clone()]));
            let inside = reader.path(block.clause) == reader.path(clause);
            company(&text[block.range.clone()])
                || item::is_named(&text[block.range.clone()])
                || ((block.kind != Kind::Heading || (head && inside))
                    && (inside || block.kind == Kind::Item || row(text, &block.range)))
        })
        .collect();
    let names = bare_names(reader, opener);
    let blocks: Vec<_> = if names.len() < 2 { blocks } else { names };
    let bare = blocks.iter().all(|block| block.kind == Kind::Heading);
    let kind = |block: &Block| {
        // "1. X Ltd, Town - hosting" looks like a title.
        let item = block.kind == Kind::Heading
            && (bare || company(&text[block.range.clone()]) || item::is_named(&text[block.range.clone()]));
        if item { Kind::Item } else { block.kind }
    };
    let lines: Vec<(Kind, Range<usize>)> = blocks.iter().map(|block| (kind(block), block.range.clone())).collect();
    let items = lines
        .iter()
        .take_while(|(kind, range)| *kind == Kind::Item || !starts_sentence(text, range))
        .filter(|(kind, _)| *kind == Kind::Item)
        .count();
    if items > 0 && lines.iter().take(2).any(|(kind, _)| *kind == Kind::Item) {
        return items_of(reader, &lines);
    }
    let glued = lines.iter().filter(|(_, range)| glue(text, range).is_some()).count();
    if glued >= 2 { rows_of(reader, &lines) } else { plain_rows(reader, &lines) }
}

/// "… is the following:" and then "1. Interxion", "2. Colt": names alone, numbered, look like titles.
fn bare_names<'a>(reader: &Reader<'a>, opener: usize) -> Vec<&'a Block> {
    let text = reader.text.as_str();
    let unit = &reader.units[opener];
    if !unit.text.text.trim_end().ends_with(':') {
        return Vec::new();
    }
    let short = |block: &&Block| {
        let words = text[block.range.clone()].trim_end();
        block.kind == Kind::Heading && words.len() < 60 && !words.ends_with(['.', ':', ';'])
    };
    reader.layout.blocks[unit.block + 1..].iter().take(ENTRIES_MAX + 1).take_while(short).collect()
}

/// A line that begins with a company and goes on with its place or task.
fn company(line: &str) -> bool {
    let form = FORM.find(line).filter(|form| form.end() < 60);
    line.starts_with(char::is_uppercase)
        && line.len() < 200
        && form.is_some_and(|form| line[form.end()..].trim_start().starts_with([',', '(', ':', '-', '–', '—', '|']))
}

fn row(text: &str, range: &Range<usize>) -> bool {
    text[range.clone()].contains('|')
}

fn starts_sentence(text: &str, range: &Range<usize>) -> bool {
    text[range.clone()].trim_end().ends_with('.') && range.len() > 120
}

/// Bulleted items, up to the first paragraph of prose.
fn items_of(reader: &Reader<'_>, lines: &[(Kind, Range<usize>)]) -> Vec<Entry> {
    let text = reader.text.as_str();
    let mut found: Vec<Entry> = Vec::new();
    for (index, (kind, range)) in lines.iter().enumerate() {
        if *kind == Kind::Item {
            found.extend(item::entries(reader, range));
        } else if !lines[index..].iter().take(2).any(|(kind, _)| *kind == Kind::Item) && starts_sentence(text, range) {
            break;
        } else if let Some(last) = found.last_mut() {
            last.rest.end = range.end;
        }
    }
    found
}

/// The company at the head of a cell: what stands in brackets or after a dash says something about it.
fn short<'t>(reader: &Reader<'_>, cell: &'t str) -> &'t str {
    let remark = cell.find(" (").filter(|at| {
        let said = cell[at + 2..].trim_end_matches(')');
        said.starts_with(char::is_lowercase) || is_country(reader, said)
    });
    let cuts = [
        " – ",
        " — ",
        " - ",
        "<br",
        " and its ",
        " et ses ",
        " ou entité",
        " or its ",
        ", including",
        ", y compris",
        ", via ",
        " via ",
        ", si ",
        ", if ",
        ", lorsqu",
        ", when ",
    ];
    // "X, Inc., 1 Market Street": the address is no part of the name.
    let form = FORM.find(cell).map(|form| form.end()).filter(|end| cell[*end..].starts_with(','));
    let end = cuts
        .iter()
        .filter_map(|cut| cell.find(cut))
        .chain(remark)
        .chain(form)
        .filter(|at| *at > 0)
        .min()
        .unwrap_or(cell.len());
    cell[..end].trim_end()
}

/// "[Cloud host]", "{{provider}}": a name still to be given.
fn is_blank(name: &str) -> bool {
    name.starts_with(['[', '{', '<', '_']) || name.contains("___")
}

fn glue(text: &str, range: &Range<usize>) -> Option<usize> {
    let line = text[range.clone()].lines().next()?;
    let first = line.split(' ').next()?;
    let found = GLUED.captures(first)?;
    let name = found.get(1)?;
    (name.as_str().chars().count() >= 3).then(|| name.end())
}

/// Rows whose cells were glued: a row begins with a name that runs into its address.
fn rows_of(reader: &Reader<'_>, lines: &[(Kind, Range<usize>)]) -> Vec<Entry> {
    let text = reader.text.as_str();
    let mut found: Vec<Entry> = Vec::new();
    for (_, range) in lines {
        match glue(text, range) {
            Some(length) if !reader.grammar.words.has("no_row", &folded(&text[range.clone()])) => {
                let name = range.start..range.start + length;
                found.push(Entry { rest: name.end..range.end, name, cells: None });
            }
            _ => {
                if let Some(last) = found.last_mut() {
                    last.rest.end = range.end;
                }
            }
        }
    }
    found
}

/// Table rows in cells, or lines that begin with a company and its legal form.
fn plain_rows(reader: &Reader<'_>, lines: &[(Kind, Range<usize>)]) -> Vec<Entry> {
    let text = reader.text.as_str();
    let mut found = Vec::new();
    let mut columns: Option<Columns> = None;
    let mut names = 0;
    for (_, range) in lines {
        let line = &text[range.clone()];
        if let Some(column) = columns::of_names(line, &reader.grammar.words) {
            names = column;
        }
        if let Some(head) = Columns::of(line, &reader.grammar.words) {
            columns = Some(head);
        } else if line.contains('|') {
            let cell = columns::cell(line, names).unwrap_or(0..0);
            let start = cell.start + line[cell.clone()].len() - line[cell.clone()].trim_start().len();
            let name = short(reader, line[start..cell.end.max(start)].trim_end());
            if name.contains(char::is_alphabetic)
                && !is_blank(name)
                && !reader.grammar.words.has("no_row", &folded(name))
                && !idle(reader, &line[start..])
            {
                let name = range.start + start..range.start + start + name.len();
                let cells = columns.map(|columns| columns.read(line));
                found.push(Entry { rest: name.end..range.end, name, cells });
            }
        } else if let Some(told) = in_prose(line) {
            let ends = told.iter().skip(1).map(|next| next.start).chain([line.len()]).collect::<Vec<_>>();
            let place = |at: usize| range.start + at;
            found.extend(told.iter().zip(ends).map(|(name, end)| Entry {
                name: place(name.start)..place(name.end),
                rest: place(name.end)..place(end),
                cells: None,
            }));
        } else if FORM.find(line).is_some_and(|form| form.end() < 60) {
            found.extend(item::entry(reader, range));
        }
    }
    if found.is_empty() { told(reader, lines) } else { found }
}

/// "Petrel (storage, mail): …": a paragraph that begins with a name and a remark, where the list has no other form.
fn told(reader: &Reader<'_>, lines: &[(Kind, Range<usize>)]) -> Vec<Entry> {
    let text = reader.text.as_str();
    let paragraphs = lines.iter().filter(|(kind, _)| *kind == Kind::Paragraph);
    let entries = paragraphs.filter_map(|(_, range)| item::entry(reader, range));
    entries.filter(|entry| text[entry.rest.clone()].starts_with(" (")).collect()
}

/// A row of somebody not engaged: one of its cells says so.
fn idle(reader: &Reader<'_>, row: &str) -> bool {
    row.split('|').skip(1).any(|cell| reader.grammar.words.has("list_idle", folded(cell).trim()))
}

/// "Fly, Inc. (hosting; Paris). Resend, Inc. (mail; Dublin).": two or more in one paragraph, each with its remark.
fn in_prose(line: &str) -> Option<Vec<Range<usize>>> {
    let hits: Vec<Range<usize>> =
        TOLD.captures_iter(line).filter_map(|hit| hit.get(1)).map(|hit| hit.range()).collect();
    let formal = hits.iter().filter(|hit| FORM.is_match(&line[(*hit).clone()])).count();
    (formal >= 2).then_some(hits)
}

fn read(reader: &Reader<'_>, entry: &Entry) -> Subprocessor {
    let text = reader.text.as_str();
    let mut name = text[entry.name.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
    let rest = unglued(&text[entry.rest.clone()]);
    let rest = rest.as_str();
    if let Some(trade) = TRADE.captures(rest).filter(|hit| hit.get(0).is_some_and(|all| all.start() < 60)) {
        name = format!("{name} ({})", &trade[1]);
    }
    let span = reader.text.span(entry.name.start..entry.rest.end);
    if let Some(cells) = &entry.cells {
        let country = cells.country.as_deref().and_then(|country| place(reader, country).1);
        return Subprocessor { name, address: cells.address.clone(), country, task: cells.task.clone(), span };
    }
    let (address, country) = place(reader, rest);
    let task = task(reader, rest, address.as_deref());
    let address = address.map(|address| address.replace(" | ", ", "));
    Subprocessor { name, address, country, task, span }
}

/// Cells glued into a word come apart: `FranceHosting`, `USCRM`.
fn unglued(rest: &str) -> String {
    let words = JOINED.replace_all(rest, "$1 | $2");
    CODE.replace_all(&words, ", $1 | $2").into_owned()
}

/// The address and the country: up to the countries named first, one after the other.
pub(super) fn place(reader: &Reader<'_>, rest: &str) -> (Option<String>, Option<String>) {
    let folded = crate::fold::fold(rest, 0..rest.len());
    let countries = reader.grammar.words.lists.get("countries").into_iter().flatten();
    let mut found: Vec<(Range<usize>, &String)> = countries
        .flat_map(|(pattern, code)| pattern.find_iter(&folded.text).map(move |hit| (hit.range(), code)))
        .collect();
    found.sort_by_key(|(range, _)| range.start);
    let Some(mut last) = found.first().cloned() else { return (None, None) };
    for next in found.into_iter().skip(1) {
        let between = folded.text.get(last.0.end..next.0.start).unwrap_or_default();
        if next.0.start < last.0.end + NEAR_MAX && !between.contains('(') {
            last = next;
        }
    }
    let end = folded.origin(last.0).end;
    let lead = |c: char| matches!(c, ',' | ' ' | '|' | '(' | ':' | '–' | '-');
    let mut address = rest[..end].trim_start_matches(lead);
    let begins = reader.grammar.words.cues.get("address_begins").and_then(|cue| cue.find(&folded.text));
    if let Some(start) = begins.map(|hit| folded.origin(hit.range()).end) {
        address = rest.get(start..end).unwrap_or(address).trim();
    }
    // Other names of the company before its street are no part of the address.
    let street = STREET.find(address).filter(|hit| address[..hit.start()].contains('/'));
    let address = street.map_or(address, |hit| &address[hit.start()..]);
    let address = address.split_whitespace().collect::<Vec<_>>().join(" ");
    ((!address.is_empty()).then_some(address), Some(last.1.clone()))
}

/// "Cambridge, Massachusetts, United States": so close together, in bytes, names belong to one address.
const NEAR_MAX: usize = 25;

fn task(reader: &Reader<'_>, rest: &str, address: Option<&str>) -> Option<String> {
    let words = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let tail = address
        .and_then(|address| words.find(address).map(|at| words[at + address.len()..].to_owned()))
        .unwrap_or(words);
    let tail = PHONE.replace(&tail, "");
    let tail = tail.trim_matches([' ', ',', ';', '.', '|', ')', '(', ':', '–', '-']).to_owned();
    let hosting = reader.grammar.words.has("place_only", &folded(&tail));
    (tail.len() > 2 && !hosting).then_some(tail)
}
