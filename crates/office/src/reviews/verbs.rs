//! What people do in a review: each in one transaction with what it ends.

use super::events::ReviewEvent;
use super::model::{self, Asked, Decision, Held};
use super::store::{self, Review};
use crate::accounts::{self, Change};
use crate::{App, Kind, Refusal, duties, feature};
use ::store::{Ask, StoreError, Tx};
use kernel::{AccountId, Actor, Instant, Personal, ReviewId, SubjectId};
use sha2::{Digest, Sha256};

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

/// How a review stands.
pub struct Standing {
    /// The review that runs, if any.
    pub review: Option<Review>,
    /// Every right there is, an account's before those of its tokens.
    pub held: Vec<Held>,
    /// What was decided.
    pub decisions: Vec<Decision>,
}

impl Standing {
    /// The rights nobody decided on.
    #[must_use]
    pub fn undecided(&self) -> Vec<&Held> {
        model::undecided(&self.held, &self.decisions)
    }

    /// The decision that holds for a right.
    #[must_use]
    pub fn decision(&self, held: &Held) -> Option<&Decision> {
        self.decisions.iter().find(|decision| model::covers(decision, held))
    }

    /// The undecided rights that `by` may decide on: those of others.
    #[must_use]
    pub fn rest(&self, by: &AccountId) -> Vec<&Held> {
        self.undecided().into_iter().filter(|held| held.account != *by).collect()
    }

    /// What tells whether the rest is still what somebody was shown: SHA-256 of all of it.
    #[must_use]
    pub fn fingerprint(&self, by: &AccountId) -> String {
        let hash = self.rest(by).iter().fold(Sha256::new(), |hash, held| {
            let token = held.token.as_deref().unwrap_or_default();
            hash.chain_update(format!("{}\n{token}\n{}\n", held.account, held.held))
        });
        hex::encode(hash.finalize())
    }
}

/// How the review that runs stands at `now`; without one, what a new one would begin with.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &mut impl Ask, now: Instant) -> Result<Standing, StoreError> {
    let review = store::running(db).await?;
    let decisions = match &review {
        Some(review) => store::decisions(db, &review.id).await?,
        None => Vec::new(),
    };
    Ok(Standing { review, held: held(db, now).await?, decisions })
}

/// Every right: the role of each open account, of the house and of its controllers, and each token that still holds.
async fn held(db: &mut impl Ask, now: Instant) -> Result<Vec<Held>, StoreError> {
    let mut all = Vec::new();
    for account in accounts::everybody(db).await? {
        let tokens = accounts::tokens(db, &account.id).await?.into_iter().filter(|token| token.expires_at > now);
        let of_tokens: Vec<Held> = tokens
            .map(|token| Held {
                account: account.id.clone(),
                token: Some(token.digest),
                held: token.permissions.join(" "),
            })
            .collect();
        all.push(Held { account: account.id, token: None, held: account.role.word().to_owned() });
        all.extend(of_tokens);
    }
    Ok(all)
}

/// Begins a review.
///
/// # Errors
/// When one runs already.
pub async fn begin(app: &App, actor: Actor) -> Result<ReviewId, Refusal> {
    let mut tx = app.store().begin(app.now(), actor).await?;
    if store::running(&mut tx).await?.is_some() {
        return Err(Refusal::new(
            Kind::Conflict,
            "review-runs",
            ["A review runs already.", "Une revue est déjà en cours."],
            ["Go on with that one.", "Poursuivez celle-là."],
        ));
    }
    let review = ReviewId::new(tx.now(), tx.entropy());
    feature::append(&mut tx, &[ReviewEvent::Begun { review: review.clone() }]).await?;
    tx.commit().await?;
    Ok(review)
}

/// Says of rights that they are still needed; a reason may be empty.
///
/// # Errors
/// When no review runs, a right is one's own, is not there, or is not what was shown.
pub async fn confirm(app: &App, actor: Actor, asked: &[Asked], reason: &str) -> Result<(), Refusal> {
    let by = person(&actor)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let (review, standing) = run(&mut tx).await?;
    let reason = if reason.trim().is_empty() { None } else { Some(sealed(&tx, reason)?) };
    let event = model::confirm(&review, &standing.held, &by, asked, reason)?;
    feature::append(&mut tx, &[event]).await?;
    Ok(tx.commit().await?)
}

