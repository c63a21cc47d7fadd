//! Finding the words a person quotes in the text they come from.
//!
//! People copy from a page, a mail or paper: spaces, quotation marks and case differ, the words do not.

use crate::{Kind, Refusal};
use std::ops::Range;

/// The words as they are compared, and where each byte of them stood.
struct Plain {
    text: String,
    at: Vec<(usize, usize)>,
}

fn plain(text: &str) -> Plain {
    let mut found = Plain { text: String::with_capacity(text.len()), at: Vec::with_capacity(text.len()) };
    for (start, letter) in text.char_indices() {
        let end = start + letter.len_utf8();
        match letter {
            '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
            space if space.is_whitespace() => {
                if !found.text.is_empty() && !found.text.ends_with(' ') {
                    found.push(' ', start, end);
                }
            }
            '\u{2018}' | '\u{2019}' | '\u{2032}' => found.push('\'', start, end),
            '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' => found.push('"', start, end),
            '\u{2010}'..='\u{2015}' => found.push('-', start, end),
            letter => letter.to_lowercase().for_each(|lower| found.push(lower, start, end)),
        }
    }
    found
}

impl Plain {
    fn push(&mut self, letter: char, start: usize, end: usize) {
        self.text.push(letter);
        self.at.extend(std::iter::repeat_n((start, end), letter.len_utf8()));
    }
}

/// Where `words` stand in `text`. When they stand there more than once, the place nearest to `near` is meant.
///
/// # Errors
/// When they are not there, or stand at several places and nothing says which.
pub(super) fn find(text: &str, words: &str, near: Option<&Range<usize>>) -> Result<Range<usize>, Refusal> {
    let (text, words) = (plain(text), plain(words));
    let wanted = words.text.trim();
    if wanted.is_empty() {
        return Err(not_there());
    }
    let places: Vec<Range<usize>> = text
        .text
        .match_indices(wanted)
        .take(PLACES_MAX)
        .map(|(at, found)| text.at[at].0..text.at[at + found.len() - 1].1)
        .collect();
    match (places.len(), near) {
        (0, _) => Err(not_there()),
        (1, _) => Ok(places[0].clone()),
        (_, Some(near)) => {
            let nearest = places.iter().min_by_key(|place| gap(place, near)).cloned();
            nearest.ok_or_else(not_there)
        }
        (count, None) => Err(several(count)),
    }
}

/// More places than this are not looked at: such words cite nothing.
const PLACES_MAX: usize = 1_000;

fn gap(place: &Range<usize>, near: &Range<usize>) -> usize {
    if place.start >= near.end { place.start - near.end } else { near.start.saturating_sub(place.end) }
}

fn not_there() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "quote-not-found",
        ["These words are not in the text.", "Ces mots ne sont pas dans le texte."],
        [
            "Copy them from the text as they stand there, or choose the sentence and leave the words empty.",
            "Copiez-les du texte tels qu'ils y sont, ou choisissez la phrase et laissez les mots vides.",
        ],
    )
}

fn several(count: usize) -> Refusal {
    let (en, fr) = (
        format!("These words stand at {count} places of the text."),
        format!("Ces mots figurent à {count} endroits du texte."),
    );
    let remedy = [
        "Quote a few more words, or also choose the sentence that is meant.",
        "Citez quelques mots de plus, ou choisissez aussi la phrase visée.",
    ];
    Refusal::new(Kind::Invalid, "quote-ambiguous", [&en, &fr], remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "Notice is given within\n48 hours. The “Processor’s” staff help.\nThe list is sent within 48 hours.";

    #[test]
    fn words_are_found_as_people_copy_them() {
        for (words, found) in [
            ("NOTICE is   given within 48", Ok("Notice is given within\n48")),
            ("the \"processor's\" staff", Ok("The “Processor’s” staff")),
            ("within 72 hours", Err("quote-not-found")),
            ("  ", Err("quote-not-found")),
            ("48 hours", Err("quote-ambiguous")),
        ] {
            let seen = find(TEXT, words, None).map(|range| &TEXT[range]).map_err(|refusal| refusal.code);
            assert_eq!(seen, found, "{words}");
        }
    }

    #[test]
    fn a_chosen_sentence_says_which_place_is_meant() {
        let last = TEXT.rfind("The list").expect("there")..TEXT.len();
        assert_eq!(find(TEXT, "48 hours", Some(&last)).expect("found").start, TEXT.rfind("48").expect("there"));
        assert_eq!(find(TEXT, "48 hours", Some(&(0..5))).expect("found").start, TEXT.find("48").expect("there"));
    }
}
