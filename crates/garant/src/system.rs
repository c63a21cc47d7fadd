//! The clock, the random source and the environment: read here and nowhere else in the house.

use kernel::{Entropy, Instant, Lang};

/// The instant now.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The operating system's random source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
    fn fill(&self, out: &mut [u8]) {
        // Without randomness no key may be made: better to stop than to go on with zeros.
        if let Err(error) = getrandom::fill(out) {
            panic!("the system gives no random bytes: {error}");
        }
    }
}

/// A variable of the environment, when it is set and not empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The language of the user's locale; English when it says neither.
pub(crate) fn lang() -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    locale.and_then(|locale| locale.parse().ok()).unwrap_or_default()
}
