//! Requests in tables.

use super::{Outcome, RequestEvent, Right, State};
use crate::Refusal;
use crate::lists::{COUNT_MAX, Cursor};
use ::store::{Arg, Ask, Recorded, Row, StoreError, Tx};
use kernel::{AccountId, ControllerId, Instant, RequestId, SubjectId, SystemId};
use serde_json::Value;

/// One request as pages and commands see it.
#[derive(Clone)]
pub struct RequestRow {
    /// Its id.
    pub id: RequestId,
    /// Whose data subject.
    pub controller: ControllerId,
    /// The controller's name.
    pub controller_name: String,
    /// Which right.
    pub right: Right,
    /// The person.
    pub subject: SubjectId,
    /// The address they are known by, unless erased.
    pub email: Option<String>,
    /// What they wrote, unless erased.
    pub note: Option<String>,
    /// How it reached us.
    pub channel: String,
    /// When.
    pub received_at: Instant,
    /// Where it stands.
    pub state: State,
    /// What the controller said.
    pub instruction: Option<String>,
    /// The hash of the current plan.
    pub plan_hash: Option<String>,
    /// The rows it concerns.
    pub plan_rows: Option<i64>,
    /// Who made it.
    pub planned_by: Option<AccountId>,
    /// Who approved it.
    pub approved_by: Option<AccountId>,
    /// Why the last plan could not be carried out.
    pub stale: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// SHA-256 of the access package.
    pub package_sha256: Option<String>,
    /// Whether somebody has taken the package.
    pub package_taken: bool,
    /// When it was carried out.
    pub applied_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
}

/// What was done in one system.
#[derive(Clone, Debug)]
pub struct SystemOutcome {
    /// The system.
    pub system: SystemId,
    /// Rows touched, as JSON; none when it has not been erased.
    pub erased: Option<Value>,
    /// The hash of the plan that touched them.
    pub erased_plan: Option<String>,
    /// What the re-read says; none before it.
    pub outcome: Option<Outcome>,
    /// What the re-read found.
    pub traces: Option<Value>,
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: RequestEvent) -> Result<(), StoreError> {
    match event {
        RequestEvent::Received { .. } => received(tx, event).await,
        RequestEvent::Instructed { request, carry_out, note, .. } => {
            let state = if carry_out { "instructed" } else { "refused" };
            let note = note.and_then(|note| note.reveal().cloned());
            let sql = "UPDATE requests SET state = $2, instruction = $3, plan_hash = NULL, plan_rows = NULL, \
                       planned_by = NULL, approved_by = NULL WHERE id = $1";
            tx.execute(sql, vec![(&request).into(), state.into(), note.into()]).await.map(drop)
        }
        RequestEvent::Planned { request, hash, rows, by, .. } => {
            let sql = "UPDATE requests SET state = 'planned', plan_hash = $2, plan_rows = $3, planned_by = $4, \
                       approved_by = NULL, stale = NULL, outcome = NULL WHERE id = $1";
            let rows = i64::try_from(rows).unwrap_or(i64::MAX);
            tx.execute(sql, vec![(&request).into(), hash.into(), rows.into(), (&by).into()]).await.map(drop)
        }
        RequestEvent::Approved { request, by, .. } => {
            let sql = "UPDATE requests SET state = 'approved', approved_by = $2 WHERE id = $1";
            tx.execute(sql, vec![(&request).into(), (&by).into()]).await.map(drop)
        }
        RequestEvent::Applying { request, .. } => set_state(tx, &request, State::Applying).await,
        RequestEvent::Erased { request, system, hash, touched, .. } => {
            let sql = "INSERT INTO request_systems (request, system, erased, erased_plan) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (request, system) DO UPDATE SET erased = $3, erased_plan = $4";
            let touched = serde_json::to_string(&touched)?;
            tx.execute(sql, vec![(&request).into(), (&system).into(), touched.into(), hash.into()]).await.map(drop)
        }
        RequestEvent::Packaged { request, sha256, bytes, .. } => {
            let sql = "UPDATE requests SET package_sha256 = $2, package_bytes = $3, package_taken = 0 WHERE id = $1";
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            tx.execute(sql, vec![(&request).into(), sha256.into(), bytes.into()]).await.map(drop)
        }
        RequestEvent::Verified { request, system, outcome, traces, .. } => {
            let sql = "INSERT INTO request_systems (request, system, outcome, traces) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (request, system) DO UPDATE SET outcome = $3, traces = $4";
            let args = vec![(&request).into(), (&system).into(), outcome.word().into(), traces.to_string().into()];
            tx.execute(sql, args).await.map(drop)
        }
        RequestEvent::Applied { request, outcome, .. } => {
            let sql = "UPDATE requests SET state = 'applied', outcome = $2, applied_at = $3 WHERE id = $1";
            tx.execute(sql, vec![(&request).into(), outcome.word().into(), entry.at.into()]).await.map(drop)
        }
        RequestEvent::PlanStale { request, why, .. } => {
            let sql = "UPDATE requests SET state = 'instructed', plan_hash = NULL, plan_rows = NULL, planned_by = NULL, \
                       approved_by = NULL, stale = $2 WHERE id = $1";
            tx.execute(sql, vec![(&request).into(), why.into()]).await.map(drop)
        }
        RequestEvent::Read { request, account, day, .. } => {
            let sql = "INSERT INTO request_readings (request, account, day) VALUES ($1, $2, $3) \
                       ON CONFLICT (request, account, day) DO NOTHING";
            tx.execute(sql, vec![(&request).into(), (&account).into(), day.into()]).await.map(drop)
        }
        RequestEvent::PackageTaken { request, .. } => {
            let sql = "UPDATE requests SET package_taken = 1 WHERE id = $1";
            tx.execute(sql, vec![(&request).into()]).await.map(drop)
        }
        RequestEvent::Closed { request, .. } => {
            let sql = "UPDATE requests SET state = 'closed', closed_at = $2 WHERE id = $1";
            tx.execute(sql, vec![(&request).into(), entry.at.into()]).await.map(drop)
        }
    }
}

