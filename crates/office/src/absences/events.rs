//! What is stored for ever about absences. Why somebody is away is nobody's business and is not asked.

use crate::Event;
use ::store::Log;
use kernel::{AbsenceId, AccountId, Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to an absence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum AbsenceEvent {
    /// Somebody is away.
    #[serde(rename = "absence.noted")]
    Noted {
        /// The absence.
        absence: AbsenceId,
        /// Who.
        account: AccountId,
        /// The first day, at the house's place.
        from: Date,
        /// The last.
        until: Date,
        /// Who stands in; none leaves it to the owners.
        deputy: Option<AccountId>,
    },
    /// They are not, or no longer.
    #[serde(rename = "absence.withdrawn")]
    Withdrawn {
        /// The absence.
        absence: AbsenceId,
        /// Who.
        account: AccountId,
    },
}

impl Event for AbsenceEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        let (Self::Noted { account, .. } | Self::Withdrawn { account, .. }) = self;
        account.to_string()
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![
        serde_json::json!({ "kind": "absence.noted", "data": {
            "absence": id, "account": id, "from": "2026-12-21", "until": "2027-01-03", "deputy": id } }),
        serde_json::json!({ "kind": "absence.withdrawn", "data": { "absence": id, "account": id } }),
    ]
}
