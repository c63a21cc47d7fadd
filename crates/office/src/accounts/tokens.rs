//! Keys with which a program acts for an account, on the API only.

use super::{Account, AccountEvent, store};
use crate::{App, Refusal, feature};
use ::store::{Store, StoreError};
use axum::http::{HeaderMap, StatusCode};
use kernel::{AccountId, Actor, Instant, Secret};
use vault::Token;
use web::ApiError;

/// Makes a token for `account`; it is shown once and kept as a digest.
///
/// # Errors
/// When the database fails.
pub async fn make_token(
    db: &Store,
    now: Instant,
    actor: Actor,
    account: &AccountId,
    label: &str,
) -> Result<Secret<String>, StoreError> {
    let token = Token::generate(db.entropy());
    let event = AccountEvent::TokenMade {
        account: account.clone(),
        digest: token.digest().to_owned(),
        label: label.to_owned(),
    };
    let mut tx = db.begin(now, actor).await?;
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(Secret::new(token.text().expose().clone()))
}

/// Ends a token of `account`, told by its digest.
///
/// # Errors
/// When the account has no such token.
pub async fn revoke_token(
    db: &Store,
    now: Instant,
    actor: Actor,
    account: &AccountId,
    digest: &str,
) -> Result<(), Refusal> {
    let mut tx = db.begin(now, actor).await?;
    if !store::tokens(&mut tx, account).await?.iter().any(|token| token.digest == digest) {
        return Err(Refusal::not_found("token", "jeton"));
    }
    let event = AccountEvent::TokenRevoked { account: account.clone(), digest: digest.to_owned() };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(())
}

/// The account a request's `Authorization: Bearer …` acts for.
///
/// # Errors
/// 401 without a valid token, 403 when its role does not have the permission.
pub async fn bearer(app: &App, headers: &HeaderMap, permission: &str) -> Result<Account, ApiError> {
    let (db, now) = (app.store(), app.now());
    let given =
        headers.get("authorization").and_then(|value| value.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let token = given.and_then(|text| Token::parse(text.trim()).ok()).ok_or_else(unknown)?;
    let row = db.read().row("SELECT account FROM tokens WHERE digest = $1", vec![token.digest().into()]).await?;
    let id: AccountId = row.ok_or_else(unknown)?.id("account")?;
    let account = store::find(&mut db.read(), &id).await?.ok_or_else(unknown)?;
    let ended = account.until.is_some_and(|until| until <= now);
    if !ended && app.shell.policy.may(account.role, permission) {
        return Ok(account);
    }
    Err(ApiError {
        status: StatusCode::FORBIDDEN,
        code: "denied",
        title: "The account behind this token may not do this.".into(),
        remedy: "Use the token of an account whose role allows it.".into(),
    })
}

fn unknown() -> ApiError {
    ApiError {
        status: StatusCode::UNAUTHORIZED,
        code: "token",
        title: "There is no valid token in the Authorization header.".into(),
        remedy: "Send `Authorization: Bearer TOKEN`; make one with `garant account token`.".into(),
    }
}
