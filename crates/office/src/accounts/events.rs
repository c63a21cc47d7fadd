//! What is stored for ever about accounts.

use crate::Event;
use ::store::Log;
use kernel::{AccountId, Lang, Personal, SubjectId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use web::Role;

/// Something that happened to an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum AccountEvent {
    /// A person may now sign in.
    #[serde(rename = "account.opened")]
    Opened {
        /// The account.
        account: AccountId,
        /// The person.
        subject: SubjectId,
        /// Their address.
        email: Personal<String>,
        /// Their name.
        name: Personal<String>,
        /// The hash of their password (PHC string).
        password: Personal<String>,
        /// Their role.
        role: Role,
        /// Their language.
        lang: Lang,
    },
    /// A program may act for an account.
    #[serde(rename = "account.token-made")]
    TokenMade {
        /// The account.
        account: AccountId,
        /// SHA-256 of the token.
        digest: String,
        /// What it is for.
        label: String,
    },
    /// The person chose another password; every session and token of theirs ended.
    #[serde(rename = "account.password-changed")]
    PasswordChanged {
        /// The account.
        account: AccountId,
        /// The hash of the new password (PHC string).
        password: Personal<String>,
    },
    /// Another role was given; every session ended.
    #[serde(rename = "account.role-changed")]
    RoleChanged {
        /// The account.
        account: AccountId,
        /// The new role.
        role: Role,
    },
    /// A program may no longer act for the account.
    #[serde(rename = "account.token-revoked")]
    TokenRevoked {
        /// The account.
        account: AccountId,
        /// SHA-256 of the token.
        digest: String,
    },
    /// The account may no longer sign in.
    #[serde(rename = "account.closed")]
    Closed {
        /// The account.
        account: AccountId,
    },
}

impl Event for AccountEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        match self {
            Self::Opened { account, .. }
            | Self::TokenMade { account, .. }
            | Self::PasswordChanged { account, .. }
            | Self::RoleChanged { account, .. }
            | Self::TokenRevoked { account, .. }
            | Self::Closed { account } => account.to_string(),
        }
    }
}

pub(super) fn samples() -> Vec<Value> {
    let id = "01ks0000000000000000000001";
    let personal = |value: &str| serde_json::json!({ "$personal": { "subject": id, "value": value } });
    vec![
        serde_json::json!({ "kind": "account.opened", "data": {
            "account": id, "subject": id, "email": personal("ada@example.org"), "name": personal("Ada"),
            "password": personal("$argon2id$…"), "role": "dpo", "lang": "fr" } }),
        serde_json::json!({ "kind": "account.token-made", "data": { "account": id, "digest": "00", "label": "tickets" } }),
        serde_json::json!({ "kind": "account.password-changed", "data": {
            "account": id, "password": personal("$argon2id$…") } }),
        serde_json::json!({ "kind": "account.role-changed", "data": { "account": id, "role": "support" } }),
        serde_json::json!({ "kind": "account.token-revoked", "data": { "account": id, "digest": "00" } }),
        serde_json::json!({ "kind": "account.closed", "data": { "account": id } }),
    ]
}
