//! Importing a document: it is read before anything is written, kept byte for byte, and cited.

use super::AgreementEvent;
use crate::{Kind, Refusal, feature, parties};
use ::store::Store;
use agreement::reading::Reading;
use kernel::{Actor, AgreementId, ControllerId, Instant, Lang};
use parties::NewController;

/// With whom the agreement is.
#[derive(Clone)]
pub enum Party {
    /// A controller we know.
    Known(ControllerId),
    /// One to register with it.
    New(NewController),
}

/// A document to import.
pub struct Import {
    /// With whom.
    pub party: Party,
    /// What people call it; the file name when empty.
    pub title: String,
    /// The document's file name: its ending says what it is.
    pub file_name: String,
    /// The document.
    pub bytes: Vec<u8>,
}

/// Imports a document. Nothing is written when it cannot be read.
///
/// # Errors
/// When the document cannot be read, or the party is not acceptable.
pub async fn import(db: &Store, now: Instant, actor: Actor, new: Import) -> Result<AgreementId, Refusal> {
    let reading = read(new.bytes.clone(), new.file_name.clone()).await?;
    let title = match new.title.trim() {
        "" => new.file_name.clone(),
        title => title.chars().take(200).collect(),
    };
    let mut tx = db.begin(now, actor).await?;
    let controller = match &new.party {
        Party::Known(id) => parties::must_find(&mut tx, id).await?.id,
        Party::New(party) => parties::register(&mut tx, party).await?,
    };
    let document = tx.keep_blob(&reading.document.media_type, &new.bytes).await?;
    let agreement = AgreementId::new(now, db.entropy());
    let kind = serde_json::to_value(reading.document.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    let event = AgreementEvent::Imported {
        agreement: agreement.clone(),
        controller,
        title,
        file_name: new.file_name,
        document,
        language: reading.document.language,
        document_kind: kind.unwrap_or_default(),
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(agreement)
}

/// Reads off the async threads: a document may be large, and is always hostile.
pub(super) async fn read(bytes: Vec<u8>, file_name: String) -> Result<Reading, Refusal> {
    let read = tokio::task::spawn_blocking(move || reader::read(&bytes, &file_name, Lang::En)).await;
    match read {
        Ok(Ok(reading)) => Ok(reading),
        Ok(Err(error)) => Err(Refusal::from_words(
            Kind::Invalid,
            "document",
            |l| error.message(l).to_string(),
            |l| error.remedy(l).to_string(),
        )),
        Err(_) => Err(Refusal::new(
            Kind::Failed,
            "document",
            ["The document could not be read.", "Le document n'a pas pu être lu."],
            ["Send it as plain text, Markdown or HTML.", "Envoyez-le en texte brut, Markdown ou HTML."],
        )),
    }
}
