//! Whom we may write to at a controller: the first contact, and the people it named beside.
//!
//! What the agreement or the law makes us tell (Art. 28(2), 28(3)(e), 33(2)) has to arrive although somebody is on leave: a
//! second contact is the cheapest way.

use super::{ContactRole, PartyEvent, email, store};
use crate::{App, Kind, Refusal, feature};
use kernel::{Actor, ControllerId, Personal, SubjectId};

/// The most contacts a controller has beside the first.
const CONTACTS_MAX: usize = 10;

/// A contact to add.
pub struct NewContact {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What for.
    pub role: ContactRole,
}

/// Adds a contact.
///
/// # Errors
/// When the name is empty, the address is none or known at this controller, or there are ten.
pub async fn add_contact(
    app: &App,
    actor: Actor,
    controller: &ControllerId,
    new: NewContact,
) -> Result<SubjectId, Refusal> {
    let (name, address) = (new.name.trim().to_owned(), email(&new.email)?);
    let mut tx = app.store().begin(app.now(), actor).await?;
    let party = store::must_find(&mut tx, controller).await?;
    let known = store::contacts(&mut tx, controller).await?;
    let taken = party.contact.as_ref() == Some(&address)
        || known.iter().any(|contact| contact.email.as_ref() == Some(&address));
    if name.is_empty() || name.chars().count() > 200 || taken || known.len() >= CONTACTS_MAX {
        return Err(Refusal::new(
            Kind::Invalid,
            "contact",
            [
                "The name is missing, the address is known at this controller, or there are ten contacts.",
                "Le nom manque, l'adresse est déjà connue chez ce responsable, ou il y a dix contacts.",
            ],
            ["Name another person, or remove one.", "Nommez quelqu'un d'autre, ou retirez un contact."],
        ));
    }
    let contact = SubjectId::new(tx.now(), tx.entropy());
    let event = PartyEvent::ContactAdded {
        controller: controller.clone(),
        contact: contact.clone(),
        role: new.role,
        name: Personal::new(contact.clone(), name),
        email: Personal::new(contact.clone(), address),
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(contact)
}

/// Removes a contact. What was sent to them stays as it was sent.
///
/// # Errors
/// When the controller has no such contact.
pub async fn remove_contact(
    app: &App,
    actor: Actor,
    controller: &ControllerId,
    contact: &SubjectId,
) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    if !store::contacts(&mut tx, controller).await?.iter().any(|known| known.id == *contact) {
        return Err(Refusal::not_found("contact", "contact"));
    }
    let event = PartyEvent::ContactRemoved { controller: controller.clone(), contact: contact.clone() };
    feature::append(&mut tx, &[event]).await?;
    Ok(tx.commit().await?)
}

/// Changes where a controller's notices go. Letters that are queued already go where they were addressed.
///
/// # Errors
/// When the address is none, or the same.
pub async fn change_address(app: &App, actor: Actor, controller: &ControllerId, address: &str) -> Result<(), Refusal> {
    let address = email(address)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let party = store::must_find(&mut tx, controller).await?;
    if party.contact.as_ref() == Some(&address) {
        return Err(Refusal::new(
            Kind::Conflict,
            "address-same",
            ["The controller has this address already.", "Ce responsable a déjà cette adresse."],
            ["Write another one.", "Écrivez-en une autre."],
        ));
    }
    let subject = SubjectId::new(tx.now(), tx.entropy());
    let contact = Personal::new(subject.clone(), address);
    let event = PartyEvent::AddressChanged { controller: controller.clone(), subject, contact };
    feature::append(&mut tx, &[event]).await?;
    Ok(tx.commit().await?)
}
