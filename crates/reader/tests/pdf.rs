//! PDF: what is text is read in order; what is none, locked or made to hurt says so.

use kernel::Lang;
use reader::{InThisProcess, PdfText, ReadError};
use std::fmt::Write;

/// A PDF of these objects, the first of which is the catalogue.
fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ =
        write!(file, "trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// Pages of lines: the first at the top of the page, the last at its foot, the others one under another.
fn document(pages: &[&[&str]], trailer: &str) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (page, lines) in pages.iter().enumerate() {
        let mut content = "BT /F1 11 Tf\n".to_owned();
        for (index, line) in lines.iter().enumerate() {
            let height = match index {
                0 => 810,
                _ if index + 1 == lines.len() => 30,
                _ => 740 - 14 * index,
            };
            let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
            let _ = writeln!(content, "1 0 0 1 72 {height} Tm ({line}) Tj");
        }
        content.push_str("ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            5 + 2 * page
        ));
        objects.push(stream("", &content));
    }
    pdf(&objects, trailer)
}

fn error(file: &[u8]) -> ReadError {
    InThisProcess.text(file).expect_err("a file that is refused")
}

const HEAD: &str = "Moselle Cycles - Agreement";
const FIRST: &[&str] = &[
    HEAD,
    "1. Breaches of personal data and what the parties do about them",
    "The Processor maintains a procedure for incidents and trains its staff once a year in it.",
    "The Processor shall notify the Controller of a personal data breach",
    "Page 1 of 2",
];
const SECOND: &[&str] = &[
    HEAD,
    "without undue delay and within 36 hours of becoming aware of it. The notice says what happened,",
    "whom it concerns, and what was done.",
    "Page 2 of 2",
];

#[test]
fn a_sentence_goes_on_over_a_page_break() {
    let file = document(&[FIRST, SECOND], "");
    let reading = reader::read(&file, "a.pdf", Lang::En).unwrap();
    assert_eq!(reading.document.media_type, "application/pdf");
    let term = reading.term("breach.notify_controller").unwrap();
    assert_eq!(term.value, "PT36H", "{}", reader::extract(&file, "a.pdf").unwrap().as_str());
    let text = reader::extract(&file, "a.pdf").unwrap();
    assert!(!text.as_str().contains("Page 1") && text.as_str().matches("Moselle").count() == 1, "{}", text.as_str());
    let [start, end] = term.span.unwrap();
    assert_eq!(&text.as_str()[start..end], term.text);
}

#[test]
fn a_scan_says_that_it_has_no_text() {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>".to_owned(),
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "x"),
        stream("", "q 595 0 0 842 0 0 cm /I Do Q"),
    ];
    let refused = error(&pdf(&objects, ""));
    assert_eq!(refused, ReadError::Scanned);
    assert!(refused.remedy(Lang::En).contains("ocrmypdf") && refused.message(Lang::Fr).contains("numérisé"));
    assert_eq!(error(&document(&[&[]], "")), ReadError::NoText);
}

#[test]
fn a_password_is_asked_of_nobody() {
    let lock = "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O (0123456789abcdef0123456789abcdef) \
                /U (fedcba9876543210fedcba9876543210) >> /ID [(0123456789abcdef) (0123456789abcdef)]";
    assert_eq!(error(&document(&[FIRST], lock)), ReadError::Protected { format: "PDF" });
}

#[test]
fn loops_and_floods_end() {
    let looped = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>".to_owned(),
    ];
    let form = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >> /Contents 5 0 R >>"
            .to_owned(),
        stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>", "/X Do /X Do"),
        stream("", "/X Do"),
    ];
    for objects in [&looped[..], &form[..]] {
        assert!(InThisProcess.text(&pdf(objects, "")).is_err());
    }
    let page: &[&str] = &["a"];
    assert_eq!(error(&document(&vec![page; 1_001], "")), ReadError::Excessive { format: "PDF" });
}

#[test]
fn a_file_cut_short_is_read_as_far_as_it_goes_or_refused() {
    let file = document(&[FIRST, SECOND], "");
    for end in (0..file.len()).step_by(37) {
        let _ = InThisProcess.text(&file[..end]);
    }
}

#[test]
fn words_beyond_any_page_on_a_page_of_usual_size_are_refused_too() {
    let found_by_fuzzing = include_bytes!("files/words-beyond-the-page.pdf");
    assert_eq!(error(found_by_fuzzing), ReadError::Excessive { format: "PDF" });
}

/// A file of one page as large as this that runs that, and may paint the forms `/X`, `/Y` and `/Z`.
fn page_of(size: &str, content: &str, forms: [&str; 3]) -> Vec<u8> {
    let names = "/Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R /Y 7 0 R /Z 8 0 R >> >>";
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [{size}] {names} /Contents 5 0 R >>"),
        stream("", content),
    ];
    let form = format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] {names}");
    objects.extend(forms.map(|content| stream(&form, content)));
    pdf(&objects, "")
}

#[test]
fn a_page_larger_than_any_page_is_refused_before_it_is_laid_out() {
    const VAST: &str = "-2000000000 -2000000000 2000000000 2000000000";
    let words = |at: &str| format!("BT /F1 11 Tf 1 0 0 1 72 700 Tm (One) Tj 1 0 0 1 {at} Tm (two) Tj ET");
    let text = |size, at| InThisProcess.text(&page_of(size, &words(at), [""; 3]));
    for (size, at) in [("0 0 595 842", "72 680"), ("0 0 14400 14400", "9000 14000")] {
        assert!(text(size, at).unwrap().contains("two"), "{at}");
    }
    for far in ["300000000 680", "-300000000 680", "72 900000000", "72 -900000000"] {
        assert_eq!(text(VAST, far).unwrap_err(), ReadError::Excessive { format: "PDF" }, "{far}");
    }
    let large = page_of(VAST, "BT /F1 90000000 Tf 1 0 0 1 72 700 Tm (One) Tj (two) Tj ET", [""; 3]);
    assert_eq!(error(&large), ReadError::Excessive { format: "PDF" });
}

#[test]
fn forms_that_paint_forms_a_million_times_are_refused_before_they_are() {
    let [x, y, z] = ["/X Do ".repeat(200), "/Y Do ".repeat(200), "/Z Do ".repeat(200)];
    let file = page_of("0 0 595 842", &x, [&y, &z, "BT /F1 11 Tf (One) Tj ET"]);
    assert_eq!(error(&file), ReadError::Excessive { format: "PDF" });
}
