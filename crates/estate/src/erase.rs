//! Erasing what a plan says, or nothing (Art. 17 GDPR).
//!
//! Everything happens in one transaction: the plan is made again inside it, compared with the approved
//! one, carried out key by key, counted, and looked for once more before the commit. Any difference
//! rolls everything back. When the answer to the commit is lost, the outcome is unknown, and the caller
//! reads the target again with [`crate::verify()`] instead of repeating the erasure.

use crate::{
    Action, Fault, Identity, Map, Plan, Refusal, Stay, System, catalogue,
    plan::draft::{self, Ask, Draft},
    plan::{BATCH, Step, StepAction},
    sql::{Commit, Session},
    walk::Walk,
};
use kernel::{Lang, failpoint};
use std::fmt;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Erased {
    /// The rows touched, step by step.
    pub steps: Vec<ErasedStep>,
    /// What stays, and why.
    pub stays: Vec<Stay>,
}

/// The rows one step touched.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ErasedStep {
    /// The dataset.
    pub dataset: String,
    /// What was done.
    pub action: StepAction,
    /// How many rows.
    pub rows: u64,
}

impl Erased {
    /// Rows that are gone.
    #[must_use]
    pub fn deleted(&self) -> u64 {
        self.steps.iter().filter(|step| step.action == StepAction::Delete).map(|step| step.rows).sum()
    }

    /// Whether some of the person's rows stay on a legal ground.
    #[must_use]
    pub fn partly_kept(&self) -> bool {
        !self.stays.is_empty()
    }
}

/// How a plan no longer fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stale {
    /// The plan was altered, or is of another version.
    Plan,
    /// It is about another person or tenant.
    Subject,
    /// It was made from another map.
    Map,
    /// The tables of the database changed.
    Catalogue,
    /// There are more or fewer rows.
    Rows {
        /// The dataset.
        dataset: String,
        /// Rows in the plan.
        planned: u64,
        /// Rows now.
        found: u64,
    },
    /// There are as many rows, but not the same, or changed ones.
    Content {
        /// The dataset.
        dataset: String,
    },
}

impl Stale {
    /// What no longer fits.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Plan => lang.pick("the plan was altered", "le plan a été altéré").to_owned(),
            Self::Subject => lang
                .pick(
                    "the plan is about another person or controller",
                    "le plan concerne une autre personne ou un autre responsable",
                )
                .to_owned(),
            Self::Map => lang.pick("the map changed since the plan", "le plan de parc a changé depuis").to_owned(),
            Self::Catalogue => {
                lang.pick("the tables changed since the plan", "les tables ont changé depuis le plan").to_owned()
            }
            Self::Rows { dataset, planned, found } => lang.pick(
                format!("`{dataset}` had {planned} rows in the plan and has {found} now; nothing was changed"),
                format!("`{dataset}` avait {planned} lignes dans le plan et en a {found} ; rien n’a été modifié"),
            ),
            Self::Content { dataset } => lang.pick(
                format!("rows of `{dataset}` changed since the plan; nothing was changed"),
                format!("des lignes de `{dataset}` ont changé depuis le plan ; rien n’a été modifié"),
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        lang.pick("plan again and have the new plan approved", "refaites le plan et faites-le approuver").to_owned()
    }
}

/// Why nothing was erased, or why nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EraseError {
    /// The plan cannot be made any more, or the database failed; nothing was changed.
    Refused(Refusal),
    /// The rows are no longer those of the plan; nothing was changed.
    Stale(Stale),
    /// No row of the person is there (any more): it was done already, or nothing was ever found.
    NothingToDo,
    /// The plan is not one for erasure.
    NotForErasure,
    /// A statement touched another number of rows than planned; nothing was kept.
    Unexpected {
        /// The dataset.
        dataset: String,
        /// Rows in the plan.
        planned: u64,
        /// Rows touched.
        touched: u64,
    },
    /// Rows were still there after the deletion; nothing was kept.
    StillThere {
        /// The dataset.
        dataset: String,
    },
    /// The connection was lost while committing: it may have happened or not.
    UnknownOutcome,
}

