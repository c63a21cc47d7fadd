//! Going to the provider, coming back, linking, unlinking.

use super::provider::{Expected, ProviderError};
use super::{Oidc, claims::Person};
use crate::accounts::ceremonies::{self, Purpose};
use crate::accounts::{Account, AccountEvent, Credentials, check_password, letters, store};
use crate::{App, Kind, Refusal, feature, notices};
use ::store::StoreError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{AccountId, Actor, Personal, Secret};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use vault::Token;
use web::{Attempt, attempt};

/// Where the provider sends people back to.
pub(super) const BACK: &str = "/sign-in/provider/back";
/// What the seal of a waiting identity is bound to.
const PLACE: &str = "identity";

/// Who came back.
pub(super) enum Arrival {
    /// Somebody whose identity is linked: whether they showed two factors there, and where they were going.
    Known(Box<Account>, bool, String),
    /// Somebody whose address we know; the token of the page that links them.
    New(Token),
}

/// An identity that waits for its holder's password.
#[derive(Serialize, Deserialize)]
struct Waiting {
    identity: String,
    factor: bool,
}

pub(super) fn provider(app: &App) -> Result<&Arc<Oidc>, Refusal> {
    app.oidc.as_ref().ok_or_else(|| Refusal::not_found("identity provider", "fournisseur d'identité"))
}

/// Where to send a person who wants to sign in and then go to `next`.
///
/// # Errors
/// When the provider cannot be asked, or too many were begun from that network.
pub(super) async fn begin(app: &App, attempt: &Attempt, next: &str, network: Option<&str>) -> Result<String, Refusal> {
    let oidc = provider(app)?;
    let state = ceremonies::begin(app.store(), app.now(), Purpose::Provider, attempt.digest(), network).await?;
    let metadata = oidc.metadata(app.now()).await.map_err(failed)?;
    note(app, &state, next, None).await?;
    let (redirect, nonce, verifier) = expected(app, attempt, state.text().expose());
    let sent = Expected { redirect: &redirect, nonce: &nonce, verifier: &verifier };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let address = oidc.authorization(&metadata, state.text().expose(), &challenge, &sent);
    address.ok_or_else(|| failed(ProviderError::Metadata))
}

/// The redirect, the nonce and the verifier of a sign-in: the last two only this browser can bring again.
fn expected(app: &App, attempt: &Attempt, state: &str) -> (String, String, String) {
    let derived = |what: &str| attempt.derived(&format!("{what} {state}"));
    (format!("{}{BACK}", app.public_url), derived("nonce"), derived("verifier"))
}

async fn note(
    app: &App,
    token: &Token,
    next: &str,
    waiting: Option<(&Account, &Secret<String>)>,
) -> Result<(), StoreError> {
    let mut tx = app.store().begin(app.now(), Actor::system("sign-in")).await?;
    tx.execute("DELETE FROM provider_notes WHERE expires_at <= $1", vec![app.now().into()]).await?;
    let mut sealed = None;
    if let Some((account, plain)) = waiting {
        sealed = Some(tx.seal_secret(&account.subject, PLACE, plain).await?);
    }
    let sql = "INSERT INTO provider_notes (digest, next, account, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)";
    let until = app.now().as_millisecond() + attempt::MINUTES * 60_000;
    let account = waiting.map(|(account, _)| account.id.to_string());
    tx.execute(sql, vec![token.digest().into(), next.into(), account.into(), sealed.into(), until.into()]).await?;
    tx.commit().await
}

/// What the provider added to the address it sent a person back to.
#[derive(Deserialize)]
pub(in crate::accounts) struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    iss: Option<String>,
}

