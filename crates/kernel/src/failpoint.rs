//! Named instants at which a test kills the process.
//!
//! Only debug builds listen: a release build compiles [`hit`] to nothing. The tests run the
//! binary with one point armed, see it die there, start it again and check that nothing was lost.

use std::sync::OnceLock;

static ARMED: OnceLock<String> = OnceLock::new();

/// Arms `point` for this process; the first call wins.
pub fn arm(point: &str) {
    if cfg!(debug_assertions) {
        ARMED.get_or_init(|| point.to_owned());
    }
}

/// Dies at once, as `kill -9` would, when `point` is armed.
pub fn hit(point: &str) {
    if cfg!(debug_assertions) && ARMED.get().is_some_and(|armed| armed == point) {
        std::process::abort();
    }
}
