//! The doctor: what it finds in an installation, and that it changes nothing.

mod support;

use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use support::{Ended, folder, garant, garant_with};
use tempfile::TempDir;

const PASSWORD: &str = "a long and honest password";

fn run(dir: &TempDir, args: &[&str]) -> Ended {
    garant_with(dir, &[args, &["--dir", "house"]].concat(), b"", &[("GARANT_PASSWORD", PASSWORD)])
}

/// The states of the checks by name, and how the command ended.
fn states(dir: &TempDir, args: &[&str]) -> (Vec<(String, String)>, i32) {
    let ended = run(dir, &[&["doctor", "--json"], args].concat());
    let checks: Vec<Value> = serde_json::from_str(&ended.stdout).expect("JSON");
    let text = |check: &Value, key: &str| check[key].as_str().expect("text").to_owned();
    for check in &checks {
        assert_eq!(text(check, "state") == "good", text(check, "remedy").is_empty(), "{check}");
    }
    (checks.iter().map(|check| (text(check, "check"), text(check, "state"))).collect(), ended.exit)
}

#[test]
fn a_doctor_names_what_is_to_be_mended_and_changes_nothing() {
    let dir = folder(&[]);
    let none = garant(&dir, &["doctor", "--dir", "house"]);
    assert_eq!(none.exit, 5, "a mistyped folder makes no house: {}", none.stderr);
    assert!(!dir.path().join("house").exists());
    let open = ["account", "new", "--email", "owner@example.org", "--name", "Inès", "--role", "owner"];
    assert_eq!(run(&dir, &open).exit, 0);
    let is = |known: &[(String, String)], name: &str, state: &str| {
        assert!(known.contains(&(name.to_owned(), state.to_owned())), "{name} {state}: {known:?}");
    };
    let entries = |dir: &TempDir| run(dir, &["ledger", "replay"]).stderr;
    let before = entries(&dir);
    let (known, exit) = states(&dir, &["--thorough"]);
    assert_eq!(exit, 0, "{known:?}");
    for name in ["folder", "space", "database", "clock", "address", "letters", "duties", "ledger"] {
        is(&known, name, "good");
    }
    for name in ["server", "mail", "people", "factors", "passwords"] {
        is(&known, name, "look");
    }
    let keys = dir.path().join("house/keys");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o755)).expect("changed");
    let (known, exit) = states(&dir, &["--smtp", "smtp+plain://127.0.0.1:9", "--mail-from", "a@example.org"]);
    assert_eq!(exit, 3);
    is(&known, "folder", "mend");
    is(&known, "mail", "mend");
    let (known, _) = states(&dir, &["--listen", "0.0.0.0:8017"]);
    is(&known, "address", "look");
    let said = run(&dir, &["doctor", "--lang", "fr"]);
    assert!(
        said.stdout.contains("chmod -R go=") && said.stderr.contains("à corriger"),
        "{}{}",
        said.stdout,
        said.stderr
    );
    assert_eq!(entries(&dir), before, "no entry was written");
}
