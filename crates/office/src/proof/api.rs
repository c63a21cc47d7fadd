//! The ledger for programs.

use crate::api::{At, Endpoint, File, NoQuery, Nothing, Page, Ref, Shown, operation};
use crate::{App, Refusal};
use ::store::Arg;
use kernel::EntryId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What programs can do with the ledger.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<List>(),
    Endpoint::of::<One>(),
    Endpoint::of::<Receipt>(),
    Endpoint::of::<Export>(),
    Endpoint::of::<Logs>(),
];

const WHAT: [&str; 2] = ["entry", "écriture"];
const PAGE: i64 = 50;

/// An entry in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EntryLine")]
pub(super) struct Line {
    id: Ref,
    /// What happened, such as `request.received`.
    kind: String,
    at: At,
    /// The log it is in.
    log: String,
    /// Its place there.
    index: i64,
}

/// Which entries.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Those about this record.
    #[serde(default)]
    record: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    List = GET "/ledger/entries", needs "ledger.read": "Entries, newest first",
    (Asked, Nothing) -> Shown<Page<Line>>, |call| {
        Ok(Shown(page(&call.app, &call.query).await?))
    }
}

async fn page(app: &App, asked: &Asked) -> Result<Page<Line>, Refusal> {
    if asked.record.contains('\0') {
        return Err(Refusal::not_found("record", "enregistrement"));
    }
    let sql = "SELECT seq, id, log, idx, at, kind FROM entries WHERE seq < $1 AND ($2 = '' OR record = $2) \
               ORDER BY seq DESC LIMIT $3";
    let before: i64 = asked.after.parse().unwrap_or(i64::MAX);
    let args = vec![before.into(), Arg::from(asked.record.as_str()), PAGE.into()];
    let rows = app.store().read().rows(sql, args).await?;
    let mut items = Vec::new();
    for row in &rows {
        items.push(Line {
            id: Ref(row.text("id")?),
            kind: row.text("kind")?,
            at: row.instant("at")?.into(),
            log: row.text("log")?,
            index: row.int("idx")?,
        });
    }
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE);
    let last = rows.last().filter(|_| full).map(|row| row.int("seq")).transpose()?;
    Ok(Page { items, next: last.map(|seq| seq.to_string()) })
}

/// An entry, whole.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Entry")]
pub(super) struct Whole {
    /// The log it is in.
    log: String,
    /// Its place there.
    index: u64,
    /// The leaf: what is hashed. It holds no personal value.
    leaf: Value,
}

operation! {
    /// One of them.
    One = GET "/ledger/entries/{id}", needs "ledger.read": "An entry as it is hashed",
    (NoQuery, Nothing) -> Shown<Whole>, |call| {
        let id: EntryId = call.id(WHAT)?;
        let found = call.app.store().find_entry(&id).await?;
        let (log, index, leaf) = found.ok_or_else(|| Refusal::not_found(WHAT[0], WHAT[1]))?;
        let leaf = serde_json::from_slice(&leaf).map_err(::store::StoreError::from)?;
        Ok(Shown(Whole { log, index, leaf }))
    }
}

operation! {
    /// Its proof.
    Receipt = GET "/ledger/entries/{id}/receipt", needs "ledger.read": "The receipt of an entry: a proof that is verified offline",
    (NoQuery, Nothing) -> File, |call| {
        let id: EntryId = call.id(WHAT)?;
        let text = super::receipt(call.app.store(), &id, &[]).await?;
        Ok(File { name: format!("{id}.receipt.txt"), bytes: text.into_bytes() })
    }
}

operation! {
    /// Everything.
    Export = GET "/ledger/export", needs "ledger.export": "Every log, to be verified offline",
    (NoQuery, Nothing) -> File, |call| {
        let bytes = super::export(call.app.store(), Vec::new()).await?;
        Ok(File { name: "ledger.jsonl".to_owned(), bytes })
    }
}

/// A log's signed head.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LogHead")]
pub(super) struct Head {
    /// Its name.
    origin: String,
    /// How many entries it has.
    size: u64,
    /// The signed checkpoint (C2SP tlog-checkpoint).
    checkpoint: String,
}

/// Every log's head, and the key they are signed with.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LogHeads")]
pub(super) struct Heads {
    /// The verifier's key (C2SP signed-note).
    key: String,
    logs: Vec<Head>,
}

operation! {
    /// The heads.
    Logs = GET "/ledger/logs", needs "ledger.read": "The signed head of every log, and the public key",
    (NoQuery, Nothing) -> Shown<Heads>, |call| {
        let logs = call.app.store().logs().await?;
        let logs = logs.into_iter().map(|head| Head { origin: head.origin, size: head.size, checkpoint: head.checkpoint });
        Ok(Shown(Heads { key: call.app.store().keys().verifier(), logs: logs.collect() }))
    }
}
