//! Posted forms: parsed at the edge, refused without the session's own token.

use crate::{PageError, Shell, Visit};
use axum::extract::Form;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The fields of a form that carried the right token.
pub struct Posted<T>(pub T);

#[derive(Deserialize)]
struct Signed {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    fields: std::collections::HashMap<String, String>,
}

/// Compares without telling by the time it takes how much was right.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |diff, (x, y)| diff | (x ^ y)) == 0
}

impl<S, T> FromRequest<S> for Posted<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
    Shell: FromRef<S>,
{
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let visit = request.extensions().get::<Visit>().cloned().ok_or(PageError::Forged)?;
        let malformed = |error: &dyn std::fmt::Display| PageError::Refused {
            message: visit.lang.pick("The form is not complete.", "Le formulaire n'est pas complet.").to_owned(),
            remedy: error.to_string(),
            status: StatusCode::UNPROCESSABLE_ENTITY,
        };
        let Form(signed) = Form::<Signed>::from_request(request, state).await.map_err(|e| malformed(&e))?;
        if visit.session.is_some() && !same(&signed.csrf, visit.csrf()) {
            return Err(PageError::Forged);
        }
        let value = serde_json::to_value(signed.fields).map_err(|e| malformed(&e))?;
        serde_json::from_value(value).map(Posted).map_err(|e| malformed(&e))
    }
}
