//! axe-core on every page that can be reached by links from home, as the owner, the privacy officer, a controller's administrator
//! and a stranger: it finds nothing. Two of the eight combinations of theme, width and language; `cargo xtask sweep` tries all.

#[path = "support/browser.rs"]
#[expect(dead_code, reason = "each test file uses its own part of the browser")]
mod support;

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use support::{Visitor, theme, walk, window};
use thirtyfour::prelude::*;

/// axe-core 4.14.1, as its authors publish it (MPL-2.0, see the licence beside it).
const AXE: &str = include_str!("vendor/axe.min.js");
const AXE_SHA256: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";

/// The links of a page.
const LINKS: &str = "return [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))";
/// Runs axe with the rules of WCAG 2.2 AA and its own advice; each line names a rule and an element that breaks it.
const RUN: &str = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then((found) => \
                   done(found.violations.flatMap((one) => one.nodes.map((node) => one.id + ': ' + node.target.join(' ') + ' ' + \
                   node.any.concat(node.all, node.none).map((why) => why.message).join('; ')))))";

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_page() {
    assert_eq!(hex(&Sha256::digest(AXE)), AXE_SHA256, "the script is as its authors published it");
    walk(everywhere).await;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Ctrl-K goes to the search field, hits show while one types, arrows choose among them and Enter follows.
#[tokio::test(flavor = "multi_thread")]
async fn anything_is_found_by_the_keyboard_alone() {
    walk(by_keyboard).await;
}

async fn by_keyboard(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    let keys = visitor.driver.find(By::Tag("body")).await?;
    keys.send_keys(Key::Control + "k").await?;
    let field = visitor.driver.active_element().await?;
    assert_eq!(field.id().await?.as_deref(), Some("side-search"));
    field.send_keys("atelier lu").await?;
    let hit = visitor.driver.find(By::Css("#hits a")).await?;
    assert!(hit.text().await?.contains("Atelier Lune"));
    visitor.driver.execute(AXE, vec![]).await?;
    let found = visitor.driver.execute_async(RUN, vec![]).await?;
    assert_eq!(found.json().as_array().map_or(0, Vec::len), 0, "{}", found.json());
    field.send_keys(Key::Down + Key::Enter).await?;
    visitor.sees("Atelier Lune").await?;
    assert!(visitor.path().await?.starts_with("/parties/"));
    Ok(())
}

async fn everywhere(visitor: &Visitor<'_>) -> WebDriverResult<()> {
    let mut faults = Vec::new();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for role in ["dpo", "owner", "controller-admin"] {
        if role != "dpo" {
            visitor.sign_out().await?;
            visitor.sign_in(role).await?;
        }
        let mut pages = reachable(visitor).await?;
        pages.retain(|pattern, _| !known.contains_key(pattern));
        assert!(pages.len() >= if role == "dpo" { 30 } else { 1 }, "{role} reaches only {:?}", pages.keys());
        faults.extend(examined(visitor, &pages).await?);
        known.extend(pages);
    }
    visitor.sign_out().await?;
    let doors = ["/sign-in", "/sign-in/forgotten", "/nothing-here"];
    let doors = doors.into_iter().map(|path| (path.to_owned(), path.to_owned())).collect();
    faults.extend(examined(visitor, &doors).await?);
    assert!(faults.is_empty(), "{} faults on {} pages:\n{}", faults.len(), known.len(), faults.join("\n"));
    Ok(())
}

/// One page for every pattern of addresses, found by following links from home.
async fn reachable(visitor: &Visitor<'_>) -> WebDriverResult<BTreeMap<String, String>> {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    let mut waiting = VecDeque::from(["/".to_owned()]);
    if visitor.path().await? == "/" {
        // No link leads to these.
        pages.extend(["/search?q=a", "/views", "/design"].map(|path| (path.to_owned(), path.to_owned())));
    }
    while let Some(path) = waiting.pop_front() {
        visitor.open(&path).await?;
        for link in visitor.driver.execute(LINKS, vec![]).await?.json().as_array().into_iter().flatten() {
            let link = link.as_str().unwrap_or_default();
            let Some(pattern) = pattern(link).filter(|pattern| !pages.contains_key(pattern)) else { continue };
            pages.insert(pattern, link.to_owned());
            waiting.push_back(link.to_owned());
        }
    }
    Ok(pages)
}

/// An address of ours without what tells one record from another; none for files, other languages and other places.
fn pattern(link: &str) -> Option<String> {
    let path = link.split(['?', '#']).next().filter(|path| path.starts_with('/'))?;
    let other = ["/language", "/assets", "/ledger/export", "/ledger/key", "/feeds", "/client/proof/"];
    let file = ["/receipt", "/package", "/file", "/document", "/export", ".ics", ".eml", ".json", ".pub"];
    if other.iter().any(|start| path.starts_with(start)) || file.iter().any(|end| path.ends_with(end)) {
        return None;
    }
    let plain = |part: &str| !(part.len() == 26 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let parts = path.split('/').map(|part| match part {
        id if !plain(id) => "{id}",
        kind if kind.contains('.') => "{kind}",
        part => part,
    });
    Some(parts.collect::<Vec<_>>().join("/"))
}

async fn examined(visitor: &Visitor<'_>, pages: &BTreeMap<String, String>) -> WebDriverResult<Vec<String>> {
    let all = std::env::var_os("GARANT_SWEEP").is_some();
    let mut faults = Vec::new();
    for (width, dark, lang) in [
        (1280, false, "en"),
        (390, true, "fr"),
        (1280, true, "en"),
        (1280, false, "fr"),
        (1280, true, "fr"),
        (390, false, "en"),
        (390, true, "en"),
        (390, false, "fr"),
    ]
    .into_iter()
    .take(if all { 8 } else { 2 })
    {
        window(visitor.driver, width, 900).await?;
        theme(visitor.driver, dark).await?;
        for (pattern, path) in pages {
            let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
            let join = if path.contains('?') { '&' } else { '?' };
            visitor.open(&format!("{path}{join}lang={lang}#{fragment}")).await?;
            visitor.fits(path).await?;
            visitor.driver.execute(AXE, vec![]).await?;
            let found = visitor.driver.execute_async(RUN, vec![]).await?;
            let name = |fault: &Value| {
                format!(
                    "{pattern} {width} {lang}{}: {}",
                    if dark { " dark" } else { "" },
                    fault.as_str().unwrap_or("?")
                )
            };
            faults.extend(found.json().as_array().into_iter().flatten().map(name));
        }
    }
    window(visitor.driver, 1280, 900).await?;
    theme(visitor.driver, false).await?;
    Ok(faults)
}
