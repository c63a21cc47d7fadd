//! Review: the text on the left with every citation marked, the terms on the right.

use super::id;
use crate::App;
use crate::agreements::review::{self, Decision, write};
use crate::agreements::{put_in_force, store};
use agreement::file::AgreementFile;
use agreement::names::{self, Shape, TermName};
use agreement::reading::{Reading, Term};
use agreement::text as words;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Lang;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use web::components;
use web::{PageError, Posted, Visit, page};

pub(crate) async fn form(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let row = store::find(&mut app.store().read(), &id(&key)?).await?.ok_or(PageError::NotFound)?;
    let (reading, bytes) = review::reading_of(app.store(), &row.id).await.map_err(|refusal| refusal.page(lang))?;
    let file = review::draft(app.store(), &row.id).await.map_err(|refusal| refusal.page(lang))?;
    let outline = review::outline_of(&bytes, &row.file_name).await;
    let action = format!("/agreements/{}/review", row.id);
    let body = html! {
        p { (app.text(lang, "review-intro")) }
        div.two {
            section aria-label=(app.text(lang, "review-text")) {
                @for clause in &outline {
                    div.card id={ "clause-" (clause.index) } lang=(row.language) {
                        (marked(&bytes, clause.span, &reading))
                    }
                }
            }
            section aria-label=(app.text(lang, "review-terms")) {
                (components::post(&action, visit.csrf(), &html! {
                    @for name in ordered(&reading) { (term_field(&app, lang, name, &reading, &file, &outline)) }
                    (components::submit(&app.text(lang, "review-confirm")))
                }))
            }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &format!("{} · {}", app.text(lang, "agreement-review"), row.title), &body))
}

/// What was said first, least certain first; what is silent after.
fn ordered(reading: &Reading) -> Vec<&'static TermName> {
    let mut names: Vec<&TermName> = names::TERMS.iter().collect();
    let rank = |name: &TermName| {
        let term = reading.term(name.name);
        let silent = term.is_none_or(|term| term.span.is_none());
        let confidence = term.map_or(1.0, |term| term.confidence);
        (silent, confidence)
    };
    names.sort_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal));
    names
}

fn term_field(
    app: &App,
    lang: Lang,
    name: &TermName,
    reading: &Reading,
    file: &AgreementFile,
    outline: &[reader::Clause],
) -> Markup {
    let term = reading.term(name.name);
    let stored = file.term(name.name);
    let value = stored.and_then(|term| term.value.as_ref()).map(write).unwrap_or_default();
    let id = format!("term-{}", name.name.replace('.', "-"));
    let hint = shape_hint(app, lang, name.shape);
    html! {
        div.field {
            label for=(id) { (lang.pick(name.en, name.fr)) }
            p.hint { (read_as(app, lang, term, outline)) }
            input id=(id) name=(name.name) value=(value) placeholder=(hint);
            @if name.shape == Shape::Duration {
                label.small { input type="checkbox" name={ "working:" (name.name) } value="yes"
                    checked[stored.is_some_and(|term| term.working)]; (app.text(lang, "review-working-days")) }
            }
        }
    }
}

fn read_as(app: &App, lang: Lang, term: Option<&Term>, outline: &[reader::Clause]) -> Markup {
    let Some(term) = term.filter(|term| term.span.is_some()) else {
        return html! { (app.text(lang, "review-silent")) };
    };
    let at = term.span.map_or(0, |span| span[0]);
    let place = outline.iter().find(|clause| clause.span[0] <= at && at < clause.span[1]);
    html! {
        (words::state_text(term.state, lang)) " · "
        @if let Some(clause) = place {
            a href={ "#clause-" (clause.index) } { (term.clause.clone().or(clause.title.clone()).unwrap_or_else(|| app.text(lang, "review-see"))) } " · "
        }
        "“" (term.text) "”"
        @for other in &term.others { br; "“" (other.text) "”" }
    }
}

fn shape_hint(app: &App, lang: Lang, shape: Shape) -> String {
    match shape {
        Shape::Flag => app.text(lang, "shape-flag"),
        Shape::Duration => app.text(lang, "shape-duration"),
        Shape::Word(words) => words.join(" / "),
        Shape::Number => app.text(lang, "shape-number"),
        Shape::Text => app.text(lang, "shape-text"),
        Shape::List => app.text(lang, "shape-list"),
        Shape::Date => app.text(lang, "shape-date"),
    }
}

/// A piece of the original with the cited words marked.
pub(super) fn marked(bytes: &[u8], span: [usize; 2], reading: &Reading) -> Markup {
    let mut cuts: Vec<[usize; 2]> = reading
        .terms
        .iter()
        .filter_map(|term| term.span)
        .filter(|cited| span[0] <= cited[0] && cited[1] <= span[1])
        .collect();
    cuts.sort_unstable();
    let slice = |from: usize, to: usize| String::from_utf8_lossy(bytes.get(from..to).unwrap_or_default()).into_owned();
    let mut at = span[0];
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for [from, to] in cuts {
        if to <= at {
            continue;
        }
        let from = from.max(at);
        pieces.push((false, slice(at, from)));
        pieces.push((true, slice(from, to)));
        at = to;
    }
    pieces.push((false, slice(at, span[1])));
    html! {
        div.text { @for (cited, text) in &pieces { @if *cited { mark { (text) } } @else { (text) } } }
    }
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(fields): Posted<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let decisions: Vec<Decision> = fields
        .iter()
        .filter(|(name, _)| names::find(name).is_some())
        .map(|(term, value)| Decision {
            term: term.clone(),
            value: value.clone(),
            working: fields.contains_key(&format!("working:{term}")),
        })
        .collect();
    let reviewed = review::review(app.store(), visit.now, visit.actor(), &id, &decisions).await;
    reviewed.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}")).into_response())
}

#[derive(Deserialize)]
pub(crate) struct InForce {
    #[serde(default)]
    accept: String,
}

pub(crate) async fn in_force(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(form): Posted<InForce>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let done = put_in_force(app.store(), visit.now, visit.actor(), &id, form.accept == "yes").await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}/board")).into_response())
}
