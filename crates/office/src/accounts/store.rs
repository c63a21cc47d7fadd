//! Accounts in tables.

use super::AccountEvent;
use ::store::{Arg, Ask, Recorded, Row, StoreError, Tx};
use kernel::{AccountId, Instant, Lang, SubjectId};
use web::Role;

/// One account as pages and commands see it.
#[derive(Clone, Debug)]
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
    /// Its language.
    pub lang: Lang,
    /// Grows with every change that ends sessions.
    pub epoch: i64,
    /// When it was opened.
    pub opened_at: Instant,
    pub(super) password: Option<String>,
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: AccountEvent) -> Result<(), StoreError> {
    match event {
        AccountEvent::Opened { account, subject, email, name, password, role, lang } => {
            let sql = "INSERT INTO accounts (id, subject, email, name, password, role, lang, epoch, opened_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)";
            let args = vec![
                (&account).into(),
                (&subject).into(),
                email.reveal().cloned().into(),
                name.reveal().cloned().into(),
                password.reveal().cloned().into(),
                role.word().into(),
                lang.code().into(),
                entry.at.into(),
            ];
            tx.execute(sql, args).await?;
        }
        AccountEvent::TokenMade { account, digest, label } => {
            let sql = "INSERT INTO tokens (digest, account, label, made_at) VALUES ($1, $2, $3, $4)";
            tx.execute(sql, vec![digest.into(), (&account).into(), label.into(), entry.at.into()]).await?;
        }
        AccountEvent::PasswordChanged { account, password } => {
            let sql = "UPDATE accounts SET password = $2, epoch = epoch + 1 WHERE id = $1";
            tx.execute(sql, vec![(&account).into(), password.reveal().cloned().into()]).await?;
            end_tokens(tx, &account).await?;
        }
        AccountEvent::RoleChanged { account, role } => {
            let sql = "UPDATE accounts SET role = $2, epoch = epoch + 1 WHERE id = $1";
            tx.execute(sql, vec![(&account).into(), role.word().into()]).await?;
        }
        AccountEvent::TokenRevoked { account, digest } => {
            let sql = "DELETE FROM tokens WHERE account = $1 AND digest = $2";
            tx.execute(sql, vec![(&account).into(), digest.into()]).await?;
        }
        AccountEvent::Closed { account } => {
            let sql = "UPDATE accounts SET closed_at = $2, epoch = epoch + 1 WHERE id = $1";
            tx.execute(sql, vec![(&account).into(), entry.at.into()]).await?;
            end_tokens(tx, &account).await?;
        }
    }
    Ok(())
}

/// Who changes a password may have lost it: a key made by the finder ends with it.
async fn end_tokens(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM tokens WHERE account = $1", vec![account.into()]).await.map(drop)
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.id("id")?,
        subject: row.id("subject")?,
        email: row.opt_text("email")?.unwrap_or_default(),
        name: row.opt_text("name")?.unwrap_or_default(),
        role: Role::parse(&row.text("role")?).ok_or_else(|| StoreError::Damaged("an unknown role".into()))?,
        lang: row.text("lang")?.parse().unwrap_or_default(),
        epoch: row.int("epoch")?,
        opened_at: row.instant("opened_at")?,
        password: row.opt_text("password")?,
    })
}

/// The open account with this address, whatever its case.
///
/// # Errors
/// When the database fails.
pub async fn find_by_email(db: &mut impl Ask, email: &str) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT id, subject, email, name, role, lang, epoch, opened_at, password FROM accounts \
               WHERE email = $1 AND closed_at IS NULL";
    let rows = db.rows(sql, vec![email.trim().to_lowercase().into()]).await?;
    rows.first().map(account).transpose()
}

/// The open account with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &AccountId) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT id, subject, email, name, role, lang, epoch, opened_at, password FROM accounts \
               WHERE id = $1 AND closed_at IS NULL";
    let rows = db.rows(sql, vec![id.into()]).await?;
    rows.first().map(account).transpose()
}

/// Every open account, in the order they were opened.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT id, subject, email, name, role, lang, epoch, opened_at, password FROM accounts \
               WHERE closed_at IS NULL ORDER BY opened_at, id";
    db.rows(sql, Vec::<Arg>::new()).await?.iter().map(account).collect()
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
}

/// The tokens of an account, in the order they were made.
///
/// # Errors
/// When the database fails.
pub async fn tokens(db: &mut impl Ask, account: &AccountId) -> Result<Vec<TokenRow>, StoreError> {
    let sql = "SELECT digest, label, made_at FROM tokens WHERE account = $1 ORDER BY made_at, digest";
    let rows = db.rows(sql, vec![account.into()]).await?;
    let token = |row: &Row| {
        Ok(TokenRow { digest: row.text("digest")?, label: row.text("label")?, made_at: row.instant("made_at")? })
    };
    rows.iter().map(token).collect()
}
