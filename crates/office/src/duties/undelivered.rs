//! A letter that did not arrive tells nobody anything (GDPR Art. 28(3)(e), 33(2)): the duty that it discharged runs again, with
//! the clock it had, and somebody telephones.

use super::once::{self, Once};
use super::{DutyEvent, store};
use crate::notices::NoticeRow;
use crate::{feature, notices};
use ::store::{StoreError, Tx};
use futures_util::future::BoxFuture;
use kernel::{ControllerId, DutyId, NoticeId};
use serde_json::Value;
use web::Role;

/// The key of the duty to telephone.
const TELEPHONE: &str = "notices.telephone";
/// Its titles.
const TITLES: [&str; 2] = ["Telephone: a letter did not arrive", "Téléphoner : un courrier n'est pas arrivé"];

/// A mail server reported on a letter that had left.
pub(super) fn bounced<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        match letter(tx, data).await? {
            Some(row) if row.state == "bounced" => undelivered(tx, &row).await,
            _ => Ok(()),
        }
    })
}

/// A letter was not taken; nobody tries it again.
pub(super) fn failed<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        match letter(tx, data).await? {
            Some(row) if row.state == "refused" => undelivered(tx, &row).await,
            _ => Ok(()),
        }
    })
}

/// A letter reached its recipient after all, or nobody wants it to: nobody needs to telephone.
pub(super) fn settled<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let Some(row) = letter(tx, data).await? else { return Ok(()) };
        let Some(controller) = &row.controller else { return Ok(()) };
        for duty in calls(tx, controller, &row.id).await? {
            let (controller, evidence) = (Some(controller.clone()), format!("letter:{}", row.id));
            feature::append(tx, &[DutyEvent::Discharged { duty, controller, evidence }]).await?;
        }
        Ok(())
    })
}

async fn letter(tx: &mut Tx<'_>, data: &Value) -> Result<Option<NoticeRow>, StoreError> {
    let id: NoticeId = serde_json::from_value(data["notice"].clone())?;
    notices::store::find(tx, &id).await
}

async fn undelivered(tx: &mut Tx<'_>, row: &NoticeRow) -> Result<(), StoreError> {
    let Some(controller) = row.controller.clone() else { return Ok(()) };
    // Whoever opened it, signed in, has it: a mail server's report changes nothing.
    if row.opened_at.is_some() {
        return Ok(());
    }
    if !another_arrived(tx, &controller, row).await? {
        let evidence = format!("letter:{}", row.id);
        for duty in store::discharged_by(tx, &controller, &row.record, &evidence).await? {
            let (controller, because) = (Some(controller.clone()), row.id.clone());
            feature::append(tx, &[DutyEvent::Reopened { duty, controller, because }]).await?;
        }
    }
    if calls(tx, &controller, &row.id).await?.is_empty() {
        call(tx, &controller, &row.id).await?;
    }
    Ok(())
}

/// Whether the same was sent to another contact and stands as sent, or was opened.
async fn another_arrived(tx: &mut Tx<'_>, controller: &ControllerId, row: &NoticeRow) -> Result<bool, StoreError> {
    let all = notices::of_record(tx, controller, &row.record).await?;
    Ok(all.iter().any(|known| {
        let has_it = known.state == "sent" || known.opened_at.is_some();
        known.letter == row.letter && known.id != row.id && has_it
    }))
}

async fn calls(tx: &mut Tx<'_>, controller: &ControllerId, notice: &NoticeId) -> Result<Vec<DutyId>, StoreError> {
    let known = store::of_record(tx, controller, notice.as_str()).await?;
    let open = known.into_iter().filter(|duty| duty.promise == TELEPHONE && duty.state != "discharged");
    Ok(open.map(|duty| duty.id).collect())
}

/// Somebody telephones, within the time that passing a request on may take.
async fn call(tx: &mut Tx<'_>, controller: &ControllerId, notice: &NoticeId) -> Result<(), StoreError> {
    let once = Once {
        controller: Some(controller),
        promise: TELEPHONE,
        record: notice.as_str(),
        mode: "notice",
        titles: TITLES,
        role: Role::Dpo,
    };
    once::start(tx, &once).await
}
