//! Two sentences word by word.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words that both, only the old, or only the new sentence has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", content = "text", rename_all = "kebab-case")]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the old.
    Removed(String),
    /// Only in the new.
    Added(String),
}

/// The pieces of two sentences, in order; joined, what is not added is the old and what is not removed the new.
pub(super) fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_whitespace().collect(), new.split_whitespace().collect());
    let mut found = Vec::new();
    let mut add = |make: fn(String) -> Piece, words: &[&str]| {
        if !words.is_empty() {
            found.push(make(words.join(" ")));
        }
    };
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        match op {
            DiffOp::Equal { old_index, len, .. } => add(Piece::Same, &old[old_index..old_index + len]),
            DiffOp::Delete { old_index, old_len, .. } => add(Piece::Removed, &old[old_index..old_index + old_len]),
            DiffOp::Insert { new_index, new_len, .. } => add(Piece::Added, &new[new_index..new_index + new_len]),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                add(Piece::Removed, &old[old_index..old_index + old_len]);
                add(Piece::Added, &new[new_index..new_index + new_len]);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_word_stands_between_what_stayed() {
        let found = pieces("told within 48 hours of it", "told within  24 hours");
        let text = |text: &str| text.to_owned();
        assert_eq!(
            found,
            [
                Piece::Same(text("told within")),
                Piece::Removed(text("48")),
                Piece::Added(text("24")),
                Piece::Same(text("hours")),
                Piece::Removed(text("of it")),
            ]
        );
    }
}
