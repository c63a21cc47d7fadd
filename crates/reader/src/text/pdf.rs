//! PDF: the text layer, page by page, without what every page repeats.
//!
//! A PDF is a program for a printer; a parser of such programs is large and works for whoever wrote the
//! file. So it stands behind [`PdfText`]: the command line and the server run it in a child process with
//! limits, and see text only.

use crate::error::ReadError;
use regex::Regex;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::LazyLock;
use std::thread;
use unpdf::{Block, ErrorKind, ErrorMode, Page, PageSelection, PageStreamOptions, ParseEvent, ParseOptions, PdfParser};

/// The most pages that are read. No agreement comes near it.
pub(crate) const PAGES_MAX: u32 = 1_000;
/// The most text that is taken from one file, in bytes.
pub(crate) const TEXT_MAX: usize = 4_000_000;
/// The parser goes down into nested objects by calling itself: room on its stack, in bytes.
const STACK_BYTES: usize = 32 << 20;
/// How far from the top and from the bottom of a page a running head is looked for, in lines.
const MARGIN_LINES: usize = 3;

/// Takes the text out of a PDF.
pub trait PdfText: Send + Sync {
    /// The words of a PDF in reading order: lines as they stand, a blank line between blocks, cells of a table
    /// parted by ` | `, a form feed after each page.
    ///
    /// # Errors
    /// [`ReadError::Protected`], [`ReadError::Scanned`], [`ReadError::Damaged`] or [`ReadError::Excessive`].
    fn text(&self, bytes: &[u8]) -> Result<String, ReadError>;
}

/// Takes a PDF apart in this process: for trusted files and for tests.
///
/// A panic of the parser becomes an error; a file made to exhaust memory, time or the stack is not stopped.
#[derive(Clone, Copy, Debug, Default)]
pub struct InThisProcess;

impl PdfText for InThisProcess {
    fn text(&self, bytes: &[u8]) -> Result<String, ReadError> {
        thread::scope(|scope| {
            let roomy = thread::Builder::new().stack_size(STACK_BYTES);
            let parser = roomy.spawn_scoped(scope, || pages(bytes)).ok();
            parser.and_then(|parser| parser.join().ok()).unwrap_or(Err(ReadError::Damaged { format: "PDF" }))
        })
    }
}

fn pages(bytes: &[u8]) -> Result<String, ReadError> {
    let parser = PdfParser::from_bytes_with_options(bytes, ParseOptions::new()).map_err(|error| refusal(&error))?;
    if parser.page_count() > PAGES_MAX {
        return Err(ReadError::Excessive { format: "PDF" });
    }
    let (mut out, mut pictures) = (String::new(), false);
    let add = |event| {
        if let ParseEvent::PageParsed(page) = event {
            pictures |= page.image_op_count > 0 || page.ocr_text_suppressed || page.fill_op_count > 100;
            push_page(&mut out, &page);
        }
        if out.len() > TEXT_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    parser.for_each_page(one_by_one(), add).map_err(|error| refusal(&error))?;
    match out.chars().any(char::is_alphabetic) {
        _ if out.len() > TEXT_MAX => Err(ReadError::Excessive { format: "PDF" }),
        true => Ok(out),
        false if pictures => Err(ReadError::Scanned),
        false => Err(ReadError::NoText),
    }
}

/// Every field by name: the default of the library would start a pool of threads.
fn one_by_one() -> PageStreamOptions {
    PageStreamOptions {
        error_mode: ErrorMode::Lenient,
        extract_text: true,
        extract_resources: false,
        min_image_dimension: 64,
        pages: PageSelection::All,
        password: None,
        parallel: false,
        suppress_low_confidence_ocr: true,
        window_size: 1,
        emit_progress_every: u32::MAX,
    }
}

fn refusal(error: &unpdf::Error) -> ReadError {
    match error.kind() {
        ErrorKind::Encrypted | ErrorKind::InvalidPassword => ReadError::Protected { format: "PDF" },
        _ => ReadError::Damaged { format: "PDF" },
    }
}

fn push_page(out: &mut String, page: &Page) {
    for block in &page.elements {
        match block {
            Block::Table(table) => {
                for row in &table.rows {
                    let cells: Vec<String> = row.cells.iter().map(|cell| one_line(&cell.plain_text())).collect();
                    out.push_str(&cells.join(" | "));
                    out.push('\n');
                }
            }
            block => block.append_plain_text(out),
        }
        out.push_str("\n\n");
    }
    out.push('\u{c}');
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Pages as one text: running heads and page numbers left out, sentences carried over page breaks.
pub(super) fn joined(raw: &str) -> String {
    let pages: Vec<Vec<&str>> =
        raw.split('\u{c}').map(|page| page.trim().lines().map(str::trim_end).collect()).collect();
    let pages: Vec<Vec<&str>> = pages.into_iter().filter(|lines| lines.iter().any(|line| !line.is_empty())).collect();
    let seen = margins(&pages);
    let mut out = String::new();
    for (number, lines) in pages.iter().enumerate() {
        let edge = edges(lines);
        let kept = lines.iter().enumerate().filter(|(at, line)| {
            !edge.contains(at) || !is_running(line, number, seen.get(&shape(line)).copied(), pages.len())
        });
        let body = kept.map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
        let body = body.trim();
        if !out.is_empty() {
            out.push_str(if body.starts_with(char::is_lowercase) { "\n" } else { "\n\n" });
        }
        out.push_str(body);
    }
    cut(&out)
}

/// What may begin a clause in the middle of a block: `2.2` or `(b)`, after the end of something.
static RUN_IN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"[.;:,!?”»)](?: and| or| et| ou)?( )(?:([0-9]{1,2}(?:\.[0-9]{1,2}){1,4})\.? [\p{Lu}“«(\[]|\(([a-z])\) )",
    )
    .expect("a constant pattern")
});

