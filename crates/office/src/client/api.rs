//! The client area for programs. A token belongs to an account, the account to a controller: no call can name another.

use crate::agreements::{self, AgreementRow};
use crate::api::{
    After, At, Call, Done, Endpoint, File, Given, Made, NoQuery, Nothing, Operation, Page, Ref, Shown, operation,
};
use crate::lists::{self, Cursor};
use crate::notices::{self, NoticeRow};
use crate::requests::{self, NewRequest, RequestRow, Right};
use crate::{Refusal, parties, proof};
use kernel::{AgreementId, ControllerId, EntryId, NoticeId, RequestId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs of a controller can do. Who of its people signs in stays with people.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<Me>(),
    Endpoint::of::<Agreements>(),
    Endpoint::of::<Agreement>(),
    Endpoint::of::<Document>(),
    Endpoint::of::<Notices>(),
    Endpoint::of::<Notice>(),
    Endpoint::of::<Open>(),
    Endpoint::of::<Requests>(),
    Endpoint::of::<Lodge>(),
    Endpoint::of::<Request>(),
    Endpoint::of::<Instruct>(),
    Endpoint::of::<Log>(),
    Endpoint::of::<Entries>(),
    Endpoint::of::<Receipt>(),
    Endpoint::of::<Export>(),
];

const PAGE: i64 = 50;

/// The controller whose program calls.
fn mine<O: Operation>(call: &Call<O>) -> Result<ControllerId, Refusal> {
    call.caller.bearer.controller.clone().ok_or_else(|| Refusal::not_found("address", "adresse"))
}

/// Whom the token acts for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientAccount")]
pub(super) struct Account {
    id: Ref,
    /// `controller-admin` or `controller-member`.
    role: String,
    /// The controller's id.
    controller: Ref,
    controller_name: String,
    /// The rights this token can use now.
    permissions: Vec<String>,
}

operation! {
    /// Who calls.
    Me = GET "/client", needs "client.home": "Whom this token acts for, and what it carries",
    (NoQuery, Nothing) -> Shown<Account>, |call| {
        let (app, caller) = (&call.app, &call.caller);
        let party = parties::must_find(&mut app.store().read(), &mine(&call)?).await?;
        let held = caller.bearer.permissions.iter().filter(|permission| caller.may(app, permission)).cloned().collect();
        Ok(Shown(Account {
            id: Ref::from(&caller.bearer.account),
            role: caller.bearer.role.word().to_owned(),
            controller: Ref::from(&party.id),
            controller_name: party.name,
            permissions: held,
        }))
    }
}

/// An agreement that is or was in force.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientAgreementLine")]
pub(super) struct AgreementLine {
    id: Ref,
    title: String,
    /// `in-force` or `replaced`.
    state: String,
    in_force_at: Option<At>,
    /// The document's file name.
    file_name: String,
    /// SHA-256 of the document.
    document: String,
    /// The language it is written in.
    language: String,
}

fn agreement_line(row: AgreementRow) -> AgreementLine {
    AgreementLine {
        id: Ref::from(&row.id),
        title: row.title,
        state: row.state.word().to_owned(),
        in_force_at: row.in_force_at.map(At),
        file_name: row.file_name,
        document: row.document,
        language: row.language,
    }
}

operation! {
    /// The list.
    Agreements = GET "/client/agreements", needs "client.agreements": "Agreements that are or were in force, newest first",
    (NoQuery, Nothing) -> Shown<Vec<AgreementLine>>, |call| {
        let rows = agreements::of_controller(&mut call.app.store().read(), &mine(&call)?).await?;
        Ok(Shown(rows.into_iter().map(agreement_line).collect()))
    }
}

/// An agreement, with what it says.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientAgreement")]
pub(super) struct AgreementShape {
    #[serde(flatten)]
    line: AgreementLine,
    /// The agreement file as persons confirmed it, in TOML.
    file: String,
}

