//! Reviews of rights for programs: they see what was decided. Deciding stays with people, as a second pair of eyes does.

use super::{Decision, Review, store};
use crate::Refusal;
use crate::api::{At, Endpoint, NoQuery, Nothing, Ref, Shown, operation};
use kernel::ReviewId;
use schemars::JsonSchema;
use serde::Serialize;

/// What programs can do with reviews.
pub(super) const API: &[Endpoint] = &[Endpoint::of::<List>(), Endpoint::of::<One>()];

const WHAT: [&str; 2] = ["review", "revue"];

/// A review of who may do what.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessReview")]
pub(super) struct Shape {
    id: Ref,
    begun_at: At,
    /// Null while it runs.
    finished_at: Option<At>,
    /// Who finished it.
    finished_by: Option<Ref>,
    /// How many rights nobody has decided on; null once it is finished.
    undecided: Option<usize>,
    /// What was decided; empty in lists.
    decisions: Vec<OneDecision>,
}

/// What was decided on one right.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessDecision")]
pub(super) struct OneDecision {
    account: Ref,
    /// The token's digest (SHA-256); null for the account's role.
    token: Option<String>,
    /// The role, or the permissions of the token, parted by spaces, as decided on.
    held: String,
    /// `confirmed` or `revoked`.
    verdict: String,
    /// By whom.
    by: Option<Ref>,
    at: At,
}

fn decided(one: Decision) -> OneDecision {
    OneDecision {
        account: Ref::from(&one.account),
        token: one.token,
        held: one.held,
        verdict: one.verdict.word().to_owned(),
        by: one.by.as_ref().map(Ref::from),
        at: one.at.into(),
    }
}

fn shown(review: &Review, undecided: usize, decisions: Vec<Decision>) -> Shape {
    Shape {
        id: Ref::from(&review.id),
        begun_at: review.begun_at.into(),
        finished_at: review.finished_at.map(At),
        finished_by: review.finished_by.as_ref().map(Ref::from),
        undecided: review.finished_at.is_none().then_some(undecided),
        decisions: decisions.into_iter().map(decided).collect(),
    }
}

operation! {
    /// The list.
    List = GET "/access/reviews", needs "accounts.read": "Reviews of who may do what, newest first",
    (NoQuery, Nothing) -> Shown<Vec<Shape>>, |call| {
        let mut read = call.app.store().read();
        let left = super::standing(&mut read, call.app.now()).await?.undecided().len();
        let all = store::list(&mut read).await?;
        Ok(Shown(all.into_iter().map(|review| shown(&review, left, Vec::new())).collect()))
    }
}

operation! {
    /// One of them.
    One = GET "/access/reviews/{id}", needs "accounts.read": "A review with what was decided on each right; why is on the console",
    (NoQuery, Nothing) -> Shown<Shape>, |call| {
        let id: ReviewId = call.id(WHAT)?;
        let mut read = call.app.store().read();
        let review = store::find(&mut read, &id).await?.ok_or_else(|| Refusal::not_found(WHAT[0], WHAT[1]))?;
        let left = super::standing(&mut read, call.app.now()).await?.undecided().len();
        let decisions = store::decisions(&mut read, &id).await?;
        Ok(Shown(shown(&review, left, decisions)))
    }
}
