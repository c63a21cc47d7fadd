//! Sessions, kept in the database: listed, revocable, ended by a password change.
//!
//! The cookie holds 32 random bytes; the database holds their digest. Every request reads the
//! account's epoch and role and the role's rules again, so that a change of any works at once.

use crate::{Membership, Shell, SignInRules, Step};
use kernel::{AccountId, ControllerId, Instant, Lang, SubjectId};
use store::{Ask, Row, Store, StoreError};
use vault::{Password, Token};

/// How long a person counts as having just shown who they are.
const FRESH_MINUTES: i64 = 15;
/// How often a session that is used is noted as such.
const SEEN_SECONDS: i64 = 60;

/// What a person may do; the access matrix gives each route its roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Owns the installation.
    Owner,
    /// The privacy officer (Art. 37).
    Dpo,
    /// Connects systems and carries out plans.
    Engineer,
    /// Logs requests.
    Support,
    /// Reads, changes nothing.
    Auditor,
    /// One of a controller's own people, who also chooses the others.
    #[serde(rename = "controller-admin")]
    ControllerAdmin,
    /// One of a controller's own people.
    #[serde(rename = "controller-member")]
    ControllerMember,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Owner,
        Self::Dpo,
        Self::Engineer,
        Self::Support,
        Self::Auditor,
        Self::ControllerAdmin,
        Self::ControllerMember,
    ];

    /// The roles of the house's own people.
    pub const HOUSE: [Self; 5] = [Self::Owner, Self::Dpo, Self::Engineer, Self::Support, Self::Auditor];

    /// Whether this is one of a controller's own people, who see that controller's records and no others.
    #[must_use]
    pub fn is_controllers(self) -> bool {
        matches!(self, Self::ControllerAdmin | Self::ControllerMember)
    }

    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Dpo => "dpo",
            Self::Engineer => "engineer",
            Self::Support => "support",
            Self::Auditor => "auditor",
            Self::ControllerAdmin => "controller-admin",
            Self::ControllerMember => "controller-member",
        }
    }

    /// The role a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A signed-in person.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub account: AccountId,
    /// Their role now.
    pub role: Role,
    /// Their name, unless it has been erased.
    pub name: String,
    /// Their language.
    pub lang: Lang,
    /// The token every form of theirs carries.
    pub csrf: String,
    /// What they still have to do before the console opens.
    pub step: Option<Step>,
    /// When they last showed who they are.
    pub shown_at: Instant,
    /// The person behind the account.
    pub subject: SubjectId,
    /// Whether more than a password was shown.
    pub factor: bool,
    controller: Option<ControllerId>,
    digest: String,
    seen_at: Instant,
}

impl Session {
    /// Whether `open` is this very session.
    #[must_use]
    pub fn is(&self, open: &Open) -> bool {
        self.digest == open.name
    }

    /// The controller whose people they are of; none for the house's own.
    #[must_use]
    pub fn controller(&self) -> Option<&ControllerId> {
        self.controller.as_ref()
    }

    /// What tells this session from all others: the digest of its token.
    #[must_use]
    pub fn token_digest(&self) -> &str {
        &self.digest
    }

    /// Whether they showed who they are a short while ago.
    #[must_use]
    pub fn is_fresh(&self, now: Instant) -> bool {
        (0..FRESH_MINUTES * 60_000).contains(&(now.as_millisecond() - self.shown_at.as_millisecond()))
    }
}

/// An open session, as its holder sees it in the list.
#[derive(Clone, Debug)]
pub struct Open {
    /// What tells it from the others: the digest of its token.
    pub name: String,
    /// When it began.
    pub made_at: Instant,
    /// When it was last used, to the minute.
    pub seen_at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// The network it was begun from.
    pub network: Option<String>,
}

/// The open sessions of an account, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, account: &AccountId, now: Instant) -> Result<Vec<Open>, StoreError> {
    let sql = "SELECT s.digest, s.made_at, s.seen_at, s.expires_at, s.network FROM sessions s \
               JOIN accounts a ON a.id = s.account LEFT JOIN sign_in_rules r ON r.role = a.role \
               WHERE s.account = $1 AND s.expires_at > $2 AND s.epoch = a.epoch \
               AND s.seen_at + COALESCE(r.idle_minutes, $3) * 60000 > $2 ORDER BY s.made_at DESC, s.digest";
    let args = vec![account.into(), now.into(), i64::from(SignInRules::IDLE_MINUTES).into()];
    let open = |row: &Row| {
        Ok(Open {
            name: row.text("digest")?,
            made_at: row.instant("made_at")?,
            seen_at: row.instant("seen_at")?,
            expires_at: row.instant("expires_at")?,
            network: row.opt_text("network")?,
        })
    };
    store.read().rows(sql, args).await?.iter().map(open).collect()
}

/// Ends the session whose place a new one takes in the same browser, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn end_before(shell: &Shell, session: Option<&Session>) -> Result<(), StoreError> {
    match session {
        Some(session) => end_one(shell, session, &session.digest).await,
        None => Ok(()),
    }
}

