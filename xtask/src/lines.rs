//! Lines of each crate: code, documentation, tests, texts. Blank lines do not count.
//!
//! A file's `#[cfg(test)] mod tests` stands last (clippy's `items_after_test_module`), so everything from that
//! attribute on belongs to the tests.

use std::fs;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use crate::Trouble;

/// Counts of one file, one crate or the whole project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lines {
    /// Rust outside tests.
    pub code: usize,
    /// Comments and documentation in that Rust.
    pub docs: usize,
    /// Test modules, integration tests and examples.
    pub tests: usize,
    /// Everything that is not Rust: texts, styles, migrations, manifests, fixtures.
    pub other: usize,
}

impl AddAssign for Lines {
    fn add_assign(&mut self, more: Self) {
        self.code += more.code;
        self.docs += more.docs;
        self.tests += more.tests;
        self.other += more.other;
    }
}

/// The part of a Rust source before its inline test module (a bare `mod tests;` cuts nothing).
pub fn without_tests(source: &str) -> &str {
    let mut lines = source.split_inclusive('\n').scan(0, |end, line| {
        *end += line.len();
        Some((*end - line.len(), line))
    });
    while let Some((start, line)) = lines.next() {
        let is_module =
            || lines.clone().map(|(_, line)| line).find(|line| !line.starts_with('#')).is_some_and(opens_module);
        if line.trim_end() == "#[cfg(test)]" && line.starts_with('#') && is_module() {
            return &source[..start];
        }
    }
    source
}

fn opens_module(line: &str) -> bool {
    line.starts_with("mod ") && line.trim_end().ends_with('{')
}

/// Whether a path belongs to tests as a whole: `tests/`, `examples/`, `benches/`, `fuzz/`, or a `tests.rs`.
pub fn is_test_path(path: &Path) -> bool {
    let folders = ["tests", "examples", "benches", "fuzz"];
    let in_folder = path.components().any(|part| folders.iter().any(|folder| part.as_os_str() == *folder));
    in_folder || path.file_name().is_some_and(|name| name == "tests.rs")
}

/// Counts one file; `path` says what kind of file it is.
pub fn count(path: &Path, source: &str) -> Lines {
    let filled = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    if path.extension().is_none_or(|extension| extension != "rs") {
        return Lines { other: filled(source), ..Lines::default() };
    }
    if is_test_path(path) {
        return Lines { tests: filled(source), ..Lines::default() };
    }
    let product = without_tests(source);
    let docs = product.lines().filter(|line| line.trim_start().starts_with("//")).count();
    Lines { code: filled(product) - docs, docs, tests: filled(source) - filled(product), other: 0 }
}

/// Every file of the project below `folder`, sorted; build output and hidden folders are left out.
///
/// # Errors
/// The folder that could not be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.map_err(|cause| unreadable(&folder, &cause))?;
        for entry in entries.iter().filter(|entry| is_ours(&entry.file_name().to_string_lossy())) {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder { waiting.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    Ok(found)
}

fn is_ours(name: &str) -> bool {
    let hidden = name.starts_with('.') && !matches!(name, ".ci" | ".cargo" | ".gitignore");
    !hidden && !matches!(name, "target" | "garant-demo")
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Trouble {
    Trouble::new(format!("cannot read {}: {cause}", path.display()), "Check that you may read the whole checkout.")
}

/// The table of all crates of the workspace at `root`, with a total.
///
/// # Errors
/// The file or folder that could not be read.
pub fn table(root: &Path) -> Result<String, Trouble> {
    let mut text = row("crate", &["code", "docs", "tests", "other"]);
    let mut total = Lines::default();
    for folder in crates(root)? {
        let mut sum = Lines::default();
        for file in files(&folder)? {
            let bytes = fs::read(&file).map_err(|cause| unreadable(&file, &cause))?;
            let inside = file.strip_prefix(&folder).unwrap_or(&file);
            sum += std::str::from_utf8(&bytes).map(|source| count(inside, source)).unwrap_or_default();
        }
        text += &counts(&folder.file_name().unwrap_or_default().to_string_lossy(), sum);
        total += sum;
    }
    Ok(text + &counts("total", total))
}

/// The folders of the workspace's crates, sorted, `xtask` last.
///
/// # Errors
/// The `crates` folder could not be read.
pub fn crates(root: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let folder = root.join("crates");
    let entries = fs::read_dir(&folder).map_err(|cause| unreadable(&folder, &cause))?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found.push(root.join("xtask"));
    Ok(found)
}

fn counts(name: &str, lines: Lines) -> String {
    let Lines { code, docs, tests, other } = lines;
    row(name, &[code, docs, tests, other].map(|count| count.to_string()))
}

fn row<T: AsRef<str>>(name: &str, cells: &[T; 4]) -> String {
    let cells: String = cells.iter().map(|cell| format!("{:>9}", cell.as_ref())).collect();
    format!("{name:<12}{cells}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "//! Why.\n\n/// What.\npub fn one() -> u8 {\n    1 // one\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n";

    #[test]
    fn a_source_is_told_apart_line_by_line() {
        let lines = count(Path::new("src/one.rs"), SOURCE);
        assert_eq!(lines, Lines { code: 3, docs: 2, tests: 5, other: 0 });
    }

    #[test]
    fn integration_tests_and_texts_are_not_code() {
        assert_eq!(count(Path::new("tests/one.rs"), SOURCE), Lines { tests: 10, ..Lines::default() });
        assert_eq!(count(Path::new("src/store/tests.rs"), SOURCE).code, 0);
        assert_eq!(count(Path::new("text/en.ftl"), "a = b\n\nc = d\n"), Lines { other: 2, ..Lines::default() });
    }

    #[test]
    fn a_source_without_tests_is_code_to_its_end() {
        assert_eq!(without_tests("fn a() {}\n"), "fn a() {}\n");
        assert_eq!(without_tests("#[cfg(test)]\nmod tests;\nfn a() {}\n"), "#[cfg(test)]\nmod tests;\nfn a() {}\n");
        assert_eq!(without_tests("fn a() {}\n#[cfg(test)]\n#[rustfmt::skip]\nmod tests {\n}\n"), "fn a() {}\n");
    }

    #[test]
    fn the_table_names_every_crate_and_the_total() {
        let text = table(crate::machine::root()).expect("the checkout can be read");
        for name in ["kernel", "garant", "xtask", "total"] {
            assert!(text.lines().any(|line| line.starts_with(name)), "{name} is missing:\n{text}");
        }
    }
}
