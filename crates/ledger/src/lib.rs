//! Entry encoding, Merkle tree, checkpoints, receipts and their verification.
