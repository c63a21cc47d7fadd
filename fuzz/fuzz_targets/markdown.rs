//! The reader of `.md` files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::extract(bytes, "a.md"));
