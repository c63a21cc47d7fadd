//! The parts of a message (RFC 2046), within limits on their number and depth.
//!
//! Messages inside a message are not taken apart: they are files. So nothing here goes deeper than
//! [`DEPTH_MAX`], whatever the bytes say.

use super::head::{Head, line_end, split};
use super::{ATTACHMENTS_MAX, Attachment};

/// So many parts are looked at.
const PARTS_MAX: usize = 200;
/// So deep are parts within parts.
const DEPTH_MAX: usize = 8;
/// The longest boundary is 70 characters (RFC 2046 §5.1.1); programs are forgiven some more.
const BOUNDARY_MAX: usize = 200;

/// One part that is no container.
pub(super) struct Part<'a> {
    /// What its own header says.
    pub(super) head: Head,
    /// Its bytes, still encoded.
    pub(super) body: &'a [u8],
    /// Where it stands: parts with the same first numbers say the same in different forms.
    pub(super) forms: Option<usize>,
}

/// A message, taken apart.
pub(super) struct Parts<'a> {
    /// The header of the message.
    pub(super) head: Head,
    /// Its parts in order.
    pub(super) list: Vec<Part<'a>>,
    /// Whether some were left out.
    pub(super) cut: bool,
    /// How many containers of forms have been met.
    choices: usize,
}

impl Parts<'_> {
    /// The parts that are files, and how large they are.
    pub(super) fn attachments(&self) -> Vec<Attachment> {
        self.list.iter().filter(|part| part.is_attached()).take(ATTACHMENTS_MAX).map(Part::attachment).collect()
    }

    /// The first part of a type.
    pub(super) fn of_type(&self, names: &[&str]) -> Option<&Part<'_>> {
        self.list.iter().find(|part| names.contains(&part.head.media_type().as_str()))
    }
}

impl Part<'_> {
    /// Whether its words are the message's own.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.head.media_type().as_str(), "text/plain" | "text/html") && !self.head.is_file()
    }

    fn is_attached(&self) -> bool {
        !self.is_text() && self.head.media_type() != "message/delivery-status"
    }

    fn attachment(&self) -> Attachment {
        let whole = self.body.len();
        let bytes = if self.head.encoding() == "base64" { whole / 4 * 3 } else { whole };
        Attachment { name: self.head.file_name(), media_type: self.head.media_type(), bytes }
    }
}

/// Takes a message apart.
pub(super) fn take_apart(bytes: &[u8]) -> Parts<'_> {
    let (head, body) = split(bytes);
    let mut parts = Parts { head: Head::read(head), list: Vec::new(), cut: false, choices: 0 };
    walk(Head::read(head), body, 0, None, &mut parts);
    parts
}

fn walk<'a>(head: Head, body: &'a [u8], depth: usize, forms: Option<usize>, parts: &mut Parts<'a>) {
    let kind = head.media_type();
    let boundary = head.parameter("boundary").filter(|boundary| !boundary.is_empty());
    let boundary = boundary.filter(|boundary| kind.starts_with("multipart/") && boundary.len() <= BOUNDARY_MAX);
    let Some(boundary) = boundary.filter(|_| depth < DEPTH_MAX) else {
        if parts.list.len() < PARTS_MAX {
            parts.list.push(Part { head, body, forms });
        } else {
            parts.cut = true;
        }
        return;
    };
    let mut forms = forms;
    if kind == "multipart/alternative" {
        parts.choices += 1;
        forms = Some(parts.choices);
    }
    for piece in pieces(body, boundary.as_bytes()) {
        if parts.list.len() >= PARTS_MAX {
            parts.cut = true;
            return;
        }
        let (head, body) = split(piece);
        walk(Head::read(head), body, depth + 1, forms, parts);
    }
}

/// What stands between the lines that hold the boundary. One that is never closed ends with the message.
fn pieces<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    let (mut begun, mut start) = (None, 0);
    while start < body.len() && found.len() <= PARTS_MAX {
        let end = line_end(body, start);
        if let Some(last) = is_boundary(&body[start..end], boundary) {
            found.extend(begun.map(|from| &body[from..start]));
            begun = (!last).then_some(end);
            if last {
                return found;
            }
        }
        start = end;
    }
    found.extend(begun.map(|from| &body[from..]));
    found
}

/// Whether a line is the boundary, and if so, whether it is the last.
fn is_boundary(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?.trim_ascii_end();
    match rest {
        b"" => Some(false),
        b"--" => Some(true),
        _ => None,
    }
}
