//! What the checks ask of a text beside its terms: what it should say, what it should not, and where
//! it speaks of a matter at all. The rules are data (`data/*/traps.toml`); this only keeps their places.

use super::{Reader, hits::Hit};
use crate::grammar::Target;
use agreement::reading::{Note, Notes};
use std::collections::BTreeMap;

/// So many places of one name are kept; more would say nothing new.
const PLACES_MAX: usize = 3;

/// The first places of each name of the form `kind.what`, in the order of the text.
pub(crate) fn notes(reader: &Reader<'_>, hits: &[Hit<'_>]) -> Notes {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for hit in hits {
        let Target::Note(name) = &hit.rule.target else { continue };
        let again = last.insert(name, hit.unit) == Some(hit.unit);
        if again || !name.contains('.') {
            continue;
        }
        let count = places.entry(name).or_default();
        *count += 1;
        if *count <= PLACES_MAX {
            found.push(Note {
                name: name.clone(),
                text: reader.text.quote(hit.range.clone()),
                span: reader.text.span(hit.range.clone()),
                clause: reader.path(reader.units[hit.unit].clause),
            });
        }
    }
    Notes { sentences: reader.units.len(), clauses: reader.layout.clauses.len(), found }
}
