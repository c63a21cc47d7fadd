//! One thing a program can do: its address, its right, what it takes, what it answers. The router, the reference and the
//! access matrix are made from this one description, so none of them can forget what another says.

use super::call::Caller;
use super::gate;
use crate::{App, Refusal};
use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::str::FromStr;
use web::ApiError;

/// Bytes a JSON body may have.
const JSON_BYTES_MAX: usize = 256 * 1024;

/// Something a program can do.
pub trait Operation: Sized + Send + Sync + 'static {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    const METHOD: &'static str;
    /// The path below `/api/v1`, with `{id}` for what varies.
    const PATH: &'static str;
    /// The permission its token must carry.
    const PERMISSION: &'static str;
    /// What it does, in one line.
    const SUMMARY: &'static str;
    /// What the address may say.
    type Query: DeserializeOwned + JsonSchema + Send;
    /// What is sent.
    type Body: Input;
    /// What comes back.
    type Answer: Reply;

    /// Does it.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    fn run(call: Call<Self>) -> impl Future<Output = Result<Self::Answer, Refusal>> + Send;
}

/// One call of an operation.
pub struct Call<O: Operation> {
    /// What the features work with.
    pub app: App,
    /// Who calls.
    pub caller: Caller,
    /// What stands in the address, in order.
    pub ids: Vec<String>,
    /// What else the address says.
    pub query: O::Query,
    /// What was sent.
    pub body: O::Body,
}

impl<O: Operation> Call<O> {
    /// The first identifier of the address.
    ///
    /// # Errors
    /// When it is none: there can be no such record.
    pub fn id<I: FromStr>(&self, what: [&str; 2]) -> Result<I, Refusal> {
        let text = self.ids.first().map_or("", String::as_str);
        text.parse().map_err(|_| Refusal::not_found(what[0], what[1]))
    }
}

/// What an operation takes in its body.
pub trait Input: Sized + Send {
    /// The most bytes it may have.
    const BYTES_MAX: usize;

    /// Its media type and shape; none when nothing is sent.
    fn content(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)>;

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    fn read(kind: &str, bytes: Bytes) -> Result<Self, ApiError>;
}

/// Nothing is sent.
pub struct Nothing;

impl Input for Nothing {
    const BYTES_MAX: usize = 1024;

    fn content(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        None
    }

    fn read(_: &str, bytes: Bytes) -> Result<Self, ApiError> {
        match bytes.trim_ascii() {
            b"" | b"{}" => Ok(Self),
            _ => Err(invalid("body", "This call takes no body.", "Send it empty.")),
        }
    }
}

/// JSON of one shape.
pub struct Given<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + Send> Input for Given<T> {
    const BYTES_MAX: usize = JSON_BYTES_MAX;

    fn content(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/json", schemas.subschema_for::<T>()))
    }

    fn read(kind: &str, bytes: Bytes) -> Result<Self, ApiError> {
        if !kind.is_empty() && !kind.starts_with("application/json") {
            return Err(ApiError {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ..invalid("media-type", "The body is not JSON.", "Send it as application/json.")
            });
        }
        // JSON may write it as an escape; no text of a database may hold it.
        let escaped = bytes.windows(6).any(|part| part.eq_ignore_ascii_case(b"\\u0000"));
        if escaped || bytes.contains(&0) {
            return Err(invalid("body", "The body holds a character no text has (U+0000).", "Leave it out."));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let place = format!(
                "The body is not as described, at line {}, column {}: {}.",
                error.line(),
                error.column(),
                kind_of(&error)
            );
            invalid("body", &place, "Compare it with the reference at /api/v1/openapi.json.")
        })
    }
}

/// The parser's words without the values it quotes, which may be personal.
fn kind_of(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    match error.is_data() && !words.starts_with("missing field") && !words.starts_with("unknown field") {
        true => "a value has another type than it should".to_owned(),
        false => words.to_owned(),
    }
}

/// A document, as it is.
pub struct Upload(pub Bytes);

impl Input for Upload {
    const BYTES_MAX: usize = reader::BYTES_MAX;

    fn content(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        let _ = schemas;
        Some(("application/octet-stream", schemars::json_schema!({ "type": "string", "format": "binary" })))
    }

    fn read(_: &str, bytes: Bytes) -> Result<Self, ApiError> {
        match bytes.is_empty() {
            true => Err(invalid("body", "There is no document in the body.", "Send the document's bytes.")),
            false => Ok(Self(bytes)),
        }
    }
}

