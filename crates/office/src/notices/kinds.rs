//! Kinds of letters: what each is for, who gets it, what it tells and what may not be left out of it.
//!
//! A feature declares its letters in its `letters.rs`; [`crate::LETTERS`] joins them, and a test renders every one of
//! them in both languages. What the law demands of a letter is declared beside it, so that a house may reword it and
//! cannot empty it.

use kernel::Lang;

/// Who gets a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// One of our own people.
    Account,
    /// A controller's first contact.
    Controller,
    /// A controller's first contact and its administrator, where it named one.
    BothContacts,
}

impl To {
    /// The word of its text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Controller => "controller",
            Self::BothContacts => "both",
        }
    }
}

/// Something a letter tells; `{name}` in its wording.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, in small letters and hyphens.
    pub name: &'static str,
    /// What it is, in English and French.
    pub what: [&'static str; 2],
    /// What it might be, in English and French: never a real person.
    pub sample: [&'static str; 2],
    /// Whether no wording may leave it out.
    pub required: bool,
    /// Whether it speaks of a person, or is for the recipient alone: then it is never in a subject line.
    pub private: bool,
}

impl Field {
    /// A field that may be left out.
    #[must_use]
    pub const fn new(name: &'static str, what: [&'static str; 2], sample: [&'static str; 2]) -> Self {
        Self { name, what, sample, required: false, private: false }
    }

    /// The same, but no wording may leave it out.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, but never in a subject line.
    #[must_use]
    pub const fn private(self) -> Self {
        Self { private: true, ..self }
    }
}

/// One kind of letter.
#[derive(Debug)]
pub struct LetterKind {
    /// Its name for ever, such as `request.forward`.
    pub name: &'static str,
    /// What it is, in English and French.
    pub title: [&'static str; 2],
    /// The version of its standard wording: it grows when that is changed.
    pub standard: u32,
    /// Who gets it.
    pub to: To,
    /// Whether it never waits for office hours.
    pub urgent: bool,
    /// Why it is sent: the article, or what it serves.
    pub law: &'static str,
    /// Where the page of what it is about lies; the record's id comes behind a slash at the end.
    pub page: &'static str,
    /// The term whose duty is discharged once the mail server has taken it.
    pub discharges: Option<&'static str>,
    /// What it tells.
    pub fields: &'static [Field],
    /// Sentences no wording may leave out, in English and French.
    pub minimum: &'static [[&'static str; 2]],
    /// The standard subject line; it names nobody.
    pub subject: [&'static str; 2],
    /// The standard text.
    pub body: [&'static str; 2],
}

impl LetterKind {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// What its fields might say, for a preview.
    #[must_use]
    pub fn samples(&self, lang: Lang) -> Vec<(&'static str, String)> {
        self.fields.iter().map(|field| (field.name, field.sample[lang as usize].to_owned())).collect()
    }

    /// The page of the thing that a letter of this kind is about.
    #[must_use]
    pub fn about(&self, record: &str) -> String {
        if self.page.len() > 1 && self.page.ends_with('/') {
            format!("{}{record}", self.page)
        } else {
            self.page.to_owned()
        }
    }
}

/// Every kind of letter of the product.
pub fn all() -> impl Iterator<Item = &'static LetterKind> {
    crate::LETTERS.iter().flat_map(|letters| letters.iter())
}

/// The kind of this name.
#[must_use]
pub fn kind(name: &str) -> Option<&'static LetterKind> {
    all().find(|kind| kind.name == name)
}