async fn received(tx: &mut Tx<'_>, event: RequestEvent) -> Result<(), StoreError> {
    let RequestEvent::Received { request, controller, right, email, note, channel, received_at } = event else {
        return Ok(());
    };
    let sql = "INSERT INTO requests (id, controller, right_kind, subject, email, note, channel, received_at, state, package_taken) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'forwarded', 0)";
    let args = vec![
        (&request).into(),
        (&controller).into(),
        right.word().into(),
        (&email.subject).into(),
        email.reveal().cloned().into(),
        note.and_then(|note| note.reveal().cloned()).into(),
        channel.into(),
        received_at.into(),
    ];
    tx.execute(sql, args).await.map(drop)
}

async fn set_state(tx: &mut Tx<'_>, request: &RequestId, state: State) -> Result<(), StoreError> {
    let sql = "UPDATE requests SET state = $2 WHERE id = $1";
    tx.execute(sql, vec![request.into(), state.word().into()]).await.map(drop)
}

fn request(row: &Row) -> Result<RequestRow, StoreError> {
    let unknown = |what: &str| StoreError::Damaged(format!("an unknown {what}"));
    Ok(RequestRow {
        id: row.id("id")?,
        controller: row.id("controller")?,
        controller_name: row.text("controller_name")?,
        right: Right::parse(&row.text("right_kind")?).ok_or_else(|| unknown("right"))?,
        subject: row.id("subject")?,
        email: row.opt_text("email")?,
        note: row.opt_text("note")?,
        channel: row.text("channel")?,
        received_at: row.instant("received_at")?,
        state: State::parse(&row.text("state")?).ok_or_else(|| unknown("state"))?,
        instruction: row.opt_text("instruction")?,
        plan_hash: row.opt_text("plan_hash")?,
        plan_rows: row.opt_int("plan_rows")?,
        planned_by: row.opt_id("planned_by")?,
        approved_by: row.opt_id("approved_by")?,
        stale: row.opt_text("stale")?,
        outcome: row.opt_text("outcome")?.and_then(|word| Outcome::parse(&word)),
        package_sha256: row.opt_text("package_sha256")?,
        package_taken: row.flag("package_taken")?,
        applied_at: row.opt_instant("applied_at")?,
        closed_at: row.opt_instant("closed_at")?,
    })
}

