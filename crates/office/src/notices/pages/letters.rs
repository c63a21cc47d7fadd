//! How letters are worded: every kind, its preview, its history, and the form that changes it.

use super::wording_text;
use crate::notices::store::Worded;
use crate::notices::wording::{self, Wording};
use crate::notices::{LetterKind, kinds as registry, store, wordings};
use crate::{App, Refusal, view};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Lang;
use maud::{Markup, html};
use serde::Deserialize;
use web::{PageError, Posted, Visit, components, page};

/// The house's address in samples.
const SAMPLE_HOUSE: &str = "https://garant.example";

pub(in crate::notices) async fn kinds(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let mut read = app.store().read();
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    for kind in registry::all() {
        let mut versions = Vec::new();
        for lang in Lang::ALL {
            let holds = wordings::holding(&mut read, kind, lang).await?;
            versions.push(format!(
                "{} {}",
                lang.code().to_uppercase(),
                wording_text(&app, &visit, Some(&holds.version))
            ));
        }
        rows.push(vec![
            html! { a href={ "/notices/letters/" (kind.name) } { (kind.title[visit.lang as usize]) } },
            html! { (text(&format!("letter-to-{}", kind.to.word()))) },
            html! { (text(if kind.urgent { "letter-urgent" } else { "letter-not-urgent" })) },
            html! { (kind.law) },
            html! { (versions.join(" · ")) },
        ]);
    }
    let heads = ["letter-kind", "letter-to", "letter-when", "letter-law", "letter-versions"].map(text);
    let body = html! {
        p { (text("letters-lead")) }
        (components::table(&text("letters-title"), &heads, &rows))
    };
    Ok(page::page(&app.shell, Some(&visit), &text("letters-title"), &body))
}

#[derive(Default, Deserialize)]
pub(in crate::notices) struct Asked {
    /// The language of the letter; that of the page is another matter.
    #[serde(default, rename = "in")]
    lang: String,
}

fn lang_of(word: &str, visit: &Visit) -> Lang {
    word.parse().unwrap_or(visit.lang)
}

pub(in crate::notices) async fn kind(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let kind = wordings::must_find(&name).map_err(|refusal| refusal.page(visit.lang))?;
    let lang = lang_of(&asked.lang, &visit);
    let holds = wordings::holding(&mut app.store().read(), kind, lang).await?;
    shown(&app, &visit, kind, lang, &holds, None, false).await
}

/// The page of a kind, with this wording in its preview and its form.
async fn shown(
    app: &App,
    visit: &Visit,
    kind: &LetterKind,
    lang: Lang,
    wording: &Wording,
    refusal: Option<&Refusal>,
    is_draft: bool,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let history = store::wordings(&mut app.store().read(), kind.name, lang).await?;
    let other = lang.pick(Lang::Fr, Lang::En);
    let body = html! {
        (view::refused(refusal, visit.lang))
        p { a href={ "/notices/letters/" (kind.name) "?in=" (other.code()) } { (text(&format!("letter-in-{}", other.code()))) } }
        (facts(app, visit, kind, lang))
        h2 id="preview" { (text(if is_draft { "letter-draft" } else { "letter-preview" })) }
        (preview(app, visit, kind, lang, wording))
        @if app.may(visit, "letters.edit") { (form(app, visit, kind, lang, wording, is_draft && refusal.is_none())) }
        h2 id="versions" { (text("letter-history")) }
        (versions(app, visit, kind, lang, &history))
    };
    Ok(page::page(&app.shell, Some(visit), kind.title[visit.lang as usize], &body))
}

fn facts(app: &App, visit: &Visit, kind: &LetterKind, lang: Lang) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let fields: Vec<Vec<Markup>> = kind
        .fields
        .iter()
        .map(|field| {
            let mut rules = Vec::new();
            if field.required {
                rules.push(text("letter-field-required"));
            }
            if field.private {
                rules.push(text("letter-field-private"));
            }
            vec![
                html! { code { "{" (field.name) "}" } },
                html! { (field.what[visit.lang as usize]) },
                html! { (rules.join(" ; ")) },
            ]
        })
        .collect();
    let heads = ["letter-field", "letter-field-what", "letter-field-rule"].map(text);
    html! {
        (components::facts(&[
            (text("letter-to"), html! { (text(&format!("letter-to-{}", kind.to.word()))) }),
            (text("letter-when"), html! { (text(if kind.urgent { "letter-urgent" } else { "letter-not-urgent" })) }),
            (text("letter-law"), html! { (kind.law) }),
        ]))
        (components::table(&text("letter-fields"), &heads, &fields))
        @if !kind.minimum.is_empty() {
            h2 { (text("letter-minimum")) }
            ul { @for sentence in kind.minimum { li lang=(lang.code()) { (sentence[lang as usize]) } } }
        }
    }
}

