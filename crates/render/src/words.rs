//! Running text with stressed words, made from a template and the values of the file.

use kernel::Lang;

/// A piece of text in one weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The text, without control characters or line breaks.
    pub text: String,
    /// Whether it is stressed, as a term that is being defined.
    pub strong: bool,
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its pieces, none empty.
    pub runs: Vec<Run>,
}

impl Words {
    /// Text as it is.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut words = Self::default();
        words.push(&one_line(text), false);
        words
    }

    /// A template of ours: `*…*` is stressed, `{name}` stands for a value, quotes and spaces become those of
    /// the language. Values are taken as they are.
    pub(crate) fn from_template(template: &str, values: &[(&str, &str)], lang: Lang) -> Self {
        let mut words = Self::default();
        let mut strong = false;
        let mut rest = template;
        while let Some(at) = rest.find(['*', '{']) {
            words.push(&typeset(&rest[..at], lang), strong);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix('*') {
                strong = !strong;
                rest = after;
            } else {
                let end = rest.find('}').map_or(rest.len(), |end| end + 1);
                let name = rest[..end].trim_matches(['{', '}']);
                let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
                words.push(&one_line(value), strong);
                rest = &rest[end..];
            }
        }
        words.push(&typeset(rest, lang), strong);
        words
    }

    /// The text without its weights.
    #[must_use]
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Adds sentences behind those that stand here.
    pub(crate) fn follow(&mut self, sentences: Vec<Self>) {
        for words in sentences {
            self.push(if self.runs.is_empty() { "" } else { " " }, false);
            words.runs.iter().for_each(|run| self.push(&run.text, run.strong));
        }
    }

    fn push(&mut self, text: &str, strong: bool) {
        match self.runs.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.strong == strong => last.text.push_str(text),
            _ => self.runs.push(Run { text: text.to_owned(), strong }),
        }
    }
}

/// Our own text with the quotes of print and, in French, the no-break spaces before high punctuation.
pub(crate) fn typeset(text: &str, lang: Lang) -> String {
    let text = text.replace('\'', "’");
    if lang == Lang::En {
        return text;
    }
    let spaced = [(" :", "\u{a0}:"), (" ;", "\u{a0};"), (" »", "\u{a0}»"), ("« ", "«\u{a0}"), ("n° ", "n°\u{a0}")];
    spaced.iter().fold(text, |text, (plain, kept)| text.replace(plain, kept))
}

/// A value on one line: what a person wrote, without line breaks, without characters no paper can show, and without
/// those that turn the order of the others around or hide between them: what is signed is what is seen.
pub(crate) fn one_line(text: &str) -> String {
    let shown = text.chars().filter(|letter| !is_unseen(*letter));
    shown.map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect()
}

/// Marks of direction and joiners, tags, the soft hyphen and the byte order mark.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_takes_values_as_they_are() {
        let words = Words::from_template(
            "The *{name}* « x » doesn't: {text}.",
            &[("name", "A*B"), ("text", "{y}\n'z'")],
            Lang::En,
        );
        assert_eq!(words.text(), "The A*B « x » doesn’t: {y} 'z'.");
        assert!(words.runs[1].strong && words.runs[1].text == "A*B");
    }

    #[test]
    fn french_keeps_its_punctuation_with_the_word() {
        assert_eq!(typeset("l'accord : « a » ; b", Lang::Fr), "l’accord\u{a0}: «\u{a0}a\u{a0}»\u{a0}; b");
    }
}
