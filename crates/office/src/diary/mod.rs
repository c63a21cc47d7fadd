//! The diary: duties by their day, as a page of a month and as a feed that a person's own calendar program reads (RFC 5545).
//!
//! A feed needs no session, only its address, which is a secret: shown once, kept as a digest, revoked at will, and gone with a new
//! password. It names kinds of duties and agreements by their number, no person.

mod events;
mod feed;
mod ics;
mod month;

pub use events::DiaryEvent;
pub use feed::{made_at, make, of_token, revoke};

use crate::{Event, Feature, Route, feature};
use ::store::{Columns, Recorded, StoreError, Tx};
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use kernel::AccountId;
use serde_json::Value;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "diary",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "diary", sql: include_str!("tables.sql"), toml: include_str!("columns.toml") },
    kinds: &["feed.made", "feed.revoked"],
    apply,
    reacts: &[("account.password-changed", ended), ("account.closed", ended)],
    routes: &[
        Route { method: "GET", path: "/calendar", access: Access::May("diary.read"), handler: || get(month::page) },
        Route { method: "GET", path: "/account/feed", access: Access::May("diary.feed"), handler: || get(feed::page) },
        Route {
            method: "POST",
            path: "/account/feed",
            access: Access::May("diary.feed"),
            handler: || post(feed::make_one),
        },
        Route {
            method: "POST",
            path: "/account/feed/revoke",
            access: Access::May("diary.feed"),
            handler: || post(feed::revoke_one),
        },
        Route { method: "GET", path: "/feeds/{token}", access: Access::Public, handler: || get(feed::read) },
    ],
    api: &[],
    samples: events::samples,
};

fn apply<'a>(tx: &'a mut Tx<'_>, entry: &'a Recorded) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        match DiaryEvent::of(entry)? {
            DiaryEvent::FeedMade { account, digest } => {
                let sql = "INSERT INTO feeds (digest, account, made_at) VALUES ($1, $2, $3)";
                tx.execute(sql, vec![digest.into(), (&account).into(), entry.at.into()]).await
            }
            DiaryEvent::FeedRevoked { digest, .. } => {
                tx.execute("DELETE FROM feeds WHERE digest = $1", vec![digest.into()]).await
            }
        }
    })
}

/// Who changes a password may have lost it, and whoever found it may have made a feed.
fn ended<'a>(tx: &'a mut Tx<'_>, data: &'a Value) -> BoxFuture<'a, Result<(), StoreError>> {
    Box::pin(async move {
        let account: AccountId = serde_json::from_value(data["account"].clone())?;
        for (digest, _) in feed::of(tx, &account).await? {
            feature::append(tx, &[DiaryEvent::FeedRevoked { account: account.clone(), digest }]).await?;
        }
        Ok(())
    })
}
