//! PDF: the text layer, page by page, without what every page repeats.
//!
//! A PDF is a program for a printer; a parser of such programs is large and works for whoever wrote the
//! file. So it stands behind [`PdfText`]: the command line and the server run it in a child process with
//! limits, and see text only.

mod limits;

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
/// A running head is no longer than this, in bytes, and the number of the page is among its first numbers.
const HEAD_MAX: usize = 400;
const NUMBERS_MAX: usize = 12;

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
/// A panic of the parser becomes an error, a page beyond all pages too; a file whose packed parts unpack into
/// hundreds of megabytes is not stopped before it has.
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
    limits::look(bytes)?;
    let parser = PdfParser::from_bytes_with_options(bytes, ParseOptions::new()).map_err(|error| refusal(&error))?;
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
    let pages = raw.split('\u{c}').map(|page| page.trim().lines().map(str::trim_end).collect()).enumerate();
    let pages: Vec<(usize, Vec<&str>)> =
        pages.filter(|(_, lines): &(_, Vec<&str>)| lines.iter().any(|line| !line.is_empty())).collect();
    let seen = margins(&pages);
    let mut out = String::new();
    for (number, lines) in &pages {
        let edge = edges(lines);
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(at, line)| !edge.contains(at) || !is_running(line, *number, &seen, pages.len()));
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

/// Lines at the edges of pages, by their keys: on how many pages, and first on which.
type Seen = HashMap<String, (usize, usize)>;

fn margins(pages: &[(usize, Vec<&str>)]) -> Seen {
    let mut seen = Seen::new();
    for (number, lines) in pages {
        let edge = edges(lines).into_iter().map(|at| lines[at]);
        let mut keys: Vec<String> =
            edge.flat_map(|line| counting(line, *number).chain([line.trim().to_owned()])).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            seen.entry(key).or_insert((0, *number)).0 += 1;
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

/// A line as it looks with one of its numbers taken from the page: alike on all pages where that number counts them.
fn counting(line: &str, page: usize) -> impl Iterator<Item = String> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9]{1,9}").expect("a constant pattern"));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?i)^(?:annexe?|appendi(?:x|ce)|schedule|exhibit|article|section|clause|part(?:ie)?) [0-9]";
        Regex::new(pattern).expect("a constant pattern")
    });
    let line = line.trim();
    let head = line.len() <= HEAD_MAX && !NAMED.is_match(line);
    NUMBER.find_iter(line).take(if head { NUMBERS_MAX } else { 0 }).filter_map(move |number| {
        let count = number.as_str().parse::<i64>().ok()? - i64::try_from(page).ok()?;
        Some(format!("{}\u{c}{count}\u{c}{}", &line[..number.start()], &line[number.end()..]))
    })
}

/// A head that stands on most pages is read once, where it stands first; one that counts the pages never.
///
/// On two pages little can be told from a coincidence: there only words without figures, and what says "page".
fn is_running(line: &str, page: usize, seen: &Seen, pages: usize) -> bool {
    let of = |key: &str| seen.get(key).copied().unwrap_or((1, page));
    let often = |times: usize| times >= 3 && times * 2 >= pages;
    let (times, first) = of(line.trim());
    let bare = !line.contains(|letter: char| letter.is_ascii_digit());
    let repeated = often(times) || times == 2 && times * 2 > pages && (pages == 3 || bare);
    let paged = |times| often(times) || times == 2 && pages == 2 && line.to_lowercase().contains("page");
    is_page_number(line) || repeated && page > first || counting(line, page).any(|key| paged(of(&key).0))
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
    fn what_differs_from_page_to_page_stays() {
        let same = ["Audit: once a year", "End."];
        for heads in [
            &["ANNEX 1", "ANNEX 2"][..],
            &["ANNEX 1", "ANNEX 2", "ANNEX 3"],
            &["Retention: 30 days", "Retention: 90 days"],
            &["Retention: 30 days", "Retention: 90 days", "Retention: 10 days"],
            &["Within 24 hours", "Within 25 hours"],
            &["Retention: 30 days", "Retention: 30 days"],
        ] {
            let raw: String = heads.iter().map(|head| format!("{head}\n\n{}\n{}\n\u{c}", same[0], same[1])).collect();
            let text = joined(&raw);
            assert_eq!(heads.iter().filter(|head| text.contains(**head)).count(), heads.len(), "{text}");
            assert_eq!(
                text.matches(heads[0]).count(),
                heads.iter().filter(|head| **head == heads[0]).count(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_head_that_counts_the_pages_goes_and_one_with_a_date_is_read_once() {
        let page =
            |number| format!("Acme, version 2.1 of 2026\n\nClause {number}{number}.\n\nAcme 2026 | {number}\n\u{c}");
        let text = joined(&(8..12).map(page).collect::<String>());
        assert_eq!(text, "Acme, version 2.1 of 2026\n\nClause 88.\n\nClause 99.\n\nClause 1010.\n\nClause 1111.");
        let two = joined("Acme\n\nOne\n\nAcme - Page 1 of 2\n\u{c}Acme\n\ntwo.\n\nAcme - Page 2 of 2\n\u{c}");
        assert_eq!(two, "Acme\n\nOne\ntwo.");
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
