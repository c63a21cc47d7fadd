//! The pages people read first: they exist, and what they point at exists too.

use std::path::{Path, PathBuf};

use crate::tree::{File, files, no_breach, numbered, root};

const PAGES: [&str; 5] = ["README.md", "ARCHITECTURE.md", "DESIGN.md", "CONTRIBUTING.md", "LICENSE"];

/// Targets of `[text](target)` in a line, outside of `code`.
fn links(line: &str) -> Vec<&str> {
    let prose = line.split('`').step_by(2);
    prose.flat_map(|text| text.split("](").skip(1)).filter_map(|rest| rest.split([')', ' ']).next()).collect()
}

/// The lines of a page outside of fenced blocks, numbered.
fn prose(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    numbered(page).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The file a link points at, or nothing when it leaves the project or stays on its page.
fn target(page: &str, link: &str) -> Option<PathBuf> {
    let path = link.split('#').next().filter(|path| !path.is_empty())?;
    let elsewhere = path.contains("://") || path.starts_with("mailto:");
    let folder = root().join(page).parent().map(Path::to_owned).unwrap_or_default();
    (!elsewhere).then(|| folder.join(path))
}

/// Words between backticks that name a place of this workspace, without a trailing line number or `*`.
fn places(line: &str) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2);
    let named = quoted.filter(|text| ["crates/", "xtask/", ".ci/"].iter().any(|start| text.starts_with(start)));
    named.filter(|text| !text.contains(['*', '<', '{', ' ', '…'])).filter_map(|text| text.split(':').next())
}

fn pages() -> Vec<File> {
    let found = files().into_iter().filter(|file| file.has_extension(&["md"]));
    found.filter(|file| file.is_prose_of_ours() && !file.is_under("tests")).collect()
}

#[test]
fn the_pages_people_look_for_exist() {
    let missing: Vec<String> =
        PAGES.iter().filter(|page| !root().join(page).is_file()).map(|page| (*page).to_owned()).collect();
    no_breach("These pages stand at the root.", &missing);
}

#[test]
fn every_link_leads_somewhere() {
    let mut breaches = Vec::new();
    for page in pages() {
        for (number, line) in prose(&page.text) {
            let dead =
                links(line).into_iter().filter(|link| target(&page.path, link).is_some_and(|path| !path.exists()));
            breaches.extend(dead.map(|link| format!("{}:{number} ({link})", page.path)));
        }
    }
    no_breach("A relative link points at a file of the project.", &breaches);
}

#[test]
fn every_place_a_page_names_exists() {
    let mut breaches = Vec::new();
    for page in pages() {
        for (number, line) in prose(&page.text) {
            let gone = places(line).filter(|place| !root().join(place).exists());
            breaches.extend(gone.map(|place| format!("{}:{number} `{place}`", page.path)));
        }
    }
    no_breach("A page names only places that exist.", &breaches);
}

#[test]
fn links_and_places_are_read_from_prose() {
    assert_eq!(links("See [a](b.md#c), `[no](link)` and ![d](e.png \"title\")."), ["b.md#c", "e.png"]);
    assert_eq!(
        places("`crates/a/src/lib.rs:12`, `crates/*/src`, `cargo test`").collect::<Vec<_>>(),
        ["crates/a/src/lib.rs"]
    );
    assert_eq!(prose("a\n```\nb\n```\nc").map(|(number, _)| number).collect::<Vec<_>>(), [1, 5]);
    assert_eq!(target("docs/a.md", "https://example.org"), None);
    assert_eq!(target("docs/a.md", "#part"), None);
    assert_eq!(target("docs/a.md", "../b.md"), Some(root().join("docs/../b.md")));
}
