//! The estate as a specification: every scenario runs on a real SQLite file and a real PostgreSQL server.

mod erasing;
mod failures;
mod fixture;
mod mapping;
mod oracle;
mod planning;
mod reading;
mod scanning;
mod speed;
mod verifying;
