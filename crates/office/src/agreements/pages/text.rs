//! The agreement's text on screen: in pages of a bearable weight, every citation marked and named.

use agreement::file::AgreementFile;
use agreement::names::{self, TermName};
use kernel::Lang;
use maud::{Markup, html};
use reader::{Passage, Study};
use std::ops::Range;

/// Bytes of text on one page: a long agreement must stay quick to load and to search.
const PAGE_BYTES: usize = 16_000;

/// The text cut into pages, between clauses where that is possible, else between sentences.
pub(super) fn pages(study: &Study) -> Vec<Range<usize>> {
    let mut cuts: Vec<usize> = vec![0];
    let starts = study.passages.iter().flat_map(|passage| {
        let long = passage.range.len() > PAGE_BYTES;
        let inside = passage.sentences.iter().skip(1).filter(move |_| long).map(|sentence| sentence.start);
        std::iter::once(passage.range.start).chain(inside)
    });
    let mut last = 0;
    for start in starts {
        let from = cuts.last().copied().unwrap_or(0);
        if start - from > PAGE_BYTES && last > from {
            cuts.push(last);
        }
        last = start;
    }
    let ends = cuts.iter().skip(1).copied().chain([study.text.len()]);
    cuts.iter().copied().zip(ends).map(|(from, to)| from..to).collect()
}

/// The page, from 1, on which a place of the text stands.
pub(super) fn page_of(pages: &[Range<usize>], at: usize) -> usize {
    pages.partition_point(|page| page.start <= at).max(1)
}

/// One citation: a term and where it is said.
pub(super) struct Cite {
    /// The term.
    pub(super) term: &'static TermName,
    /// Where in the text.
    pub(super) range: Range<usize>,
    /// Whether it is the term's first and main place: what links lead to.
    pub(super) main: bool,
}

/// Every citation of a file, in the order of the text.
pub(super) fn cites(study: &Study, file: &AgreementFile) -> Vec<Cite> {
    let mut found = Vec::new();
    for (name, term) in &file.terms {
        let Some(name) = names::find(name) else { continue };
        let spans = term.span.into_iter().chain(term.others.iter().filter_map(|other| other.span));
        let mut seen: Vec<Range<usize>> = Vec::new();
        for (at, span) in spans.enumerate() {
            let range = study.range(span);
            if !range.is_empty() && !seen.contains(&range) {
                found.push(Cite { term: name, range: range.clone(), main: at == 0 });
                seen.push(range);
            }
        }
    }
    found.sort_by_key(|cite| (cite.range.start, std::cmp::Reverse(cite.range.end)));
    found
}

/// The anchor of a term in the list.
pub(super) fn term_id(term: &str) -> String {
    format!("t-{}", term.replace('.', "-"))
}

/// The anchor of a term's words in the text.
pub(super) fn mark_id(term: &str) -> String {
    format!("m-{}", term.replace('.', "-"))
}

/// How text with marks is shown.
pub(super) struct Marks<'a> {
    /// The citations, in the order of the text.
    pub(super) cites: &'a [Cite],
    /// Where a mark leads.
    pub(super) link: &'a dyn Fn(&TermName) -> String,
    /// The language of names.
    pub(super) lang: Lang,
}

/// A piece of text that lies in the same citations from end to end.
struct Segment<'a> {
    range: Range<usize>,
    within: Vec<&'a Cite>,
    /// Those that begin here.
    opens: Vec<&'a Cite>,
    /// Those that end here.
    closes: Vec<&'a Cite>,
}

/// Cuts a stretch where citations begin and end: they may nest and overlap.
fn segments<'a>(range: &Range<usize>, cites: &'a [Cite]) -> Vec<Segment<'a>> {
    let here: Vec<&Cite> =
        cites.iter().filter(|cite| cite.range.start < range.end && range.start < cite.range.end).collect();
    let edges = here.iter().flat_map(|cite| [cite.range.start, cite.range.end]);
    let mut cuts: Vec<usize> = edges.filter(|at| range.contains(at)).chain([range.start, range.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|pair| {
            let piece = pair[0]..pair[1];
            let within: Vec<&Cite> = here
                .iter()
                .copied()
                .filter(|cite| cite.range.start <= piece.start && piece.end <= cite.range.end)
                .collect();
            let opens =
                within.iter().copied().filter(|cite| cite.range.start.max(range.start) == piece.start).collect();
            let closes = within.iter().copied().filter(|cite| cite.range.end.min(range.end) == piece.end).collect();
            Segment { range: piece, within, opens, closes }
        })
        .collect()
}

/// A stretch of the text with its citations marked; each is followed by the names of its terms.
pub(super) fn marked(study: &Study, range: &Range<usize>, marks: &Marks<'_>) -> Markup {
    let words = |range: &Range<usize>| study.text.get(range.clone()).unwrap_or_default();
    html! {
        @for segment in segments(range, marks.cites) {
            @if segment.within.is_empty() { (words(&segment.range)) }
            @else {
                @for cite in segment.opens.iter().filter(|cite| cite.main && cite.range.start >= range.start) { span.at id=(mark_id(cite.term.name)) {} }
                mark.(if segment.within.len() > 1 { "many" } else { "one" }) { (words(&segment.range)) }
                @for cite in segment.closes.iter().filter(|cite| cite.range.end <= range.end) {
                    a.tag href=((marks.link)(cite.term)) { (marks.lang.pick(cite.term.en, cite.term.fr)) }
                }
            }
        }
    }
}

