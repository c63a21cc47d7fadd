//! All routes of all features, each behind its guard.

use crate::{App, FEATURES, Refusal, api};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use web::guard::{self, Access};
use web::{PageError, Visit};

/// Bytes a posted form may have; the few routes that take documents say so themselves.
const BODY_BYTES_MAX: usize = 64 << 10;

/// The whole console and API.
pub fn router(app: &App) -> Router {
    let mut router = Router::new()
        .route(&web::assets::CSS_PATH, get(web::assets::css))
        .route(&web::assets::CONSOLE_JS_PATH, get(web::assets::console_js))
        .route(&web::assets::PASSKEY_JS_PATH, get(web::assets::passkey_js));
    for route in FEATURES.iter().flat_map(|feature| feature.routes) {
        let shell = app.shell.clone();
        let access: Access = route.access;
        let gate = middleware::from_fn(move |request: Request, next: Next| {
            let shell = shell.clone();
            async move { guard::pass(shell, access, request, next).await }
        });
        router = router.route(route.path, (route.handler)().route_layer(gate));
    }
    for endpoint in FEATURES.iter().flat_map(|feature| feature.api) {
        router = router.route(&format!("{}{}", api::BASE, endpoint.path), (endpoint.handler)());
    }
    let shell = app.shell.clone();
    router
        .fallback(move |visit: Visit| lost(shell, visit))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(guard::headers))
        .with_state(app.clone())
}

async fn lost(shell: web::Shell, visit: Visit) -> Response {
    if visit.path.starts_with("/api/") {
        return Refusal::not_found("address", "adresse").problem(visit.lang).into_response();
    }
    guard::marked(&visit, PageError::NotFound.page(&shell, Some(&visit)))
}
