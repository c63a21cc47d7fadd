//! Plain text and Markdown: one scanner, because text files in the wild carry Markdown marks.

use super::{
    Head, Media, Text,
    decode::{Letter, Source},
};

/// A link target longer than this is no link.
const TARGET_MAX: usize = 2_000;

/// Removes the marks and keeps the words.
pub(super) fn text(source: Source, media: Media) -> Text {
    let letters: Vec<Letter> = source.chars().collect();
    let marked = media == Media::Markdown || has_marks(source.as_str());
    let mut out = Text::new(media, source);
    let mut previous = None;
    for line in letters.split_inclusive(|letter| letter.0 == '\n') {
        let start = out.text.len();
        if !marked {
            push_plain(&mut out, line);
        } else if let Some(level) = underline(line).filter(|_| previous.is_some()) {
            out.heads.push(Head { at: previous.unwrap_or(0), level });
            push_break(&mut out, line);
        } else {
            push_marked(&mut out, line);
        }
        let words = !out.text[start..].trim().is_empty();
        previous = words.then_some(start);
    }
    out.heads.sort_by_key(|head| head.at);
    out.heads.dedup_by_key(|head| head.at);
    out
}

fn has_marks(text: &str) -> bool {
    let heading =
        text.lines().any(|line| line.starts_with("## ") || line.starts_with("### ") || line.starts_with("# "));
    heading || text.matches("**").count() >= 4 || text.contains("\\. ") || text.contains("](http")
}

fn push_plain(out: &mut Text, line: &[Letter]) {
    for &(letter, start, end) in line {
        if let Some(kept) = keep(letter) {
            out.push(kept, start, end);
        }
    }
}

/// Spaces of every width become one kind; what cannot be seen is dropped, and so is what turns the order of letters
/// around: the order kept is the one in which they were written.
pub(super) fn keep(letter: char) -> Option<char> {
    match letter {
        '\n' => Some('\n'),
        '\r' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
        '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => None,
        letter if letter.is_whitespace() => Some(' '),
        letter if letter.is_control() => None,
        letter => Some(letter),
    }
}

/// `====` or `----` under a line makes that line a heading.
fn underline(line: &[Letter]) -> Option<u8> {
    let mut marks = line.iter().map(|letter| letter.0).filter(|letter| !letter.is_whitespace());
    let first = marks.next().filter(|mark| matches!(mark, '=' | '-'))?;
    (marks.clone().count() >= 2 && marks.all(|mark| mark == first)).then_some(if first == '=' { 1 } else { 2 })
}

fn push_break(out: &mut Text, line: &[Letter]) {
    if let Some(&(_, start, end)) = line.last() {
        out.push('\n', start, end);
    }
}

fn push_marked(out: &mut Text, line: &[Letter]) {
    let indent = line.iter().take_while(|letter| letter.0 == ' ').count();
    let hashes = line[indent..].iter().take_while(|letter| letter.0 == '#').count();
    let after = line.get(indent + hashes).map(|letter| letter.0);
    let mut body = &line[indent..];
    if (1..=6).contains(&hashes) && after == Some(' ') {
        let level = u8::try_from(hashes).unwrap_or(6);
        out.heads.push(Head { at: out.text.len(), level });
        body = &line[indent + hashes + 1..];
    } else if is_rule(line) {
        return push_break(out, line);
    }
    push_inline(out, body);
}

/// A horizontal rule or the ruler under a table's head.
fn is_rule(line: &[Letter]) -> bool {
    let mut marks = line.iter().map(|letter| letter.0).filter(|letter| !letter.is_whitespace()).peekable();
    marks.peek().is_some()
        && marks.clone().count() >= 3
        && marks.all(|mark| matches!(mark, '-' | '*' | '_' | '|' | ':' | '='))
}

fn push_inline(out: &mut Text, body: &[Letter]) {
    let mut at = 0;
    while let Some(&(letter, start, end)) = body.get(at) {
        let next = body.get(at + 1).map(|letter| letter.0);
        match letter {
            '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => {
                let (escaped, _, stop) = body[at + 1];
                out.push(escaped, start, stop);
                at += 1;
            }
            '\\' if next.is_none_or(|next| next == '\n') => {}
            '*' if next == Some('*') => at += 1,
            '*' if !bullet(body, at) => {}
            '_' if edge(body, at) => {}
            '`' => {}
            '[' if link(body, at) => {}
            ']' if next == Some('(') => {
                let end = target(body, at);
                if end > at + 2 {
                    let address = body[at + 2..end].iter().map(|letter| letter.0).collect();
                    out.links.push(([body[at + 2].1 as usize, body[end].1 as usize], address));
                }
                at = end;
            }
            _ => {
                if let Some(kept) = keep(letter) {
                    out.push(kept, start, end);
                }
            }
        }
        at += 1;
    }
}

/// `* ` at the start of a line is a bullet, every other `*` is emphasis.
fn bullet(body: &[Letter], at: usize) -> bool {
    body[..at].iter().all(|letter| letter.0 == ' ') && body.get(at + 1).is_some_and(|next| next.0.is_whitespace())
}

/// `_` is emphasis when only one side is a letter; a row of them is a blank to fill in.
fn edge(body: &[Letter], at: usize) -> bool {
    let letter = |index: usize| body.get(index).is_some_and(|letter| letter.0.is_alphanumeric());
    let blank = |index: usize| body.get(index).is_some_and(|letter| letter.0 == '_');
    let before = at > 0 && letter(at - 1);
    let row = blank(at + 1) || (at > 0 && blank(at - 1));
    !row && (before != letter(at + 1))
}

/// `[words](…`: the bracket of a link, not of a blank to fill in.
fn link(body: &[Letter], at: usize) -> bool {
    let rest = body[at + 1..].iter().take(TARGET_MAX).map(|letter| letter.0);
    let close = rest.clone().position(|letter| matches!(letter, '[' | ']' | '\n'));
    close.is_some_and(|close| {
        let mut tail = body[at + 1 + close..].iter().map(|letter| letter.0);
        tail.next() == Some(']') && tail.next() == Some('(')
    })
}

/// Skips `(https://…)` after a link's words; the index of its last character.
fn target(body: &[Letter], at: usize) -> usize {
    let rest = body[at + 2..].iter().take(TARGET_MAX);
    let stop =
        rest.map(|letter| letter.0).position(|letter| letter.is_whitespace() || matches!(letter, ')' | '(' | '['));
    stop.map(|length| at + 2 + length).filter(|end| body[*end].0 == ')').unwrap_or(at)
}
