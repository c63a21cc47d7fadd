//! Who may pass: one check before every handler, and the headers after it.

use crate::{CLIENT_HOME, PageError, Policy, Role, Shell, Step, Visit, denials, link, page};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    /// Signed-in people with this permission.
    May(&'static str),
    /// The same, for what cannot be undone or takes data out: they showed who they are a short while ago.
    Fresh(&'static str),
    /// Signed-in people of any role, also on these steps of their way in.
    Entering(&'static [Step]),
}

impl Access {
    /// The permission it takes, where it takes one.
    #[must_use]
    pub fn permission(&self) -> Option<&'static str> {
        match self {
            Self::Public | Self::Entering(_) => None,
            Self::May(permission) | Self::Fresh(permission) => Some(permission),
        }
    }

    /// The roles of people this is for under a policy; none for the public.
    #[must_use]
    pub fn roles<'p>(&self, policy: &'p Policy) -> Option<&'p [Role]> {
        match self {
            Self::Public => None,
            Self::May(permission) | Self::Fresh(permission) => Some(policy.roles(permission)),
            Self::Entering(_) => Some(&Role::ALL),
        }
    }
}

/// Lets a request through to its handler, or answers it here.
pub async fn pass(shell: Shell, access: Access, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // No database text may hold a NUL, and no link of ours has one.
    if parts.uri.to_string().contains("%00") {
        return PageError::NotFound.page(&shell, Some(&Visit::stranger(&shell, &parts)));
    }
    let visit = match Visit::of(&shell, &parts).await {
        Ok(visit) => visit,
        Err(error) => return error.page(&shell, Some(&Visit::stranger(&shell, &parts))),
    };
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    // What asks for the person first has an effect or takes data out, also where it is only read.
    let guarded = !reads || matches!(access, Access::Fresh(_));
    if guarded && !same_site(&parts.headers, shell.secure) {
        return PageError::Forged.page(&shell, Some(&visit));
    }
    if let Some(answer) = stop(&shell, access, &visit, reads, &parts.headers) {
        if let Some(session) = visit.session.as_ref().filter(|_| answer.status() == StatusCode::FORBIDDEN)
            && let Err(error) = denials::note_denied(&shell.store, &session.account, visit.now).await
        {
            tracing::warn!(%error, "a denied attempt could not be counted");
        }
        return marked(&visit, answer);
    }
    parts.extensions.insert(visit.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    finish(&shell, &visit, response)
}

/// What stands between this visit and its page, as an answer.
fn stop(shell: &Shell, access: Access, visit: &Visit, reads: bool, headers: &HeaderMap) -> Option<Response> {
    let roles = access.roles(&shell.policy)?;
    let steps = if let Access::Entering(steps) = access { steps } else { &[] };
    let to = |page: &str| Some(Redirect::to(&back_to(page, &visit.asked)).into_response());
    let Some(session) = &visit.session else {
        return if reads { to("/sign-in") } else { Some(PageError::Forged.page(shell, Some(visit))) };
    };
    if let Some(step) = session.step.filter(|step| !steps.contains(step)) {
        let next = if reads { visit.asked.as_str() } else { "/" };
        return Some(Redirect::to(&back_to(step.path(), next)).into_response());
    }
    if !roles.contains(&session.role) {
        // Whoever comes in, comes to "/": the one address of the house that leads a controller's people to theirs.
        if reads && visit.path == "/" && session.role.is_controllers() {
            return Some(Redirect::to(CLIENT_HOME).into_response());
        }
        return Some(refusal_of(session.role, roles).page(shell, Some(visit)));
    }
    if matches!(access, Access::Fresh(_)) && !session.is_fresh(visit.now) {
        let next = if reads { visit.asked.clone() } else { came_from(headers, &visit.path) };
        return Some(Redirect::to(&back_to("/sign-in/again", &next)).into_response());
    }
    None
}

/// What somebody hears whose role does not reach a page. A controller's people are not told what there is in the house, and
/// the pages of their area are nobody's in the house.
fn refusal_of(role: Role, roles: &[Role]) -> PageError {
    let ours = roles.iter().any(|other| !other.is_controllers());
    if role.is_controllers() || !ours { PageError::NotFound } else { PageError::Denied }
}

/// `page`, which leads on to `next`.
pub(crate) fn back_to(page: &str, next: &str) -> String {
    if next == "/" { page.to_owned() } else { format!("{page}?next={}", link::encode(next)) }
}

/// The page a form was sent from; without a word of the browser, the page above the address it was sent to.
fn came_from(headers: &HeaderMap, path: &str) -> String {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let rest = text(header::REFERER).and_then(|referer| referer.split_once("://")).map(|(_, rest)| rest);
    let ours = rest.zip(text(header::HOST)).and_then(|(rest, host)| rest.strip_prefix(host));
    match ours.filter(|path| link::is_local(path)) {
        Some(page) => page.to_owned(),
        None => path.rsplit_once('/').map_or("/", |(above, _)| if above.is_empty() { "/" } else { above }).to_owned(),
    }
}

/// Turns an error a handler returned into a page in the visitor's language.
fn finish(shell: &Shell, visit: &Visit, mut response: Response) -> Response {
    let response = match response.extensions_mut().remove::<PageError>() {
        Some(error) => error.page(shell, Some(visit)),
        None => response,
    };
    marked(visit, response)
}

/// An answer whose page may run the console's script, when the visit is to the console.
#[must_use]
pub fn marked(visit: &Visit, mut response: Response) -> Response {
    if page::is_console(visit) {
        response.extensions_mut().insert(Console);
    }
    response
}

/// Refuses posts that another site's page sent (Fetch Metadata, then `Origin`).
fn same_site(headers: &HeaderMap, secure: bool) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(scheme, rest)| (scheme == "https" || !secure) && rest.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
        _ => true,
    }
}

/// The mark of an answer whose page runs the script of passkeys.
#[derive(Clone, Copy, Debug)]
pub struct Scripted;

/// The mark of an answer to somebody who sees the console of the house, which its script sharpens.
#[derive(Clone, Copy, Debug)]
struct Console;

/// What a page may load and do.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
/// The same with our own script: for pages that ask for a passkey, and no others.
const SCRIPTED_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                               form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for the console of the house, whose script also asks us for what somebody types in the search field.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; \
                              form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every answer: no script (but on pages marked [`Scripted`] or [`Console`]), no frame, no foreign resource, no sniffing,
/// no cache.
pub async fn headers(request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    // An error page is no asset: it may name the person who is signed in.
    let cached = asset && response.status().is_success();
    let scripted = response.extensions_mut().remove::<Scripted>().is_some();
    let console = response.extensions_mut().remove::<Console>().is_some();
    let policy = if console { CONSOLE_POLICY } else { POLICY };
    let policy = if scripted && !console { SCRIPTED_POLICY } else { policy };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        // Browsers heed it over HTTPS only (RFC 6797 §8.1).
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let cache = if cached { "public, max-age=31536000, immutable" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
