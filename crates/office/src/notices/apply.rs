//! The events of letters applied to their tables.

use super::NoticeEvent;
use super::events::Queued;
use ::store::{Arg, Recorded, StoreError, Tx};
use kernel::{Instant, Lang};

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: NoticeEvent) -> Result<(), StoreError> {
    match event {
        NoticeEvent::Queued(queued) => insert(tx, *queued, entry.at).await,
        NoticeEvent::Attempted { notice, .. } => {
            let sql = "UPDATE notices SET unknown_outcomes = unknown_outcomes + CASE WHEN state = 'sending' THEN 1 ELSE 0 END, \
                       state = 'sending', attempts = attempts + 1, tried_at = $2 WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), entry.at.into()]).await
        }
        NoticeEvent::Sent { notice, reply, .. } => {
            let sql = "UPDATE notices SET state = 'sent', reply = $2, sent_at = $3, outcome = NULL, again_at = NULL WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), reply.into(), entry.at.into()]).await
        }
        NoticeEvent::Delivered { notice, how, .. } => {
            let sql = "UPDATE notices SET state = 'sent', delivered = $2, delivered_at = $3, sent_at = $3, again_at = NULL WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), how.reveal().cloned().into(), entry.at.into()]).await
        }
        NoticeEvent::Failed { notice, reply, outcome, again_at, .. } => {
            failed(tx, vec![(&notice).into(), reply.into(), outcome.into(), again_at.into(), entry.at.into()]).await
        }
        NoticeEvent::Bounced { notice, failed, status, mailbox_full, said, .. } => {
            // Who recorded that it was delivered otherwise knows better than a server.
            let sql = "UPDATE notices SET bounced_at = $2, bounce_status = $3, bounce = $4, mailbox_full = $5, \
                       state = CASE WHEN $6 = 1 AND delivered_at IS NULL THEN 'bounced' ELSE state END WHERE id = $1";
            let said = said.and_then(|said| said.reveal().cloned());
            let args =
                vec![(&notice).into(), entry.at.into(), status.into(), said.into(), mailbox_full.into(), failed.into()];
            tx.execute(sql, args).await
        }
        NoticeEvent::Retried { notice, .. } => {
            let sql =
                "UPDATE notices SET state = 'queued', attempts = 0, not_before = NULL, again_at = NULL WHERE id = $1";
            tx.execute(sql, vec![(&notice).into()]).await
        }
        NoticeEvent::Stopped { notice, why, .. } => {
            let sql = "UPDATE notices SET state = 'stopped', stopped = $2, again_at = NULL WHERE id = $1";
            tx.execute(sql, vec![(&notice).into(), why.reveal().cloned().into()]).await
        }
        NoticeEvent::Read { notice, account, day, .. } => {
            let sql = "INSERT INTO notice_readings (notice, account, day) VALUES ($1, $2, $3) \
                       ON CONFLICT (notice, account, day) DO NOTHING";
            tx.execute(sql, vec![(&notice).into(), (&account).into(), day.into()]).await
        }
        NoticeEvent::Opened { notice, account, at, .. } => {
            // The first time is the proof.
            let sql = "UPDATE notices SET opened_at = $2, opened_by = $3 WHERE id = $1 AND opened_at IS NULL";
            tx.execute(sql, vec![(&notice).into(), at.into(), (&account).into()]).await
        }
        NoticeEvent::Worded { letter, lang, version, subject, body } => {
            worded(tx, entry, (letter, lang, version), Some((subject, body))).await
        }
        NoticeEvent::StandardRestored { letter, lang, version } => {
            worded(tx, entry, (letter, lang, version), None).await
        }
        NoticeEvent::QuietHoursSet { on } => {
            let sql = "INSERT INTO letter_settings (name, chosen) VALUES ('quiet-hours', $1) \
                       ON CONFLICT (name) DO UPDATE SET chosen = $1";
            tx.execute(sql, vec![on.into()]).await
        }
    }
}

async fn insert(tx: &mut Tx<'_>, queued: Queued, at: Instant) -> Result<(), StoreError> {
    let sql = "INSERT INTO notices (id, controller, record, letter, discharges, to_subject, to_email, subject, about_subject, \
               body, state, attempts, unknown_outcomes, queued_at, wording, lang, not_before, instead_of, has_secret) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, 0, $11, $12, $13, $14, $15, $16)";
    let args = vec![
        (&queued.notice).into(),
        queued.controller.map(|id| id.to_string()).into(),
        queued.record.into(),
        queued.letter.into(),
        queued.discharges.into(),
        (&queued.to.subject).into(),
        queued.to.reveal().cloned().into(),
        queued.subject.into(),
        (&queued.body.subject).into(),
        queued.body.reveal().cloned().into(),
        at.into(),
        queued.wording.into(),
        queued.lang.map(|lang| lang.code().to_owned()).into(),
        queued.not_before.into(),
        queued.instead_of.map(|id| id.to_string()).into(),
        queued.has_secret.into(),
    ];
    tx.execute(sql, args).await?;
    for (position, file) in (0_i64..).zip(queued.files) {
        let sql = "INSERT INTO notice_files (notice, position, name, media_type, bytes, sealed_as, sealed_for) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (name, media_type) = (file.name.into(), file.media_type.into());
        let (blob, place) = (file.blob.into(), file.place.into());
        let args = vec![(&queued.notice).into(), position.into(), name, media_type, file.bytes.into(), blob, place];
        tx.execute(sql, args).await?;
    }
    Ok(())
}

/// `$1` the letter, `$2` the answer, `$3` what it means, `$4` when to try again, `$5` now. Entries of before there were words
/// for it grew their pauses with the square of the attempts, and gave up after eight. Only an attempt that still runs fails:
/// a person or another server may have been first, and has the last word.
async fn failed(tx: &mut Tx<'_>, args: Vec<Arg>) -> Result<(), StoreError> {
    let sql = "UPDATE notices SET reply = $2, outcome = $3, mailbox_full = CASE WHEN $3 = 'full' THEN 1 ELSE 0 END, \
               unknown_outcomes = unknown_outcomes + CASE WHEN $3 = 'unknown' THEN 1 ELSE 0 END, \
               again_at = CASE WHEN $3 IS NULL AND attempts < 8 THEN $5 + attempts * attempts * 60000 ELSE $4 END, \
               state = CASE WHEN $4 IS NULL AND ($3 IS NOT NULL OR attempts >= 8) THEN 'refused' ELSE 'failed' END \
               WHERE id = $1 AND state = 'sending'";
    tx.execute(sql, args).await
}

async fn worded(
    tx: &mut Tx<'_>,
    entry: &Recorded,
    (letter, lang, version): (String, Lang, i64),
    text: Option<(String, String)>,
) -> Result<(), StoreError> {
    let (subject, body) = text.unzip();
    let sql = "INSERT INTO letter_wordings (letter, lang, version, subject, body, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let by = entry.actor.account().map(ToString::to_string);
    let args = vec![
        letter.into(),
        lang.code().into(),
        version.into(),
        subject.into(),
        body.into(),
        entry.at.into(),
        by.into(),
    ];
    tx.execute(sql, args).await
}
