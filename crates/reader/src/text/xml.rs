//! XML as a walk over elements: names without prefix, five entities and no more, limited depth.
//!
//! What a document type declares is not looked at: entities of its own could unfold to gigabytes or name files, so
//! a document that uses one is refused.

use crate::error::ReadError;
use quick_xml::Reader;
use quick_xml::XmlVersion::Implicit1_0;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// The deepest nesting that is read; a word processor stays below a hundred.
const DEPTH_MAX: usize = 400;

/// A name by which elements refer to each other is no longer than this, in bytes: it is copied wherever it is used.
const ID_MAX: usize = 200;

/// What a walk comes by.
pub(super) enum Node<'n> {
    /// An element begins.
    Open(Element<'n>),
    /// An element ends: its local name.
    Close(&'n str),
    /// Words.
    Words(&'n str),
}

/// The beginning of an element.
pub(super) struct Element<'n> {
    /// Its name without prefix.
    pub(super) name: &'n str,
    /// Its prefix, or nothing.
    pub(super) prefix: &'n str,
    start: &'n BytesStart<'n>,
}

impl Element<'_> {
    /// The value of an attribute, by its name without prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let found = attributes.find(|attribute| attribute.key.local_name().into_inner() == name)?;
        found.normalized_value(Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    }

    /// A name by which elements refer to each other; one of absurd length is none.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        self.get(name).filter(|id| id.len() <= ID_MAX)
    }

    /// The value of an attribute as a number.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.trim().parse().ok()
    }

    /// Whether an on/off property is on: written without value, or with one that is not a no.
    pub(super) fn is_on(&self) -> bool {
        self.get("val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off" | "none"))
    }
}

/// Walks through a part of a document. `format` is the usual name of the whole, for errors.
pub(super) fn walk(xml: &[u8], format: &'static str, mut see: impl FnMut(Node<'_>)) -> Result<(), ReadError> {
    let damaged = || ReadError::Damaged { format };
    let xml = std::str::from_utf8(xml.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(xml)).map_err(|_| damaged())?;
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(start) => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(ReadError::Excessive { format });
                }
                let (name, prefix) = start.name().decompose();
                let prefix = prefix.map_or("", |prefix| prefix.into_inner());
                see(Node::Open(Element { name: name.into_inner(), prefix, start: &start }));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                see(Node::Close(end.name().local_name().into_inner()));
            }
            Event::Text(words) => see(Node::Words(&words.xml10_content())),
            Event::CData(words) => see(Node::Words(&words.xml10_content())),
            Event::GeneralRef(reference) => {
                let letter = letter(&reference).ok_or_else(damaged)?;
                see(Node::Words(letter.encode_utf8(&mut [0; 4])));
            }
            Event::Eof if depth > 0 => return Err(damaged()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// `&amp;`, `&#233;`; nothing that a document declared itself.
fn letter(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match reference.borrow().into_inner().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(xml: &str) -> Result<String, ReadError> {
        let mut found = String::new();
        walk(xml.as_bytes(), "DOCX", |node| match node {
            Node::Words(words) => found.push_str(words),
            Node::Open(element) => found.push_str(&element.get("v").unwrap_or_default()),
            Node::Close(_) => {}
        })?;
        Ok(found)
    }

    #[test]
    fn the_five_entities_are_read_and_no_other() {
        assert_eq!(words("<a v='&lt;'>x &amp; &#233;<![CDATA[<]]></a>").unwrap(), "<x & é<");
        let bomb = "<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
        let outside = "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>";
        for xml in [bomb, outside, "<a>&b;</a>", "<a>&#xD800;</a>", "<a>", "</a>", "<a></b>"] {
            assert_eq!(words(xml), Err(ReadError::Damaged { format: "DOCX" }), "{xml}");
        }
    }

    #[test]
    fn depth_is_limited() {
        assert_eq!(words(&"<a>".repeat(100_000)), Err(ReadError::Excessive { format: "DOCX" }));
    }
}
