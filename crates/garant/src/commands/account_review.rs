//! `garant account review`: from time to time somebody looks at every account and every token, and confirms or ends each.

use super::account::named;
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::output;
use kernel::Lang;
use office::reviews::{self, Asked, Held, Standing};
use office::{Refusal, accounts};
use serde_json::json;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Review {
    /// Show the review that runs: each right, and what was decided on it
    Show(Show),
    /// Begin a review
    Begin(Act),
    /// Say of one right of somebody else that it is still needed
    Confirm(One),
    /// Say of everything undecided that others have that it is still needed
    ConfirmRest(Rest),
    /// End one right of somebody else: close the account, or revoke the token
    Revoke(One),
    /// Finish the review once everything is decided; that discharges its duty
    Finish(Act),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Act {
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant account review confirm --email sam@example.org --as ines@example.org\n  \
    garant account review revoke --email sam@example.org --token 3f9a62c1 --reason 'tool replaced' --as ines@example.org")]
pub(crate) struct One {
    /// Whose
    #[arg(long)]
    email: String,
    /// The token, as `show` names it [else the account's role]
    #[arg(long)]
    token: Option<String>,
    /// Why; it is sealed, for it may name people. Ending something needs one
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    garant account review confirm-rest --reason 'the same six people, with the same work' --as ines@example.org")]
pub(crate) struct Rest {
    /// Why; it is sealed, for it may name people
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(super) fn run(verb: Review, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Review::Show(args) => block_on(show(&args, context)),
        Review::Begin(args) => block_on(begin(&args, context)),
        Review::Confirm(args) => block_on(confirm(&args, context)),
        Review::ConfirmRest(args) => block_on(confirm_rest(&args, context)),
        Review::Revoke(args) => block_on(revoke(&args, context)),
        Review::Finish(args) => block_on(finish(&args, context)),
    }
}

async fn standing(house: &House) -> Result<Standing, Failure> {
    Ok(reviews::standing(&mut house.store().read(), house.app.now()).await?)
}

async fn show(args: &Show, context: &Context) -> Result<Exit, Failure> {
    let (house, lang) = (House::visit(&args.house).await?, context.lang);
    house.person(&args.person, context, "accounts.read").await?;
    let standing = standing(&house).await?;
    let people = accounts::everybody(&mut house.store().read()).await?;
    let email = |held: &Held| people.iter().find(|one| one.id == held.account).map(|one| one.email.clone());
    let said = |held: &Held| standing.decision(held).map(|one| one.verdict.word());
    if args.json {
        let right = |held: &Held| json!({ "account": held.account, "email": email(held), "token": held.token, "held": held.held, "decision": said(held) });
        let (review, left) = (standing.review.as_ref().map(|review| &review.id), standing.undecided().len());
        let rights: Vec<_> = standing.held.iter().map(right).collect();
        output::json(&json!({ "review": review, "undecided": left, "rights": rights }))?;
        return Ok(Exit::Ok);
    }
    let word = |held: &Held| match said(held) {
        Some(_) => lang.pick("confirmed", "confirmé"),
        None => lang.pick("undecided", "à décider"),
    };
    let token = |held: &Held| held.token.as_deref().map_or("–", |digest| digest.get(..8).unwrap_or(digest)).to_owned();
    let row =
        |held: &Held| vec![email(held).unwrap_or_default(), token(held), held.held.clone(), word(held).to_owned()];
    let rows: Vec<Vec<String>> = standing.held.iter().map(row).collect();
    output::table(
        &lang.pick(["e-mail", "token", "right", "decision"], ["adresse", "jeton", "droit", "décision"]),
        &rows,
    )?;
    if standing.review.is_none() {
        output::say(lang.pick("no review runs; begin one", "aucune revue n'est en cours ; commencez-en une"));
    }
    Ok(Exit::Ok)
}

async fn begin(args: &Act, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "access.review").await?;
    let review = reviews::begin(&house.app, actor).await?;
    output::text(&format!("{review}\n"))?;
    Ok(Exit::Ok)
}

/// The right that is named, as it stands.
async fn asked(house: &House, args: &One) -> Result<Asked, Failure> {
    let account = named(house, &args.email).await?.id;
    let standing = standing(house).await?;
    let mut of_account = standing.held.into_iter().filter(|held| held.account == account);
    let found = match &args.token {
        None => of_account.find(|held| held.token.is_none()),
        Some(start) => {
            let fits = |held: &Held| held.token.as_ref().is_some_and(|token| token.starts_with(start.as_str()));
            of_account.find(|held| start.len() >= 8 && fits(held))
        }
    };
    let held = found.ok_or_else(|| Refusal::not_found("token", "jeton"))?;
    Ok(Asked { account: held.account, token: held.token, seen: held.held })
}

async fn confirm(args: &One, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "access.review").await?;
    let asked = asked(&house, args).await?;
    reviews::confirm(&house.app, actor, &[asked], &args.reason).await?;
    left(&house, context).await
}

async fn confirm_rest(args: &Rest, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let person = house.person(&args.person, context, "access.review").await?;
    let shown = standing(&house).await?.fingerprint(&person.id);
    let actor = kernel::Actor::Account(person.id);
    reviews::confirm_rest(&house.app, actor, &shown, &args.reason).await?;
    left(&house, context).await
}

async fn revoke(args: &One, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "accounts.change").await?;
    let asked = asked(&house, args).await?;
    reviews::revoke(&house.app, actor, &asked, &args.reason).await?;
    left(&house, context).await
}

/// Says how many rights are undecided.
async fn left(house: &House, context: &Context) -> Result<Exit, Failure> {
    let left = standing(house).await?.undecided().len();
    output::say(&match context.lang {
        Lang::En => format!("undecided: {left}"),
        Lang::Fr => format!("à décider : {left}"),
    });
    Ok(Exit::Ok)
}

async fn finish(args: &Act, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "access.review").await?;
    let review = reviews::finish(&house.app, actor).await?;
    output::text(&format!("{review}\n"))?;
    output::say(
        context
            .lang
            .pick("the review is finished and discharges its duty", "la revue est achevée et accomplit son échéance"),
    );
    Ok(Exit::Ok)
}
