//! `garant agreement`: documents become agreements, and agreements bind (Art. 28(3) GDPR).

mod terms;

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::{input, output, system};
use kernel::{AgreementId, Lang};
use office::agreements::{self, AgreementRow, Import, Party};
use office::parties::{self, NewController};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Agreement {
    /// Import a document: it is read, kept byte for byte, and waits for review
    Import(ImportArgs),
    /// List the agreements
    List(List),
    /// List the terms of an agreement: what was read, what was decided, what is open
    Terms(terms::Terms),
    /// Confirm terms as they were read
    Confirm(terms::Confirm),
    /// Correct a term: what it says, and where the text says so
    Correct(terms::Correct),
    /// Decide a term otherwise: take our default, say that it is not said, or take a decision back
    Decide(terms::Decide),
    /// Confirm as read whatever nobody has decided, and end the review
    Review(Review),
    /// Put a reviewed agreement in force: its promises are made, its clocks start
    InForce(InForce),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    garant agreement import dpa.txt --controller 'Maison Perrin' --contact dpo@perrin.example --as ines@example.org")]
pub(crate) struct ImportArgs {
    /// The document
    file: PathBuf,
    /// The controller's name or id; an unknown name is registered
    #[arg(long)]
    controller: String,
    /// Where notices to a new controller go
    #[arg(long, value_name = "EMAIL")]
    contact: Option<String>,
    /// The place whose calendar a new controller's windows follow: FR, FR-57, LU
    #[arg(long, default_value = "FR")]
    place: String,
    /// The language a new controller reads [default: yours]
    #[arg(long, value_name = "LANG")]
    controller_lang: Option<Lang>,
    /// What people call the agreement [default: the file's name]
    #[arg(long, default_value = "")]
    title: String,
    /// Import it although the same bytes are here already, with the same controller
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Review {
    /// The agreement
    id: AgreementId,
    /// Accept what the law finds missing where the text is silent on a term that must be decided
    #[arg(long)]
    accept_silence: bool,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct InForce {
    /// The agreement
    id: AgreementId,
    /// Put it in force although the check finds errors: what the law itself demands holds all the same
    #[arg(long)]
    accept_errors: bool,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(verb: Agreement, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Agreement::Import(args) => block_on(import(&args, context)),
        Agreement::List(args) => block_on(list(&args, context)),
        Agreement::Terms(args) => block_on(terms::list(&args, context)),
        Agreement::Confirm(args) => block_on(terms::confirm(&args, context)),
        Agreement::Correct(args) => block_on(terms::correct(&args, context)),
        Agreement::Decide(args) => block_on(terms::decide(&args, context)),
        Agreement::Review(args) => block_on(review(&args, context)),
        Agreement::InForce(args) => block_on(in_force(&args, context)),
    }
}

async fn import(args: &ImportArgs, context: &Context) -> Result<Exit, Failure> {
    let input = input::read(&args.file, reader::BYTES_MAX)?;
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "agreements.review").await?;
    let file_name = args.file.file_name().map_or("document", |name| name.to_str().unwrap_or("document"));
    let new = Import {
        party: party(args, &house, context).await?,
        title: args.title.clone(),
        file_name: file_name.to_owned(),
        bytes: input.bytes,
        again: args.again,
    };
    let id = agreements::import(&house.app, actor, new).await?;
    report(&house, &id, args.json, context.lang).await
}

async fn party(args: &ImportArgs, house: &House, context: &Context) -> Result<Party, Failure> {
    let wanted = args.controller.trim();
    let known = parties::list(&mut house.store().read()).await?;
    if let Some(found) = known.iter().find(|c| c.id.as_str() == wanted || c.name.eq_ignore_ascii_case(wanted)) {
        return Ok(Party::Known(found.id.clone()));
    }
    let contact = args.contact.clone().ok_or_else(|| {
        Failure::words(
            Exit::Usage,
            [
                format!("`{wanted}` is a new controller and has no address yet"),
                format!("« {wanted} » est un nouveau responsable, sans adresse"),
            ],
            ["add --contact EMAIL: notices go there", "ajoutez --contact ADRESSE : les notifications y vont"],
        )
    })?;
    let lang = args.controller_lang.unwrap_or(context.lang);
    Ok(Party::New(NewController { name: wanted.to_owned(), contact, lang, place: args.place.clone() }))
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let rows = agreements::list(&mut house.store().read()).await?;
    if args.json {
        output::json(&rows.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![row.id.to_string(), row.state.word().to_owned(), row.controller_name.clone(), row.title.clone()]
        })
        .collect();
    let heads =
        context.lang.pick(["agreement", "state", "controller", "title"], ["accord", "état", "responsable", "titre"]);
    output::table(&heads, &lines)?;
    Ok(Exit::Ok)
}

async fn review(args: &Review, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "agreements.review").await?;
    let (db, now) = (house.store(), system::now());
    agreements::confirm_as_read(db, now, actor.clone(), &args.id, args.accept_silence).await?;
    agreements::finish(db, now, actor, &args.id).await?;
    report(&house, &args.id, args.json, context.lang).await
}

async fn in_force(args: &InForce, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "agreements.review").await?;
    agreements::put_in_force(house.store(), system::now(), actor, &args.id, args.accept_errors).await?;
    report(&house, &args.id, args.json, context.lang).await
}

fn shown(row: &AgreementRow) -> Value {
    json!({
        "agreement": row.id, "controller": row.controller, "controller_name": row.controller_name, "title": row.title,
        "file_name": row.file_name, "document": row.document, "language": row.language, "kind": row.document_kind,
        "state": row.state.word(), "file": row.file, "imported_at": row.imported_at.to_string(),
        "in_force_at": row.in_force_at.map(|at| at.to_string()),
    })
}

/// Where the agreement stands now.
async fn report(house: &House, id: &AgreementId, json: bool, lang: Lang) -> Result<Exit, Failure> {
    let row = agreements::find(&mut house.store().read(), id).await?;
    let row = row.ok_or_else(|| office::Refusal::not_found("agreement", "accord"))?;
    if json {
        output::json(&shown(&row))?;
        return Ok(Exit::Ok);
    }
    output::text(&format!("{id}\n"))?;
    let next = match row.state {
        agreements::State::Imported => {
            lang.pick("imported; next: garant agreement review", "importé ; ensuite : garant agreement review")
        }
        agreements::State::Reviewed => {
            lang.pick("reviewed; next: garant agreement in-force", "relu ; ensuite : garant agreement in-force")
        }
        agreements::State::InForce => lang.pick("in force", "en vigueur"),
        agreements::State::Replaced => lang.pick("replaced by a newer agreement", "remplacé par un accord plus récent"),
    };
    output::say(&format!("{}{}{next}", row.title, output::colon(lang)));
    Ok(Exit::Ok)
}