impl EraseError {
    /// What happened.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Refused(refusal) => refusal.message(lang),
            Self::Stale(stale) => stale.message(lang),
            Self::NothingToDo => lang
                .pick(
                    "no row of this person is left in the system",
                    "aucune ligne de cette personne n’est plus dans le système",
                )
                .to_owned(),
            Self::NotForErasure => lang.pick("this plan does not erase", "ce plan n’efface rien").to_owned(),
            Self::Unexpected { dataset, planned, touched } => lang.pick(
                format!("{touched} rows of `{dataset}` were touched instead of {planned}; nothing was kept"),
                format!("{touched} lignes de `{dataset}` touchées au lieu de {planned} ; rien n’a été gardé"),
            ),
            Self::StillThere { dataset } => lang.pick(
                format!("rows of `{dataset}` were still there after the deletion; nothing was kept"),
                format!("des lignes de `{dataset}` restaient après l’effacement ; rien n’a été gardé"),
            ),
            Self::UnknownOutcome => lang
                .pick(
                    "the connection was lost while committing: the outcome is unknown",
                    "connexion perdue pendant la validation : issue inconnue",
                )
                .to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        match self {
            Self::Refused(refusal) => refusal.remedy(lang),
            Self::Stale(stale) => stale.remedy(lang),
            Self::NothingToDo => {
                lang.pick("verify and close the request", "vérifiez et clôturez la demande").to_owned()
            }
            Self::NotForErasure => lang.pick("plan an erasure", "faites un plan d’effacement").to_owned(),
            Self::Unexpected { .. } | Self::StillThere { .. } => lang
                .pick(
                    "look for triggers, and for a key that is not unique",
                    "cherchez des déclencheurs, ou une clé non unique",
                )
                .to_owned(),
            Self::UnknownOutcome => lang
                .pick(
                    "verify: read the system again before anything else",
                    "vérifiez : relisez le système avant toute chose",
                )
                .to_owned(),
        }
    }
}

impl fmt::Display for EraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for EraseError {}

impl From<Refusal> for EraseError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for EraseError {
    fn from(fault: Fault) -> Self {
        Self::Refused(Refusal::Fault(fault))
    }
}

/// Carries out an erasure plan in one transaction, exactly or not at all.
///
/// ```no_run
/// # async fn demo(system: estate::System, map: estate::Map) -> Result<(), Box<dyn std::error::Error>> {
/// let alice = estate::Identity::email("alice@example.org")?;
/// # let salt = [0; 32];
/// let plan = estate::plan(&system, &map, &alice, None, estate::Action::Erasure, salt).await?;
/// // … somebody approves plan.hash() …
/// let erased = estate::erase(&system, &map, &plan, &alice, None).await?;
/// let absence = estate::verify(&system, &map, &alice, None).await?;
/// # Ok(()) }
/// ```
pub async fn erase(
    system: &System,
    map: &Map,
    plan: &Plan,
    identity: &Identity,
    tenant: Option<&str>,
) -> Result<Erased, EraseError> {
    if plan.action != Action::Erasure {
        return Err(EraseError::NotForErasure);
    }
    let salt = salt_of(plan).map_err(EraseError::Stale)?;
    let mut session = system.writer().await?;
    if let Err(fault) = session.begin(true).await {
        session.close().await;
        return Err(fault.into());
    }
    failpoint::hit("estate.erase.begin");
    let ask = Ask { limits: system.limits(), map, identity, tenant, salt };
    match within(&mut session, &ask, plan).await {
        Ok(steps) => commit(session, plan, steps).await,
        Err(error) => {
            session.rollback().await;
            Err(error)
        }
    }
}

async fn commit(mut session: Session, plan: &Plan, steps: Vec<ErasedStep>) -> Result<Erased, EraseError> {
    failpoint::hit("estate.erase.before_commit");
    match session.commit().await {
        Commit::Done => {
            failpoint::hit("estate.erase.after_commit");
            session.close().await;
            Ok(Erased { steps, stays: plan.stays() })
        }
        Commit::Refused(fault) => {
            session.rollback().await;
            Err(fault.into())
        }
        Commit::Unknown => Err(EraseError::UnknownOutcome),
    }
}

async fn within(session: &mut Session, ask: &Ask<'_>, plan: &Plan) -> Result<Vec<ErasedStep>, EraseError> {
    let fresh = draft::draft(session, ask, Action::Erasure).await?;
    same_frame(plan, &fresh.plan).map_err(EraseError::Stale)?;
    if fresh.plan.is_empty() {
        return Err(EraseError::NothingToDo);
    }
    let earlier = done_before(plan, &fresh.plan);
    if !earlier {
        compare(plan, &fresh.plan).map_err(EraseError::Stale)?;
    }
    let catalogue = catalogue::read(session, ask.limits).await?;
    let walk = Walk::new(session.kind(), ask.map, &catalogue, ask.identity, ask.tenant)?;
    let steps = run(session, &walk, &fresh).await?;
    for at in (0..ask.map.datasets.len()).filter(|at| walk.is_reached(*at)) {
        nothing_left(session, &walk, at, &fresh.plan).await?;
    }
    Ok(if earlier { planned_steps(plan) } else { steps })
}

