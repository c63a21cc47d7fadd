//! Accounts: who may sign in, and as what (GDPR Art. 32(1)(b) and (4)).
//!
//! Every account is a named person's; there is none by default. Passwords are kept as Argon2id
//! hashes, sealed like any personal value. A change of password or role ends every session.

mod events;
mod pages;
mod sign_in;
pub mod store;
mod tokens;

pub use events::AccountEvent;
pub(crate) use sign_in::Empty;
pub use sign_in::{Credentials, check_password};
pub use store::{Account, find_by_email, list};
pub use tokens::{bearer, make_token};

use crate::{Event, Feature, Kind, Refusal, Route, feature};
use ::store::{Columns, Recorded, Store, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::{AccountId, Actor, Instant, Lang, Personal, Secret, SubjectId};
use vault::Password;
use web::guard::Access;
use web::{Role, login};

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "accounts",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "accounts", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["account.opened", "account.token-made", "account.closed"],
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
    let password = Password::new(new.password, &email)
        .map_err(|e| Refusal::from_words(Kind::Invalid, "password", |l| e.message(l), |l| e.remedy(l)))?;
    let hash = password.hash(db.entropy()).map_err(|e| StoreError::Statement(e.to_string()))?;
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

fn taken() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "account-exists",
        ["There is already an account with this address.", "Il y a déjà un compte avec cette adresse."],
        ["Use another address, or sign in with it.", "Utilisez une autre adresse, ou connectez-vous avec elle."],
    )
}