/// Ends one session of the same account; one that is not theirs, or has ended, is left alone.
///
/// # Errors
/// When the database fails.
pub async fn end_one(shell: &Shell, session: &Session, name: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM sessions WHERE account = $1 AND digest = $2";
    ended(shell, session, sql, vec![(&session.account).into(), name.into()]).await
}

/// Ends every other session of the account.
///
/// # Errors
/// When the database fails.
pub async fn end_others(shell: &Shell, session: &Session) -> Result<(), StoreError> {
    let sql = "DELETE FROM sessions WHERE account = $1 AND digest <> $2";
    ended(shell, session, sql, vec![(&session.account).into(), session.digest.as_str().into()]).await
}

async fn ended(shell: &Shell, session: &Session, sql: &'static str, args: Vec<store::Arg>) -> Result<(), StoreError> {
    let mut tx = shell.store.begin(shell.now(), kernel::Actor::Account(session.account.clone())).await?;
    tx.execute(sql, args).await?;
    tx.commit().await
}

/// The name of the cookie; the `__Host-` prefix needs HTTPS.
#[must_use]
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-garant" } else { "garant" }
}

/// What a session begins with.
pub struct Beginning {
    /// Whose.
    pub account: AccountId,
    /// The person.
    pub subject: SubjectId,
    /// The account's epoch when the password was shown.
    pub epoch: i64,
    /// Their role, whose rules say how long it lives.
    pub role: Role,
    /// Where it begins.
    pub network: Option<String>,
    /// Whether the second factor was shown, too.
    pub factor: bool,
    /// When its holder last showed who they are, if that was before: a session that takes the place of another is no fresher.
    pub shown_at: Option<Instant>,
}

/// Starts a session; gives the value of the `Set-Cookie` header.
///
/// # Errors
/// When the database fails.
pub async fn start(shell: &Shell, beginning: Beginning) -> Result<String, StoreError> {
    let (token, now) = (Token::generate(shell.store.entropy()), shell.now());
    let csrf = Token::generate(shell.store.entropy());
    let mut tx = shell.store.begin(now, kernel::Actor::Account(beginning.account.clone())).await?;
    let seconds = i64::from(rules(&mut tx, beginning.role).await?.session_hours) * 3600;
    tx.execute("DELETE FROM sessions WHERE expires_at < $1", vec![now.into()]).await?;
    let sql = "INSERT INTO sessions (digest, account, csrf, epoch, made_at, seen_at, shown_at, factor_at, expires_at, subject, network) \
               VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)";
    let args = vec![
        token.digest().into(),
        (&beginning.account).into(),
        csrf.text().expose().into(),
        beginning.epoch.into(),
        now.into(),
        beginning.shown_at.unwrap_or(now).into(),
        beginning.factor.then(|| now.as_millisecond()).into(),
        (now.as_millisecond() + seconds * 1000).into(),
        (&beginning.subject).into(),
        beginning.network.into(),
    ];
    tx.execute(sql, args).await?;
    tx.commit().await?;
    Ok(set_cookie(shell.secure, token.text().expose(), seconds))
}

/// The network of the session an account used last, if that was after `since` (milliseconds).
///
/// # Errors
/// When the database fails.
pub async fn network_of(db: &mut impl Ask, account: &AccountId, since: i64) -> Result<Option<String>, StoreError> {
    let sql = "SELECT network FROM sessions WHERE account = $1 AND seen_at >= $2 ORDER BY seen_at DESC LIMIT 1";
    let rows = db.rows(sql, vec![account.into(), since.into()]).await?;
    rows.first().map_or(Ok(None), |row| row.opt_text("network"))
}

/// The rules of a role: an owner's, or the standard ones.
///
/// # Errors
/// When the database fails.
pub async fn rules(db: &mut impl Ask, role: Role) -> Result<SignInRules, StoreError> {
    let sql = "SELECT second_factor, renew_days, idle_minutes, session_hours FROM sign_in_rules WHERE role = $1";
    let rows = db.rows(sql, vec![role.word().into()]).await?;
    rows.first().map_or(Ok(SignInRules::standard(role)), rules_of)
}

fn rules_of(row: &Row) -> Result<SignInRules, StoreError> {
    let number = |value: i64| u32::try_from(value).map_err(|_| StoreError::Damaged("a sign-in rule is none".into()));
    Ok(SignInRules {
        second_factor: row.int("second_factor")? != 0,
        renew_days: row.opt_int("renew_days")?.map(number).transpose()?,
        idle_minutes: number(row.int("idle_minutes")?)?,
        session_hours: number(row.int("session_hours")?)?,
    })
}

