//! Fuzzing the reader: each target for some minutes, within the limits a reader has to keep.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use crate::{Trouble, machine};

/// The targets of `fuzz/Cargo.toml`.
pub const TARGETS: [&str; 8] = ["text", "markdown", "html", "docx", "odt", "pdf", "mail", "pipeline"];
/// So many run at once.
const AT_ONCE: usize = 2;
/// The longest one input may take, in seconds.
const TIMEOUT_SECONDS: u32 = 2;
/// The most memory a target may take, in MB.
const MEMORY_MB_MAX: u32 = 256;
/// The largest input tried, in bytes.
const INPUT_BYTES_MAX: u32 = 65_536;

/// Builds the targets and runs them; what they find lies in `fuzz/artifacts`.
///
/// # Errors
/// An unknown target, a missing tool, or a build that fails.
pub fn run(minutes: u32, wanted: &[String]) -> Result<ExitCode, Trouble> {
    if let Some(unknown) = wanted.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        let remedy = format!("Targets are: {}.", TARGETS.join(", "));
        return Err(Trouble::new(format!("there is no fuzz target `{unknown}`"), remedy));
    }
    let targets: Vec<&str> =
        TARGETS.into_iter().filter(|name| wanted.is_empty() || wanted.iter().any(|w| w == name)).collect();
    let built = cargo_fuzz("build").status().map_err(|cause| Trouble::cannot_start("rustup", &cause))?;
    if !built.success() {
        return Err(Trouble::new(
            "the fuzz targets could not be built",
            "Run `rustup toolchain install nightly` and `cargo install cargo-fuzz --locked`, then try again.",
        ));
    }
    let mut broken: Vec<&str> = Vec::new();
    for pair in targets.chunks(AT_ONCE) {
        let running: Result<Vec<Child>, Trouble> = pair.iter().map(|target| start(target, minutes)).collect();
        for (target, mut child) in pair.iter().zip(running?) {
            let ended = child.wait().map_err(|cause| Trouble::cannot_start("rustup", &cause))?;
            println!(
                "== fuzz {target}: {}",
                if ended.success() { "nothing found" } else { "FAILED, see fuzz/artifacts" }
            );
            broken.extend((!ended.success()).then_some(*target));
        }
    }
    println!("\n{} passed, {} failed", targets.len() - broken.len(), broken.len());
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The reader has no unsafe code, so the address sanitizer would cost memory and find nothing.
fn cargo_fuzz(verb: &str) -> Command {
    let mut rustup = Command::new("rustup");
    rustup.args(["run", "nightly", "cargo", "fuzz", verb, "--sanitizer", "none", "--fuzz-dir", "."]);
    rustup.current_dir(folder()).stdin(Stdio::null());
    rustup
}

fn start(target: &str, minutes: u32) -> Result<Child, Trouble> {
    let corpus = folder().join("corpus").join(target);
    let made = std::fs::create_dir_all(&corpus);
    made.map_err(|cause| Trouble::new(format!("{} cannot be made: {cause}", corpus.display()), "Check the disk."))?;
    let mut cargo = cargo_fuzz("run");
    cargo.arg(target).arg(corpus).arg(Path::new("seeds").join(target)).arg("--").args(limits(minutes));
    cargo.spawn().map_err(|cause| Trouble::cannot_start("rustup", &cause))
}

fn limits(minutes: u32) -> [String; 4] {
    [
        format!("-max_total_time={}", minutes.saturating_mul(60)),
        format!("-timeout={TIMEOUT_SECONDS}"),
        format!("-rss_limit_mb={MEMORY_MB_MAX}"),
        format!("-max_len={INPUT_BYTES_MAX}"),
    ]
}

fn folder() -> PathBuf {
    machine::root().join("fuzz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_in_the_manifest_and_has_seeds() {
        let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).unwrap();
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
        for target in TARGETS {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
            assert!(folder().join("fuzz_targets").join(target).with_extension("rs").is_file(), "{target}");
            let seeds = std::fs::read_dir(folder().join("seeds").join(target)).unwrap();
            assert!(seeds.count() > 0, "{target}");
        }
    }

    #[test]
    fn an_unknown_target_is_refused_before_anything_is_built() {
        assert!(run(1, &["pdff".to_owned()]).is_err());
    }
}
