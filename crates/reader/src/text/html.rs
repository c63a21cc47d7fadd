//! HTML: tags out, words kept, blocks on their own lines.

use super::{Head, Text, decode::Source, marks::keep};
use crate::{DEPTH_MAX, error::ReadError};

type Letter = (char, usize, usize);

/// Elements whose content is no text of the page.
const SILENT: &[&str] = &["script", "style", "noscript", "template", "svg", "head", "nav", "button", "select"];
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
}

/// The words of a page.
pub(super) fn text(source: Source) -> Result<Text, ReadError> {
    let letters: Vec<Letter> = source.chars().collect();
    let out = Text::new(super::Media::Html, source);
    let mut page = Page { letters: &letters, out, depth: 0, silent: None, heading: None, ordered: Vec::new() };
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
    Ok(page.out)
}

impl Page<'_> {
    fn word(&mut self, letter: char, start: usize, end: usize) {
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
        Ok(end)
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
