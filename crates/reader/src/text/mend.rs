//! Text mended: what extraction glued, broke or hid, so that a grammar meets words as they were written.
//!
//! Every change knows what it stands for: a place in the mended text is still a place of the original.

use super::{Text, marks::keep};
use crate::pattern::written;
use regex::{Match, Regex};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;
use unicode_normalization::char::compose;

/// A piece of text and what is put there instead; an empty range is a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Bytes of the text as it was.
    pub(super) range: Range<usize>,
    /// What stands there now.
    pub(super) put: String,
}

/// Where a word may begin, as patterns ask it: a boundary of all scripts would make them ten times slower.
const BOUNDARY: &str = r"(?-u:\b)";
/// Where a space was lost: after the first group of each pattern.
const GLUED: &[&str] = &[
    // "(10)calendar", "(the “Processor”)shall"
    r"(\((?:[0-9]{1,4}|[^()\n]{6,80})\))\p{L}{2}",
    // "thirty(30)"
    r"(\p{L}{2})\([0-9]{1,4}\)",
    // "30days", "10calendar days"
    r"([0-9])(?:calendar|business|working|days?|hours?|weeks?|months?|years?|jours?|heures?|semaines?|mois|ans|ann[ée]es?)(?-u:\b)",
    // "within30", "Article28"
    r"(?-u:\b)([Ww]ithin|[Aa]t least|than|every|sous|dans|[Aa]rticle|[Ss]ection|[Cc]lause|[Aa]nnexe?)[0-9]",
    // "theAgreement"
    r"(?-u:\b)([Tt]he|[Tt]his|and|of|by|with|[Ll]es?|la|du|des|et|par)\p{Lu}\p{Ll}{2}",
    // "days.The"
    r"(\p{Ll}{3}[.;:,])(?:The|Any|Each|This|These|If|In|Where|Upon|Such|It|No|All|For|Les?|La|Toute?|En|Si|Ils?|Elle|Ces?|Cette|Une?)(?-u:\b)",
    // "Name:Acme"
    r"(\p{Ll}:)\p{Lu}\p{Ll}",
    // "PartyName"
    r"(?-u:\b)(Party|Company|Legal|Contact|Controller|Processor|Full|First|Last|Job)(?:Name|Names|Address|Person|Details|Role|Title|Email)(?-u:\b)",
    // "agreement,the"
    r"(\p{Ll}{2},)\p{Ll}{2}",
    // "“Agreement”means"
    r"([”»])\p{L}",
];
/// Parts of words that keep their hyphen at the end of a line.
const PREFIXES: &[&str] = &[
    "sous", "sub", "non", "co", "third", "self", "cross", "multi", "pre", "post", "anti", "long", "short", "well",
    "vis", "ci", "peut", "celui", "celle", "ceux", "celles", "lui", "elle", "eux", "soi", "est", "day", "high", "up",
    "two",
];

static GAPS: LazyLock<Vec<Regex>> = LazyLock::new(|| GLUED.iter().map(|pattern| written(pattern)).collect());
static BROKEN: LazyLock<Regex> = LazyLock::new(|| written(r"(\p{L}{2,})(-[ ]*\n[ ]*)(\p{Ll}{2,})"));
static HYPHENATED: LazyLock<Regex> = LazyLock::new(|| written(r"\p{L}{2,}-\p{L}{2,}"));

/// The text as it was meant.
pub(super) fn mended(text: Text) -> Text {
    let mut edits = letters(text.as_str());
    edits.extend(line_ends(text.as_str()));
    edits.extend(gaps(text.as_str()));
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut last = 0;
    edits.retain(|edit| {
        let apart = edit.range.start >= last;
        last = if apart { edit.range.end } else { last };
        apart
    });
    edits.dedup_by(|next, edit| next.range == edit.range);
    if edits.is_empty() { text } else { text.edited(&edits) }
}

/// Accents joined to their letters, ligatures taken apart, what cannot be seen dropped.
fn letters(text: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut base: Option<(usize, char)> = None;
    for (at, letter) in text.char_indices() {
        let range = at..at + letter.len_utf8();
        if let ('\u{300}'..='\u{36f}', Some((start, composed))) =
            (letter, base.and_then(|(start, base)| Some((start, compose(base, letter)?))))
        {
            edits.pop_if(|edit| edit.range.start == start);
            edits.push(Edit { range: start..range.end, put: composed.to_string() });
            base = Some((start, composed));
            continue;
        }
        base = letter.is_alphabetic().then_some((at, letter));
        let put = match letter {
            'ﬀ' => "ff",
            'ﬁ' => "fi",
            'ﬂ' => "fl",
            'ﬃ' => "ffi",
            'ﬄ' => "ffl",
            'ﬅ' | 'ﬆ' => "st",
            letter => match keep(letter) {
                Some(kept) if kept == letter => continue,
                Some(_) => " ",
                None => "",
            },
        };
        edits.push(Edit { range, put: put.to_owned() });
    }
    edits
}

