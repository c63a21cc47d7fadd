//! What a person sees in a DOCX or an ODT is what is read: numbers that are computed, nothing deleted or hidden.

use reader::ReadError;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a name of ours");
        archive.write_all(text.as_bytes()).expect("memory takes it");
    }
    archive.finish().expect("memory takes it").into_inner()
}

fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    let parts = [("[Content_Types].xml", "<Types/>"), ("word/document.xml", document.as_str())];
    zipped(&[&parts[..], more].concat())
}

fn odt(body: &str, styles: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}\
         </office:text></office:body></office:document-content>"
    );
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &content)])
}

fn text(file: &[u8]) -> String {
    reader::extract(file, "a").expect("a document with words").as_str().to_owned()
}

fn error(file: &[u8]) -> ReadError {
    reader::extract(file, "a").map(|text| text.as_str().to_owned()).expect_err("a file that is refused")
}

fn p(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

fn numbered(list: u8, level: u8, words: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"
    )
}

fn level(index: u8, format: &str, pattern: &str, more: &str) -> String {
    format!(
        "<w:lvl w:ilvl='{index}'><w:start w:val='1'/><w:numFmt w:val='{format}'/><w:lvlText w:val='{pattern}'/>{more}</w:lvl>"
    )
}

#[test]
fn numbers_that_word_computes_are_written_out() {
    let levels = level(0, "decimal", "%1.", "<w:pStyle w:val='Clause'/>")
        + &level(1, "decimal", "%1.%2", "")
        + &level(2, "lowerLetter", "(%3)", "")
        + &level(3, "lowerRoman", "(%4)", "")
        + &level(4, "bullet", "•", "");
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId='7'>{levels}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/>\
         </w:num><w:num w:numId='2'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/>\
         </w:lvlOverride></w:num></w:numbering>"
    );
    let styles = "<w:styles><w:style w:styleId='Clause'><w:name w:val='Heading 1'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr>\
                  </w:pPr></w:style></w:styles>";
    let styled =
        |words: &str| format!("<w:p><w:pPr><w:pStyle w:val='Clause'/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>");
    let body = [
        styled("Roles"),
        numbered(1, 1, "First"),
        styled("Duties"),
        numbered(1, 1, "One"),
        numbered(1, 2, "letter"),
        numbered(1, 2, "letter"),
        numbered(1, 3, "roman"),
        numbered(1, 4, "bullet"),
        numbered(1, 1, "Two"),
        numbered(2, 0, "Again"),
    ];
    let file = docx(&body.concat(), &[("word/numbering.xml", &numbering), ("word/styles.xml", styles)]);
    let expected = "1. Roles\n\n1.1 First\n\n2. Duties\n\n2.1 One\n\n(a) letter\n\n(b) letter\n\n(i) roman\n\n- bullet\n\n2.2 Two\n\n1. Again";
    assert_eq!(text(&file), expected);
    let clauses = reader::outline(&file, "a.docx").unwrap();
    assert!(clauses.iter().any(|clause| clause.path.as_deref() == Some("2.2") && clause.text.contains("Two")));
}

#[test]
fn what_was_deleted_moved_or_hidden_is_left_out_of_docx() {
    let body = "<w:p><w:r><w:t>within </w:t></w:r><w:del><w:r><w:delText>24</w:delText></w:r></w:del><w:ins><w:r><w:t>48</w:t></w:r>\
                </w:ins><w:r><w:t> hours</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> or never</w:t></w:r><w:r><w:rPr>\
                <w:vanish w:val='0'/></w:rPr><w:t> of</w:t></w:r></w:p>\
                <w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>\
                <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>the </w:t></w:r></w:p><w:p><w:r><w:t>breach</w:t></w:r></w:p>\
                <w:p><w:pPr><w:pStyle w:val='TOC1'/></w:pPr><w:r><w:t>1. Roles 3</w:t></w:r></w:p>\
                <w:p><w:r><w:fldChar/><w:instrText>PAGE 5</w:instrText><w:t>End</w:t></w:r></w:p>";
    let styles = "<w:styles><w:style w:styleId='TOC1'><w:name w:val='toc 1'/></w:style></w:styles>";
    assert_eq!(text(&docx(body, &[("word/styles.xml", styles)])), "within 48 hours of\n\nthe breach\n\nEnd");
}

