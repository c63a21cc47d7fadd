//! Requests for programs.

use super::{Applied, NewRequest, PlanSet, RequestEvent, RequestRow, Right, SystemOutcome, package, store};
use crate::api::{At, Caller, Done, Endpoint, File, Given, Made, NoQuery, Nothing, Page, Ref, Shown, operation};
use crate::lists::{self, Cursor};
use crate::{App, Kind, Refusal, feature, parties};
use kernel::{ControllerId, RequestId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with requests. Approving a plan stays with people.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<List>(),
    Endpoint::of::<Create>(),
    Endpoint::of::<One>(),
    Endpoint::of::<Instruct>(),
    Endpoint::of::<ReadPlan>(),
    Endpoint::of::<MakePlan>(),
    Endpoint::of::<CarryOut>(),
    Endpoint::of::<PackageAgain>(),
    Endpoint::of::<Package>(),
    Endpoint::of::<Close>(),
];

const WHAT: [&str; 2] = ["request", "demande"];

/// A request in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RequestLine")]
pub(super) struct Line {
    id: Ref,
    /// `access` or `erasure` (GDPR Arts. 15 and 17).
    right: String,
    /// Where it stands.
    state: String,
    /// The controller's name.
    controller: String,
    /// How it ended.
    outcome: Option<String>,
    received_at: At,
}

/// Which requests.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// `closed` for closed ones, newest first; else open ones, oldest first.
    #[serde(default)]
    state: String,
    /// The controller's id.
    #[serde(default)]
    controller: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    List = GET "/requests", needs "requests.read": "Requests: open ones, oldest first, or closed ones, newest first",
    (Asked, Nothing) -> Shown<Page<Line>>, |call| {
        let controller = match call.query.controller.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Refusal::not_found("controller", "responsable"))?),
        };
        let after = Cursor::parse(&call.query.after);
        let wanted = store::Wanted { closed: call.query.state == "closed", controller, after };
        let mut rows = store::lines(&mut call.app.store().read(), &wanted, lists::ask()).await?;
        let next = lists::cut(&mut rows, |row| Cursor { at: row.received_at, id: row.id.to_string() });
        let line = |row: &store::RequestLine| Line {
            id: Ref::from(&row.id),
            right: row.right.word().to_owned(),
            state: row.state.word().to_owned(),
            controller: row.controller_name.clone(),
            outcome: row.outcome.map(|outcome| outcome.word().to_owned()),
            received_at: row.received_at.into(),
        };
        Ok(Shown(Page { items: rows.iter().map(line).collect(), next: next.map(|cursor| cursor.text()) }))
    }
}

/// A request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Request")]
pub(super) struct Whole {
    id: Ref,
    /// The controller's id.
    controller: Ref,
    /// `access` or `erasure` (GDPR Arts. 15 and 17).
    right: String,
    /// Where it stands.
    state: String,
    /// How it reached us.
    channel: String,
    received_at: At,
    /// The person's address; null without the right `requests.read-person`, and once they are erased.
    email: Option<String>,
    /// What they wrote; null in the same cases.
    note: Option<String>,
    /// What the controller said.
    instruction: Option<String>,
    /// The hash of the plan: what a person approves.
    plan_hash: Option<String>,
    /// The rows it concerns.
    plan_rows: Option<i64>,
    /// Who approved it.
    approved_by: Option<Ref>,
    /// Why the last plan could not be carried out.
    stale: Option<String>,
    /// How it ended.
    outcome: Option<String>,
    /// SHA-256 of the access package.
    package_sha256: Option<String>,
    /// What was done in each system.
    systems: Vec<OneSystem>,
    applied_at: Option<At>,
    closed_at: Option<At>,
}

/// What was done in one system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RequestSystem")]
struct OneSystem {
    system: Ref,
    outcome: Option<String>,
}

/// The request as this caller may see it; seeing the person is an entry.
async fn whole(app: &App, caller: &Caller, id: &RequestId) -> Result<Whole, Refusal> {
    let row = store::must_find(&mut app.store().read(), id).await?;
    let may = caller.may(app, "requests.read-person");
    if may {
        super::record_reading(app, &row, &caller.actor()).await?;
    }
    let systems = store::systems(&mut app.store().read(), id).await?;
    Ok(shown(row, &systems, may))
}

