//! A plan with the keys behind it: made once to be shown, and again inside the transaction that applies it.

use super::{Action, Plan, Refusal, Step, StepAction, TriggerNote, order, outside};
use crate::{
    Identity, Limits, Map,
    catalogue::{self, Catalogue, Column},
    digest,
    map::{OnErasure, OnReference, Reference},
    sql::{Cell, Session, text},
    walk::{Query, Walk},
};

/// What is asked, whatever the action.
pub(crate) struct Ask<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) map: &'a Map,
    pub(crate) identity: &'a Identity,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) salt: [u8; 32],
}

/// Rows found by one statement: their keys and digests, never their values.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) sql: String,
    pub(crate) keys: Vec<Vec<Cell>>,
    keys_digest: String,
    fingerprint: String,
}

impl Found {
    pub(crate) fn rows(&self) -> u64 {
        self.keys.len() as u64
    }
}

/// The keys found so far, for statements that start from them.
pub(crate) fn pins(found: &[Option<Found>]) -> Vec<Option<&[Vec<Cell>]>> {
    found.iter().map(|one| one.as_ref().map(|rows| rows.keys.as_slice())).collect()
}

/// A plan and, step by step, the keys of its rows.
pub(crate) struct Draft {
    pub(crate) plan: Plan,
    pub(crate) keys: Vec<Vec<Vec<Cell>>>,
}

/// The tools of one drafting.
pub(crate) struct Desk<'a, 's> {
    pub(crate) session: &'s mut Session,
    pub(crate) ask: &'a Ask<'a>,
    pub(crate) walk: &'a Walk<'a>,
    pub(crate) catalogue: &'a Catalogue,
    total: u64,
}

/// Drafts in the transaction that `session` has open.
pub(crate) async fn draft(session: &mut Session, ask: &Ask<'_>, action: Action) -> Result<Draft, Refusal> {
    let catalogue = catalogue::read(session, ask.limits).await?;
    let walk = Walk::new(session.kind(), ask.map, &catalogue, ask.identity, ask.tenant)?;
    if (0..ask.map.datasets.len()).all(|at| !walk.is_reached(at)) {
        return Err(Refusal::NothingIdentifies);
    }
    let mut desk = Desk::new(session, ask, &walk, &catalogue);
    let found = desk.find(action).await?;
    let steps = match action {
        Action::Access => desk.reading(&found),
        Action::Erasure => desk.erasing(&found).await?,
    };
    let (steps, keys): (Vec<Step>, Vec<_>) = steps.into_iter().unzip();
    let plan = Plan {
        version: 1,
        system: ask.map.system.name.clone(),
        action,
        tenant: ask.tenant.map(str::to_owned),
        salt: hex::encode(ask.salt),
        subject: digest::subject(&ask.salt, ask.identity.normal(), ask.tenant),
        map_digest: ask.map.digest(),
        catalogue_digest: catalogue.digest(),
        triggers: triggers(&walk, &steps, action),
        steps,
    };
    Ok(Draft { plan, keys })
}

type Drafted = (Step, Vec<Vec<Cell>>);

impl<'a, 's> Desk<'a, 's> {
    pub(crate) fn new(
        session: &'s mut Session,
        ask: &'a Ask<'a>,
        walk: &'a Walk<'a>,
        catalogue: &'a Catalogue,
    ) -> Self {
        Self { session, ask, walk, catalogue, total: 0 }
    }

    /// The person's rows, dataset by dataset; `None` where there can be none.
    pub(crate) async fn find(&mut self, action: Action) -> Result<Vec<Option<Found>>, Refusal> {
        let mut found: Vec<Option<Found>> = vec![None; self.ask.map.datasets.len()];
        for at in self.walk.parents_first() {
            let rows = self.gather(at, &self.printed(at, action), &found).await?;
            found[at] = Some(rows);
        }
        Ok(found)
    }

