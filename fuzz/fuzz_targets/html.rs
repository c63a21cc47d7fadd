//! The reader of `.html` files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::extract(bytes, "a.html"));