fn shown(row: RequestRow, systems: &[SystemOutcome], may: bool) -> Whole {
    let outcome = |outcome: super::Outcome| outcome.word().to_owned();
    Whole {
        id: Ref::from(&row.id),
        controller: Ref::from(&row.controller),
        right: row.right.word().to_owned(),
        state: row.state.word().to_owned(),
        channel: row.channel,
        received_at: row.received_at.into(),
        email: row.email.filter(|_| may),
        note: row.note.filter(|_| may),
        instruction: row.instruction.filter(|_| may),
        plan_hash: row.plan_hash,
        plan_rows: row.plan_rows,
        approved_by: row.approved_by.as_ref().map(Ref::from),
        stale: row.stale,
        outcome: row.outcome.map(outcome),
        package_sha256: row.package_sha256,
        systems: systems
            .iter()
            .map(|one| OneSystem { system: Ref::from(&one.system), outcome: one.outcome.map(outcome) })
            .collect(),
        applied_at: row.applied_at.map(At),
        closed_at: row.closed_at.map(At),
    }
}

operation! {
    /// One of them.
    One = GET "/requests/{id}", needs "requests.read": "A request; seeing the person it is about is an entry",
    (NoQuery, Nothing) -> Shown<Whole>, |call| {
        Ok(Shown(whole(&call.app, &call.caller, &call.id(WHAT)?).await?))
    }
}

/// A request that arrived.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewRequest")]
pub(super) struct New {
    /// The controller's id or name.
    controller: String,
    /// `access` or `erasure`.
    right: String,
    /// The address the person is known by.
    email: String,
    /// Their words.
    #[serde(default)]
    note: String,
    /// When it reached us, if that was not now.
    received_at: Option<At>,
}

operation! {
    /// A new one.
    Create = POST "/requests", needs "requests.log": "Log a request that arrived",
    (NoQuery, Given<New>) -> Made<Whole>, |call| {
        let given = call.body.0;
        let right = Right::parse(&given.right).ok_or_else(no_right)?;
        let controller = controller(&call.app, &given.controller).await?;
        let received_at = given.received_at.map_or_else(|| call.app.now(), |at| at.0);
        let new = NewRequest { controller, right, email: given.email, note: given.note, channel: "api".into(), received_at };
        let id = super::receive(&call.app, call.caller.actor(), new).await?;
        let row = store::must_find(&mut call.app.store().read(), &id).await?;
        let may = call.caller.may(&call.app, "requests.read-person");
        Ok(Made(format!("/api/v1/requests/{id}"), shown(row, &[], may)))
    }
}

/// A controller told by its id or its name.
async fn controller(app: &App, given: &str) -> Result<ControllerId, Refusal> {
    let known = parties::list(&mut app.store().read()).await?;
    let found = known.into_iter().find(|party| party.id.as_str() == given || party.name == given);
    found.map(|party| party.id).ok_or_else(|| Refusal::not_found("controller", "responsable"))
}

fn no_right() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "right",
        ["`right` is no right of ours.", "`right` ne nomme pas un droit que nous traitons."],
        ["Use access or erasure.", "Utilisez access ou erasure."],
    )
}

/// What the controller said.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RequestInstruction")]
pub(super) struct Instruction {
    /// Whether it is to be carried out; else it is refused.
    carry_out: bool,
    /// Their words.
    #[serde(default)]
    note: String,
}

operation! {
    /// The controller's word.
    Instruct = POST "/requests/{id}/instruction", needs "requests.instruct": "Record the controller's instruction (Art. 28(3)(a))",
    (NoQuery, Given<Instruction>) -> Done, |call| {
        let id = call.id(WHAT)?;
        let (db, now, actor) = (call.app.store(), call.app.now(), call.caller.actor());
        super::instruct(db, now, actor, &id, call.body.0.carry_out, &call.body.0.note).await?;
        Ok(Done)
    }
}

/// What would be done, system by system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Plan")]
pub(super) struct ShownPlan {
    /// What a person approves.
    hash: Option<String>,
    /// Rows of all systems together.
    rows: u64,
    /// The plan as it was hashed: statements and counts for each system.
    plan: serde_json::Value,
}

fn plan_shown(hash: Option<String>, plan: &PlanSet) -> Result<ShownPlan, Refusal> {
    let shown = serde_json::to_value(plan).map_err(::store::StoreError::from)?;
    Ok(ShownPlan { hash, rows: plan.rows(), plan: shown })
}

