//! The parser of PDF, in this process.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"%PDF-") {
        fuzz::extract(bytes, "a.pdf");
    }
});
