//! Requests for programs: `/api/v1/requests`, JSON in and out, problem+json when something is wrong.

use super::{NewRequest, RequestRow, Right, receive, store};
use crate::accounts::bearer;
use crate::{App, POLICY, Refusal, parties};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Instant, RequestId};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{ApiError, Role};

/// The request as the API shows it. The person's address is shown only to the roles that work on it.
fn shown(row: &RequestRow, role: Role) -> Value {
    let may = POLICY.may(role, "requests.read-person");
    json!({
        "id": row.id, "controller": row.controller, "right": row.right, "state": row.state.word(),
        "received_at": row.received_at, "email": row.email.as_ref().filter(|_| may),
        "plan_hash": row.plan_hash, "plan_rows": row.plan_rows, "outcome": row.outcome,
    })
}

pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Json<Value>, ApiError> {
    let account = bearer(&app, &headers, "requests.read").await?;
    let rows = store::list(&mut app.store().read(), &store::Wanted::default(), 100).await?;
    let items: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut item = shown(row, account.role);
            item["email"] = Value::Null;
            item
        })
        .collect();
    Ok(Json(json!({ "requests": items })))
}

pub(super) async fn one(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let account = bearer(&app, &headers, "requests.read").await?;
    let id: RequestId = id.parse().map_err(|_| Refusal::not_found("request", "demande"))?;
    let row = store::must_find(&mut app.store().read(), &id).await?;
    super::record_reading(&app, &row, &Actor::Account(account.id)).await?;
    Ok(Json(shown(&row, account.role)))
}

/// What a program sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// The controller's id or name.
    controller: String,
    right: String,
    email: String,
    #[serde(default)]
    note: String,
    received_at: Option<Instant>,
}

pub(super) async fn create(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response, ApiError> {
    let account = bearer(&app, &headers, "requests.log").await?;
    let given: Given = serde_json::from_slice(&body).map_err(|e| bad("body", &e.to_string()))?;
    let right = Right::parse(&given.right).ok_or_else(|| bad("right", "`right` is \"access\" or \"erasure\""))?;
    let known = parties::list(&mut app.store().read()).await?;
    let controller =
        known.into_iter().find(|party| party.id.as_str() == given.controller || party.name == given.controller);
    let controller = controller.ok_or_else(|| Refusal::not_found("controller", "responsable"))?.id;
    let new = NewRequest {
        controller,
        right,
        email: given.email,
        note: given.note,
        channel: "api".into(),
        received_at: given.received_at.unwrap_or_else(|| app.now()),
    };
    let id = receive(&app, Actor::Account(account.id.clone()), new).await?;
    let row = store::must_find(&mut app.store().read(), &id).await?;
    let place = [(header::LOCATION, format!("/api/v1/requests/{id}"))];
    Ok((StatusCode::CREATED, place, Json(shown(&row, account.role))).into_response())
}

fn bad(code: &'static str, why: &str) -> ApiError {
    ApiError {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        code,
        title: format!("The request cannot be understood: {why}."),
        remedy: "Send JSON with controller, right, email, and optionally note and received_at.".into(),
    }
}