/// The request with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &RequestId) -> Result<Option<RequestRow>, StoreError> {
    let sql = "SELECT r.*, c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller WHERE r.id = $1";
    db.rows(sql, vec![id.into()]).await?.first().map(request).transpose()
}

/// The request with this id, if it is this controller's.
///
/// # Errors
/// When the database fails.
pub async fn find_of(
    db: &mut impl Ask,
    controller: &ControllerId,
    id: &RequestId,
) -> Result<Option<RequestRow>, StoreError> {
    let sql = "SELECT r.*, c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller \
               WHERE r.id = $1 AND r.controller = $2";
    db.rows(sql, vec![id.into(), controller.into()]).await?.first().map(request).transpose()
}

/// The requests of a controller that wait for its instruction, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn waiting_of(db: &mut impl Ask, controller: &ControllerId) -> Result<Vec<RequestRow>, StoreError> {
    let sql = "SELECT r.*, c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller \
               WHERE r.controller = $1 AND r.state = 'forwarded' ORDER BY r.received_at, r.id LIMIT 50";
    db.rows(sql, vec![controller.into()]).await?.iter().map(request).collect()
}

/// The request with this id, or the refusal that says there is none.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn must_find(db: &mut impl Ask, id: &RequestId) -> Result<RequestRow, Refusal> {
    find(db, id).await?.ok_or_else(|| Refusal::not_found("request", "demande"))
}

/// Which requests are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Closed ones, newest first; else open ones, oldest first.
    pub closed: bool,
    /// Those of this controller only.
    pub controller: Option<ControllerId>,
    /// Those behind the cursor of the page before.
    pub after: Option<Cursor>,
}

macro_rules! list_sql {
    ($columns:literal) => {
        [
            concat!(
                "SELECT ",
                $columns,
                ", c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller ",
                "WHERE r.state <> 'closed' AND (r.received_at, r.id) > ($2, $3) ORDER BY r.received_at, r.id LIMIT $1"
            ),
            concat!(
                "SELECT ",
                $columns,
                ", c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller ",
                "WHERE r.state <> 'closed' AND (r.received_at, r.id) > ($2, $3) AND r.controller = $4 ",
                "ORDER BY r.received_at, r.id LIMIT $1"
            ),
            concat!(
                "SELECT ",
                $columns,
                ", c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller ",
                "WHERE r.state = 'closed' AND (r.received_at, r.id) < ($2, $3) ",
                "ORDER BY r.received_at DESC, r.id DESC LIMIT $1"
            ),
            concat!(
                "SELECT ",
                $columns,
                ", c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller ",
                "WHERE r.state = 'closed' AND (r.received_at, r.id) < ($2, $3) AND r.controller = $4 ",
                "ORDER BY r.received_at DESC, r.id DESC LIMIT $1"
            ),
        ]
    };
}

impl Wanted {
    /// Which of the four statements, and its arguments.
    fn ask(&self, limit: i64) -> (usize, Vec<Arg>) {
        let which = usize::from(self.closed) * 2 + usize::from(self.controller.is_some());
        let start = if self.closed { Cursor::newest } else { Cursor::first };
        let Cursor { at, id } = self.after.clone().unwrap_or_else(start);
        let mut args = vec![limit.into(), at.into(), id.into()];
        args.extend(self.controller.as_ref().map(Arg::from));
        (which, args)
    }
}

