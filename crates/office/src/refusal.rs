//! Why a command was not carried out, in both languages, with what to do instead.

use axum::http::StatusCode;
use kernel::Lang;
use store::StoreError;
use web::{ApiError, PageError};

/// The kind of refusal: it gives the status of a page and the exit code of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong.
    Invalid,
    /// This person may not.
    NotAllowed,
    /// No such thing, or not theirs.
    NotFound,
    /// Not in this state.
    Conflict,
    /// It has changed since it was read.
    Changed,
    /// The machinery failed.
    Failed,
}

/// A refusal, with its sentence and remedy in English and French.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its kind.
    pub kind: Kind,
    /// A stable word for programs.
    pub code: &'static str,
    message: [Box<str>; 2],
    remedy: [Box<str>; 2],
    /// Message and remedy for who works at the machine, where they say more than anybody may read.
    inside: Option<Box<[(String, String); 2]>>,
}

impl Refusal {
    /// A refusal from its words.
    #[must_use]
    pub fn new(kind: Kind, code: &'static str, message: [&str; 2], remedy: [&str; 2]) -> Self {
        Self { kind, code, message: message.map(Into::into), remedy: remedy.map(Into::into), inside: None }
    }

    /// Nothing there under this name.
    #[must_use]
    pub fn not_found(what_en: &str, what_fr: &str) -> Self {
        let message = [format!("There is no such {what_en}."), format!("Il n'y a pas de {what_fr} de ce nom.")];
        let remedy = [
            "Check the identifier; the list shows those that exist.".to_owned(),
            "Vérifiez l'identifiant ; la liste montre ceux qui existent.".to_owned(),
        ];
        Self {
            kind: Kind::NotFound,
            code: "not-found",
            message: message.map(Into::into),
            remedy: remedy.map(Into::into),
            inside: None,
        }
    }

    /// A failure reported by a part that speaks both languages.
    pub fn from_words(
        kind: Kind,
        code: &'static str,
        message: impl Fn(Lang) -> String,
        remedy: impl Fn(Lang) -> String,
    ) -> Self {
        Self {
            kind,
            code,
            message: Lang::ALL.map(|lang| message(lang).into()),
            remedy: Lang::ALL.map(|lang| remedy(lang).into()),
            inside: None,
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self, lang: Lang) -> &str {
        &self.message[lang as usize]
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> &str {
        &self.remedy[lang as usize]
    }

    /// What is wrong and what to do, for who works at the machine itself: places and paths included.
    #[must_use]
    pub fn inside(&self, lang: Lang) -> (&str, &str) {
        match &self.inside {
            Some(inside) => (&inside[lang as usize].0, &inside[lang as usize].1),
            None => (self.message(lang), self.remedy(lang)),
        }
    }

    /// The status of an answer that says so.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind {
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::NotAllowed => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Changed => StatusCode::PRECONDITION_FAILED,
            Kind::Failed => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// As a page in `lang`.
    #[must_use]
    pub fn page(self, lang: Lang) -> PageError {
        let [message, remedy] = [self.message(lang).to_owned(), self.remedy(lang).to_owned()];
        match self.kind {
            Kind::NotFound => PageError::NotFound,
            _ => PageError::Refused { message, remedy, status: self.status() },
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message[0])
    }
}

impl std::error::Error for Refusal {}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Changed) {
            return Self::from_words(Kind::Changed, "changed", |l| error.message(l), |l| error.remedy(l).to_owned());
        }
        tracing::error!(%error, "the store failed");
        let inside = Lang::ALL.map(|lang| (error.message(lang), error.remedy(lang).to_owned()));
        let message = |lang| error.message_for_all(lang).to_owned();
        let refusal = Self::from_words(Kind::Failed, "store", message, |lang| error.remedy_for_all(lang).to_owned());
        Self { inside: Some(Box::new(inside)), ..refusal }
    }
}

impl Refusal {
    /// For a program, in its language.
    #[must_use]
    pub fn problem(&self, lang: Lang) -> ApiError {
        ApiError {
            status: self.status(),
            code: self.code,
            title: self.message(lang).to_owned(),
            remedy: self.remedy(lang).to_owned(),
        }
    }
}
