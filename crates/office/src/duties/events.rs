//! What is stored for ever about promises and duties.

use super::clocks::{Dues, Schedule};
use super::engine::Beat;
use crate::Event;
use ::store::Log;
use agreement::promises::{Kind, Promise};
use kernel::clock::{Explanation, Law};
use kernel::{AccountId, AgreementId, ControllerId, DutyId, Instant, NoticeId, Period, Personal};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use web::Role;

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
    Started(Box<Started>),
    /// A beat of its clock passed.
    #[serde(rename = "duty.told")]
    Told {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
        /// The gravest that passed.
        beat: Beat,
        /// Up to when all have been told.
        until: Instant,
    },
    /// A cause stops its clock.
    #[serde(rename = "duty.paused")]
    Paused {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
        /// Why; people name people here, so it is sealed under a key of its own.
        cause: Personal<String>,
    },
    /// The cause is gone, and the clock goes on.
    #[serde(rename = "duty.resumed")]
    Resumed {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
        /// When it is due now.
        dues: Dues,
        /// From when on its beats are told.
        told_at: Instant,
    },
    /// The law or the agreement gives longer.
    #[serde(rename = "duty.extended")]
    Extended {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
        /// By how much.
        by: Period,
        /// Why; sealed under a key of its own.
        reason: Personal<String>,
        /// When it is due now.
        dues: Dues,
        /// From when on its beats are told.
        told_at: Instant,
    },
    /// What its clock was counted with was corrected, and that changes when it is due.
    #[serde(rename = "duty.recounted")]
    Recounted(Box<Recounted>),
    /// Somebody in particular answers for it.
    #[serde(rename = "duty.handed-over")]
    HandedOver {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
        /// Who; none gives it back to the role.
        to: Option<AccountId>,
    },
    /// A person says what shows it done.
    #[serde(rename = "duty.shown")]
    Shown {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
        /// What shows it, and where it is; sealed under a key of its own.
        words: Personal<String>,
    },
    /// It was done.
    #[serde(rename = "duty.discharged")]
    Discharged {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
        /// What shows it: `letter:ID`, `access-review:ID`, `instructed`, `planned`, `refused`, `evidenced`, or an outcome.
        evidence: String,
    },
    /// The letter that had discharged it did not arrive: it runs again, with the clock it had.
    #[serde(rename = "duty.reopened")]
    Reopened {
        /// The duty.
        duty: DutyId,
        /// Whose agreement.
        controller: Option<ControllerId>,
        /// The letter.
        because: NoticeId,
    },
    /// Its last instant passed.
    #[serde(rename = "duty.missed")]
    Missed {
        /// The duty.
        duty: DutyId,
        /// Whose agreement; none for a duty of the house.
        controller: Option<ControllerId>,
    },
    /// The house does something again and again, whatever any agreement says.
    #[serde(rename = "programme.set")]
    ProgrammeSet(Programme),
    /// It no longer does.
    #[serde(rename = "programme.ended")]
    ProgrammeEnded {
        /// Its key.
        key: String,
    },
    /// A person was sent what is due for them on a day.
    #[serde(rename = "duty.digested")]
    Digested {
        /// Who.
        account: AccountId,
        /// The day, at the house's place.
        day: String,
    },
}

/// A duty as its clock starts: all that is needed to count it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// The duty.
    pub duty: DutyId,
    /// Whose agreement; none for a duty of the house.
    pub controller: Option<ControllerId>,
    /// The agreement.
    pub agreement: Option<AgreementId>,
    /// The promise's key, or that of the house's programme.
    pub promise: String,
    /// What started it.
    pub record: String,
    /// When the clock started.
    pub at: Instant,
    /// When it is due.
    pub dues: Option<Dues>,
    /// What is to be done, in English.
    pub title_en: String,
    /// What is to be done, in French.
    pub title_fr: String,
    /// `event`, `recurring` or `programme`; `notice` or `alert` for what a letter or somebody's reading started.
    pub mode: String,
    /// The role that answers for it.
    pub role: Role,
    /// How its clock runs.
    pub schedule: Option<Schedule>,
    /// In whose calendar.
    pub place: String,
    /// Which version of the holiday table counted it.
    pub edition: String,
    /// Which version of the time-zone database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zones: Option<String>,
    /// Under which law; none when every reading counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<Law>,
}

/// When a duty was due, without the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moments {
    /// When we meant to be done.
    pub target: Option<Instant>,
    /// The earliest reading of the limit.
    pub own: Option<Instant>,
    /// The latest.
    pub other: Option<Instant>,
}

/// A duty counted again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recounted {
    /// The duty.
    pub duty: DutyId,
    /// Whose agreement; none for a duty of the house.
    pub controller: Option<ControllerId>,
    /// When it was due before.
    pub before: Moments,
    /// When it is due now.
    pub dues: Dues,
    /// What was corrected.
    pub why: Explanation,
    /// The version of the holiday table that counts now.
    pub edition: String,
    /// The version of the time-zone database.
    pub zones: String,
    /// The law; none when every reading counts.
    pub law: Option<Law>,
    /// From when on its beats are told.
    pub told_at: Instant,
}

/// Something the house does again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// A short name, such as `access-review`.
    pub key: String,
    /// What is to be done, in English.
    pub title_en: String,
    /// What is to be done, in French.
    pub title_fr: String,
    /// The role that answers for it.
    pub role: Role,
    /// How often.
    pub every: Period,
    /// After how long without it the house has failed itself.
    pub hard: Period,
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

