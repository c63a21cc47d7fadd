//! What a person shows beside a password (Art. 32(1)(b)): codes of an authenticator, passkeys, and recovery codes
//! for the day they are lost. A code works once; a factor added or taken away ends every session.

use super::throttle::{self, Bucket};
use super::{Account, AccountEvent, letters, sign_in, store, wrong_codes};
use crate::{Kind, Refusal, feature, notices};
use ::store::{Arg, Store, StoreError, Tx};
use kernel::{AccountId, Actor, Entropy, FactorId, Instant, Personal, Secret};
use vault::{OneTime, Password, RecoveryCode};
use web::{SignInRules, session};

/// Who the codes are for, as an authenticator shows it.
const ISSUER: &str = "Garant";
/// The longest name of a factor, in characters.
const LABEL_CHARS_MAX: usize = 60;
/// Factors one person may have.
const FACTORS_MAX: usize = 10;

/// An authenticator that is being set up: its secret, and the link its application reads.
pub struct Proposal {
    /// In base 32, to type where no picture can be read.
    pub secret: Secret<String>,
    /// The link behind the picture.
    pub link: Secret<String>,
}

/// A new authenticator for `account`; nothing is stored until a code of it has been shown.
///
/// # Errors
/// When the address cannot stand in such a link.
pub fn propose(db: &Store, account: &Account) -> Result<Proposal, Refusal> {
    proposal(&OneTime::generate(db.entropy()), account)
}

/// The same from a secret that was proposed before.
pub(super) fn proposal(secret: &Secret<String>, account: &Account) -> Result<Proposal, Refusal> {
    let one_time = OneTime::new(secret, ISSUER, &account.email).map_err(unusable)?;
    Ok(Proposal { secret: secret.clone(), link: one_time.link().map_err(unusable)? })
}

/// Adds the authenticator of a [`Proposal`], shown to work by `code`; with the first one come recovery codes. Gives them,
/// and the account's new epoch for the session that goes on.
///
/// # Errors
/// When the code is not the one of now, or the account has too many factors.
pub async fn add(
    db: &Store,
    now: Instant,
    account: &AccountId,
    secret: Secret<String>,
    code: &str,
    label: &str,
) -> Result<(i64, Vec<Secret<String>>), Refusal> {
    let mut tx = db.begin(now, Actor::Account(account.clone())).await?;
    let held = store::find(&mut tx, account).await?.ok_or_else(gone)?;
    let one_time = OneTime::new(&secret, ISSUER, &held.email).map_err(unusable)?;
    let step = one_time.check(code, now).ok_or_else(wrong_code)?;
    let (factor, codes) = enrol_factor(&mut tx, &held, "totp", label, secret.expose().clone()).await?;
    use_step(&mut tx, &factor, step).await?;
    tx.commit().await?;
    Ok((held.epoch + 1, codes))
}

/// Adds a factor of any kind: its entry, recovery codes with the first, a letter to its holder. Gives it and the codes.
pub(super) async fn enrol_factor(
    tx: &mut Tx<'_>,
    held: &Account,
    method: &str,
    label: &str,
    secret: String,
) -> Result<(FactorId, Vec<Secret<String>>), Refusal> {
    let factors = store::factors(tx, &held.id).await?;
    if factors.len() >= FACTORS_MAX {
        return Err(too_many());
    }
    let label: String = label.trim().chars().take(LABEL_CHARS_MAX).collect();
    let label = if label.is_empty() { "–".to_owned() } else { label };
    let factor = FactorId::new(tx.now(), tx.entropy());
    let letter = letters::factor_added(held, tx.now(), &label);
    let added = AccountEvent::FactorAdded {
        account: held.id.clone(),
        factor: factor.clone(),
        method: method.to_owned(),
        label: Personal::new(held.subject.clone(), label),
        secret: Personal::new(held.subject.clone(), secret),
    };
    let (codes, made) = if factors.is_empty() { recovery(tx.entropy(), &held.id) } else { (Vec::new(), None) };
    let events: Vec<AccountEvent> = std::iter::once(added).chain(made).collect();
    feature::append(tx, &events).await?;
    notices::queue(tx, letter).await?;
    Ok((factor, codes))
}

fn recovery(entropy: &dyn Entropy, account: &AccountId) -> (Vec<Secret<String>>, Option<AccountEvent>) {
    let codes: Vec<RecoveryCode> = (0..RecoveryCode::COUNT).map(|_| RecoveryCode::generate(entropy)).collect();
    let digests = codes.iter().map(RecoveryCode::digest).collect();
    let made = AccountEvent::RecoveryCodesMade { account: account.clone(), digests };
    (codes.iter().map(RecoveryCode::text).collect(), Some(made))
}

