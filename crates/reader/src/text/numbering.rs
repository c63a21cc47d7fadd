//! Numbers of paragraphs in DOCX: Word stores how to count, not what it counted.

use super::flow::{Numeral, numeral};
use super::xml::{Element, Node, walk};
use crate::error::ReadError;
use std::collections::{HashMap, HashSet};

/// Lists have so many levels.
const LEVELS: usize = 9;
/// Styles build on each other no deeper than this.
const STYLES_DEEP: usize = 12;
/// No document has more lists than this.
pub(super) const LISTS_MAX: usize = 20_000;
/// A pattern of a number is no longer than this, in characters.
pub(super) const PATTERN_MAX: usize = 60;

/// What a paragraph or a style says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties {
    /// Its style; for a style, the one it builds on.
    pub(super) style: Option<String>,
    outline: Option<usize>,
    list: Option<String>,
    level: Option<usize>,
    hidden: bool,
    /// The mark at its end was deleted.
    pub(super) end_deleted: bool,
    name: String,
}

impl Properties {
    /// Takes note of an element inside of the properties.
    pub(super) fn see(&mut self, element: &Element<'_>) {
        match element.name {
            "pStyle" | "basedOn" => self.style = element.id("val"),
            "outlineLvl" => self.outline = element.number("val"),
            "numId" => self.list = element.id("val"),
            "ilvl" => self.level = element.number("val"),
            "vanish" => self.hidden = element.is_on(),
            "del" => self.end_deleted = true,
            "name" => self.name = element.id("val").unwrap_or_default().to_lowercase(),
            _ => {}
        }
    }
}

/// What holds for a paragraph once its styles are asked.
#[derive(Debug, Default)]
pub(super) struct Resolved<'s> {
    /// From 0.
    pub(super) outline: Option<usize>,
    /// List and, when it is said, level.
    pub(super) number: Option<(String, Option<usize>)>,
    /// The style that brought the number.
    pub(super) id: Option<&'s str>,
    /// A line of a table of contents.
    pub(super) contents: bool,
}

/// The styles by id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Properties>,
}

impl Styles {
    /// Reads `styles.xml`.
    pub(super) fn read(xml: &[u8]) -> Result<Self, ReadError> {
        let mut styles = Self::default();
        let mut open: Option<(String, Properties)> = None;
        walk(xml, "DOCX", |node| match node {
            Node::Open(element) if element.name == "style" => {
                open = element.id("styleId").map(|id| (id, Properties::default()));
            }
            Node::Open(element) => {
                if let Some((_, style)) = &mut open {
                    style.see(&element);
                }
            }
            Node::Close("style") => styles.by_id.extend(open.take()),
            _ => {}
        })?;
        Ok(styles)
    }

    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = (&'s str, &'s Properties)> {
        let find = |id: &'s str| self.by_id.get(id).map(|style| (id, style));
        let next = move |(_, style): &(&str, &'s Properties)| style.style.as_deref().and_then(find);
        std::iter::successors(id.and_then(find), next).take(STYLES_DEEP)
    }

    /// Whether text of a style is not shown.
    pub(super) fn is_hidden(&self, id: Option<&str>) -> bool {
        self.chain(id).any(|(_, style)| style.hidden)
    }

    /// What holds for a paragraph.
    pub(super) fn resolve<'s>(&'s self, own: &'s Properties) -> Resolved<'s> {
        let mut found = Resolved { outline: own.outline, ..Resolved::default() };
        found.number = own.list.clone().map(|list| (list, own.level));
        for (id, style) in self.chain(own.style.as_deref()) {
            let named = style.name.strip_prefix("heading ").and_then(|level| level.parse::<usize>().ok());
            found.outline = found.outline.or(style.outline).or(named.and_then(|level| level.checked_sub(1)));
            found.contents |= style.name.starts_with("toc ");
            if let (None, Some(list)) = (&found.number, &style.list) {
                found.number = Some((list.clone(), own.level.or(style.level)));
                found.id = Some(id);
            }
        }
        found
    }
}

/// One level of a list.
#[derive(Clone, Debug, Default)]
struct Level {
    start: Option<usize>,
    /// `None` for a bullet.
    kind: Option<(Numeral, bool)>,
    /// Such as `%1.%2`.
    pattern: String,
    /// Every number in Arabic figures.
    legal: bool,
    /// The paragraph style that stands at this level.
    style: Option<String>,
}

/// A list that paragraphs name.
#[derive(Clone, Debug, Default)]
struct List {
    kind: String,
    starts: HashMap<usize, usize>,
    levels: HashMap<usize, Level>,
}

/// The lists, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    kinds: HashMap<String, Vec<Level>>,
    lists: HashMap<String, List>,
    counted: HashMap<String, [Option<usize>; LEVELS]>,
    begun: HashSet<(String, usize)>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(xml: &[u8]) -> Result<Self, ReadError> {
        let mut numbering = Self::default();
        let (mut kind, mut list, mut level) = (String::new(), None::<String>, 0);
        walk(xml, "DOCX", |node| match node {
            Node::Open(element) => match element.name {
                "abstractNum" => {
                    kind = element.id("abstractNumId").unwrap_or_default();
                    if numbering.kinds.len() < LISTS_MAX {
                        numbering.kinds.insert(kind.clone(), vec![Level::default(); LEVELS]);
                    }
                }
                "num" => list = element.id("numId").filter(|_| numbering.lists.len() < LISTS_MAX),
                "lvl" | "lvlOverride" => level = element.number("ilvl").unwrap_or(0).min(LEVELS - 1),
                _ => numbering.see(&element, &kind, list.as_deref(), level),
            },
            Node::Close("num") => list = None,
            _ => {}
        })?;
        Ok(numbering)
    }

