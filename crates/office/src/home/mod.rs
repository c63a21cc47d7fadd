//! Home: what must I do today. It owns no table; it reads what the other features own.

use crate::duties::{DutyLine, Keeping, Wanted};
use crate::{App, Feature, Route, accounts, agreements, duties, feature, inbox, notices, requests, systems, view};
use ::store::Columns;
use axum::extract::State;
use axum::routing::get;
use kernel::{Instant, Lang, clock};
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
    reacts: &[],
    routes: &[Route { method: "GET", path: "/", access: Access::May("home.read"), handler: || get(home) }],
    api: &[],
    samples: Vec::new,
};

/// The most duties the page shows; the list has all.
const SHOWN_MAX: i64 = 50;

async fn home(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let lang = visit.lang;
    let text = |key: &str| app.text(lang, key);
    let mut read = app.store().read();
    let mine = visit.session.as_ref().map(|session| (session.account.clone(), session.role));
    let [open, late] = duties::store::open_count(&mut read, visit.now).await?;
    let own = Wanted { mine, ..Wanted::default() };
    let own = duties::open_lines(&mut read, &own, visit.now, SHOWN_MAX).await?;
    let requests = requests::store::open_count(&mut read).await?;
    let letters = notices::store::unsent(&mut read).await?;
    let mails = inbox::waiting(&mut read).await?;
    let tone = |count: i64, bad: Tone| if count == 0 { Tone::Ok } else { bad };
    let body = html! {
        div.figures {
            (components::figure(late, &text("home-late"), "/duties", tone(late, Tone::Late)))
            (components::figure(open, &text("home-running"), "/duties", Tone::Quiet))
            (components::figure(requests, &text("home-requests"), "/requests", Tone::Quiet))
            @if app.inbox.is_some() || mails > 0 {
                (components::figure(mails, &text("home-mails"), "/inbox", tone(mails, Tone::Warn)))
            }
            (components::figure(letters, &text("home-letters"), "/notices", tone(letters, Tone::Warn)))
        }
        (checklist(&app, lang).await?)
        @if own.is_empty() { (components::notice(Tone::Ok, &text("home-nothing"), &text("home-nothing-text"))) }
        @else {
            @for (key, group) in groups(&own, visit.now) {
                @if !group.is_empty() { section { h2 id=(key) { (text(key)) } (duties::table(&app, &visit, &group, &text(key))) } }
            }
        }
        p { a href="/duties" { (text("home-all")) } }
    };
    let may = app.may(&visit, "requests.log");
    let action = may.then(|| html! { a.button href="/requests/new" { (text("request-new")) } });
    Ok(page::with_action(&app.shell, Some(&visit), &text("home-title"), action, &body))
}

/// What is late, what is due today, within a week, and later.
fn groups(open: &[DutyLine], now: Instant) -> [(&'static str, Vec<DutyLine>); 4] {
    let place = view::house_place();
    let today = clock::day_of(now, &place);
    let (tonight, week) = (clock::end_of_day(today, &place), clock::end_of_day(clock::days_after(today, 7), &place));
    let mut groups = [
        ("home-late-group", Vec::new()),
        ("home-today", Vec::new()),
        ("home-week", Vec::new()),
        ("home-later", Vec::new()),
    ];
    for one in open {
        let due = one.target.filter(|at| *at > now).or(one.own_due);
        let place = match due {
            _ if one.keeping >= Keeping::Late => 0,
            Some(at) if at <= tonight => 1,
            Some(at) if at <= week => 2,
            _ => 3,
        };
        groups[place].1.push(one.clone());
    }
    groups
}

/// The first steps, computed from what is there; gone once all are done.
async fn checklist(app: &App, lang: Lang) -> Result<Markup, PageError> {
    let mut read = app.store().read();
    let in_force = agreements::store::any_in_force(&mut read).await?;
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
