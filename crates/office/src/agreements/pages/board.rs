//! The promise board: the agreement's own text, clause by clause, coloured by whether it is kept.

use super::id;
use crate::agreements::{review, store};
use crate::duties::{self, Keeping, PromiseRow, keeping};
use crate::{App, view};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Instant, Lang};
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Posted, Role, Visit, page};

pub(crate) async fn board(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let row = store::find(&mut app.store().read(), &id(&key)?).await?.ok_or(PageError::NotFound)?;
    let (reading, bytes) = review::reading_of(app.store(), &row.id).await.map_err(|refusal| refusal.page(lang))?;
    let outline = review::outline_of(&bytes, &row.file_name).await;
    let promises = duties::of_agreement(&mut app.store().read(), &row.id).await?;
    let (cited, by_law): (Vec<&PromiseRow>, Vec<&PromiseRow>) =
        promises.iter().partition(|promise| promise.made.span.is_some());
    let within = |span: [usize; 2]| -> Vec<&PromiseRow> {
        cited.iter().copied().filter(|p| p.made.span.is_some_and(|s| span[0] <= s[0] && s[0] < span[1])).collect()
    };
    let now = visit.now;
    let body = html! {
        p { (row.controller_name) " · " a href={ "/agreements/" (row.id) } { (app.text(lang, "board-facts")) } }
        (legend(&app, lang, &promises, now))
        div.board {
            @for clause in &outline {
                @let here = within(clause.span);
                @let worst = here.iter().map(|promise| keeping(promise, now)).max();
                section.clause.(tone(worst)) id={ "clause-" (clause.index) } {
                    div lang=(row.language) { @if is_heading(clause) { h2 { (clause.text.trim()) } } @else { (review_text(&bytes, clause.span, &reading)) } }
                    div { (promise_list(&app, &visit, &row, &here)) }
                }
            }
        }
        @if !by_law.is_empty() {
            h2 { (app.text(lang, "board-by-law")) }
            div.card { (promise_list(&app, &visit, &row, &by_law)) }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &format!("{} · {}", app.text(lang, "board-title"), row.title), &body))
}

/// A clause that is nothing but its number and title.
fn is_heading(clause: &reader::Clause) -> bool {
    clause
        .title
        .as_ref()
        .is_some_and(|title| clause.text.trim().ends_with(title.trim()) && clause.text.trim().len() < title.len() + 24)
}

fn review_text(bytes: &[u8], span: [usize; 2], reading: &agreement::reading::Reading) -> Markup {
    super::review::marked(bytes, span, reading)
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
                    @if may_evidence(visit) && (promise.duties.iter().any(|duty| duty.ended_at.is_none() || duty.state == "missed") || (state == Keeping::NotTested && promise.made.mode == "standing")) { (evidence_form(app, visit, row, promise)) }
                }
            }
        }
    }
}

fn may_evidence(visit: &Visit) -> bool {
    visit.session.as_ref().is_some_and(|session| matches!(session.role, Role::Owner | Role::Dpo))
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
            " · " a href={ "/ledger?record=" (duty.id) } { (app.text(lang, "board-entries")) }
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
