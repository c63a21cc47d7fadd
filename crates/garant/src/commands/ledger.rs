//! `garant ledger`: the proof, exported, shown one entry at a time, replayed, verified.

use super::verify;
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::{output, system};
use kernel::{EntryId, Lang};
use office::proof;
use serde_json::json;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::rc::Rc;

/// The ledger's verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Ledger {
    /// Verify an export or a receipt, offline, with nothing but the file and the public key
    Verify(verify::Args),
    /// Export every log in one signed file; it holds no personal value
    Export(Export),
    /// Print the house's verifier key: publish it where others find it without you
    Key(Key),
    /// Print the receipt of one entry, showing only the values you choose
    Receipt(Receipt),
    /// List the logs
    List(List),
    /// Rebuild every table from the ledger and compare
    Replay(Replay),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  garant ledger export --out ledger.jsonl && garant ledger key > ledger.pub\n  \
    garant ledger verify ledger.jsonl --key ledger.pub")]
pub(crate) struct Export {
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Key {
    #[command(flatten)]
    house: HouseArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Showing a value needs an owner or a privacy officer (--as).")]
pub(crate) struct Receipt {
    /// The entry
    entry: EntryId,
    /// Show the personal value at this JSON pointer, such as /email (repeatable)
    #[arg(long, value_name = "POINTER")]
    disclose: Vec<String>,
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
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
#[command(after_help = "Ends with 1 when a table is not what the ledger says. Writers wait meanwhile.")]
pub(crate) struct Replay {
    /// Keep the rebuilt tables instead of only comparing
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    house: HouseArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(verb: Ledger, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Ledger::Verify(args) => verify::run(&args, context),
        Ledger::Export(args) => block_on(export(&args, context)),
        Ledger::Key(args) => block_on(key(&args)),
        Ledger::Receipt(args) => block_on(receipt(&args, context)),
        Ledger::List(args) => block_on(list(&args, context)),
        Ledger::Replay(args) => block_on(replay(&args, context)),
    }
}

async fn export(args: &Export, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let Some(path) = &args.out else {
        write(&house, std::io::stdout(), Failure::from).await?;
        return Ok(Exit::Ok);
    };
    let name = path.display().to_string();
    let failed = |error: io::Error| unwritable(&name, &error);
    // Whole or not at all: a half-written export looks like a forged one.
    let part = path.with_extension("part");
    let file = write(&house, File::create(&part).map_err(failed)?, failed).await?;
    file.sync_all().and_then(|()| std::fs::rename(&part, path)).map_err(failed)?;
    output::say(&match context.lang {
        Lang::En => format!("{name} is written; verify it with `garant ledger verify {name} --key KEY`"),
        Lang::Fr => format!("{name} est écrit ; vérifiez-le avec `garant ledger verify {name} --key CLÉ`"),
    });
    Ok(Exit::Ok)
}

/// An output that remembers why it failed: the export itself only knows that it did.
struct Watched<W> {
    inner: W,
    failed: Rc<RefCell<Option<io::Error>>>,
}

impl<W> Watched<W> {
    fn watch<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            self.failed.replace(Some(error));
            kind.into()
        })
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.watch(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.watch(flushed)
    }
}

/// The whole export to `inner`, which is given back; `told` says what its own failures mean.
async fn write<W: Write>(house: &House, inner: W, told: impl Fn(io::Error) -> Failure) -> Result<W, Failure> {
    let failed = Rc::new(RefCell::new(None));
    let out = BufWriter::new(Watched { inner, failed: Rc::clone(&failed) });
    let written = proof::export(house.store(), out).await;
    if let Some(error) = failed.take() {
        return Err(told(error));
    }
    let watched = written?.into_inner().map_err(|error| told(error.into_error()))?;
    Ok(watched.inner)
}

fn unwritable(name: &str, error: &std::io::Error) -> Failure {
    Failure::words(
        Exit::Failed,
        [format!("`{name}` cannot be written: {error}"), format!("« {name} » ne peut être écrit : {error}")],
        ["choose another place, or free some space", "choisissez un autre endroit, ou libérez de la place"],
    )
}

async fn key(args: &Key) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    output::text(&format!("{}\n", house.store().keys().verifier()))?;
    Ok(Exit::Ok)
}

async fn receipt(args: &Receipt, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    if !args.disclose.is_empty() {
        house.person(&args.person, context, "ledger.export").await?;
    }
    output::text(&proof::receipt(house.store(), &args.entry, &args.disclose).await?)?;
    Ok(Exit::Ok)
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let logs = house.store().logs().await?;
    if args.json {
        let shown = |log: &store::LogHead| json!({ "origin": log.origin, "controller": log.controller, "size": log.size, "checkpoint": log.checkpoint });
        output::json(&logs.iter().map(shown).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    let rows: Vec<Vec<String>> = logs.iter().map(|log| vec![log.size.to_string(), log.origin.clone()]).collect();
    output::table(&context.lang.pick(["entries", "log"], ["écritures", "registre"]), &rows)?;
    Ok(Exit::Ok)
}

async fn replay(args: &Replay, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let replay = house.store().replay(system::now(), args.keep).await?;
    let (entries, tables) = (replay.entries, replay.tables);
    if args.json {
        let different = replay.different.iter().map(
            |table| json!({ "table": table.table, "only_live": table.only_live, "only_rebuilt": table.only_rebuilt }),
        );
        output::json(&json!({
            "entries": entries, "tables": tables, "different": different.collect::<Vec<_>>(), "kept": args.keep,
        }))?;
    } else {
        output::text(&match context.lang {
            Lang::En => format!("{entries} entries replayed into {tables} tables\n"),
            Lang::Fr => format!("{entries} écritures rejouées dans {tables} tables\n"),
        })?;
        for table in &replay.different {
            let (name, live, rebuilt) = (&table.table, table.only_live, table.only_rebuilt);
            output::text(&match context.lang {
                Lang::En => {
                    format!("{name}: {live} rows the ledger does not give, {rebuilt} it gives and the table lacks\n")
                }
                Lang::Fr => format!(
                    "{name} : {live} lignes que le registre ne donne pas, {rebuilt} qu'il donne et qui manquent\n"
                ),
            })?;
        }
    }
    match (replay.different.len(), args.keep) {
        (0, _) => Ok(Exit::Ok),
        (_, true) => {
            output::say(context.lang.pick(
                "the tables are rebuilt as the ledger says; find out who changed them",
                "les tables sont reconstruites comme le dit le registre ; cherchez qui les a modifiées",
            ));
            Ok(Exit::Ok)
        }
        (tables, false) => Err(different(tables)),
    }
}

fn different(tables: usize) -> Failure {
    Failure::words(
        Exit::Failed,
        [
            format!("{tables} tables are not what the ledger says: somebody changed the database from outside"),
            format!("{tables} tables ne sont pas ce que dit le registre : la base a été modifiée de l'extérieur"),
        ],
        [
            "keep a copy of the database as evidence, then rebuild the tables with `garant ledger replay --keep`",
            "gardez une copie de la base comme preuve, puis reconstruisez les tables avec `garant ledger replay --keep`",
        ],
    )
}
