//! How fast the ledger is, against its limits: `cargo xtask bench ledger` runs this in the release profile.
//!
//! `speed DIR` measures on SQLite in the folder `DIR`, which should lie on a disk that keeps what it is told to keep,
//! and on PostgreSQL too when `GARANT_TEST_POSTGRES` names a server; `speed DIR ENTRIES` with fewer entries, for a
//! quick look. It ends with 1 when a limit is missed. Every figure stands beside a yardstick of the same run: the same bytes as plain rows, in transactions of the same size,
//! as durable. What the ledger costs is the ratio of the two.

mod house;
mod memory;
mod yardstick;

use house::{BATCH, Failure, House};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use yardstick::Yardstick;

/// Entries appended in transactions of [`BATCH`], each second, at the least.
const APPENDS_MIN: f64 = 20_000.0;
/// A command of one entry is durable within this, ninety-nine times of a hundred.
const COMMAND_MAX: Duration = Duration::from_millis(10);
/// A million entries are replayed within this.
const REPLAY_MAX: Duration = Duration::from_secs(60);
/// The most memory a replay may add to what the process held before, in MiB.
const REPLAY_MIB_MAX: u64 = 128;
/// Entries that are appended, then replayed.
const ENTRIES: usize = 1_000_000;
/// PostgreSQL has no limit here and answers over a socket: a part says enough.
const ENTRIES_POSTGRES: usize = 100_000;
/// The rate is the median of so many equal parts: the first are appended to an empty ledger, the last to a full one.
const PARTS: usize = 20;
/// So many single commands.
const COMMANDS: usize = 3_000;
/// How many entries tell what it costs when each names another person.
const PEOPLE: usize = 20_000;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match &words[..] {
        [folder] => measure(Path::new(folder), ENTRIES),
        [folder, entries] => entries.parse().map_err(Failure::from).and_then(|n| measure(Path::new(folder), n)),
        _ => Err("usage: speed DIR [ENTRIES]".into()),
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

#[tokio::main]
async fn measure(folder: &Path, entries: usize) -> Result<bool, Failure> {
    println!("SQLite in {}", folder.display());
    let (house, yardstick) = (House::sqlite(folder).await?, Yardstick::sqlite(folder).await?);
    let good = all(&house, &yardstick, entries).await?;
    if let Ok(server) = std::env::var("GARANT_TEST_POSTGRES") {
        println!("\nPostgreSQL, as durable as that server is set, for comparison: what is missed here does not count");
        let database = house::Database::create(&server).await?;
        let (house, yardstick) =
            (House::postgres(folder, &database.url).await?, Yardstick::postgres(&database.url).await?);
        let done = all(&house, &yardstick, entries.min(ENTRIES_POSTGRES)).await;
        house.store.close().await;
        yardstick.close().await;
        database.drop().await?;
        done?;
    }
    Ok(good)
}

async fn all(house: &House, yardstick: &Yardstick, entries: usize) -> Result<bool, Failure> {
    let appended = append(house, yardstick, entries).await?;
    people(house).await?;
    let commanded = commands(house, yardstick).await?;
    let replayed = replay(house).await?;
    Ok(appended & commanded & replayed)
}

/// Entries in large transactions, and beside each part the same bytes as plain rows.
async fn append(house: &House, yardstick: &Yardstick, entries: usize) -> Result<bool, Failure> {
    let part = entries / PARTS;
    let rows = (part / 5).next_multiple_of(BATCH);
    let (mut rates, mut plain, mut processor) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..PARTS {
        let before = memory::processor_seconds();
        rates.push(rate(part, timed(house.append(part)).await?));
        processor += memory::processor_seconds() - before;
        plain.push(rate(rows, timed(yardstick.insert(rows, BATCH)).await?));
    }
    let (rates, plain) = (sorted(rates), sorted(plain));
    let good = median(&rates) >= APPENDS_MIN;
    println!(
        "append {entries} entries, {BATCH} a transaction: median {:.0} /s, slowest part {:.0} /s (limit {APPENDS_MIN:.0} /s){}",
        median(&rates),
        rates[0],
        verdict(good)
    );
    println!("    processor time: {:.0} µs an entry, both threads", processor * 1e6 / house::number(entries));
    println!(
        "    plain rows, one by one: {:.0} /s; an entry costs {:.1} of them",
        median(&plain),
        median(&plain) / median(&rates)
    );
    Ok(good)
}

/// The dearest entries: each makes a key, commits to a value and seals it.
async fn people(house: &House) -> Result<(), Failure> {
    let time = timed(house.append_people(PEOPLE)).await?;
    println!("append {PEOPLE} entries, each of a new person: {:.0} /s", rate(PEOPLE, time));
    Ok(())
}

/// One transaction after the other, as a person's clicks make them.
async fn commands(house: &House, yardstick: &Yardstick) -> Result<bool, Failure> {
    let (mut times, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..COMMANDS {
        times.push(timed(house.command()).await?.as_secs_f64() * 1e3);
        plain.push(timed(yardstick.insert(1, 1)).await?.as_secs_f64() * 1e3);
    }
    let (times, plain) = (sorted(times), sorted(plain));
    let limit = COMMAND_MAX.as_secs_f64() * 1e3;
    let good = percent(&times, 99) <= limit;
    println!(
        "a single command, {COMMANDS} times: median {:.2} ms, p99 {:.2} ms, longest {:.2} ms (limit of p99 {limit:.0} ms){}",
        median(&times),
        percent(&times, 99),
        percent(&times, 100),
        verdict(good)
    );
    println!(
        "    a plain row, as durable: median {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        median(&plain),
        percent(&plain, 99),
        percent(&plain, 100)
    );
    Ok(good)
}

/// Every entry hashed, opened and applied again, every table compared.
async fn replay(house: &House) -> Result<bool, Failure> {
    let (before, processor) = (memory::forget_peak(), memory::processor_seconds());
    let start = Instant::now();
    let entries = house.replay().await?;
    let (time, processor) = (start.elapsed(), memory::processor_seconds() - processor);
    let added = memory::peak_mib().saturating_sub(before);
    let scaled = time.as_secs_f64() * house::number(ENTRIES) / house::number(usize::try_from(entries)?);
    let (fast, small) = (scaled <= REPLAY_MAX.as_secs_f64(), added <= REPLAY_MIB_MAX);
    println!(
        "replay {entries} entries: {:.1} s, {scaled:.1} s a million (limit {} s){}; {added} MiB more than before (limit {REPLAY_MIB_MAX} MiB){}",
        time.as_secs_f64(),
        REPLAY_MAX.as_secs(),
        verdict(fast),
        verdict(small)
    );
    println!(
        "    processor time: {:.0} µs an entry, both threads",
        processor * 1e6 / house::number(usize::try_from(entries)?)
    );
    Ok(fast && small)
}

async fn timed(work: impl Future<Output = Result<(), Failure>>) -> Result<Duration, Failure> {
    let start = Instant::now();
    work.await?;
    Ok(start.elapsed())
}

fn rate(count: usize, time: Duration) -> f64 {
    house::number(count) / time.as_secs_f64()
}

fn sorted(mut figures: Vec<f64>) -> Vec<f64> {
    figures.sort_by(f64::total_cmp);
    figures
}

fn median(sorted: &[f64]) -> f64 {
    percent(sorted, 50)
}

/// The figure that so many of a hundred do not exceed.
fn percent(sorted: &[f64], share: usize) -> f64 {
    sorted[(sorted.len() * share / 100).min(sorted.len() - 1)]
}

fn verdict(good: bool) -> &'static str {
    if good { "" } else { " MISSED" }
}
