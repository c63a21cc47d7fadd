//! The reader of ODT: a whole file, or its parts parted by a zero byte.
#![no_main]

const KIND: (&str, &str) = ("mimetype", "application/vnd.oasis.opendocument.text");

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::extract(&fuzz::wrapped(bytes, &["content.xml", "styles.xml", "META-INF/manifest.xml"], &[KIND]), "a.odt");
});
