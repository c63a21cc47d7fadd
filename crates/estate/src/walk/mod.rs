//! From an identity to a person's rows: one set-based query per dataset, along the references.
//!
//! A dataset's rows are the person's when one of its columns holds the identity, or when they refer
//! (with `on_erasure = "delete"`) to a row that is the person's. Without circles that is a chain of
//! common table expressions, parents first. A circle of references becomes one recursive expression
//! over (dataset, key) pairs. Every dataset is narrowed to the tenant before it is walked further,
//! so no other controller's row is ever passed through.

mod own;
mod recursion;

use crate::{
    address::Kind,
    catalogue::{Catalogue, Column, Family, Table},
    identity::Identity,
    map::{Map, OnReference, Reference},
    plan::Refusal,
    sql::{Cell, text},
};
use std::collections::BTreeSet;

/// Keys already read in this transaction, by dataset: side questions start from them.
pub(crate) type Pins<'p> = [Option<&'p [Vec<Cell>]>];

/// Above this many keys a side question walks again instead of listing them.
const PINNED_MAX: usize = 200;

/// A statement with its values.
pub(crate) struct Query {
    pub(crate) sql: String,
    pub(crate) binds: Vec<Cell>,
}

/// A map joined with the live catalogue, for one identity and one tenant.
pub(crate) struct Walk<'a> {
    pub(crate) kind: Kind,
    pub(crate) map: &'a Map,
    pub(crate) tables: Vec<&'a Table>,
    keys: Vec<Vec<&'a Column>>,
    forms: Vec<String>,
    tenant: Option<String>,
    reached: Vec<bool>,
    up: Vec<BTreeSet<usize>>,
    wanted: Vec<Vec<&'a Column>>,
}

impl<'a> Walk<'a> {
    /// Joins them; refuses gone tables and columns, and a missing or unknown tenant.
    pub(crate) fn new(
        kind: Kind,
        map: &'a Map,
        catalogue: &'a Catalogue,
        identity: &Identity,
        tenant: Option<&str>,
    ) -> Result<Self, Refusal> {
        if map.system.kind != kind {
            return Err(Refusal::WrongKind { map: map.system.kind, system: kind });
        }
        let drifts = map.blocking(catalogue);
        if !drifts.is_empty() {
            return Err(Refusal::Drift(drifts));
        }
        let tenant = check_tenant(map, tenant)?;
        let tables: Vec<&Table> = map.datasets.iter().filter_map(|dataset| catalogue.table(&dataset.name)).collect();
        let pick = |table: &'a Table, names: &[String]| names.iter().filter_map(|name| table.column(name)).collect();
        let keys = map.datasets.iter().zip(&tables).map(|(dataset, &table)| pick(table, &dataset.key)).collect();
        let wanted = tables.iter().map(|&table| pick(table, &wanted(map, catalogue, table))).collect();
        let forms = identity.forms();
        let mut walk = Self { kind, map, tables, keys, forms, tenant, reached: Vec::new(), up: Vec::new(), wanted };
        walk.reached = walk.reach();
        walk.up = (0..map.datasets.len()).map(|at| walk.above(at)).collect();
        Ok(walk)
    }

    /// Parents rank before whatever hangs on them.
    fn rank(&self, at: usize) -> (usize, usize) {
        (self.up[at].len() + usize::from(!self.up[at].contains(&at)), at)
    }