    /// The columns whose change makes the plan stale.
    fn printed(&self, at: usize, action: Action) -> Vec<String> {
        let dataset = &self.ask.map.datasets[at];
        match (action, dataset.on_erasure) {
            (Action::Access, _) => exported(self.ask.map, at),
            (Action::Erasure, OnErasure::Keep) => dataset.blanked(),
            (Action::Erasure, OnErasure::Delete) => {
                self.walk.tables[at].columns.iter().map(|column| column.name.clone()).collect()
            }
        }
    }

    /// Reads the rows once, keeping keys and digests.
    async fn gather(&mut self, at: usize, names: &[String], before: &[Option<Found>]) -> Result<Found, Refusal> {
        let columns = selected(self.walk, at, names);
        let list: Vec<String> = columns.iter().map(|column| text::readable(self.walk.kind, "t", column)).collect();
        let shown = self.walk.select(at, &list.join(", "), &self.walk.unpinned());
        let query = self.walk.select(at, &list.join(", "), &pins(before));
        Ok(Found { sql: shown.sql, ..self.collect(at, &columns, query).await? })
    }

    async fn collect(&mut self, at: usize, columns: &[&Column], query: Query) -> Result<Found, Refusal> {
        let Query { sql, binds } = query;
        let width = self.walk.key(at).len();
        let (mut by_key, mut by_row) = (digest::Rows::new(self.ask.salt), digest::Rows::new(self.ask.salt));
        let (mut keys, max, mut total) = (Vec::new(), self.ask.limits.plan_rows_max, self.total);
        self.session
            .each(&sql, &binds, |mut row: Vec<Cell>| {
                total += 1;
                if total > max {
                    return Err(Refusal::TooManyRows { max });
                }
                by_row.add(row.iter());
                row.truncate(width);
                by_key.add(row.iter());
                keys.push(row);
                Ok(())
            })
            .await?;
        self.total = total;
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        Ok(Found { sql, keys, keys_digest: by_key.finish(&names[..width]), fingerprint: by_row.finish(&names) })
    }

    fn reading(&self, found: &[Option<Found>]) -> Vec<Drafted> {
        let reached = found.iter().enumerate().filter_map(|(at, found)| Some((at, found.as_ref()?)));
        reached.map(|(at, found)| self.step(at, StepAction::Read, found, Vec::new())).collect()
    }

    async fn erasing(&mut self, found: &[Option<Found>]) -> Result<Vec<Drafted>, Refusal> {
        outside::check(self, found).await?;
        self.check_share(found).await?;
        let mut steps = self.detaching(found).await?;
        let order = order::of(self, found).await?;
        for unlink in order.unlinks {
            steps.push(self.step(unlink.at, StepAction::Unlink, &unlink.found, unlink.fields));
        }
        let kept = |at: &usize| self.ask.map.datasets[*at].on_erasure == OnErasure::Keep;
        let reached = (0..found.len()).filter(|at| found[*at].is_some());
        let (keeping, _): (Vec<usize>, Vec<usize>) = reached.partition(kept);
        let mut keeps = Vec::new();
        for at in keeping {
            let Some(found) = &found[at] else { continue };
            let fields = self.ask.map.datasets[at].blanked();
            match fields.is_empty() {
                true => keeps.push(self.step(at, StepAction::Keep, found, fields)),
                false => steps.push(self.blank(at, found, fields)?),
            }
        }
        for at in order.deletes {
            let Some(found) = &found[at] else { continue };
            steps.push(self.step(at, StepAction::Delete, found, Vec::new()));
        }
        steps.extend(keeps);
        Ok(steps)
    }

    fn blank(&self, at: usize, found: &Found, fields: Vec<String>) -> Result<Drafted, Refusal> {
        let filled = |name: &&String| self.walk.tables[at].column(name).is_none_or(|column| !column.nullable);
        let fixed: Vec<String> = fields.iter().filter(filled).cloned().collect();
        if !fixed.is_empty() {
            return Err(Refusal::CannotBlank { dataset: self.ask.map.datasets[at].name.clone(), fields: fixed });
        }
        Ok(self.step(at, StepAction::Blank, found, fields))
    }

