//! Letters for programs: what was sent, and how we know.

use super::{NoticeRow, hand, store};
use crate::api::{At, Caller, Done, Endpoint, Given, Made, NoQuery, Nothing, Ref, Shown, operation};
use crate::{App, Refusal};
use kernel::{NoticeId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with letters.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<List>(),
    Endpoint::of::<One>(),
    Endpoint::of::<Delivered>(),
    Endpoint::of::<Retry>(),
    Endpoint::of::<Stop>(),
    Endpoint::of::<SendTo>(),
];

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
    /// The wording it was made with: `standard:1`, or `house:3`.
    wording: Option<String>,
    /// Its language.
    lang: String,
    /// `queued`, `sending`, `sent`, `failed` (it is tried again), `refused` (a person is asked), `bounced` or `stopped`.
    state: String,
    queued_at: At,
    /// It waits for office hours until then.
    not_before: Option<At>,
    /// When it is tried again.
    again_at: Option<At>,
    /// What the last answer of the mail server means: `later`, `full`, `refused` or `unknown`.
    outcome: Option<String>,
    /// The server's last answer: proof of sending.
    reply: Option<String>,
    /// When the mail server took it.
    sent_at: Option<At>,
    /// When we learned that it did not arrive.
    bounced_at: Option<At>,
    /// The code a mail server gave then (RFC 3463).
    bounce_status: Option<String>,
    /// Whether the recipient's mailbox is full.
    mailbox_full: bool,
    /// When its recipient opened it, signed in: proof of receipt.
    opened_at: Option<At>,
    /// The letter that did not arrive and that this one repeats, to another contact.
    instead_of: Option<Ref>,
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
        wording: row.wording,
        lang: row.lang.code().to_owned(),
        state: row.state,
        queued_at: row.queued_at.into(),
        not_before: row.not_before.map(At),
        again_at: row.again_at.map(At),
        outcome: row.outcome,
        reply: row.reply,
        sent_at: row.sent_at.map(At),
        bounced_at: row.bounced_at.map(At),
        bounce_status: row.bounce_status,
        mailbox_full: row.mailbox_full,
        opened_at: row.opened_at.map(At),
        instead_of: row.instead_of.as_ref().map(Ref::from),
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
        hand::record_reading(app, &row, &caller.actor()).await?;
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
        hand::delivered_by_hand(&call.app, call.caller.actor(), &call.id(WHAT)?, &call.body.0.how).await?;
        Ok(Done)
    }
}

operation! {
    /// Once more.
    Retry = POST "/notices/{id}/retry", needs "notices.deliver": "Send a letter again that was refused, did not arrive or waits",
    (NoQuery, Nothing) -> Done, |call| {
        hand::retry(&call.app, call.caller.actor(), &call.id(WHAT)?).await?;
        Ok(Done)
    }
}

/// Why a letter shall not go.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NoticeStop")]
pub(super) struct Why {
    /// In words; sealed.
    why: String,
}

operation! {
    /// Not at all.
    Stop = POST "/notices/{id}/stop", needs "notices.deliver": "Decide that a letter shall not go; what it was to discharge stays to be done",
    (NoQuery, Given<Why>) -> Done, |call| {
        hand::stop(&call.app, call.caller.actor(), &call.id(WHAT)?, &call.body.0.why).await?;
        Ok(Done)
    }
}

/// To whom else.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NoticeContact")]
pub(super) struct Whom {
    /// One of the controller's contacts.
    contact: String,
}

operation! {
    /// To somebody else.
    SendTo = POST "/notices/{id}/send-to", needs "notices.deliver": "Send the same letter to another contact of the same controller",
    (NoQuery, Given<Whom>) -> Made<Shape>, |call| {
        let whom: SubjectId = call.body.0.contact.parse().map_err(|_| Refusal::not_found("contact", "contact"))?;
        let sent = hand::send_to(&call.app, call.caller.actor(), &call.id(WHAT)?, &whom).await?;
        Ok(Made(format!("/api/v1/notices/{sent}"), one(&call.app, &call.caller, &sent).await?))
    }
}
