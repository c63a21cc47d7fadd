//! Documents between upload and import: read and kept for a day, so that a person sees what was understood
//! before anything is recorded. Passing state: no entry, and nothing that binds.

use super::import::{Paper, record};
use super::{Party, store, study};
use crate::{App, Refusal};
use ::store::{Ask, Row, Store, StoreError, Tx};
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
    /// SHA-256 of what was read.
    reading: String,
}

/// Reads a document and keeps both for a day.
pub(super) async fn keep(app: &App, actor: Actor, file_name: &str, bytes: Vec<u8>) -> Result<AgreementId, Refusal> {
    let (db, now) = (app.store(), app.now());
    let read = study::read(app.pdf.clone(), bytes.clone(), file_name.to_owned()).await?;
    let kept = study::to_bytes(&read)?;
    let id = AgreementId::new(now, db.entropy());
    let mut tx = db.begin(now, actor.clone()).await?;
    forget_old(&mut tx).await?;
    let document = tx.keep_blob(&read.reading.document.media_type, &bytes).await?;
    let reading = tx.keep_blob(study::MEDIA_TYPE, &kept).await?;
    let sql =
        "INSERT INTO agreement_uploads (id, actor, file_name, document, reading, at) VALUES ($1, $2, $3, $4, $5, $6)";
    let name: String = file_name.chars().take(200).collect();
    let args = vec![(&id).into(), actor.to_string().into(), name.into(), document.into(), reading.into(), now.into()];
    tx.execute(sql, args).await?;
    tx.commit().await?;
    Ok(id)
}

/// The upload with this id, for the person who sent it.
pub(super) async fn find(db: &mut impl Ask, actor: &Actor, id: &AgreementId) -> Result<Option<Upload>, StoreError> {
    let sql = "SELECT id, file_name, document, reading FROM agreement_uploads WHERE id = $1 AND actor = $2";
    let rows = db.rows(sql, vec![id.into(), actor.to_string().into()]).await?;
    rows.first().map(upload).transpose()
}

/// What was read from it.
pub(super) async fn study_of(db: &Store, upload: &Upload) -> Result<Study, Refusal> {
    study::kept(db, &upload.reading).await
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
    let found = find(&mut db.read(), &actor, id).await?.ok_or_else(gone)?;
    let read = study_of(db, &found).await?;
    let mut tx = db.begin(now, actor.clone()).await?;
    let upload = find(&mut tx, &actor, id).await?.ok_or_else(gone)?;
    let paper = Paper { file_name: upload.file_name, document: upload.document, reading: upload.reading };
    record(&mut tx, id, paper, &read, party, title, again).await?;
    tx.execute("DELETE FROM agreement_uploads WHERE id = $1", vec![id.into()]).await?;
    Ok(tx.commit().await?)
}

/// Forgets what nobody imported within a day, documents and readings included.
async fn forget_old(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let before = tx.now().as_millisecond() - LIFE_MILLIS;
    let sql = "SELECT id, file_name, document, reading FROM agreement_uploads WHERE at < $1 LIMIT 100";
    let old: Vec<Upload> = tx.rows(sql, vec![before.into()]).await?.iter().map(upload).collect::<Result<_, _>>()?;
    for upload in old {
        tx.execute("DELETE FROM agreement_uploads WHERE id = $1", vec![(&upload.id).into()]).await?;
        for name in [&upload.document, &upload.reading] {
            let sql = "SELECT 1 AS one FROM agreements WHERE document = $1 OR reading = $1 \
                       UNION SELECT 1 AS one FROM agreement_uploads WHERE document = $1 OR reading = $1";
            let used = tx.rows(sql, vec![name.into()]).await?;
            if used.is_empty() {
                tx.drop_blob(name).await?;
            }
        }
    }
    Ok(())
}

fn upload(row: &Row) -> Result<Upload, StoreError> {
    Ok(Upload {
        id: row.id("id")?,
        file_name: row.text("file_name")?,
        document: row.text("document")?,
        reading: row.text("reading")?,
    })
}

/// The agreements made of the same bytes.
pub(super) async fn known(db: &mut impl Ask, upload: &Upload) -> Result<Vec<store::AgreementRow>, StoreError> {
    store::of_document(db, &upload.document).await
}