    /// Other people's rows that point at rows which go.
    async fn detaching(&mut self, found: &[Option<Found>]) -> Result<Vec<Drafted>, Refusal> {
        let mut steps = Vec::new();
        let map = self.ask.map;
        for (at, dataset) in map.datasets.iter().enumerate() {
            for reference in dataset.references.iter().filter(|r| r.on_erasure == OnReference::Detach) {
                let Some(to) = map.index(&reference.to) else { continue };
                if self.goes(to, found) {
                    steps.push(self.detach(at, to, reference, found).await?);
                }
            }
        }
        Ok(steps)
    }

    /// Whether rows of `at` are deleted by this plan.
    pub(crate) fn goes(&self, at: usize, found: &[Option<Found>]) -> bool {
        let deletes = self.ask.map.datasets[at].on_erasure == OnErasure::Delete;
        deletes && found[at].as_ref().is_some_and(|found| found.rows() > 0)
    }

    async fn detach(
        &mut self,
        at: usize,
        to: usize,
        reference: &Reference,
        found: &[Option<Found>],
    ) -> Result<Drafted, Refusal> {
        let mut filter = self.walk.points_at(at, to, reference);
        let mut targets = vec![to];
        if self.goes(at, found) {
            targets.push(at);
            filter = format!("{filter} AND NOT ({})", self.walk.is_found(at, "t"));
        }
        if let Some(own) = self.walk.own(at, "t") {
            filter = format!("{filter} AND {own}");
        }
        let fields = self.nullable(at, &reference.fields);
        let rows = self.gather_where(at, &fields, &filter, &targets, found).await?;
        if fields.is_empty() && rows.rows() > 0 {
            let (dataset, fields) = (self.ask.map.datasets[at].name.clone(), reference.fields.clone());
            return Err(Refusal::CannotBlank { dataset, fields });
        }
        Ok(self.step(at, StepAction::Detach, &rows, fields))
    }

    /// The columns of a reference that may become NULL.
    pub(crate) fn nullable(&self, at: usize, fields: &[String]) -> Vec<String> {
        let dataset = &self.ask.map.datasets[at];
        let may = |name: &&String| {
            let column = self.walk.tables[at].column(name);
            let bound = dataset.key.contains(name) || dataset.tenant_field() == Some(name.as_str());
            !bound && column.is_some_and(|column| column.nullable)
        };
        fields.iter().filter(may).cloned().collect()
    }

    /// Like [`Desk::gather`], for rows that are not the person's own.
    async fn gather_where(
        &mut self,
        at: usize,
        names: &[String],
        filter: &str,
        targets: &[usize],
        found: &[Option<Found>],
    ) -> Result<Found, Refusal> {
        let columns = selected(self.walk, at, names);
        let list: Vec<String> = columns.iter().map(|column| text::readable(self.walk.kind, "t", column)).collect();
        let filter = format!("{filter}\nORDER BY {}", self.walk.order(at));
        let columns_list = list.join(", ");
        let shown = self.walk.ask(&columns_list, self.walk.tables[at], &filter, targets, &self.walk.unpinned());
        let query = self.walk.ask(&columns_list, self.walk.tables[at], &filter, targets, &pins(found));
        Ok(Found { sql: shown.sql, ..self.collect(at, &columns, query).await? })
    }

    /// The person's own rows of `at` that refer to their rows of `to`.
    pub(crate) async fn unlinked(
        &mut self,
        at: usize,
        to: usize,
        fields: &[String],
        points: &str,
        found: &[Option<Found>],
    ) -> Result<Found, Refusal> {
        let filter = format!("{points} AND {}", self.walk.is_found(at, "t"));
        self.gather_where(at, fields, &filter, &[at, to], found).await
    }

