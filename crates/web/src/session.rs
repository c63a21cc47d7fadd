//! Sessions, kept in the database: listed, revocable, ended by a password change.
//!
//! The cookie holds 32 random bytes; the database holds their digest. Every request reads the
//! account's epoch and role again, so that a change of either works at once.

use crate::Shell;
use kernel::{AccountId, Instant, Lang};
use store::{Store, StoreError};
use vault::Token;

/// Hours a session lives.
const LIFE_HOURS: i64 = 12;

/// What a person may do; the access matrix gives each route its roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Owns the installation.
    Owner,
    /// The privacy officer (Art. 37).
    Dpo,
    /// Connects systems and carries out plans.
    Engineer,
    /// Logs requests.
    Support,
    /// Reads, changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Dpo, Self::Engineer, Self::Support, Self::Auditor];

    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Dpo => "dpo",
            Self::Engineer => "engineer",
            Self::Support => "support",
            Self::Auditor => "auditor",
        }
    }

    /// The role a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A signed-in person.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub account: AccountId,
    /// Their role now.
    pub role: Role,
    /// Their name, unless it has been erased.
    pub name: String,
    /// Their language.
    pub lang: Lang,
    /// The token every form of theirs carries.
    pub csrf: String,
    digest: String,
}

impl Session {
    /// Whether `open` is this very session.
    #[must_use]
    pub fn is(&self, open: &Open) -> bool {
        self.digest == open.name
    }
}

/// An open session, as its holder sees it in the list.
#[derive(Clone, Debug)]
pub struct Open {
    /// What tells it from the others: the digest of its token.
    pub name: String,
    /// When it began.
    pub made_at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
}

/// The open sessions of an account, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, account: &AccountId, now: Instant) -> Result<Vec<Open>, StoreError> {
    let sql = "SELECT s.digest, s.made_at, s.expires_at FROM sessions s JOIN accounts a ON a.id = s.account \
               WHERE s.account = $1 AND s.expires_at > $2 AND s.epoch = a.epoch ORDER BY s.made_at DESC, s.digest";
    let rows = store.read().rows(sql, vec![account.into(), now.into()]).await?;
    let open = |row: &store::Row| {
        Ok(Open { name: row.text("digest")?, made_at: row.instant("made_at")?, expires_at: row.instant("expires_at")? })
    };
    rows.iter().map(open).collect()
}

/// Ends one session of the same account; one that is not theirs, or has ended, is left alone.
///
/// # Errors
/// When the database fails.
pub async fn end_one(shell: &Shell, session: &Session, name: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM sessions WHERE account = $1 AND digest = $2";
    ended(shell, session, sql, vec![(&session.account).into(), name.into()]).await
}

/// Ends every other session of the account.
///
/// # Errors
/// When the database fails.
pub async fn end_others(shell: &Shell, session: &Session) -> Result<(), StoreError> {
    let sql = "DELETE FROM sessions WHERE account = $1 AND digest <> $2";
    ended(shell, session, sql, vec![(&session.account).into(), session.digest.as_str().into()]).await
}

async fn ended(shell: &Shell, session: &Session, sql: &'static str, args: Vec<store::Arg>) -> Result<(), StoreError> {
    let mut tx = shell.store.begin(shell.now(), kernel::Actor::Account(session.account.clone())).await?;
    tx.execute(sql, args).await?;
    tx.commit().await
}

/// The name of the cookie; the `__Host-` prefix needs HTTPS.
#[must_use]
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-garant" } else { "garant" }
}

/// Starts a session for `account`; gives the value of the `Set-Cookie` header.
///
/// # Errors
/// When the database fails.
pub async fn start(shell: &Shell, account: &AccountId, epoch: i64) -> Result<String, StoreError> {
    let (token, now) = (Token::generate(shell.store.entropy()), shell.now());
    let csrf = Token::generate(shell.store.entropy());
    let expires = now.as_millisecond() + LIFE_HOURS * 3_600_000;
    let mut tx = shell.store.begin(now, kernel::Actor::Account(account.clone())).await?;
    tx.execute("DELETE FROM sessions WHERE expires_at < $1", vec![now.into()]).await?;
    let sql = "INSERT INTO sessions (digest, account, csrf, epoch, made_at, seen_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $5, $6)";
    let args = vec![
        token.digest().into(),
        account.into(),
        csrf.text().expose().into(),
        epoch.into(),
        now.into(),
        expires.into(),
    ];
    tx.execute(sql, args).await?;
    tx.commit().await?;
    Ok(set_cookie(shell.secure, token.text().expose(), LIFE_HOURS * 3600))
}

fn set_cookie(secure: bool, value: &str, seconds: i64) -> String {
    let flag = if secure { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{flag}", cookie_name(secure))
}

/// The session whose token a `Cookie` header carries, if it still holds.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, cookies: &str, secure: bool, now: Instant) -> Result<Option<Session>, StoreError> {
    let name = cookie_name(secure);
    let value = cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name);
    let Some(token) = value.and_then(|(_, value)| Token::parse(value).ok()) else { return Ok(None) };
    let sql = "SELECT s.digest, s.account, s.csrf, a.role, a.name, a.lang FROM sessions s JOIN accounts a ON a.id = s.account \
               WHERE s.digest = $1 AND s.expires_at > $2 AND s.epoch = a.epoch AND a.closed_at IS NULL";
    let row = store.read().row(sql, vec![token.digest().into(), now.into()]).await?;
    row.map(|row| {
        Ok(Session {
            account: row.id("account")?,
            role: Role::parse(&row.text("role")?).ok_or_else(|| StoreError::Damaged("a role is none".into()))?,
            name: row.opt_text("name")?.unwrap_or_default(),
            lang: row.text("lang")?.parse().unwrap_or_default(),
            csrf: row.text("csrf")?,
            digest: row.text("digest")?,
        })
    })
    .transpose()
}

/// Ends a session; gives the header that clears the cookie.
///
/// # Errors
/// When the database fails.
pub async fn end(shell: &Shell, session: &Session) -> Result<String, StoreError> {
    end_one(shell, session, &session.digest).await?;
    Ok(set_cookie(shell.secure, "", 0))
}
