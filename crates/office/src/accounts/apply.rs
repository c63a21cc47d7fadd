//! The events of accounts applied to their tables.

use super::events::Invited;
use super::{AccountEvent, store};
use ::store::{Recorded, StoreError, Tx};
use kernel::{AccountId, ControllerId, FactorId, Instant, Lang, Personal, SubjectId};
use vault::passkey::Passkey;
use web::Role;

/// Links to set a password that hold at a time.
const LINKS_MAX: i64 = 3;

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: AccountEvent) -> Result<(), StoreError> {
    match event {
        AccountEvent::Opened { account, subject, email, name, password, role, controller, lang, until } => {
            let at = entry.at;
            let opened = Opened { account, subject, email, name, password, role, controller, lang, until, at };
            open(tx, opened).await
        }
        AccountEvent::Invited(invited) => invite(tx, entry.at, invited).await,
        AccountEvent::InvitationWithdrawn { account } => uninvite(tx, &account).await,
        AccountEvent::PasswordLinkMade { account, digest, expires_at } => {
            let sql = "INSERT INTO password_links (digest, account, expires_at) VALUES ($1, $2, $3)";
            run(tx, sql, vec![digest.into(), (&account).into(), expires_at.into()]).await?;
            end_older_links(tx, &account, entry.at).await
        }
        AccountEvent::TokenMade { .. } | AccountEvent::TokenRevoked { .. } => tokens(tx, entry, event).await,
        AccountEvent::PasswordChanged { account, password } => {
            let sql = "UPDATE accounts SET password = $2, password_at = $3, epoch = epoch + 1 WHERE id = $1";
            run(tx, sql, vec![(&account).into(), password.reveal().cloned().into(), entry.at.into()]).await?;
            end_links(tx, &account).await?;
            end_tokens(tx, &account).await
        }
        AccountEvent::RoleChanged { account, role } => {
            let sql = "UPDATE accounts SET role = $2, epoch = epoch + 1 WHERE id = $1";
            run(tx, sql, vec![(&account).into(), role.word().into()]).await
        }
        AccountEvent::UntilSet { account, until } => {
            run(tx, "UPDATE accounts SET until = $2 WHERE id = $1", vec![(&account).into(), until.into()]).await
        }
        AccountEvent::Closed { account } => {
            let sql = "UPDATE accounts SET closed_at = $2, epoch = epoch + 1 WHERE id = $1";
            run(tx, sql, vec![(&account).into(), entry.at.into()]).await?;
            run(tx, "DELETE FROM identities WHERE account = $1", vec![(&account).into()]).await?;
            end_links(tx, &account).await?;
            end_tokens(tx, &account).await
        }
        AccountEvent::FactorAdded { .. }
        | AccountEvent::FactorRemoved { .. }
        | AccountEvent::FactorsReset { .. }
        | AccountEvent::RecoveryCodesMade { .. }
        | AccountEvent::RecoveryCodeUsed { .. } => factors(tx, entry, event).await,
        AccountEvent::IdentityLinked { .. } | AccountEvent::IdentityUnlinked { .. } => {
            identities(tx, entry, event).await
        }
        // What they change stands in the entries beside them, or is nothing.
        AccountEvent::Recovered { .. } | AccountEvent::PasskeyRefused { .. } => Ok(()),
        AccountEvent::RulesSet { role, rules } => {
            let sql = "INSERT INTO sign_in_rules (role, second_factor, renew_days, idle_minutes, session_hours) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (role) DO UPDATE SET second_factor = $2, renew_days = $3, \
                       idle_minutes = $4, session_hours = $5";
            let args = vec![
                role.word().into(),
                i64::from(rules.second_factor).into(),
                rules.renew_days.map(i64::from).into(),
                i64::from(rules.idle_minutes).into(),
                i64::from(rules.session_hours).into(),
            ];
            run(tx, sql, args).await
        }
    }
}

