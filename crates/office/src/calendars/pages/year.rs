//! The year of a place: its days off, where each comes from, what was corrected, and the forms that correct.

use super::ground;
use crate::calendars::store::{self, Corrected, What};
use crate::{App, view};
use axum::extract::{Query, State};
use kernel::calendar::Table;
use kernel::{Date, Place, clock};
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Visit, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    place: String,
    #[serde(default)]
    year: String,
}

/// Years that can be shown.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let corrections = store::corrections(&mut app.store().read()).await?;
    let table = store::table(&mut app.store().read()).await?;
    let today = clock::day_of(visit.now, &app.place());
    let year = asked.year.parse().ok().filter(|year| YEARS.contains(year)).unwrap_or(today.year());
    let place = table.place(&asked.place).unwrap_or_else(|_| table.place("FR").unwrap_or_else(|_| app.place()));
    let body = html! {
        p { (text("calendars-why")) " " (text("calendars-version")) " " strong { (table.version()) } " · " (kernel::calendar::zones_version()) }
        (choice(&app, &visit, &table, &place, year))
        h2 { (place.code()) " · " (year) }
        (days(&app, &visit, &place, year))
        h2 { (text("calendars-corrections")) }
        (corrected(&app, &visit, &corrections))
        @if app.may(&visit, "calendars.correct") { (forms(&app, &visit, &table, &place, today)) }
        h2 { (text("calendars-office")) }
        (office(&app, &visit, &table))
        p { a href="/calendars/law" { (text("figures-title")) } " · " a href="/calendar" { (text("month-title")) } }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("calendars-title"), &body))
}

fn places(table: &Table) -> Vec<(String, String)> {
    let shipped = Place::SHIPPED.iter().map(|code| ((*code).to_owned(), (*code).to_owned()));
    let added = table.places().iter().map(|place| (place.code.clone(), format!("{} ({})", place.code, place.name)));
    shipped.chain(added).collect()
}

fn choice(app: &App, visit: &Visit, table: &Table, place: &Place, year: i16) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let link = |year: i16| format!("/calendars?place={}&year={year}", place.code());
    html! {
        form.filters method="get" action="/calendars" {
            (components::select("place", &text("calendars-place"), &places(table), place.code()))
            (components::field("year", &text("calendars-year"), "number", &year.to_string(), false, None))
            button.second type="submit" { (text("filter-show")) }
        }
        p.pager { a.button.second href=(link(year - 1)) { (year - 1) } a.button.second href=(link(year + 1)) { (year + 1) } }
    }
}

fn days(app: &App, visit: &Visit, place: &Place, year: i16) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let shipped = Place::parse(place.code()).ok();
    let all =
        Date::new(year, 1, 1).into_iter().flat_map(|first| (0..366).map(move |day| clock::days_after(first, day)));
    let mut rows = Vec::new();
    for day in all.filter(|day| day.year() == year) {
        let now = place.holiday_in(day, visit.lang);
        let before = shipped.as_ref().and_then(|place| place.holiday_in(day, visit.lang));
        let origin = match (now, before) {
            (None, None) => continue,
            (Some(_), Some(_)) => "calendars-shipped",
            (Some(_), None) => "calendars-added",
            (None, Some(_)) => "calendars-removed",
        };
        let name = now.or(before).unwrap_or_default().to_owned();
        let gone = now.is_none();
        rows.push(vec![
            html! { time datetime=(day.to_string()) { (clock::date_text(day, visit.lang)) } },
            html! { @if gone { s { (name) } } @else { (name) } },
            html! { (text(origin)) },
        ]);
    }
    let heads = ["calendars-day", "calendars-name", "calendars-origin"].map(text);
    components::table(&format!("{} {year}", place.code()), &heads, &rows)
}

fn corrected(app: &App, visit: &Visit, all: &[Corrected]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    if all.is_empty() {
        return components::empty(&text("calendars-none"), None);
    }
    let heads = ["calendars-what", "calendar-reason", "calendar-source", "line-when", "calendars-undo"].map(text);
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|one| {
            let undo = matches!(one.what, What::Days(..)) && app.may(visit, "calendars.correct");
            vec![
                html! { (words(app, visit, &one.what)) },
                html! { (one.reason.clone().unwrap_or_else(|| text("erased"))) },
                html! { (one.source) },
                view::when(one.made_at, visit.lang),
                html! { @if undo { (undo_form(app, visit, one.position)) } @else { "–" } },
            ]
        })
        .collect();
    components::table(&text("calendars-corrections"), &heads, &rows)
}

