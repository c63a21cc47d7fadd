//! Carrying a plan out: the intent is an entry before the effect, every outcome an entry after it.
//!
//! One hand at a time. It may be interrupted at any instant; started again it skips what is recorded as
//! done under the same plan, and a system that an interrupted attempt had already erased is recognised.

mod systems_done;

use super::planning::{Opened, PlanSet, identity, opened, plan_set};
use super::{Command, Outcome, RequestEvent, RequestRow, Right, State, decided, letters, package, store};
use crate::{App, Kind, Refusal, duties, feature, notices, parties};
use ::store::StoreError;
use estate::{Identity, Plan};
use kernel::{Actor, RequestId, Secret, failpoint};

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

/// Why it did not come to an end.
pub(super) enum Stopped {
    /// The plan does not hold any more: a new one is needed.
    Stale(Refusal),
    /// Something passing: try again.
    Failed(Refusal),
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        match refusal.kind {
            Kind::Failed => Self::Failed(refusal),
            _ => Self::Stale(refusal),
        }
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

type Result2 = (Outcome, Option<Secret<String>>);

/// Carries out the approved plan of a request, or goes on with it.
///
/// # Errors
/// When it is not approved, somebody else is at it, the rows are no longer those of the plan, or a system
/// fails. A failure leaves the request ready to go on.
pub async fn apply(app: &App, actor: Actor, id: &RequestId) -> Result<Applied, Refusal> {
    let Some(_alone) = app.store().alone(&format!("apply {id}")).await? else { return Err(at_it()) };
    let row = start(app, &actor, id).await?;
    if let (Some(outcome), State::Applied | State::Closed) = (row.outcome, row.state) {
        return Ok(Applied::Already(outcome));
    }
    match work(app, &actor, &row).await {
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

/// Makes the access package again with a new passphrase, as long as nobody has taken the first.
///
/// # Errors
/// When there is none, it has been taken, or the data are no longer those of the plan.
pub async fn package_again(app: &App, actor: Actor, id: &RequestId) -> Result<Secret<String>, Refusal> {
    let Some(_alone) = app.store().alone(&format!("apply {id}")).await? else { return Err(at_it()) };
    let row = store::must_find(&mut app.store().read(), id).await?;
    if row.state != State::Applied || row.package_sha256.is_none() || row.package_taken {
        return Err(not_again());
    }
    match work(app, &actor, &row).await {
        Ok((_, Some(passphrase))) => Ok(passphrase),
        Ok((_, None)) => Err(not_again()),
        Err(Stopped::Stale(refusal) | Stopped::Failed(refusal)) => Err(refusal),
    }
}

/// Goes on with every erasure that was interrupted; a job does this after a restart. Access packages are
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
                Err(refusal) => tracing::debug!(request = %id, code = refusal.code, "an erasure does not go on yet"),
            }
        }
    }
    Ok(resumed)
}

pub(super) fn at_it() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "at-it",
        ["This plan is being carried out right now.", "Ce plan est en cours d'exécution."],
        ["Wait a moment and look at the request again.", "Attendez un instant et regardez de nouveau la demande."],
    )
}

fn not_again() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "package-taken",
        [
            "There is no package that could be made again: it was taken, or there is none.",
            "Aucun paquet à refaire : il a été pris, ou il n'y en a pas.",
        ],
        ["Log a new request for a new package.", "Inscrivez une nouvelle demande pour un nouveau paquet."],
    )
}

async fn work(app: &App, actor: &Actor, row: &RequestRow) -> Result<Result2, Stopped> {
    let plans = plan_set(app.store(), row).await?.ok_or_else(|| StoreError::Damaged("the plan is missing".into()))?;
    let identity = identity(row)?;
    let opened = same_systems(app, row, &plans).await?;
    match row.right {
        Right::Access => access(app, actor, row, &identity, &opened).await,
        Right::Erasure => Ok((systems_done::erasure(app, actor, row, &identity, &opened).await?, None)),
    }
}

/// Opens every confirmed system that holds this controller's rows; they must be those of the plan.
async fn same_systems<'p>(app: &App, row: &RequestRow, plans: &'p PlanSet) -> Result<Vec<(Opened, &'p Plan)>, Stopped> {
    let now = opened(app.store(), row).await?.opened;
    let mut pairs = Vec::new();
    for system in now {
        match plans.systems.iter().find(|plan| plan.system == system.row.id) {
            Some(plan) => pairs.push((system, &plan.plan)),
            None => return Err(Stopped::Stale(other_systems(&system.row.name))),
        }
    }
    match plans.systems.iter().find(|plan| !pairs.iter().any(|(system, _)| system.row.id == plan.system)) {
        Some(gone) => Err(Stopped::Stale(other_systems(&gone.name))),
        None => Ok(pairs),
    }
}

fn other_systems(name: &str) -> Refusal {
    let en = format!("The connected systems are no longer those of the plan ({name}).");
    let fr = format!("Les systèmes connectés ne sont plus ceux du plan ({name}).");
    let remedy = ["Plan again and have the new plan approved.", "Refaites le plan et faites-le approuver."];
    Refusal::new(Kind::Conflict, "plan-systems", [&en, &fr], remedy)
}

async fn start(app: &App, actor: &Actor, id: &RequestId) -> Result<RequestRow, Refusal> {
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    let row = store::must_find(&mut tx, id).await?;
    decided(&mut tx, &row, Command::Apply).await?;
    let row = store::must_find(&mut tx, id).await?;
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
) -> Result<Result2, Stopped> {
    if opened.iter().all(|(_, plan)| plan.is_empty()) {
        package::still_nothing(identity, opened).await?;
        return Ok((Outcome::NotFound, None));
    }
    let made = package::make(app, row, identity, opened).await?;
    failpoint::hit("requests.after_package");
    let (request, controller) = (row.id.clone(), row.controller.clone());
    let (sha256, bytes, rows) = (made.sha256, made.bytes, made.rows);
    record(app, actor, RequestEvent::Packaged { request, controller, sha256, bytes, rows }).await?;
    Ok((Outcome::Packaged, Some(made.passphrase)))
}
