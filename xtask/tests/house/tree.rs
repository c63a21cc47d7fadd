//! The files of the checkout and the one way a rule reports its breaches.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::{lines, machine};

/// A text file of the project, by its path from the root.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn is_under(&self, folder: &str) -> bool {
        self.path.split('/').any(|part| part == folder)
    }

    pub(crate) fn has_extension(&self, extensions: &[&str]) -> bool {
        Path::new(&self.path)
            .extension()
            .and_then(|found| found.to_str())
            .is_some_and(|found| extensions.contains(&found))
    }

    /// Whether it is ours to word: beside the sources, documents under test and recorded output are other
    /// people's text.
    pub(crate) fn is_prose_of_ours(&self) -> bool {
        let foreign = ["fixtures", "corpus", "documents", "samples", "snapshots", "golden", "vectors"];
        self.is_under("src") || !foreign.iter().any(|folder| self.is_under(folder))
    }
}

pub(crate) fn root() -> &'static Path {
    machine::root()
}

/// Every text file of the project; binary files are left out.
pub(crate) fn files() -> Vec<File> {
    let found = lines::files(root()).expect("the checkout can be read");
    found.iter().filter_map(read).collect()
}

fn read(path: &PathBuf) -> Option<File> {
    let text = String::from_utf8(fs::read(path).ok()?).ok()?;
    let path = path.strip_prefix(root()).expect("it was found below the root").display().to_string();
    Some(File { path, text })
}

/// Rust files, wherever they stand.
pub(crate) fn rust() -> Vec<File> {
    files().into_iter().filter(|file| file.has_extension(&["rs"])).collect()
}

/// Rust files of the product itself and of this program: `crates/*/src` and `xtask/src`.
pub(crate) fn product() -> Vec<File> {
    let in_src = |path: &str| {
        let parts: Vec<&str> = path.split('/').collect();
        matches!(parts[..], ["crates", _, "src", ..] | ["xtask", "src", ..])
    };
    rust().into_iter().filter(|file| in_src(&file.path)).collect()
}

/// Each line with its number, from 1.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// Fails with every breach, one a line, under the rule they break.
pub(crate) fn no_breach(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{rule}\n  {}\n", breaches.join("\n  "));
}
