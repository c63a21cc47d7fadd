//! `garant account`: who may sign in (Art. 32(1)(b) and (4) GDPR).

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{self, House, HouseArgs, PersonArgs, block_on};
use crate::output;
use crate::system;
use kernel::{Actor, Lang, Secret};
use office::accounts::{self, NewAccount};
use serde_json::json;
use std::path::PathBuf;
use web::Role;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Account {
    /// Open an account; the first one needs nobody's leave
    New(New),
    /// List the accounts
    List(List),
    /// Make a token with which a program acts for an account; it is shown once
    Token(Token),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant account new --email ines@example.org --name 'Inès Morel' --role owner        the first account\n  \
    garant account new --as ines@example.org --email sam@example.org --name Sam --role support")]
pub(crate) struct New {
    /// The address to sign in with
    #[arg(long)]
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// owner, dpo, engineer, support or auditor
    #[arg(long, value_parser = role)]
    role: Role,
    /// A file whose first line is the new account's password [else GARANT_NEW_PASSWORD, else a prompt]
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,
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
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  garant account token --as ines@example.org --email sam@example.org --label 'ticket tool'"
)]
pub(crate) struct Token {
    /// The account the token acts for
    #[arg(long)]
    email: String,
    /// What it is for
    #[arg(long)]
    label: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "use owner, dpo, engineer, support or auditor".to_owned())
}

pub(crate) fn run(verb: Account, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Account::New(args) => block_on(new(&args, context)),
        Account::List(args) => block_on(list(&args, context)),
        Account::Token(args) => block_on(token(&args, context)),
    }
}

async fn new(args: &New, context: &Context) -> Result<Exit, Failure> {
    let house = House::found(&args.house).await?;
    let first = accounts::list(&mut house.store().read()).await?.is_empty();
    if first && args.role != Role::Owner {
        return Err(first_is_owner());
    }
    let actor = match first {
        true => Actor::system("first-account"),
        false => house.actor(&args.person, context, &[Role::Owner]).await?,
    };
    let new = NewAccount {
        email: args.email.clone(),
        name: args.name.clone(),
        role: args.role,
        lang: context.lang,
        password: new_password(args, first, context)?,
    };
    let id = accounts::open(house.store(), system::now(), actor, new).await?;
    if args.json {
        output::json(&json!({ "account": id, "email": args.email, "role": args.role }))?;
    } else {
        output::text(&format!("{id}\n"))?;
        output::say(&match context.lang {
            Lang::En => format!("{} may sign in as {}", args.email, args.role.word()),
            Lang::Fr => format!("{} peut se connecter comme {}", args.email, args.role.word()),
        });
    }
    Ok(Exit::Ok)
}

/// The first account has nobody who acts: then the acting person's password is the new one.
fn new_password(args: &New, first: bool, context: &Context) -> Result<Secret<String>, Failure> {
    let given = args.new_password_file.is_some() || system::variable("GARANT_NEW_PASSWORD").is_some();
    if first && !given {
        return house::password(args.person.password_file.as_deref(), "GARANT_PASSWORD", &args.email, context);
    }
    house::password(args.new_password_file.as_deref(), "GARANT_NEW_PASSWORD", &args.email, context)
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    house.person(&args.person, context, &[Role::Owner, Role::Dpo, Role::Auditor]).await?;
    let accounts = accounts::list(&mut house.store().read()).await?;
    if args.json {
        let shown = |a: &accounts::Account| {
            json!({ "account": a.id, "email": a.email, "name": a.name, "role": a.role, "lang": a.lang,
                    "opened_at": a.opened_at.to_string() })
        };
        output::json(&accounts.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let rows: Vec<Vec<String>> = accounts
        .iter()
        .map(|a| vec![a.email.clone(), a.role.word().to_owned(), a.name.clone(), a.lang.to_string()])
        .collect();
    let heads = context.lang.pick(["e-mail", "role", "name", "language"], ["adresse", "rôle", "nom", "langue"]);
    output::table(&heads, &rows)?;
    Ok(Exit::Ok)
}

async fn token(args: &Token, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let person = house.person(&args.person, context, &Role::ALL).await?;
    let own = person.email.eq_ignore_ascii_case(args.email.trim());
    if !own && person.role != Role::Owner {
        return Err(Failure::words(
            Exit::NotAllowed,
            ["a token can only be made for oneself", "on ne fait un jeton que pour soi-même"],
            ["ask an owner, who may make one for anybody", "demandez à un propriétaire, qui peut en faire pour chacun"],
        ));
    }
    let account = accounts::find_by_email(&mut house.store().read(), &args.email).await?;
    let account = account.ok_or_else(|| office::Refusal::not_found("account", "compte"))?;
    let actor = Actor::Account(person.id);
    let token = accounts::make_token(house.store(), system::now(), actor, &account.id, &args.label).await?;
    if args.json {
        output::json(&json!({ "account": account.id, "token": token.expose() }))?;
    } else {
        output::text(&format!("{}\n", token.expose()))?;
        output::say(context.lang.pick(
            "this is the only time the token is shown; send it as `Authorization: Bearer TOKEN`",
            "le jeton n'est montré que cette fois ; envoyez-le comme `Authorization: Bearer JETON`",
        ));
    }
    Ok(Exit::Ok)
}

fn first_is_owner() -> Failure {
    Failure::words(
        Exit::Usage,
        [
            "the first account is an owner's: only an owner opens others",
            "le premier compte est celui d'un propriétaire : lui seul en ouvre d'autres",
        ],
        ["open it with --role owner", "ouvrez-le avec --role owner"],
    )
}
