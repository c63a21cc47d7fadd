//! Accounts: who may sign in, and as what (GDPR Art. 32(1)(b) and (4)).
//!
//! Every account is a named person's; there is none by default. Passwords are kept as Argon2id
//! hashes, sealed like any personal value. A change of password, role or factor ends every session;
//! a new password ends the tokens, too.

mod api;
mod apply;
mod ceremonies;
mod entrance;
mod events;
mod factor_pages;
mod factors;
mod forgotten;
mod invitations;
mod invite_pages;
mod letters;
mod link_pages;
mod model;
mod oidc;
mod own;
mod pages;
mod passkey_pages;
mod passkeys;
mod password;
mod people_pages;
mod routes;
mod rules;
mod sign_in;
pub mod store;
pub(crate) mod throttle;
mod token_pages;
mod tokens;
mod wrong_codes;

pub use events::{AccountEvent, Invited};
pub use factors::{
    Proposal, add as add_factor, admit, check_factor, new_recovery_codes, propose, remove as remove_factor,
};
pub use forgotten::{answer_forgotten, recover};
pub use invitations::{NewInvitation, invite, withdraw};
pub use letters::LETTERS;
pub use model::Change;
pub use oidc::{Oidc, OidcError, OidcSettings};
use password::chosen;
pub use password::{change_password, replace_password};
pub use people_pages::{Acted, Desk, Wanted, act, invite as invite_for, people};
pub use rules::set_rules;
pub(crate) use sign_in::Empty;
pub use sign_in::{Credentials, check_password};
pub use store::{
    Account, Factor, Invitation, TokenRow, everybody, find_by_email, find_of, invited_by, list, names, of_controller,
    tokens,
};
pub use throttle::forget_old_tries;
pub(crate) use tokens::revoke_in as revoke_token_in;
pub use tokens::{DAYS as TOKEN_DAYS, NewToken, make_token, revoke_token};

use crate::{App, Event, Feature, Kind, Refusal, feature, notices, parties};
use ::store::{Columns, Recorded, StoreError, Tx};
use futures_util::future::BoxFuture;
use kernel::{AccountId, Actor, ControllerId, Instant, Lang, Personal, Secret, SubjectId};
use vault::Holder;
use web::Role;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "accounts",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "accounts", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &[
        "account.opened",
        "account.invited",
        "account.invitation-withdrawn",
        "account.password-changed",
        "account.password-link-made",
        "account.role-changed",
        "account.until-set",
        "account.factor-added",
        "account.factor-removed",
        "account.passkey-refused",
        "account.identity-linked",
        "account.identity-unlinked",
        "account.factors-reset",
        "account.recovery-codes-made",
        "account.recovery-code-used",
        "account.recovered",
        "account.rules-set",
        "account.token-made",
        "account.token-revoked",
        "account.closed",
    ],
    apply,
    reacts: &[],
    routes: routes::ROUTES,
    api: api::API,
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move { apply::apply(tx, entry, AccountEvent::of(entry)?).await })
}

/// What an account is opened with.
pub struct NewAccount {
    /// The address to sign in with.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The controller whose people they are of; none for the house's own.
    pub controller: Option<ControllerId>,
    /// Their language.
    pub lang: Lang,
    /// Their first password.
    pub password: Secret<String>,
    /// When their time here ends; an auditor's does after 90 days unless said otherwise.
    pub until: Option<Instant>,
}

/// Opens an account with a password given by who opens it; [`invite`] lets its holder choose one.
///
/// # Errors
/// When the address is taken or is none, or the password is too weak.
pub async fn open(app: &App, actor: Actor, new: NewAccount) -> Result<AccountId, Refusal> {
    let email = crate::parties::email(&new.email)?;
    let (db, now) = (app.store(), app.now());
    let until = new.until.or_else(|| model::end_of_role(new.role, now));
    invitations::ends(new.role, until, now)?;
    let member = model::member(new.role, new.controller)?;
    let hash = chosen(app, new.password, Holder { email: &email, name: &new.name })?;
    let mut tx = db.begin(now, actor).await?;
    if let Some(controller) = member.controller() {
        parties::must_find(&mut tx, controller).await?;
    }
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
        role: member.role(),
        controller: member.controller().cloned(),
        lang: new.lang,
        until,
    };
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(account)
}

/// Changes an account as an owner asks, or one of a controller's people as its administrator or the privacy officer does; what that does to its sessions, [`Change`] says.
///
/// # Errors
/// When it is not for `actor` to change, when it is their own account, when there is no such account, when it would change
/// sides, or an auditor's time would have no end.
pub async fn change(app: &App, actor: Actor, account: &AccountId, change: Change) -> Result<(), Refusal> {
    let by = actor.account().cloned();
    let mut tx = app.store().begin(app.now(), actor).await?;
    change_in(app, &mut tx, by.as_ref(), account, change).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in a transaction that does more; `by` is who acts.
pub(crate) async fn change_in(
    app: &App,
    tx: &mut Tx<'_>,
    by: Option<&AccountId>,
    account: &AccountId,
    change: Change,
) -> Result<(), Refusal> {
    let open = holders(tx).await?;
    let events = model::decide(&open, app.now(), by, account, change)?;
    if let Change::Until(until) = change {
        let role = open.iter().find(|holder| holder.id == *account).map_or(Role::Auditor, |holder| holder.role);
        invitations::ends(role, until, app.now())?;
    }
    feature::append(tx, &events).await?;
    if change == Change::ResetFactors
        && let Some(known) = store::find(tx, account).await?
    {
        notices::queue(tx, letters::factors_reset(app, &known)).await?;
        wrong_codes::forget(tx, account).await?;
    }
    Ok(())
}

async fn holders(tx: &mut Tx<'_>) -> Result<Vec<model::Holder>, StoreError> {
    let open = store::everybody(tx).await?;
    Ok(open.into_iter().map(|account| model::Holder::of(&account)).collect())
}

fn taken() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "account-exists",
        ["There is already an account with this address.", "Il y a déjà un compte avec cette adresse."],
        ["Use another address, or sign in with it.", "Utilisez une autre adresse, ou connectez-vous avec elle."],
    )
}
