//! How a line begins: `Article 5 -`, `11.1.6.2`, `III.`, `(a)`, `2)`, a bullet.

use crate::pattern::written;
use regex::Regex;
use std::sync::LazyLock;

/// How deep a kind of number stands; the order is the order of nesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// `Part 2`, `Annex 1`, `Schedule A`.
    Part,
    /// `Article 5`, `Section 3`.
    Article,
    /// `III.`
    Roman,
    /// `B.`
    Capital,
    /// `3.` as a heading.
    Number,
    /// `3.` as an item of a list.
    ListNumber,
    /// `4.2`, absolute.
    Dotted,
    /// `(a)`
    Letter,
    /// `(iv)`
    SmallRoman,
}

/// What stands before the words of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Number and rank, when it is numbered.
    pub(crate) label: Option<(Rank, String)>,
    /// A bullet stands there.
    pub(crate) bullet: bool,
    /// Bytes before the words.
    pub(crate) len: usize,
}

const BULLETS: &[char] = &['-', '•', '*', '·', '–', '—', '▪', '●', '◦', '‣', '■', '✓', '○', '➢', '\u{f0b7}'];

macro_rules! pattern {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| written($text));
    };
}

pattern!(
    PART,
    r"^(?i:(part|partie|annexe?|schedule|appendix|appendice|exhibit|chapitre|chapter|titre))\s{1,3}([0-9]{1,3}|[IVX]{1,5}|[A-Z])(?:\s*[:.–—)-]\s*|\s+|$)"
);
pattern!(
    ARTICLE,
    r"^(?i:(article|art\.|section|clause|§))\s{0,3}([0-9]{1,3}(?:\.[0-9]{1,3}){0,4}|[IVX]{1,5})(?:(?:er)?\s*[:.–—)-]+\s*|\s+|$)"
);
pattern!(DOTTED, r"^([0-9]{1,3}(?:\.[0-9]{1,3}){1,5})(?:[.)]\s*|\s*[–—-]\s+|\s+|$)");
pattern!(NUMBER, r"^\(?([0-9]{1,3})(?:[.)]\s*|\s+[–—-]\s+)");
pattern!(ROMAN, r"^([IVX]{1,5})(?:[.)]\s+|\s+[–—-]\s+)");
pattern!(CAPITAL, r"^([A-Z])(?:[.)]\s+)");
pattern!(LETTER, r"^(?:\(([a-z])\)|([a-z])\))\s*");
pattern!(SMALL_ROMAN, r"^(?:\(([ivx]{1,5})\)|([ivx]{1,5})\))\s*");

/// Reads the marker of a trimmed line. `heading` says that the markup declares it one.
pub(crate) fn read(line: &str, heading: bool) -> Marker {
    let bullet_len = bullet(line);
    let rest = &line[bullet_len..];
    let mut marker = Marker { label: None, bullet: bullet_len > 0, len: bullet_len };
    if let Some((rank, label, len)) = label(rest, heading) {
        marker.label = Some((rank, label));
        marker.len += len;
    }
    marker
}

fn bullet(line: &str) -> usize {
    let first = line.chars().next().unwrap_or(' ');
    let width = first.len_utf8();
    let rest = &line[width.min(line.len())..];
    let is_bullet = BULLETS.contains(&first) || (first == 'o' && rest.starts_with(' '));
    if !is_bullet || !rest.starts_with(char::is_whitespace) && matches!(first, '-' | '*' | 'o' | '–' | '—') {
        return 0;
    }
    width + rest.len() - rest.trim_start().len()
}

fn label(rest: &str, heading: bool) -> Option<(Rank, String, usize)> {
    if let Some(found) = PART.captures(rest).filter(|found| titled(rest, found[0].len())) {
        return Some((Rank::Part, format!("{} {}", capitalised(&found[1]), &found[2]), found[0].len()));
    }
    if let Some(found) = ARTICLE.captures(rest).filter(|found| titled(rest, found[0].len())) {
        let rank = if found[2].contains('.') { Rank::Dotted } else { Rank::Article };
        return Some((rank, found[2].to_owned(), found[0].len()));
    }
    if let Some(found) = DOTTED.captures(rest).filter(|found| plausible(&found[1], &rest[found[0].len()..])) {
        return Some((Rank::Dotted, found[1].to_owned(), found[0].len()));
    }
    if let Some(found) = NUMBER.captures(rest).filter(|found| starts_words(&rest[found[0].len()..])) {
        let rank = if heading { Rank::Number } else { Rank::ListNumber };
        return Some((rank, found[1].to_owned(), found[0].len()));
    }
    let simple: [(&Regex, Rank); 4] =
        [(&ROMAN, Rank::Roman), (&CAPITAL, Rank::Capital), (&LETTER, Rank::Letter), (&SMALL_ROMAN, Rank::SmallRoman)];
    for (pattern, rank) in simple {
        if let Some(found) = pattern.captures(rest) {
            let name = found.get(1).or_else(|| found.get(2))?.as_str().to_owned();
            return Some((rank, name, found[0].len()));
        }
    }
    None
}

/// "Article 5 Objet" opens a clause, "Section 11 of this agreement" and "section 7" do not.
fn titled(line: &str, len: usize) -> bool {
    let separated = line[..len].trim_end().ends_with([':', '.', ')', '-', '–', '—']);
    let after = line[len..].chars().next();
    let words = after.is_none_or(|c| c.is_uppercase() || matches!(c, '"' | '“' | '«' | '['));
    line.starts_with(|c: char| c.is_uppercase() || c == '§') && (separated || words)
}

/// `2.5 hours` and `01.04.2026` are no clause numbers.
fn plausible(number: &str, after: &str) -> bool {
    !number.starts_with('0') && !after.starts_with(|c: char| c.is_ascii_digit() || c == '%') && starts_words(after)
}

fn starts_words(after: &str) -> bool {
    let Some(first) = after.trim_start().chars().next() else { return true };
    first.is_alphabetic() || matches!(first, '"' | '“' | '«' | '(' | '[' | '{' | '‘' | '@')
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_agreements_write_them() {
        let cases = [
            ("Article 5 — Objet", Some((Rank::Article, "5")), "Objet"),
            ("11.1.6.2 Conformité", Some((Rank::Dotted, "11.1.6.2")), "Conformité"),
            ("3.The Data Controller", Some((Rank::ListNumber, "3")), "The Data Controller"),
            ("III. Duties", Some((Rank::Roman, "III")), "Duties"),
            ("(b) process", Some((Rank::Letter, "b")), "process"),
            ("* 2.1 Instructions", Some((Rank::Dotted, "2.1")), "Instructions"),
            ("• point", None, "point"),
            ("45 Fremont Street", None, "45 Fremont Street"),
            ("01.04.2026", None, "01.04.2026"),
            ("72 hours after", None, "72 hours after"),
            ("Part 2 – Own data", Some((Rank::Part, "Part 2")), "Own data"),
        ];
        for (line, label, words) in cases {
            let marker = read(line, false);
            assert_eq!(marker.label, label.map(|(rank, name)| (rank, name.to_owned())), "{line}");
            assert_eq!(&line[marker.len..], words, "{line}");
        }
    }
}
