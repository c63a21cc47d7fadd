//! `garant render`: an agreement file becomes a complete agreement to sign.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::input;
use crate::output;
use agreement::AgreementFile;
use agreement::file::{FileTerm, SIZE_BYTES_MAX, Value, line_column};
use agreement::names::TERMS;
use agreement::reading::State;
use kernel::Lang;
use render::{Format, Problem};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant render agreement.toml -o agreement.html            in the language of the file\n  \
    garant render agreement.toml --lang fr --format md | less\n  \
    garant read dpa.txt --toml | garant render - -o dpa.html  a document in our wording\n\n\
    Each term of the file has one clause; what no clause can say is an error that names the term.")]
pub(crate) struct Args {
    /// The agreement file, or - for standard input
    agreement: PathBuf,
    /// What to write: html, md, docx or pdf [default: by the name after --output, else md]
    #[arg(long, value_parser = format_named, value_name = "FORMAT")]
    format: Option<Format>,
    /// The file to write, or - for standard output
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

fn format_named(name: &str) -> Result<Format, String> {
    let known = || Format::ALL.map(Format::name).join(", ");
    Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| format!("choose one of {}", known()))
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let format = args.format.or_else(|| by_name(&args.output)).unwrap_or(Format::Markdown);
    let to_stdout = args.output.as_os_str() == "-";
    if to_stdout && !format.is_text() && std::io::stdout().is_terminal() {
        return Err(terminal(format));
    }
    if !to_stdout && input::same_file(&args.agreement, &args.output) {
        return Err(input::would_be_overwritten(&args.output));
    }
    let file = agreement_file(&args.agreement)?;
    let lang = context.lang_asked.unwrap_or(file.document.language);
    let bytes = render::render(&file, lang, format).map_err(|problems| refused(&problems, context.lang))?;
    for term in read_differently(&file, lang) {
        output::say(&warning(term, context.lang));
    }
    if to_stdout {
        std::io::stdout().lock().write_all(&bytes)?;
    } else {
        std::fs::write(&args.output, &bytes).map_err(|error| unwritten(&args.output, &error))?;
    }
    Ok(Exit::Ok)
}

fn by_name(output: &Path) -> Option<Format> {
    let ending = output.extension()?.to_str()?.to_ascii_lowercase();
    Format::ALL.into_iter().find(|format| format.name() == ending)
}

fn agreement_file(path: &Path) -> Result<AgreementFile, Failure> {
    let input = input::read(path, SIZE_BYTES_MAX)?;
    let name = input.name;
    let text = String::from_utf8(input.bytes).map_err(|_| {
        Failure::words(
            Exit::Failed,
            [
                format!("`{name}` is not UTF-8, so it is no TOML"),
                format!("« {name} » n'est pas en UTF-8 : ce n'est pas du TOML"),
            ],
            ["save the file as UTF-8", "enregistrez le fichier en UTF-8"],
        )
    })?;
    AgreementFile::parse(&text).map_err(|problems| {
        let first = problems.first().map(|problem| {
            let place = problem.span.as_ref().map(|span| line_column(&text, span.start));
            Lang::ALL.map(|lang| (place, problem.message(lang)))
        });
        let words = |lang: Lang| {
            let first = first.as_ref().map(|both| &both[lang as usize]);
            let place =
                first.and_then(|(place, _)| *place).map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
            let message = first.map_or("", |(_, message)| message.as_str());
            lang.pick(
                format!("`{name}{place}` is no valid agreement file: {message}"),
                format!("« {name}{place} » n'est pas un fichier d'accord valide : {message}"),
            )
        };
        let remedy = |lang: Lang| {
            lang.pick(
                format!("`garant check {name}` shows every problem at its place"),
                format!("« garant check {name} » montre chaque problème à sa place"),
            )
        };
        Failure::new(Exit::Findings, words, remedy)
    })
}

/// Every problem is told; the last one ends the command.
fn refused(problems: &[Problem], lang: Lang) -> Failure {
    let failure = |problem: &Problem| {
        Failure::new(Exit::Findings, |lang| problem.message(lang), |lang| problem.remedy(lang).to_owned())
    };
    let Some((last, first)) = problems.split_last() else { return failure(&Problem::NotAnAgreement) };
    for problem in first {
        output::fail(&failure(problem), lang);
    }
    failure(last)
}

/// The terms that a reader takes otherwise than the file holds them: words of a person that no rule knows.
fn read_differently(file: &AgreementFile, lang: Lang) -> Vec<&'static str> {
    let written = render::render(file, lang, Format::Markdown).unwrap_or_default();
    let Ok(reading) = reader::read(&written, "agreement.md", lang) else { return Vec::new() };
    let back = AgreementFile::from_reading(&reading);
    let names = TERMS.iter().map(|term| term.name);
    names.filter(|name| said(file.term(name)) != said(back.term(name))).collect()
}

type Said<'a> = Option<(State, Option<&'a Value>, bool)>;

/// State, value and working days; a promise refused or on a condition is compared without its value.
fn said(term: Option<&FileTerm>) -> Said<'_> {
    let term = term?;
    if term.value == Some(Value::Flag(false)) || term.state == State::Negated {
        return Some((State::Negated, None, false));
    }
    let value = term.value.as_ref().filter(|_| term.state != State::Conditional);
    Some((term.state, value, term.working))
}

fn warning(term: &str, lang: Lang) -> String {
    let head = output::styled(output::WARN, lang.pick("warning", "avertissement"));
    let words = lang.pick(
        format!("`garant read` takes `{term}` otherwise than the file holds it; look at its clause"),
        format!("« garant read » comprend `{term}` autrement que le fichier ; relisez sa clause"),
    );
    format!("{head}{}{words}", output::colon(lang))
}

fn terminal(format: Format) -> Failure {
    let name = format.name();
    Failure::words(
        Exit::Usage,
        [
            format!("a {name} file cannot be shown in a terminal"),
            format!("un fichier {name} ne peut s'afficher dans un terminal"),
        ],
        [
            "name a file with `--output`, or send the output into one",
            "nommez un fichier avec « --output », ou redirigez la sortie",
        ],
    )
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    let name = path.display();
    Failure::words(
        Exit::Failed,
        [format!("`{name}` cannot be written: {error}"), format!("« {name} » ne peut être écrit : {error}")],
        ["check that its folder exists and accepts files", "vérifiez que son dossier existe et accepte des fichiers"],
    )
}
