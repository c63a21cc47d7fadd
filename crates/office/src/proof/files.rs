//! The files anyone verifies offline: the export of every log, and the receipt of one entry.

use crate::{Kind, Refusal};
use ::store::{Store, StoreError};
use kernel::EntryId;
use ledger::export::ExportWriter;
use ledger::{Receipt, Verifier};
use std::collections::BTreeMap;
use std::io::Write;

/// Leaves read at a time.
const BATCH: u64 = 500;

pub(super) fn failed(error: impl std::fmt::Display) -> Refusal {
    StoreError::Damaged(error.to_string()).into()
}

/// Writes every log to `out`: leaves in order, every checkpoint where it belongs. No personal value is in it.
///
/// # Errors
/// When the database fails, or `out` cannot be written.
pub async fn export<W: Write>(db: &Store, out: W) -> Result<W, Refusal> {
    let key: Verifier = db.keys().verifier().parse().map_err(failed)?;
    let mut writer = ExportWriter::new(out, key.clone()).map_err(failed)?;
    for head in db.logs().await? {
        write_log(db, &mut writer, &key, &head.origin, head.size).await?;
    }
    writer.finish(db.keys().signing()).map_err(failed)
}

/// Writes the first `size` entries of one log, every checkpoint where it belongs.
pub(super) async fn write_log<W: Write>(
    db: &Store,
    writer: &mut ExportWriter<W>,
    key: &Verifier,
    origin: &str,
    size: u64,
) -> Result<(), Refusal> {
    writer.log(origin).map_err(failed)?;
    let named = key.named(origin).map_err(failed)?;
    let mut notes = BTreeMap::new();
    for note in db.checkpoints(origin).await? {
        notes.insert(named.checkpoint(&note).map_err(failed)?.size(), note);
    }
    let mut at = 0;
    while at < size {
        for leaf in db.leaves(origin, at, BATCH.min(size - at)).await? {
            writer.leaf(&leaf).map_err(failed)?;
            at += 1;
            if let Some(note) = notes.get(&at) {
                writer.checkpoint(note).map_err(failed)?;
            }
        }
    }
    Ok(())
}

/// The receipt of one entry under its log's newest checkpoint, disclosing the values at `disclose`
/// (JSON pointers) and no others.
///
/// # Errors
/// When there is no such entry, or a pointer names no value that still exists.
pub async fn receipt(db: &Store, entry: &EntryId, disclose: &[String]) -> Result<String, Refusal> {
    let found = db.find_entry(entry).await?.ok_or_else(|| Refusal::not_found("entry", "écriture"))?;
    let (origin, index, leaf) = found;
    let head = db.logs().await?.into_iter().find(|head| head.origin == origin);
    let head = head.ok_or_else(|| StoreError::Damaged("an entry without a log".into()))?;
    let proof = db.inclusion(&origin, index, head.size).await?;
    let values = db.disclosures(entry).await?;
    let mut disclosures = Vec::new();
    for pointer in disclose {
        let value = values.iter().find(|value| value.pointer == *pointer).ok_or_else(|| no_value(pointer))?;
        disclosures.push(value.clone());
    }
    let leaf = String::from_utf8(leaf).map_err(failed)?;
    let receipt = Receipt { index, proof, checkpoint: head.checkpoint, leaf, disclosures };
    Ok(receipt.to_text())
}

fn no_value(pointer: &str) -> Refusal {
    let (en, fr) = (
        format!("The entry holds no value at {pointer}, or it has been erased."),
        format!("L'écriture n'a pas de valeur en {pointer}, ou elle a été effacée."),
    );
    Refusal::new(
        Kind::NotFound,
        "no-value",
        [&en, &fr],
        [
            "Leave the disclosure out, or name a commitment of the entry.",
            "Omettez la divulgation, ou nommez un engagement de l'écriture.",
        ],
    )
}
