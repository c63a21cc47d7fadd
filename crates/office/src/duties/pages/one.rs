//! One duty: what it is, how its clock stands and was counted, what can be done, what happened.

use super::{id, line, role_text, state_badge};
use crate::duties::store::{self, Duty};
use crate::{App, accounts, parties, view};
use axum::extract::{Path, State};
use kernel::Lang;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::{PageError, Visit, page};

pub(crate) async fn one(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let duty = store::find(&mut app.store().read(), &id(&key)?).await?.ok_or(PageError::NotFound)?;
    let people = accounts::list(&mut app.store().read()).await?;
    let body = html! {
        @if duty.state == "paused" { (components::notice(Tone::Info, &text("duty-paused"), duty.cause.as_deref().unwrap_or(&text("erased")))) }
        div.two {
            div {
                (components::facts(&facts(&app, &visit, &duty, &people).await?))
                h2 { (text("line-title")) }
                (line::line(&app, &visit, &duty))
                @if !duty.explanation.get(visit.lang).is_empty() {
                    h2 { (text("request-how-counted")) }
                    p { (duty.explanation.get(visit.lang)) }
                    p.hint { (basis(&app, &visit, &duty)) }
                }
                (actions(&app, &visit, &duty, &people))
            }
            div { h2 { (text("history")) } (view::timeline(&app, duty.id.as_str(), visit.lang).await?) }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), duty.title(visit.lang), &body))
}

/// What it was counted with.
fn basis(app: &App, visit: &Visit, duty: &Duty) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let law = duty.law.map_or_else(|| text("law-none"), |law| text(&format!("law-{}", law.word())));
    html! {
        (text("duty-edition")) " " (duty.edition) " · " a href={ "/calendars?place=" (duty.place) } { (duty.place) }
        @if let Some(zones) = &duty.zones { " · " (text("duty-zones")) " " (zones) }
        @if duty.agreement.is_some() { " · " (text("law-title")) ": " (law) }
    }
}

async fn facts(
    app: &App,
    visit: &Visit,
    duty: &Duty,
    people: &[accounts::Account],
) -> Result<Vec<(String, Markup)>, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let controller = match &duty.controller {
        Some(id) => parties::find(&mut app.store().read(), id).await?.map(|party| party.name),
        None => Some(text("duty-house")),
    };
    let owner = people.iter().find(|person| Some(&person.id) == duty.owner.as_ref());
    let who = owner.map_or_else(|| role_text(app, visit.lang, duty), |person| person.name.clone());
    let mut facts = vec![
        (text("home-state"), state_badge(app, visit, duty)),
        (text("home-for"), html! { (controller.unwrap_or_else(|| text("erased"))) }),
        (text("duty-owner"), html! { (who) }),
        (text("duty-from"), source(app, visit.lang, duty)),
    ];
    if let Some(evidence) = &duty.evidence {
        facts.push((
            text("duty-evidence"),
            html! {
                @if let Some(review) = evidence.strip_prefix("access-review:") {
                    a href={ "/access/review/" (review) } { (view::evidence_text(app, visit.lang, evidence)) }
                } @else { (view::evidence_text(app, visit.lang, evidence)) }
                @if let Some(words) = &duty.shown { br; (words) }
            },
        ));
    }
    if duty.longer.is_some() {
        facts.push((text("duty-extended"), html! { (duty.reason.clone().unwrap_or_else(|| text("erased"))) }));
    }
    Ok(facts)
}

/// What started it, as a link.
fn source(app: &App, lang: Lang, duty: &Duty) -> Markup {
    match &duty.agreement {
        None if duty.mode == "notice" => {
            html! { a href={ "/notices/" (duty.record) } { (app.text(lang, "duty-letter")) } }
        }
        None if duty.mode == "alert" => {
            html! { a href={ "/accounts/" (duty.record) } { (app.text(lang, "duty-reader")) } }
        }
        None => html! { a href="/programme" { (app.text(lang, "programme-title")) } },
        Some(agreement) if duty.record == agreement.as_str() => {
            html! { a href={ "/agreements/" (agreement) "/board" } { (app.text(lang, "duty-agreement")) } }
        }
        Some(_) => html! { a href={ "/requests/" (duty.record) } { (app.text(lang, "duty-request")) } },
    }
}

fn actions(app: &App, visit: &Visit, duty: &Duty, people: &[accounts::Account]) -> Markup {
    if duty.state == "discharged" || !app.may(visit, "duties.discharge") {
        return html! {};
    }
    html! {
        (done_form(app, visit, duty))
        (owner_form(app, visit, duty, people))
        @if app.may(visit, "duties.change") { (clock_forms(app, visit, duty)) }
    }
}

fn done_form(app: &App, visit: &Visit, duty: &Duty) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    if duty.mode == "programme" && duty.promise == crate::duties::REVIEWED_ELSEWHERE {
        return html! { p { a href="/access/review" { (text("duty-review-access")) } } };
    }
    html! {
        h2 { (text("duty-done")) }
        (components::post(&format!("/duties/{}/done", duty.id), visit.csrf(), &html! {
            (components::field("evidence", &text("duty-evidence"), "text", "", true, Some(&text("duty-evidence-hint"))))
            (components::submit(&text("duty-done-do")))
        }))
    }
}

fn owner_form(app: &App, visit: &Visit, duty: &Duty, people: &[accounts::Account]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let able = people.iter().filter(|person| app.shell.policy.may(person.role, "duties.discharge"));
    let mut options = vec![(String::new(), role_text(app, visit.lang, duty))];
    options.extend(able.map(|person| (person.id.to_string(), person.name.clone())));
    let chosen = duty.owner.as_ref().map(ToString::to_string).unwrap_or_default();
    html! {
        h2 { (text("duty-hand-over")) }
        (components::post(&format!("/duties/{}/owner", duty.id), visit.csrf(), &html! {
            (components::select("owner", &text("duty-owner"), &options, &chosen))
            button.second type="submit" { (text("duty-hand-over-do")) }
        }))
    }
}

fn clock_forms(app: &App, visit: &Visit, duty: &Duty) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let base = format!("/duties/{}", duty.id);
    html! {
        h2 { (text("duty-clock")) }
        @if duty.state == "paused" {
            (components::post(&format!("{base}/resume"), visit.csrf(), &html! { button.second type="submit" { (text("duty-resume")) } }))
        } @else if duty.state == "running" {
            details { summary { (text("duty-pause")) }
                (components::post(&format!("{base}/pause"), visit.csrf(), &html! {
                    (components::field("cause", &text("duty-cause"), "text", "", true, Some(&text("duty-cause-hint"))))
                    button.second type="submit" { (text("duty-pause-do")) }
                }))
            }
            @if duty.longer.is_none() && duty.schedule.as_ref().is_some_and(|schedule| schedule.period.is_some()) {
                details { summary { (text("duty-extend")) }
                    (components::post(&format!("{base}/extension"), visit.csrf(), &html! {
                        (components::field("by", &text("duty-extend-by"), "text", "P2M", true, Some(&text("duty-extend-hint"))))
                        (components::field("reason", &text("duty-reason"), "text", "", true, None))
                        button.second type="submit" { (text("duty-extend-do")) }
                    }))
                }
            }
        }
    }
}
