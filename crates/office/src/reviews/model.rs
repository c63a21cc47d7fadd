//! What a review may decide: pure rules.
//!
//! | asked | about | outcome |
//! |---|---|---|
//! | confirm | somebody else's right, as it stands | confirmed |
//! | revoke, with a reason | somebody else's right, as it stands | revoked |
//! | either | one's own right | refused: a second person decides |
//! | either | a right that changed since it was shown | refused: look again |
//! | finish | while a right is undecided | refused |

use super::events::{Item, ReviewEvent};
use crate::{Kind, Refusal};
use kernel::{AccountId, Instant, Personal, ReviewId};
use std::collections::BTreeSet;

/// A right that somebody has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whose.
    pub account: AccountId,
    /// The token's digest; none for the account's role.
    pub token: Option<String>,
    /// The role, or the permissions of the token, parted by spaces.
    pub held: String,
}

impl Held {
    fn item(&self) -> Item {
        Item { account: self.account.clone(), token: self.token.clone(), held: self.held.clone() }
    }
}

/// A right somebody wants to decide on, as it was shown to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose.
    pub account: AccountId,
    /// The token's digest; none for the account's role.
    pub token: Option<String>,
    /// What it was when it was shown.
    pub seen: String,
}

/// What was decided on a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is still needed.
    Confirmed,
    /// It was ended.
    Revoked,
}

impl Verdict {
    /// The word as stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Revoked => "revoked",
        }
    }

    /// The verdict of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Confirmed, Self::Revoked].into_iter().find(|verdict| verdict.word() == word)
    }
}

/// A decision of a review.
#[derive(Clone)]
pub struct Decision {
    /// Whose right.
    pub account: AccountId,
    /// The token's digest; none for the account's role.
    pub token: Option<String>,
    /// What it was when it was decided on.
    pub held: String,
    /// What was decided.
    pub verdict: Verdict,
    /// Why, unless nobody said or it was erased.
    pub reason: Option<String>,
    /// By whom.
    pub by: Option<AccountId>,
    /// When.
    pub at: Instant,
}

/// The reason, in which people are named, cannot be printed.
impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { account, held, verdict, .. } = self;
        f.debug_struct("Decision").field("account", account).field("held", held).field("verdict", verdict).finish()
    }
}

/// Whether a decision is about this right as it stands.
#[must_use]
pub(super) fn covers(decision: &Decision, held: &Held) -> bool {
    let same = decision.account == held.account && decision.token == held.token && decision.held == held.held;
    same && decision.verdict == Verdict::Confirmed
}

/// The rights nobody decided on, in their order.
#[must_use]
pub(super) fn undecided<'h>(held: &'h [Held], decisions: &[Decision]) -> Vec<&'h Held> {
    held.iter().filter(|held| !decisions.iter().any(|decision| covers(decision, held))).collect()
}

/// The right that is asked about, if `by` may decide on it.
fn found<'h>(held: &'h [Held], by: &AccountId, asked: &Asked) -> Result<&'h Held, Refusal> {
    let known = held.iter().find(|held| held.account == asked.account && held.token == asked.token);
    let known = known.ok_or_else(|| Refusal::not_found("account or token", "compte ou jeton"))?;
    if known.account == *by {
        return Err(oneself());
    }
    if known.held == asked.seen { Ok(known) } else { Err(changed()) }
}

/// Confirms rights.
pub(super) fn confirm(
    review: &ReviewId,
    held: &[Held],
    by: &AccountId,
    asked: &[Asked],
    reason: Option<Personal<String>>,
) -> Result<ReviewEvent, Refusal> {
    let items: Result<Vec<Item>, Refusal> = asked.iter().map(|one| found(held, by, one).map(Held::item)).collect();
    let items = items?;
    if items.is_empty() {
        return Err(nothing_left());
    }
    Ok(ReviewEvent::Confirmed { review: review.clone(), items, reason })
}

/// Ends a right.
pub(super) fn revoke(
    review: &ReviewId,
    held: &[Held],
    by: &AccountId,
    asked: &Asked,
    reason: Personal<String>,
) -> Result<ReviewEvent, Refusal> {
    let item = found(held, by, asked)?.item();
    Ok(ReviewEvent::Revoked { review: review.clone(), item, reason })
}

/// Finishes a review.
pub(super) fn finish(review: &ReviewId, held: &[Held], decisions: &[Decision]) -> Result<ReviewEvent, Refusal> {
    let left = undecided(held, decisions).len();
    if left > 0 {
        return Err(unfinished(left));
    }
    // An account that was closed took its tokens along: each right counts once, by what was last said of it.
    let told = |verdict: Verdict| {
        let all = decisions.iter().filter(|decision| decision.verdict == verdict);
        let rights: BTreeSet<_> = all.map(|decision| (&decision.account, &decision.token)).collect();
        u32::try_from(rights.len()).unwrap_or(u32::MAX)
    };
    let (confirmed, revoked) = (told(Verdict::Confirmed), told(Verdict::Revoked));
    Ok(ReviewEvent::Finished { review: review.clone(), confirmed, revoked })
}

