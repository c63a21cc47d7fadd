//! Names for people of what the file says in identifiers, and lengths of time and days in words.

use crate::texts;
use agreement::{file::Retention, text::country};
use kernel::{Date, Lang};

/// The name of a DPV identifier; the identifier itself when we have none.
pub(crate) fn label(identifier: &str, lang: Lang) -> &str {
    let names = texts::vocabulary().labels.get(identifier);
    names.map_or(identifier, |[en, fr]| lang.pick(en, fr))
}

/// A place whose public holidays count: `FR`, `FR-57`.
pub(crate) fn place(code: &str, lang: Lang) -> String {
    match code.split_once('-') {
        Some((land, _)) => format!("{}, {code}", country(land, lang)),
        None => country(code, lang).to_owned(),
    }
}

/// How long data are kept: the period and its event, and the words of the file unless they say the same.
pub(crate) fn retention(retention: &Retention, lang: Lang) -> String {
    let texts = texts::of(lang);
    let period = retention.keep.map(|keep| agreement::text::length(&keep, false, lang));
    let event = retention.after.as_deref().map(|event| texts::entry(&texts.events, event));
    let computed: Vec<&str> = period.as_deref().into_iter().chain(event).collect();
    let said = period.as_deref().is_none_or(|period| plain(&retention.text).contains(&plain(period)));
    match (computed.is_empty(), retention.text.is_empty()) {
        (_, false) if said => retention.text.clone(),
        (_, true) => computed.join(" "),
        (_, false) => format!("{} ({})", computed.join(" "), retention.text),
    }
}

/// A day as agreements are dated: "1 January 2026", « 1er janvier 2026 ».
pub(crate) fn date(date: Date, lang: Lang) -> String {
    let texts = texts::of(lang);
    let month = texts.months.get(usize::from(date.month().unsigned_abs()).saturating_sub(1)).map_or("", String::as_str);
    let day = if date.day() == 1 { texts.first_day.clone() } else { date.day().to_string() };
    format!("{day} {month} {}", date.year())
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ").to_lowercase()
}

/// A first letter in capitals, for the head of a cell.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
