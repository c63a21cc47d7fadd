//! Promises and duties in tables, and how they stand at an instant.

use super::{DutyEvent, PromiseMade};
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::clock::Explanation;
use kernel::{AgreementId, ControllerId, DutyId, Instant, Lang};
use web::components::Tone;

/// How a promise or a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeping {
    /// Never put to the test.
    NotTested,
    /// Every instance was done in time, or evidence shows it.
    Kept,
    /// One runs, in time.
    Due,
    /// One is past our own reading of its limit, or was done after it.
    Late,
    /// One is past every reading of its limit.
    Broken,
}

impl Keeping {
    /// The word of the text key: `keeping-kept`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotTested => "not-tested",
            Self::Kept => "kept",
            Self::Due => "due",
            Self::Late => "late",
            Self::Broken => "broken",
        }
    }

    /// Its colour.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::NotTested => Tone::Quiet,
            Self::Kept => Tone::Ok,
            Self::Due => Tone::Warn,
            Self::Late | Self::Broken => Tone::Late,
        }
    }
}

/// One promise as pages see it.
#[derive(Clone, Debug)]
pub struct PromiseRow {
    /// What was promised.
    pub made: PromiseMade,
    /// What a person recorded to show it kept.
    pub evidence: Option<String>,
    /// Its instances, newest first.
    pub duties: Vec<Duty>,
}

impl PromiseRow {
    /// The title in one language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.made.title_en, &self.made.title_fr)
    }
}

/// One duty as pages see it.
#[derive(Clone, Debug)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// Whose agreement.
    pub controller: ControllerId,
    /// The agreement.
    pub agreement: AgreementId,
    /// The promise's key.
    pub promise: String,
    /// What started it.
    pub record: String,
    /// `running`, `discharged` or `missed`.
    pub state: String,
    /// When its clock started.
    pub started_at: Instant,
    /// When we mean to be done.
    pub target: Option<Instant>,
    /// Our reading of the limit.
    pub own_due: Option<Instant>,
    /// The latest reading of the limit.
    pub other_due: Option<Instant>,
    /// How it was counted.
    pub explanation: Explanation,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// What shows it.
    pub evidence: Option<String>,
}

impl Duty {
    /// How it stands at `now`.
    #[must_use]
    pub fn keeping(&self, now: Instant) -> Keeping {
        let at = self.ended_at.filter(|_| self.state == "discharged").unwrap_or(now);
        let past = |limit: Option<Instant>| limit.is_some_and(|limit| at > limit);
        match (self.state.as_str(), past(self.own_due), past(self.other_due)) {
            ("missed", ..) | (_, _, true) => Keeping::Broken,
            (_, true, _) => Keeping::Late,
            ("discharged", ..) => Keeping::Kept,
            _ => Keeping::Due,
        }
    }
}

