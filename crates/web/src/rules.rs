//! How people of a role sign in: what they must show, how long that holds, how old a password may be.
//!
//! Agreements promise strong authentication and passwords renewed under a policy (Art. 32(1)(b)); CNIL 2022-100
//! keeps periodic renewal for privileged accounts. An owner sets other rules; each change is an entry.

use crate::Role;
use serde::{Deserialize, Serialize};

/// The rules of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRules {
    /// Whether a second factor is demanded.
    pub second_factor: bool,
    /// Days after which a password is to be renewed; none for never.
    pub renew_days: Option<u32>,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub session_hours: u32,
}

impl SignInRules {
    /// Minutes a session may rest, unless an owner says otherwise.
    pub const IDLE_MINUTES: u32 = 60;

    /// The rules of a role that no owner has changed: privileged people renew their password every 90 days.
    #[must_use]
    pub fn standard(role: Role) -> Self {
        let privileged = matches!(role, Role::Owner | Role::Engineer);
        Self {
            second_factor: false,
            renew_days: Some(if privileged { 90 } else { 365 }),
            idle_minutes: Self::IDLE_MINUTES,
            session_hours: 12,
        }
    }

    /// What is wrong with rules somebody wants, by the name of the field.
    #[must_use]
    pub fn wrong(&self) -> Option<&'static str> {
        let checks = [
            ("renew_days", self.renew_days.is_none_or(|days| (1..=3_650).contains(&days))),
            ("idle_minutes", (5..=1_440).contains(&self.idle_minutes)),
            ("session_hours", (1..=168).contains(&self.session_hours)),
        ];
        checks.iter().find(|(_, fine)| !fine).map(|(field, _)| *field)
    }
}

/// What still stands between a session and the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The second factor has not been shown.
    Factor,
    /// The password is older than its role allows.
    Renew,
    /// Their role demands a second factor, and they have none.
    Enrol,
}

impl Step {
    /// The page where it is taken.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Factor => "/sign-in/factor",
            Self::Renew => "/account/password",
            Self::Enrol => "/account/factors",
        }
    }
}
