//! Reviews in tables.

use super::events::{Item, ReviewEvent};
use super::model::{Decision, Verdict};
use ::store::{Ask, Recorded, Row, StoreError, Tx};
use kernel::{AccountId, Instant, Personal, ReviewId};

/// A review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// When it began.
    pub begun_at: Instant,
    /// Who began it.
    pub begun_by: Option<AccountId>,
    /// When it was finished; none while it runs.
    pub finished_at: Option<Instant>,
    /// Who finished it.
    pub finished_by: Option<AccountId>,
    /// How many rights were confirmed.
    pub confirmed: i64,
    /// How many were ended.
    pub revoked: i64,
}

pub(super) async fn apply(tx: &mut Tx<'_>, entry: &Recorded, event: ReviewEvent) -> Result<(), StoreError> {
    let by = || entry.actor.account().map(ToString::to_string).into();
    match event {
        ReviewEvent::Begun { review } => {
            let sql = "INSERT INTO access_reviews (id, begun_at, begun_by) VALUES ($1, $2, $3)";
            tx.execute(sql, vec![(&review).into(), entry.at.into(), by()]).await
        }
        ReviewEvent::Confirmed { review, items, reason } => {
            for item in items {
                decided(tx, entry, &review, item, Verdict::Confirmed, reason.as_ref()).await?;
            }
            Ok(())
        }
        ReviewEvent::Revoked { review, item, reason } => {
            decided(tx, entry, &review, item, Verdict::Revoked, Some(&reason)).await
        }
        ReviewEvent::Finished { review, confirmed, revoked } => {
            let sql = "UPDATE access_reviews SET finished_at = $2, finished_by = $3, confirmed = $4, revoked = $5 WHERE id = $1";
            let counts = [i64::from(confirmed).into(), i64::from(revoked).into()];
            let args = [(&review).into(), entry.at.into(), by()].into_iter().chain(counts);
            tx.execute(sql, args.collect()).await
        }
    }
}

/// The last word on a right counts; earlier ones stand in the ledger.
async fn decided(
    tx: &mut Tx<'_>,
    entry: &Recorded,
    review: &ReviewId,
    item: Item,
    verdict: Verdict,
    reason: Option<&Personal<String>>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO access_decisions (review, account, token, held, verdict, reason_subject, reason, decided_at, decided_by) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (review, account, token) DO UPDATE SET \
               held = $4, verdict = $5, reason_subject = $6, reason = $7, decided_at = $8, decided_by = $9";
    let args = vec![
        review.into(),
        (&item.account).into(),
        item.token.unwrap_or_default().into(),
        item.held.into(),
        verdict.word().into(),
        reason.map(|reason| reason.subject.to_string()).into(),
        reason.and_then(|reason| reason.reveal().cloned()).into(),
        entry.at.into(),
        entry.actor.account().map(ToString::to_string).into(),
    ];
    tx.execute(sql, args).await
}

fn review(row: &Row) -> Result<Review, StoreError> {
    Ok(Review {
        id: row.id("id")?,
        begun_at: row.instant("begun_at")?,
        begun_by: row.opt_id("begun_by")?,
        finished_at: row.opt_instant("finished_at")?,
        finished_by: row.opt_id("finished_by")?,
        confirmed: row.opt_int("confirmed")?.unwrap_or_default(),
        revoked: row.opt_int("revoked")?.unwrap_or_default(),
    })
}

/// The review that runs.
pub(super) async fn running(db: &mut impl Ask) -> Result<Option<Review>, StoreError> {
    let sql = "SELECT * FROM access_reviews WHERE finished_at IS NULL ORDER BY begun_at DESC, id LIMIT 1";
    db.rows(sql, vec![]).await?.first().map(review).transpose()
}

/// The latest reviews, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut impl Ask) -> Result<Vec<Review>, StoreError> {
    let sql = "SELECT * FROM access_reviews ORDER BY begun_at DESC, id LIMIT 50";
    db.rows(sql, vec![]).await?.iter().map(review).collect()
}

/// The review with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut impl Ask, id: &ReviewId) -> Result<Option<Review>, StoreError> {
    db.rows("SELECT * FROM access_reviews WHERE id = $1", vec![id.into()]).await?.first().map(review).transpose()
}

/// What a review decided on each right, in the order it was said.
///
/// # Errors
/// When the database fails.
pub async fn decisions(db: &mut impl Ask, id: &ReviewId) -> Result<Vec<Decision>, StoreError> {
    let sql = "SELECT * FROM access_decisions WHERE review = $1 ORDER BY decided_at, account, token";
    let decision = |row: &Row| {
        let verdict = Verdict::parse(&row.text("verdict")?);
        Ok(Decision {
            account: row.id("account")?,
            token: Some(row.text("token")?).filter(|token| !token.is_empty()),
            held: row.text("held")?,
            verdict: verdict.ok_or_else(|| StoreError::Damaged("an unknown verdict".into()))?,
            reason: row.opt_text("reason")?,
            by: row.opt_id("decided_by")?,
            at: row.instant("decided_at")?,
        })
    };
    db.rows(sql, vec![id.into()]).await?.iter().map(decision).collect()
}
