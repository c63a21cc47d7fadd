//! The catalogue of finding codes: what each means in law, what the text should say, and a clause to
//! propose, in English and French. `garant explain A28-3-g` prints an entry.
//!
//! The texts are data (`codes/*.toml`), compiled in; codes are stable and never reused.

mod page;
mod requirements;

pub use page::page;
pub use requirements::{Level, REQUIREMENTS, Requirement};

use crate::near::nearest;
use crate::reading::Severity;
use kernel::Lang;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

impl Both {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.fr)
    }
}

/// All there is to say about one code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The stable code, such as `A28-3-g`.
    pub code: String,
    /// How grave it is, unless one of the cases below applies.
    pub severity: Severity,
    /// When it is more or less grave; see [`Self::severities`].
    #[serde(default)]
    also: Vec<Case>,
    /// The provisions of the GDPR, such as `28(3)(g)`.
    pub law: Vec<String>,
    /// Law beside the GDPR, as it is cited.
    pub beyond: Option<Both>,
    /// Where its law is found, when that is not the GDPR.
    uri: Option<String>,
    /// For a finding of silence: the matter whose places are named, a `topic.*` of the reader.
    pub topic: Option<String>,
    /// What the law asks, in a line or two.
    pub asks: Both,
    /// What the text should say.
    pub says: Both,
    /// A clause to propose; none where no clause helps.
    pub clause: Option<Both>,
    /// The finding's message; may hold `{term}`, `{default}`, `{value}`, `{name}`, `{country}`, `{purpose}`, `{date}`.
    pub message: Both,
    /// The message when the point is there but hedged or without a figure; then it is a warning at most.
    pub weak: Option<Both>,
    /// What to do.
    pub remedy: Both,
}

/// A severity that depends on the case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// How grave it then is.
    pub severity: Severity,
    /// When that is.
    pub when: Both,
}

impl Explanation {
    /// The provisions as a citation: "GDPR, Art. 28(3)(g)" or « RGPD, art. 28(3)(g) ».
    #[must_use]
    pub fn law_text(&self, lang: Lang) -> String {
        let articles = self.law.join(", ");
        let gdpr = match (self.law.len(), lang) {
            (0, _) => None,
            (1, Lang::En) => Some(format!("GDPR, Art. {articles}")),
            (_, Lang::En) => Some(format!("GDPR, Arts. {articles}")),
            (_, Lang::Fr) => Some(format!("RGPD, art. {articles}")),
        };
        let beyond = self.beyond.as_ref().map(|law| law.get(lang).to_owned());
        gdpr.into_iter().chain(beyond).collect::<Vec<_>>().join("; ")
    }

    /// Where the law is found: its European Legislation Identifier.
    #[must_use]
    pub fn law_uri(&self) -> &str {
        self.uri.as_deref().unwrap_or("https://eur-lex.europa.eu/eli/reg/2016/679/oj")
    }

    /// When a finding of this code is more or less grave than [`Self::severity`].
    #[must_use]
    pub fn severities(&self) -> Vec<Case> {
        let weak = (self.weak.is_some() && self.severity != Severity::Warning).then(|| Case {
            severity: Severity::Warning,
            when: Both {
                en: "when it is there, but hedged or without a figure".to_owned(),
                fr: "quand le point y est, mais atténué ou sans chiffre".to_owned(),
            },
        });
        weak.into_iter().chain(self.also.iter().cloned()).collect()
    }

    /// Whether a finding of this code can be of this severity.
    #[must_use]
    pub fn may_be(&self, severity: Severity) -> bool {
        self.severity == severity || self.severities().iter().any(|case| case.severity == severity)
    }
}

impl Explanation {
    /// One of its texts without a document at hand: general words stand where a finding names its own.
    ///
    /// ```
    /// let entry = agreement::codes::explain("A33-2-vague").unwrap();
    /// let shown = agreement::codes::Explanation::in_general(&entry.remedy, kernel::Lang::En);
    /// assert_eq!(shown, "Add an outer limit in hours; the default is our proposal.");
    /// ```
    #[must_use]
    pub fn in_general(text: &Both, lang: Lang) -> String {
        let words: Vec<(&str, &str)> = GENERAL.iter().map(|(name, en, fr)| (*name, lang.pick(*en, *fr))).collect();
        filled(text.get(lang), &words)
    }
}

/// What stands for each word a finding fills in.
const GENERAL: [(&str, &str, &str); 7] = [
    ("term", "a term", "un terme"),
    ("default", "the default", "la valeur par défaut"),
    ("value", "too long", "trop longtemps"),
    ("name", "a sub-processor", "un sous-traitant ultérieur"),
    ("country", "a third country", "un pays tiers"),
    ("purpose", "a processing", "un traitement"),
    ("date", "the date that the finding gives", "la date que donne le constat"),
];

/// The template with each `{name}` replaced by its word.
pub(crate) fn filled(template: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(template.to_owned(), |text, (name, word)| text.replace(&format!("{{{name}}}"), word))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    code: Vec<Explanation>,
}

const SOURCES: [&str; 6] = [
    include_str!("codes/letters.toml"),
    include_str!("codes/finer.toml"),
    include_str!("codes/duties.toml"),
    include_str!("codes/more.toml"),
    include_str!("codes/document.toml"),
    include_str!("codes/traps.toml"),
];

static ALL: LazyLock<Vec<Explanation>> = LazyLock::new(|| {
    let parse = |source| toml::from_str::<Catalogue>(source).expect("compiled in, and parsed by a test");
    SOURCES.iter().flat_map(|source| parse(source).code).collect()
});

/// Every code, in the order of Art. 28(3).
#[must_use]
pub fn all() -> &'static [Explanation] {
    &ALL
}

/// The entry of a code, in any case.
///
/// ```
/// let entry = agreement::codes::explain("a28-3-G").unwrap();
/// assert_eq!(entry.law_text(kernel::Lang::En), "GDPR, Art. 28(3)(g)");
/// ```
#[must_use]
pub fn explain(code: &str) -> Option<&'static Explanation> {
    let code = code.trim();
    all().iter().find(|entry| entry.code.eq_ignore_ascii_case(code))
}

/// The known code nearest to an unknown one.
#[must_use]
pub fn nearest_code(code: &str) -> Option<&'static str> {
    nearest(code.trim(), all().iter().map(|entry| entry.code.as_str()))
}

#[cfg(test)]
mod tests;
