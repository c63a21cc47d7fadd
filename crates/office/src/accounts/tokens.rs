//! Keys with which a program acts for an account, on the API only: some of its maker's rights, until a day.

use super::{Account, AccountEvent, model, store};
use crate::{App, Kind, Refusal, feature};
use ::store::{Store, Tx};
use kernel::{AccountId, Actor, Instant, Personal, Secret};
use vault::Token;

/// Days a token may hold.
const DAYS_MAX: u32 = 366;
/// Days it holds unless somebody says otherwise.
pub const DAYS: u32 = 90;
const LABEL_CHARS_MAX: usize = 80;

/// A token somebody wants.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub label: String,
    /// The permissions it carries.
    pub permissions: Vec<String>,
    /// How many days it holds.
    pub days: u32,
}

impl NewToken {
    fn check(&self, app: &App, account: &Account) -> Result<(), Refusal> {
        let able = app.shell.policy.grantable(account.role);
        let beyond = self.permissions.iter().find(|permission| !able.contains(&permission.as_str()));
        match beyond {
            Some(permission) => Err(not_theirs(permission)),
            None if self.permissions.is_empty() => Err(no_right()),
            None if !(1..=DAYS_MAX).contains(&self.days) => Err(no_end()),
            None if !(1..=LABEL_CHARS_MAX).contains(&self.label.trim().chars().count()) => Err(no_label()),
            None => Ok(()),
        }
    }
}

/// Makes a token for oneself; it is shown once and kept as a digest.
///
/// # Errors
/// When it would carry a right its maker does not have, or one that stays with people; when it has no end or no name.
pub async fn make_token(app: &App, account: &AccountId, new: NewToken) -> Result<Secret<String>, Refusal> {
    let mut tx = app.store().begin(app.now(), Actor::Account(account.clone())).await?;
    let known = store::find(&mut tx, account).await?.ok_or_else(|| Refusal::not_found("account", "compte"))?;
    new.check(app, &known)?;
    let token = Token::generate(tx.entropy());
    let end = app.now().as_millisecond() + i64::from(new.days) * 86_400_000;
    let mut permissions = new.permissions;
    permissions.sort();
    permissions.dedup();
    let event = AccountEvent::TokenMade {
        account: account.clone(),
        digest: token.digest().to_owned(),
        label: Personal::new(known.subject.clone(), new.label.trim().to_owned()),
        permissions,
        expires_at: Instant::from_millisecond(end).map_err(|_| no_end())?,
    };
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
    end(&mut tx, account, digest).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a token of somebody else's as an owner does, in a transaction that does more.
///
/// # Errors
/// When `by` is no owner, or the account has no such token.
pub(crate) async fn revoke_in(
    tx: &mut Tx<'_>,
    by: &AccountId,
    account: &AccountId,
    digest: &str,
) -> Result<(), Refusal> {
    model::owner(&super::holders(tx).await?, Some(by))?;
    end(tx, account, digest).await
}

async fn end(tx: &mut Tx<'_>, account: &AccountId, digest: &str) -> Result<(), Refusal> {
    if !store::tokens(tx, account).await?.iter().any(|token| token.digest == digest) {
        return Err(Refusal::not_found("token", "jeton"));
    }
    let event = AccountEvent::TokenRevoked { account: account.clone(), digest: digest.to_owned() };
    Ok(feature::append(tx, &[event]).await?)
}

fn not_theirs(permission: &str) -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "right",
        [
            &format!("A token of yours cannot carry the right {permission}."),
            &format!("Un jeton à vous ne peut pas porter le droit {permission}."),
        ],
        [
            "Choose among your own rights; deciding about accounts and approving plans stay with people.",
            "Choisissez parmi vos propres droits ; décider des comptes et approuver un plan reste l'affaire de personnes.",
        ],
    )
}

fn no_right() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "right",
        ["A token without a right can do nothing.", "Un jeton sans droit ne peut rien faire."],
        [
            "Choose the rights its program needs, and no more.",
            "Choisissez les droits dont son programme a besoin, et pas plus.",
        ],
    )
}

fn no_end() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "days",
        [&format!("A token holds 1 to {DAYS_MAX} days."), &format!("Un jeton vaut de 1 à {DAYS_MAX} jours.")],
        ["Choose an end; a new token takes its place.", "Choisissez une fin ; un nouveau jeton prend la suite."],
    )
}

fn no_label() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "label",
        [
            &format!("What a token is for has 1 to {LABEL_CHARS_MAX} characters."),
            &format!("L'usage d'un jeton a de 1 à {LABEL_CHARS_MAX} caractères."),
        ],
        ["Name the program that will use it.", "Nommez le programme qui l'utilisera."],
    )
}
