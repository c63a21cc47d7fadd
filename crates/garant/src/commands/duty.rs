//! `garant duty`: what runs and until when; its exit code is a heartbeat for an outside watcher.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, block_on};
use crate::{output, system};
use kernel::{Instant, Lang, clock};
use office::duties::{self, Keeping, OpenDuty, Wanted};
use serde_json::json;

/// The most duties a list shows.
const LIST_MAX: i64 = 500;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Duty {
    /// List the duties that run, the most urgent first
    List(List),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Ends with 7 when a duty is past a limit, else with 0: a watcher needs no more.\n\n\
    Example:\n  garant duty list --dir /srv/garant || mail -s 'a duty is late' dpo@example.org")]
pub(crate) struct List {
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(verb: Duty, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Duty::List(args) => block_on(list(&args, context)),
    }
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let (house, now, lang) = (House::visit(&args.house).await?, system::now(), context.lang);
    let open = duties::open_duties(&mut house.store().read(), &Wanted::default(), LIST_MAX).await?;
    let broken = open.iter().any(|one| matches!(one.duty.keeping(now), Keeping::Late | Keeping::Broken));
    if args.json {
        let text = |at: Option<Instant>| at.map(|at| at.to_string());
        let shown = open.iter().map(|OpenDuty { duty, controller }| {
            json!({
                "duty": duty.id, "agreement": duty.agreement, "controller_name": controller, "promise": duty.promise,
                "title": duty.title(lang), "record": duty.record, "state": duty.state, "role": duty.role, "owner": duty.owner, "keeping": duty.keeping(now).word(),
                "started_at": duty.started_at.to_string(), "target": text(duty.target), "own_due": text(duty.own_due),
                "other_due": text(duty.other_due), "explanation": duty.explanation,
            })
        });
        output::json(&shown.collect::<Vec<_>>())?;
    } else {
        let rows: Vec<Vec<String>> = open
            .iter()
            .map(|OpenDuty { duty, controller }| {
                let next = duty.target.filter(|at| *at > now).or(duty.own_due);
                let due = next.map_or_else(|| "–".to_owned(), |at| moment(at, lang));
                vec![
                    keeping_text(duty.keeping(now), lang).to_owned(),
                    due,
                    controller.clone().unwrap_or_else(|| lang.pick("the house", "la maison").to_owned()),
                    duty.title(lang).to_owned(),
                ]
            })
            .collect();
        let heads =
            lang.pick(["state", "due", "controller", "promise"], ["état", "échéance", "responsable", "engagement"]);
        output::table(&heads, &rows)?;
    }
    Ok(if broken { Exit::Deadline } else { Exit::Ok })
}

/// A day and time at the house's place; midnight is the end of the day before.
fn moment(at: Instant, lang: Lang) -> String {
    let local = at.to_zoned(office::view::house_place().zone());
    match local.date().yesterday() {
        Ok(last) if local.hour() == 0 && local.minute() == 0 => clock::date_text(last, lang),
        _ => format!("{} {}", clock::date_text(local.date(), lang), local.strftime("%H:%M")),
    }
}

fn keeping_text(keeping: Keeping, lang: Lang) -> &'static str {
    match keeping {
        Keeping::NotTested => lang.pick("not tested", "non éprouvé"),
        Keeping::Kept => lang.pick("kept", "tenu"),
        Keeping::Due => lang.pick("running", "en cours"),
        Keeping::Late => lang.pick("late", "en retard"),
        Keeping::Broken => lang.pick("broken", "rompu"),
    }
}
