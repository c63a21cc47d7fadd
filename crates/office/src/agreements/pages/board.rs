//! The promise board: the agreement's own text, clause by clause, coloured by whether it is kept.

use super::id;
use super::text;
use crate::agreements::{Review, store};
use crate::duties::{self, Keeping, PromiseRow, keeping};
use crate::{App, view};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Instant, Lang};
use maud::{Markup, html};
use reader::Passage;
use serde::Deserialize;
use std::ops::Range;
use web::components;
use web::{PageError, Posted, Visit, page};

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The page of the text, from 1.
    #[serde(default)]
    page: String,
}

pub(crate) async fn board(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let review = Review::load(app.store(), &id(&key)?).await.map_err(|refusal| refusal.page(lang))?;
    let (row, study) = (&review.row, &review.study);
    let promises = duties::of_agreement(&mut app.store().read(), &row.id).await?;
    let (cited, by_law): (Vec<&PromiseRow>, Vec<&PromiseRow>) =
        promises.iter().partition(|promise| promise.made.span.is_some());
    let pages = text::pages(study);
    let current = asked.page.parse().unwrap_or(1).clamp(1, pages.len());
    let pager = text::pager(&app.text(lang, "review-pages"), pages.len(), current, &|page| {
        format!("/agreements/{}/board?page={page}", row.id)
    });
    let body = html! {
        p { (row.controller_name) " · " a href={ "/agreements/" (row.id) } { (app.text(lang, "board-facts")) } }
        (legend(&app, lang, &promises, visit.now))
        (pager)
        div.board { (clauses(&app, &visit, &review, &pages[current - 1], &cited)) }
        (pager)
        @if !by_law.is_empty() && current == pages.len() {
            h2 { (app.text(lang, "board-by-law")) }
            div.card { (promise_list(&app, &visit, row, &by_law)) }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &format!("{} · {}", app.text(lang, "board-title"), row.title), &body))
}

/// The clauses of a page of the text, each beside what it promises.
fn clauses(app: &App, visit: &Visit, review: &Review, page: &Range<usize>, cited: &[&PromiseRow]) -> Markup {
    let study = &review.study;
    let cites = text::cites(study, review.file());
    let within = |range: &Range<usize>| -> Vec<&PromiseRow> {
        let begins = |promise: &PromiseRow| promise.made.span.map(|span| study.range(span).start);
        cited.iter().copied().filter(|promise| begins(promise).is_some_and(|at| range.contains(&at))).collect()
    };
    html! {
        @for (index, passage, range) in text::passages(study, page) {
            @let here = within(&range);
            @let worst = here.iter().map(|promise| keeping(promise, visit.now)).max();
            @let words = study.text.get(range.clone()).unwrap_or_default();
            section.clause.(tone(worst)) id={ "clause-" (index) } {
                div lang=(review.row.language) {
                    @if is_heading(passage, words) { h2 { (words.trim()) } }
                    @else { div.text { (text::plainly_marked(study, &range, &cites)) } }
                }
                div { (promise_list(app, visit, &review.row, &here)) }
            }
        }
    }
}

/// A clause that is nothing but its number and title.
fn is_heading(passage: &Passage, words: &str) -> bool {
    let words = words.trim();
    passage.title.as_ref().is_some_and(|title| words.ends_with(title.trim()) && words.len() < title.len() + 24)
}

fn tone(worst: Option<Keeping>) -> &'static str {
    worst.filter(|keeping| *keeping != Keeping::NotTested).map_or("none", |keeping| keeping.tone().class())
}

fn legend(app: &App, lang: Lang, promises: &[PromiseRow], now: Instant) -> Markup {
    let count = |wanted: Keeping| promises.iter().filter(|promise| keeping(promise, now) == wanted).count();
    html! {
        p.legend {
            @for state in [Keeping::Kept, Keeping::Due, Keeping::Late, Keeping::Broken, Keeping::NotTested] {
                (components::badge(state.tone(), &format!("{} {}", count(state), app.text(lang, &format!("keeping-{}", state.word())))))
            }
        }
    }
}

fn promise_list(app: &App, visit: &Visit, row: &store::AgreementRow, promises: &[&PromiseRow]) -> Markup {
    let lang = visit.lang;
    html! {
        ul {
            @for promise in promises {
                @let state = keeping(promise, visit.now);
                li {
                    (components::badge(state.tone(), &app.text(lang, &format!("keeping-{}", state.word())))) " "
                    (promise.title(lang))
                    @if promise.made.owed_by == "controller" { " " span.quiet { (app.text(lang, "board-theirs")) } }
                    @for duty in &promise.duties { br; (duty_line(app, lang, duty, visit.now)) }
                    @if let Some(evidence) = &promise.evidence { br; span.quiet { (app.text(lang, "board-evidence")) " " (evidence) } }
                    @if may_evidence(app, visit) && (promise.duties.iter().any(|duty| duty.ended_at.is_none() || duty.state == "missed") || (state == Keeping::NotTested && promise.made.mode == "standing")) { (evidence_form(app, visit, row, promise)) }
                }
            }
        }
    }
}

fn may_evidence(app: &App, visit: &Visit) -> bool {
    app.may(visit, "agreements.evidence")
}

fn duty_line(app: &App, lang: Lang, duty: &duties::Duty, now: Instant) -> Markup {
    html! {
        span.small title=(duty.explanation.get(lang)) {
            @match (duty.ended_at, duty.target.filter(|at| *at > now).or(duty.own_due)) {
                (Some(at), _) => { (app.text(lang, "board-done")) " " (view::when(at, lang)) }
                (None, Some(due)) => { (app.text(lang, "board-due")) " " (view::due(due, lang)) }
                (None, None) => { (app.text(lang, "board-no-figure")) }
            }
            @if let Some(evidence) = &duty.evidence { " · " (view::evidence_text(app, lang, evidence)) }
            " · " a href={ "/duties/" (duty.id) } { (app.text(lang, "board-duty")) }
        }
    }
}

fn evidence_form(app: &App, visit: &Visit, row: &store::AgreementRow, promise: &PromiseRow) -> Markup {
    let action = format!("/agreements/{}/evidence", row.id);
    let field = format!("evidence-{}", promise.made.promise.replace('.', "-"));
    html! {
        details {
            summary.small { (app.text(visit.lang, "board-add-evidence")) }
            (components::post(&action, visit.csrf(), &html! {
                input type="hidden" name="promise" value=(promise.made.promise);
                label for=(field) { (app.text(visit.lang, "board-evidence-label")) }
                div.row { input id=(field) name="evidence" required maxlength="2000"; (components::submit(&app.text(visit.lang, "board-evidence-save"))) }
            }))
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Shown {
    promise: String,
    evidence: String,
}

pub(crate) async fn evidence(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(shown): Posted<Shown>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let done = duties::evidence(app.store(), visit.now, visit.actor(), &id, &shown.promise, &shown.evidence).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}/board")).into_response())
}