    async fn check_share(&mut self, found: &[Option<Found>]) -> Result<(), Refusal> {
        let (from, percent_max) = (self.ask.limits.share_from_rows, self.ask.limits.share_percent_max);
        for at in 0..found.len() {
            let rows = found[at].as_ref().map_or(0, Found::rows);
            // A share can only be too large when the table is, at most, this long.
            if !self.goes(at, found) || rows.saturating_mul(100) <= from.saturating_mul(percent_max) {
                continue;
            }
            let of = catalogue::exact_count(self.session, self.walk.tables[at]).await?;
            if of > from && rows.saturating_mul(100) > of.saturating_mul(percent_max) {
                let dataset = self.ask.map.datasets[at].name.clone();
                return Err(Refusal::ShareTooLarge { dataset, rows, of, percent_max });
            }
        }
        Ok(())
    }

    fn step(&self, at: usize, action: StepAction, found: &Found, fields: Vec<String>) -> Drafted {
        let dataset = &self.ask.map.datasets[at];
        let stays = matches!(action, StepAction::Keep | StepAction::Blank);
        let step = Step {
            dataset: dataset.name.clone(),
            action,
            rows: found.rows(),
            ground: dataset.ground.clone().filter(|_| stays),
            locate: found.sql.clone(),
            statement: statement(self.walk, at, action, &fields, &found.keys[..found.keys.len().min(1)]).map(|q| q.sql),
            keys: found.keys_digest.clone(),
            fingerprint: found.fingerprint.clone(),
            fields,
        };
        (step, found.keys.clone())
    }
}

/// The statement that changes the rows of these keys; for no key at all, its shape with parameters.
pub(crate) fn statement(
    walk: &Walk<'_>,
    at: usize,
    action: StepAction,
    fields: &[String],
    keys: &[Vec<Cell>],
) -> Option<Query> {
    let table = text::table(walk.tables[at]);
    let sets: Vec<String> = fields
        .iter()
        .filter_map(|name| walk.tables[at].column(name))
        .map(|column| format!("{} = NULL", text::quote(&column.name)))
        .collect();
    let shape = vec![vec![Cell::Null; walk.key(at).len()]];
    let mut binds = Vec::new();
    let filter = walk.has_key(at, if keys.is_empty() { &shape } else { keys }, &mut binds);
    let sql = match action {
        StepAction::Delete => format!("DELETE FROM {table} AS t WHERE {filter}"),
        StepAction::Detach | StepAction::Unlink | StepAction::Blank if !sets.is_empty() => {
            format!("UPDATE {table} AS t SET {} WHERE {filter}", sets.join(", "))
        }
        _ => return None,
    };
    Some(Query { sql, binds })
}

/// The columns an access request is answered with: every mapped one but passwords and the like.
pub(crate) fn exported(map: &Map, at: usize) -> Vec<String> {
    let secret = |category: &str| matches!(category, "pd:Password" | "pd:Authenticating");
    let fields = map.datasets[at].fields.iter().filter(|field| !secret(&field.category));
    fields.map(|field| field.name.clone()).collect()
}

/// The key, then the other named columns in the table's order.
pub(crate) fn selected<'a>(walk: &Walk<'a>, at: usize, names: &[String]) -> Vec<&'a Column> {
    let table = walk.tables[at];
    let key = walk.key(at).to_vec();
    let others = table
        .columns
        .iter()
        .filter(|column| names.contains(&column.name) && key.iter().all(|in_key| in_key.name != column.name));
    key.iter().copied().chain(others).collect()
}

fn triggers(walk: &Walk<'_>, steps: &[Step], action: Action) -> Vec<TriggerNote> {
    let mut notes: Vec<TriggerNote> = Vec::new();
    let changing = |step: &&Step| step.statement.is_some() && step.rows > 0 && action == Action::Erasure;
    for step in steps.iter().filter(changing) {
        let table = walk.tables.iter().find(|table| table.id == step.dataset);
        let triggers = table.map(|table| table.triggers.clone()).unwrap_or_default();
        if !triggers.is_empty() && notes.iter().all(|note| note.dataset != step.dataset) {
            notes.push(TriggerNote { dataset: step.dataset.clone(), triggers });
        }
    }
    notes
}
