//! How people come in: invitations, last days, second factors, and the rules of signing in.

use super::account::{change, role};
use super::request;
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, prompt};
use crate::output;
use crate::system;
use kernel::{Date, Lang, clock};
use office::accounts::{self, Change, NewInvitation};
use serde_json::json;
use web::{Role, SignInRules, session};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant account invite --as ines@example.org --email sam@example.org --name Sam --role support\n  \
    garant account invite --as ines@example.org --email eva@audit.example --name Eva --role auditor --until 2027-01-31\n  \
    garant account invite --as ines@example.org --email lea@brume.example --name Léa --role controller-admin --controller Brume\n\n\
    The letter goes out with the server that runs; --show-link prints the link as well, to hand it over yourself.")]
pub(crate) struct Invite {
    /// The address to sign in with
    #[arg(long)]
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// owner, dpo, engineer, support or auditor; with --controller, controller-admin or controller-member
    #[arg(long, value_parser = role)]
    role: Role,
    /// The controller whose client area it is for: its name or id
    #[arg(long)]
    controller: Option<String>,
    /// The account's last day; an auditor's always has one
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Print the link: whoever has it opens the account
    #[arg(long)]
    show_link: bool,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(super) async fn invite(args: &Invite, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let right = if args.controller.is_some() { "accounts.clients" } else { "accounts.invite" };
    let actor = house.actor(&args.person, context, right).await?;
    let controller = match &args.controller {
        Some(wanted) => Some(request::controller(&house, wanted).await?),
        None => None,
    };
    let new = NewInvitation {
        controller,
        email: args.email.clone(),
        name: args.name.clone(),
        role: args.role,
        lang: context.lang,
        until: args.until.map(|day| clock::end_of_day(day, &house.app.place())),
    };
    let link = accounts::invite(&house.app, actor, new).await?;
    if args.show_link {
        output::text(&format!("{}\n", link.expose()))?;
    }
    output::say(&match context.lang {
        Lang::En => format!("{} is invited; the letter waits for the server that sends it", args.email),
        Lang::Fr => format!("{} est invité ; le courrier attend le serveur qui l'envoie", args.email),
    });
    Ok(Exit::Ok)
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant account until --as ines@example.org --email eva@audit.example 2027-01-31")]
pub(crate) struct Until {
    /// The last day, or `none`
    #[arg(value_parser = last_day)]
    day: Day,
    /// Whose
    #[arg(long)]
    email: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

/// A last day, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day(Option<Date>);

fn last_day(text: &str) -> Result<Day, String> {
    match text {
        "none" => Ok(Day(None)),
        text => text.parse().map(|day| Day(Some(day))).map_err(|_| "write a day as in 2027-01-31, or none".to_owned()),
    }
}

pub(super) async fn until(args: &Until, context: &Context) -> Result<Exit, Failure> {
    let end = args.day.0.map(|day| clock::end_of_day(day, &office::view::house_place()));
    change(&args.house, &args.person, &args.email, Change::Until(end), context).await
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant account reset-factors --as ines@example.org --email sam@example.org")]
pub(crate) struct ResetFactors {
    /// Whose
    #[arg(long)]
    email: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(super) async fn reset_factors(args: &ResetFactors, context: &Context) -> Result<Exit, Failure> {
    change(&args.house, &args.person, &args.email, Change::ResetFactors, context).await
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  garant account recover --email ines@example.org --reason 'phone lost; spoke with her on the telephone'\n\n\
    It asks for nobody's password: whoever can read the house's folder can do as much. It removes the second factors and\n\
    prints a link that sets a new password and holds for half an hour. It is an entry, and the person is told by letter."
)]
pub(crate) struct Recover {
    /// Whose
    #[arg(long)]
    email: String,
    /// Why, and how you know who asks
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    house: HouseArgs,
}

pub(super) async fn recover(args: &Recover, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let link = accounts::recover(&house.app, &args.email, &args.reason).await?;
    output::text(&format!("{}\n", link.expose()))?;
    output::say(context.lang.pick(
        "the second factors are removed; the link sets a new password, once, for half an hour",
        "les seconds facteurs sont retirés ; le lien permet un nouveau mot de passe, une fois, pendant une demi-heure",
    ));
    Ok(Exit::Ok)
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant account factor --as ines@example.org --label phone\n\n\
    Type the secret it shows into an authenticator application, then the code the application shows.")]
pub(crate) struct Factor {
    /// What you call it
    #[arg(long, default_value = "authenticator")]
    label: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(super) async fn factor(args: &Factor, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let person = house.person_renewing(&args.person, context).await?;
    let proposal = accounts::propose(house.store(), &person)?;
    output::say(&match context.lang {
        Lang::En => format!("the secret for the application: {}", proposal.secret.expose()),
        Lang::Fr => format!("le secret pour l'application : {}", proposal.secret.expose()),
    });
    output::say(proposal.link.expose());
    let question = context.lang.pick("The six digits it shows: ", "Les six chiffres qu'elle montre : ");
    let code = prompt(question, context)?;
    let (_, codes) =
        accounts::add_factor(house.store(), system::now(), &person.id, proposal.secret, &code, &args.label).await?;
    if !codes.is_empty() {
        output::say(context.lang.pick(
            "keep these recovery codes: each stands once for a lost phone, and they are shown this once",
            "gardez ces codes de secours : chacun remplace une fois un téléphone perdu, et ils ne sont montrés que cette fois",
        ));
        let lines: Vec<&str> = codes.iter().map(|code| code.expose().as_str()).collect();
        output::text(&format!("{}\n", lines.join("\n")))?;
    }
    output::say(context.lang.pick(
        "the second factor is set up; every session has ended",
        "le second facteur est en place ; les sessions ont pris fin",
    ));
    Ok(Exit::Ok)
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant account rules --as ines@example.org\n  \
    garant account rules --as ines@example.org --role engineer --second-factor yes --renew-days 90")]
pub(crate) struct Rules {
    /// Whose rules to set [none: they are shown]
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// Whether a second factor is demanded: yes or no
    #[arg(long, value_parser = yes_no, requires = "role")]
    second_factor: Option<bool>,
    /// Days a password lasts; 0 for no renewal
    #[arg(long, requires = "role")]
    renew_days: Option<u32>,
    /// Minutes a session may rest
    #[arg(long, requires = "role")]
    idle_minutes: Option<u32>,
    /// Hours a session lasts
    #[arg(long, requires = "role")]
    session_hours: Option<u32>,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn yes_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no".to_owned()),
    }
}

impl Rules {
    /// The rules of a role with what was asked for in their place.
    fn applied(&self, old: SignInRules) -> SignInRules {
        SignInRules {
            second_factor: self.second_factor.unwrap_or(old.second_factor),
            renew_days: self.renew_days.map_or(old.renew_days, |days| (days > 0).then_some(days)),
            idle_minutes: self.idle_minutes.unwrap_or(old.idle_minutes),
            session_hours: self.session_hours.unwrap_or(old.session_hours),
        }
    }
}

pub(super) async fn rules(args: &Rules, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house
        .actor(&args.person, context, if args.role.is_some() { "accounts.rules" } else { "accounts.read" })
        .await?;
    let mut read = house.store().read();
    if let Some(role) = args.role {
        let new = args.applied(session::rules(&mut read, role).await?);
        accounts::set_rules(&house.app, actor, role, new).await?;
    }
    let mut all = Vec::new();
    for role in Role::ALL {
        all.push((role, session::rules(&mut read, role).await?));
    }
    if args.json {
        let shown = all.iter().map(|(role, rules)| json!({ "role": role, "rules": rules }));
        output::json(&shown.collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let lang = context.lang;
    let word = |yes: bool| if yes { lang.pick("demanded", "exigé") } else { "–" };
    let row = |(role, rules): &(Role, SignInRules)| {
        let days = rules.renew_days.map_or_else(|| "–".to_owned(), |days| days.to_string());
        let numbers = [days, rules.idle_minutes.to_string(), rules.session_hours.to_string()];
        [role.word().to_owned(), word(rules.second_factor).to_owned()].into_iter().chain(numbers).collect()
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let heads = lang.pick(
        ["role", "second factor", "password days", "idle minutes", "session hours"],
        ["rôle", "second facteur", "jours du mot de passe", "minutes d'inactivité", "heures de session"],
    );
    output::table(&heads, &rows)?;
    Ok(Exit::Ok)
}
