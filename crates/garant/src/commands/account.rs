//! `garant account`: who may sign in (Art. 32(1)(b) and (4) GDPR).

use super::{account_entry, account_review};
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{self, House, HouseArgs, PersonArgs, block_on};
use crate::output;
use crate::system;
use kernel::{Actor, Lang, Secret};
use office::accounts::{self, Change, NewAccount, NewToken};
use serde_json::json;
use std::path::PathBuf;
use web::Role;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Account {
    /// Open an account; the first one needs nobody's leave
    New(New),
    /// Invite somebody to open an account: a letter with a link goes to them
    Invite(account_entry::Invite),
    /// List the accounts
    List(List),
    /// Change your own password; every session and token of yours ends
    Password(NewPassword),
    /// Give somebody another role; every session of theirs ends
    Role(NewRole),
    /// Say on which day an account ends by itself
    Until(account_entry::Until),
    /// Set up a second factor of your own: an authenticator
    Factor(account_entry::Factor),
    /// Remove the second factors of somebody who lost them
    ResetFactors(account_entry::ResetFactors),
    /// Let somebody in again who lost password and factors, when no owner can: at the machine itself
    Recover(account_entry::Recover),
    /// Show or set how people of a role sign in
    Rules(account_entry::Rules),
    /// Close an account: the person can no longer sign in, and its tokens end
    Close(Close),
    /// Make a token with which a program acts for an account; it is shown once
    Token(Token),
    /// List the tokens of an account
    Tokens(Tokens),
    /// Revoke a token
    Revoke(Revoke),
    /// Review who may do what: confirm or end each account and each token
    #[command(subcommand)]
    Review(account_review::Review),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant account password --as ines@example.org")]
pub(crate) struct NewPassword {
    /// A file whose first line is the new password [else GARANT_NEW_PASSWORD, else a prompt]
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant account role --as ines@example.org --email sam@example.org --role engineer")]
pub(crate) struct NewRole {
    /// Whose
    #[arg(long)]
    email: String,
    /// owner, dpo, engineer, support or auditor
    #[arg(long, value_parser = role)]
    role: Role,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant account close --as ines@example.org --email sam@example.org")]
pub(crate) struct Close {
    /// Whose
    #[arg(long)]
    email: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Tokens {
    /// Whose [your own]
    #[arg(long)]
    email: Option<String>,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant account tokens --as ines@example.org --email sam@example.org\n  \
    garant account revoke --as ines@example.org --email sam@example.org 3f9a62c1")]
pub(crate) struct Revoke {
    /// The token, as `garant account tokens` names it
    token: String,
    /// Whose [your own]
    #[arg(long)]
    email: Option<String>,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
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
    after_help = "Example:\n  garant account token --as sam@example.org --label 'ticket tool' --may requests.read --may requests.log\n\n\
    The names of rights stand on the page `Who may do what`. A token carries rights of its maker's, and no others."
)]
pub(crate) struct Token {
    /// What it is for
    #[arg(long)]
    label: String,
    /// A right it carries; give it once for each
    #[arg(long = "may", value_name = "RIGHT", required = true)]
    rights: Vec<String>,
    /// The days it holds
    #[arg(long, default_value_t = accounts::TOKEN_DAYS)]
    days: u32,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "use owner, dpo, engineer, support or auditor; controller-admin or controller-member for a controller's people".to_owned())
}

pub(crate) fn run(verb: Account, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Account::New(args) => block_on(new(&args, context)),
        Account::List(args) => block_on(list(&args, context)),
        Account::Password(args) => block_on(password(&args, context)),
        Account::Role(args) => {
            block_on(change(&args.house, &args.person, &args.email, Change::Role(args.role), context))
        }
        Account::Close(args) => block_on(change(&args.house, &args.person, &args.email, Change::Close, context)),
        Account::Token(args) => block_on(token(&args, context)),
        Account::Tokens(args) => block_on(tokens(&args, context)),
        Account::Invite(args) => block_on(account_entry::invite(&args, context)),
        Account::Until(args) => block_on(account_entry::until(&args, context)),
        Account::Factor(args) => block_on(account_entry::factor(&args, context)),
        Account::ResetFactors(args) => block_on(account_entry::reset_factors(&args, context)),
        Account::Recover(args) => block_on(account_entry::recover(&args, context)),
        Account::Rules(args) => block_on(account_entry::rules(&args, context)),
        Account::Revoke(args) => block_on(revoke(&args, context)),
        Account::Review(verb) => account_review::run(verb, context),
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
        false => house.actor(&args.person, context, "accounts.invite").await?,
    };
    let new = NewAccount {
        controller: None,
        email: args.email.clone(),
        name: args.name.clone(),
        role: args.role,
        lang: context.lang,
        password: new_password(args, first, context)?,
        until: None,
    };
    let id = accounts::open(&house.app, actor, new).await?;
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
    house.person(&args.person, context, "accounts.read").await?;
    let accounts = accounts::everybody(&mut house.store().read()).await?;
    if args.json {
        let shown = |a: &accounts::Account| {
            json!({ "account": a.id, "email": a.email, "name": a.name, "role": a.role, "controller": a.controller, "lang": a.lang,
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
    let person = house.person(&args.person, context, "account.own").await?;
    let new = NewToken { label: args.label.clone(), permissions: args.rights.clone(), days: args.days };
    let token = accounts::make_token(&house.app, &person.id, new).await?;
    if args.json {
        output::json(&json!({ "account": person.id, "token": token.expose() }))?;
    } else {
        output::text(&format!("{}\n", token.expose()))?;
        output::say(context.lang.pick(
            "this is the only time the token is shown; send it as `Authorization: Bearer TOKEN`",
            "le jeton n'est montré que cette fois ; envoyez-le comme `Authorization: Bearer JETON`",
        ));
    }
    Ok(Exit::Ok)
}

/// The account whose tokens somebody may see and change: their own, and anybody's for an owner.
async fn theirs(house: &House, person: &accounts::Account, email: Option<&str>) -> Result<accounts::Account, Failure> {
    let email = email.unwrap_or(&person.email);
    if !person.email.eq_ignore_ascii_case(email.trim()) && person.role != Role::Owner {
        return Err(Failure::words(
            Exit::NotAllowed,
            ["tokens are one's own affair", "les jetons sont l'affaire de chacun"],
            ["ask an owner, who may do it for anybody", "demandez à un propriétaire, qui le peut pour chacun"],
        ));
    }
    named(house, email).await
}

pub(super) async fn named(house: &House, email: &str) -> Result<accounts::Account, Failure> {
    let account = accounts::find_by_email(&mut house.store().read(), email).await?;
    Ok(account.ok_or_else(|| office::Refusal::not_found("account", "compte"))?)
}

async fn password(args: &NewPassword, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let person = house.person_renewing(&args.person, context).await?;
    let new = house::password(args.new_password_file.as_deref(), "GARANT_NEW_PASSWORD", &person.email, context)?;
    accounts::replace_password(&house.app, &person, new).await?;
    output::say(context.lang.pick(
        "the password is changed; every session and token has ended",
        "le mot de passe est changé ; sessions et jetons ont pris fin",
    ));
    Ok(Exit::Ok)
}

pub(super) async fn change(
    house: &HouseArgs,
    person: &PersonArgs,
    email: &str,
    change: Change,
    context: &Context,
) -> Result<Exit, Failure> {
    let house = House::visit(house).await?;
    let actor = house.actor(person, context, "accounts.change").await?;
    let account = named(&house, email).await?;
    accounts::change(&house.app, actor, &account.id, change).await?;
    let email = &account.email;
    output::say(&match (change, context.lang) {
        (Change::Role(role), Lang::En) => format!("{email} is {} from now on", role.word()),
        (Change::Role(role), Lang::Fr) => format!("{email} est désormais {}", role.word()),
        (Change::Until(Some(until)), Lang::En) => format!("the account of {email} ends on {until}"),
        (Change::Until(Some(until)), Lang::Fr) => format!("le compte de {email} prend fin le {until}"),
        (Change::Until(None), Lang::En) => format!("the account of {email} has no end"),
        (Change::Until(None), Lang::Fr) => format!("le compte de {email} n'a pas de fin"),
        (Change::ResetFactors, Lang::En) => format!("{email} has no second factor any more, and is told so by letter"),
        (Change::ResetFactors, Lang::Fr) => {
            format!("{email} n'a plus de second facteur, et en est prévenu par courrier")
        }
        (Change::Close, Lang::En) => format!("the account of {email} is closed"),
        (Change::Close, Lang::Fr) => format!("le compte de {email} est fermé"),
    });
    Ok(Exit::Ok)
}

/// So many characters of a digest tell the tokens of one account apart.
const TOLD: usize = 8;

async fn tokens(args: &Tokens, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let person = house.person(&args.person, context, "account.own").await?;
    let account = theirs(&house, &person, args.email.as_deref()).await?;
    let tokens = accounts::tokens(&mut house.store().read(), &account.id).await?;
    if args.json {
        let shown = |t: &accounts::TokenRow| {
            json!({ "token": t.digest, "label": t.label, "made_at": t.made_at.to_string(),
            "permissions": t.permissions, "expires_at": t.expires_at.to_string() })
        };
        output::json(&tokens.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let row = |t: &accounts::TokenRow| {
        vec![
            t.digest.chars().take(TOLD).collect(),
            t.label.clone(),
            t.made_at.to_string(),
            t.expires_at.to_string(),
            t.permissions.join(" "),
        ]
    };
    let rows: Vec<Vec<String>> = tokens.iter().map(row).collect();
    output::table(
        &context.lang.pick(["token", "for", "made", "ends", "may"], ["jeton", "pour", "créé", "fin", "droits"]),
        &rows,
    )?;
    Ok(Exit::Ok)
}

async fn revoke(args: &Revoke, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let person = house.person(&args.person, context, "account.own").await?;
    let account = theirs(&house, &person, args.email.as_deref()).await?;
    let tokens = accounts::tokens(&mut house.store().read(), &account.id).await?;
    let mut meant = tokens.iter().filter(|token| args.token.len() >= TOLD && token.digest.starts_with(&args.token));
    let (Some(token), None) = (meant.next(), meant.next()) else {
        return Err(office::Refusal::not_found("token", "jeton").into());
    };
    accounts::revoke_token(house.store(), system::now(), Actor::Account(person.id), &account.id, &token.digest).await?;
    output::say(&match context.lang {
        Lang::En => format!("the token for {} is revoked", token.label),
        Lang::Fr => format!("le jeton pour {} est révoqué", token.label),
    });
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
