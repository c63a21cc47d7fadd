//! ODT (OpenDocument 1.3): what a reader of the document sees, with the numbers of its lists and headings.
//!
//! Deleted text, hidden text, comments, tables of contents, headers and footers are left out.

use super::flow::{Flows, Numeral, Paragraph, numeral, row};
use super::numbering::{LISTS_MAX, PATTERN_MAX};
use super::xml::{Element, Node, walk};
use super::zipped::Parts;
use super::{Media, Text};
use crate::error::ReadError;
use std::collections::{HashMap, HashSet};

/// Elements left out with all they hold.
const SILENT: &[&str] = &[
    "tracked-changes",
    "annotation",
    "note-citation",
    "hidden-text",
    "hidden-paragraph",
    "desc",
    "table-of-content",
    "alphabetical-index",
    "forms",
    "script",
    "ruby-text",
    "sequence-decls",
];
/// Lists have so many levels.
const LEVELS: usize = 10;
/// The most spaces one element may stand for.
const SPACES_MAX: usize = 100;

/// The text of a document.
pub(super) fn text(parts: &mut Parts<'_>) -> Result<Text, ReadError> {
    if let Some(manifest) = parts.part("META-INF/manifest.xml")? {
        let mut protected = false;
        walk(&manifest, parts.format, |node| {
            protected |= matches!(node, Node::Open(element) if element.name == "encryption-data");
        })?;
        if protected {
            return Err(ReadError::Protected { format: parts.format });
        }
    }
    let mut page = Page::default();
    if let Some(styles) = parts.part("styles.xml")? {
        walk(&styles, parts.format, |node| page.styles.see(&node))?;
    }
    let content = parts.required("content.xml")?;
    walk(&content, parts.format, |node| {
        page.styles.see(&node);
        page.see(&node);
    })?;
    page.flows.check(parts.format)?;
    Ok(page.flows.into_text(Media::Odt))
}

/// One level of a list or of the headings.
#[derive(Clone, Debug, Default)]
struct Level {
    kind: Option<(Numeral, bool)>,
    bullet: bool,
    prefix: String,
    suffix: String,
    start: usize,
    /// How many levels the number shows.
    shown: usize,
}

/// How lists count and which styles hide text.
#[derive(Default)]
struct Styles {
    lists: HashMap<String, Vec<Level>>,
    headings: Vec<Level>,
    hidden: HashSet<String>,
    list: Option<String>,
    style: Option<String>,
}

impl Styles {
    fn see(&mut self, node: &Node<'_>) {
        let Node::Open(element) = node else {
            if let Node::Close("list-style" | "outline-style") = node {
                self.list = None;
            }
            return;
        };
        match element.name {
            "style" => self.style = element.id("name"),
            "text-properties" if element.get("display").as_deref() == Some("none") => {
                self.hidden.extend(self.style.clone());
            }
            "list-style" => {
                self.list = element.id("name").filter(|_| self.lists.len() < LISTS_MAX);
                self.lists.extend(self.list.clone().map(|name| (name, vec![Level::default(); LEVELS])));
            }
            "outline-style" => self.headings = vec![Level::default(); LEVELS],
            "outline-level-style" | "list-level-style-number" | "list-level-style-bullet" => self.level(element),
            _ => {}
        }
    }

    fn level(&mut self, element: &Element<'_>) {
        let at = element.number("level").unwrap_or(1).clamp(1, LEVELS) - 1;
        let levels = match &self.list {
            Some(list) => self.lists.get_mut(list),
            None => Some(&mut self.headings),
        };
        let Some(level) = levels.and_then(|levels| levels.get_mut(at)) else { return };
        let text = |name| element.get(name).unwrap_or_default().chars().take(PATTERN_MAX).collect::<String>();
        *level = Level {
            kind: kind(&text("num-format")),
            bullet: element.name == "list-level-style-bullet",
            prefix: text("num-prefix"),
            suffix: text("num-suffix"),
            start: element.number("start-value").unwrap_or(1),
            shown: element.number("display-levels").unwrap_or(1),
        };
    }
}

fn kind(format: &str) -> Option<(Numeral, bool)> {
    match format {
        "" => None,
        "a" => Some((Numeral::Letter, false)),
        "A" => Some((Numeral::Letter, true)),
        "i" => Some((Numeral::Roman, false)),
        "I" => Some((Numeral::Roman, true)),
        _ => Some((Numeral::Decimal, false)),
    }
}

/// A list while it is written: its style, and whether the next paragraph is the first of an item.
#[derive(Debug, Default)]
struct List {
    style: String,
    fresh: bool,
}

/// The document while it is walked through.
#[derive(Default)]
struct Page {
    styles: Styles,
    flows: Flows,
    silent: Option<(String, usize)>,
    lists: Vec<List>,
    /// How far each list style has counted.
    counted: HashMap<String, [Option<usize>; LEVELS]>,
    rows: Vec<Vec<Vec<Paragraph>>>,
    /// Open paragraphs and spans: whether each is hidden.
    hidden: Vec<bool>,
    link: Option<(usize, String)>,
}

impl Page {
    fn see(&mut self, node: &Node<'_>) {
        match (node, &mut self.silent) {
            (Node::Open(element), Some((name, depth))) if element.name == *name => *depth += 1,
            (Node::Close(closed), Some((name, depth))) if closed == name => {
                *depth -= 1;
                self.silent = (*depth > 0).then(|| (name.clone(), *depth));
            }
            (_, Some(_)) => {}
            (Node::Open(element), None) => self.open(element),
            (Node::Close(name), None) => self.close(name),
            (Node::Words(words), None) => self.words(&words.replace(['\n', '\t', '\r'], " ")),
        }
    }

