//! Challenges that wait for their one answer: in the database, because another server may receive it; for five minutes;
//! for the session or the browser they were given to, and for what they were given for.

use super::sign_in;
use super::throttle::{self, Bucket};
use crate::Refusal;
use ::store::{Store, StoreError};
use kernel::{Actor, Instant};
use vault::Token;
use web::attempt;

/// What a challenge was given for; an answer to one is no answer to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A new passkey.
    Enrol,
    /// Showing a passkey after the password, or again.
    Show,
    /// Signing in with a passkey alone.
    Enter,
    /// Signing in by an identity provider: until it sends the person back.
    Provider,
    /// Linking an identity to an account, which takes its password.
    Link,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Show => "show",
            Self::Enter => "enter",
            Self::Provider => "provider",
            Self::Link => "link",
        }
    }
}

/// Gives a challenge to `holder`: a session's name, or the digest of a browser's attempt, which comes from `network`.
///
/// # Errors
/// When too many were begun from that network.
pub(super) async fn begin(
    db: &Store,
    now: Instant,
    purpose: Purpose,
    holder: &str,
    network: Option<&str>,
) -> Result<Token, Refusal> {
    let buckets: Vec<Bucket> = network.map(Bucket::beginnings).into_iter().collect();
    if !throttle::attempt(db, &buckets, now).await? {
        return Err(sign_in::throttled());
    }
    let token = Token::generate(db.entropy());
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    tx.execute("DELETE FROM ceremonies WHERE expires_at <= $1", vec![now.into()]).await?;
    let sql = "INSERT INTO ceremonies (digest, purpose, holder, expires_at) VALUES ($1, $2, $3, $4)";
    let until = now.as_millisecond() + attempt::MINUTES * 60_000;
    tx.execute(sql, vec![token.digest().into(), purpose.word().into(), holder.into(), until.into()]).await?;
    tx.commit().await?;
    Ok(token)
}

/// Takes the challenge an answer was made for: true once, for the same purpose and holder, in time.
pub(super) async fn take(
    db: &Store,
    now: Instant,
    purpose: Purpose,
    holder: &str,
    challenge: &str,
) -> Result<bool, StoreError> {
    let Ok(token) = Token::parse(challenge) else { return Ok(false) };
    let mut tx = db.begin(now, Actor::system("sign-in")).await?;
    let sql = "DELETE FROM ceremonies WHERE digest = $1 AND purpose = $2 AND holder = $3 AND expires_at > $4";
    let args = vec![token.digest().into(), purpose.word().into(), holder.into(), now.into()];
    let taken = tx.change(sql, args).await? == 1;
    tx.commit().await?;
    Ok(taken)
}
