//! Parties in tables.

use super::{ContactRole, PartyEvent};
use crate::{Refusal, calendars};
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::calendar::Table;
use kernel::{ControllerId, Lang, Place, SubjectId};

/// A controller as pages and commands see it.
#[derive(Clone)]
pub struct Controller {
    /// Its id.
    pub id: ControllerId,
    /// Its name.
    pub name: String,
    /// The person behind the contact address.
    pub subject: SubjectId,
    /// Where notices go, unless erased.
    pub contact: Option<String>,
    /// The language it reads.
    pub lang: Lang,
    /// The place whose calendar its windows follow, as it stands.
    pub place: Place,
}

/// The contact cannot be printed.
impl std::fmt::Debug for Controller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Controller").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A person at a controller whom we may write to, beside its first contact.
#[derive(Clone)]
pub struct Contact {
    /// The person, whose key seals name and address.
    pub id: SubjectId,
    /// What for: `administrator` or `deputy`.
    pub role: String,
    /// The name, unless erased.
    pub name: Option<String>,
    /// The address, unless erased.
    pub email: Option<String>,
}

impl Contact {
    /// Whether this person gets what goes to both contacts.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.role == ContactRole::Administrator.word()
    }
}

/// Neither name nor address can be printed.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contact").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: PartyEvent) -> Result<(), StoreError> {
    match event {
        PartyEvent::Registered { controller, name, subject, contact, lang, place } => {
            let sql = "INSERT INTO controllers (id, name, subject, contact, lang, place, since) VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let args = vec![
                (&controller).into(),
                name.into(),
                (&subject).into(),
                contact.reveal().cloned().into(),
                lang.code().into(),
                place.into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await
        }
        PartyEvent::AddressChanged { controller, subject, contact } => {
            let sql = "UPDATE controllers SET subject = $2, contact = $3 WHERE id = $1";
            tx.execute(sql, vec![(&controller).into(), (&subject).into(), contact.reveal().cloned().into()]).await
        }
        PartyEvent::ContactAdded { controller, contact, role, name, email } => {
            let sql =
                "INSERT INTO party_contacts (id, controller, role, name, email, since) VALUES ($1, $2, $3, $4, $5, $6)";
            let args = vec![
                (&contact).into(),
                (&controller).into(),
                role.word().into(),
                name.reveal().cloned().into(),
                email.reveal().cloned().into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await
        }
        PartyEvent::ContactRemoved { controller, contact } => {
            let sql = "DELETE FROM party_contacts WHERE controller = $1 AND id = $2";
            tx.execute(sql, vec![(&controller).into(), (&contact).into()]).await
        }
    }
}

/// A controller's contacts beside the first, administrators before deputies.
///
/// # Errors
/// When the database fails.
pub async fn contacts(db: &mut impl Ask, controller: &ControllerId) -> Result<Vec<Contact>, StoreError> {
    let sql = "SELECT id, role, name, email FROM party_contacts WHERE controller = $1 ORDER BY role, since, id";
    let contact = |row: &Row| {
        let (name, email) = (row.opt_text("name")?, row.opt_text("email")?);
        Ok(Contact { id: row.id("id")?, role: row.text("role")?, name, email })
    };
    db.rows(sql, vec![controller.into()]).await?.iter().map(contact).collect()
}

/// Everybody at a controller who has an address, the first contact first.
///
/// # Errors
/// When the database fails.
pub async fn reachable(db: &mut impl Ask, id: &ControllerId) -> Result<Vec<(SubjectId, String)>, StoreError> {
    let first = find(db, id).await?.and_then(|party| Some((party.subject, party.contact?)));
    let others = contacts(db, id).await?.into_iter().filter_map(|contact| Some((contact.id, contact.email?)));
    Ok(first.into_iter().chain(others).collect())
}

fn controller(row: &Row, table: &Table) -> Result<Controller, StoreError> {
    Ok(Controller {
        id: row.id("id")?,
        name: row.text("name")?,
        subject: row.id("subject")?,
        contact: row.opt_text("contact")?,
        lang: row.text("lang")?.parse().unwrap_or_default(),
        place: table.place(&row.text("place")?).map_err(|e| StoreError::Damaged(e.to_string()))?,
    })
}

/// The controller with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &ControllerId) -> Result<Option<Controller>, StoreError> {
    let sql = "SELECT id, name, subject, contact, lang, place FROM controllers WHERE id = $1";
    let Some(row) = db.rows(sql, vec![id.into()]).await?.into_iter().next() else { return Ok(None) };
    controller(&row, &calendars::table(db).await?).map(Some)
}

/// The controller with this id, or the refusal that says there is none.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn must_find(db: &mut impl Ask, id: &ControllerId) -> Result<Controller, Refusal> {
    find(db, id).await?.ok_or_else(|| Refusal::not_found("controller", "responsable"))
}

/// Every controller, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask) -> Result<Vec<Controller>, StoreError> {
    let sql = "SELECT id, name, subject, contact, lang, place FROM controllers ORDER BY name";
    let table = calendars::table(db).await?;
    db.rows(sql, vec![]).await?.iter().map(|row| controller(row, &table)).collect()
}

/// Whether there are more controllers than so many.
///
/// # Errors
/// When the database fails.
pub async fn more_than(db: &mut impl Ask, count: i64) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM controllers LIMIT $1) AS counted";
    let rows = db.rows(sql, vec![(count + 1).into()]).await?;
    Ok(rows.first().map_or(Ok(0), |row| row.int("n"))? > count)
}

/// So many controllers behind the name `after`, whose name holds `part` in any case.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &mut impl Ask, part: &str, after: &str, limit: i64) -> Result<Vec<Controller>, StoreError> {
    let sql = "SELECT id, name, subject, contact, lang, place FROM controllers \
               WHERE name > $1 AND ($2 = '' OR lower(name) LIKE $3 ESCAPE '!') ORDER BY name LIMIT $4";
    let plain: String = part.trim().to_lowercase();
    let literal = plain.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let args = vec![after.into(), plain.into(), format!("%{literal}%").into(), limit.into()];
    let table = calendars::table(db).await?;
    db.rows(sql, args).await?.iter().map(|row| controller(row, &table)).collect()
}
