//! Calendars: which days are off, where and since when; which law counts an agreement's periods; what the law's own figures are.
//!
//! Reg. 1182/71, Art. 2 leaves holidays to the member states, and they change. What is shipped is a beginning: the operator
//! adds and removes days from a date of effect, adds places, and sets the office hours. Each correction is an
//! entry with its ground; taking it back is the opposite entry. Duties react to them.

mod events;
pub mod figures;
mod model;
mod pages;
pub mod store;

pub use events::{CalendarEvent, Ground};
pub use model::Correction;
pub use store::{Corrected, What, corrections, law_of, table};

use crate::{App, Event, Feature, Kind, Refusal, Route, feature};
use ::store::{Ask, Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::clock::Law;
use kernel::{Actor, AgreementId, ControllerId, Date, Period, Personal, Place, SubjectId};
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "calendars",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "calendars", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "calendar.place-added",
        "calendar.day-added",
        "calendar.day-removed",
        "calendar.office-hours-set",
        "calendar.law-chosen",
        "calendar.figure-set",
    ],
    apply,
    reacts: &[],
    routes: &[
        Route {
            method: "GET",
            path: "/calendars",
            access: Access::May("calendars.read"),
            handler: || get(pages::year::page),
        },
        Route {
            method: "POST",
            path: "/calendars",
            access: Access::May("calendars.correct"),
            handler: || post(pages::acts::days),
        },
        Route {
            method: "POST",
            path: "/calendars/undo",
            access: Access::May("calendars.correct"),
            handler: || post(pages::acts::undo),
        },
        Route {
            method: "POST",
            path: "/calendars/places",
            access: Access::May("calendars.correct"),
            handler: || post(pages::acts::place),
        },
        Route {
            method: "POST",
            path: "/calendars/office",
            access: Access::May("calendars.correct"),
            handler: || post(pages::acts::office),
        },
        Route {
            method: "GET",
            path: "/calendars/law",
            access: Access::May("calendars.read"),
            handler: || get(pages::law::page),
        },
        Route {
            method: "POST",
            path: "/calendars/law",
            access: Access::May("calendars.correct"),
            handler: || post(pages::law::set),
        },
    ],
    api: &[],
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, CalendarEvent::of(entry)?).await })
}

/// Characters of a reason or a source.
const WORDS_MAX: usize = 500;

fn ground(tx: &Tx<'_>, reason: &str, source: &str) -> Result<Ground, Refusal> {
    let fits = |text: &str| !text.is_empty() && text.chars().count() <= WORDS_MAX;
    let (reason, source) = (reason.trim(), source.trim());
    if !fits(reason) || !fits(source) {
        return Err(Refusal::new(
            Kind::Invalid,
            "ground",
            [
                "A correction needs its reason and its source, of 1 to 500 characters each.",
                "Une correction dit sa raison et sa source, de 1 à 500 caractères chacune.",
            ],
            [
                "Say what changed, and name the law or the page that says so.",
                "Dites ce qui a changé, et nommez la loi ou la page qui le dit.",
            ],
        ));
    }
    let whose = SubjectId::new(tx.now(), tx.entropy());
    Ok(Ground { reason: Personal::new(whose, reason.to_owned()), source: source.to_owned() })
}

/// Corrects a calendar, the office hours or a figure of the law; duties that run are counted again with it.
///
/// # Errors
/// When the ground is missing, or the correction changes nothing or makes no sense.
pub async fn correct(app: &App, actor: Actor, what: Correction, reason: &str, source: &str) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    let ground = ground(&tx, reason, source)?;
    let event = model::decide(&table(&mut tx).await?, what, ground)?;
    feature::append(&mut tx, &[event]).await?;
    Ok(tx.commit().await?)
}

/// Takes a correction of days back: the opposite entry from the same day on.
///
/// # Errors
/// When there is no such correction, or another has taken it back.
pub async fn undo(app: &App, actor: Actor, position: i64, reason: &str) -> Result<(), Refusal> {
    let known = corrections(&mut app.store().read()).await?.into_iter().find(|one| one.position == position);
    let none = || Refusal::not_found("correction of days", "correction de jours");
    let Some(Corrected { what: What::Days(place, change), source, .. }) = known else { return Err(none()) };
    let (when, from, name) = (change.when, change.from, change.name);
    let opposite = match change.adds {
        true => Correction::RemoveDay { place, when, from },
        false => Correction::AddDay { place, when, from, name },
    };
    correct(app, actor, opposite, reason, &source).await
}

/// Settles which law counts an agreement's periods: once.
///
/// # Errors
/// When it was chosen before.
pub async fn choose_law(
    tx: &mut Tx<'_>,
    controller: &ControllerId,
    agreement: &AgreementId,
    law: Law,
    reason: &str,
) -> Result<(), Refusal> {
    if law_of(tx, agreement).await?.is_some() {
        return Err(Refusal::new(
            Kind::Conflict,
            "law-chosen",
            [
                "The law of this agreement's periods was chosen before.",
                "La loi des délais de cet accord a déjà été choisie.",
            ],
            [
                "It is chosen once. A new agreement has its own.",
                "Elle se choisit une fois. Un nouvel accord aura la sienne.",
            ],
        ));
    }
    let ground = ground(tx, reason, law.word())?;
    let (controller, agreement) = (controller.clone(), agreement.clone());
    let event = CalendarEvent::LawChosen { controller, agreement, law, ground };
    Ok(feature::append(tx, &[event]).await?)
}

/// The place called `code`, as it stands.
///
/// # Errors
/// When nobody knows it.
pub async fn place(db: &mut impl Ask, code: &str) -> Result<Place, Refusal> {
    table(db).await?.place(code).map_err(|unknown| model::no_place(&unknown.0))
}

/// The place whose calendar the house follows, as it stands.
///
/// # Errors
/// When the database fails.
pub async fn house(db: &mut impl Ask) -> Result<Place, StoreError> {
    let home = crate::view::house_place();
    Ok(table(db).await?.place(home.code()).unwrap_or(home))
}

/// A figure of the law as it holds on `day`.
///
/// # Errors
/// When the database fails.
pub async fn figure(db: &mut impl Ask, key: &str, day: Date) -> Result<Option<Period>, StoreError> {
    Ok(figures::on(key, day, &store::figure_sets(db).await?))
}
