//! The list of controllers.

use crate::App;
use axum::extract::State;
use maud::{Markup, html};
use web::{PageError, Visit, components, page};

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let parties = super::list(&mut app.store().read()).await?;
    let heads = ["party-name", "party-contact", "party-language", "party-place"].map(text);
    let rows: Vec<Vec<Markup>> = parties
        .iter()
        .map(|party| {
            vec![
                html! { (party.name) },
                html! { (party.contact.clone().unwrap_or_else(|| text("erased"))) },
                html! { (party.lang.code().to_uppercase()) },
                html! { (party.place) },
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        components::empty(&text("parties-empty"), Some(("/agreements/new", &text("agreement-import"))))
    } else {
        components::table(&text("parties-title"), &heads, &rows)
    };
    Ok(page::page(&app.shell, Some(&visit), &text("parties-title"), &body))
}
