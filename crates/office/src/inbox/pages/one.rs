//! One mail: what it says, with the words that led to the proposal; what happened to it; what to do with it.

use super::{id, may_read, proposal_text, size, state_badge, words};
use crate::inbox::{Content, MailRow, State, record_reading, store};
use crate::requests::Right;
use crate::{App, parties, view};
use axum::extract::{Path, State as Shared};
use kernel::Lang;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::{PageError, Visit, page};

/// The longest note of a request, in characters.
const NOTE_CHARS_MAX: usize = 4000;

pub(crate) async fn one(Shared(app): Shared<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let row = store::find(&mut app.store().read(), &id(&key)?).await?.ok_or(PageError::NotFound)?;
    let reads = may_read(&app, &visit);
    if reads {
        record_reading(&app, &row, &visit.actor()).await?;
    }
    let body = html! {
        @if row.understood.too_large { (components::notice(Tone::Warn, &text("mail-too-large"), &text("mail-too-large-text"))) }
        @if row.understood.cut { (components::notice(Tone::Warn, &text("mail-cut"), &text("mail-cut-text"))) }
        div.two {
            div {
                h2 { (text("mail-text")) }
                (letter(&app, lang, &row, reads))
                @if reads { (actions(&app, &visit, &row).await?) }
            }
            div {
                (facts(&app, lang, &row, reads).await?)
                h2 { (text("history")) }
                (view::timeline(&app, row.id.as_str(), lang).await?)
            }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &proposal_text(&app, lang, &row), &body))
}

/// The mail's words, for those who may read them.
fn letter(app: &App, lang: Lang, row: &MailRow, reads: bool) -> Markup {
    let text = |key: &str| app.text(lang, key);
    let marks = &row.understood.marks;
    html! {
        @match &row.content {
            _ if !reads => { p { (text("hidden-for-role")) } }
            None => { p { (text("mail-erased")) } }
            Some(content) => {
                p { strong { (words::marked(app, lang, &content.subject, marks, true)) } }
                div.card.text { (words::marked(app, lang, &content.text, marks, false)) }
                @if !content.attachments.is_empty() {
                    h3 { (text("mail-attachments")) }
                    ul { @for file in &content.attachments {
                        li { (if file.name.is_empty() { text("mail-unnamed") } else { file.name.clone() }) " · " (file.media_type)
                            " · " (size(i64::try_from(file.bytes).unwrap_or(i64::MAX), lang)) }
                    } }
                    p.small { (text("mail-attachments-text")) }
                }
            }
        }
    }
}

async fn facts(app: &App, lang: Lang, row: &MailRow, reads: bool) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(lang, key);
    let mut items = vec![
        (text("mail-state"), state_badge(app, lang, row)),
        (text("mail-taken-for"), html! { (proposal_text(app, lang, row)) }),
    ];
    if let Some(content) = row.content.as_ref().filter(|_| reads) {
        items.push((text("mail-from"), html! { (sender(content)) }));
        if let Some(to) = &content.reply_to {
            items.push((text("mail-reply-to"), html! { (to) }));
        }
    }
    items.push((text("mail-received"), view::when(row.received_at, lang)));
    items.push((text("mail-fetched"), view::when(row.fetched_at, lang)));
    items.push((text("mail-size"), html! { (size(row.bytes, lang)) }));
    if let Some(kind) = &row.understood.automatic {
        items.push((text("mail-machine"), html! { (text(&format!("mail-machine-{kind}"))) }));
    }
    if row.state == State::Filed {
        let why = text(&format!("mail-why-{}", store::why_word(row)));
        let note = row.note.as_ref().filter(|_| reads);
        items.push((text("mail-why"), html! { (why) @if let Some(note) = note { ": " (note) } }));
    }
    if let Some(notice) = &row.notice {
        items.push((text("mail-letter"), html! { a href={ "/notices/" (notice) } { code { (notice) } } }));
    }
    for request in store::requests(&mut app.store().read(), &row.id).await? {
        items.push((text("mail-request"), html! { a href={ "/requests/" (request) } { code { (request) } } }));
    }
    if let Some(digest) = &row.sha256 {
        items.push((text("mail-digest"), html! { code { (digest) } }));
    }
    Ok(components::facts(&items))
}