    /// The datasets that can hold rows of the person, parents first.
    pub(crate) fn parents_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.reached.len()).filter(|at| self.reached[*at]).collect();
        order.sort_by_key(|&at| self.rank(at));
        order
    }

    /// Pins nothing: the walk starts from the identity.
    pub(crate) fn unpinned(&self) -> Vec<Option<&'static [Vec<Cell>]>> {
        vec![None; self.reached.len()]
    }

    /// Whether this dataset can hold rows of the person.
    pub(crate) fn is_reached(&self, at: usize) -> bool {
        self.reached[at]
    }

    pub(crate) fn key(&self, at: usize) -> &[&'a Column] {
        &self.keys[at]
    }

    /// The identity's normal forms, then the tenant.
    pub(crate) fn binds(&self) -> Vec<Cell> {
        self.forms.iter().chain(&self.tenant).map(|text| Cell::Text(text.clone())).collect()
    }

    fn tenant_place(&self) -> String {
        format!("${}", self.forms.len() + 1)
    }

    fn forms_list(&self) -> String {
        (1..=self.forms.len()).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
    }

    /// The references along which rows of `at` become the person's: (target, reference).
    fn edges(&self, at: usize) -> impl Iterator<Item = (usize, &'a Reference)> {
        let references = self.map.datasets[at].references.iter();
        let own = references.filter(|reference| reference.on_erasure == OnReference::Delete);
        own.filter_map(|reference| Some((self.map.index(&reference.to)?, reference)))
    }

    fn reach(&self) -> Vec<bool> {
        let mut reached: Vec<bool> = self.map.datasets.iter().map(|d| d.identifying().next().is_some()).collect();
        loop {
            let next = (0..reached.len()).find(|&at| !reached[at] && self.edges(at).any(|(to, _)| reached[to]));
            match next {
                Some(at) => reached[at] = true,
                None => return reached,
            }
        }
    }

    fn above(&self, at: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            for (to, _) in self.edges(at).filter(|(to, _)| self.reached[*to]) {
                if seen.insert(to) {
                    open.push(to);
                }
            }
        }
        seen
    }

    /// The datasets of the same circle, `at` included; empty when `at` is in none.
    fn circle(&self, at: usize) -> Vec<usize> {
        self.up[at].iter().copied().filter(|other| self.up[*other].contains(&at) && self.up[at].contains(&at)).collect()
    }

    /// `SELECT columns FROM dataset` for the person's rows, in key order; `t` is the table.
    ///
    /// Starting from pinned parents finds the same rows as walking from the identity, within one snapshot.
    pub(crate) fn select(&self, at: usize, columns: &str, pins: &Pins<'_>) -> Query {
        let parents: Vec<usize> = match self.circle(at).is_empty() {
            true => self.edges(at).map(|(to, _)| to).filter(|to| self.reached[*to]).collect(),
            false => vec![at],
        };
        let (with, binds) = self.with(&parents, pins);
        let filter = self.is_persons(at, "t");
        let (table, order) = (text::table(self.tables[at]), self.order(at));
        Query { sql: format!("{with}SELECT {columns}\nFROM {table} AS t\nWHERE {filter}\nORDER BY {order}"), binds }
    }

    /// Rows of any table that satisfy `filter`, which may use `found_N` of the `targets`.
    pub(crate) fn ask(&self, columns: &str, table: &Table, filter: &str, targets: &[usize], pins: &Pins<'_>) -> Query {
        let (with, binds) = self.with(targets, pins);
        Query { sql: format!("{with}SELECT {columns}\nFROM {} AS t\nWHERE {filter}", text::table(table)), binds }
    }

    pub(crate) fn order(&self, at: usize) -> String {
        self.keys[at].iter().map(|column| text::order(self.kind, "t", column)).collect::<Vec<_>>().join(", ")
    }

    /// `key of t IN found_at`, as text.
    pub(crate) fn is_found(&self, at: usize, alias: &str) -> String {
        let inner = text::key_text(self.kind, "f", &self.keys[at]);
        format!("{} IN (SELECT {inner} FROM found_{at} AS f)", text::key_text(self.kind, alias, &self.keys[at]))
    }

    /// `WITH …` for the found rows of `targets` and of all they hang on; pinned ones are listed by key.
    fn with(&self, targets: &[usize], pins: &Pins<'_>) -> (String, Vec<Cell>) {
        let mut binds = self.binds();
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        let pinned = |at: usize| pins[at].filter(|keys| keys.len() <= PINNED_MAX);
        for &target in targets {
            needed.insert(target);
            if pinned(target).is_none() {
                needed.extend(&self.up[target]);
            }
        }
        // Whoever hangs on more datasets comes later; members of one circle hang on the same.
        let mut order: Vec<usize> = needed.into_iter().collect();
        order.sort_by_key(|&at| self.rank(at));
        let mut parts = Vec::new();
        let mut circled = BTreeSet::new();
        for at in order {
            if let Some(keys) = pinned(at) {
                parts.push(self.pin(at, keys, &mut binds));
                continue;
            }
            let circle = self.circle(at);
            if circle.first().is_some_and(|first| circled.insert(*first)) {
                parts.push(self.recursion(&circle));
            }
            parts.push(format!(
                "found_{at} AS (SELECT {} FROM {} AS t WHERE {})",
                self.columns(at),
                text::table(self.tables[at]),
                self.is_persons(at, "t")
            ));
        }
        let word = if circled.is_empty() { "WITH" } else { "WITH RECURSIVE" };
        let with = if parts.is_empty() { String::new() } else { format!("{word} {}\n", parts.join(",\n")) };
        (with, binds)
    }

    fn columns(&self, at: usize) -> String {
        self.wanted[at].iter().map(|column| text::column("t", column)).collect::<Vec<_>>().join(", ")
    }

    fn pin(&self, at: usize, keys: &[Vec<Cell>], binds: &mut Vec<Cell>) -> String {
        let filter = match keys.is_empty() {
            true => "1 = 0".to_owned(),
            false => self.has_key(at, keys, binds),
        };
        format!("found_{at} AS (SELECT {} FROM {} AS t WHERE {filter})", self.columns(at), text::table(self.tables[at]))
    }

    /// The rows of exactly these keys; their values are added to `binds`.
    pub(crate) fn has_key(&self, at: usize, keys: &[Vec<Cell>], binds: &mut Vec<Cell>) -> String {
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            let mut parts = Vec::with_capacity(key.len());
            for (column, cell) in self.keys[at].iter().zip(key) {
                binds.push(cell.clone());
                parts.push(text::equals(self.kind, "t", column, binds.len()));
            }
            rows.push(parts.join(" AND "));
        }
        match rows.len() {
            1 => rows.remove(0),
            _ => rows.iter().map(|row| format!("({row})")).collect::<Vec<_>>().join(" OR "),
        }
    }

    /// The condition that makes a row of `at` the person's.
    fn is_persons(&self, at: usize, alias: &str) -> String {
        if !self.circle(at).is_empty() {
            return self.in_recursion(at, alias);
        }
        self.starts(at, alias, &[])
    }

    /// The same, leaving out references into `circle`.
    fn starts(&self, at: usize, alias: &str, circle: &[usize]) -> String {
        let mut paths: Vec<String> = self.direct(at, alias).into_iter().collect();
        for (to, reference) in self.edges(at) {
            if self.reached[to] && !circle.contains(&to) {
                paths.push(self.refers(at, alias, to, reference));
            }
        }
        let paths = match paths.len() {
            0 => "1 = 0".to_owned(),
            1 => paths.remove(0),
            _ => format!("({})", paths.join(" OR ")),
        };
        match self.own(at, alias) {
            Some(own) => format!("{paths} AND {own}"),
            None => paths,
        }
    }

    /// The identity stands in the row itself.
    fn direct(&self, at: usize, alias: &str) -> Option<String> {
        let table = self.tables[at];
        let columns = self.map.datasets[at].identifying().filter_map(|field| table.column(&field.name));
        let list = self.forms_list();
        let tests: Vec<String> = columns
            .map(|column| match self.forms.len() {
                1 => format!("{} = {list}", text::normal(self.kind, &text::column(alias, column))),
                _ => format!("{} IN ({list})", text::normal(self.kind, &text::column(alias, column))),
            })
            .collect();
        let direct = match tests.len() {
            0 => return None,
            1 => tests.join(""),
            _ => format!("({})", tests.join(" OR ")),
        };
        Some(match self.proof(at, alias) {
            Some(proof) => format!("({direct} AND {proof})"),
            None => direct,
        })
    }

    /// The row refers to a found row of `to`.
    fn refers(&self, at: usize, alias: &str, to: usize, reference: &Reference) -> String {
        let (left, right) = self.sides(at, alias, to, "f", reference);
        let (left, right) = (left.join(", "), right.join(", "));
        let left = if reference.fields.len() == 1 { left } else { format!("({left})") };
        format!("{left} IN (SELECT {right} FROM found_{to} AS f)")
    }

    /// Both sides of a reference, comparable: e-mail addresses in normal form, foreign types as text.
    fn sides(&self, at: usize, a: &str, to: usize, b: &str, reference: &Reference) -> (Vec<String>, Vec<String>) {
        let pairs = reference.fields.iter().zip(&reference.to_fields);
        pairs
            .filter_map(|(from, target)| {
                let (left, right) = (self.tables[at].column(from)?, self.tables[to].column(target)?);
                let (l, r) = (text::column(a, left), text::column(b, right));
                Some(if self.is_email(at, from) || self.is_email(to, target) {
                    (text::normal(self.kind, &l), text::normal(self.kind, &r))
                } else if self.kind == Kind::Postgres && class(left) != class(right) {
                    (text::as_text(&l), text::as_text(&r))
                } else {
                    (l, r)
                })
            })
            .unzip()
    }

    fn is_email(&self, at: usize, name: &str) -> bool {
        self.map.datasets[at].identifying().any(|field| field.name == name)
    }

    /// Whether a reference compares e-mail addresses: those do not prove whose row it is.
    pub(crate) fn is_by_email(&self, at: usize, reference: &Reference) -> bool {
        let to = self.map.index(&reference.to);
        reference.fields.iter().any(|field| self.is_email(at, field))
            || to.is_some_and(|to| reference.to_fields.iter().any(|field| self.is_email(to, field)))
    }

    /// The same for a table that the map does not know.
    pub(crate) fn unmapped_points_at(&self, table: &Table, to: usize, reference: &Reference) -> String {
        let side = |alias: &str, table: &Table, names: &[String]| -> Vec<String> {
            names.iter().filter_map(|name| table.column(name)).map(|column| text::column(alias, column)).collect()
        };
        let left = side("t", table, &reference.fields).join(", ");
        let right = side("f", self.tables[to], &reference.to_fields).join(", ");
        let left = if reference.fields.len() == 1 { left } else { format!("({left})") };
        format!("{left} IN (SELECT {right} FROM found_{to} AS f)")
    }

    /// `reference of t IN found_to`, for side questions.
    pub(crate) fn points_at(&self, at: usize, to: usize, reference: &Reference) -> String {
        self.refers(at, "t", to, reference)
    }
}

