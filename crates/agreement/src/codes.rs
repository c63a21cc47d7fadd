//! The catalogue of finding codes: what each means in law, what the text should say, and a clause to
//! propose, in English and French. `garant explain A28-3-g` prints an entry.
//!
//! The texts are data (`codes/*.toml`), compiled in; codes are stable and never reused.

use crate::near::nearest;
use crate::reading::Severity;
use kernel::Lang;
use serde::Deserialize;
use std::sync::LazyLock;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
    /// How grave it usually is.
    pub severity: Severity,
    /// The provisions of the GDPR, such as `28(3)(g)`.
    pub law: Vec<String>,
    /// What the law asks, in a line or two.
    pub asks: Both,
    /// What the text should say.
    pub says: Both,
    /// A clause to propose; none where no clause helps.
    pub clause: Option<Both>,
    /// The finding's message; may hold `{term}`, `{default}`, `{value}`, `{name}`, `{country}`, `{purpose}`.
    pub message: Both,
    /// The message when the point is there but hedged or without a figure.
    pub weak: Option<Both>,
    /// What to do.
    pub remedy: Both,
}

impl Explanation {
    /// The provisions as a citation: "GDPR, Art. 28(3)(g)" or « RGPD, art. 28(3)(g) ».
    #[must_use]
    pub fn law_text(&self, lang: Lang) -> String {
        let articles = self.law.join(", ");
        let many = self.law.len() > 1;
        match lang {
            Lang::En => format!("GDPR, Art{} {articles}", if many { "s." } else { "." }),
            Lang::Fr => format!("RGPD, art. {articles}"),
        }
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
const GENERAL: [(&str, &str, &str); 6] = [
    ("term", "a term", "un terme"),
    ("default", "the default", "la valeur par défaut"),
    ("value", "too long", "trop longtemps"),
    ("name", "a sub-processor", "un sous-traitant ultérieur"),
    ("country", "a third country", "un pays tiers"),
    ("purpose", "a processing", "un traitement"),
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

const SOURCES: [&str; 4] = [
    include_str!("codes/letters.toml"),
    include_str!("codes/finer.toml"),
    include_str!("codes/duties.toml"),
    include_str!("codes/document.toml"),
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
