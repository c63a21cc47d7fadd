//! `garant explain`: what a finding means in law, and a clause to propose.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::output::{self, BOLD, DIM, styled};
use agreement::codes::{self, Explanation};
use agreement::reading::Severity;
use kernel::Lang;
use std::io::Write;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant explain A28-3-g              in both languages\n  \
    garant explain A28-3-g --lang fr    in French only\n  \
    garant explain --all --json")]
pub(crate) struct Args {
    /// The code of a finding, such as A28-3-g
    #[arg(conflicts_with = "all")]
    code: Option<String>,
    /// Explain every code: the whole stable list
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Shown<'e> {
    code: &'e str,
    severity: Severity,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<codes::Case>,
    law: &'e [String],
    asks: Words,
    says: Words,
    clause: Option<Words>,
    remedy: Words,
}

#[derive(serde::Serialize)]
struct Words {
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fr: Option<String>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let langs: &[Lang] = context.lang_asked.as_ref().map_or(&Lang::ALL, std::slice::from_ref);
    let entries: Vec<&Explanation> = match &args.code {
        Some(code) => vec![codes::explain(code).ok_or_else(|| unknown(code))?],
        None if args.all => codes::all().iter().collect(),
        None => return Err(no_code()),
    };
    if args.json {
        let shown: Vec<Shown<'_>> = entries.iter().map(|entry| shown(entry, langs)).collect();
        match (&args.code, shown.first()) {
            (Some(_), Some(one)) => output::json(one)?,
            _ => output::json(&shown)?,
        }
        return Ok(Exit::Ok);
    }
    let mut out = output::stdout();
    for (number, entry) in entries.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        print(&mut out, entry, langs)?;
    }
    Ok(Exit::Ok)
}

fn shown<'e>(entry: &'e Explanation, langs: &[Lang]) -> Shown<'e> {
    let words = |both: &codes::Both| {
        let in_lang = |lang: Lang| langs.contains(&lang).then(|| Explanation::in_general(both, lang));
        Words { en: in_lang(Lang::En), fr: in_lang(Lang::Fr) }
    };
    Shown {
        code: &entry.code,
        severity: entry.severity,
        also: entry.severities(),
        law: &entry.law,
        asks: words(&entry.asks),
        says: words(&entry.says),
        clause: entry.clause.as_ref().map(words),
        remedy: words(&entry.remedy),
    }
}

fn print(out: &mut impl Write, entry: &Explanation, langs: &[Lang]) -> Result<(), Failure> {
    for (number, lang) in langs.iter().copied().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let title = styled(BOLD, &entry.code);
        let severity = super::check::severity_text(entry.severity, lang);
        writeln!(out, "{title} · {severity} · {}", entry.law_text(lang))?;
        for case in entry.severities() {
            let severity = super::check::severity_text(case.severity, lang);
            writeln!(out, "  {severity} {}", case.when.get(lang))?;
        }
        let part = |out: &mut dyn Write, en: &str, fr: &str, text: &codes::Both| -> std::io::Result<()> {
            writeln!(out, "{}", styled(DIM, lang.pick(en, fr)))?;
            writeln!(out, "{}", wrapped(&Explanation::in_general(text, lang)))
        };
        part(out, "The law", "La loi", &entry.asks)?;
        part(out, "The text should say", "Le texte devrait dire", &entry.says)?;
        if let Some(clause) = &entry.clause {
            part(out, "A clause to propose", "Une clause à proposer", clause)?;
        }
    }
    Ok(())
}

/// Lines of at most 88 characters, set in by two.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::from("  ")];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 2 && line + 1 + word.chars().count() > 88 {
            lines.push(String::from("  "));
        }
        if let Some(line) = lines.last_mut() {
            if line.len() > 2 {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

fn no_code() -> Failure {
    Failure::words(
        Exit::Usage,
        ["no code is given", "aucun code n'est donné"],
        [
            "name the code of a finding, such as `garant explain A28-3-g`; `garant explain --all` lists every code",
            "donnez le code d'un constat, comme « garant explain A28-3-g » ; « garant explain --all » les donne tous",
        ],
    )
}

fn unknown(code: &str) -> Failure {
    let near = codes::nearest_code(code);
    let message =
        |lang: Lang| lang.pick(format!("there is no code `{code}`"), format!("il n'y a pas de code « {code} »"));
    Failure::new(Exit::NotFound, message, |lang| match near {
        Some(near) => lang.pick(
            format!("did you mean `{near}`? `garant explain --all` lists them all"),
            format!("vouliez-vous écrire « {near} » ? `garant explain --all` les donne tous"),
        ),
        None => lang
            .pick("`garant explain --all` lists every code", "`garant explain --all` donne tous les codes")
            .to_owned(),
    })
}
