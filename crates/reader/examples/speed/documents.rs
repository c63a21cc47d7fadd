//! Documents of any size to measure with: the clauses of our own test agreements, in many hands.
//!
//! One sentence repeated would flatter every cache. Here some hundred different clauses follow each other, each
//! time with other names, addresses and figures; the same number gives the same document on every machine.

use std::path::{Path, PathBuf};

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Plain text.
    Plain,
    /// A web page.
    Html,
    /// Markdown.
    Markdown,
}

impl Form {
    /// The extension of its files.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Plain => "txt",
            Self::Html => "html",
            Self::Markdown => "md",
        }
    }
}

/// The clauses of one language.
pub(crate) struct Clauses {
    paragraphs: Vec<String>,
}

impl Clauses {
    /// The paragraphs of all test agreements in a language (`en` or `fr`).
    ///
    /// # Errors
    /// A file of the repository that cannot be read.
    pub(crate) fn of(language: &str) -> std::io::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/varied");
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        paths.retain(|path| path.to_str().is_some_and(|name| name.ends_with(&format!(".{language}.txt"))));
        paths.sort();
        let mut paragraphs = Vec::new();
        for path in paths {
            let text = std::fs::read_to_string(path)?;
            paragraphs.extend(text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
        }
        Ok(Self { paragraphs })
    }

    /// A document of at least `bytes` bytes; another number, another document.
    pub(crate) fn document(&self, bytes: usize, number: usize, form: Form) -> String {
        let mut out = String::with_capacity(bytes + 4_000);
        out.push_str(if form == Form::Html { "<!doctype html>\n<html><body>\n" } else { "" });
        let mut turn = number * 7;
        while out.len() < bytes {
            let paragraph = &self.paragraphs[turn % self.paragraphs.len()];
            write(&mut out, &varied(paragraph, turn / self.paragraphs.len() + number * 31), form);
            turn += 1;
        }
        out.push_str(if form == Form::Html { "</body></html>\n" } else { "" });
        out
    }
}

fn write(out: &mut String, paragraph: &str, form: Form) {
    let title = paragraph.len() < 60 && !paragraph.ends_with(['.', ';', ',']);
    let piece = match (form, title) {
        (Form::Plain, _) => paragraph.to_owned(),
        (Form::Markdown, true) => format!("## {paragraph}"),
        (Form::Markdown, false) => paragraph.replace("\n(", "\n- ("),
        (Form::Html, true) => format!("<h2>{}</h2>", paragraph.replace('&', "&amp;")),
        (Form::Html, false) => {
            format!("<p class=\"clause\">{}</p>", paragraph.replace('&', "&amp;").replace('\n', "<br>\n"))
        }
    };
    out.push_str(&piece);
    out.push_str("\n\n");
}

/// The paragraph with other names, addresses and counts.
fn varied(paragraph: &str, turn: usize) -> String {
    let mut previous = "";
    let words = paragraph.split_inclusive(char::is_whitespace).map(|word| {
        let inside = previous.starts_with(char::is_lowercase) && !previous.trim_end().ends_with(['.', ':']);
        previous = word;
        if inside && is_name(word) { renamed(word, turn) } else { word.to_owned() }
    });
    words.collect()
}

/// A capital inside a sentence is a name, unless it is a word of the law or a role.
fn is_name(word: &str) -> bool {
    const KEPT: [&str; 16] = [
        "Article",
        "Annex",
        "Union",
        "Member",
        "State",
        "European",
        "Regulation",
        "Chapter",
        "Responsable",
        "Client",
        "Controller",
        "Processor",
        "Customer",
        "Sous",
        "Prestataire",
        "Clause",
    ];
    let long = word.chars().filter(|letter| letter.is_alphabetic()).count() >= 5;
    long && word.starts_with(char::is_uppercase)
        && !word.trim_end().ends_with(char::is_uppercase)
        && !KEPT.iter().any(|kept| word.starts_with(kept))
}

fn renamed(word: &str, turn: usize) -> String {
    const BEGINS: [&str; 12] = ["Bel", "Cor", "Dan", "Fer", "Gal", "Hel", "Kar", "Lor", "Mar", "Nor", "Sal", "Ver"];
    const ENDS: [&str; 11] = ["ana", "ence", "ica", "ille", "ima", "oda", "on", "ora", "ova", "une", "yx"];
    let letters = word.bytes().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let seed = letters.wrapping_add(turn.wrapping_mul(2_654_435_761));
    let tail: String = word.chars().skip_while(|letter| letter.is_alphabetic() || *letter == '-').collect();
    format!("{}{}{tail}", BEGINS[seed % BEGINS.len()], ENDS[seed / 13 % ENDS.len()])
}
