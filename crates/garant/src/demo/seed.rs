//! Filling the demo's house through the same façades as everybody: accounts, agreements, the system, one request.
//!
//! Each step looks first whether it was done, so an interrupted first start goes on where it stopped.

use super::{map, people};
use crate::error::{Exit, Failure};
use crate::house::House;
use crate::system::{self, SystemEntropy};
use estate::Map;
use kernel::{Actor, ControllerId, Entropy, Lang, Secret};
use office::accounts::{self, NewAccount};
use office::agreements::{self, Import, Party};
use office::parties::{self, NewController};
use office::requests::{self, NewRequest, Right};
use office::systems;
use serde::{Deserialize, Serialize};
use std::path::Path;
use web::Role;

/// Where the accounts of the demo are written down.
pub(super) const KEPT: &str = "demo.json";
/// The name of the customer database among the systems.
const SYSTEM: &str = "boutiques";

/// What the next start must know.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Everybody who may sign in.
    pub(super) accounts: Vec<KeptAccount>,
}

/// One account with its password: it is a demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptAccount {
    pub(super) role: Role,
    pub(super) email: String,
    pub(super) password: String,
}

/// A controller of the demo with its agreement.
struct Customer {
    name: &'static str,
    contact: &'static str,
    lang: Lang,
    place: &'static str,
    title: &'static str,
    file_name: &'static str,
    text: &'static str,
}

/// In the order of the shops in the customer database.
const CUSTOMERS: [Customer; 2] = [
    Customer {
        name: "Atelier Lune",
        contact: "donnees@atelier-lune.example",
        lang: Lang::Fr,
        place: "FR",
        title: "Accord de sous-traitance, Atelier Lune",
        file_name: "agreement-fr.txt",
        text: include_str!("texts/agreement-fr.txt"),
    },
    Customer {
        name: "Moselle Cycles",
        contact: "privacy@moselle-cycles.example",
        lang: Lang::En,
        place: "LU",
        title: "Data processing agreement, Moselle Cycles",
        file_name: "agreement-en.txt",
        text: include_str!("texts/agreement-en.txt"),
    },
];

/// The house's people, and the first administrator of the first customer.
const PEOPLE: [(Role, &str, Lang); 6] = [
    (Role::Owner, "Inès Aubry", Lang::Fr),
    (Role::Dpo, "Hugo Lambert", Lang::En),
    (Role::Engineer, "Maya Petit", Lang::En),
    (Role::Support, "Sam Okafor", Lang::En),
    (Role::Auditor, "Élise Roth", Lang::Fr),
    (Role::ControllerAdmin, "Claire Noël", Lang::Fr),
];

/// What was kept; made and written down before anything else on the first start.
pub(super) fn kept(dir: &Path) -> Result<Kept, Failure> {
    let path = dir.join(KEPT);
    if path.exists() {
        let text = std::fs::read_to_string(&path).map_err(|error| unusable(&path, &error))?;
        return serde_json::from_str(&text).map_err(|error| unusable(&path, &error));
    }
    let account = |(role, _, _): &(Role, &str, Lang)| KeptAccount {
        role: *role,
        email: match role.is_controllers() {
            true => "claire@atelier-lune.example".to_owned(),
            false => format!("{}@brumaire.example", role.word()),
        },
        password: password(),
    };
    let kept = Kept { accounts: PEOPLE.iter().map(account).collect() };
    let text = serde_json::to_string_pretty(&kept)?;
    write_private(&path, &text).map_err(|error| unusable(&path, &error))?;
    Ok(kept)
}

/// Readable by its owner only, and never half there.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let part = path.with_extension("part");
    std::fs::write(&part, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&part, std::fs::Permissions::from_mode(0o600))?;
    }
    std::fs::rename(&part, path)
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    let path = path.display();
    Failure::words(
        Exit::Failed,
        [format!("`{path}` cannot be used: {error}"), format!("« {path} » est inutilisable : {error}")],
        ["delete the demo's folder to begin anew", "supprimez le dossier de la démo pour recommencer"],
    )
}

/// Twenty letters and digits in groups, without those that look alike: some hundred bits.
fn password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let random = SystemEntropy.bytes32();
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let groups: Vec<String> = random[..20].chunks(5).map(|group| group.iter().map(letter).collect()).collect();
    groups.join("-")
}

/// Does what is not done yet.
pub(super) async fn fill(house: &House, dir: &Path, customers: &Path, kept: &Kept) -> Result<(), Failure> {
    open_accounts(house, kept, None).await?;
    let [dpo, engineer, support] = [Role::Dpo, Role::Engineer, Role::Support].map(|role| actor(house, kept, role));
    let (dpo, engineer, support) = (dpo.await?, engineer.await?, support.await?);
    for customer in &CUSTOMERS {
        let path = dir.join(customer.file_name);
        std::fs::write(&path, customer.text).map_err(|error| unusable(&path, &error))?;
        agree(house, &dpo, customer).await?;
    }
    let known = parties::list(&mut house.store().read()).await?;
    let first = known.into_iter().find(|party| party.name == CUSTOMERS[0].name);
    open_accounts(house, kept, first.map(|party| party.id)).await?;
    connect(house, &engineer, customers).await?;
    ask(house, support).await
}

