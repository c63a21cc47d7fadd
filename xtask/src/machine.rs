//! What a machine must have before the tests can run, and how it gets there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::{Trouble, postgres};

/// A Debian package the tests need, and how to see that its content is there.
#[derive(Debug)]
pub struct Need {
    /// Name of the Debian package.
    pub package: &'static str,
    /// What the tests use it for.
    pub purpose: &'static str,
    present: fn() -> bool,
}

/// Everything beside Rust and a C compiler.
pub const NEEDS: [Need; 5] = [
    Need { package: "postgresql", purpose: "store and connector tests", present: || postgres::find().is_some() },
    Need { package: "python3-aiosmtpd", purpose: "letters through a real mail server", present: has_mail_server },
    Need { package: "dovecot-imapd", purpose: "mail out of a real mailbox", present: || dovecot().is_some() },
    Need { package: "chromium", purpose: "the console in a real browser", present: || program("chromium").is_some() },
    Need { package: "chromium-driver", purpose: "driving that browser", present: || chromedriver().is_some() },
];

/// Makes sure everything is there: installs what is missing when `install` is true and we are root.
///
/// # Errors
/// What is missing and the command that installs it.
pub fn prepare(install: bool) -> Result<(), Trouble> {
    let wanted = missing();
    if wanted.is_empty() {
        return Ok(());
    }
    if !(install && is_root() && program("apt-get").is_some()) {
        return Err(lacking(&wanted));
    }
    install_packages(&wanted)?;
    let still = missing();
    if still.is_empty() { Ok(()) } else { Err(lacking(&still)) }
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.present)()).collect()
}

fn lacking(needs: &[&Need]) -> Trouble {
    let list: Vec<String> = needs.iter().map(|need| format!("  {:<18} {}", need.package, need.purpose)).collect();
    let remedy = format!("On Debian, run:\n  {}", install_command(needs));
    Trouble::new(format!("the tests need what this machine lacks:\n{}", list.join("\n")), remedy)
}

fn install_command(needs: &[&Need]) -> String {
    let packages: Vec<&str> = needs.iter().map(|need| need.package).collect();
    let sudo = if is_root() { "" } else { "sudo " };
    let packages = packages.join(" ");
    format!("{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}")
}

fn install_packages(needs: &[&Need]) -> Result<(), Trouble> {
    println!("== install: {}", install_command(needs));
    apt(&["update"])?;
    let packages = needs.iter().map(|need| need.package);
    let words: Vec<&str> = ["install", "-y", "--no-install-recommends"].into_iter().chain(packages).collect();
    apt(&words)
}

fn apt(words: &[&str]) -> Result<(), Trouble> {
    let status =
        Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Trouble::new(
            format!("`apt-get {}` failed ({status})", words.join(" ")),
            "Read its messages above: usually the network, the package sources or the room left on the disk.",
        )),
        Err(cause) => Err(Trouble::cannot_start("apt-get", &cause)),
    }
}

/// Makes sure `cargo fmt` and `cargo clippy` exist; rustup adds them where it manages the toolchain
/// and `install` is true.
///
/// # Errors
/// What is missing and the command that adds it.
pub fn prepare_rust(install: bool) -> Result<(), Trouble> {
    let components = || [("fmt", "rustfmt"), ("clippy", "clippy")].into_iter().filter(|(verb, _)| !cargo_has(verb));
    let names: Vec<&str> = components().map(|(_, component)| component).collect();
    if names.is_empty() {
        return Ok(());
    }
    if install && add_components(&names) && components().next().is_none() {
        return Ok(());
    }
    let names = names.join(" ");
    let remedy = format!("Run `rustup component add {names}`, or `cargo xtask test --fast` to skip these checks.");
    Err(Trouble::new(format!("this Rust toolchain lacks {names}"), remedy))
}

fn add_components(names: &[&str]) -> bool {
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add"]).args(names).stdin(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn cargo_has(verb: &str) -> bool {
    succeeds(Command::new(cargo()).args([verb, "--version"]))
}

/// The cargo that started us, or the one in PATH.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// The root of the workspace.
pub fn root() -> &'static Path {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder)
}

/// Whether we run as root, as `id -u` tells.
pub fn is_root() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0"))
}

/// Chromedriver, which starts and drives the browser.
pub fn chromedriver() -> Option<PathBuf> {
    program("chromedriver")
}

/// The IMAP server, which stands where Debian keeps what only administrators run.
pub fn dovecot() -> Option<PathBuf> {
    let debian = PathBuf::from("/usr/sbin/dovecot");
    if debian.is_file() { Some(debian) } else { program("dovecot") }
}

/// Debian's own Python, for which Debian packages aiosmtpd; another Python in PATH would not see it.
pub fn python() -> Option<PathBuf> {
    let debian = PathBuf::from("/usr/bin/python3");
    if debian.is_file() { Some(debian) } else { program("python3") }
}

fn has_mail_server() -> bool {
    python().is_some_and(|python| succeeds(Command::new(python).args(["-c", "import aiosmtpd"])))
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// The folders programs are looked for in: Debian's first, then PATH.
pub fn search_path() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(PathBuf::from("/usr/bin")).chain(std::env::split_paths(&path).collect::<Vec<_>>())
}

fn program(name: &str) -> Option<PathBuf> {
    search_path().map(|folder| folder.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_the_command_that_installs_it() {
        let needs: Vec<&Need> = NEEDS.iter().collect();
        let message = lacking(&needs).to_string();
        for need in &NEEDS {
            assert!(message.contains(need.package) && message.contains(need.purpose), "{message}");
        }
        assert!(
            message.contains("apt-get install -y --no-install-recommends postgresql python3-aiosmtpd dovecot-imapd"),
            "{message}"
        );
    }

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
    }

    #[test]
    fn a_program_is_found_by_its_bare_name() {
        assert!(program("sh").is_some());
        assert_eq!(program("no-program-has-this-name"), None);
    }
}
