//! Posted forms: parsed at the edge, refused without the session's own token.

use crate::{PageError, Shell, Visit};
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::StatusCode;
use kernel::Lang;
use serde::de::DeserializeOwned;

/// The fields of a form that carried the right token.
pub struct Posted<T>(pub T);

/// Fields a form may have: twice what our longest has.
const FIELDS_MAX: usize = 200;

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
        let unreadable = |error: FormRejection| malformed(visit.lang, error.status());
        let incomplete = |_| malformed(visit.lang, StatusCode::UNPROCESSABLE_ENTITY);
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, state).await.map_err(unreadable)?;
        let mut tokens = fields.iter().filter(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
        let (csrf, second) = (tokens.next().unwrap_or(""), tokens.next());
        if visit.session.is_some() && !same(csrf, visit.csrf()) {
            return Err(PageError::Forged);
        }
        // No database text may hold a NUL, and no keyboard writes it.
        if second.is_some() || fields.len() > FIELDS_MAX || fields.iter().any(|(_, value)| value.contains('\0')) {
            return Err(malformed(visit.lang, StatusCode::UNPROCESSABLE_ENTITY));
        }
        let named = fields.into_iter().filter(|(name, _)| name != "csrf");
        let object: serde_json::Map<_, _> = named.map(|(name, value)| (name, value.into())).collect();
        serde_json::from_value(object.into()).map(Posted).map_err(incomplete)
    }
}

/// What a person can do about it; the parser's own words help nobody, and quote what was typed.
fn malformed(lang: Lang, status: StatusCode) -> PageError {
    let (message, remedy) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => lang.pick(
            ("The form is too large.", "Send less at once."),
            ("Le formulaire est trop lourd.", "Envoyez moins à la fois."),
        ),
        _ => lang.pick(
            ("The form is not complete.", "Go back, fill in every field and send it again."),
            ("Le formulaire n'est pas complet.", "Revenez en arrière, remplissez chaque champ et renvoyez-le."),
        ),
    };
    PageError::Refused { message: message.to_owned(), remedy: remedy.to_owned(), status }
}
