//! What may be done to accounts, and by whom: pure rules.
//!
//! Roles are given and accounts closed by an owner, and never by the person concerned: nobody raises or
//! removes themselves, so an owner always remains.

use super::AccountEvent;
use crate::{Kind, Refusal};
use kernel::AccountId;
use web::Role;

/// An open account, as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) id: AccountId,
    pub(super) role: Role,
}

/// What an owner asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another role.
    Role(Role),
    /// No more signing in; the account's tokens end with it.
    Close,
}

/// The events of a change to the account `of` that `by` asks for; none when nothing would change.
pub(super) fn decide(
    open: &[Holder],
    by: Option<&AccountId>,
    of: &AccountId,
    change: Change,
) -> Result<Vec<AccountEvent>, Refusal> {
    let holder = |id: &AccountId| open.iter().find(|holder| holder.id == *id);
    // Read again here: their role may have changed since the page was sent.
    let owner = by.and_then(holder).filter(|holder| holder.role == Role::Owner).ok_or_else(not_owner)?;
    let account = holder(of).ok_or_else(|| Refusal::not_found("account", "compte"))?;
    if account.id == owner.id {
        return Err(oneself());
    }
    let of = account.id.clone();
    Ok(match change {
        Change::Role(role) if role == account.role => Vec::new(),
        Change::Role(role) => vec![AccountEvent::RoleChanged { account: of, role }],
        Change::Close => vec![AccountEvent::Closed { account: of }],
    })
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

    fn id(number: u8) -> AccountId {
        format!("01ks00000000000000000000{number:02}").parse().expect("an id")
    }

    fn people(roles: &[Role]) -> Vec<Holder> {
        (0..).zip(roles).map(|(number, role)| Holder { id: id(number), role: *role }).collect()
    }

    #[test]
    fn owners_change_others_and_nobody_themselves() {
        let open = people(&[Role::Owner, Role::Dpo, Role::Owner, Role::Support]);
        let told = |by: u8, of: u8, change| match decide(&open, Some(&id(by)), &id(of), change) {
            Ok(events) => events.len().to_string(),
            Err(refusal) => refusal.code.to_owned(),
        };
        for (by, of, change, wanted) in [
            (0, 1, Change::Close, "1"),
            (0, 1, Change::Role(Role::Engineer), "1"),
            (0, 1, Change::Role(Role::Dpo), "0"),
            (0, 2, Change::Role(Role::Auditor), "1"),
            (0, 2, Change::Close, "1"),
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
            decide(&open, by.as_ref(), &id(of), Change::Close).map_err(|refusal| refusal.code)
        };
        assert_eq!(code(Some(id(9)), 1), Err("owner-only"));
        assert_eq!(code(None, 1), Err("owner-only"));
        assert_eq!(code(Some(id(0)), 9), Err("not-found"));
    }
}
