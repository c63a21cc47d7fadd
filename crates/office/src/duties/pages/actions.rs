//! What people do with a duty from its page.

use super::id;
use crate::accounts::{self, Empty};
use crate::duties::commands::sealed;
use crate::duties::{Command, DutyEvent, act, store};
use crate::{App, Kind, Refusal, feature};
use axum::extract::{Path, State};
use axum::response::Redirect;
use kernel::{AccountId, Actor, DutyId, Period};
use serde::Deserialize;
use web::{PageError, Posted, Visit};

async fn then(app: &App, visit: &Visit, id: &DutyId, command: Result<Command, Refusal>) -> Result<Redirect, PageError> {
    let done = match command {
        Ok(command) => act(app, visit.actor(), id, command).await,
        Err(refusal) => Err(refusal),
    };
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/duties/{id}")))
}

#[derive(Deserialize)]
pub(crate) struct Done {
    evidence: String,
}

pub(crate) async fn done(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Done>,
) -> Result<Redirect, PageError> {
    let id = id(&key)?;
    let done = discharged(&app, visit.actor(), &id, &given.evidence).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/duties/{id}")))
}

/// Evidence of a promise is kept with the promise, so that its board shows it; a duty of the house keeps its own.
pub(in crate::duties) async fn discharged(app: &App, actor: Actor, id: &DutyId, evidence: &str) -> Result<(), Refusal> {
    let duty = store::find(&mut app.store().read(), id).await?;
    let duty = duty.ok_or_else(|| Refusal::not_found("duty", "échéance"))?;
    match duty.agreement.as_ref().filter(|_| duty.mode == "recurring") {
        Some(agreement) => {
            crate::duties::evidence(app.store(), app.now(), actor, agreement, &duty.promise, evidence).await
        }
        None => record(app, actor, &duty, evidence).await,
    }
}

/// What shows it is sealed in an entry of its own, before the duty ends by it.
async fn record(app: &App, actor: Actor, duty: &store::Duty, evidence: &str) -> Result<(), Refusal> {
    let words = sealed(app, evidence)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let shown = DutyEvent::Shown { duty: duty.id.clone(), controller: duty.controller.clone(), words };
    feature::append(&mut tx, &[shown]).await?;
    crate::duties::commands::on(&mut tx, &duty.id, Command::Discharge("evidenced".to_owned())).await?;
    Ok(tx.commit().await?)
}

#[derive(Deserialize)]
pub(crate) struct NewOwner {
    #[serde(default)]
    owner: String,
}

pub(crate) async fn owner(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<NewOwner>,
) -> Result<Redirect, PageError> {
    let id = id(&key)?;
    let command = match given.owner.as_str() {
        "" => Ok(Command::HandOver(None)),
        account => able(&app, account).await.map(|account| Command::HandOver(Some(account))),
    };
    then(&app, &visit, &id, command).await
}

/// Only somebody who can do something about duties answers for one.
pub(in crate::duties) async fn able(app: &App, account: &str) -> Result<AccountId, Refusal> {
    let none = || Refusal::not_found("account that could answer for it", "compte qui pourrait en répondre");
    let id: AccountId = account.parse().map_err(|_| none())?;
    let people = accounts::list(&mut app.store().read()).await?;
    people
        .into_iter()
        .find(|person| person.id == id && app.shell.policy.may(person.role, "duties.discharge"))
        .map(|_| id)
        .ok_or_else(none)
}

#[derive(Deserialize)]
pub(crate) struct Cause {
    cause: String,
}

pub(crate) async fn pause(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Cause>,
) -> Result<Redirect, PageError> {
    let command = sealed(&app, &given.cause).map(Command::Pause);
    then(&app, &visit, &id(&key)?, command).await
}

pub(crate) async fn resume(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Redirect, PageError> {
    then(&app, &visit, &id(&key)?, Ok(Command::Resume)).await
}

#[derive(Deserialize)]
pub(crate) struct Extension {
    by: String,
    reason: String,
}

pub(crate) async fn extend(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Extension>,
) -> Result<Redirect, PageError> {
    let period = given.by.trim().parse::<Period>().map_err(|_| no_period());
    let command = period.and_then(|by| Ok(Command::Extend(by, sealed(&app, &given.reason)?)));
    then(&app, &visit, &id(&key)?, command).await
}

fn no_period() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "period",
        ["That is no period.", "Ce n'est pas un délai."],
        ["Write one number and one unit, such as P2M or P10D.", "Écrivez un nombre et une unité, comme P2M ou P10D."],
    )
}
