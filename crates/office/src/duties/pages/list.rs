//! Open duties, most urgent first; what is shown is in the address.

use super::state_badge;
use crate::duties::Duty;
use crate::duties::store::{self, OpenDuty, Wanted};
use crate::{App, parties, view};
use axum::extract::{Query, State};
use kernel::{ControllerId, DutyId, Instant};
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Visit, page};

/// Duties of one page.
const PAGE: usize = 50;

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
            controller: self.controller.parse::<ControllerId>().ok(),
            mine: session.map(|session| (session.account.clone(), session.role)),
            after: cursor(&self.after),
        }
    }

    /// The address of this list, from `after` on.
    fn path(&self, after: &str) -> String {
        let pairs = [("whose", self.whose.as_str()), ("controller", self.controller.as_str()), ("after", after)];
        let given: Vec<String> =
            pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("{key}={value}")).collect();
        if given.is_empty() { "/duties".to_owned() } else { format!("/duties?{}", given.join("&")) }
    }
}

/// Where a page ended: milliseconds and id.
fn cursor(text: &str) -> Option<(Instant, DutyId)> {
    let (at, id) = text.split_once('~')?;
    Some((Instant::from_millisecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}

pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(mut asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let wanted = asked.wanted(&visit);
    // What is in the address goes back into it: only what was understood.
    asked.controller = wanted.controller.as_ref().map(ToString::to_string).unwrap_or_default();
    asked.whose = if wanted.mine.is_some() { "mine".to_owned() } else { String::new() };
    let more = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut open = store::open_duties(&mut app.store().read(), &wanted, more).await?;
    let next = (open.len() > PAGE).then(|| {
        open.truncate(PAGE);
        open.last().map(|last| {
            let at = last.duty.target.or(last.duty.own_due).unwrap_or(Instant::MAX);
            format!("{}~{}", at.as_millisecond(), last.duty.id)
        })
    });
    let body = html! {
        (filters(&app, &visit, &asked).await?)
        @if open.is_empty() { (components::empty(&text("duties-empty"), None)) }
        @else { (table(&app, &visit, &open)) }
        @if let Some(Some(after)) = next { p { a.button.second href=(asked.path(&after)) { (text("page-next")) } } }
        p { a href="/programme" { (text("programme-title")) } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("duties-title"), &body))
}

async fn filters(app: &App, visit: &Visit, asked: &Asked) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let mut controllers = vec![(String::new(), text("filter-all"))];
    for party in parties::list(&mut app.store().read()).await? {
        controllers.push((party.id.to_string(), party.name));
    }
    let whose = [(String::new(), text("filter-everybody")), ("mine".to_owned(), text("filter-mine"))];
    Ok(html! {
        form.filters method="get" action="/duties" {
            (components::select("whose", &text("filter-whose"), &whose, &asked.whose))
            (components::select("controller", &text("home-for"), &controllers, &asked.controller))
            button.second type="submit" { (text("filter-show")) }
        }
    })
}

/// The open duties as a table; each row leads to its duty.
pub(crate) fn table(app: &App, visit: &Visit, open: &[OpenDuty]) -> Markup {
    let heads = ["home-when", "home-what", "home-for", "duty-owner", "home-state"].map(|key| app.text(visit.lang, key));
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|one| {
            vec![
                when_due(app, visit, &one.duty),
                html! { a href={ "/duties/" (one.duty.id) } { (one.duty.title(visit.lang)) } },
                html! { (where_from(app, visit, one)) },
                html! { (super::role_text(app, visit.lang, &one.duty)) },
                state_badge(app, visit, &one.duty),
            ]
        })
        .collect();
    components::table(&app.text(visit.lang, "home-due"), &heads, &rows)
}

/// When it is due: our target while it lies ahead, else the limit.
fn when_due(app: &App, visit: &Visit, duty: &Duty) -> Markup {
    match duty.target.filter(|at| *at > visit.now).or(duty.own_due) {
        Some(at) => view::due(at, visit.lang),
        None => html! { (app.text(visit.lang, "board-no-figure")) },
    }
}

/// For whom: a controller, or the house itself.
fn where_from(app: &App, visit: &Visit, one: &OpenDuty) -> String {
    one.controller.clone().unwrap_or_else(|| app.text(visit.lang, "duty-house"))
}
