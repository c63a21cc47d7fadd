//! Proof of absence: the system is read again, from a new connection, as if nothing were known.
//!
//! Besides the mapped rows, the address itself is looked for in every text column of every table:
//! an erasure must not be called complete while the address stands in a comment or a log.

use crate::{
    Action, Identity, Map, Refusal, System,
    address::Kind,
    catalogue::{self, Catalogue, Column, Family, Table},
    map::OnErasure,
    plan::draft::{self, Ask, Desk, Found},
    sql::{Cell, Session, text},
    walk::Walk,
};

/// What an absence check found, one by one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "trace")]
pub enum Trace {
    /// Rows of the person that stay on a legal ground.
    Kept {
        /// The dataset.
        dataset: String,
        /// The ground in the map.
        ground: String,
        /// How many rows.
        rows: u64,
    },
    /// Rows of the person that should be gone.
    Left {
        /// The dataset.
        dataset: String,
        /// How many rows.
        rows: u64,
    },
    /// The address itself, outside the person's mapped rows.
    FoundElsewhere {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How many rows.
        rows: u64,
        /// Whether the rows are known to be this tenant's.
        tenant_known: bool,
    },
}

/// The result in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing of the person was found.
    NothingLeft,
    /// Only rows kept on a legal ground.
    PartlyKept,
    /// Something is left that should not be.
    Left,
}

/// What is left of a person in a system.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Absence {
    /// What was found; empty when nothing was.
    pub traces: Vec<Trace>,
    /// Text columns looked through.
    pub searched_columns: u64,
    /// Tables not looked through because of the limits.
    pub unsearched: Vec<String>,
}

impl Absence {
    /// The result in one word; a search cut short by the limits never says "nothing left".
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let kept = |trace: &Trace| matches!(trace, Trace::Kept { .. });
        match (self.traces.is_empty(), self.traces.iter().all(kept)) {
            _ if !self.unsearched.is_empty() => Outcome::Left,
            (true, _) => Outcome::NothingLeft,
            (_, true) => Outcome::PartlyKept,
            _ => Outcome::Left,
        }
    }
}

/// Looks for the person again, in the mapped datasets and in every text column.
pub async fn verify(system: &System, map: &Map, identity: &Identity, tenant: Option<&str>) -> Result<Absence, Refusal> {
    let mut session = system.reader().await?;
    session.begin(false).await?;
    let ask = Ask { limits: system.limits(), map, identity, tenant, salt: [0; 32] };
    let absence = within(&mut session, &ask).await;
    session.rollback().await;
    absence
}

async fn within(session: &mut Session, ask: &Ask<'_>) -> Result<Absence, Refusal> {
    let catalogue = catalogue::read(session, ask.limits).await?;
    let walk = Walk::new(session.kind(), ask.map, &catalogue, ask.identity, ask.tenant)?;
    let mut desk = Desk::new(session, ask, &walk, &catalogue);
    let found = desk.find(Action::Access).await?;
    let mut absence = Absence { traces: rows_left(ask.map, &found), searched_columns: 0, unsearched: Vec::new() };
    search(&mut desk, &found, &catalogue, &mut absence).await?;
    Ok(absence)
}

fn rows_left(map: &Map, found: &[Option<Found>]) -> Vec<Trace> {
    let counted = map.datasets.iter().zip(found).filter_map(|(dataset, found)| Some((dataset, found.as_ref()?.rows())));
    let left = counted.filter(|(_, rows)| *rows > 0);
    left.map(|(dataset, rows)| match dataset.on_erasure {
        OnErasure::Delete => Trace::Left { dataset: dataset.name.clone(), rows },
        OnErasure::Keep => {
            let ground = dataset.ground.clone().unwrap_or_default();
            Trace::Kept { dataset: dataset.name.clone(), ground, rows }
        }
    })
    .collect()
}

async fn search(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    catalogue: &Catalogue,
    absence: &mut Absence,
) -> Result<(), Refusal> {
    let mut budget = desk.ask.limits.residue_columns_max;
    for table in &catalogue.tables {
        let columns: Vec<&Column> = table.columns.iter().filter(|column| is_text(desk.walk.kind, column)).collect();
        let Some(scope) = Scope::of(desk, found, table) else { continue };
        if columns.len() > budget {
            absence.unsearched.push(table.id.clone());
            continue;
        }
        budget -= columns.len();
        absence.searched_columns += columns.len() as u64;
        for batch in columns.chunks(40) {
            search_columns(desk, found, table, batch, &scope, absence).await?;
        }
    }
    Ok(())
}

/// Which rows of a table are looked through.
struct Scope {
    filter: String,
    targets: Vec<usize>,
    tenant_known: bool,
}

