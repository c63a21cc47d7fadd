//! The list of controllers.

use crate::{App, lists};
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use web::{PageError, Visit, components, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let mut parties = super::store::page(&mut app.store().read(), &asked.q, &asked.after, lists::ask()).await?;
    let more = parties.len() > lists::PAGE;
    parties.truncate(lists::PAGE);
    let heads = ["party-name", "party-contact", "party-language", "party-place", "party-lists"].map(text);
    let rows: Vec<Vec<Markup>> = parties
        .iter()
        .map(|party| {
            let of = |path: &str, key: &str| html! { a href={ (path) "?controller=" (party.id) } { (text(key)) } };
            vec![
                html! { (party.name) },
                html! { (party.contact.clone().unwrap_or_else(|| text("erased"))) },
                html! { (party.lang.code().to_uppercase()) },
                html! { (party.place) },
                html! { (of("/agreements", "nav-agreements")) " · " (of("/requests", "nav-requests")) " · " (of("/duties", "nav-duties")) },
            ]
        })
        .collect();
    let last = parties.last().filter(|_| more).map_or("", |party| party.name.as_str());
    let searched = !asked.q.is_empty();
    let body = html! {
        form.filters method="get" action="/parties" role="search" {
            (components::field("q", &text("party-search"), "search", &asked.q, false, None))
            button.second type="submit" { (text("filter-show")) }
        }
        @if rows.is_empty() && searched { (components::empty(&text("parties-none"), Some(("/parties", &text("filter-all"))))) }
        @else if rows.is_empty() { (components::empty(&text("parties-empty"), Some(("/agreements/new", &text("agreement-import"))))) }
        @else { (components::table(&text("parties-title"), &heads, &rows)) }
        @if !last.is_empty() {
            p { a.button.second rel="next" href=(lists::address("/parties", &[("q", &asked.q), ("after", last)])) { (text("page-next")) } }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("parties-title"), &body))
}
