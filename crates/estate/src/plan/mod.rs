//! What would be read or erased, before anything is: counts, digests and statements.
//!
//! A plan holds no personal value, so it can be stored, hashed and approved (four eyes); the rows are
//! bound to it by salted digests. It answers Art. 15 (access) and Art. 17 (erasure) GDPR.

pub(crate) mod draft;
mod order;
pub(crate) use order::BATCH;
mod outside;
mod refusal;

pub use refusal::{Effect, Refusal};

use crate::{Identity, Map, System, digest};
use serde::{Deserialize, Serialize};

/// What a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Read the person's rows out (Art. 15).
    Access,
    /// Erase them (Art. 17).
    Erasure,
}

/// What one step does to the rows of one dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepAction {
    /// Read the person's rows.
    Read,
    /// Delete the person's rows.
    Delete,
    /// Set references to the person's rows to NULL; the rows stay.
    Detach,
    /// Set references among the person's own rows to NULL, to open a circle before they go.
    Unlink,
    /// Keep the person's rows, and blank some fields.
    Blank,
    /// Keep the person's rows as they are.
    Keep,
}

/// One step, on one dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The dataset.
    pub dataset: String,
    /// What happens to its rows.
    pub action: StepAction,
    /// How many rows.
    pub rows: u64,
    /// The columns set to NULL, for `Detach`, `Unlink` and `Blank`.
    pub fields: Vec<String>,
    /// Why the rows stay, for `Keep` and `Blank`.
    pub ground: Option<String>,
    /// The statement that finds the rows from the identity: `$1` is its normal form, the last parameter the
    /// tenant. Garant starts from the parents' keys where it has just read them in the same snapshot.
    pub locate: String,
    /// The statement that changes one found row, with its key as parameters; run in batches.
    pub statement: Option<String>,
    /// Salted SHA-256 over the sorted keys.
    pub keys: String,
    /// Salted SHA-256 over the sorted rows.
    pub fingerprint: String,
}

/// A table whose own triggers run when the plan is applied: their effects cannot be counted beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerNote {
    /// The dataset.
    pub dataset: String,
    /// The triggers.
    pub triggers: Vec<String>,
}

/// Everything one operation on one system will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The version of this format: 1.
    pub version: u32,
    /// The system, by its name in the map.
    pub system: String,
    /// What it is for.
    pub action: Action,
    /// The tenant whose rows these are.
    pub tenant: Option<String>,
    /// 32 random bytes in hex, under which everything below is hashed.
    pub salt: String,
    /// Salted commitment to the identity and the tenant.
    pub subject: String,
    /// [`Map::digest`] at the time.
    pub map_digest: String,
    /// [`crate::Catalogue::digest`] at the time.
    pub catalogue_digest: String,
    /// The steps, in the order in which they run.
    pub steps: Vec<Step>,
    /// Triggers that will run.
    pub triggers: Vec<TriggerNote>,
}

/// What stays after an erasure, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stay {
    /// The dataset.
    pub dataset: String,
    /// How many rows stay.
    pub rows: u64,
    /// On which ground.
    pub ground: String,
    /// The fields that are blanked all the same.
    pub blanked: Vec<String>,
}

impl Plan {
    /// SHA-256 in hex over the RFC 8785 form of the whole plan: what an approval binds.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::canonical("garant-estate-plan-1", self)
    }

    /// Whether nothing was found; not the same as a proof that nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows() == 0
    }

    /// The rows of all steps together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.steps.iter().map(|step| step.rows).sum()
    }

    /// What stays, and why.
    #[must_use]
    pub fn stays(&self) -> Vec<Stay> {
        let staying = self.steps.iter().filter(|step| step.rows > 0);
        staying
            .filter_map(|step| {
                let (ground, blanked) = (step.ground.clone()?, step.fields.clone());
                Some(Stay { dataset: step.dataset.clone(), rows: step.rows, ground, blanked })
            })
            .collect()
    }
}

/// Counts and fingerprints the rows that `action` concerns, in one read-only transaction.
///
/// `salt` is 32 fresh random bytes; whoever loses it can no longer link the plan's digests to rows.
pub async fn plan(
    system: &System,
    map: &Map,
    identity: &Identity,
    tenant: Option<&str>,
    action: Action,
    salt: [u8; 32],
) -> Result<Plan, Refusal> {
    let mut session = system.reader().await?;
    session.begin(false).await?;
    let ask = draft::Ask { limits: system.limits(), map, identity, tenant, salt };
    let draft = draft::draft(&mut session, &ask, action).await;
    session.rollback().await;
    Ok(draft?.plan)
}
