//! Writing: data to standard output, words to standard error, colour only where a terminal wants it.

use crate::error::Failure;
use clap::builder::styling::{AnsiColor, Style};
use kernel::Lang;
use std::io::Write;

/// For titles.
pub(crate) const BOLD: Style = Style::new().bold();
/// For what matters less.
pub(crate) const DIM: Style = Style::new().dimmed();
/// For what is in order.
pub(crate) const OK: Style = AnsiColor::Green.on_default();
/// For what wants a look.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
/// For what is wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// `text` in a style; the stream drops the colours where nobody sees them.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Standard output, without colours when it is no terminal or `NO_COLOR` is set.
pub(crate) fn stdout() -> anstream::AutoStream<std::io::StdoutLock<'static>> {
    anstream::stdout().lock()
}

/// One value as pretty JSON on standard output.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

/// Text on standard output as it is.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

/// A sentence on standard error. Nobody is told when nobody listens.
pub(crate) fn say(sentence: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{sentence}");
}

/// A failure on standard error.
pub(crate) fn fail(failure: &Failure, lang: Lang) {
    if failure.quiet {
        return;
    }
    let head = styled(BAD, lang.pick("error", "erreur"));
    let help = styled(BOLD, lang.pick("help", "aide"));
    say(&format!("{head}{}{}", colon(lang), failure.message(lang)));
    say(&format!(" {help}{}{}", colon(lang), failure.remedy(lang)));
}

/// The colon, which French sets off by a space.
pub(crate) fn colon(lang: Lang) -> &'static str {
    lang.pick(": ", " : ")
}

/// "1 error", "3 errors".
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Rows in columns, the heads underlined by nothing but their place.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.chain(heads.get(at).map(|head| head.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &[&str]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| {
            let pad = width.saturating_sub(cell.chars().count());
            format!("{cell}{:pad$}", "")
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut out = stdout();
    writeln!(out, "{}", styled(DIM, &line(heads)))?;
    for row in rows {
        writeln!(out, "{}", line(&row.iter().map(String::as_str).collect::<Vec<_>>()))?;
    }
    Ok(())
}
