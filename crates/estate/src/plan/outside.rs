//! What the database would do by itself to rows that the plan does not hold.
//!
//! For every row that goes, every declared reference to it is looked at, mapped or not. A cascade, a
//! silent change or a block outside the plan refuses the whole plan; so does a row of another controller.

use super::{
    Effect, Refusal,
    draft::{self, Desk, Found},
};
use crate::{
    catalogue::{ForeignKey, OnDelete, Table},
    map::{OnErasure, OnReference, Reference, ReferenceKind},
};

/// Refuses when anything outside the plan would be touched.
pub(super) async fn check(desk: &mut Desk<'_, '_>, found: &[Option<Found>]) -> Result<(), Refusal> {
    let catalogue = desk.catalogue;
    for at in 0..found.len() {
        if !desk.goes(at, found) {
            continue;
        }
        for table in &catalogue.tables {
            for key in table.foreign_keys.iter().filter(|key| key.to == desk.walk.tables[at].id) {
                check_one(desk, found, at, table, key).await?;
            }
        }
    }
    Ok(())
}

async fn check_one(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    to: usize,
    table: &Table,
    key: &ForeignKey,
) -> Result<(), Refusal> {
    let from = desk.ask.map.index(&table.id);
    let reference = as_reference(key);
    let points = match from {
        Some(from) => desk.walk.points_at(from, to, &reference),
        None => desk.walk.unmapped_points_at(table, to, &reference),
    };
    let mut targets = vec![to];
    let mut filter = points.clone();
    if let Some(handled) = from.and_then(|from| handled(desk, found, from, key, &mut targets)) {
        filter = format!("{filter} AND NOT ({handled})");
    }
    let rows = count(desk, found, table, &filter, &targets).await?;
    if rows == 0 {
        return Ok(());
    }
    let foreign = from.and_then(|from| desk.walk.foreign(from, "t"));
    if let Some(foreign) = foreign
        && count(desk, found, table, &format!("{filter} AND {foreign}"), &targets).await? > 0
    {
        return Err(Refusal::OtherTenant { table: table.id.clone(), dataset: reference.to });
    }
    let effect = match key.on_delete {
        OnDelete::Cascade => Effect::Cascade,
        OnDelete::SetNull | OnDelete::SetDefault => Effect::Change,
        OnDelete::Refuse => Effect::Block,
    };
    Err(Refusal::OutsidePlan { table: table.id.clone(), dataset: reference.to, effect, rows })
}

/// The rows of a mapped dataset whose reference the plan itself takes away first.
fn handled(
    desk: &Desk<'_, '_>,
    found: &[Option<Found>],
    from: usize,
    key: &ForeignKey,
    targets: &mut Vec<usize>,
) -> Option<String> {
    let dataset = &desk.ask.map.datasets[from];
    let mut ways = Vec::new();
    let blanked = dataset.blanked().iter().any(|field| key.fields.contains(field));
    if found[from].is_some() && (dataset.on_erasure == OnErasure::Delete || blanked) {
        targets.push(from);
        ways.push(desk.walk.is_found(from, "t"));
    }
    let detached = |reference: &&Reference| {
        let same = reference.to == key.to && reference.on_erasure == OnReference::Detach;
        same && desk.nullable(from, &reference.fields).iter().any(|field| key.fields.contains(field))
    };
    if dataset.references.iter().any(|reference| detached(&reference)) {
        ways.push(desk.walk.own(from, "t").unwrap_or_else(|| "1 = 1".to_owned()));
    }
    (!ways.is_empty()).then(|| ways.iter().map(|way| format!("({way})")).collect::<Vec<_>>().join(" OR "))
}

/// Rows of `table` that satisfy `filter`; the found rows are named by the keys already read.
pub(super) async fn count(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    table: &Table,
    filter: &str,
    targets: &[usize],
) -> Result<u64, Refusal> {
    let query = desk.walk.ask("CAST(count(*) AS text)", table, filter, targets, &draft::pins(found));
    Ok(desk.session.number(&query.sql, &query.binds).await?)
}

/// A declared reference, in the words of a map.
pub(super) fn as_reference(key: &ForeignKey) -> Reference {
    Reference {
        fields: key.fields.clone(),
        to: key.to.clone(),
        to_fields: key.to_fields.clone(),
        kind: ReferenceKind::Declared,
        on_erasure: OnReference::Delete,
    }
}