/// How a promise stands: by its worst duty, or by its evidence.
#[must_use]
pub fn keeping(row: &PromiseRow, now: Instant) -> Keeping {
    let shown = if row.evidence.is_some() { Keeping::Kept } else { Keeping::NotTested };
    let done_before = row.duties.iter().any(|duty| duty.state == "discharged");
    let states = row.duties.iter().map(|duty| duty.keeping(now));
    // What returns by the calendar is kept while its next time is not over.
    let counted = states.filter(|state| !(row.made.mode == "recurring" && done_before && *state == Keeping::Due));
    counted.max().unwrap_or(shown).max(shown)
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: DutyEvent) -> Result<(), StoreError> {
    match event {
        DutyEvent::Made(made) => insert_promise(tx, &made).await,
        DutyEvent::Evidenced { agreement, promise, evidence, .. } => {
            let sql = "UPDATE promises SET evidence = $3, evidence_subject = $4, evidenced_at = $5 \
                       WHERE agreement = $1 AND promise = $2";
            let (whose, text) = (evidence.subject.clone(), evidence.reveal().cloned());
            let args = vec![(&agreement).into(), promise.into(), text.into(), (&whose).into(), entry.at.into()];
            tx.execute(sql, args).await?;
            Ok(())
        }
        DutyEvent::Started { duty, controller, agreement, promise, record, at, dues } => {
            let sql = "INSERT INTO duties (id, controller, agreement, promise, record, state, started_at, target, own_due, \
                       other_due, explanation_en, explanation_fr) VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $8, $9, $10, $11)";
            let part = |pick: fn(&super::Dues) -> Option<Instant>| dues.as_ref().and_then(pick);
            let words = dues.as_ref().map(|dues| dues.explanation.clone());
            let args = vec![
                (&duty).into(),
                (&controller).into(),
                (&agreement).into(),
                promise.into(),
                record.into(),
                at.into(),
                part(|dues| dues.target).into(),
                part(|dues| dues.own).into(),
                part(|dues| dues.other).into(),
                words.as_ref().map(|words| words.en.clone()).into(),
                words.map(|words| words.fr).into(),
            ];
            tx.execute(sql, args).await?;
            Ok(())
        }
        DutyEvent::Discharged { duty, evidence, .. } => end(tx, &duty, "discharged", entry.at, Some(evidence)).await,
        DutyEvent::Missed { duty, .. } => end(tx, &duty, "missed", entry.at, None).await,
    }
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

async fn end(
    tx: &mut Tx<'_>,
    duty: &DutyId,
    state: &str,
    at: Instant,
    evidence: Option<String>,
) -> Result<(), StoreError> {
    let sql = "UPDATE duties SET state = $2, ended_at = $3, evidence = $4 WHERE id = $1 AND state <> 'discharged'";
    tx.execute(sql, vec![duty.into(), state.into(), at.into(), evidence.into()]).await?;
    Ok(())
}

fn duty(row: &Row) -> Result<Duty, StoreError> {
    Ok(Duty {
        id: row.id("id")?,
        controller: row.id("controller")?,
        agreement: row.id("agreement")?,
        promise: row.text("promise")?,
        record: row.text("record")?,
        state: row.text("state")?,
        started_at: row.instant("started_at")?,
        target: row.opt_instant("target")?,
        own_due: row.opt_instant("own_due")?,
        other_due: row.opt_instant("other_due")?,
        explanation: Explanation {
            en: row.opt_text("explanation_en")?.unwrap_or_default(),
            fr: row.opt_text("explanation_fr")?.unwrap_or_default(),
        },
        ended_at: row.opt_instant("ended_at")?,
        evidence: row.opt_text("evidence")?,
    })
}

fn promise_row(row: &Row) -> Result<PromiseRow, StoreError> {
    Ok(PromiseRow { made: row.json("made")?, evidence: row.opt_text("evidence")?, duties: Vec::new() })
}

/// The promises of an agreement with their duties.
///
/// # Errors
/// When the database fails.
pub async fn of_agreement(db: &mut impl Ask, agreement: &AgreementId) -> Result<Vec<PromiseRow>, StoreError> {
    let sql = "SELECT made, evidence FROM promises WHERE agreement = $1 ORDER BY promise";
    let mut rows: Vec<PromiseRow> =
        db.rows(sql, vec![agreement.into()]).await?.iter().map(promise_row).collect::<Result<_, _>>()?;
    let sql = "SELECT * FROM duties WHERE agreement = $1 ORDER BY started_at DESC, id";
    for found in db.rows(sql, vec![agreement.into()]).await? {
        let duty = duty(&found)?;
        if let Some(row) = rows.iter_mut().find(|row| row.made.promise == duty.promise) {
            row.duties.push(duty);
        }
    }
    Ok(rows)
}

/// Every running or missed duty with the title of its promise and the name of its controller, most urgent first.
///
/// # Errors
/// When the database fails.
pub async fn open_duties(db: &mut impl Ask, limit: i64) -> Result<Vec<(Duty, PromiseRow, String)>, StoreError> {
    let sql = "SELECT d.*, p.made, NULL AS none, c.name AS controller_name FROM duties d \
               JOIN promises p ON p.agreement = d.agreement AND p.promise = d.promise \
               JOIN controllers c ON c.id = d.controller \
               WHERE d.state IN ('running', 'missed') \
               ORDER BY CASE WHEN d.own_due IS NULL THEN 1 ELSE 0 END, COALESCE(d.target, d.own_due), d.id LIMIT $1";
    let rows = db.rows(sql, vec![limit.into()]).await?;
    rows.iter()
        .map(|row| {
            let promise = PromiseRow { made: row.json("made")?, evidence: None, duties: Vec::new() };
            Ok((duty(row)?, promise, row.text("controller_name")?))
        })
        .collect()
}

/// Every duty a record started.
///
/// # Errors
/// When the database fails.
pub async fn of_record(
    db: &mut impl Ask,
    controller: &ControllerId,
    record: &str,
) -> Result<Vec<(Duty, PromiseRow)>, StoreError> {
    let sql = "SELECT d.*, p.made FROM duties d JOIN promises p ON p.agreement = d.agreement AND p.promise = d.promise \
               WHERE d.controller = $1 AND d.record = $2 ORDER BY d.id";
    let rows = db.rows(sql, vec![controller.into(), record.into()]).await?;
    rows.iter()
        .map(|row| Ok((duty(row)?, PromiseRow { made: row.json("made")?, evidence: None, duties: Vec::new() })))
        .collect()
}

pub(super) async fn promise(
    db: &mut impl Ask,
    agreement: &AgreementId,
    key: &str,
) -> Result<Option<PromiseRow>, StoreError> {
    let sql = "SELECT made, evidence FROM promises WHERE agreement = $1 AND promise = $2";
    db.rows(sql, vec![agreement.into(), key.into()]).await?.first().map(promise_row).transpose()
}

pub(super) async fn waiting_for(
    db: &mut impl Ask,
    controller: &ControllerId,
    event: &str,
) -> Result<Vec<PromiseRow>, StoreError> {
    let sql = "SELECT p.made, p.evidence FROM promises p JOIN agreements a ON a.id = p.agreement \
               WHERE p.controller = $1 AND p.event = $2 AND a.state = 'in-force' ORDER BY p.agreement, p.promise";
    db.rows(sql, vec![controller.into(), event.into()]).await?.iter().map(promise_row).collect()
}

pub(super) async fn of_term(
    db: &mut impl Ask,
    controller: &ControllerId,
    term: &str,
) -> Result<Vec<PromiseRow>, StoreError> {
    let sql = "SELECT p.made, p.evidence FROM promises p JOIN agreements a ON a.id = p.agreement \
               WHERE p.controller = $1 AND p.term = $2 AND p.event IS NOT NULL AND a.state = 'in-force' \
               ORDER BY p.agreement, p.promise";
    db.rows(sql, vec![controller.into(), term.into()]).await?.iter().map(promise_row).collect()
}

pub(super) async fn running(
    db: &mut impl Ask,
    controller: &ControllerId,
    record: &str,
    term: &str,
) -> Result<Vec<DutyId>, StoreError> {
    let sql = "SELECT d.id FROM duties d JOIN promises p ON p.agreement = d.agreement AND p.promise = d.promise \
               WHERE d.controller = $1 AND d.record = $2 AND p.term = $3 AND d.state <> 'discharged' ORDER BY d.id";
    let rows = db.rows(sql, vec![controller.into(), record.into(), term.into()]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

pub(super) async fn running_of(
    db: &mut impl Ask,
    agreement: &AgreementId,
    promise: &str,
) -> Result<Vec<DutyId>, StoreError> {
    let sql = "SELECT id FROM duties WHERE agreement = $1 AND promise = $2 AND state <> 'discharged' ORDER BY id";
    let rows = db.rows(sql, vec![agreement.into(), promise.into()]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

pub(super) async fn overdue(db: &mut impl Ask, now: Instant) -> Result<Vec<(DutyId, ControllerId)>, StoreError> {
    let sql = "SELECT id, controller FROM duties WHERE state = 'running' AND other_due < $1 ORDER BY id LIMIT 500";
    let rows = db.rows(sql, vec![now.into()]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.id("controller")?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duty(state: &str, ended: Option<i64>) -> Duty {
        let at = |seconds: i64| Instant::from_second(seconds).unwrap();
        Duty {
            id: "01ks0000000000000000000001".parse().unwrap(),
            controller: "01ks0000000000000000000001".parse().unwrap(),
            agreement: "01ks0000000000000000000001".parse().unwrap(),
            promise: "p".into(),
            record: "r".into(),
            state: state.into(),
            started_at: at(0),
            target: None,
            own_due: Some(at(100)),
            other_due: Some(at(200)),
            explanation: Explanation { en: String::new(), fr: String::new() },
            ended_at: ended.map(at),
            evidence: None,
        }
    }

    #[test]
    fn how_a_duty_stands() {
        for (state, ended, now, expected) in [
            ("running", None, 100, Keeping::Due),
            ("running", None, 101, Keeping::Late),
            ("running", None, 201, Keeping::Broken),
            ("missed", Some(201), 300, Keeping::Broken),
            ("discharged", Some(90), 300, Keeping::Kept),
            ("discharged", Some(150), 300, Keeping::Late),
            ("discharged", Some(250), 300, Keeping::Broken),
        ] {
            assert_eq!(
                duty(state, ended).keeping(Instant::from_second(now).unwrap()),
                expected,
                "{state} {ended:?} {now}"
            );
        }
    }
}
