//! A mail's words with the places marked that led to its proposal.

use crate::App;
use crate::inbox::Mark;
use kernel::Lang;
use maud::{Markup, html};
use std::ops::Range;

/// A stretch that is marked, and what it means.
struct Marked<'m> {
    range: Range<usize>,
    means: Vec<&'m str>,
}

/// Marks that overlap are one stretch with several meanings.
fn joined<'m>(words: &str, marks: &'m [Mark], subject: bool) -> Vec<Marked<'m>> {
    let lies = |mark: &&Mark| mark.subject == subject && words.get(mark.start..mark.end).is_some();
    let mut sorted: Vec<&Mark> = marks.iter().filter(lies).collect();
    sorted.sort_by_key(|mark| mark.start);
    let mut found: Vec<Marked<'m>> = Vec::new();
    for mark in sorted {
        match found.last_mut().filter(|last| mark.start < last.range.end) {
            Some(last) => {
                last.range.end = last.range.end.max(mark.end);
                if !last.means.contains(&mark.means.as_str()) {
                    last.means.push(&mark.means);
                }
            }
            None => found.push(Marked { range: mark.start..mark.end, means: vec![&mark.means] }),
        }
    }
    found
}

/// The words, each marked stretch followed by what it means.
pub(super) fn marked(app: &App, lang: Lang, words: &str, marks: &[Mark], subject: bool) -> Markup {
    let found = joined(words, marks, subject);
    let starts = std::iter::once(0).chain(found.iter().map(|stretch| stretch.range.end));
    html! {
        @for (start, stretch) in starts.zip(&found) {
            (words[start..stretch.range.start])
            mark { (words[stretch.range.clone()]) }
            @for means in &stretch.means { span.tag { (app.text(lang, &format!("mail-means-{means}"))) } }
        }
        (words[found.last().map_or(0, |stretch| stretch.range.end)..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(means: &str, start: usize, end: usize) -> Mark {
        Mark { means: means.to_owned(), subject: false, start, end }
    }

    #[test]
    fn marks_that_overlap_are_one_and_those_that_lie_nowhere_are_none() {
        let words = "effacez et retirez";
        let marks = [mark("withdrawal", 8, 18), mark("erasure", 0, 10), mark("erasure", 12, 99), mark("access", 5, 4)];
        let found = joined(words, &marks, false);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].range.clone(), found[0].means.clone()), (0..18, vec!["erasure", "withdrawal"]));
        assert!(joined("é", &[mark("erasure", 0, 1)], false).is_empty(), "inside a letter");
        assert!(joined(words, &marks, true).is_empty(), "the subject has marks of its own");
    }
}
