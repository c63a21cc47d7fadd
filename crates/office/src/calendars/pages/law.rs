//! The figures of the law: what is shipped, what was corrected, from which day on.

use super::acts::day;
use super::ground;
use crate::calendars::{self, Correction, figures, store};
use crate::{App, Kind, Refusal, view};
use axum::extract::State;
use axum::response::Redirect;
use kernel::clock;
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Posted, Visit, page};

pub(crate) async fn page(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let sets = store::figure_sets(&mut app.store().read()).await?;
    let today = clock::day_of(visit.now, &app.place());
    let heads = ["figures-what", "figures-now", "figures-since", "calendar-source"].map(text);
    let mut rows = Vec::new();
    for figure in figures::shipped() {
        let changed = sets.iter().filter(|set| set.key == figure.key);
        let lines = std::iter::once((figure.period, figure.from, figure.source.as_str()))
            .chain(changed.map(|set| (set.period, set.from, set.source.as_str())));
        for (period, from, source) in lines {
            let holds = figures::on(&figure.key, today, &sets) == Some(period);
            rows.push(vec![
                html! { (figure.title(visit.lang)) },
                html! { @if holds { strong { (clock::length_text(&period, visit.lang)) } } @else { (clock::length_text(&period, visit.lang)) } },
                view::day(from, visit.lang),
                html! { (source) },
            ]);
        }
    }
    let body = html! {
        p { (text("figures-why")) }
        (components::table(&text("figures-title"), &heads, &rows))
        @if app.may(&visit, "calendars.correct") { h2 { (text("figures-set")) } (form(&app, &visit, &today.to_string())) }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("figures-title"), &body))
}

fn form(app: &App, visit: &Visit, today: &str) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let options: Vec<(String, String)> =
        figures::shipped().iter().map(|one| (one.key.clone(), one.title(visit.lang).to_owned())).collect();
    components::post(
        "/calendars/law",
        visit.csrf(),
        &html! {
            (components::select("figure", &text("figures-what"), &options, ""))
            (components::field("period", &text("figures-period"), "text", "", true, Some(&text("duty-extend-hint"))))
            (components::field("from", &text("calendars-from-day"), "date", today, true, None))
            (ground(app, visit, "figure"))
            (components::submit(&text("figures-set")))
        },
    )
}

#[derive(Deserialize)]
pub(crate) struct Given {
    figure: String,
    period: String,
    from: String,
    reason: String,
    source: String,
}

impl Given {
    fn correction(&self) -> Result<Correction, Refusal> {
        let period = self.period.trim().parse().map_err(|_| {
            Refusal::new(
                Kind::Invalid,
                "period",
                ["That is no period.", "Ce n'est pas un délai."],
                [
                    "Write one number and one unit, such as P1M or PT72H.",
                    "Écrivez un nombre et une unité, comme P1M ou PT72H.",
                ],
            )
        })?;
        Ok(Correction::SetFigure { figure: self.figure.clone(), period, from: day(&self.from)? })
    }
}

pub(crate) async fn set(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Redirect, PageError> {
    let done = match given.correction() {
        Ok(what) => calendars::correct(&app, visit.actor(), what, &given.reason, &given.source).await,
        Err(refusal) => Err(refusal),
    };
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/calendars/law"))
}
