//! The command line: words in, a [`Command`] out.

/// What `cargo xtask --help` prints.
pub const USAGE: &str = "\
Prepares this machine, runs the tests, leaves nothing behind.

Usage: cargo xtask <COMMAND>

Commands:
  test [--fast] [--no-install] [FILTER…] [-- ARGUMENT…]
            Checks everything: formatting, lints, every test against real servers
              --fast         skips formatting and lints
              --no-install   names missing Debian packages instead of installing them
              FILTER         runs only the tests whose name contains one of these
              -- ARGUMENT    goes to the test programs as it stands (e.g. -- --nocapture)
  services [--no-install]
            Starts the servers the tests need, prints their environment, waits for Ctrl-C;
            run `cargo test` in another terminal with these lines pasted
  sweep [--no-install] [FILTER…]
            Runs the tests with GARANT_SWEEP=1: property tests try many more cases (slow)
  eval DIR… [OPTION…]
            Measures the reader against annotated documents (example `eval` of crate `reader`)
  fuzz [--minutes N] [TARGET…]
            Runs each fuzz target of the reader for N minutes (default 10), two at a time; needs a
            nightly toolchain and cargo-fuzz, and says how to get them
  bench read
            Measures how fast documents are read, in the release profile, against the limits;
            ends with 1 when one is missed (best on an idle machine)
  bench ledger
            Measures how fast entries are appended and replayed, likewise; PostgreSQL too when
            GARANT_TEST_POSTGRES names a server
  bench office
            Measures the lists of a large house under fifty clients and the search for what is due, and lives
            through ten years of ten thousand agreements, likewise
  lines     Counts lines of code, documentation, tests and texts in each crate
  help      Prints this

Needs Rust and a C compiler. On Debian, run as root, it installs by itself:
  postgresql  python3-aiosmtpd  chromium  chromium-driver
As anybody else it prints the command to run and stops.

The tests find their servers through:
  GARANT_TEST_POSTGRES      URL of a private PostgreSQL cluster (superuser, no password, not durable)
  GARANT_TEST_CHROMEDRIVER  path of chromedriver
  GARANT_TEST_PYTHON        path of a Python that has aiosmtpd

The last line of `test` and `sweep` reads `N passed, M failed`; a check that fails without
naming a test (formatting, a lint, a build, a crash) counts as one failure.

Exit code: 0 all passed, 1 something failed, 2 wrong command line.";

/// One thing this program can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Print [`USAGE`].
    Help,
    /// Run every check.
    Test(Tests),
    /// Start the servers and wait.
    Services {
        /// Whether missing packages may be installed.
        install: bool,
    },
    /// Count lines.
    Lines,
    /// Measure the reader; the words go to the example untouched.
    Eval(Vec<String>),
    /// Fuzz the reader.
    Fuzz {
        /// How long each target runs.
        minutes: u32,
        /// The targets by name; none means all.
        targets: Vec<String>,
    },
    /// Measure how fast documents are read.
    BenchRead,
    /// Measure how fast entries are appended and replayed.
    BenchLedger,
    /// Measure the office.
    BenchOffice,
    /// Not for people: clean up once the parent has gone ([`crate::keeper`]).
    Keep {
        /// The temporary folder to remove.
        folder: String,
        /// The `pg_ctl` that stops the cluster inside it.
        pg_ctl: String,
    },
}

/// Which tests to run, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tests {
    /// Skip formatting and lints.
    pub fast: bool,
    /// Name missing packages instead of installing them.
    pub no_install: bool,
    /// Let property tests multiply their cases.
    pub sweep: bool,
    /// Words for the test programs: filters, then whatever followed `--`.
    pub arguments: Vec<String>,
}

/// Reads a command line, program name already taken off. No word at all asks for help.
///
/// # Errors
/// A sentence that says which word makes no sense.
pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut words = arguments;
    let Some(verb) = words.next() else { return Ok(Command::Help) };
    let rest: Vec<String> = words.collect();
    if rest.iter().take_while(|word| *word != "--").any(|word| word == "--help" || word == "-h") && verb != "eval" {
        return Ok(Command::Help);
    }
    match verb.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        "test" => tests(rest, false).map(Command::Test),
        "sweep" => tests(rest, true).map(Command::Test),
        "services" => services(&rest),
        "lines" => nothing_more(&rest).map(|()| Command::Lines),
        "eval" if rest.is_empty() => Err("`eval` needs at least one folder".to_owned()),
        "eval" => Ok(Command::Eval(rest)),
        "fuzz" => fuzz(rest),
        "bench" => match &rest[..] {
            [what] if what == "read" => Ok(Command::BenchRead),
            [what] if what == "ledger" => Ok(Command::BenchLedger),
            [what] if what == "office" => Ok(Command::BenchOffice),
            _ => Err("`bench` measures one thing at a time: `bench read`, `bench ledger` or `bench office`".to_owned()),
        },
        "keep" => keep(rest),
        unknown => Err(format!("no command is called `{unknown}`")),
    }
}

