//! An item of a list of sub-processors: the company at its head, or those behind the word for what they do.

use super::{
    Reader,
    subprocessors::{Entry, FORM, is_country},
};
use crate::{fold::folded, names, pattern::written};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

static NAME: LazyLock<Regex> =
    LazyLock::new(|| written(r"^[\p{Lu}\d][\p{L}\d&.+/'’-]*(?:,? [\p{Lu}\d&][\p{L}\d&.+-]*)*"));
/// A service known by its domain: "mail.example".
static SITE: LazyLock<Regex> = LazyLock::new(|| written(r"^[a-z][a-z0-9-]{1,30}\.(?:[a-z]{2,4})(?-u:\b)"));
/// "d/b/a X", "(X)": another name of the same company.
static ALSO: LazyLock<Regex> = LazyLock::new(|| {
    let name = r"\p{Lu}[\p{L}\d&.-]*(?: \p{Lu}[\p{L}\d&.-]*){0,3}";
    written(&format!(
        r"^(?:,? (?:d/b/a|dba) {name}| \(({name}(?:, (?:Inc|LLC|Ltd|Corp|GmbH|PBC|SAS|SARL|plc)\.?)?)\)\s*(?:$|[—–:-]))"
    ))
});
/// "Cloud infrastructure: e.g., A, B, or C (hosting)".
static SERVICE: LazyLock<Regex> =
    LazyLock::new(|| written(r"^\p{Lu}[\p{Ll}/& -]{3,40}: (?:e\.g\.,? |par ex\.,? |ex\. ?:? )?([^()\n]{2,120})"));
/// "Name: X Ltd".
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    written(r"^(?i:(?:company |legal |full )?name|nom|d[ée]nomination(?: sociale)?|raison sociale) ?: ?")
});

/// A line shorter than this and without punctuation is a name, in bytes.
const NAME_LINE: usize = 30;

/// The companies of an item.
pub(super) fn entries(reader: &Reader<'_>, range: &Range<usize>) -> Vec<Entry> {
    let text = &reader.text.as_str()[range.clone()];
    if let Some(hit) = NAMED.find(text) {
        return entry(reader, &(range.start + hit.end()..range.end)).into_iter().collect();
    }
    let service = SERVICE.captures(text).and_then(|captures| captures.get(1));
    if let Some(hit) = service.filter(|_| reader.grammar.words.has("list_service", &folded(text))) {
        let whole = matches!(text[hit.end()..].chars().next(), None | Some('(' | '\n'));
        let found = several(reader, range, range.start + hit.start()..range.start + hit.end());
        // The word for the service is no company, whatever stands behind it.
        return found.filter(|_| whole).unwrap_or_default();
    }
    listed_together(reader, range, text).unwrap_or_else(|| entry(reader, range).into_iter().collect())
}

/// "A, B and C (maps)": companies of one item.
fn listed_together(reader: &Reader<'_>, range: &Range<usize>, text: &str) -> Option<Vec<Entry>> {
    let ends = [" (", " –", " —", " - ", " :", ":", " |", "\n"];
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.trim_end_matches('.').len());
    let head = &text[..end];
    let joined = JOINS.iter().any(|word| head.contains(word)) && head.contains(", ");
    let found = several(reader, range, range.start..range.start + end).filter(|_| joined)?;
    (found.len() > 2).then_some(found)
}

/// Words between the last two names of a list.
const JOINS: [&str; 4] = [" and ", " et ", " or ", " ou "];