/// Makes new recovery codes; the old ones are worth nothing. Gives them, once.
///
/// # Errors
/// When the account has no factor they could stand for.
pub async fn new_recovery_codes(db: &Store, now: Instant, account: &AccountId) -> Result<Vec<Secret<String>>, Refusal> {
    let mut tx = db.begin(now, Actor::Account(account.clone())).await?;
    if store::factors(&mut tx, account).await?.is_empty() {
        return Err(no_factor());
    }
    let (codes, made) = recovery(db.entropy(), account);
    feature::append(&mut tx, made.as_slice()).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Takes one's own factor away; the recovery codes go with the last one. Gives the account's new epoch.
///
/// # Errors
/// When there is no such factor, or it is the last and the role demands one.
pub async fn remove(db: &Store, now: Instant, account: &AccountId, factor: &FactorId) -> Result<i64, Refusal> {
    let mut tx = db.begin(now, Actor::Account(account.clone())).await?;
    let held = store::find(&mut tx, account).await?.ok_or_else(gone)?;
    let factors = store::factors(&mut tx, account).await?;
    let Some(gone) = factors.iter().find(|known| known.id == *factor) else {
        return Err(Refusal::not_found("factor", "facteur"));
    };
    let last = factors.len() == 1;
    if last && session::rules(&mut tx, held.role).await?.second_factor {
        return Err(demanded());
    }
    let mut events = vec![AccountEvent::FactorRemoved { account: account.clone(), factor: factor.clone() }];
    if last {
        events.push(AccountEvent::RecoveryCodesMade { account: account.clone(), digests: Vec::new() });
    }
    feature::append(&mut tx, &events).await?;
    notices::queue(&mut tx, letters::factor_removed(&held, now, &gone.label)).await?;
    tx.execute("DELETE FROM factor_uses WHERE factor = $1", vec![factor.into()]).await?;
    tx.execute("DELETE FROM passkey_uses WHERE factor = $1", vec![factor.into()]).await?;
    tx.commit().await?;
    Ok(held.epoch + 1)
}

/// Whether `code` is one of an authenticator of `account`, or one of its recovery codes; each works once.
///
/// # Errors
/// [`Kind::NotAllowed`] when it is none, or after too many failures.
pub async fn check_factor(
    db: &Store,
    now: Instant,
    account: &AccountId,
    code: &str,
    network: Option<&str>,
) -> Result<(), Refusal> {
    judge(db, now, account, code, &Bucket::factor(account, network)).await
}

/// The same from somebody who is signed in and shows who they are again: whatever others try at the door does not count.
pub(super) async fn check_factor_again(
    db: &Store,
    now: Instant,
    account: &AccountId,
    code: &str,
) -> Result<(), Refusal> {
    judge(db, now, account, code, &Bucket::again(account)).await
}

async fn judge(db: &Store, now: Instant, account: &AccountId, code: &str, buckets: &[Bucket]) -> Result<(), Refusal> {
    if !throttle::attempt(db, buckets, now).await? {
        return Err(sign_in::throttled());
    }
    if wrong_codes::stopped(&mut db.read(), account).await? {
        return Err(stopped());
    }
    if !one_time(db, now, account, code).await? && !recovery_code(db, now, account, code).await? {
        wrong_codes::note(db, now, account).await?;
        return Err(wrong_code());
    }
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    wrong_codes::forget(&mut tx, account).await?;
    tx.commit().await?;
    Ok(throttle::forget(db, buckets, now).await?)
}

async fn one_time(db: &Store, now: Instant, account: &AccountId, code: &str) -> Result<bool, StoreError> {
    let held = store::factors(&mut db.read(), account).await?;
    for factor in held.into_iter().filter(|factor| factor.method == "totp") {
        let disclosed = db.disclosures(&factor.entry).await?;
        let secret = disclosed.iter().find(|value| value.pointer == "/secret").and_then(|value| value.value.as_str());
        let Some(secret) = secret.map(|text| Secret::new(text.to_owned())) else { continue };
        let Ok(known) = OneTime::new(&secret, ISSUER, account.as_str()) else { continue };
        let Some(step) = known.check(code, now) else { continue };
        let mut tx = db.begin(now, Actor::Account(account.clone())).await?;
        let first = use_step(&mut tx, &factor.id, step).await?;
        tx.commit().await?;
        return Ok(first);
    }
    Ok(false)
}

/// Notes that the code of a step was used; false when that one, or a later one, was used before.
async fn use_step(tx: &mut Tx<'_>, factor: &FactorId, step: i64) -> Result<bool, StoreError> {
    let sql = "INSERT INTO factor_uses (factor, step) VALUES ($1, $2) ON CONFLICT (factor) DO UPDATE SET step = $2 \
               WHERE factor_uses.step < $2";
    let args: Vec<Arg> = vec![factor.into(), step.into()];
    Ok(tx.change(sql, args).await? == 1)
}

async fn recovery_code(db: &Store, now: Instant, account: &AccountId, code: &str) -> Result<bool, StoreError> {
    let Some(code) = RecoveryCode::parse(code) else { return Ok(false) };
    let mut tx = db.begin(now, Actor::Account(account.clone())).await?;
    if !store::has_recovery_code(&mut tx, account, &code.digest()).await? {
        return Ok(false);
    }
    let used = AccountEvent::RecoveryCodeUsed { account: account.clone(), digest: code.digest() };
    feature::append(&mut tx, &[used]).await?;
    if let Some(held) = store::find(&mut tx, account).await? {
        let left = store::recovery_codes(&mut tx, account).await?;
        notices::queue(&mut tx, letters::recovery_code_used(&held, now, left)).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Whether somebody whose password was right may act at once, as on the command line: the same steps as the console's.
///
/// # Errors
/// [`Kind::NotAllowed`]: `factor-needed` without a code where one is needed, `factor` for a wrong one, `password-due` when the
/// password is to be renewed first, `enrol` when a second factor is to be set up first.
pub async fn admit(db: &Store, now: Instant, account: &Account, code: Option<&str>) -> Result<(), Refusal> {
    if account.factors > 0 {
        let code = code.ok_or_else(needed)?;
        check_factor(db, now, &account.id, code, None).await?;
    }
    let rules: SignInRules = session::rules(&mut db.read(), account.role).await?;
    if Password::is_due(account.password_at, now, rules.renew_days) {
        return Err(due());
    }
    if rules.second_factor && account.factors == 0 {
        return Err(enrol());
    }
    Ok(())
}

fn gone() -> Refusal {
    Refusal::not_found("account", "compte")
}

fn unusable(error: vault::VaultError) -> Refusal {
    Refusal::from_words(Kind::Invalid, "factor-secret", |lang| error.message(lang), |lang| error.remedy(lang))
}

fn wrong_code() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "factor",
        ["The code is not right, or was used before.", "Le code n'est pas bon, ou a déjà servi."],
        [
            "Type the six digits your application shows now; check the phone's clock. A recovery code works as well, once.",
            "Saisissez les six chiffres que votre application montre maintenant ; vérifiez l'heure du téléphone. Un code de \
             secours convient aussi, une fois.",
        ],
    )
}

fn stopped() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "factor-stopped",
        [
            "A hundred wrong codes in a row were given for this account; no more are tried.",
            "Cent codes faux de suite ont été donnés pour ce compte ; plus aucun n'est essayé.",
        ],
        [
            "Set a new password with `Forgotten your password?`, or ask an owner to remove the factors.",
            "Choisissez un nouveau mot de passe par « Mot de passe oublié ? », ou demandez à un propriétaire de retirer les \
             facteurs.",
        ],
    )
}

