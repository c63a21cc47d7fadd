//! Addresses inside addresses: where to come back to after signing in or changing the language.

use std::fmt::Write;

/// The longest address one comes back to, in bytes.
const BYTES_MAX: usize = 2048;

/// `text` as the value of a query parameter (RFC 3986 §2.3: everything but the unreserved, and `/`).
pub(crate) fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").ok();
        }
        out
    })
}

/// Whether `next` is a path on this very host, however a browser reads it: browsers drop tabs and line
/// breaks, and take `\` for `/`.
pub(crate) fn is_local(next: &str) -> bool {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain && next.len() <= BYTES_MAX && next.starts_with('/') && !next.starts_with("//")
}
