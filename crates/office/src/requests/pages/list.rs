//! The list of requests.

use super::state_badge;
use crate::requests::{letters, store};
use crate::{App, view};
use axum::extract::State;
use maud::{Markup, html};
use web::{PageError, Visit, components, page};

pub(crate) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let requests = store::list(&mut app.store().read(), 200).await?;
    let heads =
        ["request-number", "request-right", "request-controller", "request-state", "request-received"].map(text);
    let rows: Vec<Vec<Markup>> = requests
        .iter()
        .map(|row| {
            vec![
                html! { a href={ "/requests/" (row.id) } { code { (&row.id.as_str()[16..]) } } },
                html! { (letters::right_text(row.right, visit.lang)) },
                html! { (row.controller_name) },
                state_badge(&app, visit.lang, row.state, row.outcome),
                view::when(row.received_at, visit.lang),
            ]
        })
        .collect();
    let may = visit.session.as_ref().is_some_and(|session| crate::requests::LOGGERS.contains(&session.role));
    let action = may.then(|| html! { a.button href="/requests/new" { (text("request-new")) } });
    let body = html! {
        @if rows.is_empty() { (components::empty(&text("requests-empty"), Some(("/requests/new", &text("request-new"))))) }
        @else { (components::table(&text("requests-title"), &heads, &rows)) }
    };
    Ok(page::with_action(&app.shell, Some(&visit), &text("requests-title"), action, &body))
}
