//! `garant calendar`: the holidays of a place, and their correction (Reg. 1182/71, Art. 2).

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::{output, system};
use kernel::calendar::When;
use kernel::{Date, clock};
use office::calendars::{self, Correction};
use serde_json::json;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Calendar {
    /// List the holidays of a place in a year
    List(List),
    /// Add a holiday to a place, from a day on; duties that run are counted again
    Add(Add),
    /// Remove a holiday from a place, from a day on; duties that run are counted again
    Remove(Change),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant calendar list FR-57 --year 2027")]
pub(crate) struct List {
    /// FR, a department such as FR-57, LU, or a place that was added
    #[arg(default_value = "FR")]
    place: String,
    /// Which year [default: this one]
    #[arg(long)]
    year: Option<i16>,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  garant calendar add FR-974 12-20 --name 'Abolition de l'\\''esclavage' --from 1981-12-20 \\\n    \
    --reason 'a holiday of the department' --source 'Code du travail, L3422-2' --as ines@example.org"
)]
pub(crate) struct Add {
    /// What the day is called
    #[arg(long)]
    name: String,
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant calendar remove FR 05-08 --from 2028-01-01 \\\n    \
    --reason 'abolished' --source 'loi 2027-1, art. 2' --as ines@example.org")]
pub(crate) struct Change {
    /// Where
    place: String,
    /// Which day: 2027-05-07 (once), 12-20 (each year) or easter+39 (days from Easter Sunday)
    day: When,
    /// From which day on
    #[arg(long)]
    from: Date,
    /// Why
    #[arg(long)]
    reason: String,
    /// The law, the decree or the page that says so
    #[arg(long)]
    source: String,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(crate) fn run(verb: Calendar, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Calendar::List(args) => block_on(list(&args, context)),
        Calendar::Add(args) => block_on(correct(&args.change, Some(&args.name), context)),
        Calendar::Remove(args) => block_on(correct(&args, None, context)),
    }
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let place = calendars::place(&mut house.store().read(), &args.place).await?;
    let year = args.year.unwrap_or_else(|| clock::day_of(system::now(), &place).year());
    let first = Date::new(year, 1, 1).map_err(|_| no_year())?;
    let days = (0..366).map(|day| clock::days_after(first, day)).filter(|day| day.year() == year);
    let holidays: Vec<(Date, String)> =
        days.filter_map(|day| Some((day, place.holiday_in(day, context.lang)?.to_owned()))).collect();
    if args.json {
        let all: Vec<_> = holidays.iter().map(|(day, name)| json!({ "day": day.to_string(), "name": name })).collect();
        output::json(&json!({ "place": place.code(), "version": place.version(), "holidays": all }))?;
    } else {
        let rows: Vec<Vec<String>> =
            holidays.into_iter().map(|(day, name)| vec![clock::date_text(day, context.lang), name]).collect();
        output::table(&context.lang.pick(["day", "name"], ["jour", "nom"]), &rows)?;
    }
    Ok(Exit::Ok)
}

fn no_year() -> Failure {
    Failure::words(
        Exit::Usage,
        ["there is no such year", "il n'y a pas d'année de ce nom"],
        ["write it as 2027", "écrivez-la comme 2027"],
    )
}

async fn correct(args: &Change, name: Option<&str>, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "calendars.correct").await?;
    let (place, when, from) = (args.place.clone(), args.day, args.from);
    let what = match name {
        Some(name) => Correction::AddDay { place, when, from, name: name.to_owned() },
        None => Correction::RemoveDay { place, when, from },
    };
    calendars::correct(&house.app, actor, what, &args.reason, &args.source).await?;
    Ok(Exit::Ok)
}
