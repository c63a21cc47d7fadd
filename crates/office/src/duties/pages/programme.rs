//! What the house does again and again: what runs, and what is proposed.

use crate::accounts::Empty;
use crate::duties::{self, Programme, presets, store};
use crate::{App, Kind, Refusal, view};
use axum::extract::{Path, State};
use axum::response::Redirect;
use kernel::{Lang, Period, clock};
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Posted, Role, Visit, page};

pub(crate) async fn page(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let known = store::programme(&mut app.store().read()).await?;
    let running: Vec<Programme> = known.into_iter().filter(|(_, runs)| *runs).map(|(one, _)| one).collect();
    let proposed: Vec<Programme> =
        presets().into_iter().filter(|preset| !running.iter().any(|one| one.key == preset.key)).collect();
    let may = app.may(&visit, "programme.change");
    let body = html! {
        p { (text("programme-why")) }
        @if running.is_empty() { (components::empty(&text("programme-empty"), None)) }
        @else { (table(&app, &visit, &running, may).await?) }
        @if may && !proposed.is_empty() {
            h2 { (text("programme-proposed")) }
            (proposals(&app, &visit, &proposed))
        }
        @if may { h2 { (text("programme-own")) } (own(&app, &visit)) }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("programme-title"), &body))
}

fn title(one: &Programme, lang: Lang) -> &str {
    lang.pick(&one.title_en, &one.title_fr)
}

async fn table(app: &App, visit: &Visit, running: &[Programme], may: bool) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let keys = ["home-what", "programme-every", "programme-hard", "duty-owner", "programme-last", "programme-action"];
    let heads: Vec<String> = keys.iter().take(if may { 6 } else { 5 }).map(|key| text(key)).collect();
    let mut rows = Vec::new();
    for one in running {
        let last = duties::programme_done(app, &one.key).await?;
        let mut row = vec![
            html! { (title(one, visit.lang)) },
            html! { (clock::length_text(&one.every, visit.lang)) },
            html! { (clock::length_text(&one.hard, visit.lang)) },
            html! { (text(&format!("role-{}", one.role.word()))) },
            html! { @match last { Some(at) => { (view::when(at, visit.lang)) } None => { (text("programme-never")) } } },
        ];
        if may {
            let button = html! { button.link type="submit" { (text("programme-end")) } };
            row.push(components::post(&format!("/programme/{}/end", one.key), visit.csrf(), &button));
        }
        rows.push(row);
    }
    Ok(components::table(&text("programme-title"), &heads, &rows))
}

fn proposals(app: &App, visit: &Visit, proposed: &[Programme]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let heads = ["home-what", "programme-every", "programme-hard", "duty-owner", "programme-action"].map(text);
    let rows: Vec<Vec<Markup>> = proposed
        .iter()
        .map(|one| {
            let hidden = [
                ("key", one.key.clone()),
                ("title_en", one.title_en.clone()),
                ("title_fr", one.title_fr.clone()),
                ("role", one.role.word().to_owned()),
                ("every", one.every.to_string()),
                ("hard", one.hard.to_string()),
            ];
            let form = html! {
                @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
                button.link type="submit" { (text("programme-start")) }
            };
            vec![
                html! { (title(one, visit.lang)) },
                html! { (clock::length_text(&one.every, visit.lang)) },
                html! { (clock::length_text(&one.hard, visit.lang)) },
                html! { (text(&format!("role-{}", one.role.word()))) },
                components::post("/programme", visit.csrf(), &form),
            ]
        })
        .collect();
    components::table(&text("programme-proposed"), &heads, &rows)
}

fn own(app: &App, visit: &Visit) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let roles = [Role::Dpo, Role::Engineer, Role::Support, Role::Owner];
    let roles = roles.map(|role| (role.word().to_owned(), text(&format!("role-{}", role.word()))));
    components::post(
        "/programme",
        visit.csrf(),
        &html! {
            (components::field("title_en", &text("programme-title-en"), "text", "", true, None))
            (components::field("title_fr", &text("programme-title-fr"), "text", "", true, None))
            (components::select("role", &text("duty-owner"), &roles, "dpo"))
            (components::field("every", &text("programme-every"), "text", "P6M", true, Some(&text("duty-extend-hint"))))
            (components::field("hard", &text("programme-hard"), "text", "P12M", true, None))
            (components::submit(&text("programme-start")))
        },
    )
}

#[derive(Deserialize)]
pub(crate) struct Given {
    #[serde(default)]
    key: String,
    title_en: String,
    title_fr: String,
    role: Role,
    every: String,
    hard: String,
}

impl Given {
    fn programme(self) -> Result<Programme, Refusal> {
        let period = |text: &str| text.trim().parse::<Period>().map_err(|error| no_period(&error.to_string()));
        let (every, hard) = (period(&self.every)?, period(&self.hard)?);
        let key = if self.key.is_empty() { key_of(&self.title_en) } else { self.key };
        Ok(Programme { key, title_en: self.title_en, title_fr: self.title_fr, role: self.role, every, hard })
    }
}

/// A short name from an English title: `Review the keys` is `review-the-keys`.
fn key_of(title: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let dashed: String = title.chars().map(plain).take(60).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn no_period(why: &str) -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "period",
        [why, "Ce n'est pas un délai."],
        ["Write one number and one unit, such as P6M.", "Écrivez un nombre et une unité, comme P6M."],
    )
}

pub(crate) async fn set(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Redirect, PageError> {
    let done = match given.programme() {
        Ok(programme) => duties::set_programme(&app, visit.actor(), programme).await,
        Err(refusal) => Err(refusal),
    };
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/programme"))
}

pub(crate) async fn end(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Redirect, PageError> {
    duties::end_programme(&app, visit.actor(), &key).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/programme"))
}
