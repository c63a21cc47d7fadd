//! The grammar of the command line: `garant <verb>` for documents, `garant <noun> <verb>` for the house.

use crate::commands::Command;
use crate::system;
use clap::Parser;
use kernel::Lang;

/// What holds for every command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// The language of words.
    pub(crate) lang: Lang,
    /// The language, when the user asked for one expressly.
    pub(crate) lang_asked: Option<Lang>,
    /// Whether nothing may be asked.
    pub(crate) no_input: bool,
}

/// Reads a data processing agreement, checks it, keeps it, and proves that it was kept.
#[derive(Debug, Parser)]
#[command(
    name = "garant",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "Examples:\n  \
        garant read dpa.txt                            what a document says, term by term\n  \
        garant check dpa.txt                           what it lacks, as a compiler would say it\n  \
        garant pair dpa.en.md dpa.fr.md                what its two language versions do not say alike\n  \
        garant diff old.docx new.docx                  what changed, and for whom it is stricter\n  \
        garant explain A28-3-g --lang fr               the law behind a finding, and a clause to propose\n  \
        garant clock 2026-11-24T10:20 PT72H --place FR when 72 hours are over\n  \
        garant demo                                    a whole house with people in it, to try\n\n\
        Exit codes: 0 ok, 1 failed, 2 usage, 3 findings or differences, 4 not allowed, 5 not found, 6 conflict, 7 deadline broken"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The language of words: en or fr [default: your locale's, else en]
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Lang>,
    /// Never ask anything: fail instead
    #[arg(long, global = true)]
    no_input: bool,
}

impl Cli {
    /// What holds for the command.
    pub(crate) fn context(&self) -> Context {
        Context { lang: self.lang.unwrap_or_else(system::lang), lang_asked: self.lang, no_input: self.no_input }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