async fn their_agreement<O: Operation>(call: &Call<O>) -> Result<AgreementRow, Refusal> {
    let id: AgreementId = call.id(["agreement", "accord"])?;
    let found = agreements::find_of(&mut call.app.store().read(), &mine(call)?, &id).await?;
    found.ok_or_else(|| Refusal::not_found("agreement", "accord"))
}

operation! {
    /// One of them.
    Agreement = GET "/client/agreements/{id}", needs "client.agreements": "An agreement, with its agreement file",
    (NoQuery, Nothing) -> Shown<AgreementShape>, |call| {
        let row = their_agreement(&call).await?;
        let file = agreements::file_of(call.app.store(), &row.id).await?.to_toml();
        Ok(Shown(AgreementShape { line: agreement_line(row), file }))
    }
}

operation! {
    /// Its bytes.
    Document = GET "/client/agreements/{id}/document", needs "client.agreements": "The document of an agreement, byte for byte",
    (NoQuery, Nothing) -> File, |call| {
        let row = their_agreement(&call).await?;
        let bytes = call.app.store().blob(&row.document).await?;
        Ok(File { name: super::agreements::file_name(&row), bytes })
    }
}

/// A letter to the controller.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientNotice")]
pub(super) struct Letter {
    id: Ref,
    /// What kind of letter, such as `request.forward`.
    letter: String,
    /// The record it is about.
    record: String,
    subject: String,
    /// Its language.
    lang: String,
    /// When it was written.
    queued_at: At,
    /// When the mail server took it.
    sent_at: Option<At>,
    /// When somebody of the controller opened it: receipt.
    opened_at: Option<At>,
    /// What it says; null in lists, before it is opened, and once erased.
    body: Option<String>,
}

fn letter(row: NoticeRow, with_body: bool) -> Letter {
    let may = with_body && row.opened_at.is_some();
    Letter {
        id: Ref::from(&row.id),
        letter: row.letter,
        record: row.record,
        subject: row.subject,
        lang: row.lang.code().to_owned(),
        queued_at: row.queued_at.into(),
        sent_at: row.sent_at.map(At),
        opened_at: row.opened_at.map(At),
        body: row.body.filter(|_| may),
    }
}

async fn their_letter<O: Operation>(call: &Call<O>) -> Result<NoticeRow, Refusal> {
    let id: NoticeId = call.id(["letter", "courrier"])?;
    let found = notices::find_of(&mut call.app.store().read(), &mine(call)?, &id).await?;
    found.ok_or_else(|| Refusal::not_found("letter", "courrier"))
}

operation! {
    /// The list.
    Notices = GET "/client/notices", needs "client.notices": "Letters to the controller, newest first, without their words",
    (After, Nothing) -> Shown<Page<Letter>>, |call| {
        let after = Cursor::parse(&call.query.after);
        let mut rows = notices::of_controller(&mut call.app.store().read(), &mine(&call)?, after, lists::ask()).await?;
        let next = lists::cut(&mut rows, |row| Cursor { at: row.queued_at, id: row.id.to_string() });
        let items = rows.into_iter().map(|row| letter(row, false)).collect();
        Ok(Shown(Page { items, next: next.map(|cursor| cursor.text()) }))
    }
}

operation! {
    /// One of them.
    Notice = GET "/client/notices/{id}", needs "client.notices": "A letter; its words only once it was opened, and reading them is an entry",
    (NoQuery, Nothing) -> Shown<Letter>, |call| {
        let row = their_letter(&call).await?;
        if row.opened_at.is_some() {
            notices::record_reading(&call.app, &row, &call.caller.actor()).await?;
        }
        Ok(Shown(letter(row, true)))
    }
}

operation! {
    /// Receipt.
    Open = POST "/client/notices/{id}/open", needs "client.notices": "Open a letter: from then on the controller has it",
    (NoQuery, Nothing) -> Done, |call| {
        let row = their_letter(&call).await?;
        notices::opened(&call.app, call.caller.actor(), &row.id).await?;
        Ok(Done)
    }
}

