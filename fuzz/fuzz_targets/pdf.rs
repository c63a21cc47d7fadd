//! The parser of PDF, in this process. A panic inside the parser is an answer ("damaged"), not a find; one of ours is.
#![no_main]

libfuzzer_sys::fuzz_target!(
    init: {
        // libFuzzer's own hook would end the process before the panic can become an error.
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| {
        if bytes.starts_with(b"%PDF-") {
            fuzz::extract(bytes, "a.pdf");
        }
    }
);