fn tests(words: Vec<String>, sweep: bool) -> Result<Tests, String> {
    let mut tests = Tests { sweep, fast: sweep, ..Tests::default() };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--" => tests.arguments.extend(words.by_ref()),
            "--fast" => tests.fast = true,
            "--no-install" => tests.no_install = true,
            option if option.starts_with('-') => {
                return Err(format!("no option is called `{option}`; words for the test programs go after `--`"));
            }
            _ => tests.arguments.push(word),
        }
    }
    Ok(tests)
}

fn services(words: &[String]) -> Result<Command, String> {
    match words {
        [] => Ok(Command::Services { install: true }),
        [only] if only == "--no-install" => Ok(Command::Services { install: false }),
        [first, ..] => Err(format!("`services` does not take `{first}`")),
    }
}

fn nothing_more(words: &[String]) -> Result<(), String> {
    words.first().map_or(Ok(()), |word| Err(format!("nothing is expected here, found `{word}`")))
}

fn fuzz(words: Vec<String>) -> Result<Command, String> {
    let (mut minutes, mut targets) = (10, Vec::new());
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--minutes" => {
                let number = words.next().and_then(|number| number.parse().ok());
                minutes = number.ok_or("`--minutes` needs a number")?;
            }
            option if option.starts_with('-') => return Err(format!("`fuzz` has no option `{option}`")),
            _ => targets.push(word),
        }
    }
    Ok(Command::Fuzz { minutes, targets })
}

fn keep(words: Vec<String>) -> Result<Command, String> {
    match <[String; 2]>::try_from(words) {
        Ok([folder, pg_ctl]) => Ok(Command::Keep { folder, pg_ctl }),
        Err(_) => Err("`keep` is not for people".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn test_runs_everything_unless_told_otherwise() {
        assert_eq!(read("test"), Ok(Command::Test(Tests::default())));
        assert_eq!(read("test --fast"), Ok(Command::Test(Tests { fast: true, ..Tests::default() })));
        assert_eq!(read("test --no-install"), Ok(Command::Test(Tests { no_install: true, ..Tests::default() })));
    }

    #[test]
    fn filters_and_words_after_two_dashes_reach_the_test_programs() {
        let expected = Tests { arguments: words("clock house --nocapture --fast"), ..Tests::default() };
        assert_eq!(read("test clock house -- --nocapture --fast"), Ok(Command::Test(expected)));
    }

    #[test]
    fn fuzz_takes_minutes_and_targets() {
        assert_eq!(read("fuzz"), Ok(Command::Fuzz { minutes: 10, targets: Vec::new() }));
        assert_eq!(read("fuzz --minutes 1 pdf"), Ok(Command::Fuzz { minutes: 1, targets: words("pdf") }));
        assert!(read("fuzz --minutes").is_err() && read("fuzz --hours 1").is_err());
    }

    #[test]
    fn sweep_is_the_tests_alone_with_more_cases() {
        let expected = Tests { sweep: true, fast: true, arguments: words("period"), ..Tests::default() };
        assert_eq!(read("sweep period"), Ok(Command::Test(expected)));
    }

    #[test]
    fn eval_hands_its_words_on_untouched() {
        assert_eq!(read("eval a --min 0.9 --help"), Ok(Command::Eval(words("a --min 0.9 --help"))));
    }

    #[test]
    fn bench_measures_one_thing() {
        assert_eq!(read("bench read"), Ok(Command::BenchRead));
        assert_eq!(read("bench ledger"), Ok(Command::BenchLedger));
        assert_eq!(read("bench office"), Ok(Command::BenchOffice));
    }

    #[test]
    fn help_is_one_word_or_none() {
        for line in ["", "help", "--help", "-h", "test --help", "services -h", "lines --help"] {
            assert_eq!(read(line), Ok(Command::Help), "{line}");
        }
    }

    #[test]
    fn a_word_that_makes_no_sense_is_refused_by_name() {
        for (line, blamed) in [
            ("tset", "`tset`"),
            ("test --fats", "`--fats`"),
            ("services now", "`now`"),
            ("lines 3", "`3`"),
            ("eval", "at least one folder"),
            ("bench", "`bench read`"),
            ("bench write", "`bench ledger`"),
            ("keep", "not for people"),
        ] {
            let refusal = read(line).expect_err(line);
            assert!(refusal.contains(blamed), "{line}: {refusal}");
        }
    }

    #[test]
    fn help_names_every_command() {
        for verb in ["test", "services", "sweep", "eval", "fuzz", "bench", "lines", "help"] {
            assert!(USAGE.contains(&format!("\n  {verb} ")), "{verb}");
        }
    }
}
