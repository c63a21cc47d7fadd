//! Who may use whom: a crate exists for a border of trust, dependency or audience, and the border holds.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::tree::{File, no_breach, numbered, product};

static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    let offline = vec!["--offline".to_owned()];
    let mut command = MetadataCommand::new();
    command.manifest_path(crate::tree::root().join("Cargo.toml")).no_deps().other_options(offline);
    command.exec().expect("cargo reads its own workspace")
});

/// Crate and the crates of the house it may use.
const EDGES: [(&str, &[&str]); 12] = [
    ("kernel", &[]),
    ("agreement", &["kernel"]),
    ("reader", &["kernel", "agreement"]),
    ("render", &["kernel", "agreement"]),
    ("ledger", &["kernel"]),
    ("vault", &["kernel"]),
    ("estate", &["kernel"]),
    ("store", &["kernel", "ledger", "vault"]),
    ("web", &["kernel", "store", "vault"]),
    ("office", &["kernel", "agreement", "reader", "ledger", "vault", "estate", "store", "web"]),
    ("garant", &["kernel", "agreement", "reader", "render", "ledger", "vault", "estate", "store", "web", "office"]),
    ("xtask", &[]),
];

/// A foreign crate (or family of crates) and the only crates of the house that may name it.
const KEPT: [(&[&str], &[&str]); 2] = [
    (&["sqlx"], &["store", "estate", "garant"]),
    (&["chacha20poly1305", "ed25519-dalek", "age", "argon2", "hkdf"], &["vault", "ledger"]),
];

/// Crates that decide and compute: files, network, processes and tasks are somebody else's.
const PURE: [&str; 6] = ["kernel", "agreement", "reader", "render", "ledger", "vault"];

/// Paths that lead outside; one that ends in `::` stands for all below it, however it was imported.
const OUTSIDE_WORLD: [&str; 9] =
    ["std::fs", "std::net", "std::env", "fs::", "net::", "env::", "process::Command", "tokio", "SystemTime"];

fn crates() -> &'static [Package] {
    &METADATA.packages
}

fn uses(package: &Package, kinds: &[DependencyKind]) -> BTreeSet<String> {
    let dependencies = package.dependencies.iter().filter(|dependency| kinds.contains(&dependency.kind));
    dependencies.map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn the_table_of_edges_names_every_crate() {
    let found: BTreeSet<&str> = crates().iter().map(|package| package.name.as_str()).collect();
    let known: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, known);
}

#[test]
fn no_crate_is_used_against_the_direction() {
    let house: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
    let mut breaches = Vec::new();
    for package in crates() {
        let allowed =
            EDGES.iter().find(|(name, _)| package.name.as_str() == *name).map_or(&[][..], |(_, allowed)| allowed);
        let used = uses(package, &[DependencyKind::Normal, DependencyKind::Build]);
        let wrong = used.iter().filter(|name| house.contains(name.as_str()) && !allowed.contains(&name.as_str()));
        breaches.extend(wrong.map(|name| format!("{} uses {name}", package.name)));
    }
    no_breach("A crate uses only those the table of edges allows.", &breaches);
}

#[test]
fn nobody_uses_the_command_line_or_this_program() {
    let every = [DependencyKind::Normal, DependencyKind::Build, DependencyKind::Development];
    let users = crates().iter().filter(|package| {
        let used = uses(package, &every);
        used.contains("garant") || used.contains("xtask")
    });
    let breaches: Vec<String> = users.map(|package| package.name.to_string()).collect();
    no_breach("`garant` and `xtask` stand at the end: nobody uses them, not even in tests.", &breaches);
}

#[test]
fn drivers_and_ciphers_are_named_where_they_belong() {
    let mut breaches = Vec::new();
    for (foreign, keepers) in KEPT {
        for package in crates().iter().filter(|package| !keepers.contains(&package.name.as_str())) {
            let used = uses(package, &[DependencyKind::Normal, DependencyKind::Build]);
            let wrong = foreign.iter().filter(|name| used.contains(**name));
            breaches.extend(wrong.map(|name| format!("{} uses {name}; only {keepers:?} may", package.name)));
        }
    }
    no_breach("The database driver and the ciphers are named in few places.", &breaches);
}

#[test]
fn pure_crates_touch_nothing_outside() {
    let mut breaches = Vec::new();
    for file in product().iter().filter(|file| PURE.iter().any(|name| file.is_under(name))) {
        let source = xtask::lines::without_tests(&file.text);
        for (number, line) in numbered(source).filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let touched = OUTSIDE_WORLD.iter().filter(|needle| mentions(line, needle));
            breaches.extend(touched.map(|needle| format!("{}:{number} names {needle}", file.path)));
        }
    }
    no_breach(
        "Pure crates do no I/O, read no environment and no clock: take what is needed as a parameter.",
        &breaches,
    );
}

#[test]
fn the_command_line_opens_a_database_for_the_demo_alone() {
    let named = |file: &File| numbered(&file.text).any(|(_, line)| mentions(line, "sqlx"));
    let wrong = product().into_iter().filter(|file| file.is_under("garant") && !file.path.contains("demo"));
    let breaches: Vec<String> = wrong.filter(named).map(|file| file.path).collect();
    no_breach(
        "`garant` opens a database to make the demo's sample data; everything else goes through `store`.",
        &breaches,
    );
}

/// Whether `line` names `needle` as a path of its own, not as a part of a longer word.
fn mentions(line: &str, needle: &str) -> bool {
    let is_word = |found: char| found.is_alphanumeric() || found == '_';
    line.match_indices(needle).any(|(at, _)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + needle.len()..].chars().next());
        !before.is_some_and(is_word) && (needle.ends_with("::") || !after.is_some_and(is_word))
    })
}

#[test]
fn a_path_is_found_however_it_was_imported() {
    assert!(mentions("std::fs::read(path)", "std::fs") && mentions("    fs::read_to_string(path)", "fs::"));
    assert!(!mentions("prefs::read()", "fs::") && !mentions("tokio_like()", "tokio"));
}
