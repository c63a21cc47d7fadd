//! What the tables of accounts say.

use ::store::{Arg, Ask, Row, StoreError};
use kernel::{AccountId, ControllerId, EntryId, FactorId, Instant, Lang, SubjectId};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use web::Role;
use web::session::{Beginning, Session};

/// One account as pages and commands see it.
#[derive(Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The person, whose key seals what is theirs.
    pub subject: SubjectId,
    /// The address, unless erased.
    pub email: String,
    /// The name, unless erased.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The controller whose people its holder is of; none for the house's own.
    pub controller: Option<ControllerId>,
    /// Its language.
    pub lang: Lang,
    /// Grows with every change that ends sessions.
    pub epoch: i64,
    /// When it was opened.
    pub opened_at: Instant,
    /// When its password was set.
    pub password_at: Instant,
    /// How many factors its holder has beside the password.
    pub factors: i64,
    /// When the person's time here ends.
    pub until: Option<Instant>,
    pub(super) password: Option<String>,
}

/// Neither the person nor the hash of their password can be printed.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

impl Account {
    /// A session of this account, begun with its password alone.
    pub(super) fn beginning(&self, network: Option<String>) -> Beginning {
        let (account, subject) = (self.id.clone(), self.subject.clone());
        Beginning { account, subject, epoch: self.epoch, role: self.role, network, factor: false, shown_at: None }
    }

    /// The session that goes on in the place of `old` after a change that ended them all: no fresher than it was, for whoever
    /// holds it has not shown more than they had.
    pub(super) fn going_on(&self, old: &Session, epoch: i64, network: Option<String>) -> Beginning {
        Beginning { epoch, shown_at: Some(old.shown_at), ..self.beginning(network) }
    }
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.id("id")?,
        subject: row.id("subject")?,
        email: row.opt_text("email")?.unwrap_or_default(),
        name: row.opt_text("name")?.unwrap_or_default(),
        role: role(row)?,
        controller: row.opt_id("controller")?,
        lang: row.text("lang")?.parse().unwrap_or_default(),
        epoch: row.int("epoch")?,
        opened_at: row.instant("opened_at")?,
        password_at: row.instant("password_at")?,
        factors: row.int("factors")?,
        until: row.opt_instant("until")?,
        password: row.opt_text("password")?,
    })
}

/// The open account with this address, whatever its case.
///
/// # Errors
/// When the database fails.
pub async fn find_by_email(db: &mut impl Ask, email: &str) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT * FROM accounts \
               WHERE email = $1 AND closed_at IS NULL";
    let rows = db.rows(sql, vec![email.trim().to_lowercase().into()]).await?;
    rows.first().map(account).transpose()
}

/// The open account with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &AccountId) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT * FROM accounts \
               WHERE id = $1 AND closed_at IS NULL";
    let rows = db.rows(sql, vec![id.into()]).await?;
    rows.first().map(account).transpose()
}

/// The open accounts of the house's own people, in the order they were opened.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT * FROM accounts WHERE controller IS NULL AND closed_at IS NULL ORDER BY opened_at, id";
    db.rows(sql, Vec::<Arg>::new()).await?.iter().map(account).collect()
}

/// Every open account, of the house and of its controllers, in the order they were opened.
///
/// # Errors
/// When the database fails.
pub async fn everybody(db: &mut impl Ask) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT * FROM accounts WHERE closed_at IS NULL ORDER BY opened_at, id";
    db.rows(sql, Vec::<Arg>::new()).await?.iter().map(account).collect()
}

/// The open accounts of a controller's own people, in the order they were opened.
///
/// # Errors
/// When the database fails.
pub async fn of_controller(db: &mut impl Ask, controller: &ControllerId) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT * FROM accounts WHERE controller = $1 AND closed_at IS NULL ORDER BY opened_at, id";
    db.rows(sql, vec![controller.into()]).await?.iter().map(account).collect()
}

/// One of a controller's own people, by their account.
///
/// # Errors
/// When the database fails.
pub async fn find_of(
    db: &mut impl Ask,
    controller: &ControllerId,
    id: &AccountId,
) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT * FROM accounts WHERE id = $1 AND controller = $2 AND closed_at IS NULL";
    db.rows(sql, vec![id.into(), controller.into()]).await?.first().map(account).transpose()
}

