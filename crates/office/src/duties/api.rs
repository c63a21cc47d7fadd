//! Duties and the house's programme, for programs.

use super::pages::actions as acts;
use super::store::{self, Duty, DutyLine, Wanted};
use super::{Command, Programme, act, commands, end_programme, set_programme};
use crate::api::{At, Done, Endpoint, Given, NoQuery, Nothing, Page, Ref, Shown, operation};
use crate::lists::{self, Cursor};
use crate::{Kind, Refusal};
use kernel::{DutyId, Instant, Period};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Role;

/// What programs can do with duties.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<List>(),
    Endpoint::of::<One>(),
    Endpoint::of::<Discharge>(),
    Endpoint::of::<HandOver>(),
    Endpoint::of::<Pause>(),
    Endpoint::of::<Resume>(),
    Endpoint::of::<Extend>(),
    Endpoint::of::<Recurring>(),
    Endpoint::of::<Begin>(),
    Endpoint::of::<End>(),
];

const WHAT: [&str; 2] = ["duty", "échéance"];

/// A duty in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DutyLine")]
pub(super) struct Line {
    id: Ref,
    title_en: String,
    title_fr: String,
    /// `running`, `paused` or `missed`.
    state: String,
    /// `due`, `late` or `broken`.
    keeping: String,
    /// The role that answers for it.
    role: String,
    /// The controller's name; null for a duty of the house.
    controller: Option<String>,
    /// When we mean to be done.
    target: Option<At>,
    /// Our own reading of the limit, the earliest.
    own_due: Option<At>,
}

/// Which duties.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// `mine` for those the token's account answers for.
    #[serde(default)]
    whose: String,
    /// The controller's id.
    #[serde(default)]
    controller: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    List = GET "/duties", needs "duties.read": "Open duties, most urgent first",
    (Asked, Nothing) -> Shown<Page<Line>>, |call| {
        let controller = match call.query.controller.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Refusal::not_found("controller", "responsable"))?),
        };
        let bearer = &call.caller.bearer;
        let mine = (call.query.whose == "mine").then(|| (bearer.account.clone(), bearer.role));
        let wanted = Wanted { controller, mine, after: Cursor::parse(&call.query.after) };
        let mut rows = store::open_lines(&mut call.app.store().read(), &wanted, call.app.now(), lists::ask()).await?;
        let next = lists::cut(&mut rows, |one| {
            let at = one.target.or(one.own_due).unwrap_or(Instant::MAX);
            Cursor { at, id: one.id.to_string() }
        });
        let line = |one: &DutyLine| Line {
            id: Ref::from(&one.id),
            title_en: one.title[0].clone(),
            title_fr: one.title[1].clone(),
            state: one.state.clone(),
            keeping: one.keeping.word().to_owned(),
            role: one.role.word().to_owned(),
            controller: one.controller.clone(),
            target: one.target.map(At),
            own_due: one.own_due.map(At),
        };
        Ok(Shown(Page { items: rows.iter().map(line).collect(), next: next.map(|cursor| cursor.text()) }))
    }
}

/// A duty.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Duty")]
pub(super) struct Whole {
    id: Ref,
    title_en: String,
    title_fr: String,
    /// The controller's id; null for a duty of the house.
    controller: Option<Ref>,
    /// The agreement that promises it.
    agreement: Option<Ref>,
    /// The promise's key.
    promise: String,
    /// The record that started it.
    record: String,
    /// `running`, `paused`, `discharged` or `missed`.
    state: String,
    /// The role that answers for it.
    role: String,
    /// The account that answers for it in particular.
    owner: Option<Ref>,
    started_at: At,
    /// When we mean to be done.
    target: Option<At>,
    /// Our own reading of the limit, the earliest.
    own_due: Option<At>,
    /// The latest reading, the other party's right.
    other_due: Option<At>,
    /// How it was counted, in English and in French.
    explanation: Vec<String>,
    paused_at: Option<At>,
    /// Whether its period was made longer.
    extended: bool,
    ended_at: Option<At>,
    /// What shows it.
    evidence: Option<String>,
}

fn shown(duty: &Duty) -> Whole {
    Whole {
        id: Ref::from(&duty.id),
        title_en: duty.title[0].clone(),
        title_fr: duty.title[1].clone(),
        controller: duty.controller.as_ref().map(Ref::from),
        agreement: duty.agreement.as_ref().map(Ref::from),
        promise: duty.promise.clone(),
        record: duty.record.clone(),
        state: duty.state.clone(),
        role: duty.role.word().to_owned(),
        owner: duty.owner.as_ref().map(Ref::from),
        started_at: duty.started_at.into(),
        target: duty.target.map(At),
        own_due: duty.own_due.map(At),
        other_due: duty.other_due.map(At),
        explanation: vec![duty.explanation.en.clone(), duty.explanation.fr.clone()],
        paused_at: duty.paused_at.map(At),
        extended: duty.longer.is_some(),
        ended_at: duty.ended_at.map(At),
        evidence: duty.evidence.clone(),
    }
}

operation! {
    /// One of them.
    One = GET "/duties/{id}", needs "duties.read": "A duty, with both due instants and how they were counted",
    (NoQuery, Nothing) -> Shown<Whole>, |call| {
        let id: DutyId = call.id(WHAT)?;
        let duty = store::find(&mut call.app.store().read(), &id).await?;
        Ok(Shown(shown(&duty.ok_or_else(|| Refusal::not_found(WHAT[0], WHAT[1]))?)))
    }
}

