//! Time passes: what clocks bring is recorded, and people are told.
//!
//! Safe to run at any time and by any server: each beat is told once, in the transaction that records it, and what
//! passed while nothing ran is found by the next scan.

use super::engine::{self, Beat, Command};
use super::{Duty, DutyEvent, Started, commands, letters, programme, store};
use crate::absences::{self, Away};
use crate::{App, accounts, feature, notices};
use ::store::{StoreError, Tx};
use kernel::{AccountId, Actor, DutyId, Instant, Place, clock};
use web::Role;

/// Duties looked at in one transaction.
const BATCH: i64 = 200;

/// Tells every beat that has passed; gives how many.
///
/// # Errors
/// When the database fails.
pub async fn scan(app: &App) -> Result<usize, StoreError> {
    let mut told = 0;
    loop {
        if store::beating(&mut app.store().read(), app.now(), 1).await?.is_empty() {
            return Ok(told);
        }
        let people = accounts::list(&mut app.store().read()).await?;
        let today = clock::day_of(app.now(), &app.place());
        let mut tx = app.store().begin(app.now(), Actor::system("duties")).await?;
        let away = absences::away(&mut tx, today).await?;
        let before = told;
        for duty in &store::beating(&mut tx, app.now(), BATCH).await? {
            told += usize::from(tick(app, &mut tx, duty, &people, &away).await?);
        }
        tx.commit().await?;
        // Whoever was told has a later next beat. A duty that beats and tells nothing would be found for ever.
        if told == before {
            return Ok(told);
        }
    }
}

async fn tick(
    app: &App,
    tx: &mut Tx<'_>,
    duty: &Duty,
    people: &[accounts::Account],
    away: &Away,
) -> Result<bool, StoreError> {
    let place = commands::place_of(tx, duty).await?;
    // A tick is never refused: what cannot beat any more has no next beat.
    let events = engine::decide(duty, &place, tx.now(), Command::Tick).unwrap_or_default();
    feature::append(tx, &events).await?;
    let beat = match events.first() {
        Some(DutyEvent::Told { beat, .. }) => *beat,
        Some(DutyEvent::Missed { .. }) => {
            again(tx, duty).await?;
            Beat::Missed
        }
        _ => return Ok(false),
    };
    for person in told(duty, beat, people, away) {
        notices::queue(tx, letters::beat(app, person, duty, beat)).await?;
    }
    Ok(true)
}

/// Whom a beat is told to: whom it concerns, or who stands in for them while they are away; the owners when nobody is left.
fn told<'p>(duty: &Duty, beat: Beat, people: &'p [accounts::Account], away: &Away) -> Vec<&'p accounts::Account> {
    let ids = |wanted: &dyn Fn(&accounts::Account) -> bool| -> Vec<AccountId> {
        people.iter().filter(|person| wanted(person)).map(|person| person.id.clone()).collect()
    };
    let concerned = ids(&|person| concerns(duty, person, beat));
    if concerned.is_empty() {
        return Vec::new();
    }
    let told = away.told_to(&concerned, &ids(&|person| person.role == Role::Owner), &ids(&|_| true));
    people.iter().filter(|person| told.contains(&person.id)).collect()
}

/// Whom a beat concerns: who answers for the duty; from the limit on the officers, too.
fn concerns(duty: &Duty, person: &accounts::Account, beat: Beat) -> bool {
    let answers = duty.owner.as_ref().map_or(person.role == duty.role, |owner| *owner == person.id);
    let officer = matches!(person.role, Role::Owner | Role::Dpo);
    match beat {
        // What will be due stands in the daily list.
        Beat::Reminder | Beat::Target => false,
        Beat::Limit | Beat::Missed => answers || officer,
    }
}

/// What returns by the calendar returns although it was missed: the next time counts from the limit that passed.
async fn again(tx: &mut Tx<'_>, duty: &Duty) -> Result<(), StoreError> {
    match duty.mode.as_str() {
        "programme" => programme::after_miss(tx, duty).await,
        "recurring" => {
            let (Some(schedule), Some(at)) = (&duty.schedule, last_instant(duty)) else { return Ok(()) };
            let place = commands::place_of(tx, duty).await?;
            let dues = super::dues(schedule, at, &place, duty.law);
            let event = DutyEvent::Started(Box::new(Started { at, dues: Some(dues), ..next(tx, duty, &place) }));
            feature::append(tx, &[event]).await
        }
        _ => Ok(()),
    }
}

/// The last instant of the period that passed. Its end is the first of the next day: counted from there, each return would be a
/// day later than the one before.
pub(super) fn last_instant(duty: &Duty) -> Option<Instant> {
    duty.own_due.map(|own| engine::moved(own, -1))
}

/// The next duty of the same promise, its clock still to be set.
pub(super) fn next(tx: &Tx<'_>, duty: &Duty, place: &Place) -> Started {
    Started {
        duty: DutyId::new(tx.now(), tx.entropy()),
        controller: duty.controller.clone(),
        agreement: duty.agreement.clone(),
        promise: duty.promise.clone(),
        record: duty.record.clone(),
        at: tx.now(),
        dues: None,
        title_en: duty.title[0].clone(),
        title_fr: duty.title[1].clone(),
        mode: duty.mode.clone(),
        role: duty.role,
        schedule: duty.schedule.clone(),
        place: duty.place.clone(),
        edition: place.version().to_owned(),
        zones: Some(kernel::calendar::zones_version().to_owned()),
        law: duty.law,
    }
}