/// Says of everything undecided that others have that it is still needed, and why; gives how many. `shown` is the fingerprint of
/// what was shown.
///
/// # Errors
/// When no review runs, there is no reason, nothing is left, or it is not what was shown.
pub async fn confirm_rest(app: &App, actor: Actor, shown: &str, reason: &str) -> Result<usize, Refusal> {
    let by = person(&actor)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let (review, standing) = run(&mut tx).await?;
    let reason = sealed(&tx, reason)?;
    if standing.fingerprint(&by) != shown {
        return Err(changed());
    }
    let asked: Vec<Asked> = standing
        .rest(&by)
        .into_iter()
        .map(|held| Asked { account: held.account.clone(), token: held.token.clone(), seen: held.held.clone() })
        .collect();
    let event = model::confirm(&review, &standing.held, &by, &asked, Some(reason))?;
    feature::append(&mut tx, &[event]).await?;
    tx.commit().await?;
    Ok(asked.len())
}

/// Ends a right: closes the account, or revokes the token, as an owner does.
///
/// # Errors
/// When no review runs, there is no reason, `actor` is no owner, or the right is one's own, is not there, or not what was shown.
pub async fn revoke(app: &App, actor: Actor, asked: &Asked, reason: &str) -> Result<(), Refusal> {
    let by = person(&actor)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let (review, standing) = run(&mut tx).await?;
    let reason = sealed(&tx, reason)?;
    let event = model::revoke(&review, &standing.held, &by, asked, reason)?;
    feature::append(&mut tx, &[event]).await?;
    match &asked.token {
        Some(digest) => accounts::revoke_token_in(&mut tx, &by, &asked.account, digest).await?,
        None => accounts::change_in(app, &mut tx, Some(&by), &asked.account, Change::Close).await?,
    }
    Ok(tx.commit().await?)
}

/// Finishes the review; it is the evidence that discharges the duty of the programme.
///
/// # Errors
/// When no review runs, or a right is undecided.
pub async fn finish(app: &App, actor: Actor) -> Result<ReviewId, Refusal> {
    person(&actor)?;
    let mut tx = app.store().begin(app.now(), actor).await?;
    let (review, standing) = run(&mut tx).await?;
    let event = model::finish(&review, &standing.held, &standing.decisions)?;
    feature::append(&mut tx, &[event]).await?;
    duties::discharge_programme(&mut tx, super::DUTY, &format!("access-review:{review}")).await?;
    tx.commit().await?;
    Ok(review)
}

/// The review that runs, as it stands in this transaction.
async fn run(tx: &mut Tx<'_>) -> Result<(ReviewId, Standing), Refusal> {
    let now = tx.now();
    let standing = standing(tx, now).await?;
    let review = standing.review.as_ref().map(|review| review.id.clone()).ok_or_else(none_runs)?;
    Ok((review, standing))
}

/// Only people review.
fn person(actor: &Actor) -> Result<AccountId, Refusal> {
    actor.account().cloned().ok_or_else(|| Refusal::not_found("account", "compte"))
}

fn sealed(tx: &Tx<'_>, reason: &str) -> Result<Personal<String>, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(Refusal::new(
            Kind::Invalid,
            "reason",
            ["A reason has 1 to 500 characters.", "Un motif compte de 1 à 500 caractères."],
            ["Say why, in a sentence.", "Dites pourquoi, en une phrase."],
        ));
    }
    Ok(Personal::new(SubjectId::new(tx.now(), tx.entropy()), reason.to_owned()))
}

fn none_runs() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "no-review",
        ["No review runs.", "Aucune revue n'est en cours."],
        ["Begin one.", "Commencez-en une."],
    )
}

fn changed() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "access-changed",
        ["Rights are no longer those you were shown.", "Les droits ne sont plus ceux qui vous étaient montrés."],
        ["Open the review again and look at them.", "Rouvrez la revue et regardez-les."],
    )
}