    fn open(&mut self, element: &Element<'_>) {
        match element.name {
            "p" | "h" => self.begin(element),
            "span" => self.hide(element),
            "s" => self.words(&" ".repeat(element.number("c").unwrap_or(1).min(SPACES_MAX))),
            "tab" => self.words(" "),
            "line-break" => self.words("\n"),
            "placeholder" => self.words("["),
            "list" => {
                let outer = self.lists.last().map(|list| list.style.clone());
                let style = element.id("style-name").or(outer).unwrap_or_default();
                let again = element.get("continue-numbering").as_deref() == Some("true")
                    || element.get("continue-list").is_some();
                if self.lists.is_empty() && !again {
                    self.counted.remove(&style);
                }
                self.lists.push(List { style, fresh: false });
            }
            "list-item" => {
                let start = element.number("start-value");
                self.count(start);
            }
            "a" => {
                let start = self.flows.open().map_or(0, |open| open.words.len());
                self.link = element.get("href").map(|address| (start, address));
            }
            "table-row" => self.rows.push(Vec::new()),
            "table-cell" | "note-body" | "text-box" => self.flows.enter(),
            "section" if element.get("display").as_deref() == Some("none") => {
                self.silent = Some(("section".to_owned(), 1));
            }
            "title" if element.prefix != "svg" => {}
            name if SILENT.contains(&name) || name == "title" => self.silent = Some((name.to_owned(), 1)),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                self.hidden.pop();
                self.flows.end();
            }
            "span" => drop(self.hidden.pop()),
            "placeholder" => self.words("]"),
            "list" => drop(self.lists.pop()),
            "a" => {
                if let Some((start, address)) = self.link.take() {
                    self.flows.link(start, address);
                }
            }
            "table-cell" => {
                let cell = self.flows.leave();
                self.rows.iter_mut().rev().take(1).for_each(|row| row.push(cell.clone()));
            }
            "table-row" => {
                let cells = self.rows.pop().unwrap_or_default();
                self.flows.aside(row(cells));
            }
            "note-body" | "text-box" => {
                let aside = self.flows.leave();
                self.flows.aside(aside);
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if !self.hidden.contains(&true) {
            self.flows.write(words);
        }
    }

    fn hide(&mut self, element: &Element<'_>) {
        let hidden = element.get("style-name").is_some_and(|style| self.styles.hidden.contains(&style));
        self.hidden.push(hidden);
    }

    fn begin(&mut self, element: &Element<'_>) {
        self.flows.begin();
        self.hide(element);
        let level = element.number("outline-level").filter(|_| element.name == "h").map(|level| level.clamp(1, LEVELS));
        let mut label = self.item();
        if let (Some(level), true) = (level, label.is_empty()) {
            label = self.heading(level - 1);
        }
        if let Some(open) = self.flows.open() {
            open.label = label;
            open.level = level.and_then(|level| u8::try_from(level).ok());
        }
    }

    /// A new item of the innermost list.
    fn count(&mut self, start: Option<usize>) {
        let at = self.lists.len().clamp(1, LEVELS) - 1;
        let Some(list) = self.lists.last_mut() else { return };
        list.fresh = true;
        let first = self.styles.lists.get(&list.style).and_then(|levels| levels.get(at)).map_or(1, |level| level.start);
        let counters = self.counted.entry(list.style.clone()).or_default();
        counters[at] = Some(start.unwrap_or_else(|| counters[at].map_or(first, |last| last.saturating_add(1))));
        counters[at + 1..].fill(None);
    }

    /// The number or bullet of the first paragraph of an item.
    fn item(&mut self) -> String {
        let at = self.lists.len().clamp(1, LEVELS) - 1;
        let Some(list) = self.lists.last_mut().filter(|list| list.fresh) else { return String::new() };
        list.fresh = false;
        let (levels, counters) = (self.styles.lists.get(&list.style), self.counted.get(&list.style));
        label(levels.map_or(&[], Vec::as_slice), counters.unwrap_or(&[None; LEVELS]), at)
    }

    fn heading(&mut self, at: usize) -> String {
        let counters = self.counted.entry(String::new()).or_default();
        let first = self.styles.headings.get(at).map_or(1, |level| level.start);
        counters[at] = Some(counters[at].map_or(first, |last| last.saturating_add(1)));
        counters[at + 1..].fill(None);
        label(&self.styles.headings, counters, at)
    }
}

fn label(levels: &[Level], counters: &[Option<usize>; LEVELS], at: usize) -> String {
    let Some(level) = levels.get(at) else { return String::new() };
    if level.bullet {
        return "- ".to_owned();
    }
    if level.kind.is_none() {
        return String::new();
    }
    let first = (at + 1).saturating_sub(level.shown.max(1));
    let numbers = levels.iter().zip(counters).take(at + 1).skip(first).filter_map(|(level, counter)| {
        let (kind, upper) = level.kind?;
        let number = numeral(counter.unwrap_or(level.start), kind);
        Some(if upper { number.to_uppercase() } else { number })
    });
    let number = numbers.collect::<Vec<_>>().join(".");
    format!("{}{number}{} ", level.prefix, level.suffix.trim_end())
}
