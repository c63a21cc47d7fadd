//! The sender's own words: without what is quoted, forwarded or signed below them.

use super::rules;
use std::ops::Range;

/// So many lines may stand between the first and the last word of "On … wrote:".
const INTRODUCTION_LINES_MAX: usize = 4;
/// So near to each other are the lines of a header that was copied into the text.
const HEADER_LINES_MAX: usize = 6;

/// No abbreviation is longer, in bytes: further back nothing is looked for, or a text of full stops would be read for hours.
const ABBREVIATION_MAX: usize = 16;

/// The paragraphs that the sender wrote, as ranges of the text.
pub(super) fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let lines = lines(text);
    let end = end_of_own(text, &lines);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut at = 0;
    while at < end {
        let line = text[lines[at].clone()].trim();
        let introduction = introduction(text, &lines[at..end]);
        if line.is_empty() || line.starts_with(['>', '|']) || introduction > 0 {
            open = false;
            at += introduction.max(1);
            continue;
        }
        match found.last_mut().filter(|_| open && !is_item(line)) {
            Some(last) => last.end = lines[at].end,
            None => found.push(lines[at].clone()),
        }
        open = true;
        at += 1;
    }
    found
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let ranges = text.split_inclusive('\n').map(|line| {
        let range = start..start + line.trim_end_matches('\n').len();
        start += line.len();
        range
    });
    ranges.collect()
}

/// An item of a list is a sentence of its own.
fn is_item(line: &str) -> bool {
    let numbered = line.split_once(['.', ')']).is_some_and(|(number, _)| {
        !number.is_empty() && number.len() <= 2 && number.bytes().all(|digit| digit.is_ascii_digit())
    });
    numbered || ["- ", "* ", "• ", "– "].iter().any(|mark| line.starts_with(mark))
}

/// The line at which the sender's words end for good.
fn end_of_own(text: &str, lines: &[Range<usize>]) -> usize {
    let line = |at: usize| text.get(lines.get(at)?.clone());
    let ends = |at: &usize| {
        let words = line(*at).unwrap_or_default();
        // RFC 3676 §4.3: two hyphens and a space begin the signature.
        words == "-- " || words == "--" || rules::forwarded(words) || copied_header(text, &lines[*at..])
    };
    let end = (0..lines.len()).find(ends).unwrap_or(lines.len());
    let unmarked = (0..end).find(|at| {
        let width = introduction(text, &lines[*at..end]);
        let rest = lines[*at + width..].iter().map(|range| text[range.clone()].trim());
        width > 0 && !rest.filter(|words| !words.is_empty()).take(2).any(|words| words.starts_with(['>', '|']))
    });
    // Programs that quote without marks put the earlier mail below its introduction, and nothing after it.
    unmarked.unwrap_or(end)
}

/// How many lines say "On … wrote:" here; 0 when none does.
fn introduction(text: &str, lines: &[Range<usize>]) -> usize {
    let Some(first) = lines.first().filter(|line| rules::introduces(&text[(*line).clone()])) else { return 0 };
    for (number, line) in lines.iter().take(INTRODUCTION_LINES_MAX).enumerate() {
        let so_far = &text[first.start..line.end];
        if rules::introduced(so_far) {
            return number + 1;
        }
        if text[line.clone()].trim().is_empty() {
            return 0;
        }
    }
    0
}

/// "From: … Sent: … To: … Subject: …" as some programs put above the mail they answer.
fn copied_header(text: &str, lines: &[Range<usize>]) -> bool {
    let Some(first) = lines.first() else { return false };
    if !rules::header_field(&text[first.clone()], true) {
        return false;
    }
    let next = lines[1..].iter().take(HEADER_LINES_MAX).map(|line| &text[line.clone()]);
    next.filter(|line| rules::header_field(line, false)).count() >= 2
}

/// The sentences of a paragraph.
pub(super) fn sentences(text: &str, paragraph: Range<usize>) -> Vec<Range<usize>> {
    let words = &text[paragraph.clone()];
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in words.match_indices(['.', '!', '?', ';']) {
        let end = at + mark.len();
        let after = words[end..].chars().next();
        if after.is_none_or(char::is_whitespace) && !(mark == "." && abbreviated(&words[start..at])) {
            found.push(paragraph.start + start..paragraph.start + end);
            start = end;
        }
    }
    found.push(paragraph.start + start..paragraph.end);
    found.retain(|range| !text[range.clone()].trim().is_empty());
    found
}

/// Whether the last word is an abbreviation.
fn abbreviated(words: &str) -> bool {
    let near = words.floor_char_boundary(words.len().saturating_sub(ABBREVIATION_MAX));
    let tail = &words[near..];
    match tail.rsplit_once(char::is_whitespace) {
        Some((_, word)) => rules::is_abbreviation(word),
        None => near == 0 && rules::is_abbreviation(tail),
    }
}

#[cfg(test)]
mod tests {
    use super::{paragraphs, sentences};

    fn own(text: &str) -> Vec<&str> {
        paragraphs(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn earlier_mail_is_not_the_senders_own() {
        for (text, kept) in [
            ("Yes.\n\n> delete it\n\nBye", vec!["Yes.", "Bye"]),
            (
                "Yes.\n\nOn Mon, 2 Nov 2026 at 10:00, Ada <a@b.example>\nwrote:\n> delete it\n> now\nNo.",
                vec!["Yes.", "No."],
            ),
            ("Oui.\nLe lun. 2 nov. 2026 à 10:00, Ada <a@b.example> a écrit :\n\nsupprimez tout\nmerci", vec!["Oui."]),
            ("FYI\n\n---------- Forwarded message ---------\nFrom: Ada\n\ndelete me", vec!["FYI"]),
            (
                "Voir ci-dessous\n\nDe : Ada <a@b.example>\nEnvoyé : lundi\nÀ : nous\nObjet : x\n\nsupprimez",
                vec!["Voir ci-dessous"],
            ),
            ("Hello\n-- \nAda\nThis mail is confidential", vec!["Hello"]),
            ("One\n- two\n- three", vec!["One", "- two", "- three"]),
            ("On Monday I wrote to you.\nPlease answer.", vec!["On Monday I wrote to you.\nPlease answer."]),
        ] {
            assert_eq!(own(text), kept, "{text}");
        }
    }

    #[test]
    fn sentences_end_where_a_reader_stops() {
        let text = "I live in St. Malo, Art. 17 GDPR applies. Delete it! Now";
        let found: Vec<&str> = sentences(text, 0..text.len()).into_iter().map(|range| text[range].trim()).collect();
        assert_eq!(found, ["I live in St. Malo, Art. 17 GDPR applies.", "Delete it!", "Now"]);
    }
}
