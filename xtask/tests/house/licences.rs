//! Whose work may enter ours: the licences of every dependency against the list in `deny.toml`.

use std::fs;
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand};
use toml::{Table, Value};

use crate::tree::{no_breach, root};

/// Every package of the tree for the system we run on: what cargo has downloaded to build us.
fn tree() -> Metadata {
    let mut command = MetadataCommand::new();
    let options = ["--offline", "--filter-platform", &host()].map(str::to_owned).to_vec();
    command.manifest_path(root().join("Cargo.toml")).other_options(options);
    command.exec().expect("cargo reads the tree it has just built")
}

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc has just built us");
    let text = String::from_utf8(output.stdout).expect("rustc writes UTF-8");
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc knows its host").to_owned()
}

fn deny() -> Table {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml stands at the root");
    text.parse().expect("deny.toml is TOML")
}

fn allowed() -> Vec<String> {
    let deny = deny();
    let list = deny["licenses"]["allow"].as_array().expect("a list of licences");
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be satisfied with the allowed licences alone. `AND` binds tighter than `OR`;
/// `/` is an old way to write `OR`; an exception (`WITH …`) only ever permits more.
struct Expression<'a> {
    words: std::iter::Peekable<std::vec::IntoIter<String>>,
    allowed: &'a [String],
}

impl<'a> Expression<'a> {
    fn is_satisfied(text: &str, allowed: &'a [String]) -> bool {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let words: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
        Self { words: words.into_iter().peekable(), allowed }.any()
    }

    fn any(&mut self) -> bool {
        let mut satisfied = self.all();
        while self.words.next_if(|word| word == "OR").is_some() {
            satisfied |= self.all();
        }
        satisfied
    }

    fn all(&mut self) -> bool {
        let mut satisfied = self.one();
        while self.words.next_if(|word| word == "AND").is_some() {
            satisfied &= self.one();
        }
        satisfied
    }

    fn one(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        if word == "(" {
            let satisfied = self.any();
            return self.words.next().is_some_and(|word| word == ")") && satisfied;
        }
        if self.words.next_if(|word| word == "WITH").is_some() {
            self.words.next();
        }
        self.allowed.contains(&word)
    }
}

#[test]
fn every_licence_in_the_tree_is_allowed() {
    let allowed = allowed();
    let mut breaches = Vec::new();
    for package in tree().packages {
        let licence = package.license.as_deref().unwrap_or("none");
        if !Expression::is_satisfied(licence, &allowed) {
            breaches.push(format!("{} {}: {licence}", package.name, package.version));
        }
    }
    no_breach("A dependency's licence stands in deny.toml, or the dependency goes.", &breaches);
}

#[test]
fn no_banned_crate_and_no_other_registry() {
    let deny = deny();
    let bans = deny["bans"]["deny"].as_array().expect("a list of bans");
    let banned: Vec<&str> = bans.iter().filter_map(|ban| ban.get("crate").and_then(Value::as_str)).collect();
    let mut breaches = Vec::new();
    for package in tree().packages {
        let foreign = package.source.as_ref().is_some_and(|source| !source.is_crates_io());
        if foreign || banned.contains(&package.name.as_str()) {
            breaches.push(format!("{} {}", package.name, package.version));
        }
    }
    no_breach("Banned crates and crates from elsewhere than crates.io stay out.", &breaches);
}

#[test]
fn an_exception_to_an_advisory_has_a_reason() {
    let deny = deny();
    let exceptions = deny["advisories"]["ignore"].as_array().expect("a list of exceptions");
    let silent = exceptions.iter().filter(|entry| entry.get("reason").is_none());
    let breaches: Vec<String> = silent.map(ToString::to_string).collect();
    no_breach("An ignored advisory says why it cannot hurt.", &breaches);
}

#[test]
fn expressions_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for (text, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND ISC", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("GPL-3.0 OR MIT AND X11", false),
        ("MIT WITH LLVM-exception", true),
        ("none", false),
    ] {
        assert_eq!(Expression::is_satisfied(text, &allowed), expected, "{text}");
    }
}
