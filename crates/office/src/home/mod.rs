//! Home: what must I do today. It owns no table; it reads what the other features own.

use crate::duties::Keeping;
use crate::{App, Feature, Route, accounts, agreements, duties, feature, notices, requests, systems, view};
use ::store::Columns;
use axum::extract::State;
use axum::routing::get;
use kernel::Lang;
use maud::{Markup, html};
use web::components::{self, Tone};
use web::guard::Access;
use web::{PageError, Role, Visit, page, session};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "home",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "home", sql: "", toml: "" },
    kinds: &[],
    apply: feature::apply_nothing,
    routes: &[Route { method: "GET", path: "/", access: Access::Roles(&Role::ALL), handler: || get(home) }],
    samples: Vec::new,
};

async fn home(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let mut read = app.store().read();
    let open = duties::open_duties(&mut read, 100).await?;
    let late = open.iter().filter(|(duty, ..)| duty.keeping(visit.now) >= Keeping::Late).count();
    let requests = usize::try_from(requests::store::open_count(&mut read).await?).unwrap_or(0);
    let letters = usize::try_from(notices::store::unsent(&mut read).await?).unwrap_or(0);
    let tone = |count: usize, bad: Tone| if count == 0 { Tone::Ok } else { bad };
    let body = html! {
        div.figures {
            (components::figure(late, &text("home-late"), "#due", tone(late, Tone::Late)))
            (components::figure(open.len(), &text("home-running"), "#due", Tone::Quiet))
            (components::figure(requests, &text("home-requests"), "/requests", Tone::Quiet))
            (components::figure(letters, &text("home-letters"), "/notices", tone(letters, Tone::Warn)))
        }
        (checklist(&app, lang).await?)
        h2 id="due" { (text("home-due")) }
        @if open.is_empty() { (components::notice(Tone::Ok, &text("home-nothing"), &text("home-nothing-text"))) }
        @else { (due_table(&app, &visit, &open)) }
    };
    let may = visit.session.as_ref().is_some_and(|session| requests::LOGGERS.contains(&session.role));
    let action = may.then(|| html! { a.button href="/requests/new" { (text("request-new")) } });
    Ok(page::with_action(&app.shell, Some(&visit), &text("home-title"), action, &body))
}

fn due_table(app: &App, visit: &Visit, open: &[(duties::Duty, duties::PromiseRow, String)]) -> Markup {
    let lang = visit.lang;
    let heads = ["home-when", "home-what", "home-for", "home-state"].map(|key| app.text(lang, key));
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|(duty, promise, controller)| {
            let state = duty.keeping(visit.now);
            let link = if duty.record == duty.agreement.as_str() {
                format!("/agreements/{}/board", duty.agreement)
            } else {
                format!("/requests/{}", duty.record)
            };
            vec![
                html! { @match duty.target.filter(|at| *at > visit.now).or(duty.own_due) {
                    Some(at) => { (view::due(at, lang)) }
                    None => { (app.text(lang, "board-no-figure")) }
                } },
                html! { a href=(link) { (promise.title(lang)) } },
                html! { (controller) },
                components::badge(state.tone(), &app.text(lang, &format!("keeping-{}", state.word()))),
            ]
        })
        .collect();
    components::table(&app.text(lang, "home-due"), &heads, &rows)
}

/// The first steps, computed from what is there; gone once all are done.
async fn checklist(app: &App, lang: Lang) -> Result<Markup, PageError> {
    let mut read = app.store().read();
    let in_force = agreements::list(&mut read).await?.iter().any(|row| row.state == agreements::State::InForce);
    let mapped = !systems::confirmed(&mut read).await?.is_empty();
    let steps = [
        ("home-start-agreement", "/agreements/new", in_force),
        ("home-start-system", "/systems", mapped),
        ("home-start-mail", "/notices", app.mail.is_some()),
        ("home-start-people", "/accounts", accounts::list(&mut read).await?.len() > 1),
        ("home-start-factor", "/accounts/rules", session::rules(&mut read, Role::Owner).await?.second_factor),
    ];
    if steps.iter().all(|(_, _, done)| *done) {
        return Ok(html! {});
    }
    Ok(html! {
        div.card {
            h2 { (app.text(lang, "home-start")) }
            ul.plain {
                @for (key, link, done) in steps {
                    li {
                        (components::badge(if done { Tone::Ok } else { Tone::Warn }, &app.text(lang, if done { "home-done" } else { "home-to-do" })))
                        " " a href=(link) { (app.text(lang, key)) }
                    }
                }
            }
        }
    })
}
