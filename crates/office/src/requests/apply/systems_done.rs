//! Erasing system by system: done once under a plan, read again every time.

use super::{Stopped, record};
use crate::requests::events::Touched;
use crate::requests::planning::{Opened, refused};
use crate::requests::store::{self, SystemOutcome};
use crate::requests::{Outcome, RequestEvent, RequestRow};
use crate::{App, Kind, Refusal};
use ::store::StoreError;
use estate::{EraseError, Identity, Plan};
use kernel::{Actor, failpoint};
use serde_json::Value;

pub(super) async fn erasure(
    app: &App,
    actor: &Actor,
    row: &RequestRow,
    identity: &Identity,
    opened: &[(Opened, &Plan)],
) -> Result<Outcome, Stopped> {
    let before = store::systems(&mut app.store().read(), &row.id).await?;
    let mut worst = Outcome::NotFound;
    for (system, plan) in opened {
        let earlier = before.iter().find(|done| done.system == system.row.id);
        let done = earlier.is_some_and(|done| done.erased.is_some() && done.erased_plan == row.plan_hash);
        if !done && !plan.is_empty() {
            let erased = erase(system, plan, identity).await?;
            failpoint::hit("requests.after_erase");
            record(app, actor, erased_event(row, system, plan, erased)).await?;
        }
        worst = worst.max(verified(app, actor, row, identity, system, plan, earlier).await?);
    }
    Ok(worst)
}

/// Erases one system; `None` when an interrupted attempt had done it already.
async fn erase(system: &Opened, plan: &Plan, identity: &Identity) -> Result<Option<Vec<Touched>>, Stopped> {
    let done = estate::erase(&system.system, &system.map, plan, identity, system.tenant.as_deref()).await;
    let words =
        |kind: Kind, error: &EraseError| Refusal::from_words(kind, "erase", |l| error.message(l), |l| error.remedy(l));
    match done {
        Ok(erased) => {
            Ok(Some(erased.steps.iter().map(|step| touched(&step.dataset, &step.action, step.rows)).collect()))
        }
        Err(EraseError::NothingToDo) => Ok(None),
        Err(error) if passing(&error) => Err(Stopped::Failed(words(Kind::Failed, &error))),
        Err(error) => Err(Stopped::Stale(words(Kind::Conflict, &error))),
    }
}

/// Whether trying again may help; anything else needs a new plan.
fn passing(error: &EraseError) -> bool {
    match error {
        EraseError::UnknownOutcome => true,
        EraseError::Refused(estate::Refusal::Fault(fault)) => fault.is_passing(),
        _ => false,
    }
}

fn touched(dataset: &str, action: &impl serde::Serialize, rows: u64) -> Touched {
    let action = match serde_json::to_value(action) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    };
    Touched { dataset: dataset.to_owned(), action, rows }
}

/// A plan is carried out exactly or not at all: what an interrupted attempt did is what the plan says.
fn erased_event(row: &RequestRow, system: &Opened, plan: &Plan, now: Option<Vec<Touched>>) -> RequestEvent {
    let planned = || {
        let changing = plan.steps.iter().filter(|step| step.statement.is_some());
        changing.map(|step| touched(&step.dataset, &step.action, step.rows)).collect()
    };
    RequestEvent::Erased {
        request: row.id.clone(),
        controller: row.controller.clone(),
        system: system.row.id.clone(),
        hash: row.plan_hash.clone().unwrap_or_default(),
        earlier: now.is_none(),
        touched: now.unwrap_or_else(planned),
    }
}

async fn verified(
    app: &App,
    actor: &Actor,
    row: &RequestRow,
    identity: &Identity,
    system: &Opened,
    plan: &Plan,
    earlier: Option<&SystemOutcome>,
) -> Result<Outcome, Stopped> {
    let absence = estate::verify(&system.system, &system.map, identity, system.tenant.as_deref()).await;
    let absence = absence.map_err(|e| refused(&e))?;
    let outcome = match absence.outcome() {
        // Rows kept on a ground may no longer name the person, so a re-read cannot see them: the plan says they stay.
        estate::Outcome::NothingLeft if !plan.stays().is_empty() || kept_before(earlier) => Outcome::PartlyKept,
        estate::Outcome::NothingLeft if plan.is_empty() && !touched_before(earlier) => Outcome::NotFound,
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

/// Whether an earlier plan of this request left rows here on a ground.
fn kept_before(earlier: Option<&SystemOutcome>) -> bool {
    earlier.is_some_and(|done| done.outcome == Some(Outcome::PartlyKept))
}

/// Whether an earlier plan of this request erased something here.
fn touched_before(earlier: Option<&SystemOutcome>) -> bool {
    earlier.is_some_and(|done| done.erased.is_some())
}
