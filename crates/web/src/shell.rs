//! What every page needs: the database, the texts, the clock, the navigation.

use crate::{Role, Texts};
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
    /// Who sees it.
    pub roles: &'static [Role],
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
}
