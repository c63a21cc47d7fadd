//! Named instants at which a test kills the process.
//!
//! Only debug builds listen: a release build compiles [`hit`] to nothing. The tests run the
//! binary with one point armed, see it die there, start it again and check that nothing was lost.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

struct Armed {
    point: String,
    /// Hits left before the fatal one.
    left: AtomicU32,
}

static ARMED: OnceLock<Armed> = OnceLock::new();

/// Arms a point for this process: `store.before_commit`, or `store.before_commit:3` for its third hit.
/// The first call wins.
pub fn arm(point: &str) {
    if cfg!(debug_assertions) {
        let (name, nth) = point.split_once(':').unwrap_or((point, "1"));
        let left = AtomicU32::new(nth.parse().unwrap_or(1).max(1));
        ARMED.get_or_init(|| Armed { point: name.to_owned(), left });
    }
}

/// Dies at once, as `kill -9` would, when `point` is armed and this is the hit it waits for.
pub fn hit(point: &str) {
    if cfg!(debug_assertions)
        && let Some(armed) = ARMED.get()
        && armed.point == point
        && armed.left.fetch_sub(1, Ordering::Relaxed) == 1
    {
        std::process::abort();
    }
}
