//! Terms that somebody must have decided before an agreement binds: the letters of Art. 28(3) GDPR, and the
//! figures without which a clock cannot run.
//!
//! A silent term may be accepted, but only by a person who was shown what the law asks; the table names the
//! finding to show. It is meant to be read by a lawyer.

use crate::codes::{self, Explanation};
use crate::file::AgreementFile;
use kernel::Lang;

/// One term that must be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Required {
    /// A name of [`crate::names::TERMS`].
    pub term: &'static str,
    /// The finding to show when the text is silent on it, a code of [`crate::codes`].
    pub code: &'static str,
    when: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Always,
    /// Art. 28(2): only a general authorisation needs notice and a window.
    GeneralAuthorisation,
    /// Without sub-processors there is nothing to pass on.
    SubprocessorsPossible,
}

impl Required {
    /// What the law asks.
    #[must_use]
    pub fn finding(&self) -> &'static Explanation {
        codes::explain(self.code).unwrap_or_else(|| unreachable!("a test walks the table"))
    }

    /// The provision, such as "GDPR, Art. 28(3)(a)".
    #[must_use]
    pub fn law(&self, lang: Lang) -> String {
        self.finding().law_text(lang)
    }

    fn holds(&self, file: &AgreementFile) -> bool {
        let authorisation = |word: &str| file.term("subprocessors.authorisation").is_some_and(|term| term.says(word));
        match self.when {
            When::Always => true,
            When::GeneralAuthorisation => authorisation("general"),
            When::SubprocessorsPossible => !authorisation("none-allowed"),
        }
    }
}

/// Every term of `file` that must be decided, in the order of Art. 28(3). What is required may follow from
/// another term: only a general authorisation of sub-processors needs a notice.
///
/// ```
/// let file = agreement::AgreementFile::default();
/// let terms: Vec<&str> = agreement::required::required(&file).map(|required| required.term).collect();
/// assert!(terms.contains(&"breach.notify_controller") && !terms.contains(&"subprocessors.notice"));
/// ```
pub fn required(file: &AgreementFile) -> impl Iterator<Item = &'static Required> + '_ {
    TABLE.iter().filter(|required| required.holds(file))
}

/// The row of the term `name`, if it must be decided in `file`.
#[must_use]
pub fn find(file: &AgreementFile, name: &str) -> Option<&'static Required> {
    required(file).find(|required| required.term == name)
}

/// The letter of Art. 28(3) that a term helps to show, as the coverage of a reading names it.
#[must_use]
pub fn letter(name: &str) -> Option<char> {
    let law = crate::names::find(name)?.law;
    if law == "28(2)" || law == "28(4)" {
        return Some('d');
    }
    law.strip_prefix("28(3)(")?.chars().next()
}

const fn always(term: &'static str, code: &'static str) -> Required {
    Required { term, code, when: When::Always }
}

const fn when(term: &'static str, code: &'static str, when: When) -> Required {
    Required { term, code, when }
}

const TABLE: &[Required] = &[
    always("instructions.documented", "A28-3-a"),
    always("instructions.unlawful_alert", "A28-3-alert"),
    always("confidentiality.persons", "A28-3-b"),
    always("security.article32", "A28-3-c"),
    always("subprocessors.authorisation", "A28-3-d"),
    when("subprocessors.notice", "A28-2-notice", When::GeneralAuthorisation),
    when("subprocessors.objection_window", "A28-2-objection", When::GeneralAuthorisation),
    when("subprocessors.flow_down", "A28-4-flow", When::SubprocessorsPossible),
    always("requests.assist", "A28-3-e"),
    always("requests.forward", "A12-forward"),
    always("breach.notify_controller", "A33-2"),
    always("assist.security", "A28-3-f-security"),
    always("assist.breach_notification", "A28-3-f-breach"),
    always("assist.dpia", "A28-3-f-dpia"),
    always("assist.prior_consultation", "A28-3-f-consultation"),
    always("end.choice", "A28-3-g"),
    always("end.delete_within", "A28-3-g-figure"),
    always("audit.information", "A28-3-h-information"),
    always("audit.allowed", "A28-3-h-audit"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::{FileTerm, Value};
    use crate::names;

    fn terms(authorisation: Option<&str>) -> Vec<&'static str> {
        let mut file = AgreementFile::default();
        if let Some(word) = authorisation {
            let term = FileTerm::stated(Value::Word(word.to_owned()));
            file.terms.insert("subprocessors.authorisation".into(), term);
        }
        required(&file).map(|required| required.term).collect()
    }

    #[test]
    fn every_row_names_a_term_and_a_finding() {
        for row in TABLE {
            assert!(names::find(row.term).is_some(), "{}", row.term);
            assert!(codes::explain(row.code).is_some(), "{}", row.code);
            assert!(!row.law(Lang::Fr).is_empty());
        }
    }

    #[test]
    fn every_letter_has_a_term() {
        let letters: Vec<char> = TABLE.iter().filter_map(|row| letter(row.term)).collect();
        assert!("abcdefgh".chars().all(|wanted| letters.contains(&wanted)), "{letters:?}");
        assert_eq!(letter("subprocessors.notice"), Some('d'));
        assert_eq!(letter("breach.notify_controller"), None);
    }

    #[test]
    fn what_is_required_of_sub_processors_follows_from_the_authorisation() {
        for (word, notice, flow) in [
            (None, false, true),
            (Some("general"), true, true),
            (Some("specific"), false, true),
            (Some("none-allowed"), false, false),
        ] {
            let found = terms(word);
            assert_eq!(found.contains(&"subprocessors.notice"), notice, "{word:?}");
            assert_eq!(found.contains(&"subprocessors.flow_down"), flow, "{word:?}");
        }
    }
}
