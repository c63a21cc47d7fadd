//! The first page of the area: what waits for you, what goes on, what you were told.

use super::{mine, text};
use crate::requests::{RequestRow, State, waiting_of};
use crate::{App, agreements, lists, notices, parties, requests, view};
use axum::extract::State as Shared;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::{PageError, Visit, page};

/// Letters the page shows; their own page has all.
const LETTERS_MAX: i64 = 5;

pub(super) async fn home(Shared(app): Shared<App>, visit: Visit) -> Result<Markup, PageError> {
    let controller = mine(&visit)?;
    let text = text(&app, &visit);
    let mut db = app.store().read();
    let party = parties::find(&mut db, &controller).await?.ok_or(PageError::NotFound)?;
    let waiting = waiting_of(&mut db, &controller).await?;
    let wanted = requests::store::Wanted { controller: Some(controller.clone()), ..Default::default() };
    let open = requests::store::lines(&mut db, &wanted, lists::COUNT_MAX).await?;
    let letters = notices::of_controller(&mut db, &controller, None, LETTERS_MAX).await?;
    let known = agreements::of_controller(&mut db, &controller).await?;
    let in_force = known.iter().filter(|row| row.state == agreements::State::InForce).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let tone = if waiting.is_empty() { Tone::Ok } else { Tone::Warn };
    let mut lines = Vec::new();
    for row in &waiting {
        let by = requests::answer_by(&mut db, row.received_at, &party).await?;
        lines.push((row, by));
    }
    let body = html! {
        p { (text("client-home-lead")) }
        div.figures {
            (components::figure(count(waiting.len()), &text("client-waiting"), "/client/requests", tone))
            (components::figure(count(open.len()), &text("client-open"), "/client/requests", Tone::Quiet))
            (components::figure(count(in_force), &text("client-in-force"), "/client/agreements", Tone::Quiet))
        }
        section { h2 { (text("client-waiting-title")) }
            @if lines.is_empty() { (components::empty(&text("client-waiting-none"), None)) }
            @else { ul.plain { @for (row, by) in &lines { li { (waits(&app, &visit, row, *by)) } } } }
        }
        section { h2 { (text("client-told-title")) }
            @if letters.is_empty() { (components::empty(&text("client-told-none"), None)) }
            @else { ul.plain { @for letter in &letters { li { a href={ "/client/notices/" (letter.id) } lang=(letter.lang.code()) { (letter.subject) } " " (super::notices::badge(&app, &visit, letter)) br; span.small { (view::when(letter.queued_at, visit.lang)) } } } } }
        }
    };
    let action = html! { a.button href="/client/requests/new" { (text("client-lodge")) } };
    Ok(page::with_action(&app.shell, Some(&visit), &party.name, Some(action), &body))
}

/// A request that waits for an instruction, and until when its person must have an answer.
fn waits(app: &App, visit: &Visit, row: &RequestRow, by: kernel::Date) -> Markup {
    let text = text(app, visit);
    html! {
        a href={ "/client/requests/" (row.id) } { (text(&format!("request-title-{}", row.right.word()))) } " "
        (super::requests::state_badge(app, visit, State::Forwarded, None)) br;
        span.small { (text("client-received")) " " (view::when(row.received_at, visit.lang)) " · " (text("client-answer-by")) " " (view::day(by, visit.lang)) }
    }
}
