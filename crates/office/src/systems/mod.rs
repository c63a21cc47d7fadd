//! Systems: the databases that hold personal data, and the map a person has confirmed of each.
//!
//! The address of a system is a secret: it is sealed like a personal value and never shown again.
//! Nothing is read or erased in a system whose map nobody has confirmed (Art. 28(3)(a)).

mod api;
mod events;
mod pages;
pub mod store;

pub use events::SystemEvent;
pub use store::{SystemRow, confirmed, find, list};

use crate::{Event, Feature, Kind, Refusal, Route, feature};
use ::store::{Columns, Recorded, Store, StoreError, Tx};
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use estate::{Address, Limits, Map, System};
use futures_util::future::BoxFuture;
use kernel::{Actor, Instant, Personal, SubjectId, SystemId};
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "systems",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "systems", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["system.connected", "system.map-confirmed"],
    apply,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/systems", access: Access::May("systems.read"), handler: || get(pages::list) },
        Route {
            method: "GET",
            path: "/systems/{id}",
            access: Access::May("systems.read"),
            handler: || get(pages::one),
        },
        Route {
            method: "POST",
            path: "/systems/{id}/map",
            access: Access::Fresh("systems.map"),
            handler: || post(pages::confirm).layer(DefaultBodyLimit::max(MAP_BYTES_MAX)),
        },
    ],
    api: api::API,
    samples: events::samples,
};

/// Bytes a posted map may have.
const MAP_BYTES_MAX: usize = 2 << 20;

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, SystemEvent::of(entry)?).await })
}

fn fault(error: &estate::Fault) -> Refusal {
    Refusal::from_words(Kind::Failed, "system", |l| error.message(l), |l| error.remedy(l))
}

fn map_error(error: &estate::MapError) -> Refusal {
    Refusal::from_words(Kind::Invalid, "map", |l| error.message(l), |l| error.remedy(l))
}

/// Connects to a system that is not (yet) in the register.
///
/// # Errors
/// When the address is wrong or nothing answers there.
pub async fn reach(address: &str) -> Result<System, Refusal> {
    let parsed = Address::parse(address)
        .map_err(|e| Refusal::from_words(Kind::Invalid, "system-address", |l| e.message(l), |l| e.remedy(l)))?;
    estate::connect(parsed, Limits::default()).await.map_err(|e| fault(&e))
}

/// The map that the live catalogue of `system` suggests.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn propose(system: &System, name: &str) -> Result<estate::Proposal, Refusal> {
    let catalogue = estate::scan(system).await.map_err(|e| fault(&e))?;
    let samples = estate::sample(system, &catalogue).await.map_err(|e| fault(&e))?;
    Ok(estate::propose(name, system.kind(), &catalogue, &samples))
}

/// Connects a system under `name`: it must answer; the map its catalogue suggests waits for a person.
///
/// # Errors
/// When nothing answers, the name is taken, or the catalogue cannot be read.
pub async fn connect(db: &Store, now: Instant, actor: Actor, name: &str, address: &str) -> Result<SystemId, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(name_refused());
    }
    let reached = reach(address).await?;
    let proposal = propose(&reached, name).await?;
    let mut tx = db.begin(now, actor).await?;
    if store::list(&mut tx).await?.iter().any(|row| row.name == name) {
        return Err(taken());
    }
    let proposed = tx.keep_blob("application/toml", proposal.to_toml().as_bytes()).await?;
    let system = SystemId::new(now, db.entropy());
    let subject = SubjectId::new(now, db.entropy());
    let event = SystemEvent::Connected {
        system: system.clone(),
        name: name.to_owned(),
        database: reached.kind().to_string(),
        address: Personal::new(subject, address.trim().to_owned()),
        proposed,
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(system)
}

fn name_refused() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "system-name",
        ["A system needs a name of 1 to 100 characters.", "Un système a un nom de 1 à 100 caractères."],
        ["Choose the name your team uses for it.", "Choisissez le nom qu'utilise votre équipe."],
    )
}

fn taken() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "system-exists",
        ["There is already a system of this name.", "Il y a déjà un système de ce nom."],
        ["Choose another name.", "Choisissez un autre nom."],
    )
}

/// Confirms a map: it must parse and agree with the live catalogue.
///
/// # Errors
/// When it does not parse, names something that is gone, or the system does not answer.
pub async fn confirm_map(db: &Store, now: Instant, actor: Actor, id: &SystemId, text: &str) -> Result<(), Refusal> {
    let map = Map::parse(text).map_err(|e| map_error(&e))?;
    let row = store::must_find(&mut db.read(), id).await?;
    let system = open(db, &row).await?;
    let catalogue = estate::scan(&system).await.map_err(|e| fault(&e))?;
    if let Some(drift) = map.check(&catalogue).into_iter().find(estate::Drift::is_blocking) {
        return Err(Refusal::from_words(Kind::Conflict, "map-drift", |l| drift.message(l), |l| drift.remedy(l)));
    }
    let mut tx = db.begin(now, actor).await?;
    let digest = tx.keep_blob("application/toml", text.as_bytes()).await?;
    feature::append(&mut tx, &[SystemEvent::MapConfirmed { system: id.clone(), map: digest }]).await?;
    Ok(tx.commit().await?)
}

/// Opens a registered system with its sealed address.
///
/// # Errors
/// When the address can no longer be opened, or nothing answers there.
pub async fn open(db: &Store, row: &SystemRow) -> Result<System, Refusal> {
    let disclosed = db.disclosures(&row.connected_by).await?;
    let address = disclosed.iter().find(|d| d.pointer == "/address").and_then(|d| d.value.as_str());
    reach(address.ok_or_else(|| StoreError::Keys("the address of the system cannot be opened".into()))?).await
}

/// The map of a system: the confirmed one, else the proposed one.
///
/// # Errors
/// When the stored map is damaged.
pub async fn map_text(db: &Store, row: &SystemRow) -> Result<String, StoreError> {
    let bytes = db.blob(row.map.as_ref().unwrap_or(&row.proposed)).await?;
    String::from_utf8(bytes).map_err(|_| StoreError::Damaged("a map is not text".into()))
}

/// The confirmed map of a system.
///
/// # Errors
/// When nobody has confirmed one.
pub async fn map(db: &Store, row: &SystemRow) -> Result<Map, Refusal> {
    if row.map.is_none() {
        return Err(Refusal::new(
            Kind::Conflict,
            "map-unconfirmed",
            ["Nobody has confirmed the map of this system.", "Personne n'a confirmé la carte de ce système."],
            ["Check it on the system's page and confirm it.", "Vérifiez-la sur la page du système et confirmez-la."],
        ));
    }
    Map::parse(&map_text(db, row).await?).map_err(|e| map_error(&e))
}