/// Types that the database itself compares.
fn class(column: &Column) -> Family {
    match column.family {
        Family::Real | Family::Decimal => Family::Integer,
        family => family,
    }
}

/// The columns of a table that others may ask for: its key and whatever refers to it.
fn wanted(map: &Map, catalogue: &Catalogue, table: &Table) -> Vec<String> {
    let mut names: BTreeSet<String> =
        map.dataset(&table.id).map(|d| d.key.clone()).unwrap_or_default().into_iter().collect();
    let mapped = map.datasets.iter().flat_map(|dataset| &dataset.references).filter(|r| r.to == table.id);
    names.extend(mapped.flat_map(|reference| reference.to_fields.clone()));
    let declared = catalogue.tables.iter().flat_map(|other| &other.foreign_keys).filter(|key| key.to == table.id);
    names.extend(declared.flat_map(|key| key.to_fields.clone()));
    names.into_iter().collect()
}

fn check_tenant(map: &Map, tenant: Option<&str>) -> Result<Option<String>, Refusal> {
    match (map.has_tenants(), tenant) {
        (true, None) => Err(Refusal::TenantMissing),
        (false, Some(tenant)) => Err(Refusal::TenantUnknown(tenant.to_owned())),
        (true, Some(tenant)) if !map.tenants.is_empty() && map.tenants.iter().all(|entry| entry.value != tenant) => {
            Err(Refusal::TenantUnknown(tenant.to_owned()))
        }
        (_, tenant) => Ok(tenant.map(str::to_owned)),
    }
}
