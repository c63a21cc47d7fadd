//! What every page needs: the database, the texts, the clock, the navigation.

use crate::{Policy, Texts, Visit};
use ipnet::IpNet;
use kernel::Instant;
use std::sync::Arc;
use store::Store;

/// The clock, given by `garant`: nothing below reads the time.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// One line of the side navigation.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// The key of its text.
    pub key: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Who sees it: those with this permission.
    pub permission: &'static str,
}

/// Shared by every handler; cheap to clone.
#[derive(Clone)]
pub struct Shell {
    /// Our database.
    pub store: Store,
    /// Every text.
    pub texts: Arc<Texts>,
    /// The clock.
    pub clock: Clock,
    /// The side navigation.
    pub nav: Arc<Vec<NavItem>>,
    /// Who may do what.
    pub policy: Arc<Policy>,
    /// Whether pages are reached over HTTPS: cookies are then `Secure` and `__Host-`.
    pub secure: bool,
    /// The proxies whose word on a visitor's address counts.
    pub trusted_proxies: Arc<Vec<IpNet>>,
}

impl Shell {
    /// The instant of this request.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.clock)()
    }

    /// Whether the visitor has a permission.
    #[must_use]
    pub fn may(&self, visit: &Visit, permission: &str) -> bool {
        visit.session.as_ref().is_some_and(|session| self.policy.may(session.role, permission))
    }
}
