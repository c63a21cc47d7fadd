//! The inbox for programs: what arrived, and what is decided about it.

use super::{Chosen, MailRow, State, store};
use crate::api::{At, Caller, Done, Endpoint, Given, NoQuery, Nothing, Page, Ref, Shown, operation};
use crate::requests::Right;
use crate::{App, Kind, Refusal};
use kernel::MailId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with the inbox.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<List>(),
    Endpoint::of::<One>(),
    Endpoint::of::<Log>(),
    Endpoint::of::<PutAside>(),
    Endpoint::of::<Reopen>(),
];

const WHAT: [&str; 2] = ["mail", "courrier"];

/// A mail.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Mail")]
pub(super) struct Mail {
    id: Ref,
    /// `waiting`, `logged` or `filed`.
    state: String,
    /// What it is taken for; null when nothing was recognised.
    proposal: Option<String>,
    /// The rights it names.
    rights: Vec<String>,
    received_at: At,
    /// The sender; null in lists, without the right `inbox.file`, and once erased.
    from: Option<String>,
    /// The subject line; null in the same cases.
    subject: Option<String>,
    /// Its words; null in the same cases.
    text: Option<String>,
}

fn shown(row: MailRow, may: bool) -> Mail {
    let content = row.content.filter(|_| may);
    Mail {
        id: Ref::from(&row.id),
        state: row.state.word().to_owned(),
        proposal: row.understood.proposal,
        rights: row.understood.rights,
        received_at: row.received_at.into(),
        from: content.as_ref().and_then(|content| content.from.clone()),
        subject: content.as_ref().map(|content| content.subject.clone()),
        text: content.map(|content| content.text),
    }
}

/// Which mails.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// `waiting`, `logged` or `filed`; all of them when empty.
    #[serde(default)]
    state: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    List = GET "/inbox", needs "inbox.read": "Mails, newest first, without their words",
    (Asked, Nothing) -> Shown<Page<Mail>>, |call| {
        let asked = store::Asked {
            state: State::parse(&call.query.state),
            proposed: None,
            before: call.query.after.parse().ok(),
        };
        let mut rows = store::list(&mut call.app.store().read(), &asked).await?;
        let more = rows.len() > store::PAGE_ROWS;
        rows.truncate(store::PAGE_ROWS);
        let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Ok(Shown(Page { items: rows.into_iter().map(|row| shown(row, false)).collect(), next }))
    }
}

operation! {
    /// One of them.
    One = GET "/inbox/{id}", needs "inbox.read": "A mail; reading its words is an entry",
    (NoQuery, Nothing) -> Shown<Mail>, |call| {
        Ok(Shown(one(&call.app, &call.caller, &call.id(WHAT)?).await?))
    }
}

async fn one(app: &App, caller: &Caller, id: &MailId) -> Result<Mail, Refusal> {
    let row = store::find(&mut app.store().read(), id).await?;
    let row = row.ok_or_else(|| Refusal::not_found(WHAT[0], WHAT[1]))?;
    let may = caller.may(app, "inbox.file");
    if may {
        super::record_reading(app, &row, &caller.actor()).await?;
    }
    Ok(shown(row, may))
}

/// A request that a mail makes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MailRequest")]
pub(super) struct Asks {
    /// The controller's id.
    controller: String,
    /// `access`, `erasure`: a request for each.
    rights: Vec<String>,
    /// The address the person is known by.
    email: String,
    /// Their words.
    #[serde(default)]
    note: String,
}

/// The requests that were logged.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MailRequests")]
pub(super) struct Logged {
    requests: Vec<Ref>,
}

operation! {
    /// It asks for something.
    Log = POST "/inbox/{id}/request", needs "inbox.file": "Log the requests a mail makes",
    (NoQuery, Given<Asks>) -> Shown<Logged>, |call| {
        let id: MailId = call.id(WHAT)?;
        let given = call.body.0;
        let controller = given.controller.parse().map_err(|_| Refusal::not_found("controller", "responsable"))?;
        let rights: Option<Vec<Right>> = given.rights.iter().map(|right| Right::parse(right)).collect();
        let rights = rights.ok_or_else(no_right)?;
        let chosen = Chosen { controller, rights, email: given.email, note: given.note };
        let requests = super::log(&call.app, call.caller.actor(), &id, chosen).await?;
        Ok(Shown(Logged { requests: requests.iter().map(Ref::from).collect() }))
    }
}

fn no_right() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "right",
        ["One of `rights` is no right of ours.", "L'un des `rights` n'est pas un droit que nous traitons."],
        ["Use access or erasure.", "Utilisez access ou erasure."],
    )
}

/// Why a mail is put aside.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MailFiling")]
pub(super) struct Why {
    /// In words; sealed.
    reason: String,
}

operation! {
    /// Nothing follows.
    PutAside = POST "/inbox/{id}/file", needs "inbox.file": "Put a mail aside, with the reason",
    (NoQuery, Given<Why>) -> Done, |call| {
        super::file(&call.app, call.caller.actor(), &call.id(WHAT)?, &call.body.0.reason).await?;
        Ok(Done)
    }
}

operation! {
    /// After all.
    Reopen = POST "/inbox/{id}/reopen", needs "inbox.file": "Take a mail up again",
    (NoQuery, Nothing) -> Done, |call| {
        super::reopen(&call.app, call.caller.actor(), &call.id(WHAT)?).await?;
        Ok(Done)
    }
}
