//! What was read from a document: read once, when it comes in, and kept beside it under its own hash.
//!
//! The entry of the import cites that hash, so that what people decided upon can be shown byte for byte later,
//! whatever a newer reader would make of the document.

use super::store::{self, AgreementRow};
use super::{AgreementEvent, Command, decide};
use crate::view::sentence;
use crate::{App, Kind, Refusal, feature};
use ::store::Store;
use kernel::{Actor, AgreementId, Lang};
use reader::{PdfText, ReadError, Study};
use std::sync::Arc;

/// The media type under which studies are kept.
pub(super) const MEDIA_TYPE: &str = "application/json";

/// Reads off the async threads: a document may be large, and is always hostile.
pub(super) async fn read(pdf: Arc<dyn PdfText>, bytes: Vec<u8>, file_name: String) -> Result<Study, Refusal> {
    let read = tokio::task::spawn_blocking(move || reader::study_with(&*pdf, &bytes, &file_name, Lang::En)).await;
    match read {
        Ok(Ok(study)) => Ok(study),
        Ok(Err(error)) => Err(Refusal::from_words(
            Kind::Invalid,
            "document",
            |l| sentence(&error.message(l)),
            |l| sentence(&error.remedy(l)),
        )),
        Err(_) => Err(Refusal::new(
            Kind::Failed,
            "document",
            ["The document could not be read.", "Le document n'a pas pu être lu."],
            ["Save it as plain text and send that.", "Enregistrez-le en texte brut et envoyez ce fichier."],
        )),
    }
}

/// The bytes under which a study is kept.
pub(super) fn to_bytes(study: &Study) -> Result<Vec<u8>, Refusal> {
    Ok(serde_json::to_vec(study).map_err(::store::StoreError::from)?)
}

/// A study from its bytes.
pub(super) fn from_bytes(bytes: &[u8]) -> Result<Study, Refusal> {
    Ok(serde_json::from_slice(bytes).map_err(::store::StoreError::from)?)
}

/// Takes no PDF apart: none was taken then.
struct NoneTaken;

impl PdfText for NoneTaken {
    fn text(&self, _: &[u8]) -> Result<String, ReadError> {
        Err(ReadError::UnknownFormat { format: "PDF" })
    }
}

/// What was read from an agreement's document; read again only where it was imported before readings were kept,
/// when no PDF was taken.
pub(super) async fn of(db: &Store, row: &AgreementRow) -> Result<Study, Refusal> {
    match &row.reading {
        Some(name) => kept(db, name).await,
        None => read(Arc::new(NoneTaken), db.blob(&row.document).await?, row.file_name.clone()).await,
    }
}

/// A kept study by the name of its bytes.
pub(super) async fn kept(db: &Store, name: &str) -> Result<Study, Refusal> {
    from_bytes(&db.blob(name).await?)
}

/// Reads the document of an agreement again, with the reader of today. What people decided stands.
///
/// # Errors
/// When nothing else is read, when the text itself comes out otherwise (the citations of decisions would point
/// elsewhere), or when the agreement is in force.
pub async fn read_again(app: &App, actor: Actor, id: &AgreementId) -> Result<(), Refusal> {
    let db = app.store();
    let row = store::must_find(&mut db.read(), id).await?;
    let old = of(db, &row).await?;
    let new = read(app.pdf.clone(), db.blob(&row.document).await?, row.file_name.clone()).await?;
    if new == old && row.reading.is_some() {
        return Err(nothing_new());
    }
    if new.text != old.text && !store::decisions(&mut db.read(), id).await?.is_empty() {
        return Err(another_text());
    }
    let bytes = to_bytes(&new)?;
    let mut tx = db.begin(app.now(), actor).await?;
    let row = store::must_find(&mut tx, id).await?;
    let reading = tx.keep_blob(MEDIA_TYPE, &bytes).await?;
    let events: Vec<AgreementEvent> = decide(row.state, id, &row.controller, Command::ReadAgain { reading })?;
    feature::append(&mut tx, &events).await?;
    Ok(tx.commit().await?)
}

fn nothing_new() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "nothing-new",
        [
            "The reader of today reads the same in this document.",
            "Le lecteur d'aujourd'hui lit la même chose dans ce document.",
        ],
        ["Nothing was changed.", "Rien n'a été changé."],
    )
}

fn another_text() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "another-text",
        [
            "The reader of today takes another text out of this document, and decisions cite the text they were made on.",
            "Le lecteur d'aujourd'hui tire un autre texte de ce document, et les décisions citent celui d'alors.",
        ],
        [
            "Import the document as a new version and review that one.",
            "Importez le document comme une nouvelle version et relisez celle-là.",
        ],
    )
}
