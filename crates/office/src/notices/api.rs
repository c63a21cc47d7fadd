//! Letters for programs: what was sent, and how we know.

use super::{NoticeRow, store};
use crate::api::{At, Caller, Done, Endpoint, Given, NoQuery, Nothing, Ref, Shown, operation};
use crate::{App, Refusal};
use kernel::NoticeId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with letters.
pub(super) const API: &[Endpoint] = &[Endpoint::of::<List>(), Endpoint::of::<One>(), Endpoint::of::<Delivered>()];

const WHAT: [&str; 2] = ["letter", "courrier"];

/// A letter.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Notice")]
pub(super) struct Shape {
    id: Ref,
    /// What kind of letter.
    letter: String,
    /// The controller's id; null for one to our own people.
    controller: Option<Ref>,
    /// The record it is about.
    record: String,
    subject: String,
    state: String,
    queued_at: At,
    /// When the mail server took it.
    sent_at: Option<At>,
    /// When we learned that it did not arrive.
    bounced_at: Option<At>,
    /// How often it was tried.
    attempts: i64,
    /// How many tries ended without our learning the outcome.
    unknown_outcomes: i64,
    /// To whom; null in lists, without the right `notices.read-text`, and once erased.
    to: Option<String>,
    /// What it says; null in the same cases.
    body: Option<String>,
}

fn shown(row: NoticeRow, may: bool) -> Shape {
    Shape {
        id: Ref::from(&row.id),
        letter: row.letter,
        controller: row.controller.as_ref().map(Ref::from),
        record: row.record,
        subject: row.subject,
        state: row.state,
        queued_at: row.queued_at.into(),
        sent_at: row.sent_at.map(At),
        bounced_at: row.bounced_at.map(At),
        attempts: row.attempts,
        unknown_outcomes: row.unknown_outcomes,
        to: row.to.filter(|_| may),
        body: row.body.filter(|_| may),
    }
}

operation! {
    /// The list.
    List = GET "/notices", needs "notices.read": "The latest letters, newest first, without their words",
    (NoQuery, Nothing) -> Shown<Vec<Shape>>, |call| {
        let rows = store::list(&mut call.app.store().read()).await?;
        Ok(Shown(rows.into_iter().map(|row| shown(row, false)).collect()))
    }
}

operation! {
    /// One of them.
    One = GET "/notices/{id}", needs "notices.read": "A letter; reading its words is an entry",
    (NoQuery, Nothing) -> Shown<Shape>, |call| {
        Ok(Shown(one(&call.app, &call.caller, &call.id(WHAT)?).await?))
    }
}

async fn one(app: &App, caller: &Caller, id: &NoticeId) -> Result<Shape, Refusal> {
    let row = store::find(&mut app.store().read(), id).await?;
    let row = row.ok_or_else(|| Refusal::not_found(WHAT[0], WHAT[1]))?;
    let may = caller.may(app, "notices.read-text");
    if may {
        super::record_reading(app, &row, &caller.actor()).await?;
    }
    Ok(shown(row, may))
}

/// How a letter was delivered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NoticeDelivery")]
pub(super) struct How {
    /// In words; sealed.
    how: String,
}

operation! {
    /// By other means.
    Delivered = POST "/notices/{id}/delivered", needs "notices.deliver": "Record that a letter was delivered by other means",
    (NoQuery, Given<How>) -> Done, |call| {
        super::delivered_by_hand(&call.app, call.caller.actor(), &call.id(WHAT)?, &call.body.0.how).await?;
        Ok(Done)
    }
}
