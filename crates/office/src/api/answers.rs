//! A call that is sent twice is done once: its answer is kept for a day under the key the program chose
//! (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header).

use super::call::Caller;
use super::operation::invalid;
use crate::App;
use ::store::StoreError;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use kernel::{Actor, Secret};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use web::ApiError;

const KEPT_HOURS: i64 = 24;
const KEY_CHARS_MAX: usize = 255;

/// The headers an answer is kept with.
const HEADERS: [HeaderName; 2] = [header::CONTENT_TYPE, header::LOCATION];

/// Forgets answers older than a day, and the counts of tokens that have not called since.
///
/// # Errors
/// When the database fails.
pub async fn forget_old_calls(app: &App) -> Result<(), StoreError> {
    let before = app.now().as_millisecond() - KEPT_HOURS * 3_600_000;
    let any = "SELECT name FROM api_answers WHERE made_at < $1 UNION ALL SELECT token FROM api_quotas WHERE used_at < $1 LIMIT 1";
    if app.store().read().rows(any, vec![before.into()]).await?.is_empty() {
        return Ok(());
    }
    let mut tx = app.store().begin(app.now(), Actor::system("api")).await?;
    tx.execute("DELETE FROM api_answers WHERE made_at < $1", vec![before.into()]).await?;
    tx.execute("DELETE FROM api_quotas WHERE used_at < $1", vec![before.into()]).await?;
    tx.commit().await
}

/// The key of a call that is being done.
pub(super) struct Claim {
    name: String,
}

/// What a key stands for.
pub(super) enum Claimed {
    /// Nobody has used it: do it, then [`keep`].
    New(Claim),
    /// It was done: this was the answer.
    Done(Response),
}

#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<Option<String>>,
    body: String,
}

/// Takes a key for a call told by `fingerprint`: method, address and body.
pub(super) async fn claim(app: &App, caller: &Caller, key: &str, fingerprint: &[u8]) -> Result<Claimed, ApiError> {
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
        return Err(invalid(
            "idempotency-key",
            "An Idempotency-Key has 1 to 255 characters.",
            "Use a random one, such as a UUID.",
        ));
    }
    let name = hex::encode(Sha256::digest(format!("{}\n{key}", caller.bearer.digest)));
    let fingerprint = hex::encode(Sha256::digest(fingerprint));
    let now = app.now();
    let mut tx = app.store().begin(now, Actor::system("api")).await?;
    tx.execute(
        "DELETE FROM api_answers WHERE made_at < $1",
        vec![(now.as_millisecond() - KEPT_HOURS * 3_600_000).into()],
    )
    .await?;
    let known =
        tx.row("SELECT fingerprint, sealed FROM api_answers WHERE name = $1", vec![name.as_str().into()]).await?;
    let Some(known) = known else {
        let sql = "INSERT INTO api_answers (name, account, fingerprint, made_at) VALUES ($1, $2, $3, $4)";
        let args = vec![name.as_str().into(), (&caller.bearer.account).into(), fingerprint.into(), now.into()];
        tx.execute(sql, args).await?;
        tx.commit().await?;
        return Ok(Claimed::New(Claim { name }));
    };
    if known.text("fingerprint")? != fingerprint {
        return Err(invalid(
            "idempotency-key",
            "This Idempotency-Key was used for another call.",
            "Use a new key for each call.",
        ));
    }
    let Some(sealed) = known.opt_bytes("sealed")? else { return Err(at_it()) };
    let kept = app.store().open_secret(&caller.bearer.subject, &place(&name), &sealed).await?.ok_or_else(at_it)?;
    let kept: Kept = serde_json::from_str(kept.expose()).map_err(StoreError::from)?;
    Ok(Claimed::Done(again(kept)))
}

fn place(name: &str) -> String {
    format!("api-answer/{name}")
}

fn again(kept: Kept) -> Response {
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    for (name, value) in HEADERS.iter().zip(kept.headers) {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name.clone(), value);
        }
    }
    response.headers_mut().insert(HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));
    response
}

fn at_it() -> ApiError {
    ApiError {
        status: StatusCode::CONFLICT,
        code: "at-it",
        title: "A call with this Idempotency-Key is being done, or was interrupted.".into(),
        remedy: "Read the record to see how it stands; use a new key only when it was not done.".into(),
    }
}

/// Keeps the answer of a call; one that failed on our side may be tried again.
pub(super) async fn keep(
    app: &App,
    caller: &Caller,
    claim: Claim,
    status: StatusCode,
    headers: &axum::http::HeaderMap,
    body: &Bytes,
) -> Result<(), StoreError> {
    let mut tx = app.store().begin(app.now(), Actor::system("api")).await?;
    if status.is_server_error() {
        tx.execute("DELETE FROM api_answers WHERE name = $1", vec![claim.name.as_str().into()]).await?;
        return tx.commit().await;
    }
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let kept = Kept {
        status: status.as_u16(),
        headers: HEADERS.iter().map(text).collect(),
        body: String::from_utf8_lossy(body).into_owned(),
    };
    let plain = Secret::new(serde_json::to_string(&kept)?);
    let sealed = tx.seal_secret(&caller.bearer.subject, &place(&claim.name), &plain).await?;
    tx.execute("UPDATE api_answers SET sealed = $2 WHERE name = $1", vec![claim.name.as_str().into(), sealed.into()])
        .await?;
    tx.commit().await
}
