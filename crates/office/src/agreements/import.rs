//! Importing a document: it is read once, before anything is written; both are kept, and cited.

use super::{AgreementEvent, State, store, study};
use crate::{App, Kind, Refusal, feature, parties};
use ::store::Tx;
use kernel::{Actor, AgreementId, ControllerId, Personal, SubjectId};
use parties::NewController;
use reader::Study;

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
    /// Whether it is imported although the same bytes already are, with the same controller.
    pub again: bool,
}

/// Imports a document. Nothing is written when it cannot be read.
///
/// # Errors
/// When the document cannot be read, is there already, or the party is not acceptable.
pub async fn import(app: &App, actor: Actor, new: Import) -> Result<AgreementId, Refusal> {
    let (db, now) = (app.store(), app.now());
    let read = study::read(app.pdf.clone(), new.bytes.clone(), new.file_name.clone()).await?;
    let kept = study::to_bytes(&read)?;
    let mut tx = db.begin(now, actor).await?;
    let document = tx.keep_blob(&read.reading.document.media_type, &new.bytes).await?;
    let reading = tx.keep_blob(study::MEDIA_TYPE, &kept).await?;
    let id = AgreementId::new(now, db.entropy());
    let paper = Paper { file_name: new.file_name, document, reading };
    record(&mut tx, &id, paper, &read, &new.party, &new.title, new.again).await?;
    tx.commit().await?;
    Ok(id)
}

/// A document that is kept already, with what was read from it.
pub(super) struct Paper {
    pub(super) file_name: String,
    pub(super) document: String,
    pub(super) reading: String,
}

/// Records the import of a kept document.
pub(super) async fn record(
    tx: &mut Tx<'_>,
    id: &AgreementId,
    paper: Paper,
    study: &Study,
    party: &Party,
    title: &str,
    again: bool,
) -> Result<(), Refusal> {
    let title = match title.trim() {
        "" => paper.file_name.clone(),
        title => title.chars().take(200).collect(),
    };
    let controller = match party {
        Party::Known(id) => parties::must_find(tx, id).await?.id,
        Party::New(party) => parties::register(tx, party).await?,
    };
    let same = store::of_document(tx, &paper.document).await?;
    let standing = same.iter().find(|row| row.controller == controller && row.state != State::Replaced);
    if let (Some(row), false) = (standing, again) {
        return Err(imported_already(row));
    }
    let kind = serde_json::to_value(study.reading.document.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    let own = SubjectId::new(tx.now(), tx.entropy());
    let event = AgreementEvent::Imported {
        agreement: id.clone(),
        controller,
        title: Personal::new(own.clone(), title),
        file_name: Personal::new(own, paper.file_name),
        document: paper.document,
        language: study.reading.document.language.clone(),
        document_kind: kind.unwrap_or_default(),
        reading: Some(paper.reading),
    };
    Ok(feature::append(tx, &[event]).await?)
}

fn imported_already(row: &store::AgreementRow) -> Refusal {
    let (title, id) = (&row.title, &row.id);
    let (en, fr) = (
        format!("These very bytes are imported already, with the same controller: “{title}” ({id})."),
        format!("Ces octets sont déjà importés, avec le même responsable : « {title} » ({id})."),
    );
    let remedy = [
        "Open that agreement; or say expressly that it is imported again, as a new version.",
        "Ouvrez cet accord ; ou dites expressément qu'il est importé de nouveau, comme nouvelle version.",
    ];
    Refusal::new(Kind::Conflict, "imported-already", [&en, &fr], remedy)
}
