//! The estate as a specification: every scenario runs on a real SQLite file and a real PostgreSQL server.
#![expect(clippy::unwrap_used, reason = "scenarios are tests run on two servers: a panic is how they fail")]

mod crashing;
mod erasing;
mod failures;
mod fixture;
mod keys;
mod mapping;
mod oracle;
mod planning;
mod reading;
mod scanning;
mod speed;
mod verifying;