impl Scope {
    /// Rows of the tenant, without the person's own mapped rows, which are counted already.
    fn of(desk: &Desk<'_, '_>, found: &[Option<Found>], table: &Table) -> Option<Self> {
        let one_tenant = desk.ask.tenant.is_none();
        let Some(at) = desk.ask.map.index(&table.id) else {
            return Some(Self { filter: "1 = 1".to_owned(), targets: Vec::new(), tenant_known: one_tenant });
        };
        let mut parts = vec!["1 = 1".to_owned()];
        let own = desk.walk.own(at, "t");
        if own.as_deref() == Some("1 = 0") {
            return None;
        }
        let mut targets = Vec::new();
        if found[at].as_ref().is_some_and(|found| found.rows() > 0) {
            parts.push(format!("NOT ({})", desk.walk.is_found(at, "t")));
            targets.push(at);
        }
        let tenant_known = one_tenant || own.is_some();
        parts.extend(own);
        Some(Self { filter: parts.join(" AND "), targets, tenant_known })
    }
}

/// Whether a column may hold a text.
fn is_text(kind: Kind, column: &Column) -> bool {
    match column.family {
        Family::Text | Family::Json | Family::Other => true,
        // SQLite stores whatever it is given in such columns.
        Family::Time => kind == Kind::Sqlite,
        _ => false,
    }
}

async fn search_columns(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    table: &Table,
    columns: &[&Column],
    scope: &Scope,
    absence: &mut Absence,
) -> Result<(), Refusal> {
    let counts: Vec<String> = columns
        .iter()
        .map(|column| format!("CAST(count(CASE WHEN {} THEN 1 END) AS text)", holds(desk, column)))
        .collect();
    let rows = ask(desk, found, table, &counts.join(", "), &scope.filter, scope).await?;
    let hits = rows.first().map(Vec::as_slice).unwrap_or_default();
    for (column, hit) in columns.iter().zip(hits) {
        if hit.number() == 0 {
            continue;
        }
        let rows = whole(desk, found, table, column, scope).await?;
        if rows > 0 {
            let (table, column) = (table.id.clone(), column.name.clone());
            absence.traces.push(Trace::FoundElsewhere { table, column, rows, tenant_known: scope.tenant_known });
        }
    }
    Ok(())
}

async fn ask(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    table: &Table,
    columns: &str,
    filter: &str,
    scope: &Scope,
) -> Result<Vec<Vec<Cell>>, Refusal> {
    let query = desk.walk.ask(columns, table, filter, &scope.targets, &draft::pins(found));
    Ok(desk.session.rows(&query.sql, &query.binds).await?)
}

/// The address stands somewhere in the column.
fn holds(desk: &Desk<'_, '_>, column: &Column) -> String {
    let value = format!("lower({})", text::as_text(&text::column("t", column)));
    let forms = 1..=desk.ask.identity.forms().len();
    let tests: Vec<String> = forms
        .map(|form| match desk.walk.kind {
            Kind::Sqlite => format!("instr({value}, ${form}) > 0"),
            Kind::Postgres => format!("strpos({value}, ${form}) > 0"),
        })
        .collect();
    format!("({})", tests.join(" OR "))
}

/// Counts the values that hold this address and not merely a longer one that ends or begins alike.
async fn whole(
    desk: &mut Desk<'_, '_>,
    found: &[Option<Found>],
    table: &Table,
    column: &Column,
    scope: &Scope,
) -> Result<u64, Refusal> {
    let value = text::as_text(&text::column("t", column));
    let most = desk.ask.limits.residue_rows_max;
    let filter = format!("{} AND {} LIMIT {most}", scope.filter, holds(desk, column));
    let rows = ask(desk, found, table, &value, &filter, scope).await?;
    // A column with more hits than may be read is reported whole: better a false alarm than a false absence.
    if rows.len() as u64 >= most {
        return Ok(most);
    }
    let address = desk.ask.identity.normal();
    let held = rows.iter().filter(|row| row[0].text().is_some_and(|text| stands_alone(&text.to_lowercase(), address)));
    Ok(held.count() as u64)
}

/// Whether `address` stands in `text` without being part of a longer address.
fn stands_alone(text: &str, address: &str) -> bool {
    text.match_indices(address).any(|(at, _)| {
        let (mut before, after) = (text[..at].chars().rev(), &text[at + address.len()..]);
        let longer_left = match before.next() {
            Some('.' | '-') => before.next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_alphanumeric() || "_%+".contains(c),
            None => false,
        };
        let longer_right = match after.chars().next() {
            Some('.' | '-') => after[1..].chars().next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_alphanumeric(),
            None => false,
        };
        !longer_left && !longer_right
    })
}

#[cfg(test)]
mod tests {
    use super::stands_alone;

    #[test]
    fn an_address_is_told_from_a_longer_one() {
        for (text, alone) in [
            ("ann@example.fr", true),
            ("call ann <ann@example.fr>.", true),
            ("joann@example.fr", false),
            ("jo.ann@example.fr", false),
            ("mail:ann@example.fr", true),
            ("ann@example.fro", false),
            ("ann@example.fr.org", false),
            ("joann@example.fr, ann@example.fr", true),
            ("{\"mail\":\"ann@example.fr\"}", true),
        ] {
            assert_eq!(stands_alone(text, "ann@example.fr"), alone, "{text}");
        }
    }
}
