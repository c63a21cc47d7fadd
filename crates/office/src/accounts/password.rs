//! Choosing a password: the policy is in the type, so no way to one leads around it.

use super::{Account, AccountEvent, letters, sign_in, sign_in::is_password, store};
use crate::{App, Kind, Refusal, feature, notices};
use ::store::StoreError;
use kernel::{AccountId, Actor, Personal, Secret};
use vault::{Holder, Password};

/// The hash of a password chosen by `holder`.
///
/// # Errors
/// When the password is too weak, or known from a breach.
pub(super) fn chosen(app: &App, password: Secret<String>, holder: Holder<'_>) -> Result<String, Refusal> {
    let password = Password::new(password, holder, app.breached.as_deref())
        .map_err(|e| Refusal::from_words(Kind::Invalid, "password", |l| e.message(l), |l| e.remedy(l)))?;
    Ok(password.hash(app.store().entropy()).map_err(|e| StoreError::Statement(e.to_string()))?)
}

/// Changes one's own password; every session and token ends. Gives the account's new epoch, for the session that goes on.
///
/// # Errors
/// When the current password is wrong, the new one is the same or too weak, or after too many failures.
pub async fn change_password(
    app: &App,
    account: &AccountId,
    current: Secret<String>,
    new: Secret<String>,
) -> Result<i64, Refusal> {
    let known = store::find(&mut app.store().read(), account).await?.ok_or_else(gone)?;
    if !sign_in::is_own_password(app.store(), app.now(), &known, current).await? {
        return Err(wrong());
    }
    replace_password(app, &known, new).await
}

/// Replaces the password of somebody who has just shown the current one.
///
/// # Errors
/// When the new one is the same or too weak, or when something about the account has changed since.
pub async fn replace_password(app: &App, known: &Account, new: Secret<String>) -> Result<i64, Refusal> {
    if is_password(known.password.clone(), new.clone()).await {
        return Err(unchanged());
    }
    let hash = chosen(app, new, Holder { email: &known.email, name: &known.name })?;
    let mut tx = app.store().begin(app.now(), Actor::Account(known.id.clone())).await?;
    let held = store::find(&mut tx, &known.id).await?.ok_or_else(gone)?;
    // Another change came first: the password that was shown is no longer theirs.
    if held.epoch != known.epoch {
        return Err(wrong());
    }
    let letter = letters::password_changed(app, &held);
    let event = AccountEvent::PasswordChanged { account: held.id, password: Personal::new(held.subject, hash) };
    feature::append(&mut tx, &[event]).await?;
    notices::queue(&mut tx, letter).await?;
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
