//! Addresses to write to.

use super::Reader;
use crate::pattern::written;
use crate::text::Text;
use agreement::reading::{Contact, Note, Reading};
use regex::Regex;
use std::{collections::HashSet, ops::Range, sync::LazyLock};

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
        .expect("a constant pattern")
});
static URL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:https?://|www\.)[A-Za-z0-9.-]{3,100}(?:/[^\s)\]"<>\u{2060}]{0,150})?"#)
        .expect("a constant pattern")
});
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:\+[0-9]{1,3}[\s.-]?(?:\(0\)[\s.-]?)?|(?-u:\b)0)[1-9](?:[\s.-]?[0-9]{2,3}){3,4}(?-u:\b)|\+1-[0-9]{3}-[0-9]{3}-[0-9]{4}",
    )
    .expect("a constant pattern")
});
/// What a postal address has in it; the whole of one is looked for only around these words.
static STREET: LazyLock<Regex> = LazyLock::new(|| {
    written(
        r"(?:[0-9](?:\s?(?:bis|ter))?,?\s+(?i:rue|avenue|boulevard|bd|place|chemin|route|quai|allée|impasse|cours|square)|[0-9](?: [0-9A-Z][\p{L}0-9]{0,20}){1,3} (?:Street|St|Road|Avenue|Ave|Lane|Drive|Highway|Way)(?-u:\b)|(?:strasse|straße|str\.|weg|platz|gasse|laan|straat|gata|gatan|veien|vej) [0-9])",
    )
});
static POST: LazyLock<Regex> = LazyLock::new(|| {
    written(
        r"(?:[0-9]{1,4}(?:\s?(?:bis|ter))?,?\s+(?i:rue|avenue|boulevard|bd|place|chemin|route|quai|allée|impasse|cours|square)|(?:[0-9]{1,4}-)?[0-9]{1,5}(?: [0-9A-Z][\p{L}0-9]{0,20}){1,3} (?:Street|St|Road|Avenue|Ave|Lane|Drive|Highway|Way)(?-u:\b))[^\n;“”«»|(]{0,80}?(?:\n[^\n]{0,60}){0,3}?(?-u:\b)(?:[0-9]{5}|[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}(?-u:\b))[^\n;.“”|(),]{0,40}(?:, \p{Lu}[^\n;.“”|(),]{0,30})?|\p{Lu}[\p{L}.-]{2,30}(?:strasse|straße|str\.|weg|platz|gasse|laan|straat|gata|gatan|veien|vej) [0-9]{1,4}[a-z]?,?\s{1,3}(?:[A-Z]{1,2}-)?[0-9]{4,5} \p{Lu}[^\n;.“”|]{2,40}(?:\n\p{Lu}\p{L}{3,20})?",
    )
});

/// Every address, once, in the order of the text; and where they go on beyond what is listed.
pub(crate) fn contacts(reader: &Reader<'_>) -> (Vec<Contact>, Option<Note>) {
    let text = reader.text.as_str();
    let mut found: Vec<(Range<usize>, &str)> = Vec::new();
    for (pattern, kind) in [(&*EMAIL, "email"), (&*PHONE, "phone"), (&*URL, "url")] {
        found.extend(pattern.find_iter(text).map(|hit| (hit.range(), kind)));
    }
    found.extend(postal(text).into_iter().map(|range| (range, "post")));
    found.sort_by_key(|(range, _)| range.start);
    let mut contacts: Vec<Contact> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let mut cut = None;
    for (range, kind) in found {
        let value = text[range.clone()].trim_end_matches(['.', ',', ' ', ')']);
        let range = range.start..range.start + value.len();
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if known.contains(&value) {
            continue;
        }
        if contacts.len() == CONTACTS_MAX {
            cut = Some(reader.cut("contacts", range));
            break;
        }
        known.insert(value.clone());
        let purpose = purpose(reader, &range).to_owned();
        contacts.push(Contact { kind: kind.to_owned(), value, purpose, span: reader.text.span(range) });
    }
    for (span, address) in reader.text.links.iter().take(LINKS_MAX) {
        let value = address.trim_start_matches("mailto:").to_owned();
        let whole = |pattern: &Regex| pattern.find(&value).is_some_and(|hit| hit.start() == 0);
        let kind = if whole(&EMAIL) { "email" } else { "url" };
        let known = contacts.iter().any(|known| known.value == value);
        if !known && (whole(&EMAIL) || whole(&URL)) {
            contacts.push(Contact { kind: kind.to_owned(), value, purpose: "general".to_owned(), span: *span });
        }
    }
    (contacts, cut)
}

/// Postal addresses, in the order of the text.
fn postal(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for street in STREET.find_iter(text) {
        let last = found.last().map_or(0, |range| range.end);
        let from = text.floor_char_boundary(street.start().saturating_sub(BEFORE_STREET_MAX)).max(last);
        let to = text.floor_char_boundary(street.end().saturating_add(AFTER_STREET_MAX));
        if let Some(hit) = text.get(from..to).and_then(|around| POST.find(around)) {
            found.push(from + hit.start()..from + hit.end());
        }
    }
    found
}

/// So far before the word for a street its name or number may begin, in bytes.
const BEFORE_STREET_MAX: usize = 70;
/// So far behind it the town may end, in bytes.
const AFTER_STREET_MAX: usize = 600;
/// So many addresses are listed.
const CONTACTS_MAX: usize = 1_000;
/// So many links are listed.
const LINKS_MAX: usize = 200;

/// What an address is for, by the words before it and its title.
fn purpose(reader: &Reader<'_>, range: &Range<usize>) -> &'static str {
    let words = &reader.grammar.words;
    let at = reader.units.partition_point(|unit| unit.range.start <= range.start);
    let Some(unit) = at.checked_sub(1).and_then(|index| reader.units.get(index)) else { return "general" };
    let own = crate::fold::folded(&reader.text.as_str()[unit.range.start..range.end.max(unit.range.start)]);
    let near = if own.len() > 200 { &own[own.len() - 200..] } else { &own };
    for (cue, name) in [("for_dpo", "dpo"), ("for_breach", "breach"), ("for_requests", "requests")] {
        if words.has(cue, near) {
            return name;
        }
    }
    if words.in_head("for_requests", unit) { "requests" } else { "general" }
}

/// A postal address stands no further behind the name it belongs to, in bytes.
const ADDRESS_MAX: usize = 200;

/// Contacts are those of the parties: addresses of sub-processors go, and a party whose name stands
/// before a postal address gets it.
pub(crate) fn of_parties(reading: &mut Reading, text: &Text) {
    let lists: Vec<[usize; 2]> = reading.subprocessors.iter().map(|entry| entry.span).collect();
    let listed = |span: [usize; 2]| lists.iter().any(|list| list[0] <= span[0] && span[1] <= list[1]);
    reading.contacts.retain(|contact| !(matches!(contact.kind.as_str(), "post" | "phone") && listed(contact.span)));
    for contact in reading.contacts.iter().filter(|contact| contact.kind == "post") {
        let Some(at) = text.as_str().find(&contact.value) else { continue };
        let from =
            (at.saturating_sub(ADDRESS_MAX)..=at).find(|from| text.as_str().is_char_boundary(*from)).unwrap_or(at);
        let before = &text.as_str()[from..at];
        let nearest = reading
            .parties
            .iter_mut()
            .filter_map(|party| Some((before.rfind(party.name.as_str())?, party)))
            .max_by_key(|(place, _)| *place);
        if let Some((_, party)) = nearest
            && party.address.is_none()
        {
            party.address = Some(contact.value.clone());
        }
    }
}
