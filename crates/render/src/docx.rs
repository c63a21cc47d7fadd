//! A document for word processors: Office Open XML, written by hand, with styles, literal numbers and a foot.
//!
//! The numbers are text, not fields: a clause keeps its number wherever it is copied, and a reader sees it.

use crate::paper::{Block, Paper, Party};
use crate::words::Words;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const STYLES: &str = include_str!("../data/docx/styles.xml");
const CONTENT_TYPES: &str = include_str!("../data/docx/content-types.xml");
const RELATIONS: &str = include_str!("../data/docx/relations.xml");
const DOCUMENT_RELATIONS: &str = include_str!("../data/docx/document-relations.xml");
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// The line, in twentieths of a point: A4 without its margins.
const LINE_TWIPS: u32 = 9_184;

/// The document.
pub(crate) fn write(paper: &Paper) -> Vec<u8> {
    let lang = paper.lang.pick("en-GB", "fr-FR");
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("docProps/core.xml", core(paper, lang)),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
        ("word/styles.xml", STYLES.replace("{lang}", lang)),
        ("word/settings.xml", settings(lang)),
        ("word/footer1.xml", foot(&paper.foot)),
        ("word/document.xml", document(paper)),
    ];
    packed(&parts).expect("a zip in memory takes any bytes")
}

fn packed(parts: &[(&str, String)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    // The same file gives the same bytes: no clock, and no compression, which differs between processors.
    let options = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        out.start_file(*name, options)?;
        out.write_all(content.as_bytes())?;
    }
    Ok(out.finish()?.into_inner())
}

fn core(paper: &Paper, lang: &str) -> String {
    let creator = paper
        .author
        .as_deref()
        .map_or_else(String::new, |author| format!("<dc:creator>{}</dc:creator>", escaped(author)));
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title>{creator}<dc:language>{lang}</dc:language>\
         </cp:coreProperties>",
        escaped(&paper.title)
    )
}

fn settings(lang: &str) -> String {
    format!(
        "{HEAD}<w:settings xmlns:w=\"{MAIN}\"><w:autoHyphenation w:val=\"false\"/>\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" \
         w:val=\"15\"/></w:compat><w:themeFontLang w:val=\"{lang}\"/></w:settings>"
    )
}

/// "Page 2 of 9", both as fields.
fn foot(template: &str) -> String {
    let field = |name: &str| format!("<w:fldSimple w:instr=\" {name} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
    let mut runs = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        runs.push_str(&run(&rest[..at], false));
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        runs.push_str(&field(if &rest[at..end] == "{page}" { "PAGE" } else { "NUMPAGES" }));
        rest = &rest[end..];
    }
    runs.push_str(&run(rest, false));
    format!("{HEAD}<w:ftr xmlns:w=\"{MAIN}\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{runs}</w:p></w:ftr>")
}

fn document(paper: &Paper) -> String {
    let body: String = paper.blocks.iter().map(block).collect();
    format!(
        "{HEAD}<w:document xmlns:w=\"{MAIN}\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>{body}\
         <w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId3\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"1361\" w:right=\"1361\" w:bottom=\"1474\" w:left=\"1361\" w:header=\"709\" w:footer=\"709\" \
         w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(text) => paragraph("Title", "", &run(text, false)),
        Block::Under(words) => paragraph("Subtitle", "", &runs(words)),
        Block::Opening { number, words } if number.is_empty() => paragraph("Joined", "", &runs(words)),
        Block::Opening { number, words } | Block::Clause { number, words } => {
            let number = format!("{}<w:r><w:tab/></w:r>", run(number, false));
            paragraph("Clause", "", &format!("{number}{}", runs(words)))
        }
        Block::Heading { level, number, text, new_page } => {
            let more = if *new_page { "<w:pageBreakBefore/>" } else { "" };
            let text = format!("{number} {text}");
            paragraph(if *level == 1 { "Heading1" } else { "Heading2" }, more, &run(text.trim_start(), false))
        }
        Block::Paragraph(words) => paragraph("BodyText", "", &runs(words)),
        Block::Table { head, rows } => table(head, rows),
        Block::Signatures { lines, parties } => signatures(lines, parties),
    }
}

fn paragraph(style: &str, more: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{more}</w:pPr>{runs}</w:p>")
}

fn runs(words: &Words) -> String {
    words.runs.iter().map(|piece| run(&piece.text, piece.strong)).collect()
}

fn run(text: &str, strong: bool) -> String {
    if text.is_empty() {
        return String::new();
    }
    let weight = if strong { "<w:rPr><w:b/></w:rPr>" } else { "" };
    format!("<w:r>{weight}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

fn table(head: &[String], rows: &[Vec<Words>]) -> String {
    let columns = rows.first().map_or(head.len(), Vec::len);
    let mut body = String::new();
    if !head.is_empty() {
        let cells: Vec<String> = head.iter().map(|cell| run(cell, true)).collect();
        body.push_str(&row("<w:cantSplit/><w:tblHeader/>", &cells, true));
    }
    for cells in rows {
        let cells: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(at, cell)| if at == 0 { run(&cell.text(), true) } else { runs(cell) })
            .collect();
        body.push_str(&row("<w:cantSplit/>", &cells, false));
    }
    framed(columns, &body)
}

fn signatures(lines: &[String], parties: &[Party]) -> String {
    let side = |party: &Party| {
        let line = if party.name.is_empty() { "" } else { "<w:r><w:br/></w:r>" };
        format!("{}{line}{}", run(&party.role, true), run(&party.name, false))
    };
    let heads: Vec<String> = [String::new()].into_iter().chain(parties.iter().map(side)).collect();
    let mut body = row("<w:cantSplit/>", &heads, true);
    for (at, line) in lines.iter().enumerate() {
        let last = at + 1 == lines.len();
        let height = if last { 1_500 } else { 560 };
        let cells: Vec<String> = [run(line, true)].into_iter().chain(parties.iter().map(|_| String::new())).collect();
        let _ = write!(body, "{}", row(&format!("<w:cantSplit/><w:trHeight w:val=\"{height}\"/>"), &cells, !last));
    }
    framed(parties.len() + 1, &body)
}

/// A row; `together` keeps it on the page of the next one.
fn row(properties: &str, cells: &[String], together: bool) -> String {
    let shares = Block::shares(cells.len());
    let cells: String = cells
        .iter()
        .zip(shares)
        .map(|(cell, share)| {
            let width = share * LINE_TWIPS / 1_000;
            let content = paragraph("TableText", if together { "<w:keepNext/>" } else { "" }, cell);
            format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{content}</w:tc>")
        })
        .collect();
    format!("<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>")
}

/// The table and the empty line that must follow one.
fn framed(columns: usize, rows: &str) -> String {
    let grid: String = Block::shares(columns)
        .into_iter()
        .map(|share| format!("<w:gridCol w:w=\"{}\"/>", share * LINE_TWIPS / 1_000))
        .collect();
    format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"Lines\"/><w:tblW w:w=\"{LINE_TWIPS}\" w:type=\"dxa\"/>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{}",
        paragraph("TableText", "", "")
    )
}

/// Text that XML shows as it is; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            letter => out.push(letter),
        }
    }
    out
}
