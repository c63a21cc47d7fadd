//! Circles of references: one recursive expression over (dataset, key).

use super::Walk;
use crate::sql::text;

impl Walk<'_> {
    /// `walk_N(d, k)`: every row of the circle that is the person's, as dataset number and key text.
    pub(super) fn recursion(&self, circle: &[usize]) -> String {
        let id = circle[0];
        let links: Vec<String> = circle.iter().flat_map(|&at| self.links(at, circle)).collect();
        let starts: Vec<String> = circle
            .iter()
            .map(|&at| {
                let key = text::key_text(self.kind, "t", &self.keys[at]);
                let table = text::table(self.tables[at]);
                format!("SELECT {at} AS d, {key} AS k FROM {table} AS t WHERE {}", self.starts(at, "t", circle))
            })
            .collect();
        format!(
            "links_{id}(pd, pk, cd, ck) AS MATERIALIZED ({}),\nwalk_{id}(d, k) AS (\n{}\nUNION\n\
             SELECT l.cd, l.ck FROM walk_{id} AS w JOIN links_{id} AS l ON l.pd = w.d AND l.pk = w.k)",
            links.join("\nUNION ALL "),
            starts.join("\nUNION ALL ")
        )
    }

    /// Every row of `at` beside every row of the circle it refers to.
    fn links(&self, at: usize, circle: &[usize]) -> Vec<String> {
        let inside = self.edges(at).filter(|(to, _)| circle.contains(to));
        inside
            .map(|(to, reference)| {
                let (left, right) = self.sides(at, "t", to, "p", reference);
                let joined: Vec<String> = left.iter().zip(&right).map(|(l, r)| format!("{l} = {r}")).collect();
                let own = self.own(at, "t").map(|own| format!(" WHERE {own}")).unwrap_or_default();
                format!(
                    "SELECT {to}, {}, {at}, {} FROM {} AS t JOIN {} AS p ON {}{own}",
                    text::key_text(self.kind, "p", &self.keys[to]),
                    text::key_text(self.kind, "t", &self.keys[at]),
                    text::table(self.tables[at]),
                    text::table(self.tables[to]),
                    joined.join(" AND ")
                )
            })
            .collect()
    }

    pub(super) fn in_recursion(&self, at: usize, alias: &str) -> String {
        let id = self.circle(at)[0];
        let key = text::key_text(self.kind, alias, &self.keys[at]);
        format!("{key} IN (SELECT w.k FROM walk_{id} AS w WHERE w.d = {at})")
    }
}
