//! Who is trying to sign in, before we know who they are: a secret of their browser's alone, for a few minutes.
//!
//! What one browser began, no other may end: a link or a form that somebody else sends brings the wrong secret.

use crate::Shell;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use vault::Token;

/// How long a way in may take from its first page to its last.
pub const MINUTES: i64 = 5;

/// One browser's attempt.
pub struct Attempt {
    token: Token,
}

impl Attempt {
    /// A new one.
    #[must_use]
    pub fn begin(shell: &Shell) -> Self {
        Self { token: Token::generate(shell.store.entropy()) }
    }

    /// The one a request carries.
    #[must_use]
    pub fn of(shell: &Shell, headers: &HeaderMap) -> Option<Self> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == cookie_name(shell.secure))?;
        Some(Self { token: Token::parse(value).ok()? })
    }

    /// What it is known by in the database.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.token.digest()
    }

    /// A value for one use that only this browser can bring back: 43 characters of base64url, another for each `purpose`.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> String {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let digest = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(self.token.text().expose());
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }

    /// The `Set-Cookie` header that gives it to the browser. Lax: an identity provider sends people back by a link.
    #[must_use]
    pub fn cookie(&self, secure: bool) -> String {
        cookie(secure, self.token.text().expose(), MINUTES * 60)
    }
}

/// The `Set-Cookie` header that takes it away.
#[must_use]
pub fn over(secure: bool) -> String {
    cookie(secure, "", 0)
}

fn cookie(secure: bool, value: &str, seconds: i64) -> String {
    let flag = if secure { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{flag}", cookie_name(secure))
}

fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-garant-attempt" } else { "garant-attempt" }
}
