//! The store as a specification, on SQLite and on PostgreSQL: the ledger is the truth, the tables follow it,
//! and nothing that was changed from outside goes unnoticed.

mod append;
mod damage;
mod erasure;
mod head;
mod house;
mod lost;
mod opening;
mod replay;
mod rows;
mod shared;
mod together;
mod writers;
