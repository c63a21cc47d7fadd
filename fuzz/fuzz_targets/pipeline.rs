//! Everything: read, check, outline. The first byte chooses the format of the rest.
#![no_main]

/// One agreement in each language, so that both grammars are compiled before time is taken.
const WARM: [&[u8]; 2] = [include_bytes!("../seeds/pipeline/en-full.md"), include_bytes!("../seeds/pipeline/fr-complet.txt")];

libfuzzer_sys::fuzz_target!(
    init: {
        WARM.iter().for_each(|bytes| fuzz::read(bytes, "a.md"));
    },
    |bytes: &[u8]| {
        let Some((first, rest)) = bytes.split_first() else { return };
        fuzz::read(rest, ["a.txt", "a.md", "a.html"][usize::from(*first) % 3]);
    }
);
