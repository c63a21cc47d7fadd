//! Unusual reading of persons' data (GDPR Art. 32(4), 33(1)): many persons in a day, at night, from a network never seen before,
//! or attempts that were denied.
//!
//! Each reading is an entry already. This feature reacts to it in its transaction, so that nothing read is missed, whether a page, a
//! program or a command read it. Of one account and one reason there is one alert a day: an entry, and a duty to look into it that
//! answers to somebody else than the reader.

mod events;
mod model;
mod store;

pub use events::AlertEvent;
pub use model::{Network, Seen, Why, unusual};

use crate::duties::Once;
use crate::{App, Event, Feature, accounts, calendars, duties, feature};
use ::store::{Columns, Recorded, StoreError, Tx};
use futures_util::future::BoxFuture;
use kernel::{AccountId, Actor, clock};
use serde_json::Value;
use web::{Role, denials};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "alerts",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "alerts", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["alert.raised"],
    apply,
    reacts: &[("request.read", looked), ("mail.read", looked), ("notice.read", looked)],
    routes: &[],
    api: &[],
    samples: events::samples,
};

/// The promise of an alert's duty.
const PROMISE: &str = "alerts.reading";

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, AlertEvent::of(entry)?).await })
}

/// Somebody read a person's data.
fn looked<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let account: AccountId = serde_json::from_value(data["account"].clone())?;
        let day = data["day"].as_str().unwrap_or_default().to_owned();
        let place = calendars::house(tx).await?;
        let local = tx.now().to_zoned(place.zone());
        let seen = Seen {
            read_today: store::read_on(tx, &account, &day).await?,
            denied_today: denials::denied_on(tx, &account, &day).await?,
            hour: local.hour(),
            network: store::network(tx, &account).await?,
        };
        raise(tx, &account, &day, &seen).await
    })
}

async fn raise(tx: &mut Tx<'_>, account: &AccountId, day: &str, seen: &Seen) -> Result<(), StoreError> {
    let Some(held) = accounts::store::find(tx, account).await? else { return Ok(()) };
    // What a controller's people read is the controller's own.
    if held.role.is_controllers() {
        return Ok(());
    }
    for why in unusual(seen) {
        if store::raised(tx, account, day, why).await? {
            continue;
        }
        let event = AlertEvent::Raised { account: account.clone(), day: day.to_owned(), why };
        feature::append(tx, &[event]).await?;
        // Nobody looks into their own reading.
        let role = if held.role == Role::Dpo { Role::Owner } else { Role::Dpo };
        let once = Once {
            controller: None,
            promise: PROMISE,
            record: account.as_str(),
            mode: "alert",
            titles: why.titles(),
            role,
        };
        duties::start_once(tx, &once).await?;
    }
    Ok(())
}

/// Raises alerts about what was denied to people today; denials are counted where nobody reads anything.
///
/// # Errors
/// When the database fails.
pub async fn scan(app: &App) -> Result<(), StoreError> {
    let day = clock::day_of(app.now(), &app.place()).to_string();
    let many = denials::denied_often(&mut app.store().read(), &day, model::DENIED_MAX).await?;
    for account in many {
        if store::raised(&mut app.store().read(), &account, &day, Why::Denied).await? {
            continue;
        }
        let mut tx = app.store().begin(app.now(), Actor::system("alerts")).await?;
        let denied_today = denials::denied_on(&mut tx, &account, &day).await?;
        let seen = Seen { denied_today, ..Seen::quiet() };
        raise(&mut tx, &account, &day, &seen).await?;
        tx.commit().await?;
    }
    store::forget(app, &day).await
}
