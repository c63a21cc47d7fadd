//! The reader of e-mail.
#![no_main]

libfuzzer_sys::fuzz_target!(
    // The patterns are compiled before the first input, whose time is measured.
    init: fuzz::mail(b"Subject: x\n\nPlease delete my data.\n"),
    |bytes: &[u8]| fuzz::mail(bytes)
);