#[test]
fn cells_notes_boxes_controls_and_links_of_docx_are_kept_once() {
    let row = |cells: &[&str]| {
        format!("<w:tr>{}</w:tr>", cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", p(cell))).collect::<String>())
    };
    let body = format!(
        "<w:p><w:r><w:t>See</w:t><w:footnoteReference w:id='2'/><w:t xml:space='preserve'> the </w:t></w:r><w:hyperlink r:id='r1'><w:r>\
         <w:t>list</w:t></w:r></w:hyperlink></w:p><w:tbl>{}{}<w:tr><w:trPr><w:del/></w:trPr><w:tc>{}</w:tc></w:tr></w:tbl>\
         <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{box_}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{box_}\
         </w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>Around</w:t></w:r></w:p>\
         <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        row(&["Name", "Country"]),
        row(&["Acme Ltd", "Ireland"]),
        p("Gone"),
        p("Enter a date"),
        p("Filled in"),
        box_ = p("In a box"),
    );
    let notes = format!(
        "<w:footnotes><w:footnote w:id='0'>{}</w:footnote><w:footnote w:id='2'>{}</w:footnote></w:footnotes>",
        p("-"),
        p("A note.")
    );
    let links = "<Relationships><Relationship Id='r1' Target='https://acme.example/list' TargetMode='External'/></Relationships>";
    let file = docx(&body, &[("word/footnotes.xml", &notes), ("word/_rels/document.xml.rels", links)]);
    let expected = "See the list\n\nA note.\n\n| Name | Country |\n| Acme Ltd | Ireland |\n\nAround\n\nIn a box\n\n[Enter a date]\n\nFilled in";
    assert_eq!(text(&file), expected);
    let reading = reader::read(&file, "a.docx", kernel::Lang::En).unwrap();
    let link = reading.contacts.iter().find(|contact| contact.value == "https://acme.example/list").unwrap();
    assert_eq!(&expected[link.span[0]..link.span[1]], "list");
    assert!(reading.document.media_type.ends_with("wordprocessingml.document"));
}

#[test]
fn two_languages_side_by_side_stay_paragraphs() {
    let long = |words: &str| p(&words.repeat(20));
    let file = docx(
        &format!(
            "<w:tbl><w:tr><w:tc>{}{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
            p("1. Roles"),
            long("The processor. "),
            long("Le sous-traitant. ")
        ),
        &[],
    );
    let words = text(&file);
    assert!(
        words.starts_with("1. Roles\n\nThe processor. ")
            && words.contains("\n\nLe sous-traitant. ")
            && !words.contains('|')
    );
}

#[test]
fn odt_is_read_as_it_looks() {
    let styles = "<text:list-style style:name='L1'><text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>\
                  <text:list-level-style-number text:level='2' style:num-format='a' style:num-prefix='(' style:num-suffix=')'/>\
                  </text:list-style><style:style style:name='H'><style:text-properties text:display='none'/></style:style>";
    let item = |inner: &str| format!("<text:list-item>{inner}</text:list-item>");
    let body = format!(
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:h text:outline-level='1'>Duties</text:h>\
         <text:list text:style-name='L1'>{}{}</text:list>\
         <text:p>within<text:s text:c='2'/>48<text:tab/>hours<text:note><text:note-citation>1</text:note-citation><text:note-body>\
         <text:p>A note.</text:p></text:note-body></text:note><text:span text:style-name='H'> or never</text:span>\
         <office:annotation><text:p>a comment</text:p></office:annotation> of <text:a xlink:href='https://acme.example'>it</text:a></text:p>\
         <table:table><table:table-row><table:table-cell><text:p>Acme</text:p></table:table-cell><table:table-cell><text:p>Ireland</text:p>\
         </table:table-cell></table:table-row></table:table><text:p><text:placeholder>date</text:placeholder></text:p>\
         <text:section text:display='none'><text:p>hidden</text:p><text:section><text:p>too</text:p></text:section>\
         <text:p>still</text:p></text:section><text:section><text:p>Seen.</text:p></text:section>",
        item("<text:p>One</text:p>"),
        item(&format!(
            "<text:p>Two</text:p><text:p>more</text:p><text:list>{}{}</text:list>",
            item("<text:p>in</text:p>"),
            item("<text:p>side</text:p>")
        )),
    );
    let file = odt(&body, styles);
    let expected = "Duties\n\n1. One\n\n2. Two\n\nmore\n\n(a) in\n\n(b) side\n\nwithin  48 hours of it\n\nA note.\n\n| Acme | Ireland |\n\n[date]\n\nSeen.";
    assert_eq!(text(&file), expected);
    let reading = reader::read(&file, "a.odt", kernel::Lang::En).unwrap();
    assert_eq!(reading.document.media_type, "application/vnd.oasis.opendocument.text");
}

#[test]
fn archives_made_to_hurt_are_refused() {
    let bomb = docx(&p(&"a".repeat(60_000_000)), &[]);
    assert!(bomb.len() < 200_000);
    assert_eq!(error(&bomb), ReadError::Excessive { format: "DOCX" });
    let deep = docx(&"<w:sdt>".repeat(10_000), &[]);
    assert_eq!(error(&deep), ReadError::Excessive { format: "DOCX" });
    let names: Vec<String> = (0..6_000).map(|number| number.to_string()).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(error(&zipped(&many)), ReadError::Excessive { format: "ZIP" });
    let entity = "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:document>";
    let file = zipped(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", entity)]);
    assert_eq!(error(&file), ReadError::Damaged { format: "DOCX" });
    assert_eq!(error(&docx("<w:p>", &[])), ReadError::Damaged { format: "DOCX" });
}

#[test]
fn what_is_no_agreement_or_opens_with_a_password_says_so() {
    let types = ("[Content_Types].xml", "<Types/>");
    let rels = "<Relationships><Relationship Type='http://x/officeDocument' Target='xl/workbook.xml'/></Relationships>";
    assert_eq!(error(&zipped(&[types, ("_rels/.rels", rels)])), ReadError::UnknownFormat { format: "XLSX" });
    assert_eq!(error(&zipped(&[("a.txt", "words")])), ReadError::UnknownFormat { format: "ZIP" });
    let secret: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let sealed = [b"\xD0\xCF\x11\xE0", &[0; 600][..], &secret].concat();
    assert_eq!(error(&sealed), ReadError::Protected { format: "DOCX" });
    let manifest =
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let odt = [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "x"),
    ];
    assert_eq!(error(&zipped(&odt)), ReadError::Protected { format: "ODT" });
}

#[test]
fn a_tracked_change_of_properties_does_not_bring_the_old_ones_back() {
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId='7'>{}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>\
         </w:numbering>",
        level(0, "decimal", "%1.", "")
    );
    let styles = "<w:styles><w:style w:styleId='H1'><w:name w:val='heading 1'/></w:style></w:styles>";
    let body = "<w:p><w:pPr><w:pStyle w:val='H1'/><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr><w:rPr><w:rPrChange><w:rPr>\
                <w:del/></w:rPr></w:rPrChange></w:rPr><w:pPrChange><w:pPr><w:pStyle w:val='Body'/><w:numPr><w:numId w:val='0'/></w:numPr>\
                </w:pPr></w:pPrChange></w:pPr><w:r><w:t>Roles</w:t></w:r></w:p>\
                <w:p><w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>Seen</w:t></w:r></w:p>";
    let file = docx(body, &[("word/numbering.xml", &numbering), ("word/styles.xml", styles)]);
    assert_eq!(text(&file), "1. Roles\n\nSeen");
    let boxed = format!(
        "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:rPr><w:vanish/></w:rPr><w:txbxContent>{}</w:txbxContent>\
         <w:t>hidden</w:t></w:r><w:r><w:t>Around</w:t></w:r></w:p>",
        p("In a box")
    );
    assert_eq!(text(&docx(&boxed, &[("word/numbering.xml", &numbering)])), "1. Around\n\nIn a box");
}