/// So many requests: the open ones, oldest first, or the closed ones, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask, wanted: &Wanted, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    const SQL: [&str; 4] = list_sql!("r.*");
    let (which, args) = wanted.ask(limit);
    db.rows(SQL[which], args).await?.iter().map(request).collect()
}

/// A request as a list shows it: each column that is not read costs a large house time.
#[derive(Clone, Debug)]
pub struct RequestLine {
    /// Its id.
    pub id: RequestId,
    /// The right.
    pub right: Right,
    /// The name of its controller.
    pub controller_name: String,
    /// How far it is.
    pub state: State,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it reached us.
    pub received_at: Instant,
}

/// The same as [`list`], as lines of a list.
///
/// # Errors
/// When the database fails.
pub async fn lines(db: &mut impl Ask, wanted: &Wanted, limit: i64) -> Result<Vec<RequestLine>, StoreError> {
    const SQL: [&str; 4] = list_sql!("r.id, r.right_kind, r.state, r.outcome, r.received_at");
    let (which, args) = wanted.ask(limit);
    db.rows(SQL[which], args).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<RequestLine, StoreError> {
    let unknown = |what: &str| StoreError::Damaged(format!("an unknown {what}"));
    Ok(RequestLine {
        id: row.id("id")?,
        right: Right::parse(&row.text("right_kind")?).ok_or_else(|| unknown("right"))?,
        controller_name: row.text("controller_name")?,
        state: State::parse(&row.text("state")?).ok_or_else(|| unknown("state"))?,
        outcome: row.opt_text("outcome")?.and_then(|word| Outcome::parse(&word)),
        received_at: row.instant("received_at")?,
    })
}

/// The request whose number, the end of its id, or whose whole id this is.
///
/// # Errors
/// When the database fails.
pub async fn numbered(db: &mut impl Ask, number: &str) -> Result<Vec<RequestLine>, StoreError> {
    let sql = "SELECT r.id, r.right_kind, r.state, r.outcome, r.received_at, c.name AS controller_name FROM requests r \
               JOIN controllers c ON c.id = r.controller WHERE substr(r.id, 17) = $1 ORDER BY r.id LIMIT 20";
    let number = if number.len() == 26 && number.is_ascii() { &number[16..] } else { number };
    db.rows(sql, vec![number.into()]).await?.iter().map(line).collect()
}

/// The persons known by this address, one for each controller that asked for them; the newest first.
///
/// # Errors
/// When the database fails.
pub async fn persons(db: &mut impl Ask, email: &str) -> Result<Vec<SubjectId>, StoreError> {
    let sql = "SELECT subject, MAX(received_at) AS newest FROM requests WHERE email = $1 GROUP BY subject \
               ORDER BY newest DESC LIMIT 20";
    db.rows(sql, vec![email.into()]).await?.iter().map(|row| row.id("subject")).collect()
}

/// The requests of a person, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn lines_of(db: &mut impl Ask, subject: &SubjectId) -> Result<Vec<RequestLine>, StoreError> {
    let sql = "SELECT r.id, r.right_kind, r.state, r.outcome, r.received_at, c.name AS controller_name FROM requests r \
               JOIN controllers c ON c.id = r.controller WHERE r.subject = $1 ORDER BY r.received_at DESC LIMIT 20";
    db.rows(sql, vec![subject.into()]).await?.iter().map(line).collect()
}

/// The person a controller's earlier request knows by this address.
pub(super) async fn known_subject(
    db: &mut impl Ask,
    controller: &ControllerId,
    email: &str,
) -> Result<Option<SubjectId>, StoreError> {
    let sql = "SELECT subject FROM requests WHERE controller = $1 AND email = $2 ORDER BY id LIMIT 1";
    db.rows(sql, vec![controller.into(), email.into()]).await?.first().map(|row| row.id("subject")).transpose()
}

