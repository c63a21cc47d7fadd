//! Open duties, most urgent first; what is shown is in the address.

use super::badges;
use crate::duties::store::{self, DutyLine, Wanted};
use crate::lists::{self, Choice, Cursor};
use crate::{App, absences, accounts, view, views};
use ::store::StoreError;
use axum::extract::{Query, State};
use kernel::{AccountId, Instant, clock};
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Role, Visit, page};

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
    fn wanted(&self, whose: &[Whose]) -> Wanted {
        Wanted {
            controller: self.controller.parse().ok(),
            mine: whose.iter().find(|one| one.word == self.whose).map(|one| (one.account.clone(), one.role)),
            after: Cursor::parse(&self.after),
        }
    }
}

/// Somebody whose duties a visitor may pick out: themselves, or whom they stand in for.
pub(crate) struct Whose {
    /// As it stands in the address: `mine`, or the account.
    pub(crate) word: String,
    /// What people read.
    pub(crate) text: String,
    /// The account.
    pub(crate) account: AccountId,
    /// Its role.
    pub(crate) role: Role,
}

/// Whose duties the visitor may pick out today.
///
/// # Errors
/// When the database fails.
pub(crate) async fn whose(app: &App, visit: &Visit) -> Result<Vec<Whose>, StoreError> {
    let Some(session) = &visit.session else { return Ok(Vec::new()) };
    let mine = Whose {
        word: "mine".to_owned(),
        text: app.text(visit.lang, "filter-mine"),
        account: session.account.clone(),
        role: session.role,
    };
    let today = clock::day_of(visit.now, &app.place());
    let away = absences::away(&mut app.store().read(), today).await?;
    let covered = away.covered_by(&session.account, session.role == Role::Owner);
    let people = if covered.is_empty() { Vec::new() } else { accounts::list(&mut app.store().read()).await? };
    let away = people.into_iter().filter(|person| covered.contains(&&person.id)).map(|person| Whose {
        word: person.id.to_string(),
        text: format!("{} {}", app.text(visit.lang, "filter-stand-in"), person.name),
        account: person.id,
        role: person.role,
    });
    Ok(std::iter::once(mine).chain(away).collect())
}

pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let known = whose(&app, &visit).await?;
    let wanted = asked.wanted(&known);
    let mut open = store::open_lines(&mut app.store().read(), &wanted, visit.now, lists::ask()).await?;
    let next = lists::cut(&mut open, |one| {
        let at = one.target.or(one.own_due).unwrap_or(Instant::MAX);
        Cursor { at, id: one.id.to_string() }
    });
    let mut whose = vec![(String::new(), text("filter-everybody"))];
    whose.extend(known.into_iter().map(|one| (one.word, one.text)));
    let controllers = lists::controllers(&app, &visit).await?;
    let choices = [
        Choice { name: "whose", label: "filter-whose", options: whose, chosen: &asked.whose },
        Choice { name: "controller", label: "home-for", options: controllers, chosen: &asked.controller },
    ];
    let chosen = [("whose", asked.whose.as_str()), ("controller", asked.controller.as_str())];
    let several = app.may(&visit, "duties.assign");
    let views = views::bar(&app, &visit, "/duties", &chosen).await?;
    let body = html! {
        (lists::filters(&app, &visit, "/duties", &choices))
        (views)
        @if open.is_empty() { (components::empty(&text("duties-empty"), None)) }
        @else if several { (form(&app, &visit, &open).await?) }
        @else { (table(&app, &visit, &open, &text("duties-title"))) }
        (lists::next(&app, &visit, "/duties", &chosen, next.as_ref()))
        p { a href="/programme" { (text("programme-title")) } " · " a href="/calendar" { (text("month-title")) } " · " a href="/absences" { (text("absences-title")) } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("duties-title"), &body))
}

/// The open duties as a table under a caption for screen readers; each row leads to its duty.
pub(crate) fn table(app: &App, visit: &Visit, open: &[DutyLine], caption: &str) -> Markup {
    rows(app, visit, open, caption, false)
}

/// The same with a box for each, and what can be done to those that are ticked.
async fn form(app: &App, visit: &Visit, open: &[DutyLine]) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let people = accounts::list(&mut app.store().read()).await?;
    let mut options = vec![(String::new(), text("duty-nobody"))];
    let able = people.iter().filter(|person| app.shell.policy.may(person.role, "duties.discharge"));
    options.extend(able.map(|person| (person.id.to_string(), person.name.clone())));
    let body = html! {
        (rows(app, visit, open, &text("duties-title"), true))
        div.row {
            (components::select("owner", &text("duty-hand-over"), &options, ""))
            button.second type="submit" { (text("duties-hand-several")) }
        }
    };
    Ok(components::post("/duties/several/owner", visit.csrf(), &body))
}

fn rows(app: &App, visit: &Visit, open: &[DutyLine], caption: &str, boxes: bool) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let mut heads = ["home-when", "home-what", "home-for", "duty-owner", "home-state"].map(text).to_vec();
    if boxes {
        heads.insert(0, lists::pick_head(app, visit));
    }
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|one| {
            let title = &one.title[visit.lang as usize];
            let mut cells = vec![
                when_due(app, visit, one),
                html! { a href={ "/duties/" (one.id) } { (title) } },
                html! { (one.controller.clone().unwrap_or_else(|| text("duty-house"))) },
                html! { (text(&format!("role-{}", one.role.word()))) },
                badges(app, visit, one.keeping, &one.state),
            ];
            if boxes {
                cells.insert(0, lists::pick(app, visit, one.id.as_str(), title));
            }
            cells
        })
        .collect();
    components::table(caption, &heads, &rows)
}

/// When it is due: our target while it lies ahead, else the limit.
fn when_due(app: &App, visit: &Visit, one: &DutyLine) -> Markup {
    match one.target.filter(|at| *at > visit.now).or(one.own_due) {
        Some(at) => view::due(at, visit.lang),
        None => html! { (app.text(visit.lang, "board-no-figure")) },
    }
}
