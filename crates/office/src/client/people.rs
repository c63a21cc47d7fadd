//! Who of a controller signs in: its own administrators decide (GDPR Art. 32(4)).

use super::mine;
use crate::App;
use crate::accounts::{self, Acted, Desk, Wanted};
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use maud::Markup;
use web::{PageError, Posted, Visit};

fn desk(visit: &Visit) -> Result<Desk, PageError> {
    Ok(Desk { controller: mine(visit)?, base: "/client/people".to_owned(), theirs: true })
}

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Markup, PageError> {
    accounts::people(&app, &visit, &desk(&visit)?, &Wanted::default(), None).await
}

pub(super) async fn invite(
    State(app): State<App>,
    visit: Visit,
    Posted(given): Posted<Wanted>,
) -> Result<Response, PageError> {
    accounts::invite_for(&app, &visit, &desk(&visit)?, &given).await
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    Path(key): Path<String>,
    Posted(given): Posted<Acted>,
) -> Result<Redirect, PageError> {
    accounts::act(&app, &visit, &desk(&visit)?, &key, &given).await
}
