//! Entry encoding, Merkle tree, checkpoints, receipts and their verification.
//!
//! The ledger answers GDPR Art. 5(2) and Art. 28(3)(h): a processor must be able to *show* what it
//! did. Every fact is an [`entry`]; entries are the leaves of an append-only [`tree`] (RFC 9162
//! §2.1); the tree's head is signed as a [`note`] (C2SP tlog-checkpoint); a [`receipt`] proves one
//! entry (C2SP tlog-proof); an [`export`] holds a whole log, and [`verify`] judges both with
//! nothing but the file and the public key.
//!
//! Nothing here reads a clock, a file or a random source, and nothing here names a cipher: an
//! auditor can build this crate alone.

pub mod entry;
pub mod export;
pub mod note;
pub mod receipt;
pub mod tree;
pub mod verify;

pub use entry::{Disclosure, Entry, EntryError, commit, restore};
pub use note::{Checkpoint, NoteError, SigningKey, Verifier};
pub use receipt::{Receipt, ReceiptError};
pub use tree::Hash;