/// Opens the accounts of the house, or those of this controller.
async fn open_accounts(house: &House, kept: &Kept, controller: Option<ControllerId>) -> Result<(), Failure> {
    for (account, (_, name, lang)) in kept.accounts.iter().zip(PEOPLE) {
        if account.role.is_controllers() != controller.is_some() {
            continue;
        }
        if accounts::find_by_email(&mut house.store().read(), &account.email).await?.is_some() {
            continue;
        }
        let new = NewAccount {
            controller: controller.clone(),
            email: account.email.clone(),
            name: name.to_owned(),
            role: account.role,
            lang,
            password: Secret::new(account.password.clone()),
            until: None,
        };
        accounts::open(&house.app, Actor::system("demo"), new).await?;
    }
    Ok(())
}

async fn actor(house: &House, kept: &Kept, role: Role) -> Result<Actor, Failure> {
    let email = kept.accounts.iter().find(|account| account.role == role).map_or("", |account| account.email.as_str());
    let account = accounts::find_by_email(&mut house.store().read(), email).await?;
    Ok(Actor::Account(account.ok_or_else(|| office::Refusal::not_found("account", "compte"))?.id))
}

/// Imports an agreement, confirms its terms as read, and puts it in force.
async fn agree(house: &House, actor: &Actor, customer: &Customer) -> Result<(), Failure> {
    let known = agreements::list(&mut house.store().read()).await?;
    let known = known.into_iter().find(|row| row.controller_name == customer.name);
    let id = match &known {
        Some(row) => row.id.clone(),
        None => agreements::import(&house.app, actor.clone(), import(customer)).await?,
    };
    let state = known.map_or(agreements::State::Imported, |row| row.state);
    if state == agreements::State::Imported {
        agreements::confirm_as_read(house.store(), system::now(), actor.clone(), &id, true).await?;
        agreements::finish(house.store(), system::now(), actor.clone(), &id).await?;
    }
    if state != agreements::State::InForce {
        agreements::put_in_force(house.store(), system::now(), actor.clone(), &id, true).await?;
    }
    Ok(())
}

fn import(customer: &Customer) -> Import {
    Import {
        party: Party::New(NewController {
            name: customer.name.to_owned(),
            contact: customer.contact.to_owned(),
            lang: customer.lang,
            place: customer.place.to_owned(),
        }),
        title: customer.title.to_owned(),
        file_name: customer.file_name.to_owned(),
        bytes: customer.text.as_bytes().to_vec(),
        again: false,
    }
}

/// Connects the customer database and confirms its map.
async fn connect(house: &House, actor: &Actor, customers: &Path) -> Result<(), Failure> {
    let find = async || -> Result<_, Failure> {
        let rows = systems::list(&mut house.store().read()).await?;
        Ok(rows.into_iter().find(|row| row.name == SYSTEM))
    };
    if find().await?.is_none() {
        let address = format!("sqlite:{}", customers.display());
        systems::connect(house.store(), system::now(), actor.clone(), SYSTEM, &address).await?;
    }
    let row = find().await?.ok_or_else(|| office::Refusal::not_found("system", "système"))?;
    if row.map.is_some() {
        return Ok(());
    }
    let proposed = Map::parse(&systems::map_text(house.store(), &row).await?)
        .map_err(|error| Failure::new(Exit::Failed, |lang| error.message(lang), |lang| error.remedy(lang)))?;
    let text = map::confirmed(proposed, &CUSTOMERS.map(|customer| customer.name.to_owned())).to_toml();
    systems::confirm_map(house.store(), system::now(), actor.clone(), &row.id, &text).await?;
    Ok(())
}

/// Logs one request for access, so that the console has something to do today.
async fn ask(house: &House, actor: Actor) -> Result<(), Failure> {
    for closed in [false, true] {
        let wanted = requests::store::Wanted { closed, ..Default::default() };
        if !requests::list(&mut house.store().read(), &wanted, 1).await?.is_empty() {
            return Ok(());
        }
    }
    let known = parties::list(&mut house.store().read()).await?;
    let controller: ControllerId = known
        .into_iter()
        .find(|party| party.name == CUSTOMERS[0].name)
        .ok_or_else(|| office::Refusal::not_found("controller", "responsable"))?
        .id;
    let new = NewRequest {
        controller,
        right: Right::Access,
        email: people::ASKING.to_owned(),
        note: "Bonjour, je souhaite recevoir une copie de toutes les données que vous avez sur moi. Lucas Bernard"
            .to_owned(),
        channel: "mail".to_owned(),
        received_at: house.app.now(),
    };
    requests::receive(&house.app, actor, new).await?;
    Ok(())
}
