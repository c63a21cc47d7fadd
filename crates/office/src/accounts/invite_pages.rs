//! Inviting somebody, as an owner sees it.

use super::invitations::{self, NewInvitation};
use super::{Invitation, store};
use crate::accounts::Empty;
use crate::{App, Kind, Refusal, view};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AccountId, Date, Instant, Lang, clock};
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Role, Visit, page};

/// The end of a day written as in a form (2027-01-31), at the house's place; none for an empty one.
pub(super) fn end_of(app: &App, day: &str) -> Result<Option<Instant>, Refusal> {
    if day.trim().is_empty() {
        return Ok(None);
    }
    let day: Date = day.trim().parse().map_err(|_| no_day())?;
    Ok(Some(clock::end_of_day(day, &app.place())))
}

fn no_day() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "day",
        ["That is no day.", "Ce n'est pas un jour."],
        ["Write it as in 2027-01-31.", "Écrivez-le comme 2027-01-31."],
    )
}

#[derive(Default, Deserialize)]
pub(super) struct Given {
    email: String,
    name: String,
    role: String,
    lang: String,
    #[serde(default)]
    until: String,
}

pub(super) async fn new(State(app): State<App>, visit: Visit) -> Markup {
    form(&app, &visit, &Given { role: "support".into(), lang: visit.lang.code().into(), ..Given::default() }, None)
}

fn form(app: &App, visit: &Visit, given: &Given, refused: Option<&Refusal>) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let roles = Role::HOUSE.map(|role| (role.word().to_owned(), text(&format!("role-{}", role.word()))));
    let langs = Lang::ALL.map(|lang| (lang.code().to_owned(), text(&format!("lang-{}", lang.code()))));
    let body = html! {
        (view::refused(refused, visit.lang))
        (components::post("/accounts/new", visit.csrf(), &html! {
            (components::field("name", &text("account-name"), "text", &given.name, true, None))
            (components::field("email", &text("account-email"), "email", &given.email, true, None))
            (components::select("role", &text("account-role"), &roles, &given.role))
            (components::select("lang", &text("account-lang"), &langs, &given.lang))
            (components::field("until", &text("account-until"), "date", &given.until, false, Some(&text("account-until-hint"))))
            (components::submit(&text("invite-send")))
        }))
    };
    page::page(&app.shell, Some(visit), &text("invite-title"), &body)
}

pub(super) async fn invite(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Given>,
) -> Result<Response, PageError> {
    let link = match wanted(&app, &given) {
        Ok(new) => invitations::invite(&app, visit.actor(), new).await,
        Err(refusal) => Err(refusal),
    };
    match link {
        Ok(_) if app.mail.is_some() => Ok(Redirect::to("/accounts").into_response()),
        Ok(link) => Ok(by_hand(&app, &visit, link.expose(), "/accounts", "accounts-title").into_response()),
        Err(refusal) => Ok((refusal.status(), form(&app, &visit, &given, Some(&refusal))).into_response()),
    }
}

fn wanted(app: &App, given: &Given) -> Result<NewInvitation, Refusal> {
    let role = Role::parse(&given.role).ok_or_else(|| Refusal::not_found("role", "rôle"))?;
    let until = end_of(app, &given.until)?;
    let (email, name, lang) = (given.email.clone(), given.name.clone(), given.lang.parse().unwrap_or_default());
    Ok(NewInvitation { email, name, role, controller: None, lang, until })
}

/// Without a mail server whoever invites hands the link over; it is shown this once, before the way `back`.
pub(super) fn by_hand(app: &App, visit: &Visit, link: &str, back: &str, title: &str) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let body = html! {
        (components::notice(Tone::Warn, &text("invite-by-hand"), &text("invite-by-hand-text")))
        p { code { (link) } }
        p { a href=(back) { (text(title)) } }
    };
    page::page(&app.shell, Some(visit), &text("invite-title"), &body)
}

pub(super) async fn withdraw(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Redirect, PageError> {
    let id: AccountId = key.parse().map_err(|_| PageError::NotFound)?;
    invitations::withdraw(&app, visit.actor(), &id).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/accounts"))
}

/// Who was asked and has not answered.
pub(super) async fn open(app: &App, visit: &Visit, owner: bool) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let waiting = store::invited_to_the_house(&mut app.store().read()).await?;
    if waiting.is_empty() {
        return Ok(html! {});
    }
    let mut heads = ["account-name", "account-email", "account-role", "invite-holds"].map(text).to_vec();
    heads.extend(owner.then(|| text("invite-action")));
    let row = |one: &Invitation| {
        let held = one.expires_at > visit.now;
        let mut row = vec![
            html! { (one.name) },
            html! { (one.email) },
            html! { (text(&format!("role-{}", one.role.word()))) },
            html! { (view::when(one.expires_at, visit.lang)) @if !held { " " (components::badge(Tone::Warn, &text("invite-over"))) } },
        ];
        row.extend(owner.then(|| {
            let button = html! { button.link type="submit" { (text("invite-withdraw")) } };
            components::post(&format!("/accounts/{}/withdraw", one.account), visit.csrf(), &button)
        }));
        row
    };
    let rows: Vec<Vec<Markup>> = waiting.iter().map(row).collect();
    Ok(
        html! { section { h2 { (text("invite-waiting")) } (components::table(&text("invite-waiting"), &heads, &rows)) } },
    )
}
