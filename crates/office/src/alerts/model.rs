//! What is unusual: pure rules.

use serde::{Deserialize, Serialize};

/// Persons read by one account in a day, from which on somebody looks.
pub(super) const READ_MAX: i64 = 40;
/// Attempts of one account denied in a day, from which on somebody looks.
pub(super) const DENIED_MAX: i64 = 10;
/// The hours of the night, at the house's place.
const NIGHT: [i8; 2] = [22, 6];

/// Why somebody should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Many persons in a day.
    Many,
    /// Between ten in the evening and six in the morning.
    Night,
    /// From a network this account was never seen in.
    Network,
    /// Often where they may not.
    Denied,
}

impl Why {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Many => "many",
            Self::Night => "night",
            Self::Network => "network",
            Self::Denied => "denied",
        }
    }

    /// What is to be done, in English and in French.
    pub(super) fn titles(self) -> [&'static str; 2] {
        match self {
            Self::Many => [
                "Look into it: one account read the data of many persons in a day",
                "À examiner : un compte a lu les données de nombreuses personnes en un jour",
            ],
            Self::Night => [
                "Look into it: an account read a person's data at night",
                "À examiner : un compte a lu les données d'une personne la nuit",
            ],
            Self::Network => [
                "Look into it: an account read a person's data from a network it was never seen in",
                "À examiner : un compte a lu les données d'une personne depuis un réseau où il n'avait jamais été vu",
            ],
            Self::Denied => [
                "Look into it: an account often tried what it may not do",
                "À examiner : un compte a souvent essayé ce qu'il n'a pas le droit de faire",
            ],
        }
    }
}

/// The network somebody reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Seen before, or nothing is known of it: programs and commands.
    Known,
    /// The first network this account was ever seen in: nothing to compare it with.
    First,
    /// Another than those it was seen in.
    New,
}

/// What is known when somebody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What this account read today, this included.
    pub read_today: i64,
    /// What was denied to it today.
    pub denied_today: i64,
    /// The hour of the day at the house's place.
    pub hour: i8,
    /// From where.
    pub network: Network,
}

impl Seen {
    /// Nothing unusual.
    pub(super) fn quiet() -> Self {
        Self { read_today: 0, denied_today: 0, hour: 12, network: Network::Known }
    }
}

/// What is unusual about it.
#[must_use]
pub fn unusual(seen: &Seen) -> Vec<Why> {
    let night = seen.hour >= NIGHT[0] || seen.hour < NIGHT[1];
    let all = [
        (seen.read_today >= READ_MAX, Why::Many),
        (night, Why::Night),
        (seen.network == Network::New, Why::Network),
        (seen.denied_today >= DENIED_MAX, Why::Denied),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, why)| why).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unusual_is_told_and_nothing_else() {
        let quiet = Seen::quiet();
        for (seen, why) in [
            (quiet, &[][..]),
            (Seen { read_today: READ_MAX - 1, ..quiet }, &[]),
            (Seen { read_today: READ_MAX, ..quiet }, &[Why::Many]),
            (Seen { hour: 21, ..quiet }, &[]),
            (Seen { hour: 22, ..quiet }, &[Why::Night]),
            (Seen { hour: 0, ..quiet }, &[Why::Night]),
            (Seen { hour: 5, ..quiet }, &[Why::Night]),
            (Seen { hour: 6, ..quiet }, &[]),
            (Seen { network: Network::First, ..quiet }, &[]),
            (Seen { network: Network::New, ..quiet }, &[Why::Network]),
            (Seen { denied_today: DENIED_MAX - 1, ..quiet }, &[]),
            (Seen { denied_today: DENIED_MAX, hour: 3, ..quiet }, &[Why::Night, Why::Denied]),
        ] {
            assert_eq!(unusual(&seen), why, "{seen:?}");
        }
    }
}
