//! What may be done to accounts, and by whom: pure rules.
//!
//! In the house, roles are given and accounts closed by an owner; among a controller's own people by one of that controller's
//! administrators, or by the house's owner or privacy officer. Never by the person concerned: nobody raises or removes
//! themselves, so an owner always remains, and whichever administrator acts remains, too. Nobody changes sides.

use super::{Account, AccountEvent};
use crate::{Kind, Refusal};
use kernel::{AccountId, ControllerId, Instant};
use web::{Membership, Role};

/// An open account, as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) id: AccountId,
    pub(super) role: Role,
    pub(super) controller: Option<ControllerId>,
    pub(super) until: Option<Instant>,
}

impl Holder {
    pub(super) fn of(account: &Account) -> Self {
        let (id, controller) = (account.id.clone(), account.controller.clone());
        Self { id, role: account.role, controller, until: account.until }
    }
}

/// The membership of a role at a controller, or at none.
///
/// # Errors
/// When such a mixture cannot be.
pub(super) fn member(role: Role, controller: Option<ControllerId>) -> Result<Membership, Refusal> {
    Membership::of(role, controller).ok_or_else(mixture)
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
    let account = open.iter().find(|holder| holder.id == *of);
    let acting = answering(open, by, account.and_then(|known| known.controller.as_ref()))?;
    let account = account.ok_or_else(|| Refusal::not_found("account", "compte"))?;
    if account.id == acting.id {
        return Err(oneself());
    }
    let of = account.id.clone();
    Ok(match change {
        Change::Role(role) if role == account.role => Vec::new(),
        Change::Role(role) => {
            member(role, account.controller.clone())?;
            let end = end_of_role(role, now).filter(|_| account.until.is_none());
            let ends = end.map(|until| AccountEvent::UntilSet { account: of.clone(), until: Some(until) });
            std::iter::once(AccountEvent::RoleChanged { account: of, role }).chain(ends).collect()
        }
        Change::Until(until) => vec![AccountEvent::UntilSet { account: of, until }],
        Change::ResetFactors => vec![AccountEvent::FactorsReset { account: of }],
        Change::Close => vec![AccountEvent::Closed { account: of }],
    })
}

/// Who among `open` acts for the accounts of `controller`, or of the house. Read again in the transaction: their role may have
/// changed since the page was sent. For an administrator of one controller, the people of everybody else are not there.
pub(super) fn answering<'a>(
    open: &'a [Holder],
    by: Option<&AccountId>,
    controller: Option<&ControllerId>,
) -> Result<&'a Holder, Refusal> {
    let known = by.and_then(|id| open.iter().find(|holder| holder.id == *id)).ok_or_else(not_owner)?;
    match (known.role, controller) {
        (Role::Owner, _) | (Role::Dpo, Some(_)) => Ok(known),
        (Role::ControllerAdmin, theirs) if theirs.is_some() && known.controller.as_ref() == theirs => Ok(known),
        (role, _) if role.is_controllers() => Err(Refusal::not_found("account", "compte")),
        _ => Err(not_owner()),
    }
}

/// The owner among `open` who acts. Read again in the transaction: their role may have changed since the page was sent.
pub(super) fn owner<'a>(open: &'a [Holder], by: Option<&AccountId>) -> Result<&'a Holder, Refusal> {
    answering(open, by, None)
}

fn mixture() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "membership",
        [
            "A controller's role is held at a controller, a role of the house at none.",
            "Un rôle de responsable se tient chez un responsable, un rôle de la maison chez aucun.",
        ],
        [
            "Invite a controller's people from that controller's page; nobody changes sides.",
            "Invitez les personnes d'un responsable depuis la page de celui-ci ; personne ne change de côté.",
        ],
    )
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
        (0..)
            .zip(roles)
            .map(|(number, role)| Holder { id: id(number), role: *role, controller: None, until: None })
            .collect()
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

    /// 0 the owner, 1 the privacy officer, 2 the auditor; 3, 4 administrators and 5 a member of one controller; 6 of another.
    fn with_clients() -> Vec<Holder> {
        let mut open = people(&[Role::Owner, Role::Dpo, Role::Auditor]);
        let (brume, lichen) = (controller(1), controller(2));
        for (number, role, at) in [
            (3, Role::ControllerAdmin, &brume),
            (4, Role::ControllerAdmin, &brume),
            (5, Role::ControllerMember, &brume),
            (6, Role::ControllerAdmin, &lichen),
        ] {
            open.push(Holder { id: id(number), role, controller: Some(at.clone()), until: None });
        }
        open
    }

    fn controller(number: u8) -> ControllerId {
        format!("01ks00000000000000000001{number:02}").parse().expect("an id")
    }

    #[test]
    fn a_controllers_people_are_their_administrators_and_the_houses_affair_and_nobody_elses() {
        let open = with_clients();
        let told = |by: u8, of: u8, change| match decide(&open, NOW, Some(&id(by)), &id(of), change) {
            Ok(events) => events.len().to_string(),
            Err(refusal) => refusal.code.to_owned(),
        };
        for (by, of, change, wanted) in [
            (3, 5, Change::Close, "1"),
            (3, 5, Change::Role(Role::ControllerAdmin), "1"),
            (3, 4, Change::Role(Role::ControllerMember), "1"),
            (3, 4, Change::Close, "1"),
            (3, 5, Change::ResetFactors, "1"),
            (0, 5, Change::Close, "1"),
            (1, 3, Change::Close, "1"),
            (3, 3, Change::Close, "own-account"),
            (3, 3, Change::Role(Role::ControllerMember), "own-account"),
            (5, 3, Change::Close, "not-found"),
            (5, 5, Change::Role(Role::ControllerAdmin), "not-found"),
            (3, 6, Change::Close, "not-found"),
            (6, 5, Change::Close, "not-found"),
            (3, 0, Change::Close, "not-found"),
            (3, 9, Change::Close, "not-found"),
            (2, 5, Change::Close, "owner-only"),
            (1, 2, Change::Close, "owner-only"),
            (0, 5, Change::Role(Role::Support), "membership"),
            (3, 5, Change::Role(Role::Owner), "membership"),
            (0, 2, Change::Role(Role::ControllerAdmin), "membership"),
        ] {
            assert_eq!(told(by, of, change), wanted, "{by} {of} {change:?}");
        }
    }

    #[test]
    fn who_invites_whom() {
        let open = with_clients();
        let brume = controller(1);
        let code =
            |by: u8, at: Option<&ControllerId>| answering(&open, Some(&id(by)), at).map_err(|refusal| refusal.code);
        for (by, at, wanted) in [
            (0, None, Ok(0)),
            (0, Some(&brume), Ok(0)),
            (1, Some(&brume), Ok(1)),
            (1, None, Err("owner-only")),
            (2, Some(&brume), Err("owner-only")),
            (3, Some(&brume), Ok(3)),
            (3, None, Err("not-found")),
            (5, Some(&brume), Err("not-found")),
            (6, Some(&brume), Err("not-found")),
        ] {
            assert_eq!(code(by, at).map(|holder| holder.id.clone()), wanted.map(id), "{by} {at:?}");
        }
    }
}
