//! The processings described: purposes, data, persons, bases and how long (Arts. 28(3), 30).

use super::Reader;
use crate::{
    blocks::Kind,
    units::{Scope, Unit},
};
use agreement::reading::{Processing, Retention};

/// The processings a document describes, one for each purpose; data and persons are shared by all
/// purposes of the same part, unless each purpose has a clause of its own that gives them.
pub(crate) fn processings(reader: &Reader<'_>, notice: bool) -> Vec<Processing> {
    let mut found = super::tables::processings(reader, notice);
    if !found.is_empty() {
        return found;
    }
    for scope in [Scope::Controller, Scope::Processor, Scope::Open] {
        let units: Vec<&Unit> = reader.units.iter().filter(|unit| unit.scope == scope).collect();
        let role = if notice || scope == Scope::Controller { "controller" } else { "processor" };
        found.extend(part(reader, &units, role));
    }
    found.sort_by_key(|processing| processing.span);
    found
}

/// What a part says of each of its purposes.
#[derive(Clone, Default)]
struct Record {
    data_text: Vec<String>,
    subjects: Vec<String>,
    legal_basis: Option<String>,
    retention: Option<Retention>,
}

impl Record {
    fn of(reader: &Reader<'_>, units: &[&Unit]) -> Self {
        let mut data_text = said(reader, units, "data_cue");
        // "The data are …" may also say where they are: only a list of known kinds counts.
        let mut more = said(reader, units, "data_says");
        more.retain(|text| text.contains(',') && !categories(reader, std::slice::from_ref(text)).is_empty());
        data_text.extend(more);
        Self {
            data_text,
            subjects: said(reader, units, "subject_cue"),
            legal_basis: units.iter().find_map(|unit| basis(reader, unit)),
            retention: retention(reader, units),
        }
    }

    fn describes(&self) -> bool {
        !(self.data_text.is_empty() && self.subjects.is_empty())
    }

    fn is_whole(&self) -> bool {
        !(self.data_text.is_empty() || self.subjects.is_empty())
    }
}

fn part(reader: &Reader<'_>, units: &[&Unit], role: &str) -> Vec<Processing> {
    let shared = Record::of(reader, units);
    let mut stated: Vec<(&Unit, String)> =
        purposes(reader, units).into_iter().map(|unit| (unit, tail(reader, unit, "purpose_cue"))).collect();
    stated.retain(|(_, purpose)| !purpose.is_empty());
    if stated.is_empty() && shared.describes() {
        stated.extend(deed(reader, units));
    }
    let own = own_records(reader, units, &stated);
    stated
        .into_iter()
        .enumerate()
        .map(|(index, (unit, purpose))| {
            let record = own.get(index).unwrap_or(&shared);
            Processing {
                role: role.to_owned(),
                purpose,
                data: categories(reader, &record.data_text),
                data_text: record.data_text.clone(),
                subjects: record.subjects.clone(),
                legal_basis: record.legal_basis.clone(),
                retention: record.retention.clone(),
                span: reader.text.span(unit.range.clone()),
            }
        })
        .filter(|processing| !processing.purpose.is_empty())
        .collect()
}

/// A purpose that has its data and persons in its own clause is a record, and shares nothing with another.
fn own_records(reader: &Reader<'_>, units: &[&Unit], stated: &[(&Unit, String)]) -> Vec<Record> {
    let mut clauses: Vec<usize> = stated.iter().map(|(unit, _)| unit.clause).collect();
    clauses.dedup();
    if clauses.len() < stated.len() {
        return Vec::new();
    }
    let inside = |clause: &usize| units.iter().filter(|unit| unit.clause == *clause).copied().collect::<Vec<_>>();
    let records: Vec<Record> = clauses.iter().map(|clause| Record::of(reader, &inside(clause))).collect();
    if records.iter().all(Record::is_whole) { records } else { Vec::new() }
}

