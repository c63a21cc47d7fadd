//! The reader of DOCX: a whole file, or its parts parted by a zero byte.
#![no_main]

const PARTS: &[&str] =
    &["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "word/_rels/document.xml.rels"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::extract(&fuzz::wrapped(bytes, PARTS, &[("[Content_Types].xml", "<Types/>")]), "a.docx");
});
