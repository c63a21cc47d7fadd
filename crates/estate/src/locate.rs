//! Where a person's rows are, without reading what they say.

use crate::{
    Action, Identity, Map, Refusal, System,
    catalogue::{self, Catalogue},
    map::Reference,
    plan::draft::{self, Ask, Desk, Found},
    sql::Session,
    walk::Walk,
};

/// The rows of one person in one system, by dataset.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Located {
    /// The datasets that can hold rows of the person, in the map's order.
    pub datasets: Vec<LocatedRows>,
}

/// The rows in one dataset.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LocatedRows {
    /// The dataset.
    pub dataset: String,
    /// The person's rows that belong to the tenant asked for.
    pub rows: u64,
    /// Rows of other tenants that refer to them: for the processor's eyes, never touched.
    pub foreign_tenant_rows: u64,
}

impl Located {
    /// All rows of the person.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.datasets.iter().map(|dataset| dataset.rows).sum()
    }

    /// Rows of other tenants that refer to them.
    #[must_use]
    pub fn foreign_tenant_rows(&self) -> u64 {
        self.datasets.iter().map(|dataset| dataset.foreign_tenant_rows).sum()
    }
}

/// Counts the person's rows in every dataset of the map, in one read-only transaction.
pub async fn locate(system: &System, map: &Map, identity: &Identity, tenant: Option<&str>) -> Result<Located, Refusal> {
    let mut session = system.reader().await?;
    session.begin(false).await?;
    let ask = Ask { limits: system.limits(), map, identity, tenant, salt: [0; 32] };
    let located = within(&mut session, &ask).await;
    session.rollback().await;
    located
}

async fn within(session: &mut Session, ask: &Ask<'_>) -> Result<Located, Refusal> {
    let catalogue = catalogue::read(session, ask.limits).await?;
    let walk = Walk::new(session.kind(), ask.map, &catalogue, ask.identity, ask.tenant)?;
    let mut desk = Desk::new(session, ask, &walk, &catalogue);
    let found = desk.find(Action::Access).await?;
    let mut datasets = Vec::new();
    for (at, dataset) in ask.map.datasets.iter().enumerate() {
        let foreign_tenant_rows = foreign_rows(&mut desk, at, &found, &catalogue).await?;
        let rows = found[at].as_ref().map_or(0, Found::rows);
        if found[at].is_some() || foreign_tenant_rows > 0 {
            datasets.push(LocatedRows { dataset: dataset.name.clone(), rows, foreign_tenant_rows });
        }
    }
    Ok(Located { datasets })
}

/// Rows of `at` that refer to the person's rows but belong to somebody else.
///
/// A shared e-mail address is no reference where the row itself names its tenant: it would only say
/// that another controller knows the same person.
async fn foreign_rows(
    desk: &mut Desk<'_, '_>,
    at: usize,
    found: &[Option<Found>],
    catalogue: &Catalogue,
) -> Result<u64, Refusal> {
    let (walk, dataset) = (desk.walk, &desk.ask.map.datasets[at]);
    let Some(foreign) = walk.foreign(at, "t") else { return Ok(0) };
    let counts = |reference: &&Reference| dataset.tenant.is_none() || !walk.is_by_email(at, reference);
    let (mut paths, mut targets) = (Vec::new(), Vec::new());
    for reference in dataset.references.iter().filter(counts) {
        let to = desk.ask.map.index(&reference.to);
        if let Some(to) = to.filter(|to| found[*to].as_ref().is_some_and(|found| found.rows() > 0)) {
            paths.push(walk.points_at(at, to, reference));
            targets.push(to);
        }
    }
    let Some(table) = catalogue.table(&dataset.name).filter(|_| !paths.is_empty()) else { return Ok(0) };
    let filter = format!("({}) AND {foreign}", paths.join(" OR "));
    let query = walk.ask("CAST(count(*) AS text)", table, &filter, &targets, &draft::pins(found));
    Ok(desk.session.number(&query.sql, &query.binds).await?)
}
