//! DOCX (ECMA-376): what a reader of the document sees, with the numbers that Word computes and does not store.
//!
//! Deleted text, hidden text, comments, headers and footers are left out; inserted text is kept.

use super::flow::{ADDRESS_MAX, Flows, Paragraph, row};
use super::numbering::{Numbering, Properties, Styles};
use super::xml::{Element, Node, walk};
use super::zipped::Parts;
use super::{Media, Text};
use crate::error::ReadError;
use std::collections::HashMap;

/// Elements left out with all they hold: what was deleted or moved away, field codes, and the twin of a drawing
/// that is kept for old programs.
const SILENT: &[&str] = &["del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText"];
/// What properties were before a tracked change of them: no properties of what stands there now.
const PAST: &[&str] = &[
    "pPrChange",
    "rPrChange",
    "trPrChange",
    "tcPrChange",
    "tblPrChange",
    "tblPrExChange",
    "tblGridChange",
    "sectPrChange",
    "numberingChange",
];

/// The text of a document.
pub(super) fn text(parts: &mut Parts<'_>) -> Result<Text, ReadError> {
    let main = main_part(parts)?;
    let (folder, file) =
        main.rsplit_once('/').map_or((String::new(), main.as_str()), |(folder, file)| (format!("{folder}/"), file));
    let mut part = Part {
        links: relationships(parts, &format!("{folder}_rels/{file}.rels"))?,
        styles: Styles::read(&parts.part(&format!("{folder}styles.xml"))?.unwrap_or_default())?,
        numbering: Numbering::read(&parts.part(&format!("{folder}numbering.xml"))?.unwrap_or_default())?,
        ..Part::default()
    };
    for kind in ["footnotes", "endnotes"] {
        let xml = parts.part(&format!("{folder}{kind}.xml"))?.unwrap_or_default();
        let mut notes = Part::default();
        walk(&xml, parts.format, |node| notes.see(&node))?;
        notes.flows.check(parts.format)?;
        part.notes.extend(notes.notes);
    }
    walk(&parts.required(&main)?, parts.format, |node| part.see(&node))?;
    part.flows.check(parts.format)?;
    Ok(part.flows.into_text(Media::Docx))
}

