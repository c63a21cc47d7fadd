//! The manifests: one place for versions, one for lints, nothing unused.

use std::collections::BTreeSet;
use std::fs;

use toml::{Table, Value};

use crate::tree::{no_breach, root};

const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

fn manifest(path: &str) -> Table {
    let text = fs::read_to_string(root().join(path)).expect("a crate has a manifest");
    text.parse().expect("cargo has parsed it before us")
}

/// Path and content of every crate's manifest.
fn manifests() -> Vec<(String, Table)> {
    let folders = xtask::lines::crates(root()).expect("the crates can be listed");
    let below_root =
        |folder: &std::path::PathBuf| folder.strip_prefix(root()).expect("below the root").join("Cargo.toml");
    let paths = folders.iter().map(|folder| below_root(folder).display().to_string());
    paths.map(|path| (path.clone(), manifest(&path))).collect()
}

/// Section, name and value of every dependency of a crate, platform sections included.
fn dependencies(manifest: &Table) -> Vec<(String, String, Value)> {
    let platforms = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let platforms = platforms.filter_map(|(_, section)| section.as_table());
    let mut found = Vec::new();
    for table in std::iter::once(manifest).chain(platforms) {
        for section in DEPENDENCIES {
            let entries = table.get(section).and_then(Value::as_table).into_iter().flatten();
            found.extend(entries.map(|(name, value)| (section.to_owned(), name.clone(), value.clone())));
        }
    }
    found
}

fn takes_from_workspace(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

#[test]
fn every_dependency_comes_from_the_workspace() {
    let mut breaches = Vec::new();
    for (path, manifest) in manifests() {
        let own = dependencies(&manifest).into_iter().filter(|(_, _, value)| !takes_from_workspace(Some(value)));
        breaches.extend(own.map(|(section, name, _)| format!("{path} [{section}] {name}")));
    }
    no_breach("Versions stand in the root manifest, with the reason; crates write `workspace = true`.", &breaches);
}

#[test]
fn every_dependency_of_the_workspace_is_used() {
    let manifests = manifests();
    let used: BTreeSet<String> =
        manifests.iter().flat_map(|(_, manifest)| dependencies(manifest)).map(|(_, name, _)| name).collect();
    let workspace = manifest("Cargo.toml");
    let declared = workspace["workspace"]["dependencies"].as_table().expect("the workspace declares dependencies");
    let idle: Vec<String> = declared.keys().filter(|name| !used.contains(*name)).cloned().collect();
    no_breach("A dependency nobody uses is removed from the root manifest.", &idle);
}

#[test]
fn every_crate_inherits_edition_licence_and_lints() {
    let mut breaches = Vec::new();
    for (path, manifest) in manifests() {
        let package = manifest.get("package").expect("a crate is a package");
        let own = INHERITED.iter().filter(|key| !takes_from_workspace(package.get(**key)));
        breaches.extend(own.map(|key| format!("{path}: {key}.workspace = true")));
        if !takes_from_workspace(manifest.get("lints")) {
            breaches.push(format!("{path}: [lints] workspace = true"));
        }
        if package.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
            breaches.push(format!("{path}: description = \"…\""));
        }
    }
    no_breach("A crate takes these from the workspace and says in one line what it is.", &breaches);
}

#[test]
fn every_clippy_ban_names_its_replacement() {
    let clippy = manifest("clippy.toml");
    let bans = clippy["disallowed-methods"].as_array().expect("a list of bans");
    let silent = bans.iter().filter(|ban| ban.get("reason").and_then(Value::as_str).is_none_or(str::is_empty));
    let breaches: Vec<String> = silent.map(ToString::to_string).collect();
    no_breach("A ban says what to use instead.", &breaches);
}
