//! The events of promises and duties applied to their tables.

use super::clocks::Dues;
use super::engine::{Beat, Clockwork};
use super::events::{Programme, Recounted, Started};
use super::{DutyEvent, PromiseMade, store};
use ::store::{Arg, Recorded, StoreError, Tx};
use kernel::{DutyId, Instant};

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: DutyEvent) -> Result<(), StoreError> {
    match event {
        DutyEvent::Made(made) => insert_promise(tx, &made).await,
        DutyEvent::Evidenced { agreement, promise, evidence, .. } => {
            let sql = "UPDATE promises SET evidence = $3, evidence_subject = $4, evidenced_at = $5 \
                       WHERE agreement = $1 AND promise = $2";
            let (whose, text) = (evidence.subject.clone(), evidence.reveal().cloned());
            run(tx, sql, vec![(&agreement).into(), promise.into(), text.into(), (&whose).into(), entry.at.into()]).await
        }
        DutyEvent::Started(started) => start(tx, *started).await,
        DutyEvent::Told { duty, beat, until, .. } => told(tx, &duty, beat, until).await,
        DutyEvent::Paused { duty, cause, .. } => {
            let sql = "UPDATE duties SET state = 'paused', sequence = sequence + 1, paused_at = $2, cause = $3, cause_subject = $4, next_at = NULL \
                       WHERE id = $1";
            let (whose, text) = (cause.subject.clone(), cause.reveal().cloned());
            run(tx, sql, vec![(&duty).into(), entry.at.into(), text.into(), (&whose).into()]).await
        }
        DutyEvent::Resumed { duty, dues, told_at, .. } => {
            let sql = "UPDATE duties SET state = 'running', paused_ms = paused_ms + $2 - paused_at, paused_at = NULL WHERE id = $1";
            run(tx, sql, vec![(&duty).into(), told_at.into()]).await?;
            recount(tx, &duty, &dues, told_at).await
        }
        DutyEvent::Extended { duty, by, reason, dues, told_at, .. } => {
            let sql = "UPDATE duties SET extended = $2, reason = $3, reason_subject = $4 WHERE id = $1";
            let (whose, text) = (reason.subject.clone(), reason.reveal().cloned());
            run(tx, sql, vec![(&duty).into(), by.to_string().into(), text.into(), (&whose).into()]).await?;
            recount(tx, &duty, &dues, told_at).await
        }
        DutyEvent::Recounted(again) => recounted(tx, &again).await,
        DutyEvent::HandedOver { duty, to, .. } => {
            let to = to.map(|account| account.to_string());
            run(
                tx,
                "UPDATE duties SET owner = $2, sequence = sequence + 1 WHERE id = $1",
                vec![(&duty).into(), to.into()],
            )
            .await
        }
        DutyEvent::Shown { duty, words, .. } => {
            let sql = "UPDATE duties SET shown = $2, shown_subject = $3 WHERE id = $1";
            let (whose, text) = (words.subject.clone(), words.reveal().cloned());
            run(tx, sql, vec![(&duty).into(), text.into(), (&whose).into()]).await
        }
        DutyEvent::Discharged { duty, evidence, .. } => end(tx, &duty, "discharged", entry.at, Some(evidence)).await,
        DutyEvent::Reopened { duty, .. } => reopen(tx, &duty).await,
        DutyEvent::Missed { duty, .. } => end(tx, &duty, "missed", entry.at, None).await,
        DutyEvent::ProgrammeSet(programme) => set_programme(tx, programme, entry.at).await,
        DutyEvent::ProgrammeEnded { key } => {
            run(tx, "UPDATE programme SET ended_at = $2 WHERE key = $1", vec![key.into(), entry.at.into()]).await
        }
        DutyEvent::Digested { account, day } => {
            let sql = "INSERT INTO digests (account, day) VALUES ($1, $2) ON CONFLICT (account, day) DO NOTHING";
            run(tx, sql, vec![(&account).into(), day.into()]).await
        }
    }
}

async fn run(tx: &mut Tx<'_>, sql: &'static str, args: Vec<Arg>) -> Result<(), StoreError> {
    tx.execute(sql, args).await.map(drop)
}

