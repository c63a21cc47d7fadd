//! Rights of data subjects that the text enumerates (Arts. 15 to 22).

use super::Reader;
use agreement::{names::RIGHTS, reading::Right};
use std::collections::BTreeMap;

/// A sentence longer than this is prose, not an item of a list, in bytes.
const LONG: usize = 80;

/// Each right once, in the order of the GDPR, where it is first enumerated.
pub(crate) fn rights(reader: &Reader<'_>) -> Vec<Right> {
    let words = &reader.grammar.words;
    let mut found: BTreeMap<&str, std::ops::Range<usize>> = BTreeMap::new();
    for unit in reader.units {
        let text = &unit.text.text;
        let context = words.in_sentence("rights_context", unit) || words.in_head("rights_head", unit);
        if !context || words.in_sentence("rights_not", unit) {
            continue;
        }
        let named: Vec<(&str, std::ops::Range<usize>)> = words
            .list("rights", unit)
            .filter_map(|(pattern, right)| Some((right, pattern.find(unit.own())?.range())))
            .collect();
        let alone = !words.in_sentence("rights_right", unit) && !words.in_head("rights_head", unit);
        // "Right to object", below a title on sub-processors, is the controller's; so is what a sentence on them asks.
        let only = |wanted: &str| named.iter().all(|(right, _)| *right == wanted);
        if (unit.head.text.contains('S') && only("objection")) || (text.contains('S') && named.len() == 1) {
            continue;
        }
        // "Which affects the rights and freedoms of persons" lists none.
        if named.len() == 1 && ["rights and freedoms", "droits et libertes"].iter().any(|words| text.contains(words)) {
            continue;
        }
        // One word of a long sentence is no list: "by exporting or deleting the account".
        let headed = words.in_head("rights_head", unit);
        if named.len() == 1 && text.len() - unit.own > LONG && !headed && !words.in_sentence("rights_right", unit) {
            continue;
        }
        let asked = words.in_sentence("rights_asked", unit);
        if alone && named.len() < if asked { 2 } else { 3 } {
            continue;
        }
        for (right, range) in named {
            found.entry(right).or_insert_with(|| unit.text.origin(unit.own + range.start..unit.own + range.end));
        }
    }
    RIGHTS
        .iter()
        .filter_map(|right| {
            found.get(right).map(|range| Right { right: (*right).to_owned(), span: reader.text.span(range.clone()) })
        })
        .collect()
}