/// The same session under a new token, now that its holder has shown who they are (again): what somebody may have
/// planted before is worth nothing. Gives the value of the `Set-Cookie` header.
///
/// # Errors
/// When the database fails.
pub async fn renew(shell: &Shell, session: &Session, factor: bool) -> Result<String, StoreError> {
    let (token, now) = (Token::generate(shell.store.entropy()), shell.now());
    let csrf = Token::generate(shell.store.entropy());
    let mut tx = shell.store.begin(now, kernel::Actor::Account(session.account.clone())).await?;
    let sql = "UPDATE sessions SET digest = $2, csrf = $3, shown_at = $4, seen_at = $4, \
               factor_at = CASE WHEN $5 = 1 THEN $4 ELSE factor_at END WHERE digest = $1 RETURNING expires_at";
    let args = vec![
        session.digest.as_str().into(),
        token.digest().into(),
        csrf.text().expose().into(),
        now.into(),
        i64::from(factor).into(),
    ];
    let row = tx.row(sql, args).await?;
    let left = row.map_or(Ok(0), |row| row.int("expires_at"))? - now.as_millisecond();
    tx.commit().await?;
    Ok(set_cookie(shell.secure, token.text().expose(), left.max(0) / 1000))
}

fn set_cookie(secure: bool, value: &str, seconds: i64) -> String {
    let flag = if secure { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{flag}", cookie_name(secure))
}

/// The session whose token a `Cookie` header carries, if it still holds.
///
/// # Errors
/// When the database fails.
pub async fn find(shell: &Shell, cookies: &str, now: Instant) -> Result<Option<Session>, StoreError> {
    let name = cookie_name(shell.secure);
    let value = cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name);
    let Some(token) = value.and_then(|(_, value)| Token::parse(value).ok()) else { return Ok(None) };
    let sql = "SELECT s.digest, s.account, s.subject, s.csrf, s.shown_at, s.seen_at, s.factor_at, \
               a.role, a.controller, a.name, a.lang, a.factors, a.password_at, \
               r.second_factor, r.renew_days, r.idle_minutes, r.session_hours \
               FROM sessions s JOIN accounts a ON a.id = s.account LEFT JOIN sign_in_rules r ON r.role = a.role \
               WHERE s.digest = $1 AND s.expires_at > $2 AND s.epoch = a.epoch AND a.closed_at IS NULL \
               AND (a.until IS NULL OR a.until > $2) AND s.seen_at + COALESCE(r.idle_minutes, $3) * 60000 > $2";
    let args = vec![token.digest().into(), now.into(), i64::from(SignInRules::IDLE_MINUTES).into()];
    let Some(row) = shell.store.read().row(sql, args).await? else { return Ok(None) };
    // An account on neither side opens nothing.
    let Some(session) = session(&row, now)? else { return Ok(None) };
    if now.as_millisecond() - session.seen_at.as_millisecond() >= SEEN_SECONDS * 1000 {
        seen(&shell.store, &session, now).await?;
    }
    Ok(Some(session))
}

/// On which side the account of this row is; none for a mixture that cannot be.
pub(crate) fn membership(row: &Row) -> Result<Option<Membership>, StoreError> {
    let role = Role::parse(&row.text("role")?).ok_or_else(|| StoreError::Damaged("a role is none".into()))?;
    Ok(Membership::of(role, row.opt_id("controller")?))
}

fn session(row: &Row, now: Instant) -> Result<Option<Session>, StoreError> {
    let Some(member) = membership(row)? else { return Ok(None) };
    let role = member.role();
    let set = row.opt_int("idle_minutes")?.is_some();
    let rules = if set { rules_of(row)? } else { SignInRules::standard(role) };
    let (factors, shown) = (row.int("factors")? > 0, row.opt_int("factor_at")?.is_some());
    let due = Password::is_due(row.instant("password_at")?, now, rules.renew_days);
    let step = match (factors, shown) {
        (true, false) => Some(Step::Factor),
        _ if due => Some(Step::Renew),
        // An identity provider may have asked for more than a password, too.
        (false, false) if rules.second_factor => Some(Step::Enrol),
        _ => None,
    };
    Ok(Some(Session {
        account: row.id("account")?,
        role,
        controller: member.controller().cloned(),
        name: row.opt_text("name")?.unwrap_or_default(),
        lang: row.text("lang")?.parse().unwrap_or_default(),
        csrf: row.text("csrf")?,
        step,
        shown_at: row.instant("shown_at")?,
        subject: row.id("subject")?,
        factor: shown,
        digest: row.text("digest")?,
        seen_at: row.instant("seen_at")?,
    }))
}

async fn seen(store: &Store, session: &Session, now: Instant) -> Result<(), StoreError> {
    let mut tx = store.begin(now, kernel::Actor::Account(session.account.clone())).await?;
    let args = vec![session.digest.as_str().into(), now.into()];
    tx.execute("UPDATE sessions SET seen_at = $2 WHERE digest = $1 AND seen_at < $2", args).await?;
    tx.commit().await
}

/// Ends a session; gives the header that clears the cookie.
///
/// # Errors
/// When the database fails.
pub async fn end(shell: &Shell, session: &Session) -> Result<String, StoreError> {
    end_one(shell, session, &session.digest).await?;
    Ok(set_cookie(shell.secure, "", 0))
}