fn undo_form(app: &App, visit: &Visit, position: i64) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    components::post(
        "/calendars/undo",
        visit.csrf(),
        &html! {
            input type="hidden" name="position" value=(position);
            (components::named_field(&format!("undo-{position}"), "reason", &text("calendar-reason"), "text", "", None))
            button.link type="submit" { (text("calendars-undo")) }
        },
    )
}

fn words(app: &App, visit: &Visit, what: &What) -> String {
    let text = |key: &str| app.text(visit.lang, key);
    match what {
        What::Place(place) => format!(
            "{} {} ({}), {} {}",
            text("calendars-place"),
            place.code,
            place.name,
            text("calendars-like"),
            place.inherits
        ),
        What::Days(place, change) => {
            let verb = text(if change.adds { "calendars-added" } else { "calendars-removed" });
            format!("{place}: {} {} – {verb}, {} {}", change.when, change.name, text("calendars-from"), change.from)
        }
        What::Office(hours) => {
            let [opens, closes] = hours.times();
            format!("{}: {} {opens}–{closes}", text("calendars-office"), weekdays(app, visit, &hours.days()))
        }
    }
}

fn weekdays(app: &App, visit: &Visit, days: &[u8]) -> String {
    days.iter().map(|day| app.text(visit.lang, &format!("weekday-{day}"))).collect::<Vec<_>>().join(", ")
}

fn forms(app: &App, visit: &Visit, table: &Table, place: &Place, today: Date) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let verbs =
        [("add", "calendars-add"), ("remove", "calendars-remove")].map(|(value, key)| (value.to_owned(), text(key)));
    html! {
        details { summary { (text("calendars-correct")) }
            (components::post("/calendars", visit.csrf(), &html! {
                input type="hidden" name="place" value=(place.code());
                p { strong { (place.code()) } }
                (components::select("verb", &text("calendars-what"), &verbs, "add"))
                (components::field("when", &text("calendars-when"), "text", "", true, Some(&text("calendars-when-hint"))))
                (components::field("from", &text("calendars-from-day"), "date", &today.to_string(), true, Some(&text("calendars-from-hint"))))
                (components::field("name", &text("calendars-name"), "text", "", false, Some(&text("calendars-name-hint"))))
                (ground(app, visit, "day"))
                (components::submit(&text("calendars-correct-do")))
            }))
        }
        details { summary { (text("calendars-add-place")) }
            (components::post("/calendars/places", visit.csrf(), &html! {
                (components::field("code", &text("calendars-code"), "text", "", true, Some(&text("calendars-code-hint"))))
                (components::named_field("place-name", "name", &text("calendars-name"), "text", "", None))
                (components::select("inherits", &text("calendars-inherits"), &with_any(app, visit, table), "FR"))
                (components::field("zone", &text("calendars-zone"), "text", "", false, Some(&text("calendars-zone-hint"))))
                (ground(app, visit, "place"))
                (components::submit(&text("calendars-add-place")))
            }))
        }
    }
}

fn with_any(app: &App, visit: &Visit, table: &Table) -> Vec<(String, String)> {
    let mut all = places(table);
    all.push(("any".to_owned(), app.text(visit.lang, "calendars-any")));
    all
}

fn office(app: &App, visit: &Visit, table: &Table) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let hours = table.office();
    let [opens, closes] = hours.times();
    html! {
        p { (weekdays(app, visit, &hours.days())) ", " (opens) "–" (closes) ". " (text("calendars-office-why")) }
        @if app.may(visit, "calendars.correct") {
            details { summary { (text("calendars-office-set")) }
                (components::post("/calendars/office", visit.csrf(), &html! {
                    fieldset { legend { (text("calendars-office-days")) }
                        @for day in 1..=7u8 {
                            label { input type="checkbox" name={ "d" (day) } value="yes" checked[hours.days().contains(&day)]; (text(&format!("weekday-{day}"))) }
                        }
                    }
                    (components::field("opens", &text("calendars-opens"), "time", &opens, true, None))
                    (components::field("closes", &text("calendars-closes"), "time", &closes, true, None))
                    (ground(app, visit, "office"))
                    (components::submit(&text("calendars-office-set")))
                }))
            }
        }
    }
}
