//! The stylesheet and the two scripts, each served under a name that holds its hash.

use axum::http::header;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The stylesheet.
pub const CSS: &str = include_str!("garant.css");

/// The script of the pages that ask for a passkey.
pub const PASSKEY_JS: &str = include_str!("passkey.js");

/// The script that sharpens the console of the house; pages for others carry none.
pub const CONSOLE_JS: &str = include_str!("console.js");

/// The stylesheet's address; it changes when the stylesheet does, so browsers may keep it for ever.
pub static CSS_PATH: LazyLock<String> = LazyLock::new(|| address(CSS, "css"));

/// The script's address.
pub static PASSKEY_JS_PATH: LazyLock<String> = LazyLock::new(|| address(PASSKEY_JS, "js"));

/// The console's script's address.
pub static CONSOLE_JS_PATH: LazyLock<String> = LazyLock::new(|| address(CONSOLE_JS, "js"));

fn address(content: &str, kind: &str) -> String {
    let digest = hex::encode(Sha256::digest(content.as_bytes()));
    format!("/assets/{}.{kind}", &digest[..16])
}

/// Serves the stylesheet.
pub async fn css() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS)
}

/// Serves the console's script.
pub async fn console_js() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], CONSOLE_JS)
}

/// Serves the script of passkeys.
pub async fn passkey_js() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], PASSKEY_JS)
}
