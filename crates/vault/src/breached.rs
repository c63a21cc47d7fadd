//! The operator's list of breached passwords, as the large public ones are published: one SHA-1 digest in
//! hexadecimal a line, sorted, with or without `:count` behind it. It is searched where it lies: such lists
//! have tens of gigabytes.

use kernel::Secret;
use sha1::{Digest, Sha1};
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

const DIGEST_CHARS: usize = 40;
/// No line of such a list is longer: a digest and a count.
const LINE_BYTES_MAX: usize = 80;

/// What the list is read from.
pub trait Lines: Read + Seek {}

impl<T: Read + Seek> Lines for T {}

type Open = dyn Fn() -> io::Result<Box<dyn Lines>> + Send + Sync;

/// A sorted list of digests, opened anew for each password.
#[derive(Clone)]
pub struct Breached {
    open: Arc<Open>,
}

impl Breached {
    /// The list behind `open`, which `garant` gives: this crate touches no file.
    ///
    /// # Errors
    /// When it cannot be read, or its first line is no digest.
    pub fn new<F>(open: F) -> io::Result<Self>
    where
        F: Fn() -> io::Result<Box<dyn Lines>> + Send + Sync + 'static,
    {
        match line_from(&mut *open()?, 0)? {
            Some(line) if !line.is_empty() && digest_of(&line).is_none() => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "its first line is no SHA-1 digest"))
            }
            _ => Ok(Self { open: Arc::new(open) }),
        }
    }

    /// Whether a password is on the list.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn contains(&self, password: &Secret<String>) -> io::Result<bool> {
        let wanted = hex::encode_upper(Sha1::digest(password.expose().as_bytes()));
        let mut list = (self.open)()?;
        let (mut low, mut high) = (0, list.seek(SeekFrom::End(0))?);
        // The line that holds the byte in the middle is compared; its end or its start is the new border.
        while low < high {
            let middle = low + (high - low) / 2;
            let start = line_start(&mut *list, low, middle)?;
            let line = line_from(&mut *list, start)?.unwrap_or_default();
            match digest_of(&line).unwrap_or_default().to_ascii_uppercase().cmp(&wanted) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => low = start + line.len() as u64 + 1,
                std::cmp::Ordering::Greater => high = start,
            }
        }
        Ok(false)
    }
}

impl std::fmt::Debug for Breached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<list of breached passwords>")
    }
}

/// Where the line that holds the byte at `place` begins, not before `low`.
fn line_start(list: &mut dyn Lines, low: u64, place: u64) -> io::Result<u64> {
    let from = place.saturating_sub(LINE_BYTES_MAX as u64).max(low);
    list.seek(SeekFrom::Start(from))?;
    let mut before = Vec::with_capacity(LINE_BYTES_MAX);
    list.take(place - from).read_to_end(&mut before)?;
    Ok(before.iter().rposition(|byte| *byte == b'\n').map_or(from, |at| from + at as u64 + 1))
}

/// The line that begins at `start`, without its end; none behind the last.
fn line_from(list: &mut dyn Lines, start: u64) -> io::Result<Option<String>> {
    list.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::with_capacity(LINE_BYTES_MAX);
    list.take(LINE_BYTES_MAX as u64).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    Ok(Some(String::from_utf8_lossy(&bytes[..end]).into_owned()))
}

fn digest_of(line: &str) -> Option<&str> {
    let digest = line.trim_end().split(':').next().unwrap_or_default();
    (digest.len() == DIGEST_CHARS && digest.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digest)
}
