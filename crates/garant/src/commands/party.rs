//! `garant party`: the controllers, and whom we may write to there.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::output;
use kernel::{ControllerId, SubjectId};
use office::Refusal;
use office::parties::{self, ContactRole, NewContact};

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Party {
    /// The people we may write to beside the first contact
    #[command(subcommand)]
    Contact(Contact),
    /// Change where a controller's notices go
    Address(Address),
}

/// What can be done with contacts.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Contact {
    /// List a controller's contacts; their addresses are on the console
    List(List),
    /// Add a contact
    Add(Add),
    /// Remove a contact
    Remove(Remove),
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// The controller's name or id
    controller: String,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  garant party contact add 'Maison Perrin' --name 'Léa Roux' --email it@perrin.example \\\n    \
    --role administrator --as dpo@example.org"
)]
pub(crate) struct Add {
    /// The controller's name or id
    controller: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// The person's address
    #[arg(long)]
    email: String,
    /// administrator (gets what goes to both) or deputy (written to when a letter does not arrive)
    #[arg(long, default_value = "administrator", value_parser = ["administrator", "deputy"])]
    role: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The controller's name or id
    controller: String,
    /// The contact, as `list` shows it
    contact: SubjectId,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  garant party address 'Maison Perrin' --email privacy@perrin.example --as dpo@example.org"
)]
pub(crate) struct Address {
    /// The controller's name or id
    controller: String,
    /// The new address
    #[arg(long)]
    email: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(crate) fn run(verb: Party, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Party::Contact(Contact::List(args)) => block_on(list(&args, context)),
        Party::Contact(Contact::Add(args)) => block_on(add(&args, context)),
        Party::Contact(Contact::Remove(args)) => block_on(remove(&args, context)),
        Party::Address(args) => block_on(address(&args, context)),
    }
}

/// The controller of this name or id.
pub(crate) async fn controller(house: &House, wanted: &str) -> Result<ControllerId, Failure> {
    let (wanted, known) = (wanted.trim(), parties::list(&mut house.store().read()).await?);
    let found = known.into_iter().find(|one| one.id.as_str() == wanted || one.name.eq_ignore_ascii_case(wanted));
    Ok(found.ok_or_else(|| Refusal::not_found("controller", "responsable"))?.id)
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let (house, lang) = (House::visit(&args.house).await?, context.lang);
    let id = controller(&house, &args.controller).await?;
    let contacts = parties::contacts(&mut house.store().read(), &id).await?;
    let rows: Vec<Vec<String>> = contacts.into_iter().map(|one| vec![one.id.to_string(), one.role]).collect();
    output::table(&lang.pick(["contact", "role"], ["contact", "rôle"]), &rows)?;
    Ok(Exit::Ok)
}

async fn add(args: &Add, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "parties.change").await?;
    let id = controller(&house, &args.controller).await?;
    let role = ContactRole::parse(&args.role).unwrap_or(ContactRole::Administrator);
    let new = NewContact { name: args.name.clone(), email: args.email.clone(), role };
    let contact = parties::add_contact(&house.app, actor, &id, new).await?;
    output::text(&format!("{contact}\n"))?;
    Ok(Exit::Ok)
}

async fn remove(args: &Remove, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "parties.change").await?;
    let id = controller(&house, &args.controller).await?;
    parties::remove_contact(&house.app, actor, &id, &args.contact).await?;
    output::say(context.lang.pick("the contact is removed", "le contact est retiré"));
    Ok(Exit::Ok)
}

async fn address(args: &Address, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "parties.change").await?;
    let id = controller(&house, &args.controller).await?;
    parties::change_address(&house.app, actor, &id, &args.email).await?;
    output::say(context.lang.pick("the address is changed", "l'adresse est changée"));
    Ok(Exit::Ok)
}
