//! The people of a controller, as two sides see them: one of its administrators, for their own controller, and the house, from
//! the controller's page. Who may do what, [`super::model`] decides again in the transaction.

use super::invitations::{self, NewInvitation};
use super::{Account, Change, Invitation, change, store};
use crate::{App, Kind, Refusal, parties, view};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AccountId, ControllerId, Lang};
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Role, Visit, page};

const ROLES: [Role; 2] = [Role::ControllerAdmin, Role::ControllerMember];

/// Where the people of a controller are looked after, and from which side.
pub struct Desk {
    /// Whose people.
    pub controller: ControllerId,
    /// The address of the page.
    pub base: String,
    /// Whether one of the controller's own administrators sits here.
    pub theirs: bool,
}

impl Desk {
    /// Where the names of roles begin: among themselves they need not be told whose administrator somebody is.
    fn roles(&self) -> &'static str {
        if self.theirs { "area-role-" } else { "role-" }
    }
}

/// Whom to invite, as the form gives it.
#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    lang: String,
}

/// What is done to one of them.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Act {
    Admin,
    Member,
    ResetFactors,
    Close,
    Withdraw,
}

/// The form beside each of them.
#[derive(Deserialize)]
pub struct Acted {
    act: Act,
    #[serde(default)]
    sure: String,
}

/// The page: who may sign in, who was asked, whom to ask next.
///
/// # Errors
/// When there is no such controller, or the database fails.
pub async fn people(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    given: &Wanted,
    refused: Option<&Refusal>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let mut db = app.store().read();
    let party = parties::find(&mut db, &desk.controller).await?.ok_or(PageError::NotFound)?;
    let open = store::of_controller(&mut db, &desk.controller).await?;
    let waiting = store::invited_by(&mut db, &desk.controller).await?;
    let body = html! {
        p { @if desk.theirs { (text("people-lead")) } @else { (party.name) " · " (text("people-lead-house")) } }
        (view::refused(refused, visit.lang))
        @if open.is_empty() { (components::empty(&text("people-none"), None)) }
        @else { (table(app, visit, desk, &open)) }
        (asked(app, visit, desk, &waiting))
        section { h2 { (text("invite-title")) }
            p { (text("people-invite-hint")) }
            (form(app, visit, desk, given, party.lang))
        }
    };
    Ok(page::page(&app.shell, Some(visit), &text("people-title"), &body))
}

fn table(app: &App, visit: &Visit, desk: &Desk, open: &[Account]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let heads =
        ["account-name", "account-email", "account-role", "factors-title", "account-since", "people-change"].map(text);
    let row = |account: &Account| {
        let (tone, factor) = if account.factors > 0 { (Tone::Ok, "yes") } else { (Tone::Quiet, "no") };
        vec![
            html! { (account.name) },
            html! { (account.email) },
            html! { (text(&format!("{}{}", desk.roles(), account.role.word()))) },
            components::badge(tone, &text(factor)),
            view::when(account.opened_at, visit.lang),
            acts(app, visit, desk, account),
        ]
    };
    components::table(&text("people-title"), &heads, &open.iter().map(row).collect::<Vec<_>>())
}

/// What can be done about one of them; about oneself, nothing.
fn acts(app: &App, visit: &Visit, desk: &Desk, account: &Account) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    if visit.session.as_ref().is_some_and(|session| session.account == account.id) {
        return html! { (text("people-you")) };
    }
    let action = format!("{}/{}", desk.base, account.id);
    let (act, key) = match account.role {
        Role::ControllerAdmin => ("member", "people-make-member"),
        _ => ("admin", "people-make-admin"),
    };
    html! {
        details { summary { (text("people-change")) }
            (components::post(&action, visit.csrf(), &html! {
                input type="hidden" name="act" value=(act);
                button.second type="submit" { (text(key)) }
            }))
            @if account.factors > 0 { (surely(app, visit, &action, "reset-factors", "factors-reset-sure", "factors-reset-do")) }
            (surely(app, visit, &action, "close", "account-close-sure", "account-close-do"))
        }
    }
}

fn surely(app: &App, visit: &Visit, action: &str, act: &str, sure: &str, label: &str) -> Markup {
    components::post(
        action,
        visit.csrf(),
        &html! {
            input type="hidden" name="act" value=(act);
            p { label { input type="checkbox" name="sure" value="yes" required; " " (app.text(visit.lang, sure)) } }
            button.danger type="submit" { (app.text(visit.lang, label)) }
        },
    )
}

fn asked(app: &App, visit: &Visit, desk: &Desk, waiting: &[Invitation]) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    if waiting.is_empty() {
        return html! {};
    }
    let heads = ["account-name", "account-email", "account-role", "invite-holds", "invite-action"].map(text);
    let row = |one: &Invitation| {
        let over = one.expires_at <= visit.now;
        let withdraw = html! {
            input type="hidden" name="act" value="withdraw";
            button.link type="submit" { (text("invite-withdraw")) }
        };
        vec![
            html! { (one.name) },
            html! { (one.email) },
            html! { (text(&format!("{}{}", desk.roles(), one.role.word()))) },
            html! { (view::when(one.expires_at, visit.lang)) @if over { " " (components::badge(Tone::Warn, &text("invite-over"))) } },
            components::post(&format!("{}/{}", desk.base, one.account), visit.csrf(), &withdraw),
        ]
    };
    let rows: Vec<Vec<Markup>> = waiting.iter().map(row).collect();
    html! { section { h2 { (text("invite-waiting")) } (components::table(&text("invite-waiting"), &heads, &rows)) } }
}

