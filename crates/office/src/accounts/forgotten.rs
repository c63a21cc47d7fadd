//! A forgotten password. Who asks learns nothing: the answer is the same, at the same moment, for an address that has an
//! account and one that has none. The letter goes out a moment later, and the second factor stays what it is.

use super::throttle::{self, Bucket};
use super::{AccountEvent, invitations, letters, password, sign_in, store, wrong_codes};
use crate::{App, Kind, Refusal, feature, notices};
use ::store::{Arg, StoreError};
use kernel::{AccountId, Actor, Instant, Personal, Secret};
use sha2::{Digest, Sha256};
use vault::Token;

/// Minutes a link holds.
const LIFE_MINUTES: i64 = throttle::LINK_MINUTES;

fn digest_of(email: &str) -> String {
    hex::encode(Sha256::digest(email.trim().to_lowercase()))
}

/// Notes that the password of an address was forgotten.
///
/// # Errors
/// After too many for this address or from this network.
pub(super) async fn ask(app: &App, email: &str, network: Option<&str>) -> Result<(), Refusal> {
    if !throttle::attempt(app.store(), &Bucket::link(email, network), app.now()).await? {
        return Err(sign_in::throttled());
    }
    let sql = "INSERT INTO password_asks (digest, asked_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    let mut tx = app.store().begin(app.now(), Actor::system("sign-in")).await?;
    tx.execute(sql, vec![digest_of(email).into(), app.now().into()]).await?;
    tx.commit().await?;
    Ok(())
}

/// Answers what was asked since: a letter to each address that has an account, nothing to the others.
///
/// # Errors
/// When the database fails.
pub async fn answer_forgotten(app: &App) -> Result<usize, StoreError> {
    let sql = "SELECT digest FROM password_asks ORDER BY asked_at, digest LIMIT 100";
    let asked = app.store().read().rows(sql, Vec::<Arg>::new()).await?;
    if asked.is_empty() {
        return Ok(0);
    }
    let accounts = store::everybody(&mut app.store().read()).await?;
    let mut sent = 0;
    for row in asked {
        let digest = row.text("digest")?;
        let mut tx = app.store().begin(app.now(), Actor::system("sign-in")).await?;
        if tx.change("DELETE FROM password_asks WHERE digest = $1", vec![digest.as_str().into()]).await? == 0 {
            continue;
        }
        let now = app.now();
        let known = accounts.iter().filter(|account| account.until.is_none_or(|until| until > now));
        if let Some(account) = known.into_iter().find(|account| digest_of(&account.email) == digest) {
            let token = Token::generate(tx.entropy());
            let expires_at = Instant::from_millisecond(now.as_millisecond() + LIFE_MINUTES * 60_000).unwrap_or(now);
            let (id, digest) = (account.id.clone(), token.digest().to_owned());
            feature::append(&mut tx, &[AccountEvent::PasswordLinkMade { account: id, digest, expires_at }]).await?;
            let link = Secret::new(format!("{}/password/{}", app.public_url, token.text().expose()));
            notices::queue(&mut tx, letters::password_link(account, expires_at, link)).await?;
            sent += 1;
        }
        tx.commit().await?;
    }
    Ok(sent)
}

/// Lets somebody in again who has lost everything they show, when no owner is left who could: whoever works at the machine
/// itself and has its keys. Removes every factor, and gives a link that sets a new password; both, and the reason, are entries.
///
/// # Errors
/// When there is no such account, or no reason.
pub async fn recover(app: &App, email: &str, reason: &str) -> Result<Secret<String>, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(no_reason());
    }
    let now = app.now();
    let mut tx = app.store().begin(now, Actor::system("operator")).await?;
    let account = store::find_by_email(&mut tx, email).await?;
    let account = account.ok_or_else(|| Refusal::not_found("account", "compte"))?;
    let token = Token::generate(tx.entropy());
    let expires_at = Instant::from_millisecond(now.as_millisecond() + LIFE_MINUTES * 60_000).unwrap_or(now);
    let (id, digest) = (account.id.clone(), token.digest().to_owned());
    let events = [
        AccountEvent::Recovered {
            account: id.clone(),
            reason: Personal::new(account.subject.clone(), reason.to_owned()),
        },
        AccountEvent::FactorsReset { account: id.clone() },
        AccountEvent::PasswordLinkMade { account: id, digest, expires_at },
    ];
    feature::append(&mut tx, &events).await?;
    notices::queue(&mut tx, letters::factors_reset(app, &account)).await?;
    wrong_codes::forget(&mut tx, &account.id).await?;
    tx.commit().await?;
    Ok(Secret::new(format!("{}/password/{}", app.public_url, token.text().expose())))
}

fn no_reason() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "reason",
        ["A reason has 1 to 500 characters.", "Un motif a de 1 à 500 caractères."],
        ["Say why, and how you know who asks.", "Dites pourquoi, et comment vous savez qui demande."],
    )
}

/// The account behind the token of a link; none when it holds no more, or never did.
pub(super) async fn behind(app: &App, token: &str) -> Result<Option<AccountId>, StoreError> {
    let Ok(token) = Token::parse(token) else { return Ok(None) };
    store::linked(&mut app.store().read(), token.digest(), app.now()).await
}

/// Sets the password of a link's account anew; the link is used up.
///
/// # Errors
/// When the link holds no more, or the password is the current one or too weak.
pub(super) async fn set(app: &App, token: &str, chosen: Secret<String>) -> Result<(), Refusal> {
    let account = behind(app, token).await?.ok_or_else(invitations::no_link)?;
    let known = store::find(&mut app.store().read(), &account).await?.ok_or_else(invitations::no_link)?;
    password::replace_password(app, &known, chosen).await?;
    // Who reads the mailbox and guesses codes has more than a guesser has: the count begins anew.
    let mut tx = app.store().begin(app.now(), Actor::Account(account.clone())).await?;
    wrong_codes::forget(&mut tx, &account).await?;
    Ok(tx.commit().await?)
}
