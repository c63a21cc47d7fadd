//! Values and states in words, for pages, letters and comments, in English and French.

pub use crate::countries::country;

use crate::file::{FileTerm, Value};
use crate::names;
use crate::reading::{State, Term};
use kernel::{Lang, Period, Unit};

/// A length of time: "72 hours", "10 working days", « 10 jours ouvrés ».
#[must_use]
pub fn length(period: &Period, working: bool, lang: Lang) -> String {
    if !working {
        return kernel::clock::length_text(period, lang);
    }
    let count = period.count();
    let one = count == 1;
    match (period.unit(), lang) {
        (Unit::Days, Lang::En) => format!("{count} working day{}", if one { "" } else { "s" }),
        (Unit::Days, Lang::Fr) if one => format!("{count} jour ouvré"),
        (Unit::Days, Lang::Fr) => format!("{count} jours ouvrés"),
        (_, Lang::En) => format!("{} (working time)", kernel::clock::length_text(period, lang)),
        (_, Lang::Fr) => format!("{} (ouvrés)", kernel::clock::length_text(period, lang)),
    }
}

/// The value of a term of the file, or how firmly it is said when it has none.
#[must_use]
pub fn value_text(term: &FileTerm, lang: Lang) -> String {
    match &term.value {
        Some(value) => value_words(value, term.working, lang),
        None => state_text(term.state, lang).to_owned(),
    }
}

/// The value of a term of a reading, or how firmly it is said when it has none.
#[must_use]
pub fn read_value_text(term: &Term, lang: Lang) -> String {
    let shape = names::find(&term.name).map(|name| name.shape);
    let value = shape.and_then(|shape| crate::file::value_from_json(shape, &term.value));
    match value {
        Some(value) => value_words(&value, term.days.as_deref() == Some("working"), lang),
        None => state_text(term.state, lang).to_owned(),
    }
}

/// How firmly a text says something.
#[must_use]
pub fn state_text(state: State, lang: Lang) -> &'static str {
    match state {
        State::Stated => lang.pick("stated", "énoncé"),
        State::Vague => lang.pick("no figure", "sans chiffre"),
        State::Conditional => lang.pick("on a condition", "sous condition"),
        State::Staged => lang.pick("by case", "selon le cas"),
        State::Conflicting => lang.pick("contradictory", "contradictoire"),
        State::ByReference => lang.pick("in another document", "dans un autre document"),
        State::Placeholder => lang.pick("left blank", "laissé en blanc"),
        State::Negated => lang.pick("excluded", "exclu"),
        State::Silent => lang.pick("not said", "non dit"),
    }
}

/// A value in words.
#[must_use]
pub fn value_words(value: &Value, working: bool, lang: Lang) -> String {
    match value {
        Value::Flag(true) => lang.pick("yes", "oui").to_owned(),
        Value::Flag(false) => lang.pick("no", "non").to_owned(),
        Value::Period(period) => length(period, working, lang),
        Value::Word(word) => word_text(word, lang),
        Value::Text(words) => free_text(words, lang),
        Value::Number(number) => number.to_string(),
        Value::List(words) => words.iter().map(|word| place_text(word, lang)).collect::<Vec<_>>().join(", "),
        Value::Date(date) => kernel::clock::date_text(*date, lang),
    }
}

/// A word of a closed list in plain words; any other text as it is.
fn word_text(word: &str, lang: Lang) -> String {
    let known = WORDS.iter().find(|(known, _, _)| *known == word);
    known.map_or(word, |(_, en, fr)| lang.pick(en, fr)).to_owned()
}

/// A place where data may go: a word of ours or a country.
fn place_text(word: &str, lang: Lang) -> String {
    let country = country(word, lang);
    if country == word { word_text(word, lang) } else { country.to_owned() }
}

/// A text as it is; where it is one of the few words that a reading puts for a whole clause, in plain words.
fn free_text(text: &str, lang: Lang) -> String {
    match text {
        "controller" => lang.pick("the controller", "le responsable de traitement").to_owned(),
        "processor" => lang.pick("the processor", "le sous-traitant").to_owned(),
        "writing" => lang.pick("in writing", "par écrit").to_owned(),
        _ => word_text(text, lang),
    }
}

const WORDS: &[(&str, &str, &str)] = &[
    ("forbidden", "forbidden", "interdit"),
    ("allowed", "allowed", "permis"),
    ("general", "general authorisation", "autorisation générale"),
    ("specific", "specific authorisation", "autorisation spécifique"),
    ("none-allowed", "none allowed", "aucun permis"),
    ("controller", "the controller chooses", "au choix du responsable"),
    ("delete", "deletion", "suppression"),
    ("return", "return", "restitution"),
    ("terminate", "the controller may terminate", "le responsable peut résilier"),
    ("keep-old", "the old sub-processor stays", "l'ancien sous-traitant ultérieur reste"),
    ("negotiate", "the parties seek a solution", "les parties cherchent une solution"),
    ("EU", "European Union", "Union européenne"),
    ("adequate", "countries with an adequate level of protection", "pays au niveau de protection adéquat"),
    ("article46", "elsewhere with safeguards (Art. 46)", "ailleurs avec garanties (art. 46)"),
    ("none", "nowhere else", "nulle part ailleurs"),
    ("email", "e-mail", "courriel"),
    ("registered-letter", "registered letter", "lettre recommandée"),
    ("post", "post", "courrier"),
    ("portal", "client area", "espace client"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{Shape, TERMS};

    fn period(text: &str) -> Period {
        text.parse().expect("the tests write valid periods")
    }

    #[test]
    fn lengths_read_as_people_write_them() {
        let cases = [
            ("PT72H", false, "72 hours", "72 heures"),
            ("P10D", true, "10 working days", "10 jours ouvrés"),
            ("P1D", true, "1 working day", "1 jour ouvré"),
        ];
        for (text, working, en, fr) in cases {
            assert_eq!(length(&period(text), working, Lang::En), en);
            // Typography may put a no-break space between number and unit.
            assert_eq!(length(&period(text), working, Lang::Fr).replace('\u{a0}', " "), fr);
        }
    }

    #[test]
    fn every_word_of_a_closed_list_has_words_for_people() {
        for term in TERMS {
            let Shape::Word(allowed) = term.shape else { continue };
            for word in allowed {
                assert!(WORDS.iter().any(|(known, _, _)| known == word), "{word}");
            }
        }
    }

    #[test]
    fn who_pays_is_no_choice() {
        let words = |value| value_words(&value, false, Lang::En);
        assert_eq!(words(Value::Text("controller".to_owned())), "the controller");
        assert_eq!(words(Value::Word("controller".to_owned())), "the controller chooses");
        assert_eq!(words(Value::Text("half each".to_owned())), "half each");
    }

    #[test]
    fn a_flag_is_yes_or_no_and_a_missing_value_is_its_state() {
        let mut term = FileTerm::stated(Value::Flag(true));
        assert_eq!(value_text(&term, Lang::Fr), "oui");
        (term.value, term.state) = (None, State::Vague);
        assert_eq!(value_text(&term, Lang::En), "no figure");
    }

    #[test]
    fn a_term_of_a_reading_shows_like_one_of_a_file() {
        let mut term = Term::silent("breach.notify_controller");
        assert_eq!(read_value_text(&term, Lang::En), "not said");
        (term.state, term.value) = (State::Stated, serde_json::json!("PT72H"));
        assert_eq!(read_value_text(&term, Lang::En), "72 hours");
    }
}
