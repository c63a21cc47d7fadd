//! On which side somebody is: of the house, or of one of its controllers (GDPR Arts. 28 and 29: who acts for whom).

use crate::Role;
use kernel::ControllerId;

/// Where the people of a controller come in, and what stands for the house's first page there.
pub const CLIENT_HOME: &str = "/client";

/// A role, and the controller it is held at. One of the house's roles is held at none, one of a controller's at exactly one:
/// there is no value for anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    role: Role,
    controller: Option<ControllerId>,
}

impl Membership {
    /// The membership of this role at this controller; none for a mixture that cannot be.
    #[must_use]
    pub fn of(role: Role, controller: Option<ControllerId>) -> Option<Self> {
        (role.is_controllers() == controller.is_some()).then_some(Self { role, controller })
    }

    /// The role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The controller whose records these are people of; none for the house's own people.
    #[must_use]
    pub fn controller(&self) -> Option<&ControllerId> {
        self.controller.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_of_the_house_is_held_at_no_controller_and_one_of_a_controller_at_one() {
        let brume: ControllerId = "01ks0000000000000000000001".parse().expect("an id");
        for role in Role::ALL {
            let (alone, at) = (Membership::of(role, None), Membership::of(role, Some(brume.clone())));
            assert_eq!(alone.is_some(), !role.is_controllers(), "{role:?}");
            assert_eq!(at.is_some(), role.is_controllers(), "{role:?}");
            assert_eq!(
                at.and_then(|member| member.controller().cloned()),
                role.is_controllers().then(|| brume.clone())
            );
        }
    }
}
