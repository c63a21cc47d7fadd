//! The plan of a request: for every confirmed system, what would be read or erased, counted now.

use super::{Command, RequestRow, Right, decided, store};
use crate::systems::{self, SystemRow};
use crate::{Kind, Refusal, duties, parties};
use ::store::{Store, StoreError, Tx};
use estate::{Action, Identity, Map, Plan, System};
use kernel::{Actor, Instant, PlanId, RequestId, SystemId};
use serde::{Deserialize, Serialize};

/// Everything a request's plan says; its SHA-256 is what an approval binds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlanSet {
    /// The request it is for.
    pub request: RequestId,
    /// Which right.
    pub right: Right,
    /// One plan for each system.
    pub systems: Vec<SystemPlan>,
    /// Systems whose map names other controllers only.
    pub not_theirs: Vec<String>,
    /// Systems nobody has confirmed the map of: they are not searched.
    pub unconfirmed: Vec<String>,
}

/// The plan for one system.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SystemPlan {
    /// The system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// Its plan.
    pub plan: Plan,
}

impl PlanSet {
    /// Rows of all systems together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.systems.iter().map(|system| system.plan.rows()).sum()
    }
}

/// A system opened for one request: its connection, its map, the controller's tenant value.
pub(super) struct Opened {
    pub(super) row: SystemRow,
    pub(super) system: System,
    pub(super) map: Map,
    pub(super) tenant: Option<String>,
}

pub(super) fn refused(error: &estate::Refusal) -> Refusal {
    let passing = matches!(error, estate::Refusal::Fault(fault) if fault.is_passing());
    let kind = if passing { Kind::Failed } else { Kind::Conflict };
    Refusal::from_words(kind, "plan", |l| error.message(l), |l| error.remedy(l))
}

pub(super) fn identity(row: &RequestRow) -> Result<Identity, Refusal> {
    let email = row.email.as_deref().ok_or_else(erased)?;
    Identity::email(email).map_err(|e| Refusal::from_words(Kind::Invalid, "email", |l| e.message(l), |l| e.remedy(l)))
}

fn erased() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "person-erased",
        [
            "The person of this request has been erased from Garant.",
            "La personne de cette demande a été effacée de Garant.",
        ],
        ["Log a new request if they ask again.", "Inscrivez une nouvelle demande si elle demande à nouveau."],
    )
}

/// The systems a request concerns, opened, and those it does not.
pub(super) struct Estate {
    pub(super) opened: Vec<Opened>,
    pub(super) not_theirs: Vec<String>,
    pub(super) unconfirmed: Vec<String>,
}

/// Opens every confirmed system that may hold rows of the request's controller.
pub(super) async fn opened(db: &Store, request: &RequestRow) -> Result<Estate, Refusal> {
    let controllers = parties::list(&mut db.read()).await?;
    let controller = parties::must_find(&mut db.read(), &request.controller).await?;
    let mut estate = Estate { opened: Vec::new(), not_theirs: Vec::new(), unconfirmed: Vec::new() };
    for row in systems::list(&mut db.read()).await? {
        if row.map.is_none() {
            estate.unconfirmed.push(row.name);
            continue;
        }
        let map = systems::map(db, &row).await?;
        let tenant = map.tenant_of(controller.id.as_str()).or_else(|| map.tenant_of(&controller.name));
        match (map.has_tenants(), tenant.map(str::to_owned)) {
            (true, None) => estate.not_theirs.push(row.name),
            // Without tenants every row would be everybody's: right only while there is one controller.
            (false, _) if controllers.len() > 1 => return Err(whose_rows(&row.name)),
            (_, tenant) => {
                let system = systems::open(db, &row).await?;
                estate.opened.push(Opened { row, system, map, tenant });
            }
        }
    }
    if estate.opened.is_empty() { Err(no_system()) } else { Ok(estate) }
}

