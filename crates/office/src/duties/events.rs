//! What is stored for ever about promises and duties.

use super::clocks::{Dues, Schedule};
use crate::Event;
use ::store::Log;
use agreement::promises::{Kind, Promise};
use kernel::{AgreementId, ControllerId, DutyId, Instant, Personal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened to a promise or to one duty of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum DutyEvent {
    /// An agreement in force promises something.
    #[serde(rename = "promise.made")]
    Made(PromiseMade),
    /// A person recorded what shows a promise kept.
    #[serde(rename = "promise.evidenced")]
    Evidenced {
        /// Whose agreement.
        controller: ControllerId,
        /// The agreement.
        agreement: AgreementId,
        /// The promise's key.
        promise: String,
        /// What shows it; people name people here, so it is sealed under a key of its own.
        evidence: Personal<String>,
    },
    /// Its clock runs.
    #[serde(rename = "duty.started")]
    Started {
        /// The duty.
        duty: DutyId,
        /// Whose agreement.
        controller: ControllerId,
        /// The agreement.
        agreement: AgreementId,
        /// The promise's key.
        promise: String,
        /// What started it.
        record: String,
        /// When the clock started.
        at: Instant,
        /// When it is due.
        dues: Option<Dues>,
    },
    /// It was done.
    #[serde(rename = "duty.discharged")]
    Discharged {
        /// The duty.
        duty: DutyId,
        /// Whose agreement.
        controller: ControllerId,
        /// What shows it: `letter:ID`, `instructed`, `planned`, `refused`, `evidenced`, or an outcome.
        evidence: String,
    },
    /// Its last instant passed.
    #[serde(rename = "duty.missed")]
    Missed {
        /// The duty.
        duty: DutyId,
        /// Whose agreement.
        controller: ControllerId,
    },
}

/// A promise of an agreement in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromiseMade {
    /// Whose agreement.
    pub controller: ControllerId,
    /// The agreement.
    pub agreement: AgreementId,
    /// The promise's key, unique within the agreement.
    pub promise: String,
    /// The term it comes from.
    pub term: String,
    /// The clause it comes from.
    pub clause: Option<String>,
    /// Where in the document.
    pub span: Option<[usize; 2]>,
    /// Short and plain, in English.
    pub title_en: String,
    /// Short and plain, in French.
    pub title_fr: String,
    /// `processor` or `controller`.
    pub owed_by: String,
    /// `standing`, `event` or `recurring`.
    pub mode: String,
    /// The word of the event it waits for.
    pub event: Option<String>,
    /// How its clock runs.
    pub schedule: Option<Schedule>,
}

impl PromiseMade {
    /// As an agreement's table gives it.
    #[must_use]
    pub fn of(controller: &ControllerId, agreement: &AgreementId, promise: &Promise) -> Self {
        let (mode, event) = match &promise.kind {
            Kind::Standing => ("standing", None),
            Kind::OnEvent { event, .. } => ("event", Some(event.word().to_owned())),
            Kind::Recurring { .. } => ("recurring", None),
        };
        Self {
            controller: controller.clone(),
            agreement: agreement.clone(),
            promise: promise.key.to_owned(),
            term: promise.term.to_owned(),
            clause: promise.clause.clone(),
            span: promise.span,
            title_en: promise.title_en.clone(),
            title_fr: promise.title_fr.clone(),
            owed_by: promise.owed_by.word().to_owned(),
            mode: mode.to_owned(),
            event,
            schedule: Schedule::of(&promise.kind),
        }
    }
}

impl Event for DutyEvent {
    fn log(&self) -> Log {
        let controller = match self {
            Self::Made(made) => &made.controller,
            Self::Evidenced { controller, .. }
            | Self::Started { controller, .. }
            | Self::Discharged { controller, .. }
            | Self::Missed { controller, .. } => controller,
        };
        Log::Controller(controller.clone())
    }

    fn record(&self) -> String {
        match self {
            Self::Made(made) => made.agreement.to_string(),
            Self::Evidenced { agreement, .. } => agreement.to_string(),
            Self::Started { duty, .. } | Self::Discharged { duty, .. } | Self::Missed { duty, .. } => duty.to_string(),
        }
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    vec![
        serde_json::json!({ "kind": "promise.made", "data": {
            "controller": id, "agreement": id, "promise": "breach.notify_controller", "term": "breach.notify_controller",
            "clause": "8", "span": [10, 20], "title_en": "Tell the controller of a breach", "title_fr": "Prévenir d'une violation",
            "owed_by": "processor", "mode": "event", "event": "breach-aware",
            "schedule": { "period": "PT72H", "working": false, "clock": "hours", "target": ["PT12H", "elapsed"] } } }),
        serde_json::json!({ "kind": "promise.evidenced", "data": {
            "controller": id, "agreement": id, "promise": "confidentiality.persons",
            "evidence": { "$personal": { "subject": id, "value": "signed undertakings" } } } }),
        serde_json::json!({ "kind": "duty.started", "data": {
            "duty": id, "controller": id, "agreement": id, "promise": "requests.forward", "record": id,
            "at": "2026-11-22T10:00:00Z", "dues": { "target": null, "own": "2026-11-23T10:00:00Z",
            "other": "2026-11-23T11:00:00Z", "explanation": { "en": "24 hours", "fr": "24 heures" } } } }),
        serde_json::json!({ "kind": "duty.discharged", "data": { "duty": id, "controller": id, "evidence": "planned" } }),
        serde_json::json!({ "kind": "duty.missed", "data": { "duty": id, "controller": id } }),
    ]
}