operation! {
    /// The plan that stands.
    ReadPlan = GET "/requests/{id}/plan", needs "requests.read": "The plan that stands",
    (NoQuery, Nothing) -> Shown<ShownPlan>, |call| {
        let row = store::must_find(&mut call.app.store().read(), &call.id(WHAT)?).await?;
        let plan = super::plan_set(call.app.store(), &row).await?;
        let plan = plan.ok_or_else(|| Refusal::not_found("plan", "plan"))?;
        Ok(Shown(plan_shown(row.plan_hash, &plan)?))
    }
}

operation! {
    /// A new plan.
    MakePlan = POST "/requests/{id}/plan", needs "requests.plan": "Count anew what would be done, in every system",
    (NoQuery, Nothing) -> Shown<ShownPlan>, |call| {
        let id = call.id(WHAT)?;
        let plan = super::plan(call.app.store(), call.app.now(), call.caller.actor(), &id).await?;
        let row = store::must_find(&mut call.app.store().read(), &id).await?;
        Ok(Shown(plan_shown(row.plan_hash, &plan)?))
    }
}

/// How it ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RequestDone")]
pub(super) struct CarriedOut {
    /// How it ended.
    outcome: String,
    /// What opens the access package; said this once.
    passphrase: Option<String>,
}

operation! {
    /// What was approved is done.
    CarryOut = POST "/requests/{id}/apply", needs "requests.carry-out": "Carry out the plan a person approved, and read again to prove it",
    (NoQuery, Nothing) -> Shown<CarriedOut>, |call| {
        let done = super::carry_out(&call.app, call.caller.actor(), &call.id(WHAT)?).await?;
        let (outcome, passphrase) = match done {
            Applied::Already(outcome) => (outcome, None),
            Applied::Done { outcome, passphrase } => (outcome, passphrase),
        };
        let passphrase = passphrase.map(|passphrase| passphrase.expose().clone());
        Ok(Shown(CarriedOut { outcome: outcome.word().to_owned(), passphrase }))
    }
}

/// What opens a package.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Passphrase")]
pub(super) struct Passphrase {
    /// Said this once.
    passphrase: String,
}

operation! {
    /// Another package.
    PackageAgain = POST "/requests/{id}/package", needs "requests.carry-out": "Make the access package anew, with another passphrase",
    (NoQuery, Nothing) -> Shown<Passphrase>, |call| {
        let made = super::package_again(&call.app, call.caller.actor(), &call.id(WHAT)?).await?;
        Ok(Shown(Passphrase { passphrase: made.expose().clone() }))
    }
}

operation! {
    /// The package.
    Package = GET "/requests/{id}/package", needs "requests.carry-out": "The sealed access package (age); taking it is an entry",
    (NoQuery, Nothing) -> File, |call| {
        let (name, bytes) = taken(&call.app, &call.caller, &call.id(WHAT)?).await?;
        Ok(File { name, bytes })
    }
}

async fn taken(app: &App, caller: &Caller, id: &RequestId) -> Result<(String, Vec<u8>), Refusal> {
    let none = || Refusal::not_found("package", "paquet");
    let row = store::must_find(&mut app.store().read(), id).await?;
    if row.package_sha256.is_none() || row.state == super::State::Closed {
        return Err(none());
    }
    let bytes = tokio::fs::read(package::path(app, &row)).await.map_err(|_| none())?;
    let (request, controller) = (row.id.clone(), row.controller.clone());
    let event = RequestEvent::PackageTaken { request, controller, account: caller.bearer.account.clone() };
    let mut tx = app.store().begin(app.now(), caller.actor()).await?;
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok((format!("{id}.zip.age"), bytes))
}

/// The end of a request.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RequestClosing")]
pub(super) struct Closing {
    /// Whether what is left in a system is accepted as it is.
    #[serde(default)]
    accept_left: bool,
}

operation! {
    /// Its end.
    Close = POST "/requests/{id}/close", needs "requests.close": "Close a request; after an erasure the person is erased here, too",
    (NoQuery, Given<Closing>) -> Done, |call| {
        let id = call.id(WHAT)?;
        super::close(&call.app, call.caller.actor(), &id, call.body.0.accept_left).await?;
        Ok(Done)
    }
}
