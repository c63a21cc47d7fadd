//! HTML: tags out, words kept, blocks on their own lines, what surrounds the text left out.

use super::furniture::{Attributes, Content, Suspicion, is_leftover, suspect};
use super::{
    Head, Text,
    decode::{Letter, Source},
    marks::keep,
};
use crate::{DEPTH_MAX, error::ReadError};

use std::ops::Range;

/// Elements whose content is no text of the page.
const SILENT: &[&str] =
    &["script", "style", "noscript", "template", "svg", "head", "button", "select", "iframe", "textarea", "canvas"];
/// Elements that may be furniture of the page, or hold it.
const FRAMES: &[&str] = &[
    "a", "div", "section", "article", "main", "aside", "footer", "header", "nav", "ul", "ol", "form", "dialog", "table",
];
/// Attributes are looked for in so many characters of a tag.
const TAG_MAX: usize = 1_000;
/// Elements that break a line.
const BLOCK: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "br",
    "hr",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "pre",
    "body",
    "aside",
    "form",
    "address",
    "tbody",
    "thead",
];
/// Elements that nest; counted to refuse a page made to exhaust whoever reads it.
const NESTING: &[&str] =
    &["div", "section", "article", "ul", "ol", "table", "blockquote", "span", "b", "i", "font", "a"];
/// The longest entity name looked for, in characters.
const ENTITY_MAX: usize = 10;

struct Page<'a> {
    letters: &'a [Letter],
    out: Text,
    depth: usize,
    silent: Option<String>,
    heading: Option<u8>,
    ordered: Vec<Option<usize>>,
    frames: Vec<Frame>,
    /// How many frames of each name are open, by its place in [`FRAMES`].
    open: [usize; FRAMES.len()],
    /// Links and buttons so far.
    seen: Content,
    /// Bytes of text that the page has without its menus.
    whole: usize,
}

/// An open element, and how the page stood when it began.
struct Frame {
    kind: usize,
    suspicion: Option<Suspicion>,
    before: Content,
    links: usize,
    href: Option<String>,
}

/// The words of a page.
pub(super) fn text(source: Source) -> Result<Text, ReadError> {
    let letters: Vec<Letter> = source.chars().collect();
    // How much the page holds is known at its end only, and decides what may be taken out: it is read twice.
    let whole = walked(&letters, Text::extracted(super::Media::Html, String::new()), 0)?.text.len();
    walked(&letters, Text::new(super::Media::Html, source), whole)
}

fn walked(letters: &[Letter], out: Text, whole: usize) -> Result<Text, ReadError> {
    let mut page = Page {
        letters,
        out,
        depth: 0,
        silent: None,
        heading: None,
        ordered: Vec::new(),
        frames: Vec::new(),
        open: [0; FRAMES.len()],
        seen: Content::default(),
        whole,
    };
    let mut at = 0;
    while at < letters.len() {
        at = match letters[at].0 {
            '<' => page.tag(at)?,
            '&' if page.silent.is_none() => page.entity(at),
            letter => {
                page.word(letter, letters[at].1, letters[at].2);
                at + 1
            }
        };
    }
    while page.frames.pop().is_some_and(|frame| page.leave(frame, letters.len().saturating_sub(1))) {}
    Ok(page.out)
}

