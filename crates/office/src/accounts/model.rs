//! What may be done to accounts, and by whom: pure rules.
//!
//! Roles are given and accounts closed by an owner, and never by the person concerned: nobody raises or
//! removes themselves, so an owner always remains.

use super::{Account, AccountEvent};
use crate::{Kind, Refusal};
use kernel::{AccountId, Instant};
use web::Role;

/// An open account, as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) id: AccountId,
    pub(super) role: Role,
    pub(super) until: Option<Instant>,
}

impl Holder {
    pub(super) fn of(account: &Account) -> Self {
        Self { id: account.id.clone(), role: account.role, until: account.until }
    }
}

/// Days an auditor's account lasts when nobody says otherwise.
const AUDIT_DAYS: i64 = 90;

/// When the time of somebody in this role ends unless said otherwise: auditors come for an audit.
pub(super) fn end_of_role(role: Role, now: Instant) -> Option<Instant> {
    let end = Instant::from_millisecond(now.as_millisecond() + AUDIT_DAYS * 86_400_000).ok();
    end.filter(|_| role == Role::Auditor)
}

/// What an owner asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another role.
    Role(Role),
    /// When the person's time here ends; none for no end.
    Until(Option<Instant>),
    /// The person lost what they show beside the password.
    ResetFactors,
    /// No more signing in; the account's tokens end with it.
    Close,
}

/// The events of a change to the account `of` that `by` asks for; none when nothing would change.
pub(super) fn decide(
    open: &[Holder],
    now: Instant,
    by: Option<&AccountId>,
    of: &AccountId,
    change: Change,
) -> Result<Vec<AccountEvent>, Refusal> {
    let holder = |id: &AccountId| open.iter().find(|holder| holder.id == *id);
    let owner = owner(open, by)?;
    let account = holder(of).ok_or_else(|| Refusal::not_found("account", "compte"))?;
    if account.id == owner.id {
        return Err(oneself());
    }
    let of = account.id.clone();
    Ok(match change {
        Change::Role(role) if role == account.role => Vec::new(),
        Change::Role(role) => {
            let end = end_of_role(role, now).filter(|_| account.until.is_none());
            let ends = end.map(|until| AccountEvent::UntilSet { account: of.clone(), until: Some(until) });
            std::iter::once(AccountEvent::RoleChanged { account: of, role }).chain(ends).collect()
        }
        Change::Until(until) => vec![AccountEvent::UntilSet { account: of, until }],
        Change::ResetFactors => vec![AccountEvent::FactorsReset { account: of }],
        Change::Close => vec![AccountEvent::Closed { account: of }],
    })
}

/// The owner among `open` who acts. Read again in the transaction: their role may have changed since the page was sent.
pub(super) fn owner<'a>(open: &'a [Holder], by: Option<&AccountId>) -> Result<&'a Holder, Refusal> {
    let known = by.and_then(|id| open.iter().find(|holder| holder.id == *id));
    known.filter(|holder| holder.role == Role::Owner).ok_or_else(not_owner)
}

fn not_owner() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "owner-only",
        ["Only an owner changes accounts.", "Seul un propriétaire modifie les comptes."],
        ["Ask an owner to do it.", "Demandez-le à un propriétaire."],
    )
}

fn oneself() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "own-account",
        [
            "Nobody changes their own role or closes their own account.",
            "Personne ne change son propre rôle ni ne ferme son propre compte.",
        ],
        [
            "Ask another owner; open a second owner's account first if there is none.",
            "Demandez-le à un autre propriétaire ; ouvrez d'abord un second compte de propriétaire s'il n'y en a pas.",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::UNIX_EPOCH;

    fn id(number: u8) -> AccountId {
        format!("01ks00000000000000000000{number:02}").parse().expect("an id")
    }

    fn people(roles: &[Role]) -> Vec<Holder> {
        (0..).zip(roles).map(|(number, role)| Holder { id: id(number), role: *role, until: None }).collect()
    }

    #[test]
    fn owners_change_others_and_nobody_themselves() {
        let open = people(&[Role::Owner, Role::Dpo, Role::Owner, Role::Support]);
        let told = |by: u8, of: u8, change| match decide(&open, NOW, Some(&id(by)), &id(of), change) {
            Ok(events) => events.len().to_string(),
            Err(refusal) => refusal.code.to_owned(),
        };
        for (by, of, change, wanted) in [
            (0, 1, Change::Close, "1"),
            (0, 1, Change::Role(Role::Engineer), "1"),
            (0, 1, Change::Role(Role::Dpo), "0"),
            (0, 2, Change::Role(Role::Auditor), "2"),
            (0, 2, Change::Close, "1"),
            (0, 2, Change::ResetFactors, "1"),
            (0, 2, Change::Until(None), "1"),
            (0, 0, Change::ResetFactors, "own-account"),
            (0, 0, Change::Until(None), "own-account"),
            (1, 3, Change::ResetFactors, "owner-only"),
            (0, 0, Change::Close, "own-account"),
            (0, 0, Change::Role(Role::Dpo), "own-account"),
            (1, 3, Change::Close, "owner-only"),
            (1, 1, Change::Role(Role::Owner), "owner-only"),
            (3, 0, Change::Close, "owner-only"),
        ] {
            assert_eq!(told(by, of, change), wanted, "{by} {of} {change:?}");
        }
    }

    #[test]
    fn who_is_no_longer_there_neither_acts_nor_is_changed() {
        let open = people(&[Role::Owner, Role::Dpo]);
        let code = |by: Option<AccountId>, of: u8| {
            decide(&open, NOW, by.as_ref(), &id(of), Change::Close).map_err(|refusal| refusal.code)
        };
        assert_eq!(code(Some(id(9)), 1), Err("owner-only"));
        assert_eq!(code(None, 1), Err("owner-only"));
        assert_eq!(code(Some(id(0)), 9), Err("not-found"));
    }
}