fn oneself() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "own-access",
        ["Nobody reviews their own rights.", "Personne ne revoit ses propres droits."],
        ["Ask a second person to decide on them.", "Demandez à une seconde personne d'en décider."],
    )
}

fn changed() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "access-changed",
        ["A right is no longer what you were shown.", "Un droit n'est plus celui qui vous était montré."],
        ["Open the review again and look at it.", "Rouvrez la revue et regardez-le."],
    )
}

fn nothing_left() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "access-decided",
        ["There is nothing left that you could decide on.", "Il ne reste rien dont vous puissiez décider."],
        [
            "What is left is your own: ask a second person, then finish the review.",
            "Ce qui reste est à vous : demandez à une seconde personne, puis achevez la revue.",
        ],
    )
}

fn unfinished(left: usize) -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "review-unfinished",
        [&format!("Rights that nobody decided on: {left}."), &format!("Droits dont personne n'a décidé : {left}.")],
        [
            "Confirm or revoke each; your own a second person decides on.",
            "Confirmez ou retirez chacun ; des vôtres, une seconde personne décide.",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> AccountId {
        format!("01ks00000000000000000000{number:02}").parse().expect("an id")
    }

    fn review() -> ReviewId {
        "01ks0000000000000000000099".parse().expect("an id")
    }

    fn why() -> Personal<String> {
        Personal::new("01ks0000000000000000000098".parse().expect("an id"), "why".to_owned())
    }

    fn held(account: u8, token: Option<&str>, held: &str) -> Held {
        Held { account: id(account), token: token.map(str::to_owned), held: held.to_owned() }
    }

    fn asked(account: u8, token: Option<&str>, seen: &str) -> Asked {
        Asked { account: id(account), token: token.map(str::to_owned), seen: seen.to_owned() }
    }

    fn decision(account: u8, token: Option<&str>, right: &str, verdict: Verdict) -> Decision {
        let (account, token) = (id(account), token.map(str::to_owned));
        let (reason, by, at) = (None, Some(id(9)), Instant::UNIX_EPOCH);
        Decision { account, token, held: right.to_owned(), verdict, reason, by, at }
    }

    /// Who decides, about whose right as seen → what comes of it, alike for both verdicts.
    #[test]
    fn somebody_else_decides_on_what_they_were_shown() {
        let all = [held(1, None, "owner"), held(2, None, "support"), held(2, Some("aa"), "requests.read")];
        for (by, about, wanted) in [
            (1, asked(2, None, "support"), "decided"),
            (1, asked(2, Some("aa"), "requests.read"), "decided"),
            (2, asked(1, None, "owner"), "decided"),
            (1, asked(1, None, "owner"), "own-access"),
            (2, asked(2, Some("aa"), "requests.read"), "own-access"),
            (1, asked(2, None, "engineer"), "access-changed"),
            (1, asked(2, Some("aa"), "requests.log"), "access-changed"),
            (1, asked(3, None, "support"), "not-found"),
            (1, asked(2, Some("bb"), "requests.read"), "not-found"),
            (1, asked(1, Some("aa"), "requests.read"), "not-found"),
        ] {
            let told = |done: Result<ReviewEvent, Refusal>| done.map_or_else(|refusal| refusal.code, |_| "decided");
            assert_eq!(
                told(confirm(&review(), &all, &id(by), std::slice::from_ref(&about), None)),
                wanted,
                "{by} {about:?}"
            );
            assert_eq!(told(revoke(&review(), &all, &id(by), &about, why())), wanted, "{by} {about:?}");
        }
        let nothing = confirm(&review(), &all, &id(1), &[], Some(why()));
        assert_eq!(nothing.expect_err("nothing").code, "access-decided");
    }

    /// The rights there are, the decisions → how many are undecided.
    #[test]
    fn a_decision_is_about_a_right_as_it_stood() {
        use Verdict::{Confirmed, Revoked};
        let all = [held(1, None, "owner"), held(2, None, "support"), held(2, Some("aa"), "requests.read")];
        let first = decision(1, None, "owner", Confirmed);
        let second = decision(2, None, "support", Confirmed);
        let token = decision(2, Some("aa"), "requests.read", Confirmed);
        for (decisions, left) in [
            (vec![], 3),
            (vec![first.clone(), second.clone()], 1),
            (vec![first.clone(), second.clone(), token.clone()], 0),
            (vec![first.clone(), decision(2, None, "engineer", Confirmed), token.clone()], 1),
            (vec![first.clone(), decision(2, None, "support", Revoked), token.clone()], 1),
            (vec![first.clone(), second.clone(), decision(1, Some("aa"), "requests.read", Confirmed)], 1),
        ] {
            assert_eq!(undecided(&all, &decisions).len(), left, "{decisions:?}");
            assert_eq!(finish(&review(), &all, &decisions).is_ok(), left == 0, "{decisions:?}");
        }
        let gone = [first, second, decision(3, None, "dpo", Revoked)];
        let told = finish(&review(), &all[..2], &gone).expect("finished");
        assert_eq!(told, ReviewEvent::Finished { review: review(), confirmed: 2, revoked: 1 });
    }
}
