//! `garant demo`: a whole invented house to try everything in.
//!
//! A hosting company, Brumaire Hébergement, has two customers with an agreement each, and one
//! database with both customers' clients. All of it is made on the first start, deterministically
//! but for keys and passwords, and kept for the next one.

mod estate;
mod map;
mod people;
mod seed;

use crate::cli::Context;
use crate::commands::serve;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, MailArgs, block_on};
use crate::output::{self, BOLD, styled};
use kernel::Lang;
use seed::Kept;
use serde_json::json;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant demo                                  makes ./garant-demo and serves it on a free port\n  \
    garant demo --listen 127.0.0.1:8017 --json   one line of JSON when it is ready\n\n\
    Stop it with Ctrl-C and start it again: everything is kept. Delete the folder to begin anew.")]
pub(crate) struct Args {
    /// The folder of the demo
    #[arg(long, default_value = "garant-demo")]
    dir: PathBuf,
    /// Where to listen; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// How many people the customer database holds, when it is made
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(20..=1_000_000))]
    people: u32,
    /// Print exactly one line of JSON when ready
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    mail: MailArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    serve::log_to_stderr();
    block_on(async {
        let dir = folder(&args.dir)?;
        let kept = seed::kept(&dir)?;
        let customers = dir.join("customers.db");
        if !customers.exists() {
            let making = context.lang.pick("making the customer database", "création de la base de clients");
            output::say(&format!("{making} ({})…", args.people));
            estate::make(&customers, args.people).await?;
        }
        let listener = serve::listen(args.listen).await?;
        let url = serve::url_of(&listener, args.listen);
        let place = HouseArgs { dir: dir.clone(), database: None, breached_passwords: None };
        let house = House::open(&place, &url, args.mail.server()?, None).await?;
        seed::fill(&house, &dir, &customers, &kept).await?;
        let signals = serve::Signals::listen()?;
        ready(args, &url, &dir, &customers, &kept, context.lang)?;
        serve::serve(house, listener, signals).await
    })
}

/// The folder, made when absent; one that holds something else is left alone.
fn folder(dir: &Path) -> Result<PathBuf, Failure> {
    let named = dir.display().to_string();
    let failed = |error: std::io::Error| {
        Failure::words(
            Exit::Failed,
            [
                format!("the folder `{named}` cannot be used: {error}"),
                format!("le dossier « {named} » est inutilisable : {error}"),
            ],
            ["choose another place with --dir", "choisissez un autre endroit avec --dir"],
        )
    };
    std::fs::create_dir_all(dir).map_err(failed)?;
    let strange = !dir.join(seed::KEPT).exists() && std::fs::read_dir(dir).map_err(failed)?.next().is_some();
    if strange {
        return Err(Failure::words(
            Exit::Conflict,
            [
                format!("`{named}` holds something that is no demo"),
                format!("« {named} » contient autre chose qu'une démo"),
            ],
            ["choose an empty or new folder with --dir", "choisissez un dossier vide ou nouveau avec --dir"],
        ));
    }
    dir.canonicalize().map_err(failed)
}

/// Says that it is ready, and how to go in.
fn ready(args: &Args, url: &str, dir: &Path, customers: &Path, kept: &Kept, lang: Lang) -> Result<(), Failure> {
    if args.json {
        let line = json!({
            "url": url, "dir": dir, "estate": customers, "accounts": kept.accounts, "sample_subject": people::SAMPLE,
        });
        return output::text(&format!("{line}\n"));
    }
    let mut out = output::stdout();
    writeln!(out, "\n{}  {}\n", styled(BOLD, "Garant"), styled(BOLD, url))?;
    for account in &kept.accounts {
        writeln!(out, "  {:16} {:27} {}", account.role.word(), account.email, account.password)?;
    }
    let shown = args.dir.display();
    let things = match lang {
        Lang::En => format!(
            "\nSix things to try\n\
             \x20 1. Sign in as dpo and open an agreement: its text, clause by clause, with what each one promises.\n\
             \x20 2. As support, log an erasure request of Atelier Lune for {sample}.\n\
             \x20 3. As engineer, plan it (every row is counted); as dpo, approve it; as engineer, carry it out.\n\
             \x20 4. As controller-admin, see the same request from the side of Atelier Lune, and take its log out.\n\
             \x20 5. garant check {shown}/agreement-en.txt\n\
             \x20 6. garant ledger export --dir {shown} --out ledger.jsonl, then\n\
             \x20    garant ledger verify ledger.jsonl --key {shown}/keys/ledger.pub\n\n\
             Ctrl-C stops it; everything is kept in {shown}.",
            sample = people::SAMPLE,
        ),
        Lang::Fr => format!(
            "\nSix choses à essayer\n\
             \x20 1. Connectez-vous comme dpo et ouvrez un accord : son texte, clause par clause, et ce que chacune promet.\n\
             \x20 2. Comme support, inscrivez une demande d'effacement d'Atelier Lune pour {sample}.\n\
             \x20 3. Comme engineer, planifiez-la (chaque ligne est comptée) ; comme dpo, approuvez ; comme engineer, exécutez.\n\
             \x20 4. Comme controller-admin, voyez la même demande du côté d'Atelier Lune, et emportez son registre.\n\
             \x20 5. garant check {shown}/agreement-fr.txt --lang fr\n\
             \x20 6. garant ledger export --dir {shown} --out ledger.jsonl, puis\n\
             \x20    garant ledger verify ledger.jsonl --key {shown}/keys/ledger.pub\n\n\
             Ctrl-C l'arrête ; tout est gardé dans {shown}.",
            sample = people::SAMPLE,
        ),
    };
    writeln!(out, "{things}")?;
    Ok(())
}