fn preview(app: &App, visit: &Visit, kind: &LetterKind, lang: Lang, wording: &Wording) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let rendered = wording::render(wording, &kind.samples(lang));
    let body = rendered
        .body
        .replace(crate::notices::SECRET, kind.field("secret").map_or("", |field| field.sample[lang as usize]));
    html! {
        p { strong lang=(lang.code()) { (rendered.subject) } }
        div.two {
            div { h3 { (text("letter-as-text")) } pre lang=(lang.code()) { (body) } }
            div lang=(lang.code()) { h3 lang=(visit.lang.code()) { (text("letter-as-page")) } (wording::paragraphs(&body, SAMPLE_HOUSE)) }
        }
    }
}

fn form(app: &App, visit: &Visit, kind: &LetterKind, lang: Lang, wording: &Wording, may_save: bool) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    html! {
        h2 id="wording" { (text("letter-edit")) }
        (components::post(&format!("/notices/letters/{}#preview", kind.name), visit.csrf(), &html! {
            input type="hidden" name="in" value=(lang.code());
            (components::field("subject", &text("notice-subject"), "text", &wording.subject, true, None))
            div.field {
                label for="body" { (text("notice-text")) }
                p.hint id="body-hint" { (text("letter-body-hint")) }
                textarea id="body" name="body" rows="16" required lang=(lang.code()) aria-describedby="body-hint" { (wording.body) }
            }
            button type="submit" name="verb" value="preview" { (text("letter-see")) }
            @if may_save { " " button type="submit" name="verb" value="save" { (text("letter-save")) } }
        }))
    }
}

fn versions(app: &App, visit: &Visit, kind: &LetterKind, lang: Lang, history: &[Worded]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let may = app.may(visit, "letters.edit");
    let button = |version: i64| {
        components::post(
            &format!("/notices/letters/{}/again", kind.name),
            visit.csrf(),
            &html! {
                input type="hidden" name="in" value=(lang.code());
                input type="hidden" name="version" value=(version);
                button.second type="submit" { (text("letter-again")) }
            },
        )
    };
    let holds = history.first().map_or(0, |one| one.version);
    html! {
        ol.timeline {
            li { (wording_text(app, visit, Some(&format!("standard:{}", kind.standard))))
                @if may && holds > 0 { (button(0)) } }
            @for one in history.iter().rev() {
                li {
                    (view::when(one.made_at, visit.lang)) " "
                    (wording_text(app, visit, Some(&format!("house:{}", one.version))))
                    @if let Some((subject, body)) = &one.text { details { summary { (subject) } pre { (body) } } }
                    @else { " " (text("letter-restored")) }
                    @if may && one.version != holds { (button(one.version)) }
                }
            }
        }
        p { a href={ "/ledger?record=letter:" (kind.name) } { (text("board-entries")) } }
    }
}

#[derive(Deserialize)]
pub(in crate::notices) struct Edited {
    #[serde(rename = "in")]
    lang: String,
    subject: String,
    body: String,
    verb: String,
}

/// A wording is looked at, or saved. What is wrong is said above the form, which keeps what was typed.
pub(in crate::notices) async fn save(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    Posted(form): Posted<Edited>,
) -> Result<Response, PageError> {
    let kind = wordings::must_find(&name).map_err(|refusal| refusal.page(visit.lang))?;
    let lang = lang_of(&form.lang, &visit);
    let body = form.body.replace("\r\n", "\n");
    let done = match form.verb.as_str() {
        "save" => wordings::word(&app, visit.actor(), kind.name, lang, &form.subject, &body).await,
        _ => wording::check(kind, lang, form.subject.trim(), &body),
    };
    if form.verb == "save" && done.is_ok() {
        let to = format!("/notices/letters/{}?in={}#preview", kind.name, lang.code());
        return Ok(Redirect::to(&to).into_response());
    }
    let refusal = done.err();
    let status = refusal.as_ref().map_or(StatusCode::OK, Refusal::status);
    let draft = Wording { subject: form.subject, body, version: String::new() };
    let page = shown(&app, &visit, kind, lang, &draft, refusal.as_ref(), true).await?;
    Ok((status, page).into_response())
}

#[derive(Deserialize)]
pub(in crate::notices) struct Again {
    #[serde(rename = "in")]
    lang: String,
    version: String,
}

/// An earlier wording holds again.
pub(in crate::notices) async fn again(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    Posted(form): Posted<Again>,
) -> Result<Redirect, PageError> {
    let lang = lang_of(&form.lang, &visit);
    let version = form.version.parse().map_err(|_| PageError::NotFound)?;
    let done = wordings::again(&app, visit.actor(), &name, lang, version).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/notices/letters/{name}?in={}#versions", lang.code())))
}
