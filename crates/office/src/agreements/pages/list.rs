//! The list of agreements, and one agreement with what to do next.

use super::{id, state_badge};
use crate::agreements::{AgreementRow, State, file_of, put_in_force, review, store};
use crate::lists::{self, Choice, Cursor};
use crate::{App, view, views};
use agreement::reading::{Finding, Severity};
use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Lang;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    controller: String,
    #[serde(default)]
    after: String,
}

pub(crate) async fn list(
    Shared(app): Shared<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let (of, after) = (asked.controller.parse().ok(), Cursor::parse(&asked.after));
    let mut agreements = store::page(&mut app.store().read(), of.as_ref(), after, lists::ask()).await?;
    let next = lists::cut(&mut agreements, |row| Cursor { at: row.imported_at, id: row.id.to_string() });
    let options = lists::controllers(&app, &visit).await?;
    let choices = [Choice { name: "controller", label: "agreement-controller", options, chosen: &asked.controller }];
    let chosen = [("controller", asked.controller.as_str())];
    let heads = ["agreement-title", "agreement-controller", "agreement-state", "agreement-imported"].map(text);
    let rows: Vec<Vec<Markup>> = agreements
        .iter()
        .map(|row| {
            vec![
                html! { a href={ "/agreements/" (row.id) } { (row.title) } },
                html! { (row.controller_name) },
                state_badge(&app, visit.lang, row.state),
                view::when(row.imported_at, visit.lang),
            ]
        })
        .collect();
    let action =
        may_keep(&app, &visit).then(|| html! { a.button href="/agreements/new" { (text("agreement-import")) } });
    let views = views::bar(&app, &visit, "/agreements", &chosen).await?;
    let body = html! {
        (lists::filters(&app, &visit, "/agreements", &choices))
        (views)
        @if rows.is_empty() { (components::empty(&text("agreements-empty"), Some(("/agreements/new", &text("agreement-import"))))) }
        @else { (components::table(&text("agreements-title"), &heads, &rows)) }
        (lists::next(&app, &visit, "/agreements", &chosen, next.as_ref()))
    };
    Ok(page::with_action(&app.shell, Some(&visit), &text("agreements-title"), action, &body))
}

pub(crate) async fn one(Shared(app): Shared<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let row = store::find(&mut app.store().read(), &id(&key)?).await?.ok_or(PageError::NotFound)?;
    let file = file_of(app.store(), &row.id).await.map_err(|refusal| refusal.page(lang))?;
    let findings = review::findings(app.store(), &row, &file, lang).await.map_err(|refusal| refusal.page(lang))?;
    let body = html! {
        (next_step(&app, &visit, &row, &findings))
        div.two {
            div {
                (components::facts(&facts(&app, lang, &row)))
                p { a href={ "/agreements/" (row.id) "/law" } { (text("law-title")) } }
                h2 { (text("agreement-findings")) }
                (findings_list(&app, lang, &findings))
                (read_again(&app, &visit, &row))
            }
            div { h2 { (text("history")) } (view::timeline(&app, row.id.as_str(), lang).await?) }
        }
    };
    let action = matches!(row.state, State::InForce | State::Replaced)
        .then(|| html! { a.button href={ "/agreements/" (row.id) "/board" } { (text("agreement-board")) } });
    Ok(page::with_action(&app.shell, Some(&visit), &row.title, action, &body))
}

fn may_keep(app: &App, visit: &Visit) -> bool {
    app.may(visit, "agreements.review")
}

/// A newer reader may find more: an action of its own, and an entry.
fn read_again(app: &App, visit: &Visit, row: &AgreementRow) -> Markup {
    let open = matches!(row.state, State::Imported | State::Reviewed);
    html! {
        @if open && may_keep(app, visit) {
            details {
                summary.small { (app.text(visit.lang, "agreement-read-again")) }
                p.hint { (app.text(visit.lang, "agreement-read-again-hint")) }
                (components::post(&format!("/agreements/{}/read-again", row.id), visit.csrf(), &html! {
                    button.second type="submit" { (app.text(visit.lang, "agreement-read-again")) }
                }))
            }
        }
    }
}

fn facts(app: &App, lang: Lang, row: &AgreementRow) -> Vec<(String, Markup)> {
    let text = |key: &str| app.text(lang, key);
    vec![
        (text("agreement-state"), state_badge(app, lang, row.state)),
        (text("agreement-controller"), html! { (row.controller_name) }),
        (text("agreement-document"), html! { (row.file_name) }),
        (text("agreement-kind"), html! { (text(&format!("document-{}", row.document_kind))) }),
        (text("agreement-language"), html! { (row.language.to_uppercase()) }),
        (text("agreement-imported"), view::when(row.imported_at, lang)),
        (
            text("agreement-in-force-at"),
            html! { @if let Some(at) = row.in_force_at { (view::when(at, lang)) } @else { "–" } },
        ),
        (text("agreement-hash"), html! { code { (row.document) } }),
    ]
}

fn next_step(app: &App, visit: &Visit, row: &AgreementRow, findings: &[Finding]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let errors = review::errors(findings);
    match row.state {
        State::InForce | State::Replaced => html! {},
        State::Imported => html! {
            div.notice.warn {
                p { strong { (text("agreement-next-review")) } }
                p { a.button href={ "/agreements/" (row.id) "/review" } { (text("agreement-review")) } }
            }
        },
        State::Reviewed => html! {
            div.notice.info {
                p { strong { (text("agreement-next-force")) } }
                (components::post(&format!("/agreements/{}/in-force", row.id), visit.csrf(), &html! {
                    @if errors > 0 {
                        p { label { input type="checkbox" name="accept" value="yes" required;
                            (app.shell.texts.with(visit.lang, "agreement-accept-errors", &[("count", errors.to_string())])) } }
                    }
                    (components::submit(&text("agreement-put-in-force"))) " "
                    a.button.second href={ "/agreements/" (row.id) "/review" } { (text("agreement-review-again")) }
                }))
            }
        },
    }
}

fn findings_list(app: &App, lang: Lang, findings: &[Finding]) -> Markup {
    let heads = ["finding-severity", "finding-code", "finding-message"].map(|key| app.text(lang, key));
    let rows: Vec<Vec<Markup>> = findings
        .iter()
        .map(|finding| {
            let (tone, word) = match finding.severity {
                Severity::Error => (Tone::Late, "severity-error"),
                Severity::Warning => (Tone::Warn, "severity-warning"),
                Severity::Advice => (Tone::Info, "severity-advice"),
            };
            vec![
                components::badge(tone, &app.text(lang, word)),
                html! { code { (finding.code) } },
                html! { p { (finding.message) } p.hint { (finding.remedy) } },
            ]
        })
        .collect();
    if rows.is_empty() {
        return components::notice(Tone::Ok, &app.text(lang, "findings-none"), "");
    }
    components::table(&app.text(lang, "agreement-findings"), &heads, &rows)
}

#[derive(Deserialize)]
pub(crate) struct InForce {
    #[serde(default)]
    accept: String,
}

pub(crate) async fn in_force(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(form): Posted<InForce>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let done = put_in_force(app.store(), visit.now, visit.actor(), &id, form.accept == "yes").await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/agreements/{id}/board")).into_response())
}
