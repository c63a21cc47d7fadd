//! Programs: a token in the `Authorization` header (RFC 6750), and what it stands for now.

use crate::{Role, Shell, session};
use axum::http::{HeaderMap, header};
use kernel::{AccountId, Actor, ControllerId, SubjectId};
use store::StoreError;
use vault::Token;

/// A token that holds.
#[derive(Clone)]
pub struct Bearer {
    /// The account it acts for.
    pub account: AccountId,
    /// The person behind it.
    pub subject: SubjectId,
    /// Their role now.
    pub role: Role,
    /// The controller whose people they are of; none for the house's own.
    pub controller: Option<ControllerId>,
    /// SHA-256 of the token.
    pub digest: String,
    /// The permissions it was given; what its maker's role has lost since is lost here, too.
    pub permissions: Vec<String>,
}

impl Bearer {
    /// The author of what it does.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Account(self.account.clone())
    }
}

/// What the `Authorization` header stands for; none without a token that holds.
///
/// # Errors
/// When the database fails.
pub async fn find(shell: &Shell, headers: &HeaderMap) -> Result<Option<Bearer>, StoreError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|text| text.split_once(' ')).filter(|(how, _)| how.eq_ignore_ascii_case("bearer"));
    let Some(token) = given.and_then(|(_, text)| Token::parse(text.trim()).ok()) else { return Ok(None) };
    let sql = "SELECT t.account, t.permissions, a.subject, a.role, a.controller FROM tokens t JOIN accounts a ON a.id = t.account \
               WHERE t.digest = $1 AND t.expires_at > $2 AND a.closed_at IS NULL AND (a.until IS NULL OR a.until > $2)";
    let row = shell.store.read().row(sql, vec![token.digest().into(), shell.now().into()]).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(member) = session::membership(&row)? else { return Ok(None) };
    Ok(Some(Bearer {
        account: row.id("account")?,
        subject: row.id("subject")?,
        role: member.role(),
        controller: member.controller().cloned(),
        digest: token.digest().to_owned(),
        permissions: row.text("permissions")?.split_whitespace().map(str::to_owned).collect(),
    }))
}
