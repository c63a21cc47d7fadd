//! `garant read`: a document becomes facts with their places.

use super::read_text;
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::input::{self, Input};
use crate::output;
use crate::source::Source;
use agreement::AgreementFile;
use agreement::reading::Reading;
use kernel::Lang;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant read dpa.html\n  \
    garant read dpa.txt --json | jq '.terms[] | select(.state == \"vague\")'\n  \
    garant read dpa.txt --toml > agreement.toml      then confirm it by hand and keep it in git\n  \
    curl -s https://example.org/dpa | garant read -")]
pub(crate) struct Args {
    /// The document (text, Markdown or HTML), or - for standard input
    file: PathBuf,
    /// Print everything as one JSON object
    #[arg(long, group = "form")]
    json: bool,
    /// Print a first agreement file, to be confirmed by a person
    #[arg(long, group = "form")]
    toml: bool,
    /// Print the text that the spans of a non-text document refer to
    #[arg(long, group = "form")]
    text: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let input = input::read(&args.file, reader::BYTES_MAX)?;
    if args.text {
        let text = reader::extract(&input.bytes, file_name(&input.name)).map_err(|e| refused(&input.name, &e))?;
        output::text(text.as_str())?;
        return Ok(Exit::Ok);
    }
    let reading = reading(&input, context.lang)?;
    if args.json {
        output::json(&reading)?;
    } else if args.toml {
        let source = source(&input, &reading)?;
        let file = AgreementFile::from_reading(&reading).with_defaults();
        output::text(&file.to_toml_citing(&|byte| source.place(byte).0))?;
    } else {
        let source = source(&input, &reading)?;
        read_text::print(&reading, &source, &input.name, context.lang)?;
    }
    Ok(Exit::Ok)
}

/// What a document says.
pub(crate) fn reading(input: &Input, lang: Lang) -> Result<Reading, Failure> {
    reader::read(&input.bytes, file_name(&input.name), lang).map_err(|error| refused(&input.name, &error))
}

/// The text that the spans of a reading refer to.
pub(crate) fn source(input: &Input, reading: &Reading) -> Result<Source, Failure> {
    if reading.document.media_type.starts_with("text/") {
        return Ok(Source::of_file(&input.bytes));
    }
    let text = reader::extract(&input.bytes, file_name(&input.name)).map_err(|error| refused(&input.name, &error))?;
    Ok(Source::of_text(text.as_str().to_owned()))
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