async fn tokens(tx: &mut Tx<'_>, entry: &Recorded, event: AccountEvent) -> Result<(), StoreError> {
    match event {
        AccountEvent::TokenMade { account, digest, label, permissions, expires_at } => {
            let sql = "INSERT INTO tokens (digest, account, subject, label, made_at, permissions, expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let carried = permissions.join(" ");
            let args = vec![
                digest.into(),
                (&account).into(),
                (&label.subject).into(),
                label.reveal().cloned().into(),
                entry.at.into(),
                carried.into(),
                expires_at.into(),
            ];
            run(tx, sql, args).await
        }
        AccountEvent::TokenRevoked { account, digest } => {
            let sql = "DELETE FROM tokens WHERE account = $1 AND digest = $2";
            run(tx, sql, vec![(&account).into(), digest.into()]).await
        }
        _ => Ok(()),
    }
}

async fn identities(tx: &mut Tx<'_>, entry: &Recorded, event: AccountEvent) -> Result<(), StoreError> {
    match event {
        AccountEvent::IdentityLinked { account, issuer, identity } => {
            let sql =
                "INSERT INTO identities (account, issuer, subject, identity, linked_at) VALUES ($1, $2, $3, $4, $5)";
            let digest = identity.reveal().map(|name| store::identity_digest(&issuer, name));
            let args =
                vec![(&account).into(), issuer.into(), (&identity.subject).into(), digest.into(), entry.at.into()];
            run(tx, sql, args).await
        }
        AccountEvent::IdentityUnlinked { account, issuer } => {
            let sql = "DELETE FROM identities WHERE account = $1 AND issuer = $2";
            run(tx, sql, vec![(&account).into(), issuer.into()]).await?;
            run(tx, "UPDATE accounts SET epoch = epoch + 1 WHERE id = $1", vec![(&account).into()]).await
        }
        _ => Ok(()),
    }
}

async fn factors(tx: &mut Tx<'_>, entry: &Recorded, event: AccountEvent) -> Result<(), StoreError> {
    match event {
        AccountEvent::FactorAdded { account, factor, method, label, secret } => {
            if method == "passkey" {
                add_passkey(tx, &account, &factor, &secret).await?;
            }
            let sql = "INSERT INTO factors (id, account, subject, method, label, entry, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let args = vec![
                (&factor).into(),
                (&account).into(),
                (&label.subject).into(),
                method.into(),
                label.reveal().cloned().into(),
                (&entry.id).into(),
                entry.at.into(),
            ];
            run(tx, sql, args).await?;
            count_factors(tx, &account).await
        }
        AccountEvent::FactorRemoved { account, factor } => {
            run(tx, "DELETE FROM factors WHERE account = $1 AND id = $2", vec![(&account).into(), (&factor).into()])
                .await?;
            run(tx, "DELETE FROM passkeys WHERE factor = $1", vec![(&factor).into()]).await?;
            count_factors(tx, &account).await
        }
        AccountEvent::FactorsReset { account } => {
            run(tx, "DELETE FROM passkeys WHERE account = $1", vec![(&account).into()]).await?;
            run(tx, "DELETE FROM factors WHERE account = $1", vec![(&account).into()]).await?;
            run(tx, "DELETE FROM recovery_codes WHERE account = $1", vec![(&account).into()]).await?;
            count_factors(tx, &account).await
        }
        AccountEvent::RecoveryCodesMade { account, digests } => {
            run(tx, "DELETE FROM recovery_codes WHERE account = $1", vec![(&account).into()]).await?;
            for digest in digests {
                let sql = "INSERT INTO recovery_codes (digest, account) VALUES ($1, $2)";
                run(tx, sql, vec![digest.into(), (&account).into()]).await?;
            }
            Ok(())
        }
        AccountEvent::RecoveryCodeUsed { account, digest } => {
            let sql = "DELETE FROM recovery_codes WHERE account = $1 AND digest = $2";
            run(tx, sql, vec![(&account).into(), digest.into()]).await
        }
        _ => Ok(()),
    }
}

