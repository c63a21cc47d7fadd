//! Command line, wiring and the demo.
fn main() {}
