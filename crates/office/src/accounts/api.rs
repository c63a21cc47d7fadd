//! Accounts for programs: who has one. Deciding about accounts stays with people.

use super::store;
use crate::Refusal;
use crate::api::{At, Endpoint, NoQuery, Nothing, Ref, Shown, operation};
use kernel::AccountId;
use schemars::JsonSchema;
use serde::Serialize;

/// What programs can do with accounts.
pub(super) const API: &[Endpoint] = &[Endpoint::of::<List>(), Endpoint::of::<One>()];

/// An account.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Account")]
pub(super) struct Shape {
    id: Ref,
    email: String,
    name: String,
    role: String,
    /// The controller whose people its holder is of; null for the house's own.
    controller: Option<Ref>,
    lang: String,
    opened_at: At,
    /// When its password was set.
    password_at: At,
    /// How many second factors it has.
    factors: i64,
    /// When it ends.
    until: Option<At>,
}

fn shown(account: super::Account) -> Shape {
    Shape {
        id: Ref::from(&account.id),
        role: account.role.word().to_owned(),
        controller: account.controller.as_ref().map(Ref::from),
        lang: account.lang.code().to_owned(),
        opened_at: account.opened_at.into(),
        password_at: account.password_at.into(),
        factors: account.factors,
        until: account.until.map(At),
        email: account.email,
        name: account.name,
    }
}

operation! {
    /// The list.
    List = GET "/accounts", needs "accounts.read": "Every open account",
    (NoQuery, Nothing) -> Shown<Vec<Shape>>, |call| {
        let all = store::everybody(&mut call.app.store().read()).await?;
        Ok(Shown(all.into_iter().map(shown).collect()))
    }
}

operation! {
    /// One of them.
    One = GET "/accounts/{id}", needs "accounts.read": "An account",
    (NoQuery, Nothing) -> Shown<Shape>, |call| {
        let id: AccountId = call.id(["account", "compte"])?;
        let found = store::find(&mut call.app.store().read(), &id).await?;
        Ok(Shown(shown(found.ok_or_else(|| Refusal::not_found("account", "compte"))?)))
    }
}
