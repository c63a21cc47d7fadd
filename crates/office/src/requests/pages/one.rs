//! One request: its steps, its facts, its plan, what to do next, and what happened.

use super::{id, state_badge};
use crate::requests::{PlanSet, RequestRow, Right, State, letters, plan_set, record_reading, store};
use crate::{App, accounts, duties, notices, parties, view};
use axum::extract::{Path, State as Shared};
use kernel::Lang;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::{PageError, Visit, page};

pub(crate) async fn one(Shared(app): Shared<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    let row = store::find(&mut app.store().read(), &id(&key)?).await?.ok_or(PageError::NotFound)?;
    if may_read(&app, &visit) {
        record_reading(&app, &row, &visit.actor()).await?;
    }
    render(&app, &visit, &row, None).await
}

/// The page, with the passphrase of a package just made.
pub(super) async fn render(
    app: &App,
    visit: &Visit,
    row: &RequestRow,
    passphrase: Option<&str>,
) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let plan = plan_set(app.store(), row).await?;
    let body = html! {
        (steps(app, lang, row))
        @if let Some(passphrase) = passphrase {
            div.notice.info role="status" {
                p { strong { (text("package-passphrase")) } } p { code { (passphrase) } } p { (text("package-passphrase-text")) }
            }
        }
        (result(app, lang, row))
        div.two {
            div {
                (next_step(app, visit, row, plan.as_ref()))
                @if let Some(plan) = &plan { (plan_table(app, lang, row, plan)) }
                (outcome_table(app, lang, row).await?)
            }
            div {
                (facts(app, visit, row).await?)
                (clocks(app, visit, row).await?)
                (sent_letters(app, visit, row).await?)
                h2 { (text("history")) }
                (view::timeline(app, row.id.as_str(), lang).await?)
            }
        }
    };
    let title = format!("{} · {}", text(&format!("request-title-{}", row.right.word())), row.controller_name);
    Ok(page::page(&app.shell, Some(visit), &title, &body))
}

fn steps(app: &App, lang: Lang, row: &RequestRow) -> Markup {
    let order = [State::Forwarded, State::Instructed, State::Planned, State::Approved, State::Applied, State::Closed];
    let here = order.iter().position(|state| *state == row.state).unwrap_or(match row.state {
        State::Applying => 3,
        _ => 0,
    });
    html! {
        ol.steps {
            @for (at, state) in order.iter().enumerate() {
                li.(if at < here { "done" } else { "step" }) aria-current=[(at == here).then_some("step")] {
                    (app.text(lang, &format!("request-step-{}", state.word())))
                }
            }
        }
    }
}

fn result(app: &App, lang: Lang, row: &RequestRow) -> Markup {
    let tone = match row.outcome {
        Some(crate::requests::Outcome::Left) => Tone::Late,
        Some(crate::requests::Outcome::PartlyKept) => Tone::Warn,
        _ => Tone::Ok,
    };
    html! {
        @if let Some(outcome) = row.outcome { (components::notice(tone, letters::outcome_text(outcome, lang), "")) }
        @if let Some(why) = &row.stale { (components::notice(Tone::Warn, &app.text(lang, "request-stale"), why)) }
        @if row.state == State::Refused { (components::notice(Tone::Info, &app.text(lang, "request-refused"), "")) }
    }
}

/// Auditors see what happened, not whose data it was.
fn may_read(app: &App, visit: &Visit) -> bool {
    app.may(visit, "requests.read-person")
}

async fn facts(app: &App, visit: &Visit, row: &RequestRow) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let may = may_read(app, visit);
    let text = |key: &str| app.text(lang, key);
    let erased = || text("erased");
    let controller = parties::find(&mut app.store().read(), &row.controller).await?;
    let mut items = vec![
        (text("request-number"), html! { code { (row.id) } }),
        (text("request-state"), state_badge(app, lang, row.state, row.outcome)),
        (
            text("request-email"),
            html! { @if may { (row.email.clone().unwrap_or_else(erased)) } @else { (text("hidden-for-role")) } },
        ),
        (
            text("request-received"),
            html! { (view::when(row.received_at, lang)) " · " (channel(app, lang, &row.channel)) },
        ),
    ];
    if let Some(controller) = controller {
        let by = letters::answer_by(&mut app.store().read(), row.received_at, &controller).await?;
        items.push((text("request-controllers-month"), view::day(by, lang)));
    }
    if let Some(note) = row.note.as_ref().filter(|_| may) {
        items.push((text("request-note"), html! { (note) }));
    }
    if let Some(said) = row.instruction.as_ref().filter(|said| may && !said.is_empty()) {
        items.push((text("request-instruction"), html! { (said) }));
    }
    for (key, who) in [("request-planned-by", &row.planned_by), ("request-approved-by", &row.approved_by)] {
        if let Some(who) = who {
            let account = accounts::store::find(&mut app.store().read(), who).await?;
            items.push((text(key), html! { (account.map_or_else(|| who.to_string(), |account| account.name)) }));
        }
    }
    Ok(components::facts(&items))
}

