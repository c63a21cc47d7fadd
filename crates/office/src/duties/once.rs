//! Duties that something unforeseen starts, once.

use super::clocks::{self, Schedule};
use super::events::Started;
use super::{Duty, DutyEvent};
use crate::{Kind, Refusal, calendars, feature, parties};
use ::store::{StoreError, Tx};
use kernel::{Actor, ControllerId, DutyId, Period, Place, Unit};
use web::Role;

/// What is to be done, and who answers for it.
pub(crate) struct Once<'a> {
    /// For which controller; none for the house itself.
    pub(crate) controller: Option<&'a ControllerId>,
    /// What tells this kind of duty from others.
    pub(crate) promise: &'a str,
    /// What started it.
    pub(crate) record: &'a str,
    /// How it is linked to its record: `notice` or `alert`.
    pub(crate) mode: &'a str,
    /// What is to be done, in English and in French.
    pub(crate) titles: [&'a str; 2],
    /// Who answers.
    pub(crate) role: Role,
}

/// Starts its clock: four office hours, and a working day at the latest.
pub(crate) async fn start(tx: &mut Tx<'_>, once: &Once<'_>) -> Result<(), StoreError> {
    let party = match once.controller {
        Some(controller) => parties::find(tx, controller).await?,
        None => None,
    };
    let place = match party {
        Some(party) => party.place,
        None => calendars::house(tx).await?,
    };
    let schedule = Schedule {
        period: Period::new(1, Unit::Days),
        working: true,
        clock: "period".to_owned(),
        target: Period::new(4, Unit::Hours).map(|period| (period, "office-hours".to_owned())),
    };
    let at = tx.now();
    let event = DutyEvent::Started(Box::new(Started {
        duty: DutyId::new(at, tx.entropy()),
        controller: once.controller.cloned(),
        agreement: None,
        promise: once.promise.to_owned(),
        record: once.record.to_owned(),
        at,
        dues: Some(clocks::dues(&schedule, at, &place, None)),
        title_en: once.titles[0].to_owned(),
        title_fr: once.titles[1].to_owned(),
        mode: once.mode.to_owned(),
        role: once.role,
        schedule: Some(schedule),
        place: Place::to_string(&place),
        edition: place.version().to_owned(),
        zones: Some(kernel::calendar::zones_version().to_owned()),
        law: None,
    }));
    feature::append(tx, &[event]).await
}

/// Nobody says of their own reading that it was looked into.
pub(super) fn check_reader(duty: &Duty, actor: &Actor) -> Result<(), Refusal> {
    let own = duty.mode == "alert" && actor.account().is_some_and(|account| account.as_str() == duty.record);
    if !own {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::NotAllowed,
        "own-reading",
        ["This is about your own reading.", "Il s'agit de votre propre lecture."],
        ["Ask a second person to look into it.", "Demandez à une seconde personne de l'examiner."],
    ))
}