async fn insert_promise(tx: &mut Tx<'_>, made: &PromiseMade) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO promises (agreement, promise, controller, term, event, made) VALUES ($1, $2, $3, $4, $5, $6)";
    let args = vec![
        (&made.agreement).into(),
        made.promise.as_str().into(),
        (&made.controller).into(),
        made.term.as_str().into(),
        made.event.clone().into(),
        serde_json::to_string(made)?.into(),
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

async fn start(tx: &mut Tx<'_>, started: Started) -> Result<(), StoreError> {
    let sql = "INSERT INTO duties (id, controller, agreement, promise, record, state, title_en, title_fr, mode, role, schedule, \
               place, edition, started_at, target, own_due, other_due, urgent_at, told_at, next_at, paused_ms, explanation_en, \
               explanation_fr, zones, law, due_at, sequence) \
               VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $13, $18, 0, $19, $20, \
               $21, $22, $23, 0)";
    let part = |pick: fn(&Dues) -> Option<Instant>| started.dues.as_ref().and_then(pick);
    let (target, own, other) = (part(|dues| dues.target), part(|dues| dues.own), part(|dues| dues.other));
    let clockwork = Clockwork { started_at: started.at, target, own, other, told_at: started.at };
    let words = started.dues.as_ref().map(|dues| dues.explanation.clone());
    let args = vec![
        (&started.duty).into(),
        started.controller.as_ref().map(ToString::to_string).into(),
        started.agreement.as_ref().map(ToString::to_string).into(),
        started.promise.into(),
        started.record.into(),
        started.title_en.into(),
        started.title_fr.into(),
        started.mode.into(),
        started.role.word().into(),
        started.schedule.as_ref().map(serde_json::to_string).transpose()?.into(),
        started.place.into(),
        started.edition.into(),
        started.at.into(),
        target.into(),
        own.into(),
        other.into(),
        urgency(target, own).into(),
        clockwork.next().into(),
        words.as_ref().map(|words| words.en.clone()).into(),
        words.map(|words| words.fr).into(),
        started.zones.into(),
        started.law.map(|law| law.word().to_owned()).into(),
        own.or(target).into(),
    ];
    run(tx, sql, args).await
}

/// What the lists sort by: our target, else the limit; what has neither comes last.
fn urgency(target: Option<Instant>, own: Option<Instant>) -> Instant {
    target.or(own).unwrap_or(NEVER)
}

/// Later than any due instant; both databases hold it.
const NEVER: Instant = Instant::MAX;

async fn told(tx: &mut Tx<'_>, duty: &DutyId, _beat: Beat, until: Instant) -> Result<(), StoreError> {
    let Some(known) = store::find(tx, duty).await? else { return Ok(()) };
    let next = Clockwork { told_at: until, ..known.clockwork() }.next();
    let sql = "UPDATE duties SET told_at = $2, next_at = $3 WHERE id = $1";
    run(tx, sql, vec![duty.into(), until.into(), next.into()]).await
}

async fn recounted(tx: &mut Tx<'_>, again: &Recounted) -> Result<(), StoreError> {
    let sql = "UPDATE duties SET edition = $2, zones = $3, law = $4 WHERE id = $1";
    let law = again.law.map(|law| law.word().to_owned());
    let args = vec![(&again.duty).into(), again.edition.as_str().into(), again.zones.as_str().into(), law.into()];
    run(tx, sql, args).await?;
    recount(tx, &again.duty, &again.dues, again.told_at).await
}

async fn set_programme(tx: &mut Tx<'_>, programme: Programme, at: Instant) -> Result<(), StoreError> {
    let sql = "INSERT INTO programme (key, title_en, title_fr, role, every, hard, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (key) DO UPDATE SET title_en = $2, title_fr = $3, role = $4, every = $5, hard = $6, set_at = $7, \
               ended_at = NULL";
    let args = vec![
        programme.key.into(),
        programme.title_en.into(),
        programme.title_fr.into(),
        programme.role.word().into(),
        programme.every.to_string().into(),
        programme.hard.to_string().into(),
        at.into(),
    ];
    run(tx, sql, args).await
}

async fn recount(tx: &mut Tx<'_>, duty: &DutyId, dues: &Dues, told_at: Instant) -> Result<(), StoreError> {
    let Some(known) = store::find(tx, duty).await? else { return Ok(()) };
    let clockwork =
        Clockwork { started_at: known.started_at, target: dues.target, own: dues.own, other: dues.other, told_at };
    // A clock that stands still has no next beat.
    let next = clockwork.next().filter(|_| known.state == "running");
    let sql = "UPDATE duties SET target = $2, own_due = $3, other_due = $4, urgent_at = $5, told_at = $6, next_at = $7, \
               explanation_en = $8, explanation_fr = $9, due_at = $10, sequence = sequence + 1 WHERE id = $1";
    let args = vec![
        duty.into(),
        dues.target.into(),
        dues.own.into(),
        dues.other.into(),
        urgency(dues.target, dues.own).into(),
        told_at.into(),
        next.into(),
        dues.explanation.en.as_str().into(),
        dues.explanation.fr.as_str().into(),
        dues.own.or(dues.target).into(),
    ];
    run(tx, sql, args).await
}

/// Its clock never stopped: what it had not told is told now, and what had been missed before stays missed.
async fn reopen(tx: &mut Tx<'_>, duty: &DutyId) -> Result<(), StoreError> {
    let Some(known) = store::find(tx, duty).await? else { return Ok(()) };
    let was_missed = known.other_due.is_some_and(|due| known.ended_at.is_some_and(|ended| ended > due));
    let next = known.clockwork().next().filter(|_| !was_missed);
    let sql = "UPDATE duties SET state = $2, ended_at = CASE WHEN $2 = 'missed' THEN other_due ELSE NULL END, evidence = NULL, \
               next_at = $3, sequence = sequence + 1 WHERE id = $1";
    let state = if was_missed { "missed" } else { "running" };
    run(tx, sql, vec![duty.into(), state.into(), next.into()]).await
}

async fn end(
    tx: &mut Tx<'_>,
    duty: &DutyId,
    state: &str,
    at: Instant,
    evidence: Option<String>,
) -> Result<(), StoreError> {
    let sql = "UPDATE duties SET state = $2, ended_at = $3, evidence = $4, next_at = NULL, sequence = sequence + 1 WHERE id = $1 AND state <> 'discharged'";
    run(tx, sql, vec![duty.into(), state.into(), at.into(), evidence.into()]).await
}
