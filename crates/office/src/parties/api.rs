//! Controllers for programs.

use super::{Contact, ContactRole, Controller, NewContact, contacts, store};
use crate::api::{Done, Endpoint, Given, Made, NoQuery, Nothing, Page, Ref, Shown, operation};
use crate::{Kind, Refusal, lists};
use kernel::{ControllerId, SubjectId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What programs can do with controllers.
pub(super) const API: &[Endpoint] = &[
    Endpoint::of::<List>(),
    Endpoint::of::<One>(),
    Endpoint::of::<Address>(),
    Endpoint::of::<Contacts>(),
    Endpoint::of::<AddContact>(),
    Endpoint::of::<RemoveContact>(),
];

const WHAT: [&str; 2] = ["controller", "responsable"];

/// A controller.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Controller")]
pub(super) struct Shape {
    id: Ref,
    name: String,
    /// Where letters to it go; null once erased.
    contact: Option<String>,
    /// The language of letters to it.
    lang: String,
    /// The place whose calendar counts for it.
    place: String,
}

fn shown(party: Controller) -> Shape {
    Shape {
        id: Ref::from(&party.id),
        name: party.name,
        contact: party.contact,
        lang: party.lang.code().to_owned(),
        place: party.place.code().to_owned(),
    }
}

/// Which controllers.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// A part of the name.
    #[serde(default)]
    q: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

operation! {
    /// The list.
    List = GET "/parties", needs "parties.read": "Controllers, by name",
    (Asked, Nothing) -> Shown<Page<Shape>>, |call| {
        if call.query.q.contains('\0') || call.query.after.contains('\0') {
            return Ok(Shown(Page { items: Vec::new(), next: None }));
        }
        let mut rows = store::page(&mut call.app.store().read(), &call.query.q, &call.query.after, lists::ask()).await?;
        let more = rows.len() > lists::PAGE;
        rows.truncate(lists::PAGE);
        let next = rows.last().filter(|_| more).map(|row| row.name.clone());
        Ok(Shown(Page { items: rows.into_iter().map(shown).collect(), next }))
    }
}

operation! {
    /// One of them.
    One = GET "/parties/{id}", needs "parties.read": "A controller",
    (NoQuery, Nothing) -> Shown<Shape>, |call| {
        let id: ControllerId = call.id(WHAT)?;
        Ok(Shown(shown(store::must_find(&mut call.app.store().read(), &id).await?)))
    }
}

/// Where notices go from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ControllerAddress")]
pub(super) struct NewAddress {
    email: String,
}

operation! {
    /// Where letters go.
    Address = POST "/parties/{id}/address", needs "parties.change": "Change where a controller's notices go",
    (NoQuery, Given<NewAddress>) -> Done, |call| {
        contacts::change_address(&call.app, call.caller.actor(), &call.id(WHAT)?, &call.body.0.email).await?;
        Ok(Done)
    }
}

/// A person at a controller whom we may write to, beside its first contact.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Contact")]
pub(super) struct Beside {
    id: Ref,
    /// `administrator` (gets what goes to both contacts) or `deputy` (is written to when a letter does not arrive).
    role: String,
    /// Null once erased.
    name: Option<String>,
    /// Null once erased.
    email: Option<String>,
}

fn beside(contact: Contact) -> Beside {
    Beside { id: Ref::from(&contact.id), role: contact.role, name: contact.name, email: contact.email }
}

operation! {
    /// Whom else.
    Contacts = GET "/parties/{id}/contacts", needs "parties.read": "A controller's contacts beside the first",
    (NoQuery, Nothing) -> Shown<Vec<Beside>>, |call| {
        let id: ControllerId = call.id(WHAT)?;
        let mut read = call.app.store().read();
        store::must_find(&mut read, &id).await?;
        Ok(Shown(store::contacts(&mut read, &id).await?.into_iter().map(beside).collect()))
    }
}

/// A person to write to.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewContact")]
pub(super) struct New {
    name: String,
    email: String,
    /// `administrator` or `deputy`.
    role: String,
}

operation! {
    /// Another one.
    AddContact = POST "/parties/{id}/contacts", needs "parties.change": "Add a contact",
    (NoQuery, Given<New>) -> Made<Beside>, |call| {
        let (id, given): (ControllerId, New) = (call.id(WHAT)?, call.body.0);
        let role = ContactRole::parse(&given.role).ok_or_else(no_role)?;
        let new = NewContact { name: given.name, email: given.email, role };
        let added = contacts::add_contact(&call.app, call.caller.actor(), &id, new).await?;
        let known = store::contacts(&mut call.app.store().read(), &id).await?;
        let contact = known.into_iter().find(|known| known.id == added).ok_or_else(no_contact)?;
        Ok(Made(format!("/api/v1/parties/{id}/contacts"), beside(contact)))
    }
}

/// Which contact.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ContactToRemove")]
pub(super) struct Which {
    contact: String,
}

operation! {
    /// One less.
    RemoveContact = POST "/parties/{id}/contacts/remove", needs "parties.change": "Remove a contact",
    (NoQuery, Given<Which>) -> Done, |call| {
        let which: SubjectId = call.body.0.contact.parse().map_err(|_| no_contact())?;
        contacts::remove_contact(&call.app, call.caller.actor(), &call.id(WHAT)?, &which).await?;
        Ok(Done)
    }
}

fn no_contact() -> Refusal {
    Refusal::not_found("contact", "contact")
}

fn no_role() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "contact-role",
        ["`role` is no role of a contact.", "`role` ne nomme pas un rôle de contact."],
        ["Use administrator or deputy.", "Utilisez administrator ou deputy."],
    )
}
