//! The list of requests.

use super::state_badge;
use crate::lists::{self, Choice, Cursor};
use crate::requests::{letters, store};
use crate::{App, view, views};
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use web::{PageError, Visit, components, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    controller: String,
    #[serde(default)]
    after: String,
}

pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let wanted = store::Wanted {
        closed: asked.state == "closed",
        controller: asked.controller.parse().ok(),
        after: Cursor::parse(&asked.after),
    };
    let mut requests = store::lines(&mut app.store().read(), &wanted, lists::ask()).await?;
    let next = lists::cut(&mut requests, |row| Cursor { at: row.received_at, id: row.id.to_string() });
    let states = [(String::new(), text("filter-open")), ("closed".to_owned(), text("filter-closed"))];
    let controllers = lists::controllers(&app, &visit).await?;
    let choices = [
        Choice { name: "state", label: "request-state", options: states.to_vec(), chosen: &asked.state },
        Choice { name: "controller", label: "request-controller", options: controllers, chosen: &asked.controller },
    ];
    let chosen = [("state", asked.state.as_str()), ("controller", asked.controller.as_str())];
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
    let may = app.may(&visit, "requests.log");
    let action = may.then(|| html! { a.button href="/requests/new" { (text("request-new")) } });
    let views = views::bar(&app, &visit, "/requests", &chosen).await?;
    let body = html! {
        (lists::filters(&app, &visit, "/requests", &choices))
        (views)
        @if rows.is_empty() { (components::empty(&text("requests-empty"), Some(("/requests/new", &text("request-new"))))) }
        @else { (components::table(&text("requests-title"), &heads, &rows)) }
        (lists::next(&app, &visit, "/requests", &chosen, next.as_ref()))
    };
    Ok(page::with_action(&app.shell, Some(&visit), &text("requests-title"), action, &body))
}