/// A channel in words, where it is one of ours.
fn channel(app: &App, lang: Lang, word: &str) -> String {
    match word {
        "mail" | "telephone" | "letter" | "other" | "api" | "command-line" | "client-area" => {
            app.text(lang, &format!("channel-{word}"))
        }
        other => other.to_owned(),
    }
}

async fn clocks(app: &App, visit: &Visit, row: &RequestRow) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let duties = duties::store::of_record(&mut app.store().read(), &row.controller, row.id.as_str()).await?;
    Ok(html! {
        @if !duties.is_empty() {
            h2 { (app.text(lang, "request-clocks")) }
            ul.plain {
                @for duty in &duties {
                    @let state = duty.keeping(visit.now);
                    li { (components::badge(state.tone(), &app.text(lang, &format!("keeping-{}", state.word())))) " " a href={ "/duties/" (duty.id) } { (duty.title(lang)) }
                        @if let Some(due) = duty.own_due { br; span.small { (app.text(lang, "board-due")) " " (view::due(due, lang)) } }
                        details.small { summary { (app.text(lang, "request-how-counted")) } (duty.explanation.get(lang)) }
                    }
                }
            }
        }
    })
}

async fn sent_letters(app: &App, visit: &Visit, row: &RequestRow) -> Result<Markup, PageError> {
    let rows = notices::of_record(&mut app.store().read(), &row.controller, row.id.as_str()).await?;
    Ok(html! {
        @if !rows.is_empty() {
            h2 { (app.text(visit.lang, "notices-title")) }
            ul.plain { @for notice in &rows { li { (notices::state_badge(app, visit, notice)) " " a href={ "/notices/" (notice.id) } { (notice.subject) } } } }
        }
    })
}

fn next_step(app: &App, visit: &Visit, row: &RequestRow, plan: Option<&PlanSet>) -> Markup {
    let Some(session) = &visit.session else { return html! {} };
    let text = |key: &str| app.text(visit.lang, key);
    let (decider, doer) = (app.may(visit, "requests.approve"), app.may(visit, "requests.carry-out"));
    let logger = app.may(visit, "requests.instruct");
    let form =
        |action: &str, body: Markup| components::post(&format!("/requests/{}/{action}", row.id), visit.csrf(), &body);
    let withdraw = html! { details { summary.small { (text("request-withdraw")) } (form("instruction", html! {
    input type="hidden" name="decision" value="refuse";
    (components::field("withdrawal", &text("request-instruction"), "text", "", false, Some(&text("request-instruction-hint"))))
    button.second type="submit" { (text("request-withdraw-submit")) } })) } };
    let plan_again = html! { button.second type="submit" { (text("request-plan-again")) } };
    html! {
        @match row.state {
            State::Forwarded if logger => { div.card { h2 { (text("request-next-instruct")) } (form("instruction", html! {
                fieldset { legend { (text("request-decision")) }
                    label { input type="radio" name="decision" value="carry-out" required; (text("request-carry-out")) }
                    label { input type="radio" name="decision" value="refuse"; (text("request-refuse")) } }
                (components::field("note", &text("request-instruction"), "text", "", false, Some(&text("request-instruction-hint"))))
                (components::submit(&text("request-record-instruction")))
            })) } }
            State::Instructed if doer => { div.card { h2 { (text("request-next-plan")) } p { (text("request-next-plan-text")) }
                (form("plan", components::submit(&text("request-make-plan")))) @if logger { (withdraw) } } }
            State::Planned => { div.card { h2 { (text("request-next-approve")) }
                @if Some(&session.account) == row.planned_by.as_ref() { p { (text("request-needs-another")) } }
                @else if decider { p { (text("request-next-approve-text")) } (form("approval", html! {
                    input type="hidden" name="hash" value=(row.plan_hash.clone().unwrap_or_default());
                    (components::submit(&text("request-approve"))) })) }
                @else { p { (text("request-needs-decider")) } }
                @if doer { (form("plan", plan_again)) } @if logger { (withdraw) } } }
            State::Approved | State::Applying if doer => { div.card { h2 { (text("request-next-apply")) }
                p { (text(if row.right == Right::Erasure { "request-next-erase-text" } else { "request-next-access-text" })) }
                (form("apply", html! { @if row.right == Right::Erasure { button.danger type="submit" { (text("request-erase")) } }
                    @else { (components::submit(&text("request-make-package"))) } }))
                @if logger && row.state == State::Approved { (withdraw) } } }
            State::Applied | State::Refused => { (ended(app, visit, row, plan.is_some(), [decider, doer])) }
            _ => {}
        }
    }
}