/// Whether the same request of the same person is open already.
pub(super) async fn open_twin(
    db: &mut impl Ask,
    controller: &ControllerId,
    email: &str,
    right: Right,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM requests WHERE controller = $1 AND email = $2 AND right_kind = $3 \
               AND state NOT IN ('applied', 'refused', 'closed') LIMIT 1";
    Ok(!db.rows(sql, vec![controller.into(), email.into(), right.word().into()]).await?.is_empty())
}

/// Every request of a person.
pub(super) async fn of_subject(db: &mut impl Ask, subject: &SubjectId) -> Result<Vec<RequestRow>, StoreError> {
    let sql = "SELECT r.*, c.name AS controller_name FROM requests r JOIN controllers c ON c.id = r.controller \
               WHERE r.subject = $1 ORDER BY r.id";
    db.rows(sql, vec![subject.into()]).await?.iter().map(request).collect()
}

/// Requests whose carrying out was interrupted.
pub(super) async fn interrupted(db: &mut impl Ask) -> Result<Vec<RequestId>, StoreError> {
    let rows = db.rows("SELECT id FROM requests WHERE state = 'applying' ORDER BY id", vec![]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// What was done in each system so far.
///
/// # Errors
/// When the database fails.
pub async fn systems(db: &mut impl Ask, id: &RequestId) -> Result<Vec<SystemOutcome>, StoreError> {
    let sql =
        "SELECT system, erased, erased_plan, outcome, traces FROM request_systems WHERE request = $1 ORDER BY system";
    let json = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    db.rows(sql, vec![id.into()])
        .await?
        .iter()
        .map(|row| {
            Ok(SystemOutcome {
                system: row.id("system")?,
                erased: json(row.opt_text("erased")?)?,
                erased_plan: row.opt_text("erased_plan")?,
                outcome: row.opt_text("outcome")?.and_then(|word| Outcome::parse(&word)),
                traces: json(row.opt_text("traces")?)?,
            })
        })
        .collect()
}

/// How many an account read on a day.
///
/// # Errors
/// When the database fails.
pub async fn read_on(db: &mut impl Ask, account: &AccountId, day: &str) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM request_readings WHERE account = $1 AND day = $2";
    let rows = db.rows(sql, vec![account.into(), day.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

pub(super) async fn was_read(
    db: &mut impl Ask,
    id: &RequestId,
    account: &AccountId,
    day: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM request_readings WHERE request = $1 AND account = $2 AND day = $3";
    Ok(!db.rows(sql, vec![id.into(), account.into(), day.into()]).await?.is_empty())
}

/// How many requests are not closed.
///
/// # Errors
/// When the database fails.
pub async fn open_count(db: &mut impl Ask) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM requests WHERE state <> 'closed' LIMIT $1) AS counted";
    let rows = db.rows(sql, vec![COUNT_MAX.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

#[cfg(test)]
impl RequestRow {
    /// A request in `state` whose plan `hash` account `planner` made.
    pub(super) fn sample(state: State, planner: AccountId, hash: &str) -> Self {
        Self {
            id: "01ks0000000000000000000005".parse().unwrap(),
            controller: "01ks0000000000000000000006".parse().unwrap(),
            controller_name: "Brume".into(),
            right: Right::Erasure,
            subject: "01ks0000000000000000000007".parse().unwrap(),
            email: Some("ada@example.org".into()),
            note: None,
            channel: "page".into(),
            received_at: Instant::UNIX_EPOCH,
            state,
            instruction: None,
            plan_hash: Some(hash.into()),
            plan_rows: Some(3),
            planned_by: Some(planner),
            approved_by: None,
            stale: None,
            outcome: None,
            package_sha256: None,
            package_taken: false,
            applied_at: None,
            closed_at: None,
        }
    }
}
