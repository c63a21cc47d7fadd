//! The product: one folder per feature.
//!
//! A feature holds its law, its pure decisions, its events, its tables, its pages, its letters and
//! its texts; one line in [`FEATURES`] registers it, and tests walk that list. A feature uses
//! another only through its façade, and the uses form no circle.

pub mod absences;
pub mod access;
pub mod accounts;
pub mod agreements;
pub mod alerts;
pub mod api;
pub mod calendars;
pub mod client;
pub mod design;
pub mod diary;
pub mod duties;
mod feature;
pub mod home;
pub mod inbox;
pub mod lists;
pub mod notices;
pub mod parties;
pub mod proof;
mod refusal;
pub mod requests;
pub mod reviews;
mod router;
pub mod search;
pub mod systems;
mod tls;
pub mod view;
pub mod views;

pub use access::POLICY;
pub use feature::{Event, Feature, Registry, Route, round_trip};
pub use refusal::{Kind, Refusal};
pub use router::router;

use axum::extract::FromRef;
use std::path::PathBuf;
use std::sync::Arc;
use web::{NavItem, Shell, Visit};

/// Every feature of the product.
pub const FEATURES: &[Feature] = &[
    home::FEATURE,
    agreements::FEATURE,
    requests::FEATURE,
    inbox::FEATURE,
    duties::FEATURE,
    diary::FEATURE,
    absences::FEATURE,
    systems::FEATURE,
    notices::FEATURE,
    proof::FEATURE,
    calendars::FEATURE,
    parties::FEATURE,
    accounts::FEATURE,
    access::FEATURE,
    alerts::FEATURE,
    reviews::FEATURE,
    client::FEATURE,
    search::FEATURE,
    views::FEATURE,
    design::FEATURE,
    api::FEATURE,
];

/// Every kind of letter, by the feature that sends it.
pub static LETTERS: [&[notices::LetterKind]; 3] = [&requests::LETTERS, &duties::LETTERS, &accounts::LETTERS];

/// The side navigation, most used first: of the house, then of the client area. Nobody sees both.
pub const NAV: &[NavItem] = &[
    NavItem { key: "nav-home", path: "/", permission: "home.read" },
    NavItem { key: "nav-duties", path: "/duties", permission: "duties.read" },
    NavItem { key: "nav-agreements", path: "/agreements", permission: "agreements.read" },
    NavItem { key: "nav-requests", path: "/requests", permission: "requests.read" },
    NavItem { key: "nav-inbox", path: "/inbox", permission: "inbox.read" },
    NavItem { key: "nav-systems", path: "/systems", permission: "systems.read" },
    NavItem { key: "nav-notices", path: "/notices", permission: "notices.read" },
    NavItem { key: "nav-ledger", path: "/ledger", permission: "ledger.read" },
    NavItem { key: "nav-parties", path: "/parties", permission: "parties.read" },
    NavItem { key: "nav-accounts", path: "/accounts", permission: "accounts.read" },
    NavItem { key: "nav-client-home", path: "/client", permission: "client.home" },
    NavItem { key: "nav-client-agreements", path: "/client/agreements", permission: "client.agreements" },
    NavItem { key: "nav-client-notices", path: "/client/notices", permission: "client.notices" },
    NavItem { key: "nav-client-requests", path: "/client/requests", permission: "client.requests" },
    NavItem { key: "nav-client-proof", path: "/client/proof", permission: "client.proof" },
    NavItem { key: "nav-client-people", path: "/client/people", permission: "client.people" },
];

/// What the features work with; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Database, texts, clock, navigation.
    pub shell: Shell,
    /// The mail server; without one, letters stay visibly queued.
    pub mail: Option<Arc<notices::Mail>>,
    /// The list of breached passwords, when the operator has one.
    pub breached: Option<Arc<vault::Breached>>,
    /// How often programs may call.
    pub quotas: Arc<api::Quotas>,
    /// The mailbox requests may arrive in; without one, people log them by hand.
    pub inbox: Option<Arc<inbox::Imap>>,
    /// The identity provider people may sign in by, when the operator names one.
    pub oidc: Option<Arc<accounts::Oidc>>,
    /// What takes a PDF apart; in production a process of its own, because a document is hostile.
    pub pdf: Arc<dyn reader::PdfText>,
    /// Where sealed packages are kept.
    pub files: PathBuf,
    /// The address people reach us at, without a slash at the end; for links in letters.
    pub public_url: String,
    /// How hard it is to guess a package's passphrase (scrypt, log2); `None` for about a second.
    pub work_factor: Option<u8>,
}

impl FromRef<App> for Shell {
    fn from_ref(app: &App) -> Self {
        app.shell.clone()
    }
}

impl App {
    /// The database.
    #[must_use]
    pub fn store(&self) -> &store::Store {
        &self.shell.store
    }

    /// The instant now.
    #[must_use]
    pub fn now(&self) -> kernel::Instant {
        self.shell.now()
    }

    /// The place whose calendar and zone the house follows.
    #[must_use]
    pub fn place(&self) -> kernel::Place {
        view::house_place()
    }

    /// Whether the visitor has a permission.
    #[must_use]
    pub fn may(&self, visit: &Visit, permission: &str) -> bool {
        self.shell.may(visit, permission)
    }

    /// A text of the product.
    #[must_use]
    pub fn text(&self, lang: kernel::Lang, key: &str) -> String {
        self.shell.texts.get(lang, key)
    }
}
