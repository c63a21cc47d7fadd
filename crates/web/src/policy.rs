//! Who may do what: each permission with the roles that have it. One table answers every question of right, on pages, for
//! programs and at the command line (GDPR Art. 32(1)(b); least privilege).

use crate::Role;
use std::collections::BTreeMap;

/// Every permission, named `resource.action`, with its roles. What is not named is nobody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    rules: BTreeMap<String, Vec<Role>>,
    people_only: Vec<String>,
}

impl Policy {
    /// The policy of these rules; `people_only` names the permissions no program may have.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = (String, Vec<Role>)>, people_only: Vec<String>) -> Self {
        Self { rules: rules.into_iter().collect(), people_only }
    }

    /// Whether people of this role have this permission.
    #[must_use]
    pub fn may(&self, role: Role, permission: &str) -> bool {
        self.roles(permission).contains(&role)
    }

    /// The roles that have a permission.
    #[must_use]
    pub fn roles(&self, permission: &str) -> &[Role] {
        self.rules.get(permission).map_or(&[], Vec::as_slice)
    }

    /// Whether a permission stays with people: with it a program could widen what it may do, or stand in for the second
    /// pair of eyes.
    #[must_use]
    pub fn is_for_people(&self, permission: &str) -> bool {
        self.people_only.iter().any(|one| one == permission)
    }

    /// The permissions somebody of this role may give to a program of theirs.
    #[must_use]
    pub fn grantable(&self, role: Role) -> Vec<&str> {
        let rules = self.rules().filter(|(name, roles)| roles.contains(&role) && !self.is_for_people(name));
        rules.map(|(name, _)| name).collect()
    }

    /// Every permission with its roles, sorted by name.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &[Role])> {
        self.rules.iter().map(|(name, roles)| (name.as_str(), roles.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_is_nobodys() {
        let policy = Policy::new([("things.read".to_owned(), vec![Role::Dpo])], vec![]);
        assert!(policy.may(Role::Dpo, "things.read"));
        assert!(!policy.may(Role::Owner, "things.read"));
        assert!(Role::ALL.iter().all(|role| !policy.may(*role, "things.write")));
    }
}
