//! The header of a message or of one of its parts, within limits.

use super::{ADDRESS_BYTES_MAX, Address, ID_BYTES_MAX, NAME_CHARS_MAX, REFERENCES_MAX, SUBJECT_CHARS_MAX};
use kernel::Instant;
use mail_parser::{ContentType, HeaderName, HeaderValue, Message, MessageParser};

/// So much of a header is read, in bytes; real ones have a tenth of it.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// A header, taken apart.
pub(super) struct Head(Option<Message<'static>>);

/// A header and what follows it.
pub(super) fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    while start < bytes.len() {
        let end = line_end(bytes, start);
        if bytes[start..end].iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            return (&bytes[..start], &bytes[end..]);
        }
        start = end;
    }
    (bytes, &[])
}

/// Where the line that begins at `start` ends, its line feed included.
pub(super) fn line_end(bytes: &[u8], start: usize) -> usize {
    bytes[start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| start + at + 1)
}

/// A text as people may see it: on one line, without controls and without what turns the direction of writing,
/// with which a name can be made to look like another.
pub(super) fn one_line(text: &str, chars_max: usize) -> String {
    let kept = text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    let kept: String = kept.filter(|letter| !is_hidden(*letter)).collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").chars().take(chars_max).collect()
}

/// Letters that have no look of their own, or change that of others.
pub(super) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl Head {
    /// Reads a header; of a longer one, its first lines.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut kept = bytes;
        if bytes.starts_with(b"From ") {
            // The line a mailbox file puts before each message.
            kept = &bytes[line_end(bytes, 0)..];
        }
        if kept.len() > HEAD_BYTES_MAX {
            let cut = &kept[..HEAD_BYTES_MAX];
            kept = &cut[..cut.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)];
        }
        let ended = [kept, b"\r\n\r\n"].concat();
        Self(MessageParser::default().parse_headers(&ended).map(Message::into_owned))
    }

    fn value(&self, name: HeaderName<'static>) -> Option<&HeaderValue<'static>> {
        self.0.as_ref()?.header(name)
    }

    fn address(&self, name: HeaderName<'static>) -> Option<Address> {
        let first = self.value(name)?.as_address()?.first()?;
        let email = one_line(first.address()?, ADDRESS_BYTES_MAX);
        let name = first.name().map(|name| one_line(name, NAME_CHARS_MAX)).filter(|name| !name.is_empty());
        (!email.is_empty() && email.len() <= ADDRESS_BYTES_MAX).then_some(Address { name, email })
    }

    /// Who wrote.
    pub(super) fn from(&self) -> Option<Address> {
        self.address(HeaderName::From).or_else(|| self.address(HeaderName::Sender))
    }

    /// Who wants the answer, when that is not who wrote.
    pub(super) fn reply_to(&self) -> Option<Address> {
        let from = self.from();
        let same = |to: &Address| from.as_ref().is_some_and(|from| from.email.eq_ignore_ascii_case(&to.email));
        self.address(HeaderName::ReplyTo).filter(|to| !same(to))
    }

    /// The subject.
    pub(super) fn subject(&self) -> String {
        let subject = self.value(HeaderName::Subject).and_then(HeaderValue::as_text).unwrap_or_default();
        one_line(subject, SUBJECT_CHARS_MAX)
    }

    fn ids(&self, name: HeaderName<'static>) -> Vec<String> {
        let value = self.value(name);
        let many = value.and_then(HeaderValue::as_text_list).unwrap_or_default();
        // Asked for one text, a list gives its last.
        let one = value.filter(|_| many.is_empty()).and_then(HeaderValue::as_text);
        let all = one.into_iter().chain(many.iter().map(AsRef::as_ref));
        all.filter_map(identifier).take(REFERENCES_MAX).collect()
    }

    /// The message's own identifier.
    pub(super) fn message_id(&self) -> Option<String> {
        self.ids(HeaderName::MessageId).into_iter().next()
    }

    /// What it answers, then what came before.
    pub(super) fn references(&self) -> Vec<String> {
        let mut found = self.ids(HeaderName::InReplyTo);
        for id in self.ids(HeaderName::References) {
            if !found.contains(&id) && found.len() < REFERENCES_MAX {
                found.push(id);
            }
        }
        found
    }

    /// When it was written.
    pub(super) fn date(&self) -> Option<Instant> {
        let date = self.value(HeaderName::Date)?.as_datetime().filter(|date| date.is_valid())?;
        Instant::from_second(date.to_timestamp()).ok()
    }

    /// Any other header as it stands there, in lower case; several of one name, joined.
    pub(super) fn raw(&self, name: &str) -> Option<String> {
        let all = self.0.as_ref()?.headers_raw();
        let found = all.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let lines: Vec<String> = found.map(|(_, value)| one_line(value, 1_000).to_ascii_lowercase()).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    fn content_type(&self) -> Option<&ContentType<'static>> {
        self.value(HeaderName::ContentType)?.as_content_type()
    }

    /// The type of the content, in lower case; plain text unless the header says otherwise (RFC 2045 §5.2).
    pub(super) fn media_type(&self) -> String {
        let Some(kind) = self.content_type() else { return "text/plain".into() };
        let name = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("plain"));
        one_line(&name, 100).to_ascii_lowercase()
    }

    /// A parameter of the content's type, such as `charset`.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        self.content_type()?.attribute(name).map(str::to_owned)
    }

    /// How the content is encoded, in lower case.
    pub(super) fn encoding(&self) -> String {
        let value = self.value(HeaderName::ContentTransferEncoding).and_then(HeaderValue::as_text);
        value.unwrap_or_default().trim().to_ascii_lowercase()
    }

    fn disposition(&self) -> Option<&ContentType<'static>> {
        self.value(HeaderName::ContentDisposition)?.as_content_type()
    }

    /// Whether the sender wants the part to be a file rather than words to read.
    pub(super) fn is_file(&self) -> bool {
        self.disposition().is_some_and(|how| how.is_attachment() || how.has_attribute("filename"))
    }

    /// The name of the file, without the path a sender may have put before it.
    pub(super) fn file_name(&self) -> String {
        let named = self.disposition().and_then(|how| how.attribute("filename")).map(str::to_owned);
        let name = named.or_else(|| self.parameter("name")).unwrap_or_default();
        one_line(name.rsplit(['/', '\\']).next().unwrap_or_default(), NAME_CHARS_MAX)
    }
}

/// An identifier without its brackets; none when it is longer than any real one.
pub(super) fn identifier(text: &str) -> Option<String> {
    let id = text.trim().trim_start_matches('<').trim_end_matches('>').trim();
    let plain = id.chars().all(|letter| !letter.is_whitespace() && !is_hidden(letter));
    (plain && !id.is_empty() && id.len() <= ID_BYTES_MAX).then(|| id.to_owned())
}