/// Whether an interrupted attempt carried out this very plan: what it deletes, detaches or unlinks is gone, and of
/// what it keeps only the same rows can still be found. Blanking those again changes nothing.
fn done_before(plan: &Plan, fresh: &Plan) -> bool {
    let goes = |step: &&Step| matches!(step.action, StepAction::Delete | StepAction::Detach | StepAction::Unlink);
    let stays_alike = fresh.steps.iter().filter(|step| !goes(step) && step.rows > 0).all(|step| {
        plan.steps.iter().any(|old| old.dataset == step.dataset && old.action == step.action && old.keys == step.keys)
    });
    let rows = |plan: &Plan| plan.steps.iter().filter(goes).map(|step| step.rows).sum::<u64>();
    rows(plan) > 0 && rows(fresh) == 0 && stays_alike
}

fn planned_steps(plan: &Plan) -> Vec<ErasedStep> {
    let changing = plan.steps.iter().filter(|step| step.statement.is_some());
    changing.map(|step| ErasedStep { dataset: step.dataset.clone(), action: step.action, rows: step.rows }).collect()
}

async fn run(session: &mut Session, walk: &Walk<'_>, draft: &Draft) -> Result<Vec<ErasedStep>, EraseError> {
    let mut done = Vec::new();
    for (step, keys) in draft.plan.steps.iter().zip(&draft.keys) {
        let Some(at) = walk.map.index(&step.dataset) else { continue };
        let mut keys = keys.clone();
        keys.dedup();
        let mut touched = 0;
        for batch in keys.chunks(BATCH) {
            if let Some(query) = draft::statement(walk, at, step.action, &step.fields, batch) {
                touched += session.execute(&query.sql, &query.binds).await?;
            }
        }
        if step.statement.is_none() {
            continue;
        }
        if touched != step.rows {
            let dataset = step.dataset.clone();
            return Err(EraseError::Unexpected { dataset, planned: step.rows, touched });
        }
        done.push(ErasedStep { dataset: step.dataset.clone(), action: step.action, rows: touched });
    }
    Ok(done)
}

/// Inside the transaction: a deleted dataset must not hold the person any more.
async fn nothing_left(session: &mut Session, walk: &Walk<'_>, at: usize, plan: &Plan) -> Result<(), EraseError> {
    let dataset = &walk.map.datasets[at].name;
    let deleted = |step: &Step| step.dataset == *dataset && step.action == StepAction::Delete && step.rows > 0;
    if !plan.steps.iter().any(deleted) {
        return Ok(());
    }
    let query = walk.select(at, "'x'", &walk.unpinned());
    match session.rows(&query.sql, &query.binds).await?.is_empty() {
        true => Ok(()),
        false => Err(EraseError::StillThere { dataset: dataset.clone() }),
    }
}

/// The salt a plan carries.
pub(crate) fn salt_of(plan: &Plan) -> Result<[u8; 32], Stale> {
    let bytes = hex::decode(&plan.salt).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.filter(|_| plan.version == 1).ok_or(Stale::Plan)
}

/// What must be equal before rows are even looked at.
fn same_frame(plan: &Plan, fresh: &Plan) -> Result<(), Stale> {
    if plan.subject != fresh.subject || plan.tenant != fresh.tenant {
        return Err(Stale::Subject);
    }
    if plan.map_digest != fresh.map_digest || plan.system != fresh.system {
        return Err(Stale::Map);
    }
    if plan.catalogue_digest != fresh.catalogue_digest {
        return Err(Stale::Catalogue);
    }
    Ok(())
}

/// Whether a plan made now is the plan that was approved.
pub(crate) fn compare(plan: &Plan, fresh: &Plan) -> Result<(), Stale> {
    same_frame(plan, fresh)?;
    let twin = |step: &Step, among: &[Step]| -> Option<Step> {
        let same =
            |other: &&Step| other.dataset == step.dataset && other.action == step.action && other.fields == step.fields;
        among.iter().find(same).cloned()
    };
    for step in &plan.steps {
        let (dataset, planned) = (step.dataset.clone(), step.rows);
        let now = twin(step, &fresh.steps);
        let found = now.as_ref().map_or(0, |now| now.rows);
        if found != planned {
            return Err(Stale::Rows { dataset, planned, found });
        }
        if now.is_some_and(|now| now.keys != step.keys || now.fingerprint != step.fingerprint) {
            return Err(Stale::Content { dataset });
        }
    }
    if let Some(step) = fresh.steps.iter().find(|step| twin(step, &plan.steps).is_none()) {
        return Err(Stale::Rows { dataset: step.dataset.clone(), planned: 0, found: step.rows });
    }
    if plan == fresh { Ok(()) } else { Err(Stale::Plan) }
}