fn whose_rows(system: &str) -> Refusal {
    let en = format!("The map of {system} does not say whose rows it holds, and there are several controllers.");
    let fr = format!("La carte de {system} ne dit pas de qui sont ses lignes, et il y a plusieurs responsables.");
    Refusal::new(
        Kind::Conflict,
        "whose-rows",
        [&en, &fr],
        [
            "Give its datasets a tenant, name each controller in a [[tenant]], and confirm the map again.",
            "Donnez un tenant à ses jeux, nommez chaque responsable dans un [[tenant]], et confirmez la carte à nouveau.",
        ],
    )
}

/// Makes the plan of a request, counting every row now. It replaces an earlier plan and its approval.
///
/// # Errors
/// When there is no confirmed system, one does not answer, or a map does not fit any more.
pub async fn plan(db: &Store, now: Instant, actor: Actor, id: &RequestId) -> Result<PlanSet, Refusal> {
    let row = store::must_find(&mut db.read(), id).await?;
    // Refused here, before the systems are troubled, if it cannot be planned at all.
    let trial = Command::Plan { plan: PlanId::new(now, db.entropy()), hash: String::new(), rows: 0 };
    super::decide(&row, &actor, trial)?;
    let set = count(db, &row).await?;
    let bytes = serde_json::to_vec_pretty(&set).map_err(StoreError::from)?;
    let mut tx = db.begin(now, actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    forget(&mut tx, &row).await?;
    let hash = tx.keep_blob("application/json", &bytes).await?;
    let plan = PlanId::new(now, db.entropy());
    decided(&mut tx, &row, Command::Plan { plan, hash, rows: set.rows() }).await?;
    // Whoever plans has read the instruction and found nothing unlawful in it (Art. 28(3), last sentence).
    let lawful = "planned";
    duties::discharge(&mut tx, &row.controller, id.as_str(), "instructions.unlawful_alert", lawful).await?;
    tx.commit().await?;
    Ok(set)
}

/// Forgets a plan that is no longer needed: its salted digests could be tried against guessed addresses.
/// Its hash stays in the ledger.
pub(super) async fn forget(tx: &mut Tx<'_>, row: &RequestRow) -> Result<(), StoreError> {
    match &row.plan_hash {
        Some(hash) => tx.drop_blob(hash).await,
        None => Ok(()),
    }
}

async fn count(db: &Store, row: &RequestRow) -> Result<PlanSet, Refusal> {
    let identity = identity(row)?;
    let action = match row.right {
        Right::Access => Action::Access,
        Right::Erasure => Action::Erasure,
    };
    let estate = opened(db, row).await?;
    let mut systems = Vec::new();
    for Opened { row: system, system: reached, map, tenant } in estate.opened {
        let salt = db.entropy().bytes32();
        let plan = estate::plan(&reached, &map, &identity, tenant.as_deref(), action, salt).await;
        let plan = plan.map_err(|e| refused(&e))?;
        systems.push(SystemPlan { system: system.id, name: system.name, plan });
    }
    let (not_theirs, unconfirmed) = (estate.not_theirs, estate.unconfirmed);
    Ok(PlanSet { request: row.id.clone(), right: row.right, systems, not_theirs, unconfirmed })
}

fn no_system() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "no-system",
        [
            "No system with a confirmed map holds this controller's rows.",
            "Aucun système à la carte confirmée ne contient les lignes de ce responsable.",
        ],
        [
            "Connect the systems that hold personal data and confirm their maps.",
            "Connectez les systèmes qui contiennent des données personnelles et confirmez leurs cartes.",
        ],
    )
}

/// The current plan of a request; none once it has served its purpose and been forgotten.
///
/// # Errors
/// When there is none, or what is stored is damaged.
pub async fn plan_set(db: &Store, row: &RequestRow) -> Result<Option<PlanSet>, StoreError> {
    let Some(hash) = &row.plan_hash else { return Ok(None) };
    if !db.has_blob(hash).await? {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&db.blob(hash).await?)?))
}
