//! Small things every page shows: instants at the house's place, links to records, timelines.

use crate::App;
use kernel::{Date, Instant, Lang, Place};
use maud::{Markup, html};
use store::{Arg, StoreError};
use web::components;

/// The place whose calendar and zone the house follows.
#[must_use]
pub fn house_place() -> Place {
    Place::parse("FR").unwrap_or_else(|_| unreachable!("FR has a table"))
}

/// A day and time for people, with the exact instant for machines.
#[must_use]
pub fn when(at: Instant, lang: Lang) -> Markup {
    html! { time datetime=(at.to_string()) { (components::instant(at, lang)) } }
}

/// A due instant for people: a limit at midnight is the end of the day before.
#[must_use]
pub fn due(at: Instant, lang: Lang) -> Markup {
    let local = at.to_zoned(components::zone());
    let midnight = local.hour() == 0 && local.minute() == 0;
    match local.date().yesterday() {
        Ok(last) if midnight => html! { time datetime=(at.to_string()) { (components::day(last, lang)) } },
        _ => when(at, lang),
    }
}

/// A day for people.
#[must_use]
pub fn day(date: Date, lang: Lang) -> Markup {
    html! { time datetime=(date.to_string()) { (components::day(date, lang)) } }
}

/// What happened to a record, newest last, each line with its receipt.
///
/// # Errors
/// When the database fails.
pub async fn timeline(app: &App, record: &str, lang: Lang) -> Result<Markup, StoreError> {
    let sql = "SELECT id, at, kind FROM (SELECT seq, id, at, kind FROM entries WHERE record = $1 ORDER BY seq DESC LIMIT 200) AS newest \
               ORDER BY seq";
    let rows = app.store().read().rows(sql, vec![Arg::from(record)]).await?;
    let mut lines: Vec<(String, Instant, String, usize)> = Vec::new();
    for row in rows {
        let (id, at, kind) = (row.text("id")?, row.instant("at")?, row.text("kind")?);
        match lines.last_mut() {
            Some((_, last_at, last_kind, count)) if *last_at == at && *last_kind == kind => *count += 1,
            _ => lines.push((id, at, kind, 1)),
        }
    }
    Ok(html! {
        ol.timeline {
            @for (id, at, kind, count) in lines {
                li {
                    (when(at, lang)) (kind_text(app, &kind, lang)) @if count > 1 { " × " (count) } br;
                    @if count > 1 { a.small href={ "/ledger?record=" (record) } { (app.text(lang, "board-entries")) } }
                    @else { a.small href={ "/ledger/entries/" (id) } { (app.text(lang, "receipt")) } }
                }
            }
        }
    })
}

/// The words for a kind of entry; the kind itself when it has none.
#[must_use]
pub fn kind_text(app: &App, kind: &str, lang: Lang) -> String {
    app.text(lang, &format!("entry-{}", kind.replace('.', "-")))
}

/// What shows a duty done, in words: a code of ours, or what a person wrote.
#[must_use]
pub fn evidence_text(app: &App, lang: Lang, evidence: &str) -> String {
    match evidence.split_once(':') {
        Some((what @ ("letter" | "access-review"), id)) => {
            format!("{} {id}", app.text(lang, &format!("evidence-{what}")))
        }
        _ => app.text(lang, &format!("evidence-{evidence}")),
    }
}

/// Words that other parts say in the middle of a line, as a sentence of their own.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// A refusal above the form it is about: what is wrong, and what to do.
#[must_use]
pub fn refused(refusal: Option<&crate::Refusal>, lang: Lang) -> Markup {
    html! {
        @if let Some(refusal) = refusal {
            div.notice.late role="alert" {
                p { strong { (refusal.message(lang)) } } p { (refusal.remedy(lang)) }
            }
        }
    }
}

/// What was just done, and the form that takes it back.
#[must_use]
pub fn undone(app: &App, visit: &web::Visit, done: &str, action: &str, fields: &Markup) -> Markup {
    html! {
        div.notice.ok role="status" {
            p { strong { (app.text(visit.lang, done)) } }
            (components::post(action, visit.csrf(), fields))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_sentences() {
        assert_eq!(sentence("élan vital"), "Élan vital.");
        assert_eq!(sentence("Done."), "Done.");
    }
}