impl Page<'_> {
    fn word(&mut self, letter: char, start: u32, end: u32) {
        if self.silent.is_some() {
            return;
        }
        let letter = if letter == '\n' { ' ' } else { letter };
        let Some(kept) = keep(letter) else { return };
        if kept == ' ' && (self.out.ends_with_newline() || self.out.text.ends_with(' ')) {
            return;
        }
        if let Some(level) = self.heading.filter(|_| self.out.ends_with_newline()) {
            self.out.heads.push(Head { at: self.out.text.len(), level });
            self.heading = None;
        }
        self.out.push(kept, start, end);
    }

    fn newline(&mut self, at: usize) {
        let line = self.out.text.rfind('\n').map_or(0, |end| end + 1);
        if line < self.out.text.len() && is_leftover(&self.out.text[line..]) {
            // What began in that line begins where it stood.
            let inside = self.frames.iter_mut().rev().take_while(|frame| frame.before.text > line);
            inside.for_each(|frame| frame.before.text = line);
            return self.out.truncate(line);
        }
        let (_, start, end) = self.letters[at];
        self.out.push('\n', start, end);
    }

    /// Reads one tag; the index after it.
    fn tag(&mut self, at: usize) -> Result<usize, ReadError> {
        if self.starts(at, "<!--") {
            return Ok(self.find(at + 4, "-->").map_or(self.letters.len(), |end| end + 3));
        }
        let closing = self.letters.get(at + 1).is_some_and(|letter| letter.0 == '/');
        let name = self.name(at + 1 + usize::from(closing));
        let after_name = self.letters.get(at + 1).map(|letter| letter.0);
        if name.is_empty() && !matches!(after_name, Some('!' | '?' | '/')) {
            self.word('<', self.letters[at].1, self.letters[at].2);
            return Ok(at + 1);
        }
        if self.silent.is_some() && !(closing && self.silent.as_ref() == Some(&name)) {
            return Ok(at + 1);
        }
        let end = self.letters[at..].iter().position(|letter| letter.0 == '>').map(|length| at + length + 1);
        let Some(end) = end else {
            return Ok(self.letters.len());
        };
        if self.silent.take().is_some() {
            return Ok(end);
        }
        self.element(&name, closing, at)?;
        self.frame(&name, closing, at..end)?;
        Ok(end)
    }

    /// Keeps account of elements that may be furniture.
    fn frame(&mut self, name: &str, closing: bool, tag: Range<usize>) -> Result<(), ReadError> {
        let inside = || self.letters[tag.clone()].iter().take(TAG_MAX).map(|letter| letter.0).collect::<String>();
        if matches!(name, "button" | "input") && !closing {
            self.seen.buttons += 1;
        }
        let Some(kind) = FRAMES.iter().position(|frame| *frame == name) else { return Ok(()) };
        if closing {
            while self.open[kind] > 0
                && let Some(frame) = self.frames.pop()
            {
                let last = frame.kind == kind;
                self.leave(frame, tag.start);
                if last {
                    break;
                }
            }
            return Ok(());
        }
        // A link that was not closed ends where the next begins.
        if name == "a"
            && let Some(link) = self.frames.pop_if(|frame| frame.kind == kind)
        {
            self.leave(link, tag.start);
        }
        if self.frames.len() >= DEPTH_MAX {
            return Err(ReadError::TooDeep { max: DEPTH_MAX });
        }
        let attributes = Attributes::of(&inside());
        self.seen.buttons += usize::from(attributes.is_button());
        let in_content = ["main", "article"]
            .iter()
            .any(|name| FRAMES.iter().position(|frame| frame == name).is_some_and(|content| self.open[content] > 0));
        self.open[kind] += 1;
        self.frames.push(Frame {
            kind,
            suspicion: suspect(name, &attributes, in_content),
            before: Content { text: self.out.text.len(), ..self.seen },
            links: self.out.links.len(),
            href: attributes.href,
        });
        Ok(())
    }

    /// Ends an element: a link is noted, furniture is taken out again.
    fn leave(&mut self, frame: Frame, at: usize) -> bool {
        self.open[frame.kind] -= 1;
        let text = self.out.text.len().saturating_sub(frame.before.text);
        if FRAMES[frame.kind] == "a" {
            self.seen.linked += text;
            let address = frame.href.filter(|href| href.contains(':') && !href.starts_with("javascript:"));
            if let (Some(address), Some(letter)) = (address, self.letters.get(at)) {
                let start = self.out.span(frame.before.text..self.out.text.len())[0];
                let end = letter.1 as usize;
                self.out.links.push(([start.min(end), end], address));
            }
        }
        let content = Content {
            text,
            linked: self.seen.linked.saturating_sub(frame.before.linked),
            buttons: self.seen.buttons - frame.before.buttons,
        };
        if frame.suspicion.is_some_and(|suspicion| suspicion.holds(content, self.whole)) {
            self.out.truncate(frame.before.text);
            self.out.links.truncate(frame.links);
            self.seen.linked = frame.before.linked;
        }
        true
    }

    fn element(&mut self, name: &str, closing: bool, at: usize) -> Result<(), ReadError> {
        if NESTING.contains(&name) {
            self.depth = if closing { self.depth.saturating_sub(1) } else { self.depth + 1 };
            if self.depth > DEPTH_MAX {
                return Err(ReadError::TooDeep { max: DEPTH_MAX });
            }
        }
        if !closing && SILENT.contains(&name) {
            self.silent = Some(name.to_owned());
        }
        if BLOCK.contains(&name) {
            self.block(name, closing, at);
        } else if matches!(name, "td" | "th") && !closing && !self.out.ends_with_newline() {
            for letter in [' ', '|', ' '] {
                self.out.push(letter, self.letters[at].1, self.letters[at].2);
            }
        }
        Ok(())
    }

    fn block(&mut self, name: &str, closing: bool, at: usize) {
        self.heading = None;
        if !self.out.ends_with_newline() {
            self.newline(at);
        }
        let paragraph =
            matches!(name, "p" | "div" | "ul" | "ol" | "table" | "section" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        if paragraph && !self.out.text.ends_with("\n\n") && !self.out.text.is_empty() {
            self.newline(at);
        }
        match (name, closing) {
            ("ol", false) => self.ordered.push(Some(1)),
            ("ul", false) => self.ordered.push(None),
            ("ol" | "ul", true) => {
                self.ordered.pop();
            }
            ("li", false) => self.bullet(at),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => self.heading = name[1..].parse().ok(),
            _ => {}
        }
    }

    fn bullet(&mut self, at: usize) {
        let mark = match self.ordered.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number += 1;
                mark
            }
            _ => "- ".to_owned(),
        };
        for letter in mark.chars() {
            self.out.push(letter, self.letters[at].1, self.letters[at].1);
        }
    }

    fn starts(&self, at: usize, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(index, letter)| self.letters.get(at + index).is_some_and(|found| found.0 == letter))
    }

    fn find(&self, from: usize, text: &str) -> Option<usize> {
        (from..self.letters.len()).find(|at| self.starts(*at, text))
    }

    fn name(&self, at: usize) -> String {
        let rest = self.letters.get(at..).unwrap_or_default();
        rest.iter()
            .take(20)
            .map(|letter| letter.0.to_ascii_lowercase())
            .take_while(char::is_ascii_alphanumeric)
            .collect()
    }

    /// `&amp;`, `&#233;`, `&#xe9;`; anything else is taken as it stands.
    fn entity(&mut self, at: usize) -> usize {
        let (_, start, end) = self.letters[at];
        let stop =
            self.letters[at..].iter().take(ENTITY_MAX).position(|letter| letter.0 == ';').map(|length| at + length);
        let name: Option<String> = stop.map(|stop| self.letters[at + 1..stop].iter().map(|letter| letter.0).collect());
        match (stop, name.as_deref().and_then(named)) {
            (Some(stop), Some(letter)) => {
                self.word(letter, start, self.letters[stop].2);
                stop + 1
            }
            _ => {
                self.word('&', start, end);
                at + 1
            }
        }
    }
}

