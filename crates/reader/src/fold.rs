//! Words as a grammar sees them: lower case, no accents, one kind of space, quote and hyphen.
//!
//! Real texts say `Sous -Traitant`, `s ’engage` and `sub‑processor`; a grammar should not care.

use std::ops::Range;

/// Folded text and the way back.
pub(crate) type Folded = Text<true>;

/// Folded text; when it is `PLACED`, with the way back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text<const PLACED: bool> {
    /// ASCII only.
    pub(crate) text: String,
    /// For each byte of `text`: where its character began and ended.
    at: Vec<(u32, u32)>,
}

impl Folded {
    /// Where a range of the folded text stood.
    pub(crate) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let last = self.at.len().saturating_sub(1);
        let (Some(start), Some(end)) =
            (self.at.get(range.start.min(last)), self.at.get(range.end.saturating_sub(1).min(last)))
        else {
            return 0..0;
        };
        start.0 as usize..(end.1.max(start.1)) as usize
    }

    /// Adds a word that stands for a range of this text.
    pub(crate) fn push_word(&mut self, word: &str, origin: (u32, u32)) {
        for letter in word.chars() {
            self.push(letter, origin);
        }
    }

    /// Copies a range of another folded text.
    pub(crate) fn copy(&mut self, other: &Self, range: Range<usize>) {
        self.text.push_str(&other.text[range.clone()]);
        self.at.extend_from_slice(&other.at[range]);
    }

    /// The range as a pair, for [`Self::push_word`].
    pub(crate) fn pair(&self, range: Range<usize>) -> (u32, u32) {
        let first = self.at.get(range.start).map_or(0, |at| at.0);
        let last = self.at.get(range.end.saturating_sub(1)).map_or(first, |at| at.1);
        (first, last)
    }
}

impl<const PLACED: bool> Text<PLACED> {
    /// Adds one byte that stands for a range of the original.
    pub(crate) fn push(&mut self, letter: char, origin: (u32, u32)) {
        self.text.push(letter);
        if PLACED {
            self.at.push(origin);
        }
    }

    fn pop(&mut self) {
        self.text.pop();
        self.at.pop();
    }

    /// Adds a space, unless the words before it need none.
    fn space(&mut self, origin: (u32, u32)) {
        if !matches!(self.text.as_bytes().last(), None | Some(b' ' | b'\'')) {
            self.push(' ', origin);
        }
    }

    /// Adds letters and digits that stood at a place as they are, but for their case.
    fn push_run(&mut self, run: &str, place: u32) {
        let from = self.text.len();
        self.text.push_str(run);
        self.text[from..].make_ascii_lowercase();
        if PLACED {
            let end = place.saturating_add(u32::try_from(run.len()).unwrap_or(u32::MAX));
            self.at.extend((place..end).map(|at| (at, at + 1)));
        }
    }
}

/// Folds a range of a text.
pub(crate) fn fold(text: &str, range: Range<usize>) -> Folded {
    folded_as(text, range)
}

/// `text` without case, accents and typographic differences, to compare words that people write; it is not meant to be shown.
#[must_use]
pub fn folded(text: &str) -> String {
    folded_as::<false>(text, 0..text.len()).text
}

fn folded_as<const PLACED: bool>(text: &str, range: Range<usize>) -> Text<PLACED> {
    let places = if PLACED { range.len() } else { 0 };
    let mut out = Text { text: String::with_capacity(range.len()), at: Vec::with_capacity(places) };
    let place = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let words = &text[..range.end];
    let mut previous = ' ';
    let mut at = range.start;
    while let Some(letter) = words[at..].chars().next() {
        let run = words.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if run > 0 {
            out.push_run(&words[at..at + run], place(at));
            at += run;
            previous = char::from(words.as_bytes()[at - 1]);
            continue;
        }
        let end = at + letter.len_utf8();
        if letter == ' ' {
            out.space((place(at), place(end)));
            (previous, at) = (letter, end);
            continue;
        }
        let next = words[end..].chars().next().unwrap_or(' ');
        for folded in plain(letter).chars() {
            push(&mut out, folded, (place(at), place(end)), previous, next);
        }
        (previous, at) = (letter, end);
    }
    while out.text.ends_with(' ') {
        out.pop();
    }
    out
}

fn push<const PLACED: bool>(out: &mut Text<PLACED>, letter: char, origin: (u32, u32), previous: char, next: char) {
    let last = out.text.chars().next_back().unwrap_or(' ');
    match letter {
        // A hyphen between words is a space; between digits it stays.
        '-' if !(previous.is_ascii_digit() && next.is_ascii_digit()) => {
            if last != ' ' {
                out.push(' ', origin);
            }
        }
        ' ' => out.space(origin),
        '\'' => {
            let elided = out.text.ends_with(' ') && out.text.len() >= 2 && next.is_alphabetic() && {
                let word = out.text.trim_end().rsplit([' ', '\'']).next().unwrap_or_default();
                matches!(word, "l" | "d" | "s" | "n" | "qu" | "c" | "j" | "m")
            };
            if elided {
                out.pop();
            }
            out.push('\'', origin);
        }
        letter => {
            for lower in letter.to_lowercase().filter(char::is_ascii) {
                out.push(lower, origin);
            }
        }
    }
}

/// The ASCII look of a character; a mark for what has none.
fn plain(letter: char) -> &'static str {
    const ASCII: &str = "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f} !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    match letter {
        // These five are tokens of the grammar.
        '#' | '~' | '%' | '@' | '^' => ",",
        '\u{0}'..='\u{1f}' => " ",
        '`' => "'",
        '\u{20}'..='\u{7e}' => &ASCII[letter as usize..=letter as usize],
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Ä' | 'Á' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' => "i",
        'ô' | 'ö' | 'ó' | 'õ' | 'ø' | 'Ô' | 'Ö' | 'Ø' => "o",
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' => "u",
        'ñ' => "n",
        'ß' => "ss",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬀ' => "ff",
        '’' | '‘' | 'ʼ' | '´' | '′' => "'",
        '“' | '”' | '«' | '»' | '„' => "\"",
        '‐' | '‑' | '–' | '—' | '−' => "-",
        '…' => "...",
        // Accents that stand alone after their letter.
        '\u{300}'..='\u{36f}' => "",
        letter if letter.is_whitespace() => " ",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(folded("Sous -Traitant"), "sous traitant");
        assert_eq!(folded("s ’engage  à\u{a0}l’effacement"), "s'engage a l'effacement");
        assert_eq!(folded("e\u{301}tat"), "etat");
        assert_eq!(folded("Sub‑Processor (20-30)"), "sub processor (20-30)");
    }

    #[test]
    fn a_folded_range_knows_its_origin() {
        let text = "délai de 72 h";
        let folded = fold(text, 0..text.len());
        let at = folded.text.find("72 h").unwrap();
        assert_eq!(&text[folded.origin(at..at + 4)], "72 h");
    }
}