/// What an operation answers.
pub trait Reply: Send {
    /// The status when it went well.
    const STATUS: StatusCode;

    /// Its media type and shape; none when nothing comes back.
    fn content(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)>;

    /// As an answer.
    fn response(self) -> Response;
}

/// What was asked for.
pub struct Shown<T>(pub T);

impl<T: Serialize + JsonSchema + Send> Reply for Shown<T> {
    const STATUS: StatusCode = StatusCode::OK;

    fn content(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/json", schemas.subschema_for::<T>()))
    }

    fn response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// What was made, and where it is.
pub struct Made<T>(pub String, pub T);

impl<T: Serialize + JsonSchema + Send> Reply for Made<T> {
    const STATUS: StatusCode = StatusCode::CREATED;

    fn content(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/json", schemas.subschema_for::<T>()))
    }

    fn response(self) -> Response {
        (Self::STATUS, [(header::LOCATION, self.0)], axum::Json(self.1)).into_response()
    }
}

/// It is done; there is nothing to say.
pub struct Done;

impl Reply for Done {
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn content(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        None
    }

    fn response(self) -> Response {
        Self::STATUS.into_response()
    }
}

/// A file to keep.
pub struct File {
    /// The name to keep it under; ours, never a visitor's.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Reply for File {
    const STATUS: StatusCode = StatusCode::OK;

    fn content(schemas: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        let _ = schemas;
        Some(("application/octet-stream", schemars::json_schema!({ "type": "string", "format": "binary" })))
    }

    fn response(self) -> Response {
        let mut response = self.bytes.into_response();
        let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", self.name));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        if let Ok(name) = name {
            headers.insert(header::CONTENT_DISPOSITION, name);
        }
        response
    }
}

/// An operation as the registry sees it.
pub struct Endpoint {
    /// Its method.
    pub method: &'static str,
    /// Its path below `/api/v1`.
    pub path: &'static str,
    /// The permission its token must carry.
    pub permission: &'static str,
    /// What it does.
    pub summary: &'static str,
    pub(super) shape: fn(&mut SchemaGenerator) -> Shape,
    pub(crate) handler: fn() -> MethodRouter<App>,
}

/// What goes in and comes out.
pub(super) struct Shape {
    pub(super) query: Schema,
    pub(super) body: Option<(&'static str, Schema)>,
    pub(super) status: u16,
    pub(super) answer: Option<(&'static str, Schema)>,
}

impl Endpoint {
    /// The operation `O`, for a feature's list.
    pub(crate) const fn of<O: Operation>() -> Self {
        Self {
            method: O::METHOD,
            path: O::PATH,
            permission: O::PERMISSION,
            summary: O::SUMMARY,
            shape: shape::<O>,
            handler: handler::<O>,
        }
    }
}

fn shape<O: Operation>(schemas: &mut SchemaGenerator) -> Shape {
    Shape {
        query: schemas.root_schema_for::<O::Query>(),
        body: O::Body::content(schemas),
        status: O::Answer::STATUS.as_u16(),
        answer: O::Answer::content(schemas),
    }
}

fn handler<O: Operation>() -> MethodRouter<App> {
    let method = match O::METHOD {
        "GET" => MethodFilter::GET,
        "PUT" => MethodFilter::PUT,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::POST,
    };
    on(method, gate::answer::<O>)
}

/// A problem with what was sent: 422.
pub(super) fn invalid(code: &'static str, title: &str, remedy: &str) -> ApiError {
    ApiError { status: StatusCode::UNPROCESSABLE_ENTITY, code, title: title.to_owned(), remedy: remedy.to_owned() }
}

/// Writes an [`Operation`] in one glance: what it is called, its address, its right, what goes in and comes out, what it does.
macro_rules! operation {
    ($(#[$doc:meta])* $name:ident = $method:ident $path:literal, needs $permission:literal: $summary:literal,
     ($query:ty, $body:ty) -> $answer:ty, |$call:ident| $run:block) => {
        $(#[$doc])*
        pub(super) struct $name;

        impl $crate::api::Operation for $name {
            const METHOD: &'static str = stringify!($method);
            const PATH: &'static str = $path;
            const PERMISSION: &'static str = $permission;
            const SUMMARY: &'static str = $summary;
            type Query = $query;
            type Body = $body;
            type Answer = $answer;

            async fn run($call: $crate::api::Call<Self>) -> Result<Self::Answer, $crate::Refusal> $run
        }
    };
}
pub(crate) use operation;
