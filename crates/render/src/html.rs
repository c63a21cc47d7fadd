//! A page by itself: no script, no outside file, for the screen in light or dark and for A4 paper.

use crate::paper::{Block, Paper, Party};
use crate::words::Words;
use std::fmt::Write as _;

const STYLE: &str = include_str!("../data/print.css");

/// The document.
pub(crate) fn write(paper: &Paper) -> String {
    let lang = paper.lang.code();
    let title = escaped(&paper.title);
    let author = paper
        .author
        .as_deref()
        .map_or_else(String::new, |author| format!("<meta name=\"author\" content=\"{}\">\n", escaped(author)));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         {author}<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    for block in &paper.blocks {
        write_block(&mut out, block);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn write_block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Title(text) => writeln!(out, "<h1>{}</h1>", escaped(text)),
        Block::Under(words) => writeln!(out, "<p class=\"under\">{}</p>", marked(words)),
        Block::Opening { number, words } if number.is_empty() => {
            writeln!(out, "<p class=\"joined\">{}</p>", marked(words))
        }
        Block::Opening { number, words } | Block::Clause { number, words } => numbered(out, number, words),
        Block::Heading { level, number, text, new_page } => {
            let class = if *new_page { " class=\"annex\"" } else { "" };
            let level = level + 1;
            let text = format!("{number} {}", escaped(text));
            writeln!(out, "<h{level}{class}>{}</h{level}>", text.trim_start())
        }
        Block::Paragraph(words) => writeln!(out, "<p>{}</p>", marked(words)),
        Block::Table { head, rows } => writeln!(out, "{}", table(head, rows)),
        Block::Signatures { lines, parties } => writeln!(out, "{}", signatures(lines, parties)),
    };
}

fn numbered(out: &mut String, number: &str, words: &Words) -> std::fmt::Result {
    let id = if number.starts_with('(') { String::new() } else { format!(" id=\"clause-{number}\"") };
    let words = marked(words);
    writeln!(out, "<p class=\"numbered\"{id}><span class=\"number\">{number}</span> <span>{words}</span></p>")
}

fn table(head: &[String], rows: &[Vec<Words>]) -> String {
    let mut out = "<div class=\"wide\"><table>\n".to_owned();
    if !head.is_empty() {
        let cells: String = head.iter().map(|cell| format!("<th scope=\"col\">{}</th>", escaped(cell))).collect();
        let _ = writeln!(out, "<thead><tr>{cells}</tr></thead>");
    }
    out.push_str("<tbody>\n");
    for row in rows {
        let cells = row.iter().enumerate().map(|(at, cell)| {
            let text = marked(cell);
            if at == 0 { format!("<th scope=\"row\">{text}</th>") } else { format!("<td>{text}</td>") }
        });
        let _ = writeln!(out, "<tr>{}</tr>", cells.collect::<String>());
    }
    out.push_str("</tbody></table></div>");
    out
}

fn signatures(lines: &[String], parties: &[Party]) -> String {
    let heads: String = parties
        .iter()
        .map(|party| format!("<th scope=\"col\">{}<br>{}</th>", escaped(&party.role), escaped(&party.name)))
        .collect();
    let empty = "<td></td>".repeat(parties.len());
    let rows: String =
        lines.iter().map(|line| format!("<tr><th scope=\"row\">{}</th>{empty}</tr>\n", escaped(line))).collect();
    format!("<table class=\"signatures\">\n<thead><tr><td></td>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table>")
}

fn marked(words: &Words) -> String {
    words.runs.iter().fold(String::new(), |out, run| {
        let text = escaped(&run.text);
        out + &if run.strong { format!("<strong>{text}</strong>") } else { text }
    })
}

/// Text that HTML shows as it is, in content and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
    out
}
