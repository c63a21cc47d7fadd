//! Absences: who is away, from which day to which, and who stands in. A duty does not wait for a holiday (Art. 24, 32(4)).
//!
//! Letters about what is late go to the deputy in place of who is away; the daily list goes to both. When the deputies are away
//! in a circle, or somebody named none, the owners are told.

mod events;
mod model;
mod pages;
mod store;

pub use events::AbsenceEvent;
pub use model::{Absence, Away};
pub use store::{all, away};

use crate::{App, Event, Feature, Refusal, Route, accounts, feature};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{AbsenceId, AccountId, Actor, Date, clock};
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "absences",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "absences", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["absence.noted", "absence.withdrawn"],
    apply,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/absences", access: Access::May("absences.read"), handler: || get(pages::list) },
        Route {
            method: "POST",
            path: "/absences",
            access: Access::May("absences.note"),
            handler: || post(pages::note),
        },
        Route {
            method: "POST",
            path: "/absences/{id}/withdraw",
            access: Access::May("absences.note"),
            handler: || post(pages::withdraw),
        },
    ],
    api: &[],
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, AbsenceEvent::of(entry)?).await })
}

/// An absence to note.
#[derive(Clone, Debug)]
pub struct NewAbsence {
    /// Who is away.
    pub account: AccountId,
    /// The first day.
    pub from: Date,
    /// The last.
    pub until: Date,
    /// Who stands in; none leaves it to the owners.
    pub deputy: Option<AccountId>,
}

/// Notes that somebody is away: themselves, or anybody for whoever may note the absences of others.
///
/// # Errors
/// When `actor` may not, the days make none, or the deputy cannot stand in.
pub async fn note(app: &App, actor: Actor, new: NewAbsence) -> Result<AbsenceId, Refusal> {
    let people = accounts::list(&mut app.store().read()).await?;
    owns(app, &people, &actor, &new.account)?;
    let able = |person: &&accounts::Account| app.shell.policy.may(person.role, "duties.discharge");
    let able: Vec<AccountId> = people.iter().filter(able).map(|person| person.id.clone()).collect();
    let today = clock::day_of(app.now(), &app.place());
    model::check(&new.account, [new.from, new.until], today, new.deputy.as_ref(), &able)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let absence = AbsenceId::new(tx.now(), tx.entropy());
    let NewAbsence { account, from, until, deputy } = new;
    let event = AbsenceEvent::Noted { absence: absence.clone(), account, from, until, deputy };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(absence)
}

/// Takes an absence back: somebody is there again.
///
/// # Errors
/// When there is no such absence, or `actor` may not.
pub async fn withdraw(app: &App, actor: Actor, id: &AbsenceId) -> Result<(), Refusal> {
    let people = accounts::list(&mut app.store().read()).await?;
    let mut tx = app.store().begin(app.now(), actor.clone()).await?;
    let known = all(&mut tx).await?.into_iter().find(|one| one.id == *id);
    let known = known.ok_or_else(|| Refusal::not_found("absence", "absence"))?;
    owns(app, &people, &actor, &known.account)?;
    feature::append(&mut tx, &[AbsenceEvent::Withdrawn { absence: known.id, account: known.account }]).await?;
    Ok(tx.commit().await?)
}

/// Everybody notes their own absences; those of others only who may.
fn owns(app: &App, people: &[accounts::Account], actor: &Actor, whose: &AccountId) -> Result<(), Refusal> {
    let role = |id: &AccountId| people.iter().find(|person| person.id == *id).map(|person| person.role);
    let others = actor.account().and_then(role).is_some_and(|role| app.shell.policy.may(role, "absences.note-others"));
    if role(whose).is_none() || !(others || actor.account() == Some(whose)) {
        return Err(Refusal::not_found("account", "compte"));
    }
    Ok(())
}
