//! Text into lines: greedy, broken at spaces only, so that no copied word has a hyphen that was not in it.

use super::font::Fonts;
use crate::words::Words;

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// Its pieces, with whether each is bold.
    pub(crate) pieces: Vec<(String, bool)>,
    /// Its width, in points.
    pub(crate) width: f32,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// The size of the font, in points.
    pub(crate) size: f32,
    /// The room for a line, in points.
    pub(crate) width: f32,
    /// Whether all of it is bold.
    pub(crate) strong: bool,
}

/// A word, of one or more weights.
type Word = Vec<(String, bool)>;

/// The lines of a text; one that is empty for an empty text.
pub(crate) fn lines(words: &Words, setting: Setting, fonts: &Fonts) -> Vec<Line> {
    let mut found = vec![Line::default()];
    for word in split(words, setting.strong) {
        for part in fitting(word, setting, fonts) {
            let width = width_of(&part, setting, fonts);
            let line = found.last_mut().expect("there is one from the start");
            let space = if line.pieces.is_empty() { 0.0 } else { points(fonts, " ", false, setting) };
            if line.width + space + width <= setting.width || line.pieces.is_empty() {
                append(line, part, space, width);
            } else {
                let mut next = Line::default();
                append(&mut next, part, 0.0, width);
                found.push(next);
            }
        }
    }
    found
}

fn append(line: &mut Line, word: Word, space: f32, width: f32) {
    if space > 0.0 {
        push(line, " ", word.first().is_some_and(|(_, strong)| *strong));
    }
    for (text, strong) in word {
        push(line, &text, strong);
    }
    line.width += space + width;
}

fn push(line: &mut Line, text: &str, strong: bool) {
    match line.pieces.last_mut() {
        Some((last, weight)) if *weight == strong => last.push_str(text),
        _ => line.pieces.push((text.to_owned(), strong)),
    }
}

fn points(fonts: &Fonts, text: &str, strong: bool, setting: Setting) -> f32 {
    fonts.of(strong).width(text) * setting.size / 1_000.0
}

fn width_of(word: &Word, setting: Setting, fonts: &Fonts) -> f32 {
    word.iter().map(|(text, strong)| points(fonts, text, *strong, setting)).sum()
}

fn split(words: &Words, strong: bool) -> Vec<Word> {
    let mut found: Vec<Word> = vec![Vec::new()];
    for run in &words.runs {
        for (at, part) in run.text.split(' ').enumerate() {
            if at > 0 {
                found.push(Vec::new());
            }
            if let Some(word) = found.last_mut().filter(|_| !part.is_empty()) {
                word.push((part.to_owned(), run.strong || strong));
            }
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

/// A word, cut where it is longer than a line.
fn fitting(word: Word, setting: Setting, fonts: &Fonts) -> Vec<Word> {
    if width_of(&word, setting, fonts) <= setting.width {
        return vec![word];
    }
    let mut parts: Vec<Word> = vec![Vec::new()];
    let mut width = 0.0;
    for (text, strong) in word {
        for letter in text.chars() {
            let next = points(fonts, letter.encode_utf8(&mut [0; 4]), strong, setting);
            if width + next > setting.width && width > 0.0 {
                parts.push(Vec::new());
                width = 0.0;
            }
            width += next;
            let part = parts.last_mut().expect("there is one from the start");
            match part.last_mut() {
                Some((last, weight)) if *weight == strong => last.push(letter),
                _ => part.push((letter.to_string(), strong)),
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, width: f32) -> Vec<String> {
        let found = lines(&Words::plain(text), Setting { size: 10.0, width, strong: false }, &Fonts::new());
        assert!(found.iter().all(|line| line.width <= width));
        found.into_iter().map(|line| line.pieces.into_iter().map(|(text, _)| text).collect()).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_keep_no_break_spaces() {
        assert_eq!(set("one two three", 40.0), ["one two", "three"]);
        assert_eq!(set("within 24\u{a0}hours", 45.0), ["within", "24\u{a0}hours"]);
        assert_eq!(set("", 45.0), [""]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut() {
        let cut = set("https://example.org/a/very/long/path", 60.0);
        assert!(cut.len() > 2);
        assert_eq!(cut.concat(), "https://example.org/a/very/long/path");
    }
}
