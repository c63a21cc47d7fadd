//! Choosing a password: the policy is in the type, so no way to one leads around it.

use super::{Account, AccountEvent, Credentials, check_password, sign_in::is_password, store};
use crate::{Kind, Refusal, feature};
use ::store::{Store, StoreError};
use kernel::{AccountId, Actor, Instant, Personal, Secret};
use vault::Password;

/// The hash of a password chosen by the holder of `email`.
///
/// # Errors
/// When the password is too weak.
pub(super) fn chosen(db: &Store, password: Secret<String>, email: &str) -> Result<String, Refusal> {
    let password = Password::new(password, email)
        .map_err(|e| Refusal::from_words(Kind::Invalid, "password", |l| e.message(l), |l| e.remedy(l)))?;
    Ok(password.hash(db.entropy()).map_err(|e| StoreError::Statement(e.to_string()))?)
}

/// Changes one's own password; every session and token ends. Gives the account's new epoch, for the session that goes on.
///
/// # Errors
/// When the current password is wrong, the new one is the same or too weak, or after too many failures.
pub async fn change_password(
    db: &Store,
    now: Instant,
    account: &AccountId,
    current: Secret<String>,
    new: Secret<String>,
) -> Result<i64, Refusal> {
    let known = store::find(&mut db.read(), account).await?.ok_or_else(gone)?;
    let given = Credentials::new(&known.email, &current);
    let right = check_password(db, now, given).await;
    let known = right.map_err(|refusal| if refusal.code == "password" { wrong() } else { refusal })?;
    replace_password(db, now, &known, new).await
}

/// Replaces the password of somebody who has just shown the current one.
///
/// # Errors
/// When the new one is the same or too weak, or when something about the account has changed since.
pub async fn replace_password(db: &Store, now: Instant, known: &Account, new: Secret<String>) -> Result<i64, Refusal> {
    if is_password(known.password.clone(), new.clone()).await {
        return Err(unchanged());
    }
    let hash = chosen(db, new, &known.email)?;
    let mut tx = db.begin(now, Actor::Account(known.id.clone())).await?;
    let held = store::find(&mut tx, &known.id).await?.ok_or_else(gone)?;
    // Another change came first: the password that was shown is no longer theirs.
    if held.epoch != known.epoch {
        return Err(wrong());
    }
    let event = AccountEvent::PasswordChanged { account: held.id, password: Personal::new(held.subject, hash) };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(held.epoch + 1)
}

fn gone() -> Refusal {
    Refusal::not_found("account", "compte")
}

fn wrong() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "current-password",
        ["The current password is not right.", "Le mot de passe actuel n'est pas bon."],
        [
            "Type the password you signed in with; nothing was changed.",
            "Saisissez le mot de passe de votre connexion ; rien n'a changé.",
        ],
    )
}

/// The new password was typed in two ways.
pub(super) fn different() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "passwords-differ",
        ["The new password was typed in two different ways.", "Le nouveau mot de passe a été saisi de deux façons."],
        ["Type it twice alike; nothing was changed.", "Saisissez-le deux fois à l'identique ; rien n'a changé."],
    )
}

fn unchanged() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "same-password",
        ["The new password is the current one.", "Le nouveau mot de passe est l'actuel."],
        ["Choose another; nothing was changed.", "Choisissez-en un autre ; rien n'a changé."],
    )
}
