//! Errors as people and programs see them: what is wrong, what to do, and the right status.

use crate::{Shell, Visit, page};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Lang;
use maud::html;
use store::StoreError;

/// What a page handler may answer instead of its page.
#[derive(Clone, Debug)]
pub enum PageError {
    /// Nothing there, or not theirs: both look alike.
    NotFound,
    /// Their role does not allow it.
    Denied,
    /// A form that did not come from our page.
    Forged,
    /// A rule of the house says no: the sentence and the remedy, already in the reader's language.
    Refused {
        /// What is wrong.
        message: String,
        /// What to do.
        remedy: String,
        /// 409 for a conflict, 422 for bad input.
        status: StatusCode,
    },
    /// The machinery failed: in English and French, message and remedy.
    Failed([(String, String); 2]),
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::Failed(
            Lang::ALL.map(|lang| (error.message_for_all(lang).to_owned(), error.remedy_for_all(lang).to_owned())),
        )
    }
}

impl PageError {
    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Denied | Self::Forged => StatusCode::FORBIDDEN,
            Self::Refused { status, .. } => *status,
            Self::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Title, message and remedy in `lang`.
    #[must_use]
    pub fn words(&self, shell: &Shell, lang: Lang) -> [String; 3] {
        let text = |key: &str| shell.texts.get(lang, key);
        match self {
            Self::NotFound => [text("error-title"), text("error-not-found"), text("error-not-found-remedy")],
            Self::Denied => [text("error-refused"), text("error-denied"), text("error-denied-remedy")],
            Self::Forged => [text("error-refused"), text("error-forged"), text("error-forged-remedy")],
            Self::Refused { message, remedy, .. } => [text("error-refused"), message.clone(), remedy.clone()],
            Self::Failed(words) => {
                let (message, remedy) = words[lang as usize].clone();
                [text("error-failed"), message, remedy]
            }
        }
    }

    /// The error as a page, with a way out.
    #[must_use]
    pub fn page(&self, shell: &Shell, visit: Option<&Visit>) -> Response {
        let lang = visit.map_or(Lang::En, |visit| visit.lang);
        let [title, message, remedy] = self.words(shell, lang);
        let body = html! {
            div.notice.late role="alert" { p { strong { (message) } } p { (remedy) } }
            p { a href="/" { (shell.texts.get(lang, "error-back")) } }
        };
        (self.status(), page::page(shell, visit, &title, &body)).into_response()
    }
}

/// Carries the error to the guard, which knows the language and renders it; the plain words are for an
/// answer that passes no guard.
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let plain = match &self {
            Self::Failed([(message, remedy), _]) | Self::Refused { message, remedy, .. } => {
                format!("{message}\n{remedy}\n")
            }
            Self::NotFound | Self::Denied | Self::Forged => String::new(),
        };
        let mut response = (self.status(), plain).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// An error for programs: `application/problem+json` (RFC 9457).
#[derive(Debug)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable word for the kind of problem.
    pub code: &'static str,
    /// What is wrong.
    pub title: String,
    /// What to do.
    pub remedy: String,
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: "store",
            title: error.message_for_all(Lang::En).to_owned(),
            remedy: error.remedy_for_all(Lang::En).to_owned(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::json!({
            "type": format!("urn:garant:problem:{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.remedy,
        });
        let mut response = (self.status, Json(body)).into_response();
        let kind = axum::http::HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
