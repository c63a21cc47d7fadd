//! `garant check`: findings as a compiler prints them, each with its line, its caret and its remedy.

use super::read;
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::input::{self, Input};
use crate::output;
use crate::source::Source;
use agreement::AgreementFile;
use agreement::file::{FileProblem, SIZE_BYTES_MAX};
use agreement::reading::{Finding, Severity, Span};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use kernel::Lang;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant check dpa.txt\n  \
    garant check agreement.toml --lang fr\n  \
    garant check dpa.txt --json | jq -r '.findings[].code'\n\n\
    Ends with 3 when there is an error, else with 0.")]
pub(crate) struct Args {
    /// A document, or an agreement file (.toml), or - for standard input
    file: PathBuf,
    /// Print the findings as one JSON object
    #[arg(long)]
    json: bool,
}

/// What a check found, and the text it refers to.
struct Checked {
    what: &'static str,
    findings: Vec<Finding>,
    /// The text of the findings' spans and its name; an agreement file cites a document that may be elsewhere.
    source: Option<(String, Source)>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let input = input::read(&args.file, reader::BYTES_MAX.max(SIZE_BYTES_MAX))?;
    let checked = match agreement_text(&args.file, &input) {
        Some(text) => agreement_file(&args.file, &input.name, text?, context.lang),
        None => document(&input, context.lang)?,
    };
    if args.json {
        output::json(&Report::of(&input.name, &checked))?;
    } else {
        print(&checked, &input.name, context.lang)?;
    }
    let errors = checked.findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if errors { Exit::Findings } else { Exit::Ok })
}

fn document(input: &Input, lang: Lang) -> Result<Checked, Failure> {
    let (reading, source) = read::document(input, lang)?;
    let findings = agreement::check_reading(&reading, lang);
    Ok(Checked { what: "document", findings, source: Some((input.name.clone(), source)) })
}

/// The text of an agreement file: by its extension, or by its first key.
fn agreement_text<'i>(path: &Path, input: &'i Input) -> Option<Result<&'i str, Failure>> {
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let text = std::str::from_utf8(&input.bytes);
    let keyed = text.is_ok_and(|text| {
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        first.is_some_and(|line| line.starts_with("garant-agreement"))
    });
    (named || keyed).then(|| text.map_err(|_| no_text(&input.name)))
}

fn no_text(name: &str) -> Failure {
    Failure::words(
        Exit::Failed,
        [
            format!("`{name}` is not UTF-8, so it is no TOML"),
            format!("« {name} » n'est pas en UTF-8 : ce n'est pas du TOML"),
        ],
        ["save the file as UTF-8", "enregistrez le fichier en UTF-8"],
    )
}

fn agreement_file(path: &Path, name: &str, text: &str, lang: Lang) -> Checked {
    match AgreementFile::parse(text) {
        Ok(file) => Checked {
            what: "agreement-file",
            source: cited_document(path, &file),
            findings: agreement::check_file(&file, lang),
        },
        Err(problems) => Checked {
            what: "agreement-file",
            source: Some((name.to_owned(), Source::File(text.to_owned()))),
            findings: problems.iter().map(|problem| as_finding(problem, lang)).collect(),
        },
    }
}

fn as_finding(problem: &FileProblem, lang: Lang) -> Finding {
    Finding {
        code: problem.code().to_owned(),
        severity: Severity::Error,
        message: problem.message(lang),
        span: problem.span.as_ref().map(|span| [span.start, span.end]),
        remedy: problem.remedy(lang),
    }
}

/// The document an agreement file was read from, when it still lies beside it unchanged.
fn cited_document(path: &Path, file: &AgreementFile) -> Option<(String, Source)> {
    let hash = file.document.sha256.as_deref()?;
    let beside = path.parent()?.join(Path::new(&file.document.file).file_name()?);
    let input = input::read(&beside, reader::BYTES_MAX).ok()?;
    let (reading, source) = read::document(&input, Lang::En).ok()?;
    (reading.document.sha256 == hash).then_some((input.name, source))
}

fn print(checked: &Checked, name: &str, lang: Lang) -> Result<(), Failure> {
    let mut out = output::stdout();
    let renderer = Renderer::styled();
    for finding in &checked.findings {
        let snippet = finding.span.and_then(|span| snippet(checked, span));
        let level = level(finding.severity).with_name(severity_text(finding.severity, lang));
        let help = Level::HELP.with_name(lang.pick("help", "aide")).message(finding.remedy.as_str());
        let title = level.primary_title(finding.message.as_str()).id(finding.code.as_str());
        let group = match snippet {
            Some(snippet) => title.element(snippet).element(help),
            None => title.element(help),
        };
        writeln!(out, "{}\n", renderer.render(&[group]))?;
    }
    writeln!(out, "{name}{}{}", output::colon(lang), counts(&checked.findings, lang))?;
    if let Some(finding) = checked.findings.iter().find(|finding| !finding.code.starts_with("FILE-")) {
        let code = &finding.code;
        output::say(lang.pick(
            &format!("`garant explain {code}` tells the law behind a code and proposes a clause"),
            &format!("`garant explain {code}` donne la loi derrière un code et propose une clause"),
        ));
    }
    Ok(())
}

fn snippet(checked: &Checked, span: Span) -> Option<Snippet<'_, annotate_snippets::Annotation<'_>>> {
    let (name, source) = checked.source.as_ref()?;
    let line = source.line(span);
    let mark = AnnotationKind::Primary.span(line.mark);
    Some(Snippet::source(line.text).line_start(line.number).path(name.as_str()).annotation(mark))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE,
    }
}

/// A severity in words.
pub(super) fn severity_text(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Error => lang.pick("error", "erreur"),
        Severity::Warning => lang.pick("warning", "avertissement"),
        Severity::Advice => lang.pick("advice", "conseil"),
    }
}

/// "2 errors, 1 warning, no advice".
pub(super) fn counts(findings: &[Finding], lang: Lang) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    if findings.is_empty() {
        return lang.pick("no findings", "aucun constat").to_owned();
    }
    let parts = [
        (of(Severity::Error), lang.pick(["error", "errors"], ["erreur", "erreurs"])),
        (of(Severity::Warning), lang.pick(["warning", "warnings"], ["avertissement", "avertissements"])),
        (of(Severity::Advice), lang.pick(["piece of advice", "pieces of advice"], ["conseil", "conseils"])),
    ];
    let said =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, [one, many])| output::count(*number, one, many));
    said.collect::<Vec<_>>().join(", ")
}

#[derive(serde::Serialize)]
struct Report<'c> {
    file: &'c str,
    what: &'static str,
    errors: usize,
    warnings: usize,
    advice: usize,
    findings: Vec<Placed<'c>>,
}

#[derive(serde::Serialize)]
struct Placed<'c> {
    #[serde(flatten)]
    finding: &'c Finding,
    line: Option<usize>,
    column: Option<usize>,
}

impl<'c> Report<'c> {
    fn of(file: &'c str, checked: &'c Checked) -> Self {
        let of = |severity| checked.findings.iter().filter(|finding| finding.severity == severity).count();
        let placed = |finding: &'c Finding| {
            let place = finding.span.zip(checked.source.as_ref()).map(|(span, (_, source))| source.place(span[0]));
            Placed { finding, line: place.map(|place| place.0), column: place.map(|place| place.1) }
        };
        Self {
            file,
            what: checked.what,
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            advice: of(Severity::Advice),
            findings: checked.findings.iter().map(placed).collect(),
        }
    }
}