/// What is left to do once it is carried out or refused.
fn ended(app: &App, visit: &Visit, row: &RequestRow, planned: bool, [decider, doer]: [bool; 2]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let form =
        |action: &str, body: Markup| components::post(&format!("/requests/{}/{action}", row.id), visit.csrf(), &body);
    let left = row.outcome == Some(crate::requests::Outcome::Left);
    let hint =
        if row.right == Right::Erasure && planned { "request-next-close-erasure" } else { "request-next-close-text" };
    html! {
        div.card {
            @if row.package_sha256.is_some() && doer {
                p { a.button href={ "/requests/" (row.id) "/package" } { (text("package-download")) } }
                @if !row.package_taken { (form("package", html! { button.second type="submit" { (text("package-again")) } })) }
            }
            @if left && doer { (form("plan", html! { button type="submit" { (text("request-plan-again")) } })) }
            @if decider {
                h2 { (text("request-next-close")) }
                p { (text(hint)) }
                (form("close", html! {
                    @if left { p { label { input type="checkbox" name="accept" value="left" required; (text("request-accept-left")) } } }
                    (components::submit(&text("request-close")))
                }))
            }
        }
    }
}

fn plan_table(app: &App, lang: Lang, row: &RequestRow, plan: &PlanSet) -> Markup {
    let text = |key: &str| app.text(lang, key);
    let heads = ["plan-dataset", "plan-action", "plan-rows", "plan-statement"].map(text);
    html! {
        h2 { (text("plan-title")) }
        @if plan.rows() == 0 { (components::notice(Tone::Info, &text("plan-empty"), &text("plan-empty-text"))) }
        @for system in &plan.systems {
            h3 { (system.name) @if let Some(tenant) = &system.plan.tenant { " · " (text("plan-tenant")) " " code { (tenant) } } }
            @let rows: Vec<Vec<Markup>> = system.plan.steps.iter().map(|step| vec![
                html! { code { (step.dataset) } },
                html! { (text(&format!("plan-{}", action_word(step)))) @if let Some(ground) = &step.ground { br; span.quiet { (ground) } } },
                html! { (step.rows) },
                html! { details { summary { (text("plan-show")) } pre { (step.locate) } @if let Some(statement) = &step.statement { pre { (statement) } } } },
            ]).collect();
            (components::table(&system.name, &heads, &rows))
        }
        @for name in &plan.unconfirmed { (components::notice(Tone::Warn, &format!("{name}: {}", text("plan-unconfirmed")), "")) }
        @for name in &plan.not_theirs { p.small { (name) ": " (text("plan-not-theirs")) } }
        p.small { (text("plan-hash")) " " code { (row.plan_hash.clone().unwrap_or_default()) } }
    }
}

fn action_word(step: &estate::Step) -> String {
    serde_json::to_value(step.action).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

async fn outcome_table(app: &App, lang: Lang, row: &RequestRow) -> Result<Markup, PageError> {
    let done = store::systems(&mut app.store().read(), &row.id).await?;
    if done.is_empty() {
        return Ok(html! {});
    }
    let names = crate::systems::list(&mut app.store().read()).await?;
    let name =
        |id: &kernel::SystemId| names.iter().find(|s| s.id == *id).map_or_else(|| id.to_string(), |s| s.name.clone());
    let heads = ["system-name", "outcome-touched", "outcome-reread"].map(|key| app.text(lang, key));
    let rows: Vec<Vec<Markup>> = done
        .iter()
        .map(|system| {
            let touched: Vec<crate::requests::Touched> =
                system.erased.clone().and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
            vec![
                html! { (name(&system.system)) },
                html! { @for step in &touched { (step.dataset) ": " (step.rows) " " (app.text(lang, &format!("plan-{}", step.action))) br; } },
                html! { @if let Some(outcome) = system.outcome { (letters::outcome_text(outcome, lang)) } },
            ]
        })
        .collect();
    Ok(
        html! { h2 { (app.text(lang, "outcome-title")) } (components::table(&app.text(lang, "outcome-title"), &heads, &rows)) },
    )
}