/// The name a browser will show it under; none once its person has been erased.
async fn add_passkey(
    tx: &mut Tx<'_>,
    account: &AccountId,
    factor: &FactorId,
    sealed: &Personal<String>,
) -> Result<(), StoreError> {
    let passkey: Option<Passkey> = sealed.reveal().and_then(|text| serde_json::from_str(text).ok());
    let sql = "INSERT INTO passkeys (factor, account, subject, credential) VALUES ($1, $2, $3, $4)";
    let credential = passkey.map(|passkey| passkey.digest());
    run(tx, sql, vec![factor.into(), account.into(), (&sealed.subject).into(), credential.into()]).await
}

/// An account as it is opened.
struct Opened {
    account: AccountId,
    subject: SubjectId,
    email: Personal<String>,
    name: Personal<String>,
    password: Personal<String>,
    role: Role,
    controller: Option<ControllerId>,
    lang: Lang,
    until: Option<Instant>,
    at: Instant,
}

async fn open(tx: &mut Tx<'_>, opened: Opened) -> Result<(), StoreError> {
    uninvite(tx, &opened.account).await?;
    let sql = "INSERT INTO accounts (id, subject, email, name, password, role, lang, epoch, opened_at, password_at, factors, until, controller) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, 0, $9, $10)";
    let args = vec![
        (&opened.account).into(),
        (&opened.subject).into(),
        opened.email.reveal().cloned().into(),
        opened.name.reveal().cloned().into(),
        opened.password.reveal().cloned().into(),
        opened.role.word().into(),
        opened.lang.code().into(),
        opened.at.into(),
        opened.until.into(),
        opened.controller.as_ref().map(ControllerId::as_str).into(),
    ];
    run(tx, sql, args).await
}

async fn invite(tx: &mut Tx<'_>, at: Instant, invited: Invited) -> Result<(), StoreError> {
    let sql = "INSERT INTO invitations (account, subject, email, name, role, lang, until, digest, invited_at, expires_at, controller) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let args = vec![
        (&invited.account).into(),
        (&invited.subject).into(),
        invited.email.reveal().cloned().into(),
        invited.name.reveal().cloned().into(),
        invited.role.word().into(),
        invited.lang.code().into(),
        invited.until.into(),
        invited.digest.into(),
        at.into(),
        invited.expires_at.into(),
        invited.controller.as_ref().map(ControllerId::as_str).into(),
    ];
    run(tx, sql, args).await
}

async fn uninvite(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), StoreError> {
    run(tx, "DELETE FROM invitations WHERE account = $1", vec![account.into()]).await
}

/// Whoever signed in with fewer factors, or with one that is gone, signs in again.
async fn count_factors(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET epoch = epoch + 1, factors = (SELECT COUNT(*) FROM factors WHERE account = $1) WHERE id = $1";
    run(tx, sql, vec![account.into()]).await
}

/// Whoever asks again and again for somebody else takes no link away from them: the newest few hold, each for its time.
async fn end_older_links(tx: &mut Tx<'_>, account: &AccountId, now: Instant) -> Result<(), StoreError> {
    let sql = "DELETE FROM password_links WHERE account = $1 AND (expires_at <= $2 OR digest NOT IN \
               (SELECT digest FROM password_links WHERE account = $1 ORDER BY expires_at DESC, digest LIMIT $3))";
    run(tx, sql, vec![account.into(), now.into(), LINKS_MAX.into()]).await
}

async fn end_links(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), StoreError> {
    run(tx, "DELETE FROM password_links WHERE account = $1", vec![account.into()]).await
}

/// Who changes a password may have lost it: a key made by the finder ends with it.
async fn end_tokens(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), StoreError> {
    run(tx, "DELETE FROM tokens WHERE account = $1", vec![account.into()]).await
}

async fn run(tx: &mut Tx<'_>, sql: &'static str, args: Vec<::store::Arg>) -> Result<(), StoreError> {
    tx.execute(sql, args).await.map(drop)
}
