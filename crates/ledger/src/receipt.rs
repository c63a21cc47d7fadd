//! A receipt: the proof that one entry stands in the ledger, for its holder to keep.
//!
//! The text is a C2SP tlog-proof, so any tool for that format checks it: index, inclusion proof,
//! signed checkpoint. Its `extra` line carries, as base64 of JSON, the exact leaf (needed for the leaf
//! hash) and the personal values that the holder chose to show. `extra` is not signed by itself: the
//! leaf is vouched for by the proof, each value by its commitment in the leaf.

use crate::entry::LEAF_BYTES_MAX;
use crate::{Disclosure, Entry, EntryError, Hash};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use kernel::Lang;
use serde::{Deserialize, Serialize};
use std::fmt;

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// The most bytes a receipt may have.
pub const RECEIPT_BYTES_MAX: usize = 8 * LEAF_BYTES_MAX;
/// The most hashes a proof may have: a tree of 2⁶⁴ leaves has no longer one.
pub const PROOF_HASHES_MAX: usize = 64;

/// The proof of one entry. It has no `Debug`: it may hold personal values.
#[derive(Clone, PartialEq)]
pub struct Receipt {
    /// The entry's place in its log, from 0.
    pub index: u64,
    /// From the leaf's sibling up (RFC 9162 §2.1.3).
    pub proof: Vec<Hash>,
    /// The signed checkpoint that the proof leads to.
    pub checkpoint: String,
    /// The exact bytes of the entry.
    pub leaf: String,
    /// The personal values that the holder shows.
    pub disclosures: Vec<Disclosure>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    leaf: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    disclosures: Vec<Disclosure>,
}

/// Why a text is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptError;

impl ReceiptError {
    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        lang.pick("this is not a whole receipt", "ceci n'est pas un reçu complet").to_owned()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        let (en, fr) = (
            "take the file as it was handed over, first line to last",
            "reprenez le fichier tel qu'il a été remis, de la première à la dernière ligne",
        );
        lang.pick(en, fr).to_owned()
    }
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for ReceiptError {}

impl Receipt {
    /// The entry it proves.
    ///
    /// # Errors
    /// [`EntryError`] when the leaf is no entry.
    pub fn entry(&self) -> Result<Entry, EntryError> {
        Entry::from_leaf(self.leaf.as_bytes())
    }

    /// The file, usually named `….tlog-proof`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let extra = Extra { leaf: self.leaf.clone(), disclosures: self.disclosures.clone() };
        let extra = serde_json::to_vec(&extra).map(|json| BASE64.encode(json)).unwrap_or_default();
        let hashes: String = self.proof.iter().map(|hash| BASE64.encode(hash) + "\n").collect();
        format!("{HEADER}\nextra {extra}\nindex {}\n{hashes}\n{}", self.index, self.checkpoint)
    }

    /// Reads the file; says nothing about whether the proof holds, see [`crate::verify::verify_receipt`].
    ///
    /// # Errors
    /// [`ReceiptError`] when `text` is not what [`Receipt::to_text`] writes.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        let receipt = read(text).ok_or(ReceiptError)?;
        if receipt.to_text() == text { Ok(receipt) } else { Err(ReceiptError) }
    }
}

fn read(text: &str) -> Option<Receipt> {
    if text.len() > RECEIPT_BYTES_MAX {
        return None;
    }
    let (head, checkpoint) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    lines.next().filter(|line| *line == HEADER)?;
    let extra = BASE64.decode(lines.next()?.strip_prefix("extra ")?).ok()?;
    let Extra { leaf, disclosures } = serde_json::from_slice(&extra).ok()?;
    let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
    let proof: Vec<Hash> = lines.take(PROOF_HASHES_MAX + 1).map(hash).collect::<Option<_>>()?;
    let checkpoint = checkpoint.to_owned();
    (proof.len() <= PROOF_HASHES_MAX).then_some(Receipt { index, proof, checkpoint, leaf, disclosures })
}

fn hash(line: &str) -> Option<Hash> {
    BASE64.decode(line).ok()?.try_into().ok()
}
