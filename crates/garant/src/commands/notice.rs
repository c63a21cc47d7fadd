//! `garant notice`: the letters that duties oblige the house to send, and their delivery by other means.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::output;
use kernel::{Lang, NoticeId};
use office::notices::{self, NoticeRow};
use serde_json::json;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Notice {
    /// List the letters, newest first; their texts are on the console
    List(List),
    /// Record that a letter was delivered by other means than the mail server
    Delivered(Delivered),
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

pub(crate) fn run(verb: Notice, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Notice::List(args) => block_on(list(&args, context)),
        Notice::Delivered(args) => block_on(delivered(&args, context)),
    }
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let (house, lang) = (House::visit(&args.house).await?, context.lang);
    let rows = notices::store::list(&mut house.store().read()).await?;
    if args.json {
        let shown = rows.iter().map(|row| {
            json!({
                "notice": row.id, "controller": row.controller, "record": row.record, "letter": row.letter,
                "state": row.state, "attempts": row.attempts, "unknown_outcomes": row.unknown_outcomes,
                "queued_at": row.queued_at.to_string(), "sent_at": row.sent_at.map(|at| at.to_string()),
            })
        });
        output::json(&shown.collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let line = |row: &NoticeRow| {
        vec![row.id.to_string(), state(&row.state, lang).to_owned(), row.record.clone(), row.subject.clone()]
    };
    let heads = lang.pick(["letter", "state", "about", "subject"], ["courrier", "état", "au sujet de", "objet"]);
    output::table(&heads, &rows.iter().map(line).collect::<Vec<_>>())?;
    Ok(Exit::Ok)
}

async fn delivered(args: &Delivered, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "notices.deliver").await?;
    notices::delivered_by_hand(&house.app, actor, &args.id, &args.how).await?;
    output::say(context.lang.pick("the delivery is recorded", "la remise est inscrite"));
    Ok(Exit::Ok)
}

fn state(word: &str, lang: Lang) -> &str {
    match word {
        "queued" => lang.pick("queued", "en file"),
        "sending" => lang.pick("being sent", "en cours d'envoi"),
        "sent" => lang.pick("sent", "parti"),
        "failed" => lang.pick("refused", "refusé"),
        "bounced" => lang.pick("did not arrive", "non arrivé"),
        other => other,
    }
}
