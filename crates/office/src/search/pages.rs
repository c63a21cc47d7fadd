//! The page that finds, and the few lines a field shows while somebody types.

use super::{Asked, Found, Hit, sources};
use crate::{App, lists, requests};
use axum::extract::{Query, State};
use axum::response::Redirect;
use kernel::SubjectId;
use maud::{Markup, html};
use serde::Deserialize;
use web::{PageError, Posted, Visit, components, page};

/// Persons of one address that a page shows: a controller's person each.
const PERSONS_MAX: usize = 20;

/// Things of one kind that are shown while somebody types.
const HITS_MAX: usize = 4;

/// What the address asks for: words, or the persons a posted address belongs to.
#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    persons: Option<String>,
}

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    q: String,
}

/// Leads to what was typed; an e-mail address is looked up here and goes no further.
pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Redirect, PageError> {
    let words = typed.q.trim();
    if !words.contains('@') {
        return Ok(Redirect::to(&lists::address("/search", &[("q", words)])));
    }
    let mut known = Vec::new();
    if app.may(&visit, "requests.read-person") {
        known = requests::store::persons(&mut app.store().read(), &words.to_lowercase()).await?;
    }
    known.truncate(PERSONS_MAX);
    let known: Vec<String> = known.iter().map(SubjectId::to_string).collect();
    Ok(Redirect::to(&format!("/search?persons={}", known.join("."))))
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Wanted>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let (found, looked) = match (&asked.persons, asked_by(&app, &visit, &asked.q)) {
        (Some(persons), _) => (of_persons(&app, &visit, persons).await?, true),
        (None, Some(asked)) => (super::find(&app, &asked).await?, true),
        (None, None) => (Vec::new(), false),
    };
    let body = html! {
        form.row method="post" action="/search" role="search" aria-label=(text("search-words")) {
            input type="hidden" name="csrf" value=(visit.csrf());
            (components::named_field("words", "q", &text("search-words"), "search", &asked.q, Some(&text("search-hint"))))
            (components::submit(&text("search-go")))
        }
        @for kind in &found {
            section { h2 id=(kind.kind) { (text(kind.kind)) } (list(&kind.hits)) }
        }
        @if looked && found.is_empty() { (components::empty(&text("search-nothing"), None)) }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("search-title"), &body))
}

/// The lines under a field while somebody types: a part of a page, for our script.
pub(super) async fn hits(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Wanted>,
) -> Result<Markup, PageError> {
    let found = match asked_by(&app, &visit, &asked.q) {
        Some(asked) => super::find(&app, &asked).await?,
        None => Vec::new(),
    };
    Ok(html! {
        @for kind in &found {
            p.hint role="presentation" { (app.text(visit.lang, kind.kind)) }
            @for (at, hit) in kind.hits.iter().take(HITS_MAX).enumerate() {
                a role="option" id={ (kind.kind) "-" (at) } href=(hit.href) aria-selected="false" tabindex="-1" {
                    (hit.title) @if !hit.detail.is_empty() { " " span.quiet { (hit.detail) } }
                }
            }
        }
        @if found.is_empty() { p.hint role="presentation" { (app.text(visit.lang, "search-nothing")) } }
    })
}

fn asked_by(app: &App, visit: &Visit, words: &str) -> Option<Asked> {
    let role = visit.session.as_ref()?.role;
    let policy = &app.shell.policy;
    let may = policy.rules().filter(|(_, roles)| roles.contains(&role)).map(|(name, _)| name.to_owned()).collect();
    Asked::new(words, visit.lang, may)
}

/// The requests of persons, by their ids.
async fn of_persons(app: &App, visit: &Visit, persons: &str) -> Result<Vec<Found>, PageError> {
    let mut hits = Vec::new();
    let ids = persons.split('.').take(PERSONS_MAX).filter_map(|id| id.parse::<SubjectId>().ok());
    if app.may(visit, "requests.read-person") {
        for subject in ids {
            let lines = requests::store::lines_of(&mut app.store().read(), &subject).await?;
            hits.extend(lines.iter().map(|line| sources::hit_of(app, visit.lang, line)));
        }
    }
    let found = Found { kind: "search-requests", hits };
    Ok(if found.hits.is_empty() { Vec::new() } else { vec![found] })
}

fn list(hits: &[Hit]) -> Markup {
    html! {
        ul.plain {
            @for hit in hits {
                li { a href=(hit.href) { (hit.title) } @if !hit.detail.is_empty() { br; span.small.quiet { (hit.detail) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_links_with_what_tells_them_apart() {
        let hits = [Hit { title: "<b>".into(), detail: "d".into(), href: "/x".into() }];
        let shown = list(&hits).into_string();
        assert!(shown.contains("&lt;b&gt;") && shown.contains("href=\"/x\""), "{shown}");
    }
}