/// What shows that it was done.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DutyEvidence")]
pub(super) struct Evidence {
    /// In words, or where it can be found.
    evidence: String,
}

operation! {
    /// It was done.
    Discharge = POST "/duties/{id}/done", needs "duties.discharge": "Discharge a duty with its evidence",
    (NoQuery, Given<Evidence>) -> Done, |call| {
        let id: DutyId = call.id(WHAT)?;
        acts::discharged(&call.app, call.caller.actor(), &id, &call.body.0.evidence).await?;
        Ok(Done)
    }
}

/// Who answers for it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DutyOwner")]
pub(super) struct Owner {
    /// The account's id; null for whoever has the role.
    owner: Option<String>,
}

operation! {
    /// Somebody else does it.
    HandOver = POST "/duties/{id}/owner", needs "duties.assign": "Hand a duty over",
    (NoQuery, Given<Owner>) -> Done, |call| {
        let id: DutyId = call.id(WHAT)?;
        let owner = match &call.body.0.owner {
            Some(account) => Some(acts::able(&call.app, account).await?),
            None => None,
        };
        act(&call.app, call.caller.actor(), &id, Command::HandOver(owner)).await?;
        Ok(Done)
    }
}

/// Why a clock stands still.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DutyPause")]
pub(super) struct Cause {
    /// The cause; sealed.
    cause: String,
}

operation! {
    /// The clock stands still.
    Pause = POST "/duties/{id}/pause", needs "duties.change": "Pause a clock, with its cause",
    (NoQuery, Given<Cause>) -> Done, |call| {
        let id: DutyId = call.id(WHAT)?;
        let cause = commands::sealed(&call.app, &call.body.0.cause)?;
        act(&call.app, call.caller.actor(), &id, Command::Pause(cause)).await?;
        Ok(Done)
    }
}

operation! {
    /// The clock goes on.
    Resume = POST "/duties/{id}/resume", needs "duties.change": "Let a clock go on",
    (NoQuery, Nothing) -> Done, |call| {
        act(&call.app, call.caller.actor(), &call.id(WHAT)?, Command::Resume).await?;
        Ok(Done)
    }
}

/// How much longer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DutyExtension")]
pub(super) struct Extension {
    /// One number and one unit (ISO 8601), such as `P2M`.
    by: String,
    /// The reason; sealed.
    reason: String,
}

operation! {
    /// A longer period.
    Extend = POST "/duties/{id}/extension", needs "duties.change": "Make a period longer, once, with its reason (Art. 12(3))",
    (NoQuery, Given<Extension>) -> Done, |call| {
        let id: DutyId = call.id(WHAT)?;
        let by = period(&call.body.0.by)?;
        let reason = commands::sealed(&call.app, &call.body.0.reason)?;
        act(&call.app, call.caller.actor(), &id, Command::Extend(by, reason)).await?;
        Ok(Done)
    }
}

fn period(text: &str) -> Result<Period, Refusal> {
    text.trim().parse().map_err(|_| {
        Refusal::new(
            Kind::Invalid,
            "period",
            ["That is no period.", "Ce n'est pas un délai."],
            ["Write one number and one unit, such as P2M.", "Écrivez un nombre et une unité, comme P2M."],
        )
    })
}

/// What recurs in the house.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Programme")]
pub(super) struct Recurs {
    /// A short name, such as `access-review`.
    key: String,
    title_en: String,
    title_fr: String,
    /// The role that answers for it.
    role: String,
    /// How often (ISO 8601), such as `P6M`.
    every: String,
    /// After how long without it the house has failed itself.
    hard: String,
}

operation! {
    /// The programme.
    Recurring = GET "/programme", needs "programme.read": "What recurs in the house",
    (NoQuery, Nothing) -> Shown<Vec<Recurs>>, |call| {
        let all = store::programme(&mut call.app.store().read()).await?;
        let shown = |one: Programme| Recurs {
            key: one.key,
            title_en: one.title_en,
            title_fr: one.title_fr,
            role: one.role.word().to_owned(),
            every: one.every.to_string(),
            hard: one.hard.to_string(),
        };
        Ok(Shown(all.into_iter().filter(|(_, runs)| *runs).map(|(one, _)| shown(one)).collect()))
    }
}

operation! {
    /// A line of it.
    Begin = POST "/programme", needs "programme.change": "Begin what recurs, or change it",
    (NoQuery, Given<Recurs>) -> Done, |call| {
        let given = call.body.0;
        let role = Role::parse(&given.role).ok_or_else(|| Refusal::not_found("role", "rôle"))?;
        let (every, hard) = (period(&given.every)?, period(&given.hard)?);
        let (key, title_en, title_fr) = (given.key, given.title_en, given.title_fr);
        set_programme(&call.app, call.caller.actor(), Programme { key, title_en, title_fr, role, every, hard }).await?;
        Ok(Done)
    }
}

operation! {
    /// The end of a line.
    End = DELETE "/programme/{key}", needs "programme.change": "End what recurs",
    (NoQuery, Nothing) -> Done, |call| {
        let key = call.ids.first().cloned().unwrap_or_default();
        end_programme(&call.app, call.caller.actor(), &key).await?;
        Ok(Done)
    }
}