/// The name of everybody who has or had an account, unless erased.
///
/// # Errors
/// When the database fails.
pub async fn names(db: &mut impl Ask) -> Result<BTreeMap<AccountId, String>, StoreError> {
    let rows = db.rows("SELECT id, name FROM accounts", vec![]).await?;
    let mut named = BTreeMap::new();
    for row in rows {
        if let Some(name) = row.opt_text("name")? {
            named.insert(row.id("id")?, name);
        }
    }
    Ok(named)
}

/// A key of a program, without the key.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// SHA-256 of the token: what tells one from the other.
    pub digest: String,
    /// What it is for.
    pub label: String,
    /// When it was made.
    pub made_at: Instant,
    /// What it carries.
    pub permissions: Vec<String>,
    /// When it ends.
    pub expires_at: Instant,
}

/// The tokens of an account, in the order they were made.
///
/// # Errors
/// When the database fails.
pub async fn tokens(db: &mut impl Ask, account: &AccountId) -> Result<Vec<TokenRow>, StoreError> {
    let sql = "SELECT digest, label, made_at, permissions, expires_at FROM tokens WHERE account = $1 ORDER BY made_at, digest";
    let rows = db.rows(sql, vec![account.into()]).await?;
    let token = |row: &Row| {
        let permissions = row.text("permissions")?.split_whitespace().map(str::to_owned).collect();
        let (made_at, expires_at) = (row.instant("made_at")?, row.instant("expires_at")?);
        Ok(TokenRow {
            digest: row.text("digest")?,
            label: row.opt_text("label")?.unwrap_or_default(),
            made_at,
            permissions,
            expires_at,
        })
    };
    rows.iter().map(token).collect()
}

fn role(row: &Row) -> Result<Role, StoreError> {
    Role::parse(&row.text("role")?).ok_or_else(|| StoreError::Damaged("an unknown role".into()))
}

/// Somebody who was asked to open an account.
#[derive(Clone)]
pub struct Invitation {
    /// The account it would open.
    pub account: AccountId,
    /// The person.
    pub subject: SubjectId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The controller whose people they are of; none for the house's own.
    pub controller: Option<ControllerId>,
    /// Their language.
    pub lang: Lang,
    /// When their time here ends.
    pub until: Option<Instant>,
    /// When they were asked.
    pub invited_at: Instant,
    /// When the link holds no more.
    pub expires_at: Instant,
}

/// The person cannot be printed.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("account", &self.account).field("role", &self.role).finish_non_exhaustive()
    }
}

fn invitation(row: &Row) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        account: row.id("account")?,
        subject: row.id("subject")?,
        email: row.opt_text("email")?.unwrap_or_default(),
        name: row.opt_text("name")?.unwrap_or_default(),
        role: role(row)?,
        controller: row.opt_id("controller")?,
        lang: row.text("lang")?.parse().unwrap_or_default(),
        until: row.opt_instant("until")?,
        invited_at: row.instant("invited_at")?,
        expires_at: row.instant("expires_at")?,
    })
}

/// Everybody who was asked and has not answered, also those whose link holds no more.
///
/// # Errors
/// When the database fails.
pub async fn invitations(db: &mut impl Ask) -> Result<Vec<Invitation>, StoreError> {
    let sql = "SELECT * FROM invitations ORDER BY invited_at, account";
    db.rows(sql, vec![]).await?.iter().map(invitation).collect()
}

/// Those of them who were asked to join the house.
///
/// # Errors
/// When the database fails.
pub async fn invited_to_the_house(db: &mut impl Ask) -> Result<Vec<Invitation>, StoreError> {
    let sql = "SELECT * FROM invitations WHERE controller IS NULL ORDER BY invited_at, account";
    db.rows(sql, vec![]).await?.iter().map(invitation).collect()
}

/// Those of them who were asked for a controller.
///
/// # Errors
/// When the database fails.
pub async fn invited_by(db: &mut impl Ask, controller: &ControllerId) -> Result<Vec<Invitation>, StoreError> {
    let sql = "SELECT * FROM invitations WHERE controller = $1 ORDER BY invited_at, account";
    db.rows(sql, vec![controller.into()]).await?.iter().map(invitation).collect()
}

