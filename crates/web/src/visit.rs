//! One request by one person: who, in which language, when.

use crate::{PageError, Session, Shell, session};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, header, request::Parts};
use kernel::{Actor, Instant, Lang};

/// Everything a handler knows about its caller.
#[derive(Clone)]
pub struct Visit {
    /// The session, on every route that is not public.
    pub session: Option<Session>,
    /// The language of the answer.
    pub lang: Lang,
    /// The instant of the request.
    pub now: Instant,
    /// The path asked for.
    pub path: String,
}

impl Visit {
    /// The actor of what this request does.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.session.as_ref().map_or_else(|| Actor::system("visitor"), |s| Actor::Account(s.account.clone()))
    }

    /// The token the page's forms carry.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or("", |session| &session.csrf)
    }

    pub(crate) async fn of(shell: &Shell, parts: &Parts) -> Result<Self, PageError> {
        let cookies = header_text(&parts.headers, header::COOKIE.as_str());
        let now = shell.now();
        let session = session::find(&shell.store, cookies, shell.secure, now).await?;
        let lang = chosen(parts, cookies)
            .or_else(|| session.as_ref().map(|s| s.lang))
            .unwrap_or_else(|| accepted(&parts.headers));
        Ok(Self { session, lang, now, path: parts.uri.path().to_owned() })
    }
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// `?lang=fr` first, then the cookie a visitor's last choice left.
fn chosen(parts: &Parts, cookies: &str) -> Option<Lang> {
    let asked = parts.uri.query().into_iter().flat_map(|q| q.split('&')).find_map(|pair| pair.strip_prefix("lang="));
    let kept = cookies.split(';').find_map(|pair| pair.trim().strip_prefix("garant-lang="));
    asked.or(kept).and_then(|code| code.parse().ok())
}

/// The first of the browser's languages that we speak.
fn accepted(headers: &HeaderMap) -> Lang {
    let wanted = header_text(headers, header::ACCEPT_LANGUAGE.as_str());
    wanted.split(',').find_map(|part| part.trim().parse().ok()).unwrap_or_default()
}

impl<S> FromRequestParts<S> for Visit
where
    S: Send + Sync,
    Shell: FromRef<S>,
{
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        match parts.extensions.get::<Self>() {
            Some(visit) => Ok(visit.clone()),
            None => Self::of(&Shell::from_ref(state), parts).await,
        }
    }
}
