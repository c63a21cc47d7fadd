//! A calendar or a law was corrected: the clocks that still run are counted again, each change as an entry that says what it
//! was before, what it is now, and why.

use super::engine::{self, Command};
use super::store;
use crate::{calendars, feature};
use ::store::{StoreError, Tx};
use futures_util::future::BoxFuture;
use kernel::AgreementId;
use kernel::clock::{Explanation, Law};
use serde_json::Value;

/// Clocks looked at at once.
const BATCH: i64 = 500;

fn words(data: &Value, key: &str) -> String {
    data[key].as_str().unwrap_or_default().to_owned()
}

fn day(data: &Value, [en, fr]: [&str; 2]) -> Explanation {
    let [place, when, name, from] = ["place", "when", "name", "from"].map(|key| words(data, key));
    Explanation {
        en: format!("Counted again: from {from} on, {when} ({name}) {en} at {place}."),
        fr: format!("Recompté : à partir du {from}, {when} ({name}) {fr} ({place})."),
    }
}

pub(super) fn day_added<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { all(tx, None, None, &day(data, ["is a holiday", "est férié"])).await })
}

pub(super) fn day_removed<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { all(tx, None, None, &day(data, ["is no holiday", "n'est plus férié"])).await })
}

pub(super) fn office_set<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let (opens, closes) = (words(data, "opens"), words(data, "closes"));
        let why = Explanation {
            en: format!("Counted again: the office is open from {opens} to {closes}."),
            fr: format!("Recompté : le bureau est ouvert de {opens} à {closes}."),
        };
        all(tx, None, None, &why).await
    })
}

pub(super) fn law_chosen<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let agreement: AgreementId = serde_json::from_value(data["agreement"].clone())?;
        let law: Law = serde_json::from_value(data["law"].clone())?;
        let why = Explanation {
            en: format!("Counted again: the law of this agreement's periods was chosen ({}).", law.word()),
            fr: format!("Recompté : la loi des délais de cet accord a été choisie ({}).", law.word()),
        };
        all(tx, Some(&agreement), Some(law), &why).await
    })
}

/// Counts every clock of an agreement again, or of all; under `law` when that was chosen, else under its own.
async fn all(
    tx: &mut Tx<'_>,
    agreement: Option<&AgreementId>,
    law: Option<Law>,
    why: &Explanation,
) -> Result<(), StoreError> {
    let table = calendars::table(tx).await?;
    let mut after = String::new();
    loop {
        let batch = store::counting(tx, agreement, &after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id.to_string();
        for duty in &batch {
            let Ok(place) = table.place(&duty.place) else { continue };
            let command = Command::Recount(law.or(duty.law), why.clone());
            let events = engine::decide(duty, &place, tx.now(), command).unwrap_or_default();
            feature::append(tx, &events).await?;
        }
    }
}
