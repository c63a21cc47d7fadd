//! Views above their lists, and all of them on a page.

use super::View;
use crate::accounts::Empty;
use crate::{App, view};
use ::store::StoreError;
use axum::extract::{Path, State};
use axum::response::Redirect;
use kernel::{AccountId, ViewId};
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{self, Tone};
use web::{PageError, Posted, Visit, page};

/// The visitor's views of the list at `path`, and the form that keeps the one that is shown. `pairs` are its filters.
///
/// # Errors
/// When the database fails.
pub(crate) async fn bar(app: &App, visit: &Visit, path: &str, pairs: &[(&str, &str)]) -> Result<Markup, StoreError> {
    let Some(account) = own(visit).filter(|_| app.may(visit, "views.keep")) else { return Ok(html! {}) };
    let text = |key: &str| app.text(visit.lang, key);
    let here = crate::lists::address(path, pairs);
    let kept = super::of(&mut app.store().read(), account).await?;
    let of_list = |view: &&View| view.address.split('?').next() == Some(path);
    let kept: Vec<&View> = kept.iter().filter(of_list).collect();
    let filtered = pairs.iter().any(|(_, value)| !value.is_empty());
    let known = kept.iter().any(|view| view.address == here);
    let query = here.split_once('?').map_or("", |(_, query)| query);
    Ok(html! {
        @if !kept.is_empty() {
            nav.pager aria-label=(text("views-title")) {
                @for view in &kept {
                    a.button.second href=(view.address) aria-current=[(view.address == here).then_some("true")] { (view.name) }
                }
                a href="/views" { (text("views-all")) }
            }
        }
        @if filtered && !known {
            details { summary { (text("views-keep")) }
                form.row method="post" action="/views" {
                    input type="hidden" name="csrf" value=(visit.csrf());
                    input type="hidden" name="list" value=(path);
                    input type="hidden" name="query" value=(query);
                    (components::named_field("view-name", "name", &text("views-name"), "text", "", None))
                    (components::submit(&text("views-keep-go")))
                }
            }
        }
    })
}

fn own(visit: &Visit) -> Option<&AccountId> {
    visit.session.as_ref().map(|session| &session.account)
}

/// A view as it is posted.
#[derive(Deserialize)]
pub(super) struct New {
    list: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    name: String,
}

pub(super) async fn keep(
    State(app): State<App>,
    visit: Visit,
    Posted(new): Posted<New>,
) -> Result<Redirect, PageError> {
    let account = own(&visit).ok_or(PageError::NotFound)?;
    let address = super::address(&new.list, &new.query).ok_or(PageError::NotFound)?;
    super::keep(&app, account, &new.name, &address).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&address))
}

pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    shown(&app, &visit, &html! {}).await
}

/// Drops a view; the page that follows offers to keep it again.
pub(super) async fn drop_one(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Markup, PageError> {
    let account = own(&visit).ok_or(PageError::NotFound)?;
    let id: ViewId = key.parse().map_err(|_| PageError::NotFound)?;
    let gone = super::drop_view(&app, account, &id).await.map_err(|refusal| refusal.page(visit.lang))?;
    let (list, query) = gone.address.split_once('?').unwrap_or((&gone.address, ""));
    let fields = html! {
        input type="hidden" name="list" value=(list);
        input type="hidden" name="query" value=(query);
        input type="hidden" name="name" value=(gone.name);
        button.second type="submit" { (app.text(visit.lang, "undo")) }
    };
    shown(&app, &visit, &view::undone(&app, &visit, "views-dropped", "/views", &fields)).await
}

async fn shown(app: &App, visit: &Visit, news: &Markup) -> Result<Markup, PageError> {
    let text = |key: &str| app.text(visit.lang, key);
    let account = own(visit).ok_or(PageError::NotFound)?;
    let kept = super::of(&mut app.store().read(), account).await?;
    let heads = ["views-name", "views-list", "views-action"].map(text);
    let rows: Vec<Vec<Markup>> = kept
        .iter()
        .map(|one| {
            let path = one.address.split('?').next().unwrap_or_default();
            let drop = html! { button.link type="submit" { (text("views-drop")) span.unseen { " " (one.name) } } };
            vec![
                html! { a href=(one.address) { (one.name) } },
                html! { (text(&format!("nav-{}", path.trim_start_matches('/')))) },
                components::post(&format!("/views/{}/drop", one.id), visit.csrf(), &drop),
            ]
        })
        .collect();
    let body = html! {
        (news)
        @if rows.is_empty() { (components::empty(&text("views-none"), Some(("/duties", &text("nav-duties"))))) }
        @else { (components::table(&text("views-title"), &heads, &rows)) }
        (components::notice(Tone::Info, &text("views-own"), ""))
    };
    Ok(page::page(&app.shell, Some(visit), &text("views-title"), &body))
}