/// Words broken at the end of a line: "sous-⏎traitant" keeps its hyphen, "process-⏎ing" does not.
fn line_ends(text: &str) -> Vec<Edit> {
    let mut broken = BROKEN.captures_iter(text).peekable();
    if broken.peek().is_none() {
        return Vec::new();
    }
    let known: HashSet<String> = HYPHENATED.find_iter(text).map(|word| word.as_str().to_lowercase()).collect();
    let edit = |found: regex::Captures<'_>| {
        let (first, gap, second) = (found.get(1)?.as_str().to_lowercase(), found.get(2)?, found.get(3)?);
        let keeps = PREFIXES.contains(&first.as_str()) || known.contains(&format!("{first}-{}", second.as_str()));
        Some(Edit { range: gap.range(), put: if keeps { "-" } else { "" }.to_owned() })
    };
    broken.filter_map(edit).collect()
}

fn gaps(text: &str) -> impl Iterator<Item = Edit> + '_ {
    let ends = move |pattern: &'static Regex| {
        let found = pattern.captures_iter(text).filter_map(|found| found.get(1));
        let whole = move |word: &Match<'_>| !pattern.as_str().starts_with(BOUNDARY) || begins(text, word.start());
        found.filter(whole).map(|word| word.end())
    };
    GAPS.iter().flat_map(ends).map(|at| Edit { range: at..at, put: " ".to_owned() })
}

/// No letter stands before: the boundary in the patterns sees only ASCII.
fn begins(text: &str, at: usize) -> bool {
    !text[..at].ends_with(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use crate::text::extract;

    fn mended(text: &str) -> String {
        extract(text.as_bytes(), "a.txt").unwrap().as_str().to_owned()
    }

    #[test]
    fn words_that_extraction_glued_are_cut() {
        let cases = [
            ("within ten (10)calendar days", "within ten (10) calendar days"),
            ("within30days of thirty(30) days", "within 30 days of thirty (30) days"),
            ("theAgreement and leResponsable", "the Agreement and le Responsable"),
            ("within 30 days.The processor", "within 30 days. The processor"),
            ("PartyName:Acme Ltd", "Party Name: Acme Ltd"),
            ("the agreement,the annex", "the agreement, the annex"),
            ("“Data”means", "“Data” means"),
            ("(the controller)shall", "(the controller) shall"),
            ("une équité(30) et leResponsable", "une équité (30) et le Responsable"),
        ];
        for (glued, words) in cases {
            assert_eq!(mended(glued), words);
        }
    }

    #[test]
    fn words_that_belong_together_stay() {
        let words = "GitHub, LinkedIn and PostgreSQL at https://example.org:443/a,b, sub-processor(s), (re)transfer, 28(3)(a), éduduSoir, \
                     1,000 euros, 12:30, S.A.S. and e.g. this";
        assert_eq!(mended(words), words);
    }

    #[test]
    fn broken_lines_and_letters_are_joined() {
        assert_eq!(mended("le sous-\ntraitant est respon-\n  sable"), "le sous-traitant est responsable");
        assert_eq!(mended("a data-driven plan, data-\ndriven"), "a data-driven plan, data-driven");
        assert_eq!(mended("e\u{301}tat, o\u{302}te\u{301}, con\u{fb01}dentiality"), "état, ôté, confidentiality");
        assert_eq!(mended("within\u{a0}72\u{202f}hours and 5\u{ad}0"), "within 72 hours and 50");
    }

    #[test]
    fn what_reverses_or_hides_letters_is_dropped() {
        assert_eq!(
            mended("within \u{202e}27\u{202c} hours\u{200b}, \u{2066}no\u{2069} more\u{e0041}"),
            "within 27 hours, no more"
        );
    }

    #[test]
    fn a_place_in_mended_text_is_a_place_of_the_file() {
        let file = "e\u{301}tat : within ten (10)calendar days";
        let text = extract(file.as_bytes(), "a.txt").unwrap();
        let at = text.as_str().find("ten (10) calendar").unwrap();
        let [start, end] = text.span(at..at + "ten (10) calendar".len());
        assert_eq!(&file[start..end], "ten (10)calendar");
        assert_eq!(text.quote(at..at + "ten (10) calendar".len()), "ten (10)calendar");
    }
}
