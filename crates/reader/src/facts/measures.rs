//! Security measures the text names (Art. 32), as DPV identifiers.

use super::Reader;
use crate::blocks::Kind;
use agreement::reading::Measure;

/// Each measure once, in the order of the text.
pub(crate) fn measures(reader: &Reader<'_>) -> Vec<Measure> {
    let words = &reader.grammar.words;
    let mut found: Vec<Measure> = Vec::new();
    for unit in reader.units.iter().filter(|unit| reader.layout.blocks[unit.block].kind != Kind::Heading) {
        for (pattern, identifier) in words.list("measures", unit) {
            let known = found.iter().any(|measure| measure.measure == identifier);
            if !known && let Some(hit) = pattern.find(unit.own()) {
                let range = unit.text.origin(unit.own + hit.start()..unit.own + hit.end());
                let quote = reader.text.quote(range.clone());
                found.push(Measure { measure: identifier.to_owned(), text: quote, span: reader.text.span(range) });
            }
        }
    }
    found
}
