//! Absences on screen: one's own, and for who may, everybody's.

use super::{Absence, NewAbsence};
use crate::accounts::{self, Account, Empty};
use crate::{App, Kind, Refusal, view};
use axum::extract::{Path, State};
use axum::response::Redirect;
use kernel::{AccountId, Date, clock};
use maud::{Markup, html};
use serde::Deserialize;
use web::components;
use web::{PageError, Posted, Visit, page};

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let me = visit.session.as_ref().map(|session| session.account.clone()).ok_or(PageError::NotFound)?;
    let people = accounts::list(&mut app.store().read()).await?;
    let today = clock::day_of(visit.now, &app.place());
    let open = super::all(&mut app.store().read()).await?.into_iter().filter(|one| one.until >= today);
    let others = app.may(&visit, "absences.note-others");
    let body = html! {
        p { (text("absences-why")) }
        (table(&app, &visit, &open.collect::<Vec<_>>(), &people, &me))
        @if app.may(&visit, "absences.note") {
            h2 { (text("absences-note")) }
            (form(&app, &visit, &people, &me, others, today))
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("absences-title"), &body))
}

fn name<'p>(people: &'p [Account], id: &AccountId) -> Option<&'p str> {
    people.iter().find(|person| person.id == *id).map(|person| person.name.as_str())
}

fn table(app: &App, visit: &Visit, open: &[Absence], people: &[Account], me: &AccountId) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    if open.is_empty() {
        return components::empty(&text("absences-none"), None);
    }
    let others = app.may(visit, "absences.note-others");
    let heads = ["absences-who", "absences-from", "absences-until", "absences-deputy", "absences-action"].map(text);
    let rows: Vec<Vec<Markup>> = open
        .iter()
        .map(|one| {
            let deputy = one.deputy.as_ref().and_then(|deputy| name(people, deputy)).map(str::to_owned);
            let action = format!("/absences/{}/withdraw", one.id);
            vec![
                html! { (name(people, &one.account).unwrap_or("–")) },
                view::day(one.from, visit.lang),
                view::day(one.until, visit.lang),
                html! { (deputy.unwrap_or_else(|| text("absences-owners"))) },
                html! { @if (others || one.account == *me) && app.may(visit, "absences.note") {
                    (components::post(&action, visit.csrf(), &html! { button.link type="submit" { (text("absences-withdraw")) } }))
                } @else { "–" } },
            ]
        })
        .collect();
    components::table(&text("absences-title"), &heads, &rows)
}

fn form(app: &App, visit: &Visit, people: &[Account], me: &AccountId, others: bool, today: Date) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let everybody: Vec<(String, String)> = people
        .iter()
        .filter(|person| app.shell.policy.may(person.role, "absences.note"))
        .map(|person| (person.id.to_string(), person.name.clone()))
        .collect();
    let able = people.iter().filter(|person| app.shell.policy.may(person.role, "duties.discharge"));
    let mut deputies = vec![(String::new(), text("absences-owners"))];
    deputies.extend(
        able.filter(|person| others || person.id != *me).map(|person| (person.id.to_string(), person.name.clone())),
    );
    components::post(
        "/absences",
        visit.csrf(),
        &html! {
            @if others { (components::select("account", &text("absences-who"), &everybody, me.as_str())) }
            (components::field("from", &text("absences-from"), "date", &today.to_string(), true, None))
            (components::field("until", &text("absences-until"), "date", "", true, Some(&text("absences-until-hint"))))
            (components::select("deputy", &text("absences-deputy"), &deputies, ""))
            (components::submit(&text("absences-note")))
        },
    )
}

#[derive(Deserialize)]
pub(super) struct Noted {
    #[serde(default)]
    account: String,
    from: String,
    until: String,
    #[serde(default)]
    deputy: String,
}

impl Noted {
    fn absence(&self, me: &AccountId) -> Result<NewAbsence, Refusal> {
        let day = |text: &str| text.trim().parse::<Date>().map_err(|_| no_day());
        let account = |text: &str| text.parse().map_err(|_| Refusal::not_found("account", "compte"));
        Ok(NewAbsence {
            account: if self.account.is_empty() { me.clone() } else { account(&self.account)? },
            from: day(&self.from)?,
            until: day(&self.until)?,
            deputy: if self.deputy.is_empty() { None } else { Some(account(&self.deputy)?) },
        })
    }
}

fn no_day() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "day",
        ["That is no day.", "Ce n'est pas un jour."],
        ["Write it as 2027-01-31.", "Écrivez-le comme 2027-01-31."],
    )
}

pub(super) async fn note(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Noted>,
) -> Result<Redirect, PageError> {
    let me = visit.session.as_ref().map(|session| session.account.clone()).ok_or(PageError::NotFound)?;
    let done = match given.absence(&me) {
        Ok(new) => super::note(&app, visit.actor(), new).await.map(drop),
        Err(refusal) => Err(refusal),
    };
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/absences"))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Redirect, PageError> {
    let id = key.parse().map_err(|_| PageError::NotFound)?;
    super::withdraw(&app, visit.actor(), &id).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/absences"))
}
