//! Views of lists that a person keeps for themselves: a name, a list, and the filters of its address.

mod events;
mod pages;
mod store;

pub use events::ViewEvent;
pub(crate) use pages::bar;
pub use store::{View, of};

use crate::{App, Event, Feature, Kind, Refusal, Route, accounts, feature, lists};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::extract::Query;
use axum::http::Uri;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{AccountId, Actor, Personal, ViewId};
use serde_json::Value;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "views",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "views", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["view.kept", "view.dropped"],
    apply,
    reacts: &[("account.closed", account_closed)],
    routes: &[
        Route { method: "GET", path: "/views", access: Access::May("views.keep"), handler: || get(pages::list) },
        Route { method: "POST", path: "/views", access: Access::May("views.keep"), handler: || post(pages::keep) },
        Route {
            method: "POST",
            path: "/views/{id}/drop",
            access: Access::May("views.keep"),
            handler: || post(pages::drop_one),
        },
    ],
    api: &[],
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, ViewEvent::of(entry)?).await })
}

fn account_closed<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let account: AccountId = serde_json::from_value(data["account"].clone())?;
        let kept = store::of(tx, &account).await?;
        let gone = |view: store::View| ViewEvent::Dropped { view: view.id, account: account.clone() };
        feature::append(tx, &kept.into_iter().map(gone).collect::<Vec<_>>()).await
    })
}

/// The lists that have filters, and the names of these in their addresses.
pub(crate) const LISTS: &[(&str, &[&str])] = &[
    ("/duties", &["whose", "controller"]),
    ("/agreements", &["controller"]),
    ("/requests", &["state", "controller"]),
    ("/inbox", &["show", "proposal"]),
];
/// Views one person keeps.
const VIEWS_MAX: usize = 50;
/// The longest name of a view and the longest value of a filter, in characters.
const NAME_CHARS_MAX: usize = 60;

/// The address of a list with its filters, and of these only what the list knows; none for another page.
///
/// # Examples
/// `("/duties", "whose=mine&evil=1")` is `/duties?whose=mine`.
#[must_use]
pub fn address(list: &str, query: &str) -> Option<String> {
    let (path, known) = LISTS.iter().find(|(path, _)| *path == list)?;
    let uri: Uri = format!("/?{query}").parse().ok()?;
    let Query(given) = Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
    let fits = |value: &str| value.chars().count() <= NAME_CHARS_MAX && !value.chars().any(char::is_control);
    let value =
        |name: &str| given.iter().find(|(key, value)| key == name && fits(value)).map(|(_, value)| value.as_str());
    let pairs: Vec<(&str, &str)> = known.iter().filter_map(|name| Some((*name, value(name)?))).collect();
    Some(lists::address(path, &pairs))
}

/// Keeps the view `address` of [`address`] under a name, for `account` alone.
///
/// # Errors
/// When the name is empty or longer than 60 characters, or there are fifty views already.
pub async fn keep(app: &App, account: &AccountId, name: &str, address: &str) -> Result<ViewId, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(no_name());
    }
    let mut tx = app.store().begin(app.now(), Actor::Account(account.clone())).await?;
    let held = accounts::store::find(&mut tx, account).await?.ok_or_else(|| Refusal::not_found("account", "compte"))?;
    let kept = store::of(&mut tx, account).await?;
    if let Some(known) = kept.iter().find(|view| view.name == name && view.address == address) {
        return Ok(known.id.clone());
    }
    if kept.len() >= VIEWS_MAX {
        return Err(too_many());
    }
    let view = ViewId::new(tx.now(), tx.entropy());
    let event = ViewEvent::Kept {
        view: view.clone(),
        account: account.clone(),
        name: Personal::new(held.subject, name.to_owned()),
        address: address.to_owned(),
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(view)
}

/// Drops a view of `account`; gives what it was, to be kept again.
///
/// # Errors
/// When the account has no such view.
pub async fn drop_view(app: &App, account: &AccountId, view: &ViewId) -> Result<View, Refusal> {
    let mut tx = app.store().begin(app.now(), Actor::Account(account.clone())).await?;
    let kept = store::of(&mut tx, account).await?.into_iter().find(|known| known.id == *view);
    let kept = kept.ok_or_else(|| Refusal::not_found("view", "vue"))?;
    feature::append(&mut tx, &[ViewEvent::Dropped { view: view.clone(), account: account.clone() }]).await?;
    tx.commit().await?;
    Ok(kept)
}

fn no_name() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "view-name",
        ["A view needs a name of 1 to 60 characters.", "Une vue a besoin d'un nom de 1 à 60 caractères."],
        ["Say in a few words what it shows.", "Dites en quelques mots ce qu'elle montre."],
    )
}

fn too_many() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "views",
        ["You keep fifty views already.", "Vous gardez déjà cinquante vues."],
        ["Drop one you no longer use, under `Views`.", "Retirez-en une dont vous ne vous servez plus, sous « Vues »."],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_holds_a_list_and_what_the_list_knows_and_nothing_else() {
        for (list, query, kept) in [
            ("/duties", "whose=mine&evil=1", Some("/duties?whose=mine")),
            ("/duties", "controller=&whose=mine&after=9~x", Some("/duties?whose=mine")),
            ("/requests", "state=a%26b", Some("/requests?state=a%26b")),
            ("/requests", "", Some("/requests")),
            ("/requests", "state=%0d%0aSet-Cookie:x", Some("/requests")),
            ("//evil.example", "state=closed", None),
            ("/account", "", None),
        ] {
            assert_eq!(address(list, query).as_deref(), kept, "{list}?{query}");
        }
    }
}
