//! `garant pair`: the English and the French version of an agreement, and every difference in meaning between them.

use super::compared::{self, Sided};
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::output::{self, BOLD, DIM, OK, WARN, styled};
use kernel::Lang;
use reader::compare::{Difference, Kind, Pairing};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant pair dpa.en.txt dpa.fr.txt\n  \
    garant pair dpa.fr.docx dpa.en.docx --lang fr\n  \
    garant pair dpa.en.md dpa.fr.md --json | jq '.differences[].kind'\n\n\
    Ends with 3 when there is a difference, else with 0.")]
pub(crate) struct Args {
    /// One language version; which is which is recognised
    first: PathBuf,
    /// The other
    second: PathBuf,
    /// Print the differences as one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (first, second) = (compared::open(&args.first)?, compared::open(&args.second)?);
    let found = reader::compare::pair(first.version(), second.version()).map_err(|error| compared::refused(&error))?;
    let (en, fr) = if found.english_first { (&first, &second) } else { (&second, &first) };
    if args.json {
        output::json(&Report::of(&found, en, fr, context.lang))?;
    } else {
        print(&found, en, fr, context.lang)?;
    }
    Ok(if found.differences.is_empty() { Exit::Ok } else { Exit::Findings })
}

fn print(found: &Pairing, en: &Sided, fr: &Sided, lang: Lang) -> Result<(), Failure> {
    let mut out = output::stdout();
    for one in &found.differences {
        writeln!(out, "{}", styled(WARN, one.message(lang)))?;
        for (side, document) in [(&one.en, en), (&one.fr, fr)] {
            let Some(side) = side else { continue };
            writeln!(out, "  {}", styled(DIM, &document.place_text(side)))?;
            writeln!(out, "    {}", compared::one_line(&side.text))?;
        }
        writeln!(out)?;
    }
    let count = found.differences.len();
    let differences = match count {
        0 => lang.pick("no difference in meaning", "aucune différence de sens").to_owned(),
        _ => output::count(
            count,
            lang.pick("difference in meaning", "différence de sens"),
            lang.pick("differences in meaning", "différences de sens"),
        ),
    };
    let paired =
        lang.pick(format!("{} sentences compared", found.paired), format!("{} phrases comparées", found.paired));
    let style = if count == 0 { OK } else { BOLD };
    writeln!(out, "{} ({paired})", styled(style, &differences))?;
    Ok(())
}

#[derive(serde::Serialize)]
struct Report<'r> {
    en: &'r str,
    fr: &'r str,
    sentences: usize,
    differences: Vec<Told<'r>>,
}

#[derive(serde::Serialize)]
struct Told<'r> {
    kind: Kind,
    message: &'r str,
    en: Option<compared::Placed<'r>>,
    fr: Option<compared::Placed<'r>>,
}

impl<'r> Report<'r> {
    fn of(found: &'r Pairing, en: &'r Sided, fr: &'r Sided, lang: Lang) -> Self {
        let told = |one: &'r Difference| Told {
            kind: one.kind,
            message: one.message(lang),
            en: one.en.as_ref().map(|side| en.placed(side)),
            fr: one.fr.as_ref().map(|side| fr.placed(side)),
        };
        Self {
            en: en.name(),
            fr: fr.name(),
            sentences: found.paired,
            differences: found.differences.iter().map(told).collect(),
        }
    }
}
