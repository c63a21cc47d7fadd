//! What people correct from the page of a year.

use crate::calendars::{self, Correction};
use crate::{App, Kind, Refusal};
use axum::extract::State;
use axum::response::Redirect;
use kernel::Date;
use kernel::calendar::When;
use serde::Deserialize;
use std::collections::BTreeMap;
use web::{PageError, Posted, Visit};

async fn then(
    app: &App,
    visit: &Visit,
    what: Result<Correction, Refusal>,
    [reason, source]: [&str; 2],
    to: String,
) -> Result<Redirect, PageError> {
    let done = match what {
        Ok(what) => calendars::correct(app, visit.actor(), what, reason, source).await,
        Err(refusal) => Err(refusal),
    };
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&to))
}

#[derive(Deserialize)]
pub(crate) struct Days {
    place: String,
    verb: String,
    when: String,
    from: String,
    #[serde(default)]
    name: String,
    reason: String,
    source: String,
}

impl Days {
    fn correction(&self) -> Result<Correction, Refusal> {
        let when: When = self.when.parse().map_err(|_| no_when())?;
        let (from, place) = (day(&self.from)?, self.place.clone());
        Ok(match self.verb.as_str() {
            "remove" => Correction::RemoveDay { place, when, from },
            _ => Correction::AddDay { place, when, from, name: self.name.clone() },
        })
    }
}

/// A day, from a form or the command line.
pub(crate) fn day(text: &str) -> Result<Date, Refusal> {
    text.trim().parse().map_err(|_| {
        Refusal::new(
            Kind::Invalid,
            "day",
            ["That is no day.", "Ce n'est pas un jour."],
            ["Write it as 2027-01-31.", "Écrivez-le comme 2027-01-31."],
        )
    })
}

fn no_when() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "calendar-when",
        ["That says no day.", "Cela ne dit aucun jour."],
        [
            "Write 2027-05-07 (once), 12-20 (each year) or easter+39 (days from Easter Sunday).",
            "Écrivez 2027-05-07 (une fois), 12-20 (chaque année) ou easter+39 (jours à compter du dimanche de Pâques).",
        ],
    )
}

pub(crate) async fn days(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Days>,
) -> Result<Redirect, PageError> {
    let year = given.from.get(..4).unwrap_or_default();
    let to = crate::lists::address("/calendars", &[("place", &given.place), ("year", year)]);
    then(&app, &visit, given.correction(), [&given.reason, &given.source], to).await
}

#[derive(Deserialize)]
pub(crate) struct Undone {
    position: String,
    reason: String,
}

pub(crate) async fn undo(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Undone>,
) -> Result<Redirect, PageError> {
    let position = given.position.parse().unwrap_or(0);
    let done = calendars::undo(&app, visit.actor(), position, &given.reason).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/calendars"))
}

#[derive(Deserialize)]
pub(crate) struct Place {
    code: String,
    name: String,
    inherits: String,
    #[serde(default)]
    zone: String,
    reason: String,
    source: String,
}

pub(crate) async fn place(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Place>,
) -> Result<Redirect, PageError> {
    let Place { code, name, inherits, zone, reason, source } = given;
    let to = crate::lists::address("/calendars", &[("place", &code)]);
    then(&app, &visit, Ok(Correction::AddPlace { code, name, inherits, zone }), [&reason, &source], to).await
}

pub(crate) async fn office(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<BTreeMap<String, String>>,
) -> Result<Redirect, PageError> {
    let field = |key: &str| given.get(key).cloned().unwrap_or_default();
    let days = (1..=7).filter(|day| given.contains_key(&format!("d{day}"))).collect();
    let what = Correction::SetOffice { days, opens: field("opens"), closes: field("closes") };
    then(&app, &visit, Ok(what), [&field("reason"), &field("source")], "/calendars".to_owned()).await
}