/// A request in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientRequestLine")]
pub(super) struct RequestLine {
    id: Ref,
    /// `access` or `erasure` (GDPR Arts. 15 and 17).
    right: String,
    /// Where it stands; `forwarded` waits for the controller.
    state: String,
    /// How it ended.
    outcome: Option<String>,
    received_at: At,
}

/// Which requests.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ClientRequestsAsked")]
pub(super) struct Asked {
    /// `closed` for closed ones, newest first; else open ones, oldest first.
    #[serde(default)]
    state: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    Requests = GET "/client/requests", needs "client.requests": "The controller's requests: open ones, oldest first, or closed ones, newest first",
    (Asked, Nothing) -> Shown<Page<RequestLine>>, |call| {
        let (closed, after) = (call.query.state == "closed", Cursor::parse(&call.query.after));
        let wanted = requests::store::Wanted { closed, controller: Some(mine(&call)?), after };
        let mut rows = requests::store::lines(&mut call.app.store().read(), &wanted, lists::ask()).await?;
        let next = lists::cut(&mut rows, |row| Cursor { at: row.received_at, id: row.id.to_string() });
        let line = |row: &requests::store::RequestLine| RequestLine {
            id: Ref::from(&row.id),
            right: row.right.word().to_owned(),
            state: row.state.word().to_owned(),
            outcome: row.outcome.map(|outcome| outcome.word().to_owned()),
            received_at: row.received_at.into(),
        };
        Ok(Shown(Page { items: rows.iter().map(line).collect(), next: next.map(|cursor| cursor.text()) }))
    }
}

/// A request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientRequest")]
pub(super) struct RequestShape {
    id: Ref,
    /// `access` or `erasure` (GDPR Arts. 15 and 17).
    right: String,
    /// Where it stands; `forwarded` waits for the controller.
    state: String,
    /// How it reached us; `client-area` for what the controller asked for itself.
    channel: String,
    received_at: At,
    /// The person's address; null once they are erased.
    email: Option<String>,
    /// What they wrote; null in the same case.
    note: Option<String>,
    /// What the controller said.
    instruction: Option<String>,
    /// How it ended.
    outcome: Option<String>,
    applied_at: Option<At>,
    closed_at: Option<At>,
}

fn request_shape(row: RequestRow) -> RequestShape {
    RequestShape {
        id: Ref::from(&row.id),
        right: row.right.word().to_owned(),
        state: row.state.word().to_owned(),
        channel: row.channel,
        received_at: row.received_at.into(),
        email: row.email,
        note: row.note,
        instruction: row.instruction,
        outcome: row.outcome.map(|outcome| outcome.word().to_owned()),
        applied_at: row.applied_at.map(At),
        closed_at: row.closed_at.map(At),
    }
}

operation! {
    /// One of them.
    Request = GET "/client/requests/{id}", needs "client.requests": "A request; reading whose it is is an entry",
    (NoQuery, Nothing) -> Shown<RequestShape>, |call| {
        let id: RequestId = call.id(["request", "demande"])?;
        let found = requests::find_of(&mut call.app.store().read(), &mine(&call)?, &id).await?;
        let row = found.ok_or_else(|| Refusal::not_found("request", "demande"))?;
        requests::record_reading(&call.app, &row, &call.caller.actor()).await?;
        Ok(Shown(request_shape(row)))
    }
}

/// What the controller asks for one of its persons.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ClientInstruction")]
pub(super) struct NewInstruction {
    /// `access` or `erasure`.
    right: String,
    /// The address our systems know the person by.
    email: String,
    /// What shall be done, in words.
    instruction: String,
}

