//! `garant check`: findings as a compiler prints them, each with its line, its caret and its remedy.

use super::{read, sarif};
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::input::{self, Input};
use crate::output::{self, BOLD, styled};
use crate::source::Source;
use agreement::AgreementFile;
use agreement::file::{FileProblem, SIZE_BYTES_MAX};
use agreement::reading::{Finding, Notes, Place, Searched, Severity, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use kernel::Lang;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant check dpa.txt\n  \
    garant check agreement.toml --lang fr\n  \
    garant check dpa.txt --json | jq -r '.findings[].code'\n  \
    garant check contracts/*.md --sarif > findings.sarif      for a code host or an editor\n\n\
    Ends with 3 when there is an error, else with 0; with another code when a file cannot be read: the others are checked.")]
pub(crate) struct Args {
    /// Documents or agreement files (.toml), or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the findings as JSON: one object, or a list of them for several files
    #[arg(long, group = "form")]
    json: bool,
    /// Print the findings as one run of SARIF 2.1.0
    #[arg(long, group = "form")]
    sarif: bool,
}

/// What a check found, and the text it refers to.
pub(super) struct Checked {
    /// The path as given.
    pub(super) name: String,
    /// `document` or `agreement-file`.
    what: &'static str,
    pub(super) findings: Vec<Finding>,
    /// The text of the findings' spans and its name; an agreement file cites a document that may be elsewhere.
    pub(super) source: Option<(String, Source)>,
    /// Whether the spans are bytes of the file itself, and not of a text taken out of it.
    pub(super) of_bytes: bool,
}

/// A file that could not be read, and why.
pub(super) struct Unread {
    /// The path as given.
    pub(super) name: String,
    pub(super) failure: Failure,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let lang = context.lang;
    let (mut done, mut unread) = (Vec::new(), Vec::new());
    for path in &args.files {
        match checked(path, lang) {
            Ok(checked) => done.push(checked),
            Err(failure) => unread.push(Unread { name: path.display().to_string(), failure }),
        }
    }
    if args.sarif {
        output::json(&sarif::log(&done, &unread, lang))?;
    } else if args.json {
        reports(&done, &unread, lang)?;
    } else {
        for (number, checked) in done.iter().enumerate() {
            if number > 0 {
                output::text("\n")?;
            }
            print(checked, lang)?;
        }
        hint(&done, lang);
    }
    // The last one is told by whoever ends the command.
    if let Some((last, first)) = unread.split_last() {
        first.iter().for_each(|unread| output::fail(&unread.failure, lang));
        return Err(last.failure.clone());
    }
    let errors = done.iter().flat_map(|checked| &checked.findings).any(|f| f.severity == Severity::Error);
    Ok(if errors { Exit::Findings } else { Exit::Ok })
}

/// One object, or a list of them for several files; a file that cannot be read is one with an error, last.
fn reports(done: &[Checked], unread: &[Unread], lang: Lang) -> Result<(), Failure> {
    match (done, unread) {
        ([one], []) => output::json(&Report::of(one)),
        ([], [_]) => Ok(()),
        (done, unread) => {
            let told = unread.iter().map(|unread| {
                let (message, remedy) = (unread.failure.message(lang), unread.failure.remedy(lang));
                json!({ "file": unread.name, "error": { "message": message, "remedy": remedy } })
            });
            let done: Result<Vec<Value>, _> = done.iter().map(|one| serde_json::to_value(Report::of(one))).collect();
            output::json(&done?.into_iter().chain(told).collect::<Vec<_>>())
        }
    }
}

fn checked(path: &Path, lang: Lang) -> Result<Checked, Failure> {
    let input = input::read(path, reader::BYTES_MAX.max(SIZE_BYTES_MAX))?;
    match agreement_text(path, &input) {
        Some(text) => Ok(agreement_file(path, &input.name, text?, lang)),
        None => document(&input, lang),
    }
}

fn document(input: &Input, lang: Lang) -> Result<Checked, Failure> {
    let (reading, source) = read::document(input, lang)?;
    let findings = agreement::check_reading(&reading, lang);
    Ok(Checked {
        name: input.name.clone(),
        what: "document",
        findings,
        source: Some((input.name.clone(), source)),
        of_bytes: reading.document.media_type.starts_with("text/"),
    })
}

/// The text of an agreement file: by its extension, or by its first key.
pub(super) fn agreement_text<'i>(path: &Path, input: &'i Input) -> Option<Result<&'i str, Failure>> {
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
    let (name, what) = (name.to_owned(), "agreement-file");
    match AgreementFile::parse(text) {
        Ok(file) => {
            let cited = cited_document(path, &file);
            let notes = cited.as_ref().map(|cited| cited.notes.clone()).unwrap_or_default();
            let findings = agreement::check::check_file_with(&file, &notes, lang);
            let of_bytes = cited.as_ref().is_some_and(|cited| cited.of_bytes);
            Checked { name, what, findings, source: cited.map(|cited| (cited.name, cited.source)), of_bytes }
        }
        Err(problems) => Checked {
            source: Some((name.clone(), Source::File(text.to_owned()))),
            name,
            what,
            findings: problems.iter().map(|problem| as_finding(problem, lang)).collect(),
            of_bytes: true,
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
        searched: None,
    }
}

/// The document behind an agreement file.
struct Cited {
    name: String,
    source: Source,
    notes: Notes,
    of_bytes: bool,
}

/// The document an agreement file was read from, when it still lies beside it unchanged.
fn cited_document(path: &Path, file: &AgreementFile) -> Option<Cited> {
    let hash = file.document.sha256.as_deref()?;
    let beside = path.parent()?.join(Path::new(&file.document.file).file_name()?);
    let input = input::read(&beside, reader::BYTES_MAX).ok()?;
    let (reading, source) = read::document(&input, Lang::En).ok()?;
    let of_bytes = reading.document.media_type.starts_with("text/");
    (reading.document.sha256 == hash).then_some(Cited { name: input.name, source, notes: reading.notes, of_bytes })
}

fn print(checked: &Checked, lang: Lang) -> Result<(), Failure> {
    let mut out = output::stdout();
    let renderer = Renderer::styled();
    for finding in &checked.findings {
        let level = level(finding.severity).with_name(severity_text(finding.severity, lang));
        let title = level.primary_title(finding.message.as_str()).id(finding.code.as_str());
        let searched = finding.searched.as_ref().map(|searched| searched_text(searched, checked, lang));
        match finding.span.and_then(|span| snippet(checked, span)) {
            Some(snippet) => {
                let note = |text| Level::NOTE.with_name(lang.pick("read", "lu")).message(text);
                let help = Level::HELP.with_name(lang.pick("help", "aide")).message(finding.remedy.as_str());
                let group = title.element(snippet).elements(searched.map(note)).element(help);
                writeln!(out, "{}\n", renderer.render(&[group]))?;
            }
            // Without a place there is nothing to draw a margin for.
            None => {
                writeln!(out, "{}", renderer.render(&[Group::with_title(title)]))?;
                let line = |out: &mut dyn Write, name, text: &str| {
                    writeln!(out, "  = {}{}{text}", styled(BOLD, name), output::colon(lang))
                };
                searched.iter().try_for_each(|text| line(&mut out, lang.pick("read", "lu"), text))?;
                line(&mut out, lang.pick("help", "aide"), &finding.remedy)?;
                writeln!(out)?;
            }
        }
    }
    writeln!(out, "{}{}{}", checked.name, output::colon(lang), counts(&checked.findings, lang))?;
    Ok(())
}

/// "112 sentences in 14 clauses; the matter is spoken of in III.8 (line 40) and line 52".
pub(super) fn searched_text(searched: &Searched, checked: &Checked, lang: Lang) -> String {
    let sentences =
        output::count(searched.sentences, lang.pick("sentence", "phrase"), lang.pick("sentences", "phrases"));
    let clauses = output::count(searched.clauses, "clause", "clauses");
    let read = lang.pick(format!("{sentences} in {clauses}"), format!("{sentences} dans {clauses}"));
    let line = |place: &Place| {
        let line = checked.source.as_ref().map(|(_, source)| source.place(place.span[0]).0);
        let line = line.map(|line| format!("{} {line}", lang.pick("line", "ligne")));
        match (&place.clause, line) {
            (Some(clause), Some(line)) => format!("{clause} ({line})"),
            (clause, line) => clause.clone().or(line).unwrap_or_default(),
        }
    };
    let mut near: Vec<String> = searched.near.iter().map(line).collect();
    near.dedup();
    match near.as_slice() {
        [] => lang.pick(format!("{read}; none speaks of the matter"), format!("{read} ; aucune n'en parle")),
        near => {
            let near = near.join(", ");
            lang.pick(
                format!("{read}; the matter comes up in {near}"),
                format!("{read} ; il en est question en {near}"),
            )
        }
    }
}

fn hint(checked: &[Checked], lang: Lang) {
    let known = |finding: &&Finding| !finding.code.starts_with("FILE-");
    if let Some(finding) = checked.iter().flat_map(|checked| &checked.findings).find(known) {
        let code = &finding.code;
        output::say(&lang.pick(
            format!("`garant explain {code}` tells the law behind a code and proposes a clause"),
            format!("`garant explain {code}` donne la loi derrière un code et propose une clause"),
        ));
    }
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
    fn of(checked: &'c Checked) -> Self {
        let of = |severity| checked.findings.iter().filter(|finding| finding.severity == severity).count();
        let placed = |finding: &'c Finding| {
            let place = finding.span.zip(checked.source.as_ref()).map(|(span, (_, source))| source.place(span[0]));
            Placed { finding, line: place.map(|place| place.0), column: place.map(|place| place.1) }
        };
        Self {
            file: &checked.name,
            what: checked.what,
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            advice: of(Severity::Advice),
            findings: checked.findings.iter().map(placed).collect(),
        }
    }
}