#[test]
fn what_is_used_again_and_again_is_not_copied_at_any_length() {
    let long = "x".repeat(2_000_000);
    let target =
        format!("<Relationships><Relationship Id='r1' Target='https://{long}' TargetMode='External'/></Relationships>");
    let link = "<w:p><w:hyperlink r:id='r1'><w:r><w:t>a</w:t></w:r></w:hyperlink></w:p>".repeat(5_000);
    assert!(text(&docx(&link, &[("word/_rels/document.xml.rels", &target)])).len() < 20_000);
    let number =
        format!("<text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='{long}'/>");
    let item = "<text:list-item><text:p>a</text:p></text:list-item>".repeat(100);
    let list = format!("<text:list text:style-name='L'>{item}</text:list>");
    let styles = format!("<text:list-style style:name='L'>{number}</text:list-style>");
    assert!(text(&odt(&list, &styles)).len() < 10_000);
    let list = format!("<text:list text:style-name='{long}'>{item}</text:list>");
    assert!(text(&odt(&list, "")).len() < 1_000);
}

#[test]
fn tables_in_tables_are_not_copied_at_each_level() {
    let inner = p(&"a b ".repeat(500_000));
    let nested = (0..90)
        .fold(inner, |inner, _| format!("<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{inner}</w:tc></w:tr></w:tbl>", p("x")));
    let words = text(&docx(&nested, &[]));
    assert_eq!(words.matches('x').count(), 90);
    assert!(words.len() < 2_100_000);
}
