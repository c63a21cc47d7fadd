//! What people do with a request from its page.

use super::id;
use crate::accounts::Empty;
use crate::requests::{self, Applied, RequestEvent, State as RequestState, package, store};
use crate::{App, Refusal, feature};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::RequestId;
use serde::Deserialize;
use web::{PageError, Posted, Visit};

fn back(id: &RequestId, visit: &Visit, done: Result<(), Refusal>) -> Result<Response, PageError> {
    done.map_err(|refusal| refusal.page(visit.lang))?;
    Ok(Redirect::to(&format!("/requests/{id}")).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Instruction {
    decision: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    withdrawal: String,
}

pub(crate) async fn instruct(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Instruction>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let carry_out = given.decision == "carry-out";
    let note = if given.note.is_empty() { &given.withdrawal } else { &given.note };
    let done = requests::instruct(app.store(), visit.now, visit.actor(), &id, carry_out, note).await;
    back(&id, &visit, done)
}

pub(crate) async fn plan(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let done = requests::plan(app.store(), visit.now, visit.actor(), &id).await;
    back(&id, &visit, done.map(drop))
}

#[derive(Deserialize)]
pub(crate) struct Approval {
    hash: String,
}

pub(crate) async fn approve(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Approval>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let done = requests::approve(app.store(), visit.now, visit.actor(), &id, &given.hash).await;
    back(&id, &visit, done)
}

/// The passphrase of a package is in this answer and nowhere else. The work goes on if the reader leaves.
pub(crate) async fn apply(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let (here, actor, of) = (app.clone(), visit.actor(), id.clone());
    let done = tokio::spawn(async move { requests::carry_out(&here, actor, &of).await }).await;
    let done = done.map_err(|_| stopped())?.map_err(|refusal| refusal.page(visit.lang))?;
    match done {
        Applied::Done { passphrase: Some(passphrase), .. } => {
            with_passphrase(&app, &visit, &id, passphrase.expose()).await
        }
        _ => back(&id, &visit, Ok(())),
    }
}

/// The work ended without an answer; what it had recorded stands, and it can be gone on with.
fn stopped() -> PageError {
    let words = |message: &str, remedy: &str| (message.to_owned(), remedy.to_owned());
    PageError::Failed([
        words("The work stopped before its end.", "Open the request again and go on; what was done is not done twice."),
        words(
            "Le travail s'est arrêté avant la fin.",
            "Rouvrez la demande et poursuivez ; ce qui est fait ne l'est pas deux fois.",
        ),
    ])
}

async fn with_passphrase(app: &App, visit: &Visit, id: &RequestId, passphrase: &str) -> Result<Response, PageError> {
    let row = store::find(&mut app.store().read(), id).await?.ok_or(PageError::NotFound)?;
    requests::record_reading(app, &row, &visit.actor()).await?;
    Ok(super::one::render(app, visit, &row, Some(passphrase)).await?.into_response())
}

/// A new package with a new passphrase, when the first answer was lost.
pub(crate) async fn package_again(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(_): Posted<Empty>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let made = requests::package_again(&app, visit.actor(), &id).await.map_err(|refusal| refusal.page(visit.lang))?;
    with_passphrase(&app, &visit, &id, made.expose()).await
}

#[derive(Deserialize)]
pub(crate) struct Closing {
    #[serde(default)]
    accept: String,
}

pub(crate) async fn close(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Closing>,
) -> Result<Response, PageError> {
    let id = id(&key)?;
    let done = requests::close(&app, visit.actor(), &id, given.accept == "left").await;
    back(&id, &visit, done)
}

/// Hands out the sealed package; taking it is an entry.
pub(crate) async fn package(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let row = store::find(&mut app.store().read(), &id(&key)?).await?.ok_or(PageError::NotFound)?;
    let (Some(_), Some(account)) = (&row.package_sha256, visit.actor().account().cloned()) else {
        return Err(PageError::NotFound);
    };
    if row.state == RequestState::Closed {
        return Err(PageError::NotFound);
    }
    let bytes = tokio::fs::read(package::path(&app, &row)).await.map_err(|_| PageError::NotFound)?;
    let event = RequestEvent::PackageTaken { request: row.id.clone(), controller: row.controller.clone(), account };
    let mut tx = app.store().begin(visit.now, visit.actor()).await?;
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    let name = format!("attachment; filename=\"{}.zip.age\"", row.id);
    let headers = [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
