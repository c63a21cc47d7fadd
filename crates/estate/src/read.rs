//! Handing a person's rows out (Art. 15 GDPR), row by row, into the caller's package; nothing is kept.

use crate::{
    Action, Fault, Identity, Map, Plan, Refusal, Stale, System,
    catalogue::{self, Family},
    erase::{compare, salt_of},
    plan::draft::{self, Ask},
    sql::{Cell, Session, text},
    walk::Walk,
};
use kernel::Lang;
use std::fmt;

/// One row on its way out.
///
/// It has no `Debug`: its values are personal.
pub struct Row<'a> {
    /// The dataset it comes from.
    pub dataset: &'a str,
    /// The names of its columns.
    pub columns: &'a [String],
    /// Their values, typed; bytes are base64, exact decimals and times are text.
    pub values: Vec<serde_json::Value>,
}

/// The receiver could not take a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SinkFull;

/// Where rows go.
pub trait RowSink: Send {
    /// Takes one row; refusing it ends the reading.
    fn row(&mut self, row: Row<'_>) -> Result<(), SinkFull>;
}

/// Why rows were not, or not all, handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The plan cannot be made any more.
    Refused(Refusal),
    /// The rows are no longer those of the plan; nothing was handed out.
    Stale(Stale),
    /// The plan is not one for access.
    NotForAccess,
    /// The receiver refused a row: what it got so far is incomplete.
    Sink,
}

impl ReadError {
    /// What happened.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Refused(refusal) => refusal.message(lang),
            Self::Stale(stale) => stale.message(lang),
            Self::NotForAccess => {
                lang.pick("this plan does not hand data out", "ce plan ne remet pas de données").to_owned()
            }
            Self::Sink => lang.pick("the package could not be written", "le dossier n’a pas pu être écrit").to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        match self {
            Self::Refused(refusal) => refusal.remedy(lang),
            Self::Stale(stale) => stale.remedy(lang),
            Self::NotForAccess => lang.pick("plan an access", "faites un plan d’accès").to_owned(),
            Self::Sink => lang
                .pick("throw the partial package away and read again", "jetez le dossier partiel et relisez")
                .to_owned(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for ReadError {}

impl From<Refusal> for ReadError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> Self {
        Self::Refused(Refusal::Fault(fault))
    }
}

/// Compares the rows with an access plan, then streams them into `sink` in key order.
///
/// Counting and reading see one snapshot. It may be run again: nothing is changed or kept.
pub async fn read(
    system: &System,
    map: &Map,
    plan: &Plan,
    identity: &Identity,
    tenant: Option<&str>,
    sink: &mut dyn RowSink,
) -> Result<(), ReadError> {
    if plan.action != Action::Access {
        return Err(ReadError::NotForAccess);
    }
    let salt = salt_of(plan).map_err(ReadError::Stale)?;
    let mut session = system.reader().await?;
    session.begin(false).await?;
    let ask = Ask { limits: system.limits(), map, identity, tenant, salt };
    let outcome = within(&mut session, &ask, plan, sink).await;
    session.rollback().await;
    outcome
}

async fn within(session: &mut Session, ask: &Ask<'_>, plan: &Plan, sink: &mut dyn RowSink) -> Result<(), ReadError> {
    let fresh = draft::draft(session, ask, Action::Access).await?.plan;
    compare(plan, &fresh).map_err(ReadError::Stale)?;
    let catalogue = catalogue::read(session, ask.limits).await?;
    let walk = Walk::new(session.kind(), ask.map, &catalogue, ask.identity, ask.tenant)?;
    for at in (0..ask.map.datasets.len()).filter(|at| walk.is_reached(*at)) {
        dataset(session, &walk, ask.map, at, sink).await?;
    }
    Ok(())
}

async fn dataset(
    session: &mut Session,
    walk: &Walk<'_>,
    map: &Map,
    at: usize,
    sink: &mut dyn RowSink,
) -> Result<(), ReadError> {
    let columns = draft::selected(walk, at, &draft::exported(map, at));
    let list: Vec<String> = columns.iter().map(|column| text::readable(walk.kind, "t", column)).collect();
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let families: Vec<Family> = columns.iter().map(|column| column.family).collect();
    let query = walk.select(at, &list.join(", "), &walk.unpinned());
    let name = &map.datasets[at].name;
    session
        .each(&query.sql, &query.binds, |cells: Vec<Cell>| {
            let values = cells.iter().zip(&families).map(|(cell, family)| cell.json(*family)).collect();
            sink.row(Row { dataset: name, columns: &names, values }).map_err(|SinkFull| ReadError::Sink)
        })
        .await
}
