//! The name in front of a definition: "X Ltd, 1 High Street (hereinafter the "Supplier")" names X Ltd.

use crate::{
    fold::folded,
    grammar::Words,
    heads,
    names::{LABEL, NAME, generic, is_formal, strip_article, trimmed},
};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("a constant pattern"));
    };
}

static TRAILING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("(?:^|[\\s(])({NAME})[,.]?\\s*$")).expect("a constant pattern"));
static ANY_NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(NAME).expect("a constant pattern"));
static LEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!("^\\s*(?:(?i:the|le|la|société|company) )*({NAME})")).expect("a constant pattern")
});
pattern!(
    LINE_LEAD,
    r"^\s*(?:[-•(]?\s*(?i:et|and|entre|between|d['’]une part|d['’]autre part|le|la|the|[0-9i]{1,3}[.)])\s*[:,]?\s*)+"
);

pattern!(
    ACTING,
    r"(?i)\b(?:agissant|intervenant|acting) (?:en (?:sa )?qualité d[e'’]|en tant que|comme|as)\s*(?:the |a |le )?"
);

pattern!(
    CUSTOMER_OF,
    r"\b(?:customers?|clients?|users?|subscribers?|abonnes?|utilisateurs?) (?:of|de|du) (?:[\w.&'-]+ ){0,3}[\w.&'-]+$"
);
pattern!(BLANK, r"(?:[\p{L}'’]+ ){0,3}\[[^\]\n]{1,200}\]|\{\{?[^}\n]{2,60}\}\}?|_{3,}");

/// A party named by an everyday word stands no further before its definition, in bytes.
const LOWER_MAX: usize = 160;

/// The name in front of a bracket: what stands directly before it, else the first name of its phrase.
pub(crate) fn entity(
    text: &str,
    before: &Range<usize>,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let place = &text[before.clone()];
    if let Some(found) = line_label(text, before, place, words) {
        return Some(found);
    }
    let apposed = place.trim_end().ends_with([',', '—', '–', '-']);
    let place = place.trim_end().trim_end_matches(['—', '–', '-', ',', '(']).trim_end();
    // A short name in quotes often begins the long one.
    for term in terms {
        let joined = [" de ", " des ", " du ", " of "].iter().any(|link| place.contains(&format!("{term}{link}")));
        if (generic(words, term).is_none() || joined)
            && let Some((at, hit)) = long_name(place, term)
        {
            return Some(trimmed(text, before.start + at + hit.start..before.start + at + hit.end));
        }
    }
    // "X, a company of …, hereinafter the …" names the head of its line.
    if apposed
        && let Some((name, range)) = line_head(text, before, place)
            .filter(|(name, _)| !words.has("no_name", &folded(name)) || generic(words, name).is_some())
    {
        return Some((name, range));
    }
    if let Some(term) = customer_of(place, terms, words) {
        let at = text[before.end..].find(term)? + before.end;
        return Some((term.to_owned(), at..at + term.len()));
    }
    if let Some(found) = trailing(text, before, place, words) {
        return Some(found);
    }
    if let Some(found) = acting(text, before, place, words) {
        return Some(found);
    }
    if place.split_whitespace().next_back().is_some_and(|last| generic(words, last).is_some()) {
        return in_role(text, before, place, words).or_else(|| lower_name(text, before, place, terms, words));
    }
    // "X, 1 place de la Halle, responsable de traitement (« RT »)".
    if place.contains([',', ';'])
        && !terms.is_empty()
        && let Some(hit) = heads::head(text, before.start..before.start + place.len(), words)
    {
        return Some(trimmed(text, hit));
    }
    let cut = words.cues.get("party_before").and_then(|cue| cue.find_iter(place).last()).map_or(0, |hit| hit.end());
    let rest = &place[cut..];
    if let Some(found) = LEADING.captures(rest) {
        let hit = found.get(1)?;
        let (name, range) = trimmed(text, before.start + cut + hit.start()..before.start + cut + hit.end());
        if !unusable(words, &name) {
            return Some((name, range));
        }
    }
    lower_name(text, before, place, terms, words)
}

/// The name that ends the place; a town behind an address gives way to the company before it.
fn trailing(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let hit = TRAILING.captures(place)?.get(1)?;
    let (name, range) = trimmed(text, before.start + hit.start()..before.start + hit.end());
    // "X Ltd, 12 Road, Town (the "Supplier")": a town is no party.
    let tail = place[..hit.start()].trim_end().ends_with(|c: char| c == ',' || c.is_ascii_digit());
    if tail && !is_formal(&name) {
        let head = || heads::head(text, before.start..before.start + place.len(), words).map(|hit| trimmed(text, hit));
        if let Some(found) = formal_name(text, before, place).or_else(head) {
            return Some(found);
        }
    }
    (!unusable(words, &name)).then_some((name, range))
}

/// "X SA, 1 High Street, processor (« P »)".
fn in_role(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let comma = place.rfind(',').filter(|at| generic(words, &strip_article(&place[at + 1..])).is_some())?;
    let hit = heads::head(text, before.start..before.start + comma, words)?;
    is_formal(&text[hit.clone()]).then(|| trimmed(text, hit))
}

/// A word that is no name of a party: a pronoun, a country.
fn unusable(words: &Words, name: &str) -> bool {
    let plain = folded(name);
    words.has("no_name", &plain) || heads::is_country(words, &plain)
}

