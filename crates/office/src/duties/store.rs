//! Promises and duties in tables, and how they stand at an instant.

mod dated;
mod lists;

pub use dated::{Dated, between, of_person};
pub use lists::{DutyLine, OpenDuty, Titled, Wanted, open_count, open_duties, open_lines, titled};

use super::PromiseMade;
use super::clocks::{Dues, Schedule};
use super::engine::Clockwork;
use super::events::Programme;
use ::store::{Ask, Row, StoreError};
use kernel::clock::{Explanation, Law};
use kernel::{AccountId, AgreementId, ControllerId, DutyId, Instant, Lang, Period};
use web::Role;
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
    /// Whose agreement; none for a duty of the house.
    pub controller: Option<ControllerId>,
    /// The agreement.
    pub agreement: Option<AgreementId>,
    /// The promise's key, or that of the house's programme.
    pub promise: String,
    /// What started it.
    pub record: String,
    /// `running`, `paused`, `discharged` or `missed`.
    pub state: String,
    /// What is to be done, in English and in French.
    pub title: [String; 2],
    /// `event`, `recurring` or `programme`.
    pub mode: String,
    /// The role that answers for it.
    pub role: Role,
    /// Who in particular.
    pub owner: Option<AccountId>,
    /// How its clock runs.
    pub schedule: Option<Schedule>,
    /// In whose calendar it was counted.
    pub place: String,
    /// Which version of the holiday table counted it.
    pub edition: String,
    /// Which version of the time-zone database.
    pub zones: Option<String>,
    /// Under which law; none when every reading counts.
    pub law: Option<Law>,
    /// How often it has changed.
    pub sequence: i64,
    /// When its clock started.
    pub started_at: Instant,
    /// When we mean to be done.
    pub target: Option<Instant>,
    /// Our reading of the limit.
    pub own_due: Option<Instant>,
    /// The latest reading of the limit.
    pub other_due: Option<Instant>,
    /// Up to when its beats have been told.
    pub told_at: Instant,
    /// Since when its clock stands still.
    pub paused_at: Option<Instant>,
    /// How long it stood still before, in milliseconds.
    pub paused_ms: i64,
    /// Why it stands still, or last stood, unless erased.
    pub cause: Option<String>,
    /// By how much its period was made longer.
    pub longer: Option<Period>,
    /// Why it was made longer, unless erased.
    pub reason: Option<String>,
    /// How it was counted.
    pub explanation: Explanation,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// What shows it: a code of ours.
    pub evidence: Option<String>,
    /// What a person wrote to show it, unless erased.
    pub shown: Option<String>,
}

impl Duty {
    /// What is to be done, in one language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        &self.title[lang as usize]
    }

    /// Its clock.
    #[must_use]
    pub fn clockwork(&self) -> Clockwork {
        Clockwork {
            started_at: self.started_at,
            target: self.target,
            own: self.own_due,
            other: self.other_due,
            told_at: self.told_at,
        }
    }

    /// When it is due.
    #[must_use]
    pub fn dues(&self) -> Dues {
        let (target, own, other) = (self.target, self.own_due, self.other_due);
        Dues { target, own, other, explanation: self.explanation.clone() }
    }

    /// How it stands at `now`.
    #[must_use]
    pub fn keeping(&self, now: Instant) -> Keeping {
        let at = self.ended_at.filter(|_| self.state == "discharged").or(self.paused_at).unwrap_or(now);
        standing(&self.state, at, self.own_due, self.other_due)
    }
}

