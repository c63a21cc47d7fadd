//! The map of the systems that hold personal data: scan, locate, plan, apply, verify.
