//! In which order rows go: whoever refers goes before whoever is referred to.

use super::{
    Refusal,
    draft::{Desk, Found},
    outside,
};
use crate::{
    catalogue::{ForeignKey, OnDelete},
    map::OnErasure,
};

/// Keys per statement.
pub(crate) const BATCH: usize = 100;

/// A reference among the person's own rows that is taken away first, because it closes a circle.
pub(super) struct Unlink {
    pub(super) at: usize,
    pub(super) fields: Vec<String>,
    pub(super) found: Found,
}

/// The order of the deletions.
pub(super) struct Order {
    pub(super) unlinks: Vec<Unlink>,
    pub(super) deletes: Vec<usize>,
}

/// A declared reference between two datasets of the plan: `from` goes before `to`.
struct Link<'a> {
    from: usize,
    to: usize,
    key: &'a ForeignKey,
}

pub(super) async fn of(desk: &mut Desk<'_, '_>, found: &[Option<Found>]) -> Result<Order, Refusal> {
    let datasets = &desk.ask.map.datasets;
    let mut left: Vec<usize> =
        (0..found.len()).filter(|at| found[*at].is_some() && datasets[*at].on_erasure == OnErasure::Delete).collect();
    let mut links = links(desk, found, &left);
    let mut order = Order { unlinks: Vec::new(), deletes: Vec::new() };
    open_loops(desk, found, &mut links, &mut order).await?;
    while !left.is_empty() {
        let free = left.iter().position(|at| links.iter().all(|link| link.to != *at));
        match free {
            Some(place) => {
                let at = left.remove(place);
                links.retain(|link| link.from != at);
                order.deletes.push(at);
            }
            None => open_circle(desk, found, &mut links, &left, &mut order).await?,
        }
    }
    Ok(order)
}

fn links<'a>(desk: &Desk<'a, '_>, found: &[Option<Found>], left: &[usize]) -> Vec<Link<'a>> {
    let mut links = Vec::new();
    for &from in left.iter().filter(|at| desk.goes(**at, found)) {
        for key in &desk.walk.tables[from].foreign_keys {
            if let Some(to) = desk.ask.map.index(&key.to).filter(|to| desk.goes(*to, found)) {
                links.push(Link { from, to, key });
            }
        }
    }
    links
}

/// Rows of one table that refer to each other: opened where NULL is allowed, else deleted in one statement.
async fn open_loops(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    links: &mut Vec<Link<'_>>,
    order: &mut Order,
) -> Result<(), Refusal> {
    let loops: Vec<Link<'_>> = links.extract_if(.., |link| link.from == link.to).collect();
    for link in loops {
        if unlink(desk, found, &link, order).await? {
            continue;
        }
        let rows = found[link.from].as_ref().map_or(0, Found::rows);
        if link.key.on_delete != OnDelete::Refuse || rows > BATCH as u64 {
            return Err(Refusal::Circle(vec![desk.ask.map.datasets[link.from].name.clone()]));
        }
    }
    Ok(())
}

async fn open_circle(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    links: &mut Vec<Link<'_>>,
    left: &[usize],
    order: &mut Order,
) -> Result<(), Refusal> {
    for place in 0..links.len() {
        if closes(links, place) && unlink(desk, found, &links[place], order).await? {
            links.remove(place);
            return Ok(());
        }
    }
    let names = left.iter().filter(|at| links.iter().any(|link| link.to == **at));
    Err(Refusal::Circle(names.map(|at| desk.ask.map.datasets[*at].name.clone()).collect()))
}

/// Whether the link at `place` lies on a circle.
fn closes(links: &[Link<'_>], place: usize) -> bool {
    let mut seen = vec![links[place].to];
    let mut next = 0;
    while next < seen.len() {
        let here = seen[next];
        next += 1;
        if here == links[place].from {
            return true;
        }
        for link in links.iter().filter(|link| link.from == here) {
            if !seen.contains(&link.to) {
                seen.push(link.to);
            }
        }
    }
    false
}

/// Plans to set the reference to NULL in the person's own rows; says whether it may be NULL.
async fn unlink(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    link: &Link<'_>,
    order: &mut Order,
) -> Result<bool, Refusal> {
    let fields = desk.nullable(link.from, &link.key.fields);
    if fields.is_empty() {
        return Ok(false);
    }
    let reference = outside::as_reference(link.key);
    let points = desk.walk.points_at(link.from, link.to, &reference);
    let rows = desk.unlinked(link.from, link.to, &fields, &points, found).await?;
    if rows.rows() > 0 {
        order.unlinks.push(Unlink { at: link.from, fields, found: rows });
    }
    Ok(true)
}
