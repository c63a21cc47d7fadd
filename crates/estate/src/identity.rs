//! Whom an operation is about: unprintable, compared in one normal form.

use kernel::{Lang, Secret};
use std::fmt;

/// How a person is known to the systems.
#[derive(Clone, Debug)]
pub enum Identity {
    /// By an e-mail address.
    Email(Email),
}

/// An e-mail address in normal form: no surrounding space, lower case.
#[derive(Clone)]
pub struct Email {
    given: Secret<String>,
    normal: Secret<String>,
}

/// A text that cannot be looked for as an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnEmail;

impl NotAnEmail {
    /// What is wrong; never the text itself.
    #[must_use]
    pub fn message(self, lang: Lang) -> String {
        lang.pick("this is not an e-mail address", "ceci n’est pas une adresse électronique").to_owned()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self, lang: Lang) -> String {
        lang.pick(
            "write it as `name@example.org`, at most 320 characters",
            "écrivez-la comme `nom@exemple.fr`, 320 caractères au plus",
        )
        .to_owned()
    }
}

impl fmt::Display for NotAnEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for NotAnEmail {}

impl Identity {
    /// A person known by an e-mail address; case and surrounding space do not matter.
    pub fn email(text: &str) -> Result<Self, NotAnEmail> {
        let given = text.trim();
        let (local, domain) = given.rsplit_once('@').ok_or(NotAnEmail)?;
        let odd = given.chars().any(|c| c.is_control() || c.is_whitespace());
        if local.is_empty() || domain.is_empty() || odd || given.chars().count() > 320 {
            return Err(NotAnEmail);
        }
        let normal = Secret::new(given.to_lowercase());
        Ok(Self::Email(Email { given: Secret::new(given.to_owned()), normal }))
    }

    pub(crate) fn normal(&self) -> &str {
        let Self::Email(email) = self;
        email.normal.expose()
    }

    /// The normal forms a database may hold: a server whose `lower` only knows ASCII leaves `É` as it is.
    pub(crate) fn forms(&self) -> Vec<String> {
        let Self::Email(email) = self;
        let normal = email.normal.expose();
        let mut forms = vec![normal.clone(), email.given.expose().to_ascii_lowercase()];
        forms.push(normal.chars().map(|c| if c.is_ascii() { c } else { upper(c) }).collect());
        forms.sort();
        forms.dedup();
        forms
    }
}

/// The upper case of a letter when it is one letter too.
fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => letter,
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<e-mail>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_whatever_its_case_and_space() {
        let identity = Identity::email("  Alice.MARTIN@Example.ORG ").unwrap();
        assert_eq!(identity.normal(), "alice.martin@example.org");
        assert_eq!(identity.forms(), ["alice.martin@example.org"]);
    }

    #[test]
    fn accents_are_looked_for_in_both_cases() {
        let forms = Identity::email("Élise@example.fr").unwrap().forms();
        assert!(forms.contains(&"élise@example.fr".to_owned()) && forms.contains(&"Élise@example.fr".to_owned()));
    }

    #[test]
    fn it_never_prints() {
        let shown = format!("{:?}", Identity::email("alice@example.org").unwrap());
        assert!(!shown.contains("alice"), "{shown}");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "@", "alice", "alice@", "@example.org", "a b@example.org", "a@b\0c"] {
            assert!(Identity::email(text).is_err(), "{text:?}");
        }
    }
}
