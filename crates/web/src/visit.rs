//! One request by one person: who, in which language, when.

use crate::{PageError, Session, Shell, network, session};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, Uri, header, request::Parts};
use kernel::{Actor, ControllerId, Instant, Lang};
use std::net::IpAddr;

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
    /// Path and query, to come back to; without `lang`, which would undo a choice made since.
    pub asked: String,
    /// Where the request comes from.
    pub address: Option<IpAddr>,
}

impl Visit {
    /// The actor of what this request does.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.session.as_ref().map_or_else(|| Actor::system("visitor"), |s| Actor::Account(s.account.clone()))
    }

    /// The controller whose area this person is in: their own, and no address or form can name another.
    #[must_use]
    pub fn controller(&self) -> Option<&ControllerId> {
        self.session.as_ref().and_then(Session::controller)
    }

    /// The token the page's forms carry.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or("", |session| &session.csrf)
    }

    /// The network the request comes from, as throttles and alerts count it.
    #[must_use]
    pub fn network(&self) -> Option<String> {
        self.address.map(network::prefix)
    }

    pub(crate) async fn of(shell: &Shell, parts: &Parts) -> Result<Self, PageError> {
        let mut visit = Self::stranger(shell, parts);
        let cookies = header_text(&parts.headers, header::COOKIE.as_str());
        visit.session = session::find(shell, cookies, visit.now).await?;
        if let (Some(session), None) = (&visit.session, chosen(parts, cookies)) {
            visit.lang = session.lang;
        }
        Ok(visit)
    }

    /// The visit of somebody we do not know, or could not look up.
    pub(crate) fn stranger(shell: &Shell, parts: &Parts) -> Self {
        let cookies = header_text(&parts.headers, header::COOKIE.as_str());
        let lang = chosen(parts, cookies).unwrap_or_else(|| accepted(&parts.headers));
        Self {
            session: None,
            lang,
            now: shell.now(),
            path: parts.uri.path().to_owned(),
            asked: asked(&parts.uri),
            address: network::of(parts, &shell.trusted_proxies),
        }
    }
}

fn asked(uri: &Uri) -> String {
    let pairs = uri.query().into_iter().flat_map(|query| query.split('&'));
    let kept: Vec<&str> = pairs.filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// `?lang=fr` first, then the cookie a visitor's last choice left.
fn chosen(parts: &Parts, cookies: &str) -> Option<Lang> {
    let asked = parts.uri.query().into_iter().flat_map(|q| q.split('&')).find_map(|pair| pair.strip_prefix("lang="));
    let kept = cookies.split(';').find_map(|pair| pair.trim().strip_prefix("garant-lang="));
    [asked, kept].into_iter().flatten().find_map(spoken)
}

/// The language of a tag such as `fr-CH`, if it is one of ours (`frr` is not French).
fn spoken(tag: &str) -> Option<Lang> {
    let primary = tag.split(['-', '_']).next().filter(|primary| primary.len() == 2)?;
    primary.parse().ok()
}

/// The browser's languages by weight (RFC 9110 §12.5.4); the first of those we speak.
fn accepted(headers: &HeaderMap) -> Lang {
    let wanted = header_text(headers, header::ACCEPT_LANGUAGE.as_str());
    let weighed = wanted.split(',').filter_map(|part| {
        let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
        Some((spoken(tag.trim())?, weight)).filter(|_| weight > 0.0)
    });
    let best = weighed.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(lang, _)| lang).unwrap_or_default()
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
