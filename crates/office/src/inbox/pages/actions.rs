//! What people do with a mail.

use super::id;
use super::one::loggable;
use crate::inbox::{self, Chosen};
use crate::{App, Refusal};
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::collections::HashMap;
use web::{PageError, Posted, Visit};

/// The form of a request; each ticked right is a field of its own.
#[derive(Deserialize)]
pub(crate) struct Given {
    controller: String,
    email: String,
    #[serde(default)]
    note: String,
    #[serde(flatten)]
    ticked: HashMap<String, String>,
}

impl Given {
    fn chosen(self) -> Result<Chosen, Refusal> {
        let unknown = || Refusal::not_found("controller", "responsable");
        let ticked = |word: &str| self.ticked.contains_key(&format!("right-{word}"));
        let rights = loggable().into_iter().filter(|(word, _)| ticked(word)).map(|(_, right)| right).collect();
        let controller = self.controller.parse().map_err(|_| unknown())?;
        Ok(Chosen { controller, rights, email: self.email, note: self.note })
    }
}

pub(crate) async fn request(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let chosen = given.chosen().map_err(|refusal| refusal.page(visit.lang))?;
    let logged = inbox::log(&app, visit.actor(), &id, chosen).await.map_err(|refusal| refusal.page(visit.lang))?;
    let next = match logged.as_slice() {
        [only] => format!("/requests/{only}"),
        _ => format!("/inbox/{id}"),
    };
    Ok(Redirect::to(&next).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Why {
    reason: String,
}

pub(crate) async fn file(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(why): Posted<Why>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    inbox::file(&app, visit.actor(), &id, &why.reason).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to("/inbox").into_response())
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn reopen(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    inbox::reopen(&app, visit.actor(), &id).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/inbox/{id}")).into_response())
}
