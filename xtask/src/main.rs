//! Prepares a machine and runs the tests.
fn main() {}
