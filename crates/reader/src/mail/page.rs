//! HTML of a message as lines. Nothing is taken for furniture: in a mail every word may be somebody's.
//!
//! What stands in a `blockquote` is earlier mail; its lines get the mark that plain mail gives them.

use mail_parser::decoders::html::add_html_token;

/// Elements whose content nobody reads.
const SILENT: [&str; 6] = ["head", "style", "script", "title", "template", "svg"];
/// Elements that begin and end a line.
const LINES: [&str; 17] = [
    "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header",
    "footer", "address",
];
/// Elements that stand apart from what is around them.
const PARAGRAPHS: [&str; 4] = ["p", "blockquote", "hr", "pre"];
/// The longest name of an element or of a letter that is looked for, in bytes.
const NAME_MAX: usize = 12;
/// Quotes within quotes are marked so deep.
const QUOTES_MAX: usize = 5;

#[derive(Default)]
struct Lines {
    text: String,
    quotes: usize,
    silent: Option<&'static str>,
    space: bool,
}

impl Lines {
    fn word(&mut self, letters: &str) {
        if self.at_start() {
            self.text.extend(std::iter::repeat_n("> ", self.quotes.min(QUOTES_MAX)));
        } else if self.space {
            self.text.push(' ');
        }
        self.space = false;
        self.text.push_str(letters);
    }

    fn at_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    fn line(&mut self) {
        self.space = false;
        if !self.at_start() {
            self.text.push('\n');
        }
    }

    fn paragraph(&mut self) {
        self.line();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn tag(&mut self, name: &str, closes: bool) {
        if let Some(silent) = self.silent {
            let over = (closes && silent == name) || (silent == "head" && name == "body");
            self.silent = Some(silent).filter(|_| !over);
            return;
        }
        match name {
            "br" if self.at_start() => self.text.push('\n'),
            "br" => self.line(),
            "td" | "th" => self.space = true,
            name if LINES.contains(&name) => self.line(),
            name if PARAGRAPHS.contains(&name) => self.paragraph(),
            name if !closes => self.silent = SILENT.into_iter().find(|silent| *silent == name),
            _ => {}
        }
        match (name, closes) {
            ("blockquote", false) => self.quotes += 1,
            ("blockquote", true) => self.quotes = self.quotes.saturating_sub(1),
            _ => {}
        }
    }
}

/// The words of a page, line by line.
pub(super) fn text(html: &str) -> String {
    let mut lines = Lines::default();
    let mut rest = html;
    while let Some(letter) = rest.chars().next() {
        rest = match letter {
            '<' => after_tag(rest, &mut lines),
            _ if lines.silent.is_some() => rest.find('<').map_or("", |at| &rest[at..]),
            '&' => after_entity(rest, &mut lines),
            letter if letter.is_whitespace() => {
                lines.space = true;
                &rest[letter.len_utf8()..]
            }
            _ => after_word(rest, &mut lines),
        };
    }
    lines.text
}

fn after_word<'h>(html: &'h str, lines: &mut Lines) -> &'h str {
    let end = html.find(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '&')).unwrap_or(html.len());
    lines.word(&html[..end]);
    &html[end..]
}

/// What follows a tag or a comment; a `<` that begins neither is a letter.
fn after_tag<'h>(html: &'h str, lines: &mut Lines) -> &'h str {
    if let Some(comment) = html.strip_prefix("<!--") {
        return comment.find("-->").map_or("", |end| &comment[end + 3..]);
    }
    let (closes, inside) = match html.strip_prefix("</") {
        Some(inside) => (true, inside),
        None => (false, &html[1..]),
    };
    let begins = inside.starts_with(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '!' | '?'));
    if !begins && lines.silent.is_none() {
        lines.word("<");
        return &html[1..];
    }
    let name: String = inside.chars().take_while(char::is_ascii_alphanumeric).take(NAME_MAX).collect();
    lines.tag(&name.to_ascii_lowercase(), closes);
    inside.find('>').map_or("", |end| &inside[end + 1..])
}

/// What follows a letter written by its name or number.
fn after_entity<'h>(html: &'h str, lines: &mut Lines) -> &'h str {
    let named = |letter: char| letter.is_ascii_alphanumeric() || letter == '#';
    let name = html[1..].find(|letter| !named(letter)).unwrap_or(html.len() - 1);
    if name == 0 || name > NAME_MAX || !html[1 + name..].starts_with(';') {
        lines.word("&");
        return &html[1..];
    }
    let (token, rest) = html.split_at(name + 2);
    let mut letters = String::new();
    add_html_token(&mut letters, token.as_bytes(), false);
    if letters.chars().all(char::is_whitespace) {
        lines.space = true;
    } else {
        lines.word(&letters);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_page_becomes_the_lines_a_person_sees() {
        for (html, lines) in [
            ("<p>Bonjour,</p><p>j&#39;ai d&eacute;m&eacute;nag&eacute;&nbsp;!</p>", "Bonjour,\n\nj'ai déménagé !\n\n"),
            ("<style>p{}</style><div>a<br>b</div><div>c</div>", "a\nb\nc\n"),
            ("a<!-- no > --><b>b</b> c", "ab c"),
            ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
            ("<ul><li>one<li>two</ul>", "one\ntwo\n"),
            (
                "me<blockquote>you<br>said<blockquote>I said</blockquote></blockquote>me",
                "me\n\n> you\n> said\n\n> > I said\n\nme",
            ),
            ("<table><tr><td>Name</td><td>Ada</td></tr></table>", "Name Ada\n"),
            ("<script>alert('<p>')</script>x", "x"),
            ("unfinished <a href=", "unfinished"),
        ] {
            assert_eq!(text(html), lines, "{html}");
        }
    }
}
