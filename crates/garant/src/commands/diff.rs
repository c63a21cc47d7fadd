//! `garant diff`: two versions of an agreement, term by term and clause by clause.

use super::{check, compared, compared::Sided};
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::input;
use crate::output::{self, BAD, BOLD, DIM, OK, WARN, styled};
use agreement::AgreementFile;
use agreement::file::SIZE_BYTES_MAX;
use kernel::Lang;
use reader::compare::{Change, ChangeKind, Comparison, Piece, TermChange, TermEnd, diff, diff_files};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant diff dpa-2025.docx dpa-2026.docx\n  \
    garant diff dpa.txt agreement.toml               what a person has changed since it was read\n  \
    garant diff old.toml new.toml --json | jq '.terms[] | select(.direction)'\n\n\
    Ends with 3 when something changed, else with 0.")]
pub(crate) struct Args {
    /// The older document or agreement file (.toml)
    old: PathBuf,
    /// The newer one
    new: PathBuf,
    /// Print the changes as one JSON object
    #[arg(long)]
    json: bool,
}

/// What was given: a document, or an agreement file.
enum End {
    Document(Box<Sided>),
    File(String, Box<AgreementFile>),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (old, new) = (open(&args.old)?, open(&args.new)?);
    let found = match (&old, &new) {
        (End::Document(old), End::Document(new)) => {
            diff(old.version(), new.version()).map_err(|error| compared::refused(&error))?
        }
        _ => diff_files(&old.file(), &new.file()),
    };
    if args.json {
        output::json(&Report::of(&found, &old, &new, context.lang))?;
    } else {
        print(&found, &old, &new, context.lang)?;
    }
    Ok(if found.is_empty() { Exit::Ok } else { Exit::Findings })
}

fn open(path: &Path) -> Result<End, Failure> {
    let input = input::read(path, reader::BYTES_MAX.max(SIZE_BYTES_MAX))?;
    let Some(text) = check::agreement_text(path, &input) else {
        return Ok(End::Document(Box::new(compared::of_input(input)?)));
    };
    let file = AgreementFile::parse(text?).map_err(|problems| {
        let first = |lang| problems.first().map(|problem| problem.message(lang)).unwrap_or_default();
        let name = &input.name;
        Failure::new(
            Exit::Failed,
            |lang| match lang {
                Lang::En => format!("`{name}` is no agreement file that holds: {}", first(lang)),
                Lang::Fr => format!("« {name} » n'est pas un fichier d'accord valable : {}", first(lang)),
            },
            |lang| match lang {
                Lang::En => format!("`garant check {name}` shows every problem at its place"),
                Lang::Fr => format!("`garant check {name}` montre chaque problème à sa place"),
            },
        )
    })?;
    Ok(End::File(input.name, Box::new(file)))
}

impl End {
    fn file(&self) -> AgreementFile {
        match self {
            Self::Document(document) => AgreementFile::from_reading(&document.reading()),
            Self::File(_, file) => (**file).clone(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Document(document) => document.name(),
            Self::File(name, _) => name,
        }
    }

    fn place(&self, side: Option<&reader::compare::Side>) -> Option<String> {
        match (self, side) {
            (Self::Document(document), Some(side)) => Some(document.place_text(side)),
            _ => None,
        }
    }
}

fn print(found: &Comparison, old: &End, new: &End, lang: Lang) -> Result<(), Failure> {
    let mut out = output::stdout();
    if !found.terms.is_empty() {
        writeln!(out, "{}", styled(BOLD, lang.pick("Terms", "Termes")))?;
    }
    for term in &found.terms {
        writeln!(out, "  {}", term_line(term, lang))?;
    }
    if !found.clauses.is_empty() {
        writeln!(out, "\n{}", styled(BOLD, lang.pick("Clauses", "Clauses")))?;
    }
    for change in &found.clauses {
        writeln!(out, "  {}", change_head(change, old, new, lang))?;
        writeln!(out, "    {}", change_body(change))?;
    }
    let count = found.terms.len() + found.clauses.len();
    let (style, words) = match count {
        0 => (OK, lang.pick("the same", "identiques").to_owned()),
        _ => (BOLD, output::count(count, lang.pick("change", "changement"), lang.pick("changes", "changements"))),
    };
    let blank = if count == 0 { "" } else { "\n" };
    writeln!(out, "{blank}{} → {}{}{}", old.name(), new.name(), output::colon(lang), styled(style, &words))?;
    Ok(())
}

/// `Notice of a breach to the controller: 72 hours (6.1) → 24 hours (6.1), stricter for the processor`.
fn term_line(term: &TermChange, lang: Lang) -> String {
    let silent = lang.pick("not said", "non dit");
    let end = |end: &Option<TermEnd>| match end {
        None => silent.to_owned(),
        Some(end) => {
            let clause = end.clause.as_ref().map(|clause| format!(" ({clause})")).unwrap_or_default();
            format!("{}{clause}", end.value(lang))
        }
    };
    let ends = format!("{} → {}", end(&term.old), end(&term.new));
    let ends = if term.is_move() { styled(DIM, &ends) } else { styled(WARN, &ends) };
    let direction = term.direction.map(|direction| format!(", {}", direction.text(lang))).unwrap_or_default();
    format!("{}{}{ends}{direction}", term.title(lang), output::colon(lang))
}

fn change_head(change: &Change, old: &End, new: &End, lang: Lang) -> String {
    let word = match change.kind {
        ChangeKind::Added => lang.pick("added", "ajouté"),
        ChangeKind::Removed => lang.pick("removed", "supprimé"),
        ChangeKind::Changed => lang.pick("changed", "modifié"),
        ChangeKind::Moved => lang.pick("moved", "déplacé"),
    };
    let places: Vec<String> =
        [old.place(change.old.as_ref()), new.place(change.new.as_ref())].into_iter().flatten().collect();
    format!("{} {}", styled(BOLD, word), styled(DIM, &places.join(" → ")))
}

/// The words, what went in square brackets with a minus, what came with a plus.
fn change_body(change: &Change) -> String {
    if change.pieces.is_empty() {
        let side = change.new.as_ref().or(change.old.as_ref());
        return side.map(|side| compared::one_line(&side.text)).unwrap_or_default();
    }
    let piece = |piece: &Piece| match piece {
        Piece::Same(text) => text.clone(),
        Piece::Removed(text) => styled(BAD, &format!("[-{text}-]")),
        Piece::Added(text) => styled(OK, &format!("{{+{text}+}}")),
    };
    change.pieces.iter().map(piece).collect::<Vec<_>>().join(" ")
}

#[derive(serde::Serialize)]
struct Report<'r> {
    old: &'r str,
    new: &'r str,
    terms: Vec<Term<'r>>,
    clauses: &'r [Change],
}

#[derive(serde::Serialize)]
struct Term<'r> {
    #[serde(flatten)]
    change: &'r TermChange,
    title: &'r str,
    old_value: Option<&'r str>,
    new_value: Option<&'r str>,
}

impl<'r> Report<'r> {
    fn of(found: &'r Comparison, old: &'r End, new: &'r End, lang: Lang) -> Self {
        let term = |change: &'r TermChange| Term {
            change,
            title: change.title(lang),
            old_value: change.old.as_ref().map(|end| end.value(lang)),
            new_value: change.new.as_ref().map(|end| end.value(lang)),
        };
        Self {
            old: old.name(),
            new: new.name(),
            terms: found.terms.iter().map(term).collect(),
            clauses: &found.clauses,
        }
    }
}