fn sender(content: &Content) -> String {
    let email = content.from.clone().unwrap_or_else(|| "–".into());
    match &content.from_name {
        Some(name) => format!("{name} <{email}>"),
        None => email,
    }
}

/// What may be done with the mail now.
async fn actions(app: &App, visit: &Visit, row: &MailRow) -> Result<Markup, PageError> {
    let Some(content) = &row.content else { return Ok(html! {}) };
    let text = |key: &str| app.text(visit.lang, key);
    let form =
        |action: &str, body: Markup| components::post(&format!("/inbox/{}/{action}", row.id), visit.csrf(), &body);
    Ok(html! {
        @if row.state != State::Filed { (log_card(app, visit, row, content).await?) }
        @if row.state == State::Waiting {
            details.card { summary { (text("mail-file")) } p { (text("mail-file-text")) }
                (form("file", html! {
                    (components::field("reason", &text("mail-reason"), "text", "", true, Some(&text("mail-reason-hint"))))
                    (components::submit(&text("mail-file-submit")))
                })) }
        }
        @if row.state == State::Filed {
            (form("reopen", html! { button.second type="submit" { (text("mail-reopen")) } }))
        }
    })
}

/// The form that makes requests of the mail, filled in as far as the proposal goes.
async fn log_card(app: &App, visit: &Visit, row: &MailRow, content: &Content) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let known = parties::list(&mut app.store().read()).await?;
    let mut controllers: Vec<(String, String)> =
        known.iter().map(|party| (party.id.to_string(), party.name.clone())).collect();
    if controllers.len() > 1 {
        controllers.insert(0, (String::new(), text("mail-choose-controller")));
    }
    let others: Vec<String> = unlogged(row).iter().map(|word| text(&format!("mail-means-{word}"))).collect();
    let email = content.reply_to.clone().or_else(|| content.from.clone()).unwrap_or_default();
    let note: String = content.text.chars().take(NOTE_CHARS_MAX).collect();
    let title = if row.state == State::Logged { "mail-log-more" } else { "mail-log" };
    Ok(html! {
        details.card open[row.state == State::Waiting && !row.understood.rights.is_empty()] {
            summary { (text(title)) }
            @if controllers.is_empty() { p { (text("request-no-controller")) } }
            @else {
                p { (text("mail-log-text")) " " (view::when(row.received_at, visit.lang)) "." }
                @if !others.is_empty() { p { (text("mail-unlogged")) " " (others.join(", ")) "." } }
                (components::post(&format!("/inbox/{}/request", row.id), visit.csrf(), &html! {
                    (components::select("controller", &text("request-controller"), &controllers, ""))
                    (rights(app, visit.lang, row))
                    (components::field("email", &text("request-email"), "email", &email, true, Some(&text("request-email-hint"))))
                    div.field { label for="note" { (text("request-note")) }
                        textarea id="note" name="note" maxlength=(NOTE_CHARS_MAX) { (note) } }
                    (components::submit(&text("request-log")))
                }))
            }
        }
    })
}

/// A box for each right that requests are logged for, ticked where the mail names it.
fn rights(app: &App, lang: Lang, row: &MailRow) -> Markup {
    let named = |word: &str| row.understood.rights.iter().any(|right| right == word);
    html! {
        fieldset { legend { (app.text(lang, "request-right")) }
            @for (word, _) in loggable() {
                label { input type="checkbox" name={ "right-" (word) } value="yes" checked[named(word)];
                    (app.text(lang, &format!("right-{word}"))) }
            }
        }
    }
}

/// The rights that requests are logged for, each with its word.
pub(super) fn loggable() -> Vec<(&'static str, Right)> {
    let known = |right: reader::mail::Right| Some((right.word(), Right::parse(right.word())?));
    reader::mail::Right::ALL.into_iter().filter_map(known).collect()
}

/// The rights that the mail names and no request is logged for: somebody must see to them otherwise.
fn unlogged(row: &MailRow) -> Vec<&str> {
    let known = |word: &str| loggable().iter().any(|(known, _)| *known == word);
    row.understood.rights.iter().map(String::as_str).filter(|word| !known(word)).collect()
}