/// The names of characters that pages use.
const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("shy", '\u{ad}'),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("bull", '•'),
    ("middot", '·'),
    ("euro", '€'),
    ("deg", '°'),
    ("sect", '§'),
    ("Ecirc", 'Ê'),
    ("Acirc", 'Â'),
    ("Ocirc", 'Ô'),
    ("Ouml", 'Ö'),
    ("ouml", 'ö'),
    ("Uuml", 'Ü'),
    ("Auml", 'Ä'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("Aring", 'Å'),
    ("oslash", 'ø'),
    ("Oslash", 'Ø'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("szlig", 'ß'),
    ("aacute", 'á'),
    ("iacute", 'í'),
    ("oacute", 'ó'),
    ("uacute", 'ú'),
    ("ntilde", 'ñ'),
    ("atilde", 'ã'),
    ("otilde", 'õ'),
    ("trade", '™'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("bdquo", '„'),
    ("sbquo", '‚'),
    ("minus", '−'),
    ("times", '×'),
    ("frac12", '½'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("agrave", 'à'),
    ("acirc", 'â'),
    ("ccedil", 'ç'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ocirc", 'ô'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("oelig", 'œ'),
    ("Eacute", 'É'),
    ("Egrave", 'È'),
    ("Agrave", 'À'),
    ("Ccedil", 'Ç'),
    ("copy", '©'),
    ("reg", '®'),
    ("thinsp", ' '),
];

fn named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |hex| (hex, 16));
        return u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    }
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter)
}