impl DutyEvent {
    /// The duty it is about, and whose it is; none for what is about no duty.
    fn duty(&self) -> Option<(&DutyId, Option<&ControllerId>)> {
        match self {
            Self::Started(started) => Some((&started.duty, started.controller.as_ref())),
            Self::Recounted(recounted) => Some((&recounted.duty, recounted.controller.as_ref())),
            Self::Told { duty, controller, .. }
            | Self::Paused { duty, controller, .. }
            | Self::Resumed { duty, controller, .. }
            | Self::Extended { duty, controller, .. }
            | Self::HandedOver { duty, controller, .. }
            | Self::Shown { duty, controller, .. }
            | Self::Discharged { duty, controller, .. }
            | Self::Reopened { duty, controller, .. }
            | Self::Missed { duty, controller } => Some((duty, controller.as_ref())),
            Self::Made(_) | Self::Evidenced { .. } => None,
            Self::ProgrammeSet(_) | Self::ProgrammeEnded { .. } | Self::Digested { .. } => None,
        }
    }
}

impl Event for DutyEvent {
    fn log(&self) -> Log {
        let controller = match self {
            Self::Made(made) => Some(&made.controller),
            Self::Evidenced { controller, .. } => Some(controller),
            other => other.duty().and_then(|(_, controller)| controller),
        };
        controller.map_or(Log::House, |controller| Log::Controller(controller.clone()))
    }

    fn record(&self) -> String {
        match self {
            Self::Made(made) => made.agreement.to_string(),
            Self::Evidenced { agreement, .. } => agreement.to_string(),
            Self::ProgrammeSet(programme) => format!("programme:{}", programme.key),
            Self::ProgrammeEnded { key } => format!("programme:{key}"),
            Self::Digested { account, .. } => account.to_string(),
            other => other.duty().map(|(duty, _)| duty.to_string()).unwrap_or_default(),
        }
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let dues = serde_json::json!({ "target": null, "own": "2026-11-23T10:00:00Z", "other": "2026-11-23T11:00:00Z",
        "explanation": { "en": "24 hours", "fr": "24 heures" } });
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
            "at": "2026-11-22T10:00:00Z", "dues": dues,
            "title_en": "Forward the request", "title_fr": "Transmettre la demande", "mode": "event", "role": "dpo",
            "schedule": { "period": "PT24H", "working": false, "clock": "hours", "target": null }, "place": "FR",
            "edition": "2026-11" } }),
        serde_json::json!({ "kind": "duty.started", "data": {
            "duty": id, "controller": id, "agreement": id, "promise": "requests.forward", "record": id,
            "at": "2026-11-22T10:00:00Z", "dues": dues,
            "title_en": "Forward the request", "title_fr": "Transmettre la demande", "mode": "event", "role": "dpo",
            "schedule": { "period": "PT24H", "working": false, "clock": "hours", "target": null }, "place": "FR",
            "edition": "2026-11+1", "zones": "2026b", "law": "EU1182" } }),
        serde_json::json!({ "kind": "duty.recounted", "data": {
            "duty": id, "controller": id, "before": { "target": null, "own": "2026-11-22T10:00:00Z", "other": null },
            "dues": dues, "why": { "en": "A holiday was added.", "fr": "Un jour férié a été ajouté." },
            "edition": "2026-11+1", "zones": "2026b", "law": null, "told_at": "2026-11-22T10:00:00Z" } }),
        serde_json::json!({ "kind": "duty.told", "data": {
            "duty": id, "controller": id, "beat": "limit", "until": "2026-11-23T10:00:00Z" } }),
        serde_json::json!({ "kind": "duty.paused", "data": {
            "duty": id, "controller": null, "cause": { "$personal": { "subject": id, "value": "identity asked" } } } }),
        serde_json::json!({ "kind": "duty.resumed", "data": {
            "duty": id, "controller": id, "dues": dues, "told_at": "2026-11-23T10:00:00Z" } }),
        serde_json::json!({ "kind": "duty.extended", "data": {
            "duty": id, "controller": id, "by": "P2M", "dues": dues, "told_at": "2026-11-23T10:00:00Z",
            "reason": { "$personal": { "subject": id, "value": "many requests" } } } }),
        serde_json::json!({ "kind": "duty.handed-over", "data": { "duty": id, "controller": id, "to": id } }),
        serde_json::json!({ "kind": "duty.shown", "data": {
            "duty": id, "controller": null, "words": { "$personal": { "subject": id, "value": "minutes of 23 November" } } } }),
        serde_json::json!({ "kind": "programme.set", "data": {
            "key": "access-review", "title_en": "Review who may do what", "title_fr": "Revoir les droits", "role": "dpo",
            "every": "P6M", "hard": "P12M" } }),
        serde_json::json!({ "kind": "programme.ended", "data": { "key": "access-review" } }),
        serde_json::json!({ "kind": "duty.digested", "data": { "account": id, "day": "2026-11-23" } }),
        serde_json::json!({ "kind": "duty.discharged", "data": { "duty": id, "controller": id, "evidence": "planned" } }),
        serde_json::json!({ "kind": "duty.reopened", "data": { "duty": id, "controller": id, "because": id } }),
        serde_json::json!({ "kind": "duty.missed", "data": { "duty": id, "controller": id } }),
    ]
}
