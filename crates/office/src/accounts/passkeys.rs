//! Passkeys (W3C Web Authentication): a second factor beside the password, or, when the authenticator knew who touched
//! it, both factors at once.

use super::ceremonies::{self, Purpose};
use super::throttle::{self, Bucket};
use super::{Account, AccountEvent, factors, letters, sign_in, store};
use crate::{App, Kind, Refusal, feature, notices};
use ::store::{StoreError, Tx};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use kernel::{AccountId, Actor, EntryId, FactorId, Secret};
use serde_json::{Value, json};
use vault::passkey::{self, ALGORITHMS, Assertion, Enrolment, Passkey, PasskeyError, RelyingParty};
use web::attempt;

/// Who browsers know us as; none where passkeys cannot work: at a bare address, or without TLS outside this machine.
pub(super) fn relying_party(app: &App) -> Option<RelyingParty> {
    let address = url::Url::parse(&app.public_url).ok()?;
    let host = address.domain()?;
    let safe = address.scheme() == "https" || host == "localhost";
    safe.then(|| RelyingParty::new(host, &address.origin().ascii_serialization()))
}

/// Whose answer is expected: a session's, or a browser's on its way in.
pub(super) struct Asked<'a> {
    pub(super) purpose: Purpose,
    /// The session's name, or the digest of the attempt.
    pub(super) holder: &'a str,
    /// Whose passkeys; none before anybody said who they are.
    pub(super) account: Option<&'a AccountId>,
    pub(super) network: Option<&'a str>,
    /// Whether they are in already, and show who they are again.
    pub(super) again: bool,
}

/// What the page's script hands to the browser, with a new challenge.
///
/// # Errors
/// Where passkeys cannot work, or after too many beginnings.
pub(super) async fn ask(app: &App, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let ours = relying_party(app).ok_or_else(nowhere)?;
    let known = match asked.account {
        Some(account) => held(app, account).await?,
        None => Vec::new(),
    };
    let named: Vec<Value> = known.iter().map(|passkey| json!({ "type": "public-key", "id": passkey.id() })).collect();
    let account = match asked.account {
        Some(id) => store::find(&mut app.store().read(), id).await?,
        None => None,
    };
    let network = asked.network.filter(|_| asked.account.is_none());
    let token = ceremonies::begin(app.store(), app.now(), asked.purpose, asked.holder, network).await?;
    let (challenge, timeout) = (token.text().expose(), attempt::MINUTES * 60_000);
    let options = match (asked.purpose, account) {
        (Purpose::Enrol, Some(account)) => json!({
            "challenge": challenge, "timeout": timeout, "attestation": "none",
            "rp": { "id": ours.id(), "name": "Garant" },
            "user": { "id": handle(&account.id), "name": account.email, "displayName": account.name },
            "pubKeyCredParams": ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg })),
            "excludeCredentials": named,
            "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
        }),
        (purpose, _) => json!({
            "challenge": challenge, "timeout": timeout, "rpId": ours.id(), "allowCredentials": named,
            "userVerification": if purpose == Purpose::Enter { "required" } else { "preferred" },
        }),
    };
    Ok(json!({ "make": asked.purpose == Purpose::Enrol, "options": options }))
}

/// What an authenticator keeps to tell the account: its id, which says nothing about the person.
fn handle(account: &AccountId) -> String {
    BASE64.encode(account.as_str())
}

/// Whether an account has a passkey, and passkeys work here.
pub(super) async fn any(app: &App, account: &AccountId) -> Result<bool, StoreError> {
    let factors = store::factors(&mut app.store().read(), account).await?;
    Ok(relying_party(app).is_some() && factors.iter().any(|factor| factor.method == "passkey"))
}

async fn held(app: &App, account: &AccountId) -> Result<Vec<Passkey>, StoreError> {
    let mut known = Vec::new();
    for factor in store::factors(&mut app.store().read(), account).await? {
        if factor.method == "passkey" {
            known.extend(unsealed(app, &factor.entry).await?);
        }
    }
    Ok(known)
}

/// The passkey of an entry, unless its person has been erased.
async fn unsealed(app: &App, entry: &EntryId) -> Result<Option<Passkey>, StoreError> {
    let disclosed = app.store().disclosures(entry).await?;
    let secret = disclosed.iter().find(|value| value.pointer == "/secret").and_then(|value| value.value.as_str());
    Ok(secret.and_then(|text| serde_json::from_str(text).ok()))
}

/// Adds a passkey; with the first factor come recovery codes. Gives the account's new epoch and the codes.
///
/// # Errors
/// When the answer does not hold, or the account has too many factors.
pub(super) async fn add(
    app: &App,
    asked: &Asked<'_>,
    answer: &Enrolment,
    label: &str,
) -> Result<(i64, Vec<Secret<String>>), Refusal> {
    let account = asked.account.ok_or_else(gone)?;
    let ours = relying_party(app).ok_or_else(nowhere)?;
    let challenge = taken(app, asked, &answer.client_data).await?;
    let passkey = ours.enrolled(&challenge, answer).map_err(refused)?;
    let mut tx = app.store().begin(app.now(), Actor::Account(account.clone())).await?;
    let known = store::find(&mut tx, account).await?.ok_or_else(gone)?;
    if store::passkey(&mut tx, &passkey.digest()).await?.is_some() {
        return Err(refused("this name is taken"));
    }
    let sealed = serde_json::to_string(&passkey).map_err(StoreError::from)?;
    let (_, codes) = factors::enrol_factor(&mut tx, &known, "passkey", label, sealed).await?;
    tx.commit().await?;
    Ok((known.epoch + 1, codes))
}

