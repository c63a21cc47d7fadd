//! What goes with a letter: few files of few kinds, kept sealed under the key of whom the letter speaks, so that erasing the
//! person erases them wherever they lie.

use super::events::Filed;
use super::mail::Part;
use super::{Letter, NoticeRow, ics, store};
use crate::{App, Kind, Refusal};
use ::store::{StoreError, Tx};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{NoticeId, Secret, SubjectId};

/// The most files of one letter.
pub const FILES_MAX: usize = 5;
/// The most bytes of all files of one letter.
pub const BYTES_MAX: usize = 5 << 20;
/// What may go with a letter: nothing that runs, and nothing that most mail servers turn away.
const TYPES: [&str; 4] = ["text/calendar", "text/plain", "message/rfc822", "application/pdf"];

/// A file that goes with a letter.
#[derive(Clone)]
pub struct Enclosure {
    name: String,
    media_type: String,
    bytes: Vec<u8>,
}

impl Enclosure {
    /// A file under a name of ours, which names nobody.
    ///
    /// # Errors
    /// When the type is not among those we send, the name is none, or it is too large.
    pub fn new(name: &str, media_type: &str, bytes: Vec<u8>) -> Result<Self, Refusal> {
        let known = TYPES.contains(&media_type.split(';').next().unwrap_or_default().trim());
        let named = !name.is_empty()
            && name.len() <= 80
            && !name.starts_with('.')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        if known && named && !media_type.contains(['\r', '\n']) && bytes.len() <= BYTES_MAX {
            let (name, media_type) = (name.to_owned(), media_type.to_owned());
            return Ok(Self { name, media_type, bytes });
        }
        Err(refused())
    }
}

impl Letter {
    /// The same letter with a file.
    ///
    /// # Errors
    /// When it would have more than five, or more than 5 MiB.
    pub fn enclose(mut self, file: Enclosure) -> Result<Self, Refusal> {
        let bytes: usize = self.enclosures.iter().map(|known| known.bytes.len()).sum();
        // One place is left for the day that the letter may name.
        if self.enclosures.len() + 1 >= FILES_MAX || bytes + file.bytes.len() > BYTES_MAX {
            return Err(refused());
        }
        self.enclosures.push(file);
        Ok(self)
    }
}

fn refused() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "letter-file",
        ["This file cannot go with a letter.", "Ce fichier ne peut pas accompagner un courrier."],
        [
            "Send at most four files of text, PDF, mail or calendar, of 5 MiB together, with plain names.",
            "Joignez quatre fichiers au plus, de texte, PDF, courriel ou calendrier, 5 Mio en tout, aux noms simples.",
        ],
    )
}

/// Keeps what goes with a letter, the file of its day included.
pub(super) async fn keep(tx: &mut Tx<'_>, notice: &NoticeId, letter: &Letter) -> Result<Vec<Filed>, StoreError> {
    let mut files = letter.enclosures.clone();
    if let Some(day) = &letter.day {
        let bytes = ics::file(notice.as_str(), tx.now(), day.due, &day.title, &day.link);
        let media_type = "text/calendar; charset=utf-8; method=PUBLISH".to_owned();
        files.push(Enclosure { name: "due.ics".to_owned(), media_type, bytes });
    }
    seal(tx, notice, &letter.about, files).await
}

async fn seal(
    tx: &mut Tx<'_>,
    notice: &NoticeId,
    about: &SubjectId,
    files: Vec<Enclosure>,
) -> Result<Vec<Filed>, StoreError> {
    let mut kept = Vec::new();
    for (position, file) in files.into_iter().enumerate() {
        let text = Secret::new(STANDARD.encode(&file.bytes));
        let place = format!("letter/{notice}/{position}");
        let sealed = tx.seal_secret(about, &place, &text).await?;
        let blob = tx.keep_blob("application/octet-stream", &sealed).await?;
        let bytes = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        kept.push(Filed { name: file.name, media_type: file.media_type, bytes, blob, place });
    }
    Ok(kept)
}

/// The files of a letter, opened; none when whom it speaks of has been erased.
///
/// # Errors
/// When the database fails or a file has been changed.
pub(super) async fn open(app: &App, row: &NoticeRow) -> Result<Option<Vec<Part>>, StoreError> {
    let mut parts = Vec::new();
    for file in store::files(&mut app.store().read(), &row.id).await? {
        let sealed = app.store().blob(&file.blob).await?;
        let opened = app.store().open_secret(&row.about_subject, &file.place, &sealed).await?;
        let Some(text) = opened else { return Ok(None) };
        let bytes = STANDARD.decode(text.expose()).map_err(|error| StoreError::Damaged(error.to_string()))?;
        parts.push(Part { name: file.name, media_type: file.media_type, bytes });
    }
    Ok(Some(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_few_plain_files_go_with_a_letter() {
        for (name, media_type, bytes, fine) in [
            ("due.ics", "text/calendar; charset=utf-8", 10, true),
            ("original.eml", "message/rfc822", BYTES_MAX, true),
            ("original.eml", "message/rfc822", BYTES_MAX + 1, false),
            ("x.html", "text/html", 10, false),
            ("x.exe", "application/octet-stream", 10, false),
            ("../x.txt", "text/plain", 10, false),
            (".x", "text/plain", 10, false),
            ("x\r\nBcc: a", "text/plain", 10, false),
            ("x.txt", "text/plain\r\nBcc: a", 10, false),
            ("", "text/plain", 10, false),
        ] {
            assert_eq!(Enclosure::new(name, media_type, vec![0; bytes]).is_ok(), fine, "{name} {media_type} {bytes}");
        }
    }
}
