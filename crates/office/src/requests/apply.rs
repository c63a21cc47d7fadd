//! Carrying a plan out: the intent is an entry before the effect, every outcome an entry after it.
//!
//! It may be interrupted at any instant. Started again it skips what is recorded as done, and a system
//! that an interrupted attempt had already erased is recognised by finding nothing to do there.

use super::planning::{Opened, identity, open, plan_set, refused};
use super::{Command, Outcome, RequestEvent, RequestRow, Right, State, decided, letters, package, store};
use crate::requests::events::Touched;
use crate::{App, Kind, Refusal, duties, feature, notices, parties, systems};
use ::store::StoreError;
use estate::{EraseError, Identity, Plan};
use kernel::{Actor, RequestId, Secret, failpoint};
use serde_json::Value;

/// What carrying a plan out came to.
pub enum Applied {
    /// It was done before; nothing happened now.
    Already(Outcome),
    /// It is done now.
    Done {
        /// How it ended.
        outcome: Outcome,
        /// What opens the access package; shown once.
        passphrase: Option<Secret<String>>,
    },
}

/// Carries out the approved plan of a request, or goes on with it.
///
/// # Errors
/// When it is not approved, the rows are no longer those of the plan, or a system fails. A failure
/// leaves the request ready to go on.
pub async fn apply(app: &App, actor: Actor, id: &RequestId) -> Result<Applied, Refusal> {
    let row = start(app, &actor, id).await?;
    if let Some(outcome) = row.outcome {
        return Ok(Applied::Already(outcome));
    }
    let plans = plan_set(app.store(), &row).await?.ok_or_else(|| StoreError::Damaged("the plan is missing".into()))?;
    let identity = identity(&row)?;
    let mut opened = Vec::new();
    for plan in &plans.systems {
        let system = systems::store::must_find(&mut app.store().read(), &plan.system).await?;
        opened.push((open(app.store(), system, &row).await?, &plan.plan));
    }
    let done = match row.right {
        Right::Access => access(app, &actor, &row, &identity, &opened).await,
        Right::Erasure => erasure(app, &actor, &row, &identity, &opened).await,
    };
    match done {
        Ok((outcome, passphrase)) => {
            finish(app, &actor, id, outcome).await?;
            Ok(Applied::Done { outcome, passphrase })
        }
        Err(Stopped::Stale(refusal)) => {
            stale(app, &actor, id, refusal.to_string()).await?;
            Err(refusal)
        }
        Err(Stopped::Failed(refusal)) => Err(refusal),
    }
}

/// Goes on with everything that was interrupted; a job does this after a restart. Access packages are
/// left to a person, who must be shown the passphrase.
///
/// # Errors
/// When our database fails; a system that fails is tried again next time.
pub async fn resume(app: &App) -> Result<usize, StoreError> {
    let mut resumed = 0;
    for id in store::interrupted(&mut app.store().read()).await? {
        let row = store::find(&mut app.store().read(), &id).await?;
        if row.is_some_and(|row| row.right == Right::Erasure) {
            match apply(app, Actor::system("resume"), &id).await {
                Ok(_) => resumed += 1,
                Err(refusal) => tracing::warn!(request = %id, %refusal, "an interrupted erasure cannot go on yet"),
            }
        }
    }
    Ok(resumed)
}

enum Stopped {
    /// The plan does not hold any more: a new one is needed.
    Stale(Refusal),
    /// Try again.
    Failed(Refusal),
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

async fn start(app: &App, actor: &Actor, id: &RequestId) -> Result<RequestRow, Refusal> {
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    let row = store::must_find(&mut tx, id).await?;
    decided(&mut tx, &row, Command::Apply).await?;
    tx.commit().await?;
    failpoint::hit("requests.after_intent");
    Ok(row)
}

async fn stale(app: &App, actor: &Actor, id: &RequestId, why: String) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    let row = store::must_find(&mut tx, id).await?;
    super::planning::forget(&mut tx, &row).await?;
    decided(&mut tx, &row, Command::Stale { why }).await?;
    Ok(tx.commit().await?)
}

async fn finish(app: &App, actor: &Actor, id: &RequestId, outcome: Outcome) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    let row = store::must_find(&mut tx, id).await?;
    if row.state != State::Applying {
        return Ok(());
    }
    let controller = parties::must_find(&mut tx, &row.controller).await?;
    decided(&mut tx, &row, Command::Finish { outcome }).await?;
    if outcome != Outcome::Left {
        duties::discharge(&mut tx, &row.controller, id.as_str(), "requests.assist", outcome.word()).await?;
    }
    if let Some(letter) = letters::done(&controller, &row, outcome) {
        notices::queue(&mut tx, letter).await?;
    }
    Ok(tx.commit().await?)
}

