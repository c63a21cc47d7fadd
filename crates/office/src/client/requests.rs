//! Requests of a controller's data subjects: how each stands, what the controller decides, and what it asks us to do.

use super::{mine, text};
use crate::lists::{self, Choice, Cursor};
use crate::requests::store::{RequestLine, Wanted};
use crate::requests::{self, NewRequest, Outcome, RequestRow, Right, State, find_of, instruct_of, record_reading};
use crate::{App, Kind, Refusal, duties, parties, view};
use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::RequestId;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn list(
    Shared(app): Shared<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let (text, controller) = (text(&app, &visit), mine(&visit)?);
    let closed = asked.state == "closed";
    let wanted = Wanted { closed, controller: Some(controller), after: Cursor::parse(&asked.after) };
    let mut rows = requests::store::lines(&mut app.store().read(), &wanted, lists::ask()).await?;
    let next = lists::cut(&mut rows, |row| Cursor { at: row.received_at, id: row.id.to_string() });
    let options = [("", "filter-open"), ("closed", "filter-closed")];
    let options = options.map(|(value, key)| (value.to_owned(), text(key))).to_vec();
    let choices = [Choice { name: "state", label: "request-state", options, chosen: &asked.state }];
    let heads = ["request-number", "client-request", "request-state", "request-received"].map(&text);
    let line = |row: &RequestLine| {
        vec![
            html! { a href={ "/client/requests/" (row.id) } { code { (&row.id.as_str()[16..]) } } },
            html! { (text(&format!("request-title-{}", row.right.word()))) },
            state_badge(&app, &visit, row.state, row.outcome),
            view::when(row.received_at, visit.lang),
        ]
    };
    let body = html! {
        p { (text("client-requests-lead")) }
        (lists::filters(&app, &visit, "/client/requests", &choices))
        @if rows.is_empty() { (components::empty(&text("client-requests-none"), None)) }
        @else { (components::table(&text("nav-client-requests"), &heads, &rows.iter().map(line).collect::<Vec<_>>())) }
        (lists::next(&app, &visit, "/client/requests", &[("state", asked.state.as_str())], next.as_ref()))
    };
    let action = html! { a.button href="/client/requests/new" { (text("client-lodge")) } };
    Ok(page::with_action(&app.shell, Some(&visit), &text("nav-client-requests"), Some(action), &body))
}

/// Where a request stands, in words for the controller: what is its turn, what is ours.
pub(super) fn state_badge(app: &App, visit: &Visit, state: State, outcome: Option<Outcome>) -> Markup {
    let tone = match (state, outcome) {
        (State::Forwarded, _) => Tone::Warn,
        (State::Applied, Some(Outcome::Left)) => Tone::Late,
        (State::Applied | State::Closed, _) => Tone::Ok,
        (State::Refused, _) => Tone::Quiet,
        _ => Tone::Info,
    };
    components::badge(tone, &app.text(visit.lang, &format!("client-state-{}", state.word())))
}

fn id(key: &str) -> Result<RequestId, PageError> {
    key.parse().map_err(|_| PageError::NotFound)
}

pub(super) async fn one(Shared(app): Shared<App>, visit: Visit, Path(key): Path<String>) -> Result<Markup, PageError> {
    shown(&app, &visit, &id(&key)?, None).await
}

/// The page shows the person's address: that is an entry, here as in the house.
async fn shown(app: &App, visit: &Visit, id: &RequestId, refused: Option<&Refusal>) -> Result<Markup, PageError> {
    let text = text(app, visit);
    let row = find_of(&mut app.store().read(), &mine(visit)?, id).await?.ok_or(PageError::NotFound)?;
    record_reading(app, &row, &visit.actor()).await?;
    let body = html! {
        (view::refused(refused, visit.lang))
        (result(app, visit, &row))
        div.two {
            div {
                div.card { h2 { (text("client-next")) } p { (text(&format!("client-next-{}", row.state.word()))) } (decision(app, visit, &row)) }
                (clocks(app, visit, &row).await?)
            }
            div { (facts(app, visit, &row).await?) }
        }
    };
    Ok(page::page(&app.shell, Some(visit), &text(&format!("request-title-{}", row.right.word())), &body))
}

fn result(app: &App, visit: &Visit, row: &RequestRow) -> Markup {
    let tone = match row.outcome {
        Some(Outcome::Left) => Tone::Late,
        Some(Outcome::PartlyKept) => Tone::Warn,
        _ => Tone::Ok,
    };
    html! {
        @if let Some(outcome) = row.outcome { (components::notice(tone, requests::outcome_text(outcome, visit.lang), "")) }
        @if row.state == State::Refused { (components::notice(Tone::Info, &app.text(visit.lang, "client-refused"), "")) }
    }
}

/// What can be decided as it stands: to carry it out or refuse it, later only to take that back.
fn decision(app: &App, visit: &Visit, row: &RequestRow) -> Markup {
    let text = text(app, visit);
    let action = format!("/client/requests/{}/instruction", row.id);
    let note = |name: &str| {
        html! { div.field { label for=(name) { (text("client-note")) } p.hint { (text("client-note-hint")) }
        textarea.short id=(name) name="note" maxlength="2000" {} } }
    };
    html! {
        @match row.state {
            State::Forwarded => (components::post(&action, visit.csrf(), &html! {
                fieldset { legend { (text("client-decision")) }
                    label { input type="radio" name="decision" value="carry-out" required; (text("client-carry-out")) }
                    label { input type="radio" name="decision" value="refuse"; (text("client-refuse")) } }
                (note("note"))
                (components::submit(&text("client-instruct")))
            })),
            State::Instructed | State::Planned | State::Approved => details { summary { (text("client-withdraw")) }
                (components::post(&action, visit.csrf(), &html! {
                    input type="hidden" name="decision" value="refuse";
                    p { (text("client-withdraw-text")) }
                    (note("withdrawal"))
                    button.second type="submit" { (text("client-withdraw")) }
                }))
            },
            _ => {}
        }
    }
}

