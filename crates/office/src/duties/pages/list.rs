//! Open duties, most urgent first; what is shown is in the address.

use super::badges;
use crate::duties::store::{self, DutyLine, Wanted};
use crate::lists::{self, Choice, Cursor};
use crate::{App, view};
use axum::extract::{Query, State};
use kernel::Instant;
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Visit, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    whose: String,
    #[serde(default)]
    controller: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn wanted(&self, visit: &Visit) -> Wanted {
        let session = visit.session.as_ref().filter(|_| self.whose == "mine");
        Wanted {
            controller: self.controller.parse().ok(),
            mine: session.map(|session| (session.account.clone(), session.role)),
            after: Cursor::parse(&self.after),
        }
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let wanted = asked.wanted(&visit);
    let mut open = store::open_lines(&mut app.store().read(), &wanted, visit.now, lists::ask()).await?;
    let next = lists::cut(&mut open, |one| {
        let at = one.target.or(one.own_due).unwrap_or(Instant::MAX);
        Cursor { at, id: one.id.to_string() }
    });
    let whose = [(String::new(), text("filter-everybody")), ("mine".to_owned(), text("filter-mine"))];
    let controllers = lists::controllers(&app, &visit).await?;
    let choices = [
        Choice { name: "whose", label: "filter-whose", options: whose.to_vec(), chosen: &asked.whose },
        Choice { name: "controller", label: "home-for", options: controllers, chosen: &asked.controller },
    ];
    let chosen = [("whose", asked.whose.as_str()), ("controller", asked.controller.as_str())];
    let body = html! {
        (lists::filters(&app, &visit, "/duties", &choices))
        @if open.is_empty() { (components::empty(&text("duties-empty"), None)) }
        @else { (table(&app, &visit, &open)) }
        (lists::next(&app, &visit, "/duties", &chosen, next.as_ref()))
        p { a href="/programme" { (text("programme-title")) } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("duties-title"), &body))
}

/// The open duties as a table; each row leads to its duty.
pub(crate) fn table(app: &App, visit: &Visit, open: &[DutyLine]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let heads = ["home-when", "home-what", "home-for", "duty-owner", "home-state"].map(text);
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|one| {
            vec![
                when_due(app, visit, one),
                html! { a href={ "/duties/" (one.id) } { (one.title[visit.lang as usize]) } },
                html! { (one.controller.clone().unwrap_or_else(|| text("duty-house"))) },
                html! { (text(&format!("role-{}", one.role.word()))) },
                badges(app, visit, one.keeping, &one.state),
            ]
        })
        .collect();
    components::table(&text("home-due"), &heads, &rows)
}

/// When it is due: our target while it lies ahead, else the limit.
fn when_due(app: &App, visit: &Visit, one: &DutyLine) -> Markup {
    match one.target.filter(|at| *at > visit.now).or(one.own_due) {
        Some(at) => view::due(at, visit.lang),
        None => html! { (app.text(visit.lang, "board-no-figure")) },
    }
}
