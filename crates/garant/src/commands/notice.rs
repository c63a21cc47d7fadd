//! `garant notice`: the letters that duties oblige the house to send: what became of them, and what a person does about it.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, MailArgs, PersonArgs, block_on};
use crate::output;
use kernel::{Instant, Lang, NoticeId};
use office::Refusal;
use office::notices::{self, NoticeRow};
use serde_json::{Value, json};

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Notice {
    /// List the letters, newest first; their texts are on the console
    List(List),
    /// Show what became of one letter
    Show(Show),
    /// Send a letter again that was refused, did not arrive or waits; `serve` sends it
    Retry(Retry),
    /// Decide that a letter shall not go
    Stop(Stop),
    /// Record that a letter was delivered by other means than the mail server
    Delivered(Delivered),
    /// Send what waits now, once, without `serve`
    Send(Send),
    /// Let what is not urgent wait for office hours, or not
    QuietHours(QuietHours),
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
pub(crate) struct Show {
    /// The letter
    id: NoticeId,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Retry {
    /// The letter
    id: NoticeId,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "What the letter was to discharge stays to be done.\n\nExample:\n  \
    garant notice stop 01m8… --why 'told on the telephone' --as dpo@example.org")]
pub(crate) struct Stop {
    /// The letter
    id: NoticeId,
    /// Why; it is sealed, for it may name people
    #[arg(long)]
    why: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    garant notice delivered 01m8… --how 'handed over on 24 November, signed for' --as dpo@example.org")]
pub(crate) struct Delivered {
    /// The letter
    id: NoticeId,
    /// How and when it was delivered: the proof; it is sealed, for it may name people
    #[arg(long)]
    how: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Send {
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct QuietHours {
    /// on or off
    #[arg(value_parser = ["on", "off"])]
    set: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(crate) fn run(verb: Notice, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Notice::List(args) => block_on(list(&args, context)),
        Notice::Show(args) => block_on(show(&args, context)),
        Notice::Retry(args) => block_on(retry(&args, context)),
        Notice::Stop(args) => block_on(stop(&args, context)),
        Notice::Delivered(args) => block_on(delivered(&args, context)),
        Notice::Send(args) => block_on(send(&args, context)),
        Notice::QuietHours(args) => block_on(quiet_hours(&args, context)),
    }
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let (house, lang) = (House::visit(&args.house).await?, context.lang);
    let rows = notices::store::list(&mut house.store().read()).await?;
    if args.json {
        output::json(&rows.iter().map(facts).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let line = |row: &NoticeRow| {
        vec![row.id.to_string(), state(&row.state, lang).to_owned(), row.record.clone(), row.subject.clone()]
    };
    let heads = lang.pick(["letter", "state", "about", "subject"], ["courrier", "état", "au sujet de", "objet"]);
    output::table(&heads, &rows.iter().map(line).collect::<Vec<_>>())?;
    Ok(Exit::Ok)
}

/// What is shown of a letter: neither its text nor its recipient.
fn facts(row: &NoticeRow) -> Value {
    let moment = |at: Option<Instant>| at.map(|at| at.to_string());
    json!({
        "notice": row.id, "controller": row.controller, "record": row.record, "letter": row.letter,
        "wording": row.wording, "state": row.state, "attempts": row.attempts, "unknown_outcomes": row.unknown_outcomes,
        "queued_at": row.queued_at.to_string(), "not_before": moment(row.not_before), "again_at": moment(row.again_at),
        "outcome": row.outcome, "mailbox_full": row.mailbox_full, "sent_at": moment(row.sent_at),
        "bounced_at": moment(row.bounced_at), "bounce_status": row.bounce_status, "opened_at": moment(row.opened_at),
        "instead_of": row.instead_of,
    })
}

async fn show(args: &Show, context: &Context) -> Result<Exit, Failure> {
    let (house, lang) = (House::visit(&args.house).await?, context.lang);
    let row = notices::store::find(&mut house.store().read(), &args.id).await?;
    let row = row.ok_or_else(|| Refusal::not_found("letter", "courrier"))?;
    if args.json {
        output::json(&facts(&row))?;
        return Ok(Exit::Ok);
    }
    let moment = |at: Option<Instant>| at.map_or_else(|| "–".to_owned(), |at| at.to_string());
    let lines = [
        (lang.pick("subject", "objet"), row.subject.clone()),
        (lang.pick("kind", "type"), row.letter.clone()),
        (lang.pick("wording", "rédaction"), row.wording.clone().unwrap_or_else(|| "–".to_owned())),
        (lang.pick("state", "état"), state(&row.state, lang).to_owned()),
        (lang.pick("queued", "mis en file"), row.queued_at.to_string()),
        (lang.pick("waits until", "attend jusqu'au"), moment(row.not_before)),
        (lang.pick("tried again", "nouvel essai"), moment(row.again_at)),
        (lang.pick("attempts", "essais"), row.attempts.to_string()),
        (lang.pick("outcomes unknown", "issues inconnues"), row.unknown_outcomes.to_string()),
        (lang.pick("server's answer", "réponse du serveur"), row.reply.clone().unwrap_or_else(|| "–".to_owned())),
        (lang.pick("sent", "parti"), moment(row.sent_at)),
        (lang.pick("did not arrive", "non arrivé"), moment(row.bounced_at)),
        (lang.pick("opened", "ouvert"), moment(row.opened_at)),
    ];
    let heads = lang.pick(["what", "value"], ["quoi", "valeur"]);
    output::table(&heads, &lines.map(|(name, value)| vec![name.to_owned(), value]))?;
    Ok(Exit::Ok)
}

async fn retry(args: &Retry, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "notices.deliver").await?;
    notices::retry(&house.app, actor, &args.id).await?;
    output::say(context.lang.pick("it goes with the next round", "il part au prochain tour"));
    Ok(Exit::Ok)
}

async fn stop(args: &Stop, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "notices.deliver").await?;
    notices::stop(&house.app, actor, &args.id, &args.why).await?;
    output::say(context.lang.pick("the letter is stopped", "le courrier est arrêté"));
    Ok(Exit::Ok)
}

async fn delivered(args: &Delivered, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "notices.deliver").await?;
    notices::delivered_by_hand(&house.app, actor, &args.id, &args.how).await?;
    output::say(context.lang.pick("the delivery is recorded", "la remise est inscrite"));
    Ok(Exit::Ok)
}

async fn send(args: &Send, context: &Context) -> Result<Exit, Failure> {
    let mut house = House::visit(&args.house).await?;
    house.actor(&args.person, context, "notices.deliver").await?;
    house.app.mail = args.mail.server()?;
    if house.app.mail.is_none() {
        return Err(Failure::words(
            Exit::Usage,
            ["no mail server is named", "aucun serveur de courrier n'est nommé"],
            ["give --smtp and --mail-from", "donnez --smtp et --mail-from"],
        ));
    }
    let sent = notices::deliver(&house.app).await?;
    output::say(&match context.lang {
        Lang::En => format!("letters sent: {sent}"),
        Lang::Fr => format!("courriers partis : {sent}"),
    });
    Ok(Exit::Ok)
}

async fn quiet_hours(args: &QuietHours, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "letters.edit").await?;
    notices::set_quiet_hours(&house.app, actor, args.set == "on").await?;
    output::say(context.lang.pick("it is set", "c'est fixé"));
    Ok(Exit::Ok)
}

fn state(word: &str, lang: Lang) -> &str {
    match word {
        "queued" => lang.pick("queued", "en file"),
        "sending" => lang.pick("being sent", "en cours d'envoi"),
        "sent" => lang.pick("sent", "parti"),
        "failed" => lang.pick("not taken yet", "pas encore pris"),
        "refused" => lang.pick("needs you", "à reprendre"),
        "bounced" => lang.pick("did not arrive", "non arrivé"),
        "stopped" => lang.pick("stopped", "arrêté"),
        other => other,
    }
}
