//! The shell around every page: sessions, forms that cannot be forged, languages, components, errors.
//!
//! It knows no feature. Pages are typed HTML and work without JavaScript; only those that
//! ask for a passkey run a script, and say what to do without it.
//! Security headers follow OWASP ASVS 5.0; the design follows one page of rules: paper, ink, one blue.

pub mod assets;
pub mod attempt;
pub mod bearer;
pub mod components;
pub mod denials;
pub mod error;
pub mod form;
pub mod guard;
mod link;
pub mod login;
mod membership;
pub mod network;
pub mod page;
mod policy;
mod rules;
pub mod session;
mod shell;
pub mod text;
mod visit;

pub use attempt::Attempt;
pub use error::{ApiError, PageError};
pub use form::Posted;
pub use membership::{CLIENT_HOME, Membership};
pub use policy::Policy;
pub use rules::{SignInRules, Step};
pub use session::{Role, Session};
pub use shell::{Clock, NavItem, Shell};
pub use text::Texts;
pub use visit::Visit;

/// The tables of the shell.
pub const COLUMNS: store::Columns =
    store::Columns { part: "web", sql: include_str!("sessions.sql"), toml: include_str!("sessions.columns.toml") };

/// The texts of the shell, English and French.
pub const TEXTS: [&str; 2] = [include_str!("text/en.ftl"), include_str!("text/fr.ftl")];
