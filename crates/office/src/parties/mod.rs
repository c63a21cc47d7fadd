//! Parties: the controllers for whom we process (GDPR Art. 4(7)), and how to reach them.
//!
//! A controller is the border of tenancy: it has its own log, and its id is in every query about it.

mod api;
mod contacts;
mod events;
mod pages;
pub mod store;

pub use contacts::{NewContact, add_contact, change_address, remove_contact};
pub use events::{ContactRole, PartyEvent};
pub use store::{Contact, Controller, contacts, find, list, more_than, must_find, reachable};

use crate::{Event, Feature, Kind, Refusal, Route, calendars, feature};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{ControllerId, Lang, Personal, SubjectId};
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "parties",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "parties", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["controller.registered", "controller.address-changed", "party.contact-added", "party.contact-removed"],
    apply,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/parties", access: Access::May("parties.read"), handler: || get(pages::list) },
        Route {
            method: "GET",
            path: "/parties/{id}",
            access: Access::May("parties.read"),
            handler: || get(pages::one),
        },
        Route {
            method: "POST",
            path: "/parties/{id}/address",
            access: Access::May("parties.change"),
            handler: || post(pages::address),
        },
        Route {
            method: "POST",
            path: "/parties/{id}/contacts",
            access: Access::May("parties.change"),
            handler: || post(pages::add),
        },
        Route {
            method: "POST",
            path: "/parties/{id}/contacts/{contact}/remove",
            access: Access::May("parties.change"),
            handler: || post(pages::remove),
        },
    ],
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, PartyEvent::of(entry)?).await })
}

/// A controller to register.
#[derive(Clone)]
pub struct NewController {
    /// Its name.
    pub name: String,
    /// The address its notices go to.
    pub contact: String,
    /// The language it reads.
    pub lang: Lang,
    /// The place whose calendar its windows follow.
    pub place: String,
}

/// Registers a controller within a transaction.
///
/// # Errors
/// When the name is empty or taken, the address is none, or the place has no calendar.
pub async fn register(tx: &mut Tx<'_>, new: &NewController) -> Result<ControllerId, Refusal> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Refusal::new(
            Kind::Invalid,
            "controller-name",
            ["A controller needs a name of 1 to 200 characters.", "Un responsable a un nom de 1 à 200 caractères."],
            ["Write the name as the agreement has it.", "Écrivez le nom comme dans l'accord."],
        ));
    }
    let contact = email(&new.contact)?;
    let place = calendars::place(tx, &new.place).await?;
    if list(tx).await?.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
        return Err(Refusal::new(
            Kind::Conflict,
            "controller-exists",
            ["There is already a controller of this name.", "Il y a déjà un responsable de ce nom."],
            ["Choose it from the list.", "Choisissez-le dans la liste."],
        ));
    }
    let controller = ControllerId::new(tx.now(), tx.entropy());
    let subject = SubjectId::new(tx.now(), tx.entropy());
    let event = PartyEvent::Registered {
        controller: controller.clone(),
        name: name.to_owned(),
        contact: Personal::new(subject.clone(), contact),
        subject,
        lang: new.lang,
        place: place.code().to_owned(),
    };
    feature::append(tx, &[event]).await?;
    Ok(controller)
}

/// An e-mail address as it is compared: without surrounding space, in lower case.
///
/// # Errors
/// When the text is no address one could write to.
pub fn email(text: &str) -> Result<String, Refusal> {
    let trimmed = text.trim().to_lowercase();
    let parsed: Result<lettre::Address, _> = trimmed.parse();
    match parsed {
        Ok(_) if trimmed.len() <= 254 => Ok(trimmed),
        _ => Err(Refusal::new(
            Kind::Invalid,
            "email",
            ["This is not an e-mail address.", "Ceci n'est pas une adresse électronique."],
            ["Write it in full, as in name@example.org.", "Écrivez-la en entier, comme nom@example.org."],
        )),
    }
}