/// The invitation of a link that holds at `now`.
pub(super) async fn invitation_of(
    db: &mut impl Ask,
    digest: &str,
    now: Instant,
) -> Result<Option<Invitation>, StoreError> {
    let sql = "SELECT * FROM invitations WHERE digest = $1 AND expires_at > $2";
    db.rows(sql, vec![digest.into(), now.into()]).await?.first().map(invitation).transpose()
}

/// The account whose password a link sets anew, if it holds at `now`.
pub(super) async fn linked(db: &mut impl Ask, digest: &str, now: Instant) -> Result<Option<AccountId>, StoreError> {
    let sql = "SELECT account FROM password_links WHERE digest = $1 AND expires_at > $2";
    db.rows(sql, vec![digest.into(), now.into()]).await?.first().map(|row| row.id("account")).transpose()
}

/// A factor, without its secret.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// `totp` or `passkey`.
    pub method: String,
    /// What its holder calls it.
    pub label: String,
    /// Since when.
    pub made_at: Instant,
    /// When it was shown last; none when it never was.
    pub used_at: Option<Instant>,
    pub(super) entry: EntryId,
}

/// The factors of an account, in the order they were added.
///
/// # Errors
/// When the database fails.
pub async fn factors(db: &mut impl Ask, account: &AccountId) -> Result<Vec<Factor>, StoreError> {
    let sql = "SELECT f.id, f.method, f.label, f.entry, f.made_at, COALESCE(p.used_at, c.step * 30000) AS used_at \
               FROM factors f LEFT JOIN passkey_uses p ON p.factor = f.id LEFT JOIN factor_uses c ON c.factor = f.id \
               WHERE f.account = $1 ORDER BY f.made_at, f.id";
    let factor = |row: &Row| {
        Ok(Factor {
            id: row.id("id")?,
            method: row.text("method")?,
            label: row.opt_text("label")?.unwrap_or_default(),
            made_at: row.instant("made_at")?,
            used_at: row.opt_instant("used_at")?,
            entry: row.id("entry")?,
        })
    };
    db.rows(sql, vec![account.into()]).await?.iter().map(factor).collect()
}

/// The factor and the account of the passkey a browser shows.
pub(super) async fn passkey(
    db: &mut impl Ask,
    credential: &str,
) -> Result<Option<(FactorId, AccountId, EntryId)>, StoreError> {
    let sql =
        "SELECT p.factor, p.account, f.entry FROM passkeys p JOIN factors f ON f.id = p.factor WHERE p.credential = $1";
    let row = db.rows(sql, vec![credential.into()]).await?.into_iter().next();
    row.map(|row| Ok((row.id("factor")?, row.id("account")?, row.id("entry")?))).transpose()
}

/// What an identity is looked up by: SHA-256 of the provider and of what it calls the person.
pub(super) fn identity_digest(issuer: &str, identity: &str) -> String {
    hex::encode(Sha256::new().chain_update(issuer).chain_update([0]).chain_update(identity).finalize())
}

/// The account an identity is linked to.
pub(super) async fn identified(db: &mut impl Ask, digest: &str) -> Result<Option<AccountId>, StoreError> {
    let rows = db.rows("SELECT account FROM identities WHERE identity = $1", vec![digest.into()]).await?;
    rows.first().map(|row| row.id("account")).transpose()
}

/// The providers an account is linked to, and since when.
///
/// # Errors
/// When the database fails.
pub async fn identities(db: &mut impl Ask, account: &AccountId) -> Result<Vec<(String, Instant)>, StoreError> {
    let sql = "SELECT issuer, linked_at FROM identities WHERE account = $1 ORDER BY issuer";
    let rows = db.rows(sql, vec![account.into()]).await?;
    rows.iter().map(|row| Ok((row.text("issuer")?, row.instant("linked_at")?))).collect()
}

/// How many recovery codes are left.
///
/// # Errors
/// When the database fails.
pub async fn recovery_codes(db: &mut impl Ask, account: &AccountId) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS n FROM recovery_codes WHERE account = $1";
    db.rows(sql, vec![account.into()]).await?.first().map_or(Ok(0), |row| row.int("n"))
}

pub(super) async fn has_recovery_code(
    db: &mut impl Ask,
    account: &AccountId,
    digest: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 AS one FROM recovery_codes WHERE account = $1 AND digest = $2";
    Ok(!db.rows(sql, vec![account.into(), digest.into()]).await?.is_empty())
}
