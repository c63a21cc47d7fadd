//! The name at the head of a phrase: "between X, a company of Y with its seat at Z (the "Supplier")"
//! names X, however far the bracket stands from it.

use crate::pattern::written;
use crate::{fold::folded, grammar::Words, names};
use regex::Regex;
use std::{borrow::Cow, ops::Range, sync::LazyLock};

/// A line shorter than this was not broken by a margin, in bytes.
const WRAPPED_MIN: usize = 50;

static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    let opens =
        r#"(?:^|\n|(?-u:\b)(?i:between|entre|lie|lient|and|et|avec|with|parties ?:)|\([0-9iI]{1,3}\)|[:;»"”)>])"#;
    let fillers = r"(?i:the|le|la|les|société|association|company|entreprise|mutuelle|both|d['’]une part|d['’]autre part)\s|l['’]|[*|,:]";
    written(&format!(r"{opens}\s*[-•*]*\s*(?:(?:{fillers})\s*)*({})", names::NAME))
});

static BETWEEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?i:between|entre)(?-u:\b)").expect("a constant pattern"));

/// A text whose lines were broken at a margin, with spaces for those breaks: every byte keeps its place.
pub(crate) fn unwrapped(text: &str) -> Cow<'_, str> {
    let mut bytes = text.as_bytes().to_vec();
    let mut start = 0;
    for (at, _) in text.match_indices('\n') {
        let line = &text[start..at];
        let rest = &text[at + 1..];
        let next = rest.chars().next().unwrap_or('\n');
        // "Processor: …" begins a line of its own.
        let label = rest.bytes().take(34).take_while(|byte| *byte != b'\n').any(|byte| byte == b':');
        let open = !line.trim_end().ends_with(['.', ':', ';', '|', '!', '?']);
        if line.len() >= WRAPPED_MIN
            && open
            && !label
            && (next.is_alphanumeric() || matches!(next, '(' | '«' | '"' | '“'))
        {
            bytes[at] = b' ';
        }
        start = at + 1;
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The party a phrase is about: its first name with a legal form, else its first name.
pub(crate) fn head(text: &str, phrase: Range<usize>, words: &Words) -> Option<Range<usize>> {
    let from = BETWEEN.find_iter(text.get(phrase.clone())?).last().map_or(phrase.start, |hit| phrase.start + hit.end());
    let phrase = from..phrase.end;
    let place = text.get(phrase.clone())?;
    let mut first = None;
    for hit in HEAD.captures_iter(place).filter_map(|captures| captures.get(1)) {
        let plain = folded(hit.as_str());
        if plain.len() < 3
            || plain == "the"
            || words.has("no_name", &plain)
            || words.has("no_party", &plain)
            || is_country(words, &plain)
        {
            continue;
        }
        let range = phrase.start + hit.start()..phrase.start + hit.end();
        // "{COMPANY.name}" is no name but the place of one.
        if text[..range.start].ends_with(['{', '$', '[']) {
            continue;
        }
        if names::is_formal(hit.as_str()) {
            return Some(range);
        }
        first = first.or(Some(range));
    }
    first
}

pub(crate) fn is_country(words: &Words, plain: &str) -> bool {
    let countries = words.lists.get("countries").into_iter().flatten();
    countries.into_iter().any(|(pattern, _)| pattern.find(plain).is_some_and(|hit| hit.len() == plain.len()))
}

/// `TVWB` stands for `Tarn Valley Water Board`.
pub(crate) fn is_acronym(short: &str, name: &str) -> bool {
    let initials: String =
        name.split([' ', '-', '’', '\'']).filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase()).collect();
    short.chars().count() >= 2 && initials == short
}

/// The word for a role that ends the place, in two words if it can be: "l'Entreprise cliente".
pub(crate) fn last_words<'a>(place: &'a str, words: &Words) -> Option<&'a str> {
    let last = place.split_whitespace().next_back()?;
    let last = ["l'", "l’", "L'", "L’"].iter().find_map(|article| last.strip_prefix(article)).unwrap_or(last);
    let before = place[..place.len() - last.len()].trim_end();
    let first = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let two = &place[before.len() - first.len()..];
    Some(if names::generic(words, two).is_some() { two } else { last })
}
