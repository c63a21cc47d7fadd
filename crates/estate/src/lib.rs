//! The map of the systems that hold personal data: scan, locate, plan, apply, verify.
//!
//! A processor must help its controllers answer a data subject (Art. 28(3)(e) GDPR) and erase
//! (Art. 17, Art. 28(3)(g)). This crate finds one person in a company's database and reads or erases
//! exactly those rows: the [`Map`] says what the tables mean, [`plan()`] counts and fingerprints,
//! [`erase()`] compares again inside its transaction, [`verify()`] proves absence afterwards. It knows
//! nothing of Garant's own database.
//!
//! Three rules hold everywhere. A name given by a person never becomes SQL: statements are built from
//! names of the live catalogue through one quoting function, and every value is bound. No value of a
//! row outlives the call that read it. Another controller's rows are never walked through.

mod address;
mod catalogue;
mod digest;
mod erase;
mod fault;
mod identity;
mod limits;
mod locate;
pub mod map;
mod plan;
mod propose;
mod read;
mod sql;
mod verify;
mod walk;

pub use address::{Address, AddressError, Kind};
pub use catalogue::{Catalogue, Column, Family, ForeignKey, OnDelete, Table, scan};
pub use erase::{EraseError, Erased, ErasedStep, Stale, erase};
pub use fault::Fault;
pub use identity::{Email, Identity, NotAnEmail};
pub use limits::Limits;
pub use locate::{Located, LocatedRows, locate};
pub use map::{Drift, Map, MapError};
pub use plan::{Action, Effect, Plan, Refusal, Stay, Step, StepAction, TriggerNote, plan};
pub use propose::{Evidence, Proposal, Samples, propose, sample};
pub use read::{ReadError, Row, RowSink, SinkFull, read};
pub use sql::{System, connect};
pub use verify::{Absence, Outcome, Trace, verify};
