//! The duties of a month, each on its day; a list where the page is narrow.

use crate::duties::{self, Dated, Whose};
use crate::{App, calendars, lists};
use axum::extract::{Query, State};
use kernel::{Date, Instant, Lang, Place, clock};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use web::components::{self, Tone};
use web::{PageError, Visit, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    month: String,
    #[serde(default)]
    whose: String,
}

/// Duties of a month that are read at once.
const MONTH_MAX: i64 = 1000;
/// Duties shown on one day; the list has the rest.
const DAY_MAX: usize = 6;

/// The first day of the month asked for; of this one when it is none.
fn first(month: &str, today: Date) -> Date {
    let asked = (month.len() == 7).then(|| format!("{month}-01").parse::<Date>().ok()).flatten();
    asked.filter(|day| (1990..=2100).contains(&day.year())).unwrap_or_else(|| today.first_of_month())
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let place = calendars::house(&mut app.store().read()).await?;
    let today = clock::day_of(visit.now, &place);
    let first = first(&asked.month, today);
    let known = duties::whose(&app, &visit).await?;
    let mine = known.iter().find(|one| one.word == asked.whose).map(|one| (one.account.clone(), one.role));
    let span = [clock::start_of_day(first, &place), clock::end_of_day(first.last_of_month(), &place), visit.now];
    let found = duties::between(&mut app.store().read(), span, mine.as_ref(), MONTH_MAX).await?;
    let mut days: BTreeMap<Date, Vec<Dated>> = BTreeMap::new();
    for one in found {
        // A limit at midnight is the end of the day before.
        let day = Instant::from_millisecond(one.due.as_millisecond() - 1).unwrap_or(one.due);
        days.entry(clock::day_of(day, &place)).or_default().push(one);
    }
    let body = html! {
        (moves(&app, &visit, first, &asked.whose))
        (choice(&app, &visit, first, known, &asked.whose))
        (grid(&app, &visit, first, today, &place, &days))
        p { a href="/account/feed" { (text("feed-title")) } " · " a href="/calendars" { (text("calendars-title")) } }
    };
    Ok(page::page(&app.shell, Some(&visit), &title(first, visit.lang), &body))
}

/// "November 2026".
fn title(first: Date, lang: Lang) -> String {
    let long = clock::date_text(first, lang);
    long.split(' ').skip(2).collect::<Vec<_>>().join(" ")
}

fn word(first: Date) -> String {
    first.strftime("%Y-%m").to_string()
}

fn moves(app: &App, visit: &Visit, first: Date, whose: &str) -> Markup {
    let to = |day: Date| lists::address("/calendar", &[("month", &word(day)), ("whose", whose)]);
    let before = clock::days_after(first, -1).first_of_month();
    let after = clock::days_after(first.last_of_month(), 1);
    html! {
        nav.pager aria-label=(app.text(visit.lang, "month-title")) {
            a.button.second rel="prev" href=(to(before)) { (title(before, visit.lang)) }
            a.button.second href=(lists::address("/calendar", &[("whose", whose)])) { (app.text(visit.lang, "month-today")) }
            a.button.second rel="next" href=(to(after)) { (title(after, visit.lang)) }
        }
    }
}

fn choice(app: &App, visit: &Visit, first: Date, known: Vec<Whose>, chosen: &str) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let mut options = vec![(String::new(), text("filter-everybody"))];
    options.extend(known.into_iter().map(|one| (one.word, one.text)));
    html! {
        form.filters method="get" action="/calendar" {
            input type="hidden" name="month" value=(word(first));
            (components::select("whose", &text("filter-whose"), &options, chosen))
            button.second type="submit" { (text("filter-show")) }
        }
    }
}

fn grid(
    app: &App,
    visit: &Visit,
    first: Date,
    today: Date,
    place: &Place,
    days: &BTreeMap<Date, Vec<Dated>>,
) -> Markup {
    let before = i64::from(first.weekday().to_monday_zero_offset());
    let start = clock::days_after(first, -before);
    let weeks = (before + i64::from(first.days_in_month()) + 6) / 7;
    let none = Vec::new();
    html! {
        table.month {
            caption.unseen { (title(first, visit.lang)) }
            thead { tr { @for day in 1..=7 { th scope="col" { (app.text(visit.lang, &format!("weekday-{day}"))) } } } }
            tbody {
                @for week in 0..weeks {
                    tr { @for day in (0..7).map(|day| clock::days_after(start, week * 7 + day)) {
                        @if day.month() == first.month() { (cell(app, visit, day, today, place, days.get(&day).unwrap_or(&none))) }
                        @else { td.outside {} }
                    } }
                }
            }
        }
    }
}

fn cell(app: &App, visit: &Visit, day: Date, today: Date, place: &Place, due: &[Dated]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let holiday = place.holiday_in(day, visit.lang);
    let off = !place.is_working_day(day);
    let class = match (off, due.is_empty()) {
        (true, true) => "off empty",
        (true, false) => "off",
        (false, true) => "empty",
        (false, false) => "",
    };
    html! {
        td class=(class) aria-current=[(day == today).then_some("date")] {
            time datetime=(day.to_string()) { span.number { (day.day()) } span.long { (clock::date_text(day, visit.lang)) } }
            @if let Some(name) = holiday { span.holiday { (name) } }
            @else if off { span.unseen { (text("month-off")) } }
            @if !due.is_empty() {
                ul {
                    @for one in due.iter().take(DAY_MAX) {
                        li { (state(app, visit, one)) " " a href={ "/duties/" (one.id) } { (one.title[visit.lang as usize]) } }
                    }
                    @if due.len() > DAY_MAX { li { a href="/duties" { "+ " (due.len() - DAY_MAX) } } }
                }
            }
        }
    }
}

fn state(app: &App, visit: &Visit, one: &Dated) -> Markup {
    if one.paused {
        return components::badge(Tone::Info, &app.text(visit.lang, "duty-paused"));
    }
    components::badge(one.keeping.tone(), &app.text(visit.lang, &format!("keeping-{}", one.keeping.word())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_month_an_address_means() {
        let today: Date = "2026-11-23".parse().unwrap();
        for (month, expected) in [
            ("2026-12", "2026-12-01"),
            ("2027-02", "2027-02-01"),
            ("", "2026-11-01"),
            ("2026-13", "2026-11-01"),
            ("0001-01", "2026-11-01"),
            ("2026-1", "2026-11-01"),
            ("-026-01", "2026-11-01"),
        ] {
            assert_eq!(first(month, today).to_string(), expected, "{month}");
        }
        assert_eq!(title(today, Lang::En), "November 2026");
        assert_eq!(title("2026-12-01".parse().unwrap(), Lang::Fr), "décembre 2026");
    }
}
