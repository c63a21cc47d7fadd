//! Exports and receipts, from the writer's side and from the verifier's.

mod receipt;
mod sample;
mod verify;
