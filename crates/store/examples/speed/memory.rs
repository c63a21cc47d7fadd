//! How much memory this process holds and how much processor time it takes, as the kernel tells it.

use std::fs;

/// Forgets the most that was held so far; gives what is held now, in MiB. Where the kernel does not tell, nothing.
pub(crate) fn forget_peak() -> u64 {
    // Where it cannot be forgotten the peak is too high, and the limit only harder to hold.
    let _ = fs::write("/proc/self/clear_refs", "5");
    told("VmRSS:")
}

/// The most that was held since, in MiB.
pub(crate) fn peak_mib() -> u64 {
    told("VmHWM:")
}

fn told(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// The kernel counts processor time in hundredths of a second.
const TICKS_A_SECOND: f64 = 100.0;

/// Processor time of all threads so far, in seconds: other programs on the machine do not add to it.
pub(crate) fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    // utime and stime; the program's name before them may hold spaces.
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_A_SECOND
}
