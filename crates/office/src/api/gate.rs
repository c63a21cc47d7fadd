//! One way in for every operation: the token, the quota, what must still hold, what was sent, and the headers of the answer.

use super::answers::{self, Claim, Claimed};
use super::call::Caller;
use super::operation::{Call, Input, Operation, Reply, invalid};
use super::quota::{A_MINUTE, Standing};
use crate::{App, Refusal};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Query, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use web::ApiError;

/// Answers one call of `O`.
pub(super) async fn answer<O: Operation>(State(app): State<App>, ids: RawPathParams, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let caller = match Caller::of(&app, &parts.headers, O::PERMISSION).await {
        Ok(caller) => caller,
        Err(problem) => return with_challenge(problem.into_response()),
    };
    let standing = match app.quotas.count(&app, &caller.bearer.digest).await {
        Ok(standing) => standing,
        Err(error) => return ApiError::from(error).into_response(),
    };
    let ids = ids.iter().map(|(_, value)| value.to_owned()).collect();
    let done =
        if standing.left < 0 { Err(too_many(standing)) } else { carried::<O>(app, caller, ids, &parts, body).await };
    with_quota(done.unwrap_or_else(IntoResponse::into_response), standing)
}

/// Reads what was sent, and does it once.
async fn carried<O: Operation>(
    app: App,
    caller: Caller,
    ids: Vec<String>,
    parts: &Parts,
    body: Body,
) -> Result<Response, ApiError> {
    if ids.iter().any(|id| id.contains('\0')) {
        return Err(Refusal::not_found("record", "enregistrement").problem(caller.lang));
    }
    let query = Query::<O::Query>::try_from_uri(&parts.uri).map_err(|_| no_query())?.0;
    let bytes = to_bytes(body, O::Body::BYTES_MAX).await.map_err(|_| too_large(O::Body::BYTES_MAX))?;
    let given = O::Body::read(text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default(), bytes.clone())?;
    let claim = match claimed(&app, &caller, parts, &bytes).await? {
        Some(Claimed::Done(response)) => return Ok(response),
        Some(Claimed::New(claim)) => Some(claim),
        None => None,
    };
    let (record, here) = (ids.first().cloned(), expecting(&app, parts, ids.first())?);
    let call = Call { app: here, caller: caller.clone(), ids, query, body: given };
    // The work goes on if the program leaves.
    let lang = caller.lang;
    let work =
        async move { O::run(call).await.map_or_else(|refusal| refusal.problem(lang).into_response(), Reply::response) };
    let response = tokio::spawn(work).await.map_err(|_| stopped())?;
    finished(&app, &caller, claim, parts, record, response).await
}

/// The answer with its validator, kept when it has a key.
async fn finished(
    app: &App,
    caller: &Caller,
    claim: Option<Claim>,
    parts: &Parts,
    record: Option<String>,
    response: Response,
) -> Result<Response, ApiError> {
    let (mut head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(|_| stopped())?;
    if let Some(claim) = claim {
        answers::keep(app, caller, claim, head.status, &head.headers, &bytes).await?;
    }
    let reads = parts.method == axum::http::Method::GET && head.status.is_success();
    if let Some(record) = record.filter(|_| reads)
        && let Some(version) = store::version(&mut app.store().read(), &record).await?
    {
        let tag = format!("\"{version}.{}\"", &hex::encode(Sha256::digest(&bytes))[..16]);
        let same = text(&parts.headers, header::IF_NONE_MATCH.as_str())
            .is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            head.headers.insert(header::ETAG, tag);
        }
        if same {
            head.status = StatusCode::NOT_MODIFIED;
            head.headers.remove(header::CONTENT_TYPE);
            return Ok(Response::from_parts(head, Body::empty()));
        }
    }
    Ok(Response::from_parts(head, Body::from(bytes)))
}

async fn claimed(app: &App, caller: &Caller, parts: &Parts, bytes: &Bytes) -> Result<Option<Claimed>, ApiError> {
    let Some(key) = text(&parts.headers, "idempotency-key").filter(|_| parts.method == axum::http::Method::POST) else {
        return Ok(None);
    };
    let mut fingerprint = format!("{} {}\n", parts.method, parts.uri).into_bytes();
    fingerprint.extend_from_slice(bytes);
    answers::claim(app, caller, key, &fingerprint).await.map(Some)
}

/// The same features over a store whose next change holds only while the record is as the program saw it.
fn expecting(app: &App, parts: &Parts, record: Option<&String>) -> Result<App, ApiError> {
    let wanted = text(&parts.headers, header::IF_MATCH.as_str()).filter(|tag| tag.trim() != "*");
    let (Some(tag), Some(record)) = (wanted, record) else { return Ok(app.clone()) };
    let version = tag.trim().strip_prefix('"').and_then(|tag| tag.split_once('.')).map(|(version, _)| version);
    let version = version.ok_or_else(|| {
        invalid("if-match", "If-Match is not an ETag of ours.", "Send one ETag as the record's answer gave it.")
    })?;
    let mut here = app.clone();
    here.shell.store = app.store().expecting(record, version);
    Ok(here)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// RFC 6750 §3.
fn with_challenge(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// How the token stands (draft-ietf-httpapi-ratelimit-headers).
fn with_quota(mut response: Response, standing: Standing) -> Response {
    let (left, seconds) = (standing.left.max(0), standing.seconds);
    let headers = response.headers_mut();
    for (name, value) in [
        ("ratelimit-policy", format!("\"token\";q={A_MINUTE};w=60")),
        ("ratelimit", format!("\"token\";r={left};t={seconds}")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if standing.left < 0
        && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
    {
        headers.insert(header::RETRY_AFTER, value);
    }
    response
}

fn too_many(standing: Standing) -> ApiError {
    ApiError {
        status: StatusCode::TOO_MANY_REQUESTS,
        code: "too-many",
        title: format!("This token has made more than {A_MINUTE} calls in a minute."),
        remedy: format!("Wait {} seconds.", standing.seconds),
    }
}

fn too_large(bytes_max: usize) -> ApiError {
    ApiError {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "too-large",
        title: format!("The body has more than {bytes_max} bytes."),
        remedy: "Send less at once.".into(),
    }
}

fn no_query() -> ApiError {
    invalid(
        "query",
        "The address asks for something this call does not know.",
        "Compare it with the reference at /api/v1/openapi.json.",
    )
}

fn stopped() -> ApiError {
    ApiError {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "stopped",
        title: "The work stopped before its end.".into(),
        remedy: "Read the record to see how it stands; what was done is not done twice.".into(),
    }
}