/// Somebody came back.
///
/// # Errors
/// [`Kind::NotAllowed`]: not from here, not now, not again; or nobody we know.
pub(super) async fn arrive(app: &App, attempt: &Attempt, back: &Back) -> Result<Arrival, Refusal> {
    let oidc = provider(app)?;
    if !ceremonies::take(app.store(), app.now(), Purpose::Provider, attempt.digest(), &back.state).await? {
        return Err(stale());
    }
    let (next, _) = taken(app, &back.state).await?.ok_or_else(stale)?;
    let (redirect, nonce, verifier) = expected(app, attempt, &back.state);
    let sent = Expected { redirect: &redirect, nonce: &nonce, verifier: &verifier };
    let person = oidc.person(app.now(), &back.code, back.iss.as_deref(), &sent).await.map_err(failed)?;
    let (account, linked) = known(app, oidc, &person).await?.ok_or_else(nobody)?;
    if linked {
        return Ok(Arrival::Known(Box::new(account), person.factor, next));
    }
    let waiting = Waiting { identity: person.subject, factor: person.factor };
    let sealed = Secret::new(serde_json::to_string(&waiting).map_err(StoreError::from)?);
    Ok(Arrival::New(wait(app, attempt, &account, &sealed, &next).await?))
}

/// The open account with that verified address, and whether this identity is linked to it; none when the identity is
/// another account's, or the account has another identity at the same provider.
async fn known(app: &App, oidc: &Oidc, person: &Person) -> Result<Option<(Account, bool)>, StoreError> {
    let Some(email) = &person.email else { return Ok(None) };
    let mut read = app.store().read();
    let account = store::find_by_email(&mut read, email).await?;
    let account = account.filter(|account| account.until.is_none_or(|until| until > app.now()));
    let Some(account) = account else { return Ok(None) };
    let digest = store::identity_digest(&oidc.issuer, &person.subject);
    match store::identified(&mut read, &digest).await? {
        Some(holder) => Ok((holder == account.id).then_some((account, true))),
        None => {
            let others = store::identities(&mut read, &account.id).await?;
            let free = others.iter().all(|(issuer, _)| *issuer != oidc.issuer);
            Ok(free.then_some((account, false)))
        }
    }
}

async fn wait(
    app: &App,
    attempt: &Attempt,
    account: &Account,
    sealed: &Secret<String>,
    next: &str,
) -> Result<Token, Refusal> {
    let token = ceremonies::begin(app.store(), app.now(), Purpose::Link, attempt.digest(), None).await?;
    note(app, &token, next, Some((account, sealed))).await?;
    Ok(token)
}

/// An account, and the identity that waits for it, sealed.
type Held = (AccountId, Vec<u8>);

/// The note behind a token, once: where to go, and what waits.
async fn taken(app: &App, token: &str) -> Result<Option<(String, Option<Held>)>, StoreError> {
    let Ok(token) = Token::parse(token) else { return Ok(None) };
    let mut tx = app.store().begin(app.now(), Actor::system("sign-in")).await?;
    let sql = "DELETE FROM provider_notes WHERE digest = $1 AND expires_at > $2 RETURNING next, account, sealed";
    let row = tx.row(sql, vec![token.digest().into(), app.now().into()]).await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(None) };
    let held = match row.opt_text("account")? {
        Some(_) => Some((row.id("account")?, row.bytes("sealed")?)),
        None => None,
    };
    Ok(Some((row.text("next")?, held)))
}

/// How linking ended.
pub(super) enum Linking {
    /// The account, whether two factors were shown, and where they were going.
    Done(Box<Account>, bool, String),
    /// Why not, and the token of another try.
    Again(Refusal, Token),
}

