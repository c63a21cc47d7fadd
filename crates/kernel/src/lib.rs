//! What every other crate agrees on: ids, time, actors, languages, periods and calendars,
//! secrets and personal values.
//!
//! Nothing here reads a clock, a file, the network or a random source: time and randomness
//! come in as parameters ([`Instant`], [`Entropy`]), so every decision can be replayed.
//!
//! ```
//! use kernel::{Instant, Period, Place, clock};
//! let start: kernel::Date = "2026-12-10".parse().unwrap();
//! let window: Period = "P15D".parse().unwrap();
//! let clock = clock::period(start, &window, &Place::parse("FR").unwrap());
//! assert_eq!(clock.strict.to_string(), "2026-12-25"); // Christmas Day
//! assert_eq!(clock.legal.to_string(), "2026-12-28"); // the next working day
//! ```

mod actor;
pub mod calendar;
pub mod clock;
mod entropy;
pub mod failpoint;
mod id;
mod lang;
mod period;
mod personal;
mod secret;

pub use actor::Actor;
pub use calendar::{OfficeHours, Place};
pub use entropy::{Entropy, SeededEntropy};
pub use id::{
    AbsenceId, AccountId, AgreementId, BlobId, ControllerId, DutyId, EntryId, FactorId, Id, IdError, MailId, NoticeId,
    PlanId, RequestId, ReviewId, SubjectId, SystemId, ViewId,
};
pub use lang::{Lang, UnknownLang};
pub use period::{Period, PeriodError, Unit};
pub use personal::Personal;
pub use secret::Secret;

/// An instant in UTC, nanosecond resolution; stored as integer milliseconds since 1970.
pub type Instant = jiff::Timestamp;
/// Civil dates and times, without a zone.
pub use jiff::civil;
/// A zone with its history of rules.
pub use jiff::tz::TimeZone;

/// A civil day, without a zone.
pub type Date = jiff::civil::Date;
