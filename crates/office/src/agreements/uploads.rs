//! Documents between upload and import: read and kept for a day, so that a person sees what was understood
//! before anything is recorded. Passing state: no entry, and nothing that binds.

use super::import::{Paper, record};
use super::{Party, store, study};
use crate::{App, Refusal};
use ::store::{Arg, Ask, Row, Store, StoreError, Tx};
use kernel::{Actor, AgreementId, Instant};
use reader::Study;

/// How long an upload waits for its import, in milliseconds.
const LIFE_MILLIS: i64 = 24 * 3_600_000;

/// A document that was sent and read.
pub(super) struct Upload {
    /// Its id; the agreement's, once imported.
    pub(super) id: AgreementId,
    /// Its name.
    pub(super) file_name: String,
    /// SHA-256 of its bytes.
    pub(super) document: String,
}

/// Reads a document and keeps both for a day.
pub(super) async fn keep(app: &App, actor: Actor, file_name: &str, bytes: Vec<u8>) -> Result<AgreementId, Refusal> {
    let (db, now) = (app.store(), app.now());
    let read = study::read(app.pdf.clone(), bytes.clone(), file_name.to_owned()).await?;
    let kept = study::to_bytes(&read)?;
    let id = AgreementId::new(now, db.entropy());
    let mut tx = db.begin(now, actor.clone()).await?;
    forget_old(&mut tx).await?;
    let sql = "INSERT INTO agreement_uploads (id, actor, file_name, document, media_type, bytes, study, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let name: String = file_name.chars().take(200).collect();
    let document = &read.reading.document;
    let paper = [actor.to_string(), name, document.sha256.clone(), document.media_type.clone()];
    let args: Vec<Arg> = std::iter::once((&id).into())
        .chain(paper.map(Arg::from))
        .chain([bytes.as_slice().into(), kept.as_slice().into(), now.into()])
        .collect();
    tx.execute(sql, args).await?;
    tx.commit().await?;
    Ok(id)
}

/// The upload with this id, for the person who sent it.
pub(super) async fn find(
    db: &mut impl Ask,
    now: Instant,
    actor: &Actor,
    id: &AgreementId,
) -> Result<Option<Upload>, StoreError> {
    let sql = "SELECT id, file_name, document FROM agreement_uploads WHERE id = $1 AND actor = $2 AND at >= $3";
    let rows = db.rows(sql, vec![id.into(), actor.to_string().into(), oldest(now).into()]).await?;
    rows.first().map(upload).transpose()
}

/// What was read from it.
pub(super) async fn study_of(db: &mut impl Ask, upload: &Upload) -> Result<Study, Refusal> {
    study::from_bytes(&content(db, upload).await?.study)
}

/// An upload's own bytes: it shares none with what is kept, so forgetting it takes nothing from others.
struct Content {
    media_type: String,
    bytes: Vec<u8>,
    study: Vec<u8>,
}

async fn content(db: &mut impl Ask, upload: &Upload) -> Result<Content, StoreError> {
    let sql = "SELECT media_type, bytes, study FROM agreement_uploads WHERE id = $1";
    let rows = db.rows(sql, vec![(&upload.id).into()]).await?;
    let row = rows.first().ok_or_else(|| StoreError::Damaged("an upload went away".to_owned()))?;
    Ok(Content { media_type: row.text("media_type")?, bytes: row.bytes("bytes")?, study: row.bytes("study")? })
}

/// The instant before which uploads are forgotten, in milliseconds.
fn oldest(now: Instant) -> i64 {
    now.as_millisecond() - LIFE_MILLIS
}

/// Imports it; the agreement takes its id.
pub(super) async fn import(
    db: &Store,
    now: Instant,
    actor: Actor,
    id: &AgreementId,
    party: &Party,
    title: &str,
    again: bool,
) -> Result<(), Refusal> {
    let gone = || Refusal::not_found("upload", "envoi");
    let mut tx = db.begin(now, actor.clone()).await?;
    let upload = find(&mut tx, now, &actor, id).await?.ok_or_else(gone)?;
    let kept = content(&mut tx, &upload).await?;
    let read = study::from_bytes(&kept.study)?;
    let document = tx.keep_blob(&kept.media_type, &kept.bytes).await?;
    let reading = tx.keep_blob(study::MEDIA_TYPE, &kept.study).await?;
    let paper = Paper { file_name: upload.file_name, document, reading };
    record(&mut tx, id, paper, &read, party, title, again).await?;
    tx.execute("DELETE FROM agreement_uploads WHERE id = $1", vec![id.into()]).await?;
    Ok(tx.commit().await?)
}

/// Forgets what nobody imported within a day, whether or not somebody sends another document.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &Store, now: Instant) -> Result<(), StoreError> {
    let sql = "SELECT id FROM agreement_uploads WHERE at < $1 LIMIT 1";
    if db.read().rows(sql, vec![oldest(now).into()]).await?.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin(now, Actor::system("jobs")).await?;
    forget_old(&mut tx).await?;
    tx.commit().await
}

/// Documents and readings included.
async fn forget_old(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let before = oldest(tx.now());
    tx.execute("DELETE FROM agreement_uploads WHERE at < $1", vec![before.into()]).await.map(drop)
}

fn upload(row: &Row) -> Result<Upload, StoreError> {
    Ok(Upload { id: row.id("id")?, file_name: row.text("file_name")?, document: row.text("document")? })
}

/// The agreements made of the same bytes.
pub(super) async fn known(db: &mut impl Ask, upload: &Upload) -> Result<Vec<store::AgreementRow>, StoreError> {
    store::of_document(db, &upload.document).await
}
