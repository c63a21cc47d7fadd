//! `garant estate`: the systems that hold personal data, and the maps people confirm of them.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::{input, output, system};
use estate::Map;
use kernel::Lang;
use office::systems::{self, SystemRow};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Who keeps systems and maps.
/// The largest map file, in bytes.
const MAP_BYTES_MAX: usize = 4 << 20;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Estate {
    /// Look at a database and propose a map of it; nothing is kept
    Scan(Scan),
    /// Connect a database under a name, with the map its catalogue suggests or one of yours
    Connect(Connect),
    /// List the connected systems
    List(List),
    /// Print the map of a system, or confirm one with --set
    Map(MapArgs),
    /// Compare a system's map with its live catalogue
    Drift(Drift),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant estate scan sqlite:/srv/shop.db --name shop > shop.toml")]
pub(crate) struct Scan {
    /// sqlite:/path/to/file or postgres://user:password@host:5432/database
    #[arg(env = "GARANT_SYSTEM", hide_env_values = true)]
    address: String,
    /// The name of the system in its map
    #[arg(long, default_value = "system")]
    name: String,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  garant estate connect shop sqlite:/srv/shop.db --map shop.toml --as eng@example.org"
)]
pub(crate) struct Connect {
    /// What your team calls it
    name: String,
    /// Its address; it is sealed and never shown again
    #[arg(env = "GARANT_SYSTEM", hide_env_values = true)]
    address: String,
    /// A map a person has checked, confirmed at once
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
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
pub(crate) struct MapArgs {
    /// The system's name or id
    system: String,
    /// Confirm the map in this file
    #[arg(long, value_name = "FILE")]
    set: Option<PathBuf>,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Ends with 3 when the map cannot be used as it is, else with 0.")]
pub(crate) struct Drift {
    /// The system's name or id
    system: String,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(verb: Estate, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Estate::Scan(args) => block_on(scan(&args)),
        Estate::Connect(args) => block_on(connect(&args, context)),
        Estate::List(args) => block_on(list(&args, context)),
        Estate::Map(args) => block_on(map(&args, context)),
        Estate::Drift(args) => block_on(drift(&args, context)),
    }
}

async fn scan(args: &Scan) -> Result<Exit, Failure> {
    let reached = systems::reach(&args.address).await?;
    let proposal = systems::propose(&reached, &args.name).await?;
    output::text(&proposal.to_toml())?;
    Ok(Exit::Ok)
}

async fn connect(args: &Connect, context: &Context) -> Result<Exit, Failure> {
    let text = args.map.as_deref().map(map_file).transpose()?;
    let house = House::visit(&args.house).await?;
    let actor = house.actor(&args.person, context, "systems.map").await?;
    let id =
        systems::connect(house.store(), system::now(), actor.clone(), &args.name, &absolute(&args.address)).await?;
    if let Some(text) = &text {
        systems::confirm_map(house.store(), system::now(), actor, &id, text).await?;
    }
    if args.json {
        output::json(&json!({ "system": id, "name": args.name, "confirmed": text.is_some() }))?;
        return Ok(Exit::Ok);
    }
    output::text(&format!("{id}\n"))?;
    let name = &args.name;
    output::say(&match (text.is_some(), context.lang) {
        (true, Lang::En) => format!("{name} is connected and its map confirmed"),
        (true, Lang::Fr) => format!("{name} est connecté et sa carte confirmée"),
        (false, Lang::En) => {
            format!("{name} is connected; check `garant estate map {name}`, then confirm it with --set")
        }
        (false, Lang::Fr) => {
            format!("{name} est connecté ; vérifiez `garant estate map {name}`, puis confirmez avec --set")
        }
    });
    Ok(Exit::Ok)
}

fn map_file(path: &Path) -> Result<String, Failure> {
    let input = input::read(path, MAP_BYTES_MAX)?;
    String::from_utf8(input.bytes).map_err(|_| {
        Failure::words(
            Exit::Usage,
            [format!("`{}` is not UTF-8", input.name), format!("« {} » n'est pas en UTF-8", input.name)],
            ["save the map as UTF-8", "enregistrez la carte en UTF-8"],
        )
    })
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let rows = systems::list(&mut house.store().read()).await?;
    if args.json {
        output::json(&rows.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let state = |row: &SystemRow| match row.map {
        Some(_) => context.lang.pick("map confirmed", "carte confirmée"),
        None => context.lang.pick("map to confirm", "carte à confirmer"),
    };
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| vec![row.name.clone(), row.kind.clone(), state(row).to_owned(), row.id.to_string()])
        .collect();
    let heads = context.lang.pick(["name", "kind", "map", "system"], ["nom", "genre", "carte", "système"]);
    output::table(&heads, &lines)?;
    Ok(Exit::Ok)
}

fn shown(row: &SystemRow) -> Value {
    json!({
        "system": row.id, "name": row.name, "kind": row.kind, "connected_at": row.connected_at.to_string(),
        "map": row.map, "map_confirmed_at": row.map_confirmed_at.map(|at| at.to_string()),
    })
}

/// The system called `wanted`, by name or id.
async fn find(house: &House, wanted: &str) -> Result<SystemRow, Failure> {
    let rows = systems::list(&mut house.store().read()).await?;
    let found = rows.into_iter().find(|row| row.name == wanted || row.id.as_str() == wanted);
    Ok(found.ok_or_else(|| office::Refusal::not_found("system", "système"))?)
}

async fn map(args: &MapArgs, context: &Context) -> Result<Exit, Failure> {
    let text = args.set.as_deref().map(map_file).transpose()?;
    let house = House::visit(&args.house).await?;
    let Some(text) = text else {
        let row = find(&house, &args.system).await?;
        output::text(&systems::map_text(house.store(), &row).await?)?;
        return Ok(Exit::Ok);
    };
    let actor = house.actor(&args.person, context, "systems.map").await?;
    let row = find(&house, &args.system).await?;
    systems::confirm_map(house.store(), system::now(), actor, &row.id, &text).await?;
    output::say(context.lang.pick("the map is confirmed", "la carte est confirmée"));
    Ok(Exit::Ok)
}

async fn drift(args: &Drift, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let row = find(&house, &args.system).await?;
    let map = Map::parse(&systems::map_text(house.store(), &row).await?)
        .map_err(|e| Failure::new(Exit::Failed, |lang| e.message(lang), |lang| e.remedy(lang)))?;
    let reached = systems::open(house.store(), &row).await?;
    let drifts = map.check(&estate::scan(&reached).await?);
    let lang = context.lang;
    if args.json {
        output::json(&drifts)?;
    } else {
        for drift in &drifts {
            output::text(&format!("{}\n", drift.message(lang)))?;
        }
        if drifts.is_empty() {
            output::say(lang.pick("the map fits the database", "la carte correspond à la base"));
        }
    }
    let blocked = drifts.iter().any(estate::Drift::is_blocking);
    Ok(if blocked { Exit::Findings } else { Exit::Ok })
}

/// A file's address as it is found from anywhere; other addresses as they are.
fn absolute(address: &str) -> String {
    let path = address.strip_prefix("sqlite:").map(std::path::Path::new);
    match path.and_then(|path| path.canonicalize().ok()) {
        Some(path) => format!("sqlite:{}", path.display()),
        None => address.to_owned(),
    }
}
