//! What is stored for ever about accounts.

use crate::Event;
use ::store::Log;
use kernel::{AccountId, ControllerId, FactorId, Instant, Lang, Personal, SubjectId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use web::{Role, SignInRules};

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
        /// The controller whose people they are of; none for the house's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controller: Option<ControllerId>,
        /// Their language.
        lang: Lang,
        /// When their time here ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// A person is asked to open an account; the link holds for a while.
    #[serde(rename = "account.invited")]
    Invited(Invited),
    /// The link of an invitation holds no more.
    #[serde(rename = "account.invitation-withdrawn")]
    InvitationWithdrawn {
        /// The account it would have opened.
        account: AccountId,
    },
    /// Who forgot a password was sent a link that sets another.
    #[serde(rename = "account.password-link-made")]
    PasswordLinkMade {
        /// The account.
        account: AccountId,
        /// SHA-256 of the link's token.
        digest: String,
        /// When it holds no more.
        expires_at: Instant,
    },
    /// The person shows something more than a password from now on; their sessions ended.
    #[serde(rename = "account.factor-added")]
    FactorAdded {
        /// The account.
        account: AccountId,
        /// The factor.
        factor: FactorId,
        /// `totp`: an authenticator's codes (RFC 6238); `passkey`: a key of Web Authentication.
        method: String,
        /// What the person calls it.
        label: Personal<String>,
        /// What codes are computed from, or the passkey's name and public key; opened only to check one.
        secret: Personal<String>,
    },
    /// A passkey showed a counter that does not go on: somebody may have copied it. It was not let in.
    #[serde(rename = "account.passkey-refused")]
    PasskeyRefused {
        /// The account.
        account: AccountId,
        /// The passkey.
        factor: FactorId,
        /// The counter it had shown last.
        known: u32,
        /// The counter it showed now.
        shown: u32,
    },
    /// From now on a person also signs in by an identity at a provider; they showed their password for it.
    #[serde(rename = "account.identity-linked")]
    IdentityLinked {
        /// The account.
        account: AccountId,
        /// The provider.
        issuer: String,
        /// What the provider calls the person.
        identity: Personal<String>,
    },
    /// That identity opens nothing any more; their sessions ended.
    #[serde(rename = "account.identity-unlinked")]
    IdentityUnlinked {
        /// The account.
        account: AccountId,
        /// The provider.
        issuer: String,
    },
    /// A factor was taken away by its holder; their sessions ended.
    #[serde(rename = "account.factor-removed")]
    FactorRemoved {
        /// The account.
        account: AccountId,
        /// The factor.
        factor: FactorId,
    },
    /// An owner took every factor and recovery code away: the person lost them. Their sessions ended.
    #[serde(rename = "account.factors-reset")]
    FactorsReset {
        /// The account.
        account: AccountId,
    },
    /// New recovery codes took the place of the old ones.
    #[serde(rename = "account.recovery-codes-made")]
    RecoveryCodesMade {
        /// The account.
        account: AccountId,
        /// SHA-256 of each.
        digests: Vec<String>,
    },
    /// A recovery code was used; it is worth nothing more.
    #[serde(rename = "account.recovery-code-used")]
    RecoveryCodeUsed {
        /// The account.
        account: AccountId,
        /// SHA-256 of it.
        digest: String,
    },
    /// The operator, at the machine itself, let somebody in again who had lost everything they showed.
    #[serde(rename = "account.recovered")]
    Recovered {
        /// The account.
        account: AccountId,
        /// Why; sealed under the person's own key.
        reason: Personal<String>,
    },
    /// An owner said how people of a role sign in.
    #[serde(rename = "account.rules-set")]
    RulesSet {
        /// The role.
        role: Role,
        /// The rules.
        rules: SignInRules,
    },
    /// An owner said when a person's time here ends.
    #[serde(rename = "account.until-set")]
    UntilSet {
        /// The account.
        account: AccountId,
        /// The instant; none for no end.
        until: Option<Instant>,
    },
    /// A program may act for an account.
    #[serde(rename = "account.token-made")]
    TokenMade {
        /// The account.
        account: AccountId,
        /// SHA-256 of the token.
        digest: String,
        /// What it is for.
        label: Personal<String>,
        /// What it carries.
        permissions: Vec<String>,
        /// When it ends.
        expires_at: Instant,
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

/// What an invitation says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invited {
    /// The account it opens.
    pub account: AccountId,
    /// The person.
    pub subject: SubjectId,
    /// Their address.
    pub email: Personal<String>,
    /// Their name.
    pub name: Personal<String>,
    /// Their role.
    pub role: Role,
    /// The controller whose people they are of; none for the house's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<ControllerId>,
    /// Their language.
    pub lang: Lang,
    /// When their time here ends.
    pub until: Option<Instant>,
    /// SHA-256 of the link's token.
    pub digest: String,
    /// When it holds no more.
    pub expires_at: Instant,
}

impl Event for AccountEvent {
    fn log(&self) -> Log {
        Log::House
    }

    fn record(&self) -> String {
        match self {
            Self::RulesSet { .. } => "sign-in-rules".to_owned(),
            Self::Invited(Invited { account, .. })
            | Self::Opened { account, .. }
            | Self::InvitationWithdrawn { account }
            | Self::PasswordLinkMade { account, .. }
            | Self::FactorAdded { account, .. }
            | Self::FactorRemoved { account, .. }
            | Self::PasskeyRefused { account, .. }
            | Self::IdentityLinked { account, .. }
            | Self::IdentityUnlinked { account, .. }
            | Self::FactorsReset { account }
            | Self::RecoveryCodesMade { account, .. }
            | Self::RecoveryCodeUsed { account, .. }
            | Self::UntilSet { account, .. }
            | Self::Recovered { account, .. }
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
        serde_json::json!({ "kind": "account.token-made", "data": { "account": id, "digest": "00", "label": personal("tickets"), "permissions": ["requests.read"],
            "expires_at": "2027-02-21T09:00:00Z" } }),
        serde_json::json!({ "kind": "account.password-changed", "data": {
            "account": id, "password": personal("$argon2id$…") } }),
        serde_json::json!({ "kind": "account.role-changed", "data": { "account": id, "role": "support" } }),
        serde_json::json!({ "kind": "account.token-revoked", "data": { "account": id, "digest": "00" } }),
        serde_json::json!({ "kind": "account.invited", "data": {
            "account": id, "subject": id, "email": personal("sam@example.org"), "name": personal("Sam"), "role": "auditor",
            "lang": "en", "until": "2027-01-31T23:00:00Z", "digest": "00", "expires_at": "2026-11-30T10:00:00Z" } }),
        serde_json::json!({ "kind": "account.opened", "data": {
            "account": id, "subject": id, "email": personal("sam@example.org"), "name": personal("Sam"),
            "password": personal("$argon2id$…"), "role": "auditor", "lang": "en", "until": "2027-01-31T23:00:00Z" } }),
        serde_json::json!({ "kind": "account.invited", "data": {
            "account": id, "subject": id, "email": personal("lea@brume.example"), "name": personal("Léa"),
            "role": "controller-admin", "controller": id, "lang": "fr", "until": null, "digest": "00",
            "expires_at": "2026-11-30T10:00:00Z" } }),
        serde_json::json!({ "kind": "account.opened", "data": {
            "account": id, "subject": id, "email": personal("lea@brume.example"), "name": personal("Léa"),
            "password": personal("$argon2id$…"), "role": "controller-admin", "controller": id, "lang": "fr" } }),
        serde_json::json!({ "kind": "account.invitation-withdrawn", "data": { "account": id } }),
        serde_json::json!({ "kind": "account.password-link-made", "data": {
            "account": id, "digest": "00", "expires_at": "2026-11-23T10:30:00Z" } }),
        serde_json::json!({ "kind": "account.factor-added", "data": {
            "account": id, "factor": id, "method": "totp", "label": personal("phone"), "secret": personal("GEZDGNBVGY3TQOJQ") } }),
        serde_json::json!({ "kind": "account.passkey-refused", "data": {
            "account": id, "factor": id, "known": 7, "shown": 5 } }),
        serde_json::json!({ "kind": "account.identity-linked", "data": {
            "account": id, "issuer": "https://id.example.org", "identity": personal("248289761001") } }),
        serde_json::json!({ "kind": "account.identity-unlinked", "data": {
            "account": id, "issuer": "https://id.example.org" } }),
        serde_json::json!({ "kind": "account.factor-removed", "data": { "account": id, "factor": id } }),
        serde_json::json!({ "kind": "account.factors-reset", "data": { "account": id } }),
        serde_json::json!({ "kind": "account.recovery-codes-made", "data": { "account": id, "digests": ["00", "01"] } }),
        serde_json::json!({ "kind": "account.recovery-code-used", "data": { "account": id, "digest": "00" } }),
        serde_json::json!({ "kind": "account.recovered", "data": {
            "account": id, "reason": personal("telephone lost at sea") } }),
        serde_json::json!({ "kind": "account.rules-set", "data": { "role": "engineer", "rules": {
            "second_factor": true, "renew_days": 90, "idle_minutes": 30, "session_hours": 8 } } }),
        serde_json::json!({ "kind": "account.until-set", "data": { "account": id, "until": null } }),
        serde_json::json!({ "kind": "account.closed", "data": { "account": id } }),
    ]
}
