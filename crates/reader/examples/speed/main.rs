//! How fast the reader is, against its limits: `cargo xtask bench read` runs this in the release profile.
//!
//! `speed` measures and ends with 1 when a limit is missed; `speed documents DIR COUNT` writes agreements for
//! others to read.

mod documents;

use documents::{Clauses, Form};
use kernel::Lang;
use std::{
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

/// The size of an ordinary agreement, in bytes.
const ORDINARY_BYTES: usize = 25_000;
/// Reading and checking an ordinary agreement takes no longer.
const ORDINARY_MAX: Duration = Duration::from_millis(20);
/// The kernel counts in steps of some milliseconds: a document is read so many times to be timed once.
const TIMES: u32 = 10;
/// Twice the size takes about twice the time. A machine that does other things as well adds its noise, so each time
/// is the best of several and a step may be this much more.
const DOUBLING_MAX: f64 = 2.0 * 1.2;
/// Every size is read so often.
const ROUNDS: usize = 6;
/// The sizes to compare, in bytes; each about twice the one before.
const SIZES: [usize; 5] = [312_500, 625_000, 1_250_000, 2_500_000, 5_000_000];

/// Where the kernel counts the processor time of this process, in nanoseconds: other programs on the machine do not add
/// to it, as they would to the time on the wall.
const PROCESSOR: &str = "/proc/self/schedstat";

type Outcome = Result<bool, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => measure(),
        ["documents", folder, count] => write(Path::new(folder), count),
        _ => Err("usage: speed [documents DIR COUNT]".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Processor time taken so far; where the kernel does not tell, the time on the wall.
fn clock() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string(PROCESSOR).ok();
    let taken = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    taken.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn measure() -> Outcome {
    let languages = [("en", Clauses::of("en")?), ("fr", Clauses::of("fr")?)];
    let mut good = true;
    for (language, clauses) in &languages {
        let first = clauses.document(ORDINARY_BYTES, 0, Form::Plain);
        let start = clock();
        read(&first, Form::Plain)?;
        println!("{language}: first reading, grammar compiled: {:.1} ms", milliseconds(clock() - start));
        good &= ordinary(language, clauses)?;
    }
    for form in [Form::Plain, Form::Html, Form::Markdown] {
        good &= doubling(&languages[0].1, form)?;
    }
    good &= doubling(&languages[1].1, Form::Plain)?;
    Ok(good)
}

fn ordinary(language: &str, clauses: &Clauses) -> Outcome {
    let mut times = Vec::new();
    for number in 0..40 {
        let text = clauses.document(ORDINARY_BYTES, number, Form::Plain);
        let start = clock();
        for _ in 0..TIMES {
            read(&text, Form::Plain)?;
        }
        times.push((clock() - start) / TIMES);
    }
    times.sort_unstable();
    let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
    let good = median <= ORDINARY_MAX;
    println!(
        "{language}: read and check 25 KB, 40 documents: median {:.1} ms, longest {:.1} ms (limit {:.0} ms) {}",
        milliseconds(median),
        milliseconds(most),
        milliseconds(ORDINARY_MAX),
        verdict(good)
    );
    Ok(good)
}

/// Doubles the document; prints the time of each size, of a plain scan of it, and the step from the one before.
fn doubling(clauses: &Clauses, form: Form) -> Outcome {
    let texts = SIZES.map(|bytes| clauses.document(bytes, 3, form));
    let (mut taken, mut scanned) = ([f64::INFINITY; SIZES.len()], [f64::INFINITY; SIZES.len()]);
    // Each size in each round: while the machine does other things, all sizes are slow and no single one.
    for _ in 0..ROUNDS {
        for (at, text) in texts.iter().enumerate() {
            taken[at] = taken[at].min(timed(|| read(text, form))?);
            let scans = timed(|| Ok((0..TIMES).map(|_| scan(text)).sum()))?;
            scanned[at] = scanned[at].min(scans / f64::from(TIMES));
        }
    }
    println!("\n{:<9}{:>9}{:>11}{:>9}{:>8}{:>12}", form.extension(), "MB", "read ms", "MB/s", "step", "scan MB/s");
    let mut good = true;
    for (at, text) in texts.iter().enumerate() {
        // The sizes are not exactly doubled: the step is scaled to the bytes really read.
        let scaled = |before: usize| taken[at] / taken[before] * 2.0 * ratio(texts[before].len(), text.len());
        let step = at.checked_sub(1).map(scaled);
        let fits = step.is_none_or(|step| step <= DOUBLING_MAX);
        good &= fits;
        let shown = step.map_or(String::new(), |step| format!("{step:.2}"));
        let megabytes = ratio(text.len(), 1_000_000);
        println!(
            "{:<9}{megabytes:>9.2}{:>11.1}{:>9.2}{shown:>8}{:>12.0} {}",
            "",
            taken[at] * 1e3,
            megabytes / taken[at],
            megabytes / scanned[at],
            verdict(fits)
        );
    }
    Ok(good)
}

/// How long some work takes, in seconds.
fn timed(work: impl FnOnce() -> Result<usize, Box<dyn std::error::Error>>) -> Result<f64, Box<dyn std::error::Error>> {
    let start = clock();
    std::hint::black_box(work()?);
    Ok((clock() - start).as_secs_f64())
}

/// Reading includes the check.
fn read(text: &str, form: Form) -> Result<usize, Box<dyn std::error::Error>> {
    let reading = reader::read(text.as_bytes(), &format!("dpa.{}", form.extension()), Lang::En)
        .map_err(|error| error.message(Lang::En))?;
    Ok(reading.terms.len() + reading.findings.len())
}

/// The yardstick: one simple pattern over the same bytes.
fn scan(text: &str) -> usize {
    static WORD: std::sync::LazyLock<regex::Regex> =
        std::sync::LazyLock::new(|| regex::Regex::new("[A-Za-z]+(?:tion|ment)s? ").expect("a constant pattern"));
    WORD.find_iter(text).count()
}

/// Writes `count` agreements of 4 to 16 KB, in both languages and three forms.
fn write(folder: &Path, count: &str) -> Outcome {
    let count: usize = count.parse()?;
    let languages = [Clauses::of("en")?, Clauses::of("fr")?];
    std::fs::create_dir_all(folder)?;
    for number in 0..count {
        let form = [Form::Plain, Form::Plain, Form::Html, Form::Markdown][number % 4];
        let text = languages[number % 2].document(4_000 + number % 25 * 500, number, form);
        std::fs::write(folder.join(format!("agreement-{number:05}.{}", form.extension())), text)?;
    }
    println!("{count} documents in {}", folder.display());
    Ok(true)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |bytes: usize| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
    number(part) / number(whole)
}

fn verdict(good: bool) -> &'static str {
    if good { "" } else { "MISSED" }
}