/// The challenge of an answer, once.
async fn taken(app: &App, asked: &Asked<'_>, client_data: &str) -> Result<String, Refusal> {
    let challenge = passkey::challenge_of(client_data).ok_or_else(|| refused(PasskeyError::Malformed))?;
    let fresh = ceremonies::take(app.store(), app.now(), asked.purpose, asked.holder, &challenge).await?;
    if fresh { Ok(challenge) } else { Err(stale()) }
}

/// A passkey shown; gives the account it opens. On the way in by itself, the authenticator has to know who touched it.
///
/// # Errors
/// [`Kind::NotAllowed`] when it opens none, or after too many failures.
pub(super) async fn show(app: &App, asked: &Asked<'_>, answer: &Assertion) -> Result<Account, Refusal> {
    let buckets = match asked.account {
        Some(account) if asked.again => Bucket::again(account),
        Some(account) => Bucket::factor(account, asked.network),
        None => Bucket::network(asked.network).into_iter().collect(),
    };
    if !throttle::attempt(app.store(), &buckets, app.now()).await? {
        return Err(sign_in::throttled());
    }
    let ours = relying_party(app).ok_or_else(nowhere)?;
    let challenge = taken(app, asked, &answer.client_data).await?;
    let digest = passkey::digest_of(&answer.id);
    let known = store::passkey(&mut app.store().read(), &digest).await?;
    let (factor, account, entry) = known.ok_or_else(|| refused("unknown"))?;
    let alone = asked.purpose == Purpose::Enter;
    let same = if answer.user_handle.is_empty() { !alone } else { answer.user_handle == handle(&account) };
    if !same || asked.account.is_some_and(|wanted| *wanted != account) {
        return Err(refused("of another account"));
    }
    let passkey = unsealed(app, &entry).await?.ok_or_else(|| refused("erased"))?;
    let mut tx = app.store().begin(app.now(), Actor::Account(account.clone())).await?;
    let holder = store::find(&mut tx, &account).await?;
    let holder = holder.filter(|held| held.until.is_none_or(|until| until > app.now()));
    let holder = holder.ok_or_else(|| refused("of a closed account"))?;
    // Asked again in the transaction: it may have been removed meanwhile.
    let counter = last_counter(&mut tx, &factor, &passkey).await?.ok_or_else(|| refused("removed"))?;
    match ours.shown(&challenge, &passkey, counter, answer, alone) {
        Ok(counter) => used(&mut tx, &factor, counter).await?,
        Err(error) => {
            note_copy(tx, &holder, factor, error).await?;
            return Err(refused(error));
        }
    }
    tx.commit().await?;
    throttle::forget(app.store(), &buckets, app.now()).await?;
    Ok(holder)
}

async fn last_counter(tx: &mut Tx<'_>, factor: &FactorId, passkey: &Passkey) -> Result<Option<u32>, StoreError> {
    let sql = "SELECT u.counter FROM factors f LEFT JOIN passkey_uses u ON u.factor = f.id WHERE f.id = $1";
    let Some(row) = tx.row(sql, vec![factor.into()]).await? else { return Ok(None) };
    let counter = row.opt_int("counter")?.and_then(|counter| u32::try_from(counter).ok());
    Ok(Some(counter.unwrap_or(passkey.counter())))
}

async fn used(tx: &mut Tx<'_>, factor: &FactorId, counter: u32) -> Result<(), StoreError> {
    let sql = "INSERT INTO passkey_uses (factor, counter, used_at) VALUES ($1, $2, $3) \
               ON CONFLICT (factor) DO UPDATE SET counter = $2, used_at = $3";
    let now = tx.now();
    tx.execute(sql, vec![factor.into(), i64::from(counter).into(), now.into()]).await
}

/// A counter that went back is an entry and a letter; other failures are not worth one.
async fn note_copy(mut tx: Tx<'_>, holder: &Account, factor: FactorId, error: PasskeyError) -> Result<(), StoreError> {
    let PasskeyError::Counter { known, shown } = error else { return Ok(()) };
    let label = store::factors(&mut tx, &holder.id).await?.into_iter().find(|held| held.id == factor);
    let letter = letters::passkey_refused(holder, tx.now(), &label.map(|held| held.label).unwrap_or_default());
    let event = AccountEvent::PasskeyRefused { account: holder.id.clone(), factor, known, shown };
    feature::append(&mut tx, &[event]).await?;
    notices::queue(&mut tx, letter).await?;
    tx.commit().await
}

fn gone() -> Refusal {
    Refusal::not_found("account", "compte")
}

/// One answer for everything that does not hold; the log knows more.
fn refused(why: impl std::fmt::Display) -> Refusal {
    tracing::info!(%why, "a passkey was refused");
    Refusal::new(
        Kind::NotAllowed,
        "passkey",
        ["The passkey was not accepted.", "La clé d'accès n'a pas été acceptée."],
        [
            "Try again, or show another factor; a passkey that was removed here can be deleted on its device, too.",
            "Réessayez, ou présentez un autre facteur ; une clé retirée ici peut aussi être effacée de son appareil.",
        ],
    )
}

fn stale() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "ceremony",
        [
            "The page was open for too long, or was used before.",
            "La page est restée ouverte trop longtemps, ou a déjà servi.",
        ],
        ["Try again: this is a new one.", "Réessayez : celle-ci est neuve."],
    )
}

fn nowhere() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "passkeys-nowhere",
        ["Passkeys do not work at this address.", "Les clés d'accès ne fonctionnent pas à cette adresse."],
        [
            "They need a host name and HTTPS: start the server with --public-url https://….",
            "Il leur faut un nom de domaine et HTTPS : démarrez le serveur avec --public-url https://….",
        ],
    )
}