    fn see(&mut self, element: &Element<'_>, kind: &str, list: Option<&str>, level: usize) {
        if let Some(id) = list {
            let list = self.lists.entry(id.to_owned()).or_default();
            match element.name {
                "abstractNumId" => list.kind = element.id("val").unwrap_or_default(),
                "startOverride" => drop(list.starts.insert(level, element.number("val").unwrap_or(1))),
                _ => list.levels.entry(level).or_default().see(element),
            }
        } else if let Some(found) = self.kinds.get_mut(kind).and_then(|levels| levels.get_mut(level)) {
            found.see(element);
        }
    }

    /// The number of the next paragraph of a list, with a space after it; nothing when it has none.
    pub(super) fn label(&mut self, list: &str, level: Option<usize>, style: Option<&str>) -> String {
        let Some(found) = self.lists.get(list) else { return String::new() };
        let levels = self.kinds.get(&found.kind);
        let linked = || levels?.iter().position(|level| style.is_some() && level.style.as_deref() == style);
        let at = level.or_else(linked).unwrap_or(0).min(LEVELS - 1);
        let own = |at: usize| found.levels.get(&at).filter(|level| !level.pattern.is_empty());
        let of = |at: usize| own(at).or_else(|| levels?.get(at)).cloned().unwrap_or_default();
        let counters = self.counted.entry(found.kind.clone()).or_default();
        let restarted = found.starts.get(&at).filter(|_| self.begun.insert((list.to_owned(), at)));
        let first = restarted.copied().or(of(at).start).unwrap_or(1);
        counters[at] = Some(counters[at].filter(|_| restarted.is_none()).map_or(first, |last| last.saturating_add(1)));
        counters[at + 1..].fill(None);
        let level = of(at);
        if level.kind.is_none() {
            return if level.pattern.trim().is_empty() { String::new() } else { "- ".to_owned() };
        }
        let mut label = level.pattern.clone();
        for (index, counter) in counters.iter().enumerate().take(at + 1) {
            let here = of(index);
            let (kind, upper) = here.kind.filter(|_| !level.legal).unwrap_or_default();
            let number = numeral(counter.or(here.start).unwrap_or(1), kind);
            let number = if upper { number.to_uppercase() } else { number };
            label = label.replace(&format!("%{}", index + 1), &number);
        }
        if label.trim().is_empty() { String::new() } else { format!("{} ", label.trim()) }
    }
}

impl Level {
    fn see(&mut self, element: &Element<'_>) {
        match element.name {
            "start" => self.start = element.number("val"),
            "numFmt" => self.kind = kind(&element.get("val").unwrap_or_default()),
            "lvlText" => self.pattern = element.get("val").unwrap_or_default().chars().take(PATTERN_MAX).collect(),
            "isLgl" => self.legal = element.is_on(),
            "pStyle" => self.style = element.id("val"),
            _ => {}
        }
    }
}

fn kind(format: &str) -> Option<(Numeral, bool)> {
    match format {
        "bullet" | "none" => None,
        "lowerLetter" => Some((Numeral::Letter, false)),
        "upperLetter" => Some((Numeral::Letter, true)),
        "lowerRoman" => Some((Numeral::Roman, false)),
        "upperRoman" => Some((Numeral::Roman, true)),
        _ => Some((Numeral::Decimal, false)),
    }
}
