//! Accounts: who may sign in, and as what (GDPR Art. 32(1)(b) and (4)).
//!
//! Every account is a named person's; there is none by default. Passwords are kept as Argon2id
//! hashes, sealed like any personal value. A change of password or role ends every session;
//! a new password ends the tokens, too.

mod events;
mod model;
mod own;
mod pages;
mod password;
mod sign_in;
pub mod store;
mod tokens;

pub use events::AccountEvent;
pub use model::Change;
use password::chosen;
pub use password::{change_password, replace_password};
pub(crate) use sign_in::Empty;
pub use sign_in::{Credentials, check_password};
pub use store::{Account, TokenRow, find_by_email, list, tokens};
pub use tokens::{bearer, make_token, revoke_token};

use crate::{Event, Feature, Kind, Refusal, Route, feature};
use ::store::{Columns, Recorded, Store, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{AccountId, Actor, Instant, Lang, Personal, Secret, SubjectId};
use web::guard::Access;
use web::{Role, login};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "accounts",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "accounts", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "account.opened",
        "account.password-changed",
        "account.role-changed",
        "account.token-made",
        "account.token-revoked",
        "account.closed",
    ],
    apply,
    routes: &[
        Route { method: "GET", path: "/sign-in", access: Access::Public, handler: || get(sign_in::page) },
        Route { method: "POST", path: "/sign-in", access: Access::Public, handler: || post(sign_in::post) },
        Route { method: "POST", path: "/sign-out", access: Access::Roles(&Role::ALL), handler: || post(sign_in::out) },
        Route { method: "GET", path: "/language", access: Access::Public, handler: || get(login::language) },
        Route {
            method: "GET",
            path: "/accounts",
            access: Access::Roles(&[Role::Owner, Role::Dpo, Role::Auditor]),
            handler: || get(pages::list),
        },
        Route {
            method: "GET",
            path: "/accounts/{id}",
            access: Access::Roles(&[Role::Owner, Role::Dpo, Role::Auditor]),
            handler: || get(pages::one),
        },
        Route {
            method: "POST",
            path: "/accounts/{id}/role",
            access: Access::Roles(&[Role::Owner]),
            handler: || post(pages::role),
        },
        Route {
            method: "POST",
            path: "/accounts/{id}/close",
            access: Access::Roles(&[Role::Owner]),
            handler: || post(pages::close),
        },
        Route {
            method: "POST",
            path: "/accounts/{id}/revoke",
            access: Access::Roles(&[Role::Owner]),
            handler: || post(pages::revoke),
        },
        Route { method: "GET", path: "/account", access: Access::Roles(&Role::ALL), handler: || get(own::page) },
        Route {
            method: "POST",
            path: "/account/password",
            access: Access::Roles(&Role::ALL),
            handler: || post(own::password),
        },
        Route {
            method: "POST",
            path: "/account/sessions",
            access: Access::Roles(&Role::ALL),
            handler: || post(own::end_session),
        },
        Route {
            method: "POST",
            path: "/account/revoke",
            access: Access::Roles(&Role::ALL),
            handler: || post(own::revoke),
        },
    ],
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { store::apply(tx, entry, AccountEvent::of(entry)?).await })
}

/// What an account is opened with.
pub struct NewAccount {
    /// The address to sign in with.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their language.
    pub lang: Lang,
    /// Their first password.
    pub password: Secret<String>,
}

/// Opens an account.
///
/// # Errors
/// When the address is taken or is none, or the password is too weak.
pub async fn open(db: &Store, now: Instant, actor: Actor, new: NewAccount) -> Result<AccountId, Refusal> {
    let email = crate::parties::email(&new.email)?;
    let hash = chosen(db, new.password, &email)?;
    let mut tx = db.begin(now, actor).await?;
    if store::find_by_email(&mut tx, &email).await?.is_some() {
        return Err(taken());
    }
    let account = AccountId::new(now, db.entropy());
    let subject = SubjectId::new(now, db.entropy());
    let event = AccountEvent::Opened {
        account: account.clone(),
        email: Personal::new(subject.clone(), email),
        name: Personal::new(subject.clone(), new.name),
        password: Personal::new(subject.clone(), hash),
        subject,
        role: new.role,
        lang: new.lang,
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(account)
}

/// Gives an account another role or closes it, as an owner asks; every session of it ends.
///
/// # Errors
/// When `actor` is no owner, when it is their own account, or when there is no such account.
pub async fn change(
    db: &Store,
    now: Instant,
    actor: Actor,
    account: &AccountId,
    change: Change,
) -> Result<(), Refusal> {
    let by = actor.account().cloned();
    let mut tx = db.begin(now, actor).await?;
    let open = store::list(&mut tx).await?;
    let open: Vec<model::Holder> =
        open.into_iter().map(|account| model::Holder { id: account.id, role: account.role }).collect();
    let events = model::decide(&open, by.as_ref(), account, change)?;
    feature::append(&mut tx, &events).await?;
    tx.commit().await?;
    Ok(())
}

fn taken() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "account-exists",
        ["There is already an account with this address.", "Il y a déjà un compte avec cette adresse."],
        ["Use another address, or sign in with it.", "Utilisez une autre adresse, ou connectez-vous avec elle."],
    )
}
