//! The words of a message: decoded, of several forms the plain one, HTML turned into lines, cut where they end.

use super::TEXT_BYTES_MAX;
use super::head::is_hidden;
use super::page;
use super::parts::{Part, Parts};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use std::collections::BTreeMap;

/// So many encoded bytes of a part are looked at: what is kept of its text, at the worst rate of any encoding.
const ENCODED_BYTES_MAX: usize = 4 << 20;

/// The message's text, and whether it was longer than what is kept.
pub(super) fn text(parts: &Parts<'_>) -> (String, bool) {
    let mut whole = String::new();
    let mut cut = false;
    for part in chosen(parts) {
        let words = words(part);
        if !whole.is_empty() && !words.is_empty() {
            whole.push('\n');
        }
        whole.push_str(&words);
        cut |= part.body.len() > ENCODED_BYTES_MAX || whole.len() > TEXT_BYTES_MAX;
        if whole.len() > TEXT_BYTES_MAX {
            whole.truncate(whole.floor_char_boundary(TEXT_BYTES_MAX));
            break;
        }
    }
    (whole.trim_end().to_owned(), cut)
}

/// The parts to read: of those that say the same, the plain one, unless it says nothing.
fn chosen<'p>(parts: &'p Parts<'p>) -> Vec<&'p Part<'p>> {
    let texts: Vec<&Part<'_>> = parts.list.iter().filter(|part| part.is_text()).collect();
    let plain = |part: &Part<'_>| part.head.media_type() == "text/plain";
    let speaks = |part: &Part<'_>| words(part).chars().any(char::is_alphabetic);
    // Whether the form to read is the plain one, for each choice: found once, because to know it the parts are decoded.
    let mut choices: BTreeMap<usize, Option<bool>> = BTreeMap::new();
    for forms in texts.iter().filter_map(|part| part.forms) {
        choices.entry(forms).or_insert_with(|| {
            let others = || texts.iter().filter(|other| other.forms == Some(forms) && speaks(other));
            others().find(|other| plain(other)).or_else(|| others().next()).map(|first| plain(first))
        });
    }
    let better = |part: &&Part<'_>| match part.forms {
        Some(forms) => choices.get(&forms).copied().flatten() == Some(plain(part)),
        None => true,
    };
    texts.iter().copied().filter(better).collect()
}

/// The words of one part.
fn words(part: &Part<'_>) -> String {
    let text = decoded(part);
    let text = if part.head.media_type() == "text/html" { page::text(&text) } else { text };
    clean(&text)
}

/// A part as text: its encoding undone, its charset read.
pub(super) fn decoded(part: &Part<'_>) -> String {
    let encoded = &part.body[..part.body.len().min(ENCODED_BYTES_MAX)];
    let bytes = match part.head.encoding().as_str() {
        "base64" => unbase64(encoded),
        "quoted-printable" => unquoted(encoded),
        _ => encoded.to_vec(),
    };
    read_as(&bytes, part.head.parameter("charset").as_deref())
}

/// Base64, without what does not belong to it.
fn unbase64(encoded: &[u8]) -> Vec<u8> {
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut digits: Vec<u8> = encoded.iter().copied().filter(belongs).collect();
    // One digit alone is less than a byte.
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    while !digits.len().is_multiple_of(4) {
        digits.push(b'=');
    }
    base64_decode(&digits).unwrap_or_default()
}

/// Quoted-printable (RFC 2045 §6.7); what breaks its rules stays as it is.
fn unquoted(encoded: &[u8]) -> Vec<u8> {
    let hex = |at: usize| encoded.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while at < encoded.len() {
        match (encoded[at], hex(at + 1), hex(at + 2)) {
            (b'=', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            (b'=', ..) if encoded.get(at + 1) == Some(&b'\n') => at += 2,
            (b'=', ..) if encoded.get(at + 1..at + 3) == Some(b"\r\n") => at += 3,
            (byte, ..) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    bytes
}

/// Bytes in the charset that is named; in UTF-8 when they are, else as Western offices wrote before it.
fn read_as(bytes: &[u8], charset: Option<&str>) -> String {
    let named = charset.and_then(|name| Encoding::for_label(name.trim().as_bytes()));
    let utf8 = std::str::from_utf8(bytes);
    let encoding = match (named, &utf8) {
        // Whoever says ASCII and writes more means UTF-8 if it is that.
        (Some(encoding), Err(_)) if encoding != UTF_8 => encoding,
        (Some(encoding), Ok(_)) if encoding != WINDOWS_1252 => encoding,
        (_, Ok(text)) => return (*text).to_owned(),
        // A text cut in the middle of a letter is UTF-8 all the same.
        (_, Err(error)) if error.error_len().is_none() => UTF_8,
        _ => WINDOWS_1252,
    };
    encoding.decode(bytes).0.into_owned()
}

/// One kind of line end, and no controls: neither a database nor a page may hold them.
fn clean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\r' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\n' | '\t' => kept.push(letter),
            '\u{a0}' => kept.push(' '),
            letter if is_hidden(letter) => {}
            letter => kept.push(letter),
        }
    }
    kept
}
