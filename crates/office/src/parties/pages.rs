//! The list of controllers, and one with the people we may write to.

use super::{Contact, ContactRole, Controller, NewContact};
use crate::{App, lists, view};
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use kernel::{ControllerId, SubjectId};
use maud::{Markup, html};
use serde::Deserialize;
use web::{PageError, Posted, Visit, components, page};

/// What the address asks for.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn list(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let mut parties = super::store::page(&mut app.store().read(), &asked.q, &asked.after, lists::ask()).await?;
    let more = parties.len() > lists::PAGE;
    parties.truncate(lists::PAGE);
    let heads = ["party-name", "party-contact", "party-language", "party-place", "party-lists"].map(text);
    let rows: Vec<Vec<Markup>> = parties
        .iter()
        .map(|party| {
            let people = html! { a href={ "/parties/" (party.id) "/people" } { (text("party-people")) } };
            let of = |path: &str, key: &str| html! { a href={ (path) "?controller=" (party.id) } { (text(key)) } };
            vec![
                html! { a href={ "/parties/" (party.id) } { (party.name) } },
                html! { (party.contact.clone().unwrap_or_else(|| text("erased"))) },
                html! { (party.lang.code().to_uppercase()) },
                html! { (party.place) },
                html! { (of("/agreements", "nav-agreements")) " · " (of("/requests", "nav-requests")) " · " (of("/duties", "nav-duties"))
                    @if app.may(&visit, "accounts.clients") { " · " (people) } },
            ]
        })
        .collect();
    let last = parties.last().filter(|_| more).map_or("", |party| party.name.as_str());
    let searched = !asked.q.is_empty();
    let body = html! {
        form.filters method="get" action="/parties" role="search" aria-label=(text("party-search")) {
            (components::field("q", &text("party-search"), "search", &asked.q, false, None))
            button.second type="submit" { (text("filter-show")) }
        }
        @if rows.is_empty() && searched { (components::empty(&text("parties-none"), Some(("/parties", &text("filter-all"))))) }
        @else if rows.is_empty() { (components::empty(&text("parties-empty"), Some(("/agreements/new", &text("agreement-import"))))) }
        @else { (components::table(&text("parties-title"), &heads, &rows)) }
        @if !last.is_empty() {
            p { a.button.second rel="next" href=(lists::address("/parties", &[("q", &asked.q), ("after", last)])) { (text("page-next")) } }
        }
    };
    Ok(page::page(&app.shell, Some(&visit), &text("parties-title"), &body))
}

fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// One controller: whom we may write to, and what happened.
pub(super) async fn one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let id: ControllerId = id_of(&id)?;
    let mut read = app.store().read();
    let party = super::find(&mut read, &id).await?.ok_or(PageError::NotFound)?;
    let contacts = super::contacts(&mut read, &id).await?;
    let may = app.may(&visit, "parties.change");
    let facts = [
        (text("party-contact"), html! { (party.contact.clone().unwrap_or_else(|| text("erased"))) }),
        (text("party-language"), html! { (party.lang.code().to_uppercase()) }),
        (text("party-place"), html! { (party.place) }),
    ];
    let body = html! {
        div.two {
            div {
                (components::facts(&facts))
                h2 id="contacts" { (text("party-contacts")) }
                p { (text("party-contacts-lead")) }
                (people(&app, &visit, &party, &contacts, may))
                @if may { (forms(&app, &visit, &party)) }
            }
            div { h2 { (text("history")) } (view::timeline(&app, id.as_str(), visit.lang).await?) }
        }
    };
    let people = app.may(&visit, "accounts.clients");
    let action =
        people.then(|| html! { a.button href={ "/parties/" (party.id) "/people" } { (text("party-people-client")) } });
    Ok(page::with_action(&app.shell, Some(&visit), &party.name, action, &body))
}

fn people(app: &App, visit: &Visit, party: &Controller, contacts: &[Contact], may: bool) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let mut heads = ["contact-name", "contact-email", "contact-role"].map(text).to_vec();
    if may {
        heads.push(text("contact-remove"));
    }
    let rows: Vec<Vec<Markup>> = contacts
        .iter()
        .map(|contact| {
            let mut cells = vec![
                html! { (contact.name.clone().unwrap_or_else(|| text("erased"))) },
                html! { (contact.email.clone().unwrap_or_else(|| text("erased"))) },
                html! { (text(&format!("contact-role-{}", contact.role))) },
            ];
            if may {
                let action = format!("/parties/{}/contacts/{}/remove", party.id, contact.id);
                let button = html! { button.second type="submit" { (text("contact-remove")) } };
                cells.push(components::post(&action, visit.csrf(), &button));
            }
            cells
        })
        .collect();
    if rows.is_empty() {
        components::empty(&text("party-contacts-none"), None)
    } else {
        components::table(&text("party-contacts"), &heads, &rows)
    }
}

fn forms(app: &App, visit: &Visit, party: &Controller) -> Markup {
    let text = |key: &str| app.text(visit.lang, key);
    let roles: Vec<(String, String)> =
        ContactRole::ALL.map(|role| (role.word().to_owned(), text(&format!("contact-role-{}", role.word())))).to_vec();
    html! {
        h2 { (text("contact-add")) }
        (components::post(&format!("/parties/{}/contacts", party.id), visit.csrf(), &html! {
            (components::field("name", &text("contact-name"), "text", "", true, None))
            (components::field("email", &text("contact-email"), "email", "", true, None))
            (components::select("role", &text("contact-role"), &roles, ContactRole::Administrator.word()))
            (components::submit(&text("contact-add")))
        }))
        h2 { (text("party-address")) }
        (components::post(&format!("/parties/{}/address", party.id), visit.csrf(), &html! {
            (components::named_field("address", "email", &text("party-address-new"), "email", "", Some(&text("party-address-hint"))))
            (components::submit(&text("party-address-change")))
        }))
    }
}

#[derive(Deserialize)]
pub(super) struct Address {
    email: String,
}

pub(super) async fn address(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(form): Posted<Address>,
) -> Result<Redirect, PageError> {
    let id: ControllerId = id_of(&id)?;
    let done = super::change_address(&app, visit.actor(), &id, &form.email).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/parties/{id}")))
}

#[derive(Deserialize)]
pub(super) struct Added {
    name: String,
    email: String,
    role: String,
}

pub(super) async fn add(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(form): Posted<Added>,
) -> Result<Redirect, PageError> {
    let id: ControllerId = id_of(&id)?;
    let role = ContactRole::parse(&form.role).ok_or(PageError::NotFound)?;
    let new = NewContact { name: form.name, email: form.email, role };
    let done = super::add_contact(&app, visit.actor(), &id, new).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/parties/{id}#contacts")))
}

pub(super) async fn remove(
    State(app): State<App>,
    visit: Visit,
    Path((id, contact)): Path<(String, String)>,
    Posted(_): Posted<std::collections::HashMap<String, String>>,
) -> Result<Redirect, PageError> {
    let (id, contact): (ControllerId, SubjectId) = (id_of(&id)?, id_of(&contact)?);
    let done = super::remove_contact(&app, visit.actor(), &id, &contact).await;
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/parties/{id}#contacts")))
}