fn needed() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "factor-needed",
        ["This account also needs a code.", "Ce compte demande aussi un code."],
        [
            "Give the code of the authenticator, or a recovery code; passkeys work in the console only.",
            "Donnez le code de l'application d'authentification, ou un code de secours ; les clés d'accès ne servent que dans la \
             console.",
        ],
    )
}

fn due() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "password-due",
        [
            "The password is older than the rules of the role allow.",
            "Le mot de passe est plus ancien que le rôle ne le permet.",
        ],
        [
            "Change it first: sign in to the console, or run `garant account password`.",
            "Changez-le d'abord : connectez-vous à la console, ou lancez `garant account password`.",
        ],
    )
}

fn enrol() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "enrol",
        [
            "The role demands a second factor, and this account has none.",
            "Le rôle exige un second facteur, et ce compte n'en a pas.",
        ],
        [
            "Set one up first: sign in to the console, which asks for it.",
            "Ajoutez-en un d'abord : connectez-vous à la console, qui le demande.",
        ],
    )
}

fn too_many() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "factors",
        ["There are ten factors already.", "Il y a déjà dix facteurs."],
        ["Remove one you no longer use.", "Retirez-en un qui ne sert plus."],
    )
}

fn no_factor() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "no-factor",
        [
            "There is no factor that recovery codes could stand for.",
            "Aucun facteur que des codes de secours remplaceraient.",
        ],
        ["Add an authenticator first.", "Ajoutez d'abord une application d'authentification."],
    )
}

fn demanded() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "factor-demanded",
        [
            "Your role demands a second factor, and this is the last.",
            "Votre rôle exige un second facteur, et c'est le dernier.",
        ],
        ["Add the new one first, then remove this.", "Ajoutez d'abord le nouveau, puis retirez celui-ci."],
    )
}