/// Whether a line says a name after the word "Name".
pub(super) fn is_named(line: &str) -> bool {
    NAMED.is_match(line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ')))
}

/// "A, B, Inc., or C/D"; nothing when one of them is no name.
fn several(reader: &Reader<'_>, item: &Range<usize>, names: Range<usize>) -> Option<Vec<Entry>> {
    let text = reader.text.as_str();
    let mut found: Vec<Entry> = Vec::new();
    let mut at = names.start;
    for part in parts(&text[names]) {
        let start = at;
        at += part.len() + 1;
        let bare = part.trim_start();
        let bare = ["or ", "and ", "ou ", "et "].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(bare);
        let from = start + part.len() - bare.len();
        let name = bare.trim_end_matches([' ', '.']);
        if name.is_empty() {
            continue;
        }
        let form = FORM.find(name).is_some_and(|form| form.start() == 0);
        // "Inc." keeps its point.
        let end = from + if form { bare.trim_end().len() } else { name.len() };
        match found.last_mut().filter(|_| form) {
            Some(company) => (company.name.end, company.rest) = (end, end..item.end),
            None => {
                let own = entry(reader, &(from..end)).filter(|own| own.name.end == end && !is_country(reader, name))?;
                found.push(Entry { name: own.name, rest: end..item.end, cells: None });
            }
        }
    }
    Some(found)
}

/// The parts between commas, and between strokes where whole words stand on both sides: not "A/S".
fn parts(names: &str) -> impl Iterator<Item = &str> {
    let whole = |part: &str| part.split('/').all(|name| name.trim().chars().count() > 2);
    let strokes = move |part: &'_ str| part.len() > 2 && whole(part);
    names.split(',').flat_map(move |part| {
        let joined = JOINS.iter().find(|word| part.trim_start().contains(**word));
        // The word stays with what follows it, and the space before it is the cut.
        let at = joined.and_then(|word| part.rfind(word)).filter(|_| names.contains(','));
        let (first, last) = at.map_or((part, None), |at| (&part[..at], Some(&part[at + 1..])));
        std::iter::once(first).chain(last).flat_map(move |part| part.split(move |c| c == '/' && strokes(part)))
    })
}

/// How far another name of the company goes on behind its first.
fn also(reader: &Reader<'_>, rest: &str) -> usize {
    let Some(captures) = ALSO.captures(rest) else { return 0 };
    match captures.get(1) {
        Some(inside) if is_country(reader, inside.as_str()) => 0,
        Some(inside) => inside.end() + 1,
        None => captures.get(0).map_or(0, |all| all.end()),
    }
}

/// "The X Group LLC": a company may begin with an article.
fn formal_article(text: &str, length: usize) -> bool {
    ["The ", "Les ", "La ", "Le "].iter().any(|article| text.starts_with(article)) && FORM.is_match(&text[..length])
}

/// The company that an item begins with.
pub(super) fn entry(reader: &Reader<'_>, range: &Range<usize>) -> Option<Entry> {
    let text = &reader.text.as_str()[range.clone()];
    let words = &reader.grammar.words;
    let mut length = NAME.find(text).or_else(|| SITE.find(text))?.end();
    // "France iX", alone on its line, is a name as it stands.
    if text.len() < NAME_LINE && !text.contains([',', ':', ';', '(', '.', '–', '-', '|']) {
        length = text.trim_end().len();
    }
    let plain = crate::fold::fold(text, 0..length);
    if let Some(stop) = words.cues.get("name_stops").and_then(|cue| cue.find(&plain.text)) {
        length = plain.origin(stop.range()).start;
    }
    if let Some(form) = FORM.find(text).filter(|form| form.start() <= length + 1) {
        length = form.end();
    }
    length += also(reader, &text[length..]);
    let name = text[..length].trim_end_matches([' ', ',', '(', '-', '.']);
    let name = if FORM.find(&text[..length]).is_some() { text[..length].trim_end() } else { name };
    let plain = folded(text);
    let refused = name.len() < 2
        || speaks(text, name)
        || names::sentence_end(name).is_some()
        || (words.has("no_row", &plain) && !formal_article(text, length))
        || words.has("prose", plain.get(..plain.len().min(120)).unwrap_or(&plain))
        || name.split(' ').count() > 8;
    (!refused).then(|| Entry {
        name: range.start..range.start + name.len(),
        rest: range.start + name.len()..range.end,
        cells: None,
    })
}

/// "Keep that list current and tell you of changes.": a sentence, not a company.
fn speaks(item: &str, name: &str) -> bool {
    let after = &item[name.len()..];
    let runs_on = after.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_lowercase));
    runs_on && !name.contains(' ') && FORM.find(name).is_none() && (item.len() > 60 || item.ends_with('.'))
}