/// The part that holds the document; Word's own name for it is the usual one, not the only one.
fn main_part(parts: &mut Parts<'_>) -> Result<String, ReadError> {
    let mut main = None;
    if let Some(xml) = parts.part("_rels/.rels")? {
        walk(&xml, parts.format, |node| {
            if let Node::Open(element) = node
                && element.get("Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
            {
                main = element.get("Target").map(|target| target.trim_start_matches('/').to_owned());
            }
        })?;
    }
    let main = main.unwrap_or_else(|| "word/document.xml".to_owned());
    match [("xl/", "XLSX"), ("ppt/", "PPTX")].iter().find(|(start, _)| main.starts_with(start)) {
        Some((_, format)) => Err(ReadError::UnknownFormat { format }),
        None => Ok(main),
    }
}

/// Addresses outside the document, by id.
fn relationships(parts: &mut Parts<'_>, name: &str) -> Result<HashMap<String, String>, ReadError> {
    let mut found = HashMap::new();
    let xml = parts.part(name)?.unwrap_or_default();
    walk(&xml, parts.format, |node| {
        if let Node::Open(element) = node
            && element.get("TargetMode").as_deref() == Some("External")
            && let (Some(id), Some(target)) = (element.get("Id"), element.get("Target"))
            && target.len() <= ADDRESS_MAX
        {
            found.insert(id, target);
        }
    })?;
    Ok(found)
}

/// A part of the document while it is walked through.
#[derive(Default)]
struct Part {
    flows: Flows,
    links: HashMap<String, String>,
    styles: Styles,
    numbering: Numbering,
    /// Footnotes and endnotes by kind and id: written by their own part, used up by the main one.
    notes: HashMap<String, Vec<Paragraph>>,
    /// The element that is being left out, and how many of its name are open.
    silent: Option<(String, usize)>,
    rows: Vec<Row>,
    in_row_properties: bool,
    note: Option<String>,
    /// What the open paragraph says of itself; `Some` inside of `pPr`.
    properties: Option<Properties>,
    paragraph: Properties,
    /// Paragraphs that stand open around the boxes anchored in them, and whether their run is hidden.
    around: Vec<(Properties, bool)>,
    in_text: bool,
    hidden: bool,
    /// Words of a paragraph whose end was deleted: the next one goes on with them.
    carried: String,
    /// Where in the open paragraph a link began, and its address.
    link: Option<(usize, String)>,
    /// Content controls: whether each shows only what should be filled in.
    blanks: Vec<bool>,
    bracket: bool,
}

/// A row of a table while it is written.
#[derive(Default)]
struct Row {
    cells: Vec<Vec<Paragraph>>,
    deleted: bool,
}

impl Part {
    fn see(&mut self, node: &Node<'_>) {
        match (node, &mut self.silent) {
            (Node::Open(element), Some((name, depth))) if element.name == *name => *depth += 1,
            (Node::Close(closed), Some((name, depth))) if closed == name => {
                *depth -= 1;
                self.silent = (*depth > 0).then(|| (name.clone(), *depth));
            }
            (_, Some(_)) => {}
            (Node::Open(element), None) if PAST.contains(&element.name) => {
                self.silent = Some((element.name.to_owned(), 1));
            }
            (Node::Open(element), None) => match &mut self.properties {
                Some(properties) => properties.see(element),
                None => self.open(element),
            },
            (Node::Close(name), None) => self.close(name),
            (Node::Words(words), None) if self.in_text => self.words(words),
            (Node::Words(_), None) => {}
        }
    }

    fn open(&mut self, element: &Element<'_>) {
        match element.name {
            "p" => {
                self.flows.begin();
                self.flows.write(&std::mem::take(&mut self.carried));
                self.paragraph = Properties::default();
            }
            "pPr" => self.properties = Some(Properties::default()),
            "r" => self.hidden = self.styles.is_hidden(self.paragraph.style.as_deref()),
            "rStyle" => self.hidden |= self.styles.is_hidden(element.get("val").as_deref()),
            "vanish" => self.hidden = element.is_on(),
            "t" => self.in_text = true,
            "tab" | "ptab" => self.words(" "),
            "br" | "cr" => self.words("\n"),
            "noBreakHyphen" => self.words("-"),
            "hyperlink" => {
                let address = element.get("id").and_then(|id| self.links.get(&id).cloned());
                let start = self.flows.open().map_or(0, |open| open.words.len());
                self.link = address.map(|address| (start, address));
            }
            "sdt" => self.blanks.push(false),
            "showingPlcHdr" => set_last(&mut self.blanks, |blank| *blank = true),
            "tr" => self.rows.push(Row::default()),
            "trPr" => self.in_row_properties = true,
            "del" if self.in_row_properties => set_last(&mut self.rows, |row| row.deleted = true),
            "tc" => self.flows.enter(),
            "txbxContent" => {
                self.around.push((std::mem::take(&mut self.paragraph), self.hidden));
                self.flows.enter();
            }
            "footnote" | "endnote" => {
                self.note = element.get("id").map(|id| format!("{} {id}", element.name));
                self.flows.enter();
            }
            "footnoteReference" | "endnoteReference" => {
                let kind = element.name.trim_end_matches("Reference");
                let note = element.get("id").and_then(|id| self.notes.remove(&format!("{kind} {id}")));
                self.flows.aside(note.unwrap_or_default());
            }
            name if SILENT.contains(&name) => self.silent = Some((name.to_owned(), 1)),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "pPr" => self.paragraph = self.properties.take().unwrap_or_default(),
            "p" => self.end_paragraph(),
            "r" => self.hidden = false,
            "t" => self.in_text = false,
            "hyperlink" => {
                if let Some((start, address)) = self.link.take() {
                    self.flows.link(start, address);
                }
            }
            "sdt" => {
                self.blanks.pop();
                self.close_bracket();
            }
            "trPr" => self.in_row_properties = false,
            "tc" => {
                let cell = self.flows.leave();
                set_last(&mut self.rows, |row| row.cells.push(cell));
            }
            "tr" => {
                let kept = self.rows.pop().filter(|row| !row.deleted);
                self.flows.aside(kept.map(|kept| row(kept.cells)).unwrap_or_default());
            }
            "txbxContent" => {
                let aside = self.flows.leave();
                self.flows.aside(aside);
                (self.paragraph, self.hidden) = self.around.pop().unwrap_or_default();
            }
            "footnote" | "endnote" => {
                let words = self.flows.leave();
                self.notes.extend(self.note.take().map(|id| (id, words)));
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.hidden {
            return;
        }
        if self.blanks.last() == Some(&true) && !self.bracket && !words.starts_with('[') {
            self.bracket = true;
            self.flows.write("[");
        }
        self.flows.write(words);
    }

    fn close_bracket(&mut self) {
        if std::mem::take(&mut self.bracket) {
            self.flows.write("]");
        }
    }

    fn end_paragraph(&mut self) {
        self.close_bracket();
        let properties = std::mem::take(&mut self.paragraph);
        let style = self.styles.resolve(&properties);
        let label = style.number.map(|(list, level)| self.numbering.label(&list, level, style.id)).unwrap_or_default();
        let Some(open) = self.flows.open() else { return };
        if properties.end_deleted {
            self.carried = std::mem::take(&mut open.words);
        } else if style.contents {
            open.words.clear();
        }
        open.label = label;
        open.level = style.outline.filter(|level| *level < 9).and_then(|level| u8::try_from(level + 1).ok());
        self.flows.end();
    }
}

fn set_last<T>(list: &mut [T], set: impl FnOnce(&mut T)) {
    if let Some(last) = list.last_mut() {
        set(last);
    }
}