/// How a duty in `state` stands at the instant that counts for it.
fn standing(state: &str, at: Instant, own: Option<Instant>, other: Option<Instant>) -> Keeping {
    let past = |limit: Option<Instant>| limit.is_some_and(|limit| at > limit);
    match (state, past(own), past(other)) {
        ("missed", ..) | (_, _, true) => Keeping::Broken,
        (_, true, _) => Keeping::Late,
        ("discharged", ..) => Keeping::Kept,
        _ => Keeping::Due,
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

fn duty(row: &Row) -> Result<Duty, StoreError> {
    let role = row.text("role")?;
    Ok(Duty {
        id: row.id("id")?,
        controller: row.opt_id("controller")?,
        agreement: row.opt_id("agreement")?,
        promise: row.text("promise")?,
        record: row.text("record")?,
        state: row.text("state")?,
        title: [row.text("title_en")?, row.text("title_fr")?],
        mode: row.text("mode")?,
        role: Role::parse(&role).ok_or_else(|| StoreError::Damaged("an unknown role".into()))?,
        owner: row.opt_id("owner")?,
        schedule: row.opt_text("schedule")?.map(|text| serde_json::from_str(&text)).transpose()?,
        place: row.text("place")?,
        edition: row.text("edition")?,
        zones: row.opt_text("zones")?,
        law: row.opt_text("law")?.as_deref().and_then(Law::parse),
        sequence: row.int("sequence")?,
        started_at: row.instant("started_at")?,
        target: row.opt_instant("target")?,
        own_due: row.opt_instant("own_due")?,
        other_due: row.opt_instant("other_due")?,
        told_at: row.instant("told_at")?,
        paused_at: row.opt_instant("paused_at")?,
        paused_ms: row.int("paused_ms")?,
        cause: row.opt_text("cause")?,
        longer: row.opt_text("extended")?.and_then(|by| by.parse().ok()),
        reason: row.opt_text("reason")?,
        explanation: Explanation {
            en: row.opt_text("explanation_en")?.unwrap_or_default(),
            fr: row.opt_text("explanation_fr")?.unwrap_or_default(),
        },
        ended_at: row.opt_instant("ended_at")?,
        evidence: row.opt_text("evidence")?,
        shown: row.opt_text("shown")?,
    })
}

/// One duty.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &DutyId) -> Result<Option<Duty>, StoreError> {
    db.rows("SELECT * FROM duties WHERE id = $1", vec![id.into()]).await?.first().map(duty).transpose()
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
    let promises = db.rows(sql, vec![agreement.into()]).await?;
    let sql = "SELECT * FROM duties WHERE agreement = $1 ORDER BY started_at DESC, id";
    with_duties(&promises, &db.rows(sql, vec![agreement.into()]).await?)
}

/// The same, for an agreement of this controller.
///
/// # Errors
/// When the database fails.
pub async fn promised_to(
    db: &mut impl Ask,
    controller: &ControllerId,
    agreement: &AgreementId,
) -> Result<Vec<PromiseRow>, StoreError> {
    let args = || vec![agreement.into(), controller.into()];
    let sql = "SELECT made, evidence FROM promises WHERE agreement = $1 AND controller = $2 ORDER BY promise";
    let promises = db.rows(sql, args()).await?;
    let sql = "SELECT * FROM duties WHERE agreement = $1 AND controller = $2 ORDER BY started_at DESC, id";
    with_duties(&promises, &db.rows(sql, args()).await?)
}

fn with_duties(promises: &[Row], duties: &[Row]) -> Result<Vec<PromiseRow>, StoreError> {
    let mut rows: Vec<PromiseRow> = promises.iter().map(promise_row).collect::<Result<_, _>>()?;
    for found in duties {
        let duty = duty(found)?;
        if let Some(row) = rows.iter_mut().find(|row| row.made.promise == duty.promise) {
            row.duties.push(duty);
        }
    }
    Ok(rows)
}

/// Every duty a record started.
///
/// # Errors
/// When the database fails.
pub async fn of_record(db: &mut impl Ask, controller: &ControllerId, record: &str) -> Result<Vec<Duty>, StoreError> {
    let sql = "SELECT * FROM duties WHERE controller = $1 AND record = $2 ORDER BY id";
    db.rows(sql, vec![controller.into(), record.into()]).await?.iter().map(duty).collect()
}

/// Duties whose next beat has passed, the oldest beat first.
pub(super) async fn beating(db: &mut impl Ask, now: Instant, limit: i64) -> Result<Vec<Duty>, StoreError> {
    let sql = "SELECT * FROM duties WHERE next_at < $1 ORDER BY next_at, id LIMIT $2";
    db.rows(sql, vec![now.into(), limit.into()]).await?.iter().map(duty).collect()
}

/// So many clocks that run or stand still, after the id `after`; those of one agreement when one is named.
pub(super) async fn counting(
    db: &mut impl Ask,
    agreement: Option<&AgreementId>,
    after: &str,
    limit: i64,
) -> Result<Vec<Duty>, StoreError> {
    let sql = "SELECT * FROM duties WHERE state IN ('running', 'paused') AND id > $1 AND ($2 = '' OR agreement = $2) \
               ORDER BY id LIMIT $3";
    let agreement = agreement.map(ToString::to_string).unwrap_or_default();
    db.rows(sql, vec![after.into(), agreement.into(), limit.into()]).await?.iter().map(duty).collect()
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

/// What `record` started and this evidence ended.
pub(super) async fn discharged_by(
    db: &mut impl Ask,
    controller: &ControllerId,
    record: &str,
    evidence: &str,
) -> Result<Vec<DutyId>, StoreError> {
    let sql = "SELECT id FROM duties WHERE controller = $1 AND record = $2 AND state = 'discharged' AND evidence = $3 ORDER BY id";
    let rows = db.rows(sql, vec![controller.into(), record.into(), evidence.into()]).await?;
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

/// What the house does again and again, now and before.
///
/// # Errors
/// When the database fails.
pub async fn programme(db: &mut impl Ask) -> Result<Vec<(Programme, bool)>, StoreError> {
    let sql = "SELECT * FROM programme ORDER BY key";
    let one = |row: &Row| {
        let period = |name: &str| {
            row.text(name)?.parse().map_err(|_| StoreError::Damaged(format!("the programme's {name} is no period")))
        };
        let role = Role::parse(&row.text("role")?).ok_or_else(|| StoreError::Damaged("an unknown role".into()))?;
        let programme = Programme {
            key: row.text("key")?,
            title_en: row.text("title_en")?,
            title_fr: row.text("title_fr")?,
            role,
            every: period("every")?,
            hard: period("hard")?,
        };
        Ok((programme, row.opt_int("ended_at")?.is_none()))
    };
    db.rows(sql, vec![]).await?.iter().map(one).collect()
}

/// The duties of one item of the programme that are not done, and when the last one was done.
pub(super) async fn of_programme(db: &mut impl Ask, key: &str) -> Result<Vec<Duty>, StoreError> {
    let sql = "SELECT * FROM duties WHERE mode = 'programme' AND promise = $1 AND agreement IS NULL ORDER BY started_at DESC, id LIMIT 100";
    db.rows(sql, vec![key.into()]).await?.iter().map(duty).collect()
}

pub(super) async fn was_digested(db: &mut impl Ask, account: &AccountId, day: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM digests WHERE account = $1 AND day = $2";
    Ok(!db.rows(sql, vec![account.into(), day.into()]).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duty(state: &str, ended: Option<i64>) -> Duty {
        let at = |seconds: i64| Instant::from_second(seconds).unwrap();
        Duty {
            state: state.into(),
            own_due: Some(at(100)),
            other_due: Some(at(200)),
            ended_at: ended.map(at),
            ..super::super::engine::tests::sample()
        }
    }

    #[test]
    fn how_a_duty_stands() {
        for (state, ended, now, expected) in [
            ("running", None, 100, Keeping::Due),
            ("running", None, 101, Keeping::Late),
            ("running", None, 201, Keeping::Broken),
            ("paused", None, 300, Keeping::Due),
            ("missed", Some(201), 300, Keeping::Broken),
            ("discharged", Some(90), 300, Keeping::Kept),
            ("discharged", Some(150), 300, Keeping::Late),
            ("discharged", Some(250), 300, Keeping::Broken),
        ] {
            let paused_at = (state == "paused").then(|| Instant::from_second(50).unwrap());
            assert_eq!(
                Duty { paused_at, ..duty(state, ended) }.keeping(Instant::from_second(now).unwrap()),
                expected,
                "{state} {ended:?} {now}"
            );
        }
    }
}