/// Clauses set without space between them come as one block; each number that follows the one before is cut off.
fn cut(text: &str) -> String {
    text.lines().map(cut_line).collect::<Vec<_>>().join("\n")
}

fn cut_line(line: &str) -> String {
    let (mut out, mut kept) = (String::with_capacity(line.len()), 0);
    let (mut number, mut letter) = (figures(line.split(' ').next().unwrap_or_default()), 0);
    for found in RUN_IN.captures_iter(line) {
        let Some(gap) = found.get(1) else { continue };
        let follows = if let Some(this) = found.get(2) {
            let this = figures(this.as_str());
            let follows = is_next(&number, &this);
            number = if follows { this } else { number };
            follows
        } else {
            let this = found.get(3).map_or(0, |letter| letter.as_str().as_bytes()[0]);
            let follows = this == letter + 1 || this == b'a' && line[..gap.start()].ends_with(':');
            letter = if follows { this } else { letter };
            follows
        };
        if follows {
            out.push_str(&line[kept..gap.start()]);
            out.push('\n');
            kept = gap.end();
        }
    }
    out + &line[kept..]
}

fn figures(number: &str) -> Vec<u8> {
    number.trim_end_matches('.').split('.').map_while(|part| part.parse().ok()).collect()
}

/// `2.3` after `2.2`, `2.2.1` after `2.2`, `2.3` after `2.2.4`.
fn is_next(last: &[u8], this: &[u8]) -> bool {
    let Some((end, above)) = this.split_last() else { return false };
    let deeper = above == last && *end == 1;
    deeper
        || last.get(..above.len()) == Some(above)
            && last.get(above.len()).is_some_and(|before| before.checked_add(1) == Some(*end))
}

/// A line that a page repeats, by its shape: on how many pages, and first on which.
type Seen = HashMap<String, (usize, usize)>;

fn margins(pages: &[Vec<&str>]) -> Seen {
    let mut seen = Seen::new();
    for (number, lines) in pages.iter().enumerate() {
        let mut shapes: Vec<String> = edges(lines).into_iter().map(|at| shape(lines[at])).collect();
        shapes.sort();
        shapes.dedup();
        for shape in shapes {
            seen.entry(shape).or_insert((0, number)).0 += 1;
        }
    }
    seen
}

/// The lines near the top and the bottom of a page.
fn edges(lines: &[&str]) -> Vec<usize> {
    let worded: Vec<usize> = (0..lines.len()).filter(|at| !lines[*at].is_empty()).collect();
    let bottom = worded.len().saturating_sub(MARGIN_LINES).max(MARGIN_LINES);
    worded.iter().take(MARGIN_LINES).chain(worded.iter().skip(bottom)).copied().collect()
}

/// A line with its figures made alike, so that page 3 looks as page 4.
fn shape(line: &str) -> String {
    line.trim().chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect()
}

/// A head that stands on most pages is read once, where it stands first; a page number never.
fn is_running(line: &str, page: usize, seen: Option<(usize, usize)>, pages: usize) -> bool {
    let (times, first) = seen.unwrap_or((1, page));
    let often = times >= 2 && times * 2 >= pages;
    let numbered = line.contains(|letter: char| letter.is_ascii_digit());
    is_page_number(line) || (often && (page > first || numbered))
}

/// `3`, `- 3 -`, `Page 3 of 12`, `3/12`, `Page 3 sur 12`.
fn is_page_number(line: &str) -> bool {
    let mut words = line.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let figure = |word: &str| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let paged = words.next_if(|word| matches!(word.to_lowercase().as_str(), "page" | "p" | "pg")).is_some();
    let first = words.next().is_some_and(figure);
    let of = words.next_if(|word| matches!(word.to_lowercase().as_str(), "of" | "sur" | "de")).is_some();
    let second = words.next();
    let bare = line.trim().len() <= 12 && !line.contains(['.', ')', '(']);
    first
        && words.next().is_none()
        && second.is_none_or(figure)
        && (of == second.is_some() || line.contains('/'))
        && (paged || of || bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_page_repeats_is_left_out() {
        let page = |number: usize, body: &str| format!("Acme – Agreement\n\n{body}\n\nPage {number} of 3\n\u{c}");
        let raw = page(1, "1. The processor shall") + &page(2, "notify the controller.") + &page(3, "2. End.");
        let text = joined(&raw);
        assert_eq!(text, "Acme – Agreement\n\n1. The processor shall\nnotify the controller.\n\n2. End.");
    }

    #[test]
    fn clauses_set_without_space_are_cut_where_the_numbers_go_on() {
        let text = "2.1 One. 2.2 Two, see clause. 4.7 Not. 2.2.1 Deeper. 2.3 The processor shall: (a) act; (b) help; and (c) \
                    tell. (e) Not.\n\n3.1 In 1.5 Hours. 3.2 Last.";
        let cut = "2.1 One.\n2.2 Two, see clause. 4.7 Not.\n2.2.1 Deeper.\n2.3 The processor shall:\n(a) act;\n(b) help; and\n(c) \
                   tell. (e) Not.\n\n3.1 In 1.5 Hours.\n3.2 Last.";
        assert_eq!(super::cut(text), cut);
    }

    #[test]
    fn a_page_number_is_no_clause() {
        for line in ["3", "- 3 -", "Page 3 of 12", "3/12", "page 3 sur 12", "Page 3", "p. 4"] {
            assert!(is_page_number(line), "{line}");
        }
        for line in ["3.", "(3)", "3.2", "12 months", "Article 3", "2026 Acme", "72 hours", "page"] {
            assert!(!is_page_number(line), "{line}");
        }
    }
}