/// The same without the names: where promises stand beside the text, they name it already.
pub(super) fn plainly_marked(study: &Study, range: &Range<usize>, cites: &[Cite]) -> Markup {
    html! {
        @for segment in segments(range, cites) {
            @let words = study.text.get(segment.range.clone()).unwrap_or_default();
            @if segment.within.is_empty() { (words) } @else { mark { (words) } }
        }
    }
}

/// The clauses of a page, each cut to the page.
pub(super) fn passages<'a>(study: &'a Study, page: &Range<usize>) -> Vec<(usize, &'a Passage, Range<usize>)> {
    let cut = |passage: &Passage| passage.range.start.max(page.start)..passage.range.end.min(page.end);
    let all = study.passages.iter().enumerate().map(|(index, passage)| (index, passage, cut(passage)));
    all.filter(|(.., range)| range.start < range.end).collect()
}

/// Links to the pages of a long text; nothing when there is but one. `link` gives the address of a page.
pub(super) fn pager(label: &str, count: usize, current: usize, link: &dyn Fn(usize) -> String) -> Markup {
    if count < 2 {
        return html! {};
    }
    // All of a few pages; of many, the first, the last and those around.
    let shown = |page: usize| count <= 12 || page == 1 || page == count || page.abs_diff(current) <= 3;
    html! {
        nav.pager aria-label=(label) {
            @for page in (1..=count).filter(|page| shown(*page)) {
                a href=(link(page)) aria-current=[(page == current).then_some("page")] { (page) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(text: &str) -> Study {
        reader::study(text.as_bytes(), "a.txt", Lang::En).unwrap()
    }

    fn cite(term: &str, range: Range<usize>, main: bool) -> Cite {
        Cite { term: names::find(term).unwrap(), range, main }
    }

    #[test]
    fn nested_and_overlapping_citations_lose_no_word_and_name_every_term() {
        let study = study("The Processor helps and tells <at once> of a breach.");
        let cites = [
            cite("requests.assist", 0..40, true),
            cite("breach.notify_controller", 14..30, true),
            cite("assist.security", 35..50, true),
        ];
        let link = |term: &TermName| format!("#{}", term_id(term.name));
        let marks = Marks { cites: &cites, link: &link, lang: Lang::En };
        let shown = marked(&study, &(0..study.text.len()), &marks).into_string();
        let mut words = String::new();
        let mut inside = false;
        let tags = shown.replace("<a class=\"tag\"", "\u{1}<").split('\u{1}').map(str::to_owned).collect::<Vec<_>>();
        for (index, piece) in tags.iter().enumerate() {
            let piece = if index == 0 { piece.as_str() } else { piece.split_once("</a>").unwrap().1 };
            for letter in piece.chars() {
                match letter {
                    '<' => inside = true,
                    '>' => inside = false,
                    letter if !inside => words.push(letter),
                    _ => {}
                }
            }
        }
        assert_eq!(words.replace("&lt;", "<").replace("&gt;", ">"), study.text);
        for (id, times) in [("m-requests-assist", 1), ("m-breach-notify_controller", 1), ("m-assist-security", 1)] {
            assert_eq!(shown.matches(&format!("id=\"{id}\"")).count(), times, "{shown}");
        }
        assert!(shown.contains("class=\"many\"") && shown.matches("class=\"tag\"").count() == 3, "{shown}");
    }

    #[test]
    fn a_long_text_is_cut_into_pages_that_together_are_all_of_it() {
        let clause =
            |number: usize| format!("{number}. Clause\n\n{}\n\n", "The Processor keeps the data safe. ".repeat(40));
        let study = study(&(1..60).map(clause).collect::<String>());
        let pages = pages(&study);
        assert!(pages.len() > 4, "{}", pages.len());
        assert_eq!((pages[0].start, pages[pages.len() - 1].end), (0, study.text.len()));
        for pair in pages.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
        }
        assert!(pages.iter().all(|page| page.len() < 2 * PAGE_BYTES));
        assert_eq!(page_of(&pages, pages[2].start), 3);
        assert_eq!(page_of(&pages, study.text.len()), pages.len());
    }

    #[test]
    fn a_text_without_clauses_is_cut_between_sentences() {
        let study =
            study(&format!("Agreement. {}", "The Processor keeps the data of the Controller safe. ".repeat(2_000)));
        let pages = pages(&study);
        assert!(pages.len() > 4 && pages.iter().all(|page| page.len() <= PAGE_BYTES + 3_000), "{pages:?}");
        assert!(pages.iter().all(|page| study.text.is_char_boundary(page.start)));
    }
}
