//! Dates as agreements write them: `December 21, 2022`, `1er mars 2026`, `26.02.2020`, `mars 2026`.

use crate::{fold::folded, grammar::Words};
use regex::Regex;
use std::sync::LazyLock;

static NUMERIC: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})").expect("a constant pattern"));
static ISO: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").expect("a constant pattern"));
static WORDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:([0-9]{1,2})(?:er|st|nd|rd|th)?(?: of)? )?([a-z]{3,9})\.?(?: ([0-9]{1,2})(?:st|nd|rd|th)?,?)? ([0-9]{4})",
    )
    .expect("a constant pattern")
});

/// The ISO 8601 date (or month) in some words.
pub(crate) fn iso(text: &str, words: &Words) -> Option<String> {
    let text = folded(text);
    if let Some(date) = ISO.find(&text) {
        return valid(date.as_str());
    }
    if let Some(date) = NUMERIC.captures(&text) {
        return valid(&format!("{}-{:0>2}-{:0>2}", &date[3], &date[2], &date[1]));
    }
    WORDED.captures_iter(&text).find_map(|date| {
        let month = words.lists.get("months")?.iter().find(|(name, _)| name.is_match(&date[2]))?.1.clone();
        let day = date.get(1).or_else(|| date.get(3)).map_or("01", |day| day.as_str());
        valid(&format!("{}-{month}-{day:0>2}", &date[4]))
    })
}

fn valid(date: &str) -> Option<String> {
    let mut parts = date.split('-').filter_map(|part| part.parse::<u32>().ok());
    let (_, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| date.to_owned())
}
