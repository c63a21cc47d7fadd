//! A controller's own log: its entries, its signed head, its file, the receipt of one of its entries. Every question names the
//! controller; nothing here can tell that there are other logs.

use super::files::{failed, write_log};
use crate::Refusal;
use ::store::{Ask, Log, Store, StoreError};
use kernel::{ControllerId, EntryId, Instant};
use ledger::Verifier;
use ledger::export::ExportWriter;
use std::io::Write;

/// An entry in a list.
#[derive(Clone, Debug)]
pub struct OwnEntry {
    /// Its id.
    pub id: EntryId,
    /// Its place in the log, from 0.
    pub index: i64,
    /// When.
    pub at: Instant,
    /// What happened.
    pub kind: String,
}

/// So many entries of a controller's log before the place `before`, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn entries_of(
    db: &mut impl Ask,
    controller: &ControllerId,
    before: i64,
    limit: i64,
) -> Result<Vec<OwnEntry>, StoreError> {
    let sql = "SELECT e.id, e.idx, e.at, e.kind FROM logs l JOIN entries e ON e.log = l.origin \
               WHERE l.controller = $1 AND e.idx < $2 ORDER BY e.idx DESC LIMIT $3";
    let rows = db.rows(sql, vec![controller.into(), before.into(), limit.into()]).await?;
    rows.iter()
        .map(|row| {
            let (id, at) = (row.id("id")?, row.instant("at")?);
            Ok(OwnEntry { id, index: row.int("idx")?, at, kind: row.text("kind")? })
        })
        .collect()
}

/// How many entries a controller's log has, and the newest checkpoint we signed over it.
///
/// # Errors
/// When the database fails.
pub async fn head_of(db: &mut impl Ask, controller: &ControllerId) -> Result<Option<(i64, String)>, StoreError> {
    let sql = "SELECT l.size, c.note FROM logs l JOIN checkpoints c ON c.log = l.origin AND c.size = l.size \
               WHERE l.controller = $1";
    let rows = db.rows(sql, vec![controller.into()]).await?;
    rows.first().map(|row| Ok((row.int("size")?, row.text("note")?))).transpose()
}

/// Writes a controller's log to `out`, in the format that is verified offline; no other log is in it.
///
/// # Errors
/// When the controller has no log, the database fails, or `out` cannot be written.
pub async fn export_of<W: Write>(db: &Store, controller: &ControllerId, out: W) -> Result<W, Refusal> {
    let (size, _) = head_of(&mut db.read(), controller).await?.ok_or_else(|| Refusal::not_found("log", "registre"))?;
    let key: Verifier = db.keys().verifier().parse().map_err(failed)?;
    let origin = Log::Controller(controller.clone()).origin(db.keys().installation());
    let mut writer = ExportWriter::new(out, key.clone()).map_err(failed)?;
    write_log(db, &mut writer, &key, &origin, size.unsigned_abs()).await?;
    writer.finish(db.keys().signing()).map_err(failed)
}

/// The receipt of an entry of a controller's own log; it discloses no value.
///
/// # Errors
/// When this controller's log has no such entry, or the database fails.
pub async fn receipt_of(db: &Store, controller: &ControllerId, entry: &EntryId) -> Result<String, Refusal> {
    let sql = "SELECT e.idx FROM entries e JOIN logs l ON l.origin = e.log WHERE e.id = $1 AND l.controller = $2";
    match db.read().row(sql, vec![entry.into(), controller.into()]).await? {
        Some(_) => super::receipt(db, entry, &[]).await,
        None => Err(Refusal::not_found("entry", "écriture")),
    }
}
