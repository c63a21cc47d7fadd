//! The document for word processors: a zip of the parts it needs, each well-formed, with its numbers as text.

use agreement::AgreementFile;
use kernel::Lang;
use render::{Format, render};
use std::io::{Cursor, Read};

fn parts(file: &AgreementFile) -> Vec<(String, String)> {
    let bytes = render(file, Lang::En, Format::Docx).expect("the file can be written");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..zip.len())
        .map(|at| {
            let mut part = zip.by_index(at).expect("a part");
            let mut text = String::new();
            part.read_to_string(&mut text).expect("XML is UTF-8");
            (part.name().expect("a name").into_owned(), text)
        })
        .collect()
}

/// Whether every element that is opened is closed, in order.
fn is_balanced(xml: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1) {
        let Some((tag, _)) = tag.split_once('>') else { return false };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        match tag {
            _ if tag.starts_with(['?', '!']) || tag.ends_with('/') => {}
            _ if tag.starts_with('/') => {
                if open.pop() != Some(name) {
                    return false;
                }
            }
            _ => open.push(name),
        }
    }
    open.is_empty()
}

#[test]
fn a_document_has_its_parts_its_language_and_literal_numbers() {
    let text =
        "garant-agreement = 1\n[parties.processor]\nname = \"A & B <Ltd>\"\n[breach]\nnotify_controller = \"PT24H\"\n";
    let parts = parts(&AgreementFile::parse(text).expect("a valid file"));
    for (name, xml) in &parts {
        assert!(is_balanced(xml), "{name}: {xml}");
    }
    let part = |name: &str| &parts.iter().find(|(known, _)| known == name).expect("the part is there").1;
    let document = part("word/document.xml");
    assert!(document.contains("<w:t xml:space=\"preserve\">3.1</w:t></w:r><w:r><w:tab/></w:r>"), "{document}");
    assert!(document.contains("A &amp; B &lt;Ltd&gt;"), "{document}");
    assert!(part("word/styles.xml").contains("<w:lang w:val=\"en-GB\"/>"));
    assert!(part("docProps/core.xml").contains("<dc:creator>A &amp; B &lt;Ltd&gt;</dc:creator>"));
    assert!(part("word/footer1.xml").contains(" PAGE ") && part("word/footer1.xml").contains(" NUMPAGES "));
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let file = AgreementFile::default();
    for format in Format::ALL {
        assert_eq!(render(&file, Lang::Fr, format), render(&file, Lang::Fr, format));
    }
}