/// What the processor does is the purpose, where no sentence calls it so: "The Processor hosts the shop".
fn deed<'a>(reader: &Reader<'_>, units: &[&'a Unit]) -> Option<(&'a Unit, String)> {
    let words = &reader.grammar.words;
    let unit = units.iter().find(|unit| words.in_own("deed", unit))?;
    Some((unit, tail(reader, unit, "deed_subject")))
}

/// Sentences that state a purpose, or the items below "We process data to:".
fn purposes<'a>(reader: &Reader<'_>, units: &[&'a Unit]) -> Vec<&'a Unit> {
    let words = &reader.grammar.words;
    let mut found: Vec<&Unit> = units
        .iter()
        .filter(|unit| {
            let (lead, own) = unit.text.text.split_at(unit.own);
            let item = reader.layout.blocks[unit.block].kind == Kind::Item && words.in_lead("purpose_lead", unit);
            let open = own.trim_end().ends_with(':');
            !open
                && !super::states::is_labelled(reader, unit)
                && (item
                    || words.in_own("purpose_cue", unit)
                    || (words.has("purpose_head", unit.head.text.rsplit('>').next().unwrap_or_default())
                        && lead.is_empty()
                        && reader.layout.blocks[unit.block].kind != Kind::Heading))
        })
        .copied()
        .collect();
    found.truncate(20);
    found
}

/// The words after a cue, as they stand.
fn tail(reader: &Reader<'_>, unit: &Unit, cue: &str) -> String {
    let own = &unit.text.text[unit.own..];
    let start = reader
        .grammar
        .words
        .cues
        .get(cue)
        .and_then(|cue| cue.find(own))
        .map_or(unit.range.start, |hit| unit.text.origin(unit.own + hit.start()..unit.own + hit.end()).end);
    let words = reader.text.as_str().get(start..unit.range.end).unwrap_or_default();
    words.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches([' ', ':', '.', ';', '|', ',']).to_owned()
}

fn said(reader: &Reader<'_>, units: &[&Unit], cue: &str) -> Vec<String> {
    let words = &reader.grammar.words;
    let mut found: Vec<String> = Vec::new();
    for unit in units {
        let own = unit.own();
        let item = reader.layout.blocks[unit.block].kind == Kind::Item && words.in_lead(cue, unit);
        let none = own.starts_with("no ") || own.starts_with("aucun");
        if none || (!item && !words.in_own(cue, unit)) {
            continue;
        }
        let said = if item { tail(reader, unit, "nothing") } else { tail(reader, unit, cue) };
        if !said.is_empty() && !found.contains(&said) && found.len() < 40 {
            found.push(said);
        }
    }
    found
}

fn categories(reader: &Reader<'_>, said: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in said.iter().map(|text| crate::fold::folded(text)) {
        for (pattern, identifier) in reader.grammar.words.lists.get("data").into_iter().flatten() {
            if !found.contains(identifier) && pattern.is_match(&text) {
                found.push(identifier.clone());
            }
        }
    }
    found
}

fn basis(reader: &Reader<'_>, unit: &Unit) -> Option<String> {
    let words = &reader.grammar.words;
    let context = words.in_own("basis_cue", unit) || words.in_head("basis_cue", unit);
    let mut bases = words.list("bases", unit).filter(|_| context);
    bases.find(|(pattern, _)| pattern.is_match(unit.own())).map(|(_, basis)| basis.to_owned())
}

fn retention(reader: &Reader<'_>, units: &[&Unit]) -> Option<Retention> {
    let words = &reader.grammar.words;
    let unit = units.iter().find(|unit| {
        words.in_own("retention_cue", unit) || (unit.own().len() > 20 && words.in_head("retention_head", unit))
    })?;
    let keep = unit.figures.iter().find_map(|(_, figure)| match figure {
        crate::figures::Figure::Exact(period, _) => Some(period.to_string()),
        _ => None,
    });
    let mut events = words.list("events", unit);
    let after = events.find(|(pattern, _)| pattern.is_match(unit.own())).map(|(_, event)| event.to_owned());
    Some(Retention { text: tail(reader, unit, "nothing"), after, keep })
}
