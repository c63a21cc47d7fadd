//! `garant read`: a document becomes facts with their places.

use super::read_many::{self, Job};
use super::read_text;
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::input::{self, Input};
use crate::output;
use crate::pdf::InChild;
use crate::source::Source;
use agreement::AgreementFile;
use agreement::reading::Reading;
use kernel::Lang;
use reader::Text;
use std::num::NonZero;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant read dpa.html\n  \
    garant read dpa.txt --json | jq '.terms[] | select(.state == \"vague\")'\n  \
    garant read dpa.txt --toml > agreement.toml      then confirm it by hand and keep it in git\n  \
    garant read contracts/ --jsonl --out read.jsonl  every document of a folder, one object a line\n  \
    curl -s https://example.org/dpa | garant read -")]
pub(crate) struct Args {
    /// The document (PDF, DOCX, ODT, HTML, Markdown or text), or - for standard input; with --jsonl, any number of
    /// documents and folders
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print everything as one JSON object
    #[arg(long, group = "form")]
    json: bool,
    /// Print a first agreement file, to be confirmed by a person
    #[arg(long, group = "form")]
    toml: bool,
    /// Print the extracted text; the spans of a PDF, DOCX or ODT refer to it
    #[arg(long, group = "form")]
    text: bool,
    /// Print one JSON object a line for each document, sorted by path; a document that cannot be read is an
    /// object with an `error`, and the command ends with 1
    #[arg(long, group = "form")]
    jsonl: bool,
    /// Write the lines to a file
    #[arg(long, requires = "jsonl", value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many documents to read at once [default: one for each core]
    #[arg(long, requires = "jsonl", value_name = "COUNT")]
    jobs: Option<NonZero<usize>>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if args.jsonl {
        let job = Job { paths: &args.files, out: args.out.as_deref(), jobs: args.jobs, lang: context.lang };
        return read_many::run(&job);
    }
    let [file] = &args.files[..] else { return Err(one_only()) };
    let input = input::read(file, reader::BYTES_MAX)?;
    if args.text {
        output::text(text(&input)?.as_str())?;
        return Ok(Exit::Ok);
    }
    let (reading, source) = document(&input, context.lang)?;
    if args.json {
        output::json(&reading)?;
    } else if args.toml {
        let file = AgreementFile::from_reading(&reading).with_defaults();
        output::text(&file.to_toml_citing(&|byte| source.place(byte).0))?;
    } else {
        read_text::print(&reading, &source, &input.name, context.lang)?;
    }
    Ok(Exit::Ok)
}

/// What a document says, and the text that its spans refer to.
pub(crate) fn document(input: &Input, lang: Lang) -> Result<(Reading, Source), Failure> {
    let text = text(input)?;
    let reading = reader::reading(&text, &input.bytes, file_name(&input.name), lang);
    Ok((reading, Source::Document(text)))
}

/// The text of a document; a PDF is taken apart in a child process.
pub(crate) fn text(input: &Input) -> Result<Text, Failure> {
    let pdf = InChild::of_this_program();
    reader::extract_with(&pdf, &input.bytes, file_name(&input.name)).map_err(|error| refused(&input.name, &error))
}

/// Standard input has no name of its own.
fn file_name(name: &str) -> &str {
    if name == "-" { "stdin" } else { name }
}

/// The document, as a refusal of the reader.
fn refused(name: &str, error: &reader::ReadError) -> Failure {
    let words = |lang: Lang| match lang {
        Lang::En => format!("`{name}` cannot be read as a document: {}", error.message(lang)),
        Lang::Fr => format!("« {name} » ne peut être lu comme un document : {}", error.message(lang)),
    };
    Failure::new(Exit::Failed, words, |lang| error.remedy(lang))
}

/// Several documents make several objects.
fn one_only() -> Failure {
    Failure::words(
        Exit::Usage,
        ["several documents are given", "plusieurs documents sont donnés"],
        ["add --jsonl for one JSON object a line", "ajoutez --jsonl : un objet JSON par ligne"],
    )
}