/// Links the identity that waits behind `token` to its account, whose password shows that both are one person's.
///
/// # Errors
/// [`Kind::NotAllowed`] when nothing waits there any more.
pub(super) async fn link(
    app: &App,
    attempt: &Attempt,
    token: &str,
    password: Secret<String>,
    network: Option<&str>,
) -> Result<Linking, Refusal> {
    let oidc = provider(app)?;
    if !ceremonies::take(app.store(), app.now(), Purpose::Link, attempt.digest(), token).await? {
        return Err(stale());
    }
    let (next, held) = taken(app, token).await?.ok_or_else(stale)?;
    let (id, sealed) = held.ok_or_else(stale)?;
    let account = store::find(&mut app.store().read(), &id).await?.ok_or_else(nobody)?;
    let plain = app.store().open_secret(&account.subject, PLACE, &sealed).await?.ok_or_else(nobody)?;
    let given = Credentials::new(&account.email, &password);
    match check_password(app.store(), app.now(), given, network).await {
        Ok(shown) if shown.id == account.id => {}
        Ok(_) => return Err(nobody()),
        Err(refusal) => return Ok(Linking::Again(refusal, wait(app, attempt, &account, &plain, &next).await?)),
    }
    let waiting: Waiting = serde_json::from_str(plain.expose()).map_err(StoreError::from)?;
    record(app, oidc, &account, &waiting).await?;
    Ok(Linking::Done(Box::new(account), waiting.factor, next))
}

async fn record(app: &App, oidc: &Oidc, account: &Account, waiting: &Waiting) -> Result<(), Refusal> {
    let mut tx = app.store().begin(app.now(), Actor::Account(account.id.clone())).await?;
    let digest = store::identity_digest(&oidc.issuer, &waiting.identity);
    let others = store::identities(&mut tx, &account.id).await?;
    let taken = store::identified(&mut tx, &digest).await?.is_some();
    if taken || others.iter().any(|(issuer, _)| *issuer == oidc.issuer) {
        return Err(nobody());
    }
    let event = AccountEvent::IdentityLinked {
        account: account.id.clone(),
        issuer: oidc.issuer.clone(),
        identity: Personal::new(account.subject.clone(), waiting.identity.clone()),
    };
    feature::append(&mut tx, &[event]).await?;
    notices::queue(&mut tx, letters::identity_linked(account, app.now(), &oidc.issuer)).await?;
    Ok(tx.commit().await?)
}

/// Ends one's own link to a provider; every session ends. Gives the account's new epoch.
///
/// # Errors
/// When there is no such link.
pub(super) async fn unlink(app: &App, account: &AccountId, issuer: &str) -> Result<i64, Refusal> {
    let mut tx = app.store().begin(app.now(), Actor::Account(account.clone())).await?;
    let held = store::find(&mut tx, account).await?.ok_or_else(nobody)?;
    if !store::identities(&mut tx, account).await?.iter().any(|(known, _)| known == issuer) {
        return Err(Refusal::not_found("link", "lien"));
    }
    let event = AccountEvent::IdentityUnlinked { account: account.clone(), issuer: issuer.to_owned() };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(held.epoch + 1)
}

/// The provider, or what it said, cannot be believed; the log knows why.
fn failed(error: ProviderError) -> Refusal {
    tracing::warn!(%error, "signing in by the identity provider failed");
    Refusal::new(
        Kind::NotAllowed,
        "provider",
        [
            "Signing in by the identity provider did not come to an end.",
            "La connexion par le fournisseur d'identité n'a pas abouti.",
        ],
        [
            "Try again, or sign in with your password. If it stays so, tell the operator: the server's log says why.",
            "Réessayez, ou connectez-vous avec votre mot de passe. Si cela dure, prévenez l'exploitant : le journal du serveur \
             dit pourquoi.",
        ],
    )
}

/// The same words whether there is no account, a closed one, one whose time is over, or another identity's.
fn nobody() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "provider-account",
        ["No account here belongs to this identity.", "Aucun compte d'ici ne correspond à cette identité."],
        [
            "Ask an owner to invite you under the address that the identity provider has verified.",
            "Demandez à un propriétaire de vous inviter à l'adresse que le fournisseur d'identité a vérifiée.",
        ],
    )
}

fn stale() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "ceremony",
        [
            "This sign-in was not begun in this browser, took too long, or is over.",
            "Cette connexion n'a pas commencé dans ce navigateur, a trop duré, ou est finie.",
        ],
        ["Begin again.", "Recommencez."],
    )
}