/// "the customer of X Ltd, hereinafter the "Client"": the customer is meant, not X.
fn customer_of<'a>(place: &str, terms: &[&'a String], words: &Words) -> Option<&'a str> {
    let term = terms.iter().find(|term| generic(words, term) == Some('c'))?;
    let tail = folded(place.get(place.len().saturating_sub(LOWER_MAX)..).unwrap_or(place));
    CUSTOMER_OF.is_match(&tail).then_some(term.as_str())
}

/// "X (a company of …), acting as processor (hereinafter …)": the name before the deed.
fn acting(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let hit = ACTING
        .find_iter(place)
        .last()
        .filter(|hit| generic(words, place[hit.end()..].trim_matches(['*', ' '])).is_some())?;
    let other = ACTING.find_iter(&place[..hit.start()]).last().map_or(0, |other| other.end());
    let name = heads::head(text, before.start + other..before.start + hit.start(), words)?;
    let (name, range) = trimmed(text, name);
    let between = folded(&text[range.end..before.start + hit.start()]);
    let somebody = ["client", "customer", "responsable", "controller"].iter().any(|word| between.contains(word));
    (!somebody && !words.has("no_name", &folded(&name))).then_some((name, range))
}

/// The last name with a legal form since the last definition.
fn formal_name(text: &str, before: &Range<usize>, place: &str) -> Option<(String, Range<usize>)> {
    let start = place.rfind(')').map_or(0, |at| at + 1);
    let hits = ANY_NAME.find_iter(&place[start..]).filter(|hit| is_formal(hit.as_str()));
    let hit = hits.last()?;
    Some(trimmed(text, before.start + start + hit.start()..before.start + start + hit.end()))
}

/// "Processor: X Ltd, 1 High Street (hereinafter …)": the label's name, whatever else the line names.
fn line_label(text: &str, before: &Range<usize>, place: &str, words: &Words) -> Option<(String, Range<usize>)> {
    let start = place.rfind('\n').map_or(0, |at| at + 1);
    let captures = LABEL.captures(&place[start..])?;
    generic(words, &strip_article(&captures[1]))?;
    let hit = captures.get(3)?;
    let (name, range) = trimmed(text, before.start + start + hit.start()..before.start + start + hit.end());
    (!unusable(words, &name)).then_some((name, range))
}

/// The first name of the line that ends the place.
fn line_head(text: &str, before: &Range<usize>, place: &str) -> Option<(String, Range<usize>)> {
    // What was defined before on the same line has had its name.
    let start = place
        .rfind(['\n', ')', '"', '”', '»'])
        .map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let start = start + place[start..].len() - place[start..].trim_start_matches([',', ' ', ';']).len();
    let line = &place[start..];
    let skip = LINE_LEAD.find(line).map_or(0, |hit| hit.end());
    let hit = LEADING.captures(&line[skip..])?.get(1)?.range();
    Some(trimmed(text, before.start + start + skip + hit.start..before.start + start + skip + hit.end))
}

/// The long form of a short name: the first with a legal form, else the last.
fn long_name(place: &str, term: &str) -> Option<(usize, Range<usize>)> {
    let all: Vec<(usize, Range<usize>)> = place
        .match_indices(&format!("{term} "))
        .filter_map(|(at, _)| Some((at, LEADING.captures(&place[at..])?.get(1)?.range())))
        .collect();
    let formal = all.iter().find(|(at, hit)| is_formal(&place[at + hit.start..at + hit.end]));
    formal.or(all.last()).cloned()
}

/// "the client (hereinafter the Controller)": the generic word is all the name there is.
fn lower_name(
    text: &str,
    before: &Range<usize>,
    place: &str,
    terms: &[&String],
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let last = place.split_whitespace().next_back()?;
    if generic(words, last).is_some() || matches!(last, "you" | "vous") {
        let start = before.start + place.len() - last.len();
        return Some((last.to_owned(), start..start + last.len()));
    }
    let term = terms.iter().find(|term| generic(words, term).is_some())?;
    let blank = || blank_name(text, before, place);
    let everyday = || said_lower(text, before, place, generic(words, term), words);
    if words.has("legal_role", &folded(term))
        && let Some(found) = everyday().or_else(blank)
    {
        return Some(found);
    }
    let at = text[before.end..].find(term.as_str())? + before.end;
    Some(((*term).clone(), at..at + term.len()))
}

/// "{{company}}, hereinafter the Controller": a name still to be given is the only one there is.
fn blank_name(text: &str, before: &Range<usize>, place: &str) -> Option<(String, Range<usize>)> {
    let start = place
        .rfind([')', '\n', '"', '”', '»'])
        .map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let hit = BLANK.find(place.get(start..)?)?;
    let range = before.start + start + hit.start()..before.start + start + hit.end();
    Some(trimmed(text, range))
}

/// "and the customer named in the order (the "Controller")": the everyday word names it.
fn said_lower(
    text: &str,
    before: &Range<usize>,
    place: &str,
    role: Option<char>,
    words: &Words,
) -> Option<(String, Range<usize>)> {
    let start = place
        .rfind([')', '\n', '"', '”', '»'])
        .map_or(0, |at| at + place[at..].chars().next().map_or(1, char::len_utf8));
    let near = place.get(start..).filter(|near| near.len() < LOWER_MAX)?;
    let everyday = |word: &str| generic(words, word) == role && !words.has("legal_role", &folded(word));
    let hit = near
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .find(|word| word.starts_with(char::is_lowercase) && everyday(word))?;
    let at = before.start + start + near.find(hit)?;
    text.get(at..at + hit.len()).map(|word| (word.to_owned(), at..at + hit.len()))
}