operation! {
    /// An instruction for a person.
    Lodge = POST "/client/requests", needs "client.instruct": "Instruct us for a person who turned to the controller (Art. 28(3)(a))",
    (NoQuery, Given<NewInstruction>) -> Made<Ref>, |call| {
        let (controller, given) = (mine(&call)?, &call.body.0);
        let right = Right::parse(&given.right).ok_or_else(|| Refusal::not_found("right", "droit"))?;
        let (email, note, received_at) = (given.email.clone(), given.instruction.clone(), call.app.now());
        let new = NewRequest { controller, right, email, note, channel: String::new(), received_at };
        let id = requests::lodge(&call.app, call.caller.actor(), new).await?;
        Ok(Made(format!("/api/v1/client/requests/{id}"), Ref::from(&id)))
    }
}

/// What the controller decides.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ClientDecision")]
pub(super) struct Decision {
    /// Whether we carry it out; else we refuse it, or stop what is not done yet.
    carry_out: bool,
    /// What we should know.
    #[serde(default)]
    note: String,
}

operation! {
    /// A decision.
    Instruct = POST "/client/requests/{id}/instruction", needs "client.instruct": "Decide about a request: carry it out, refuse it, or take that back",
    (NoQuery, Given<Decision>) -> Done, |call| {
        let id: RequestId = call.id(["request", "demande"])?;
        let (controller, given) = (mine(&call)?, &call.body.0);
        requests::instruct_of(&call.app, call.caller.actor(), &controller, &id, given.carry_out, &given.note).await?;
        Ok(Done)
    }
}

/// The controller's log.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientLog")]
pub(super) struct LogShape {
    /// The verifier's key (C2SP signed-note).
    key: String,
    /// How many entries it has.
    size: i64,
    /// The newest signed checkpoint (C2SP tlog-checkpoint).
    checkpoint: String,
}

operation! {
    /// Its head.
    Log = GET "/client/proof", needs "client.proof": "The signed head of the controller's log, and the public key",
    (NoQuery, Nothing) -> Shown<LogShape>, |call| {
        let head = proof::head_of(&mut call.app.store().read(), &mine(&call)?).await?;
        let (size, checkpoint) = head.ok_or_else(|| Refusal::not_found("log", "registre"))?;
        Ok(Shown(LogShape { key: call.app.store().keys().verifier(), size, checkpoint }))
    }
}

/// An entry in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientEntry")]
pub(super) struct Entry {
    id: Ref,
    /// What happened, such as `request.received`.
    kind: String,
    at: At,
    /// Its place in the log, from 0.
    index: i64,
}

operation! {
    /// Its entries.
    Entries = GET "/client/proof/entries", needs "client.proof": "Entries of the controller's log, newest first",
    (After, Nothing) -> Shown<Page<Entry>>, |call| {
        let before = call.query.after.parse().unwrap_or(i64::MAX);
        let rows = proof::entries_of(&mut call.app.store().read(), &mine(&call)?, before, PAGE).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE);
        let next = rows.last().filter(|row| full && row.index > 0).map(|row| row.index.to_string());
        let entry = |row: proof::OwnEntry| Entry { id: Ref::from(&row.id), kind: row.kind, at: row.at.into(), index: row.index };
        Ok(Shown(Page { items: rows.into_iter().map(entry).collect(), next }))
    }
}

operation! {
    /// The proof of one.
    Receipt = GET "/client/proof/entries/{id}/receipt", needs "client.proof": "The receipt of an entry: a proof that is verified offline",
    (NoQuery, Nothing) -> File, |call| {
        let id: EntryId = call.id(["entry", "écriture"])?;
        let text = proof::receipt_of(call.app.store(), &mine(&call)?, &id).await?;
        Ok(File { name: format!("{id}.receipt.txt"), bytes: text.into_bytes() })
    }
}

operation! {
    /// All of it.
    Export = GET "/client/proof/export", needs "client.proof": "The controller's log, to be verified offline",
    (NoQuery, Nothing) -> File, |call| {
        let bytes = proof::export_of(call.app.store(), &mine(&call)?, Vec::new()).await?;
        Ok(File { name: "ledger.jsonl".to_owned(), bytes })
    }
}