async fn record(app: &App, actor: &Actor, event: RequestEvent) -> Result<(), StoreError> {
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await
}

async fn access(
    app: &App,
    actor: &Actor,
    row: &RequestRow,
    identity: &Identity,
    opened: &[(Opened, &Plan)],
) -> Result<(Outcome, Option<Secret<String>>), Stopped> {
    if opened.iter().all(|(_, plan)| plan.is_empty()) {
        return Ok((Outcome::NotFound, None));
    }
    let made = package::make(app, row, identity, opened).await.map_err(|stopped| match stopped {
        package::Stopped::Stale(refusal) => Stopped::Stale(refusal),
        package::Stopped::Failed(refusal) => Stopped::Failed(refusal),
    })?;
    failpoint::hit("requests.after_package");
    let (request, controller) = (row.id.clone(), row.controller.clone());
    let (sha256, bytes) = (made.sha256, made.bytes);
    record(app, actor, RequestEvent::Packaged { request, controller, sha256, bytes, rows: made.rows }).await?;
    Ok((Outcome::Packaged, Some(made.passphrase)))
}

async fn erasure(
    app: &App,
    actor: &Actor,
    row: &RequestRow,
    identity: &Identity,
    opened: &[(Opened, &Plan)],
) -> Result<(Outcome, Option<Secret<String>>), Stopped> {
    let before = store::systems(&mut app.store().read(), &row.id).await?;
    let mut outcomes = Vec::new();
    for (system, plan) in opened {
        let known = before.iter().find(|done| done.system == system.row.id);
        if known.is_none_or(|done| done.erased.is_none()) && !plan.is_empty() {
            let erased = erase(system, plan, identity).await?;
            failpoint::hit("requests.after_erase");
            record(app, actor, erased_event(row, system, erased)).await?;
        }
        let outcome = verified(app, actor, row, identity, system, plan).await?;
        outcomes.push(outcome);
    }
    Ok((outcomes.into_iter().max().unwrap_or(Outcome::NotFound), None))
}

/// Erases one system; `None` when an interrupted attempt had done it already.
async fn erase(system: &Opened, plan: &Plan, identity: &Identity) -> Result<Option<Vec<Touched>>, Stopped> {
    let done = estate::erase(&system.system, &system.map, plan, identity, system.tenant.as_deref()).await;
    let words =
        |kind: Kind, error: &EraseError| Refusal::from_words(kind, "erase", |l| error.message(l), |l| error.remedy(l));
    match done {
        Ok(erased) => Ok(Some(
            erased
                .steps
                .iter()
                .map(|step| Touched { dataset: step.dataset.clone(), action: word(&step.action), rows: step.rows })
                .collect(),
        )),
        Err(EraseError::NothingToDo) => Ok(None),
        Err(error @ EraseError::Stale(_)) => Err(Stopped::Stale(words(Kind::Conflict, &error))),
        Err(error) => Err(Stopped::Failed(words(Kind::Failed, &error))),
    }
}

fn erased_event(row: &RequestRow, system: &Opened, touched: Option<Vec<Touched>>) -> RequestEvent {
    RequestEvent::Erased {
        request: row.id.clone(),
        controller: row.controller.clone(),
        system: system.row.id.clone(),
        earlier: touched.is_none(),
        touched: touched.unwrap_or_default(),
    }
}

/// The word a step's action is stored as.
fn word(action: &impl serde::Serialize) -> String {
    match serde_json::to_value(action) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

async fn verified(
    app: &App,
    actor: &Actor,
    row: &RequestRow,
    identity: &Identity,
    system: &Opened,
    plan: &Plan,
) -> Result<Outcome, Stopped> {
    let absence = estate::verify(&system.system, &system.map, identity, system.tenant.as_deref()).await;
    let absence = absence.map_err(|e| refused(&e))?;
    let outcome = match absence.outcome() {
        estate::Outcome::NothingLeft if plan.is_empty() => Outcome::NotFound,
        // Rows kept on a ground may no longer name the person, so a re-read cannot see them: the plan says they stay.
        estate::Outcome::NothingLeft if !plan.stays().is_empty() => Outcome::PartlyKept,
        estate::Outcome::NothingLeft => Outcome::NothingLeft,
        estate::Outcome::PartlyKept => Outcome::PartlyKept,
        estate::Outcome::Left => Outcome::Left,
    };
    let event = RequestEvent::Verified {
        request: row.id.clone(),
        controller: row.controller.clone(),
        system: system.row.id.clone(),
        outcome,
        traces: serde_json::to_value(&absence.traces).map_err(StoreError::from)?,
    };
    record(app, actor, event).await?;
    Ok(outcome)
}
