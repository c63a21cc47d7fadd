//! The one stylesheet, served under a name that holds its hash.

use axum::http::header;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The stylesheet.
pub const CSS: &str = include_str!("garant.css");

/// Its address; it changes when the stylesheet does, so browsers may keep it for ever.
pub static CSS_PATH: LazyLock<String> = LazyLock::new(|| {
    let digest = hex::encode(Sha256::digest(CSS.as_bytes()));
    format!("/assets/{}.css", &digest[..16])
});

/// Serves it.
pub async fn css() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS)
}
