//! Everything: read, check, outline. The first byte chooses the format of the rest.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    fuzz::read(rest, ["a.txt", "a.md", "a.html"][usize::from(*first) % 3]);
});
