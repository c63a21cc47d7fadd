//! The policy of this product: `policy.toml`, which an auditor can read as it stands.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use web::{Policy, Role};

/// Who may do what, as shipped.
pub static POLICY: LazyLock<Arc<Policy>> = LazyLock::new(|| {
    let read = parse(include_str!("policy.toml"));
    Arc::new(read.unwrap_or_else(|problem| unreachable!("the policy is tested to parse: {problem}")))
});

/// Reads a policy: a table for each resource, in it each action with its roles.
///
/// # Errors
/// What cannot be read, or which word names no role.
pub fn parse(text: &str) -> Result<Policy, String> {
    let tables: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let (mut rules, mut people_only) = (Vec::new(), Vec::new());
    for (resource, actions) in &tables {
        if resource == "people-only" {
            people_only = actions.get("rights").cloned().unwrap_or_default();
            continue;
        }
        for (action, words) in actions {
            let roles: Result<Vec<Role>, String> =
                words.iter().map(|word| Role::parse(word).ok_or_else(|| format!("`{word}` is no role"))).collect();
            rules.push((format!("{resource}.{action}"), roles?));
        }
    }
    Ok(Policy::new(rules, people_only))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_policy_reads_and_a_wrong_word_is_told() {
        assert!(POLICY.may(Role::Dpo, "requests.approve"));
        assert!(!POLICY.may(Role::Support, "requests.approve"));
        assert_eq!(parse("[things]\nread = [\"king\"]"), Err("`king` is no role".to_owned()));
    }
}