fn form(app: &App, visit: &Visit, desk: &Desk, given: &Wanted, lang: Lang) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let roles = ROLES.map(|role| (role.word().to_owned(), text(&format!("{}{}", desk.roles(), role.word()))));
    let langs = Lang::ALL.map(|lang| (lang.code().to_owned(), text(&format!("lang-{}", lang.code()))));
    let role = if given.role.is_empty() { Role::ControllerAdmin.word() } else { &given.role };
    let spoken = if given.lang.is_empty() { lang.code() } else { &given.lang };
    components::post(
        &desk.base,
        visit.csrf(),
        &html! {
            (components::field("name", &text("account-name"), "text", &given.name, true, None))
            (components::field("email", &text("account-email"), "email", &given.email, true, None))
            (components::select("role", &text("account-role"), &roles, role))
            (components::select("lang", &text("account-lang"), &langs, spoken))
            (components::submit(&text("invite-send")))
        },
    )
}

/// Invites somebody for the controller.
///
/// # Errors
/// When there is no such controller, or the database fails; a refusal is on the page.
pub async fn invite(app: &App, visit: &Visit, desk: &Desk, given: &Wanted) -> Result<Response, PageError> {
    let link = match wanted(app, desk, given) {
        Ok(new) => invitations::invite(app, visit.actor(), new).await,
        Err(refusal) => Err(refusal),
    };
    match link {
        Ok(link) if app.mail.is_none() => {
            Ok(super::invite_pages::by_hand(app, visit, link.expose(), &desk.base, "people-title").into_response())
        }
        Ok(_) => Ok(Redirect::to(&desk.base).into_response()),
        Err(refusal) => {
            let page = people(app, visit, desk, given, Some(&refusal)).await?;
            Ok((refusal.status(), page).into_response())
        }
    }
}

fn wanted(app: &App, desk: &Desk, given: &Wanted) -> Result<NewInvitation, Refusal> {
    // A link goes to its recipient alone. Where no mail leaves the house, the house hands it over; a controller's administrator
    // who saw it could try whom else the house knows.
    if desk.theirs && app.mail.is_none() {
        return Err(no_mail());
    }
    let role = Role::parse(&given.role).ok_or_else(|| Refusal::not_found("role", "rôle"))?;
    Ok(NewInvitation {
        email: given.email.clone(),
        name: given.name.clone(),
        role,
        controller: Some(desk.controller.clone()),
        lang: given.lang.parse().unwrap_or_default(),
        until: None,
    })
}

/// Does what was asked about one of them. Whoever is not one of this controller's people is not there.
///
/// # Errors
/// When there is no such person or invitation at this controller, or a rule says no.
pub async fn act(app: &App, visit: &Visit, desk: &Desk, key: &str, given: &Acted) -> Result<Redirect, PageError> {
    let id: AccountId = key.parse().map_err(|_| PageError::NotFound)?;
    let done = match given.act {
        Act::Withdraw => withdrawn(app, visit, desk, &id).await,
        _ if store::find_of(&mut app.store().read(), &desk.controller, &id).await?.is_none() => {
            return Err(PageError::NotFound);
        }
        Act::Admin => change(app, visit.actor(), &id, Change::Role(Role::ControllerAdmin)).await,
        Act::Member => change(app, visit.actor(), &id, Change::Role(Role::ControllerMember)).await,
        Act::ResetFactors | Act::Close if given.sure != "yes" => Err(super::pages::unsure()),
        Act::ResetFactors => change(app, visit.actor(), &id, Change::ResetFactors).await,
        Act::Close => change(app, visit.actor(), &id, Change::Close).await,
    };
    match done {
        Ok(()) => Ok(Redirect::to(&desk.base)),
        Err(refusal) if refusal.kind == Kind::NotFound => Err(PageError::NotFound),
        Err(refusal) => Err(refusal.page(visit.lang)),
    }
}

async fn withdrawn(app: &App, visit: &Visit, desk: &Desk, id: &AccountId) -> Result<(), Refusal> {
    let waiting = store::invited_by(&mut app.store().read(), &desk.controller).await?;
    if !waiting.iter().any(|one| one.account == *id) {
        return Err(Refusal::not_found("invitation", "invitation"));
    }
    invitations::withdraw(app, visit.actor(), id).await
}

fn no_mail() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "no-mail",
        ["No mail leaves this house at the moment.", "Aucun courrier ne part de cette maison pour le moment."],
        ["Ask the house to invite this person for you.", "Demandez à la maison d'inviter cette personne pour vous."],
    )
}

fn of_party(key: &str) -> Result<Desk, PageError> {
    let controller: ControllerId = key.parse().map_err(|_| PageError::NotFound)?;
    Ok(Desk { base: format!("/parties/{controller}/people"), controller, theirs: false })
}

pub(super) async fn of_party_page(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Markup, PageError> {
    people(&app, &visit, &of_party(&key)?, &Wanted::default(), None).await
}

pub(super) async fn of_party_invite(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Wanted>,
) -> Result<Response, PageError> {
    invite(&app, &visit, &of_party(&key)?, &given).await
}

pub(super) async fn of_party_act(
    State(app): State<App>,
    visit: Visit,
    Path((key, account)): Path<(String, String)>,
    Posted(given): Posted<Acted>,
) -> Result<Redirect, PageError> {
    act(&app, &visit, &of_party(&key)?, &account, &given).await
}
