//! Temporary folders and the room left on the disk.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use crate::Trouble;

/// How many names to try before giving up on the temporary folder.
const ATTEMPTS_MAX: u32 = 100;

/// Creates a new empty folder under the system's temporary folder (`TMPDIR`, else `/tmp`).
///
/// # Errors
/// Where the folder could not be made, and why.
pub fn create() -> Result<PathBuf, Trouble> {
    let parent = std::env::temp_dir();
    for attempt in 0..ATTEMPTS_MAX {
        let path = parent.join(format!("garant-xtask-{}-{attempt}", process::id()));
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
            Err(cause) => return Err(unusable(&parent, &cause.to_string())),
        }
    }
    Err(unusable(&parent, "every name tried is already taken"))
}

fn unusable(parent: &Path, cause: &str) -> Trouble {
    let remedy = "Free some space there, or set TMPDIR to a folder you may write to.";
    Trouble::new(format!("cannot make a temporary folder in {}: {cause}", parent.display()), remedy)
}

/// Refuses early when less than `needed_mib` MiB are free on the disk that holds `path`.
/// A machine that cannot tell (no `df`) is given the benefit of the doubt.
///
/// # Errors
/// How much is free and how much is needed.
pub fn require_space(path: &Path, needed_mib: u64) -> Result<(), Trouble> {
    match free_mib(path) {
        Some(free) if free < needed_mib => Err(Trouble::new(
            format!("only {free} MiB are free on the disk of {}; {needed_mib} MiB are needed", path.display()),
            "Free some space, or move the folder with TMPDIR (servers) or CARGO_TARGET_DIR (build).",
        )),
        _ => Ok(()),
    }
}

fn free_mib(path: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(path).output().ok()?;
    parse_df(&String::from_utf8_lossy(&output.stdout))
}

/// Reads the `Available` column of `df -Pk` (KiB) and returns MiB.
fn parse_df(text: &str) -> Option<u64> {
    let available_kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(available_kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_never_share_a_name() {
        let (first, second) = (create().expect("a folder"), create().expect("another folder"));
        assert_ne!(first, second);
        fs::remove_dir(first).expect("the first is empty");
        fs::remove_dir(second).expect("the second is empty");
    }

    #[test]
    fn the_room_left_is_read_from_df() {
        let text = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 100000 1 20480 1% /\n";
        assert_eq!(parse_df(text), Some(20));
        assert_eq!(parse_df("df: no such file"), None);
    }

    #[test]
    fn a_full_disk_is_named_with_its_remedy() {
        let refusal = require_space(Path::new("/"), u64::MAX).expect_err("no disk is that large").to_string();
        assert!(refusal.contains("MiB are free on the disk of /"), "{refusal}");
        assert!(refusal.contains("TMPDIR"), "{refusal}");
    }
}
