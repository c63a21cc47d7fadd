//! What people do from the pages of letters.

use crate::notices::{hand, wordings};
use crate::{App, Refusal};
use axum::extract::{Path, State};
use axum::response::Redirect;
use kernel::{NoticeId, SubjectId};
use serde::Deserialize;
use std::collections::HashMap;
use web::{PageError, Posted, Visit};

fn then(done: Result<(), Refusal>, visit: &Visit, to: &str) -> Result<Redirect, PageError> {
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(to))
}

fn id_of(text: &str) -> Result<NoticeId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

#[derive(Deserialize)]
pub(in crate::notices) struct Delivered {
    how: String,
}

pub(in crate::notices) async fn delivered(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(form): Posted<Delivered>,
) -> Result<Redirect, PageError> {
    let id = id_of(&id)?;
    then(hand::delivered_by_hand(&app, visit.actor(), &id, &form.how).await, &visit, &format!("/notices/{id}"))
}

pub(in crate::notices) async fn retry(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(_): Posted<HashMap<String, String>>,
) -> Result<Redirect, PageError> {
    let id = id_of(&id)?;
    then(hand::retry(&app, visit.actor(), &id).await, &visit, &format!("/notices/{id}"))
}

#[derive(Deserialize)]
pub(in crate::notices) struct Stopped {
    why: String,
}

pub(in crate::notices) async fn stop(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(form): Posted<Stopped>,
) -> Result<Redirect, PageError> {
    let id = id_of(&id)?;
    then(hand::stop(&app, visit.actor(), &id, &form.why).await, &visit, &format!("/notices/{id}"))
}

#[derive(Deserialize)]
pub(in crate::notices) struct Other {
    contact: String,
}

pub(in crate::notices) async fn send_to(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(form): Posted<Other>,
) -> Result<Redirect, PageError> {
    let (id, contact): (NoticeId, SubjectId) = (id_of(&id)?, form.contact.parse().map_err(|_| PageError::NotFound)?);
    let sent = hand::send_to(&app, visit.actor(), &id, &contact).await.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/notices/{sent}")))
}

#[derive(Deserialize)]
pub(in crate::notices) struct Quiet {
    quiet: String,
}

pub(in crate::notices) async fn quiet_hours(
    State(app): State<App>,
    visit: Visit,
    Posted(form): Posted<Quiet>,
) -> Result<Redirect, PageError> {
    let done = wordings::set_quiet_hours(&app, visit.actor(), form.quiet == "on").await;
    then(done, &visit, "/notices#quiet-hours")
}
