//! One receipt: a C2SP tlog-proof with the leaf and the shown values in its `extra` line.

use super::fault::{Fault, FaultCode};
use super::leaf::{Facts, Shown};
use super::merkle::{Hash, included, of_leaf};
use super::signed::{Key, root_hash};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::Instant;
use serde::Deserialize;
use serde_json::Value;

const RECEIPT_BYTES_MAX: usize = 8 << 20;
const PROOF_HASHES_MAX: usize = 64;

/// What a good receipt proves.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiptReport {
    /// The log.
    pub origin: String,
    /// The entry's place in it, from 0.
    pub index: u64,
    /// How many entries the log had when the checkpoint was signed.
    pub size: u64,
    /// The entry's id.
    pub entry: String,
    /// When it was decided.
    pub at: Instant,
    /// What happened.
    pub kind: String,
    /// The facts, with commitments in place of personal values.
    pub data: Value,
    /// The personal values that the holder shows.
    pub disclosed: Vec<Disclosed>,
}

/// A personal value that fits its commitment.
#[derive(Clone, PartialEq)]
pub struct Disclosed {
    /// Where in the entry's data.
    pub pointer: String,
    /// Whose it is.
    pub subject: String,
    /// The value.
    pub value: Value,
}

impl std::fmt::Debug for Disclosed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<personal value of {} at {}>", self.subject, self.pointer)
    }
}

struct Parts<'a> {
    index: u64,
    proof: Vec<Hash>,
    leaf: String,
    shown: Vec<Shown>,
    note: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    leaf: String,
    #[serde(default)]
    disclosures: Vec<Shown>,
}

/// Verifies a receipt with the house's verifier key.
///
/// # Errors
/// The first [`Fault`] found.
pub fn verify_receipt(text: &str, key: &str) -> Result<ReceiptReport, Fault> {
    let key = Key::read(key).ok_or(Fault::new(FaultCode::NotAKey))?;
    let parts = parts(text).ok_or(Fault::new(FaultCode::NotAReceipt))?;
    let head = key.head(parts.note).map_err(Fault::new)?;
    let at_entry = |code| Fault::new(code).in_log(&head.origin).at(parts.index);
    if !included(of_leaf(parts.leaf.as_bytes()), parts.index, head.size, &parts.proof, &head.root) {
        return Err(at_entry(FaultCode::NotIncluded));
    }
    let facts = Facts::read(&parts.leaf).map_err(at_entry)?;
    if facts.log != head.origin {
        return Err(at_entry(FaultCode::WrongLog).named(&facts.id));
    }
    if !parts.shown.iter().all(|shown| shown.opens(&facts.data)) {
        return Err(at_entry(FaultCode::BadDisclosure).named(&facts.id));
    }
    let disclosed = |shown: Shown| Disclosed { pointer: shown.pointer, subject: shown.subject, value: shown.value };
    Ok(ReceiptReport {
        origin: head.origin,
        index: parts.index,
        size: head.size,
        entry: facts.id,
        at: facts.at,
        kind: facts.kind,
        data: facts.data,
        disclosed: parts.shown.into_iter().map(disclosed).collect(),
    })
}

fn parts(text: &str) -> Option<Parts<'_>> {
    if text.len() > RECEIPT_BYTES_MAX {
        return None;
    }
    let body = text.strip_prefix("c2sp.org/tlog-proof@v1\nextra ")?;
    let (extra, body) = body.split_once("\nindex ")?;
    let (numbers, note) = body.split_once("\n\n")?;
    let mut lines = numbers.split('\n');
    let index_text = lines.next()?;
    let index: u64 = index_text.parse().ok().filter(|index: &u64| index.to_string() == index_text)?;
    let proof: Vec<Hash> = lines.take(PROOF_HASHES_MAX + 1).map(root_hash).collect::<Option<_>>()?;
    let Extra { leaf, disclosures } = serde_json::from_slice(&STANDARD.decode(extra).ok()?).ok()?;
    (proof.len() <= PROOF_HASHES_MAX).then_some(Parts { index, proof, leaf, shown: disclosures, note })
}
