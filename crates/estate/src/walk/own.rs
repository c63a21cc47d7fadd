//! Whose rows they are, when one database serves several controllers.
//!
//! A row with a tenant column belongs to that tenant. A row without one belongs to whoever owns the
//! rows it refers to; when it refers to another controller's row in any way, it is not touched.

use super::Walk;
use crate::{
    map::{Reference, Tenant},
    sql::text,
};

/// How many references away ownership is looked for.
const DEPTH_MAX: usize = 6;

impl Walk<'_> {
    /// The condition that a row is the tenant's; `None` when nothing needs asking.
    pub(crate) fn own(&self, at: usize, alias: &str) -> Option<String> {
        self.tenant.as_ref()?;
        match &self.map.datasets[at].tenant {
            Some(Tenant::Field(name)) => self.tenant_is(at, alias, name),
            Some(Tenant::Value(value)) => (Some(value) != self.tenant.as_ref()).then(|| "1 = 0".to_owned()),
            None if self.inherits(at) => None,
            None => self.foreign(at, alias).map(|foreign| format!("NOT ({foreign})")),
        }
    }

    /// The condition that a row is another controller's; `None` when it cannot be.
    pub(crate) fn foreign(&self, at: usize, alias: &str) -> Option<String> {
        self.foreign_within(at, alias, DEPTH_MAX)
    }

    fn foreign_within(&self, at: usize, alias: &str, depth: usize) -> Option<String> {
        self.tenant.as_ref()?;
        match &self.map.datasets[at].tenant {
            Some(Tenant::Field(name)) => {
                let column = text::column(alias, self.tables[at].column(name)?);
                let place = self.tenant_place();
                Some(format!("({column} IS NULL OR {} <> {place})", text::as_text(&column)))
            }
            Some(Tenant::Value(value)) => (Some(value) != self.tenant.as_ref()).then(|| "1 = 1".to_owned()),
            None => self.any_parent(at, alias, depth, |to, inner| self.foreign_within(to, inner, depth - 1)),
        }
    }

    /// For rows found by the identity alone: a parent row must show that they are the tenant's.
    pub(super) fn proof(&self, at: usize, alias: &str) -> Option<String> {
        self.tenant.as_ref()?;
        match self.map.datasets[at].tenant {
            Some(_) => None,
            None => Some(self.owned_within(at, alias, DEPTH_MAX).unwrap_or_else(|| "1 = 0".to_owned())),
        }
    }

    fn owned_within(&self, at: usize, alias: &str, depth: usize) -> Option<String> {
        match &self.map.datasets[at].tenant {
            Some(Tenant::Field(name)) => self.tenant_is(at, alias, name),
            Some(Tenant::Value(value)) => {
                Some(if Some(value) == self.tenant.as_ref() { "1 = 1" } else { "1 = 0" }.to_owned())
            }
            None => self.any_parent(at, alias, depth, |to, inner| self.owned_within(to, inner, depth - 1)),
        }
    }

    /// `EXISTS` a row that `at` refers to and for which `test` holds.
    fn any_parent(
        &self,
        at: usize,
        alias: &str,
        depth: usize,
        test: impl Fn(usize, &str) -> Option<String>,
    ) -> Option<String> {
        if depth == 0 {
            return None;
        }
        let inner = format!("{alias}r");
        let one = |reference: &Reference| {
            let to = self.map.index(&reference.to).filter(|to| *to != at)?;
            let condition = test(to, &inner)?;
            let (left, right) = self.sides(at, alias, to, &inner, reference);
            let joined: Vec<String> = left.iter().zip(&right).map(|(l, r)| format!("{r} = {l}")).collect();
            let table = text::table(self.tables[to]);
            Some(format!("EXISTS (SELECT 1 FROM {table} AS {inner} WHERE {} AND {condition})", joined.join(" AND ")))
        };
        let tests: Vec<String> = self.map.datasets[at].references.iter().filter_map(one).collect();
        match tests.len() {
            0 => None,
            1 => Some(tests.join("")),
            _ => Some(format!("({})", tests.join(" OR "))),
        }
    }

    fn tenant_is(&self, at: usize, alias: &str, name: &str) -> Option<String> {
        let column = text::column(alias, self.tables[at].column(name)?);
        Some(format!("{} = {}", text::as_text(&column), self.tenant_place()))
    }

    /// Only one way in, to exactly one parent row: the parent was checked already.
    fn inherits(&self, at: usize) -> bool {
        let dataset = &self.map.datasets[at];
        let [reference] = dataset.references.as_slice() else { return false };
        let to = self.map.index(&reference.to).filter(|to| *to != at);
        let unique = to.is_some_and(|to| self.tables[to].is_unique(&reference.to_fields));
        unique && dataset.identifying().next().is_none() && !self.is_by_email(at, reference)
    }
}