async fn facts(app: &App, visit: &Visit, row: &RequestRow) -> Result<Markup, PageError> {
    let (text, lang) = (text(app, visit), visit.lang);
    let party = parties::find(&mut app.store().read(), &row.controller).await?.ok_or(PageError::NotFound)?;
    let by = requests::answer_by(&mut app.store().read(), row.received_at, &party).await?;
    let mut items = vec![
        (text("request-number"), html! { code { (row.id) } }),
        (text("request-state"), state_badge(app, visit, row.state, row.outcome)),
        (text("client-person"), html! { (row.email.clone().unwrap_or_else(|| text("erased"))) }),
        (text("client-received"), view::when(row.received_at, lang)),
    ];
    if row.channel != requests::CLIENT_AREA {
        items.push((text("client-answer-by"), view::day(by, lang)));
    }
    let words = [("client-their-words", &row.note), ("client-your-instruction", &row.instruction)];
    for (key, said) in words {
        if let Some(said) = said.as_ref().filter(|said| !said.is_empty()) {
            items.push((text(key), html! { (said) }));
        }
    }
    if let Some(at) = row.applied_at {
        items.push((text("client-done-at"), view::when(at, lang)));
    }
    Ok(components::facts(&items))
}

/// What we owe on this request, and until when.
async fn clocks(app: &App, visit: &Visit, row: &RequestRow) -> Result<Markup, PageError> {
    let (text, lang) = (text(app, visit), visit.lang);
    let duties = duties::store::of_record(&mut app.store().read(), &row.controller, row.id.as_str()).await?;
    Ok(html! {
        @if !duties.is_empty() {
            h2 { (text("client-clocks")) }
            ul.plain {
                @for duty in &duties {
                    @let state = duty.keeping(visit.now);
                    li { (components::badge(state.tone(), &text(&format!("keeping-{}", state.word())))) " " (duty.title(lang))
                        @if let Some(due) = duty.other_due.or(duty.own_due) { br; span.small { (text("board-due")) " " (view::due(due, lang)) } }
                        details.small { summary { (text("request-how-counted")) } (duty.explanation.get(lang)) }
                    }
                }
            }
        }
    })
}

#[derive(Deserialize)]
pub(super) struct Instruction {
    decision: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn instruct(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Instruction>,
) -> Result<Response, PageError> {
    let (id, controller) = (id(&key)?, mine(&visit)?);
    let carry_out = match given.decision.as_str() {
        "carry-out" => Ok(true),
        "refuse" => Ok(false),
        _ => Err(undecided()),
    };
    let done = match carry_out {
        Ok(carry_out) => instruct_of(&app, visit.actor(), &controller, &id, carry_out, &given.note).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/client/requests/{id}")).into_response()),
        Err(refusal) => Ok((refusal.status(), shown(&app, &visit, &id, Some(&refusal)).await?).into_response()),
    }
}

fn undecided() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "decision",
        ["Nothing was decided.", "Rien n'a été décidé."],
        ["Choose whether we carry it out or refuse it.", "Choisissez si nous l'exécutons ou la refusons."],
    )
}

#[derive(Default, Deserialize)]
pub(super) struct Lodged {
    #[serde(default)]
    right: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn new(Shared(app): Shared<App>, visit: Visit) -> Markup {
    form(&app, &visit, &Lodged::default(), None)
}

fn form(app: &App, visit: &Visit, given: &Lodged, refused: Option<&Refusal>) -> Markup {
    let text = text(app, visit);
    let rights = ["access", "erasure"].map(|right| (right.to_owned(), text(&format!("right-{right}"))));
    let body = html! {
        p { (text("client-lodge-lead")) }
        (view::refused(refused, visit.lang))
        (components::post("/client/requests/new", visit.csrf(), &html! {
            (components::select("right", &text("client-what"), &rights, &given.right))
            (components::field("email", &text("client-person"), "email", &given.email, true, Some(&text("client-person-hint"))))
            div.field { label for="note" { (text("client-words-label")) } p.hint id="note-hint" { (text("client-words-hint")) }
                textarea id="note" name="note" maxlength="2000" required aria-describedby="note-hint" { (given.note) } }
            (components::submit(&text("client-lodge-send")))
        }))
    };
    page::page(&app.shell, Some(visit), &text("client-lodge"), &body)
}

pub(super) async fn lodge(
    Shared(app): Shared<App>,
    visit: Visit,
    Posted(given): Posted<Lodged>,
) -> Result<Response, PageError> {
    let controller = mine(&visit)?;
    let done = match Right::parse(&given.right) {
        Some(right) => {
            let (email, note, received_at) = (given.email.clone(), given.note.clone(), app.now());
            let new = NewRequest { controller, right, email, note, channel: String::new(), received_at };
            requests::lodge(&app, visit.actor(), new).await
        }
        None => Err(Refusal::not_found("right", "droit")),
    };
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/client/requests/{id}")).into_response()),
        Err(refusal) => Ok((refusal.status(), form(&app, &visit, &given, Some(&refusal))).into_response()),
    }
}
