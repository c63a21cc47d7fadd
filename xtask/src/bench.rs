//! The speed of reading, of the ledger and of the office, measured in the release profile against their limits.
//!
//! The ledger's figures the example `speed` of the store takes, the office's the examples `lists` and `decade`. Of reading, what
//! happens inside the process (an ordinary agreement, documents twice as large) the example `speed` of the reader measures; what a user sees of a whole folder is measured here, on the real binary: wall time, processor time,
//! and the most memory it ever held. An idle machine measures best.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::{Trouble, folder, machine};

/// So many documents make the folder.
const DOCUMENTS: usize = 1_000;
/// The most memory `garant read DIR --jsonl` may hold, in KiB.
const MEMORY_KIB_MAX: u64 = 150 * 1024;
/// With two cores or more, so much processor time passes for each second on the wall.
const CORES_MIN: f64 = 1.5;
/// How often the memory is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// The kernel counts processor time in hundredths of a second.
const TICKS_A_SECOND: f64 = 100.0;

/// Measures everything; the exit code is 1 when a limit is missed.
///
/// # Errors
/// A build or a program that does not run.
pub fn read() -> Result<ExitCode, Trouble> {
    build(&["-p", "reader", "--example", "speed"])?;
    build(&["-p", "garant"])?;
    let speed = release().join("examples/speed");
    println!("\n== one document");
    let one = run(Command::new(&speed))?.success();
    println!("\n== {DOCUMENTS} documents");
    let place = folder::create()?;
    let many = many(&speed, &place);
    // The folder is ours alone; what cannot be removed hurts nobody.
    let _ = fs::remove_dir_all(&place);
    Ok(if one && many? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Room for a ledger of a million entries, beside what is built.
const LEDGER_SPACE_MIB: u64 = 4096;

/// Measures the ledger; the exit code is 1 when a limit is missed. It stands beside what was built: a temporary folder
/// may lie in memory, where nothing has to be made durable.
///
/// # Errors
/// A build or a program that does not run, too little space.
pub fn ledger() -> Result<ExitCode, Trouble> {
    build(&["-p", "store", "--example", "speed"])?;
    let place = release().join(format!("bench-ledger-{}", std::process::id()));
    folder::require_space(&release(), LEDGER_SPACE_MIB)?;
    let unusable = |cause| Trouble::new(format!("{}: {cause}", place.display()), "Make the folder above it writable.");
    fs::create_dir(&place).map_err(unusable)?;
    let mut speed = Command::new(release().join("examples/speed"));
    speed.arg(&place);
    let good = run(speed).map(|status| status.success());
    // The folder is ours alone; what cannot be removed hurts nobody.
    let _ = fs::remove_dir_all(&place);
    Ok(if good? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Measures the office; the exit code is 1 when a limit is missed.
///
/// # Errors
/// A build or a program that does not run.
pub fn office() -> Result<ExitCode, Trouble> {
    build(&["-p", "office", "--example", "decade", "--example", "lists"])?;
    println!("\n== ten years");
    let decade = run(Command::new(release().join("examples/decade")))?.success();
    println!("\n== lists");
    let lists = run(Command::new(release().join("examples/lists")))?.success();
    Ok(if decade && lists { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn build(words: &[&str]) -> Result<(), Trouble> {
    let mut cargo = Command::new(machine::cargo());
    cargo.args(["build", "--release", "--quiet"]).args(words).current_dir(machine::root());
    if run(cargo)?.success() { Ok(()) } else { Err(Trouble::new("the build failed", "Mend what it says above.")) }
}

/// Where cargo puts what it builds.
fn release() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| machine::root().join("target"), PathBuf::from);
    target.join("release")
}

fn run(mut command: Command) -> Result<ExitStatus, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).status().map_err(|cause| Trouble::cannot_start(&name, &cause))
}

fn many(speed: &Path, place: &Path) -> Result<bool, Trouble> {
    let documents = place.join("documents");
    let mut write = Command::new(speed);
    write.arg("documents").arg(&documents).arg(DOCUMENTS.to_string());
    if !run(write)?.success() {
        return Err(Trouble::new("the documents were not written", "See what `speed` says above."));
    }
    let mut garant = Command::new(release().join("garant"));
    garant.arg("read").arg(&documents).arg("--jsonl").arg("--out").arg(place.join("lines.jsonl"));
    let (before, start) = (children_seconds(), Instant::now());
    let child = garant.stdin(Stdio::null()).spawn().map_err(|cause| Trouble::cannot_start("garant", &cause))?;
    let (good, memory_kib) = watch(child)?;
    let (wall, cpu) = (start.elapsed().as_secs_f64(), children_seconds() - before);
    let lines = fs::read_to_string(place.join("lines.jsonl")).map_or(0, |text| text.lines().count());
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let verdict = |good: bool| if good { "" } else { "  MISSED" };
    let busy = cores < 2 || cpu / wall >= CORES_MIN;
    let small = memory_kib <= MEMORY_KIB_MAX;
    println!("lines written    {lines:>8}{}", verdict(lines == DOCUMENTS && good));
    println!("wall             {wall:>8.2} s");
    println!("processor / wall {:>8.2} on {cores} cores (limit {CORES_MIN}){}", cpu / wall, verdict(busy));
    println!("most memory      {:>8} MiB (limit 150){}", memory_kib / 1024, verdict(small));
    Ok(good && lines == DOCUMENTS && busy && small)
}

/// Waits for a child and keeps an eye on its memory: whether it ended well, and the most it held, in KiB.
fn watch(mut child: Child) -> Result<(bool, u64), Trouble> {
    let status = format!("/proc/{}/status", child.id());
    let (sender, receiver) = channel();
    let waiter = thread::spawn(move || {
        let ended = child.wait();
        // The watcher may have gone.
        let _ = sender.send(());
        ended
    });
    let mut most = 0;
    while receiver.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        most = most.max(fs::read_to_string(&status).map_or(0, |text| peak_kib(&text)));
    }
    let ended = waiter.join().map_err(|_| Trouble::new("the measurement broke", "Run it again."))?;
    let ended = ended.map_err(|cause| Trouble::cannot_start("garant", &cause))?;
    Ok((ended.success(), most))
}

/// `VmHWM` of a `/proc/PID/status`.
fn peak_kib(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Processor time of all children that have ended, in seconds.
fn children_seconds() -> f64 {
    fs::read_to_string("/proc/self/stat").map_or(0.0, |text| children_ticks(&text) / TICKS_A_SECOND)
}

/// `cutime` and `cstime` of a `/proc/PID/stat`; the program's name stands in brackets and may hold spaces.
fn children_ticks(stat: &str) -> f64 {
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_tells_memory_and_time() {
        assert_eq!(peak_kib("VmPeak:\t  900 kB\nVmHWM:\t   512 kB\nVmRSS:\t 400 kB\n"), 512);
        assert_eq!(peak_kib(""), 0);
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0";
        assert!((children_ticks(stat) - 70.0).abs() < f64::EPSILON, "{}", children_ticks(stat));
    }
}
