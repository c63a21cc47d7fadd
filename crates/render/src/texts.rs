//! The wording, as data: one file of clauses and one of other words for each language.

use kernel::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

type Map = BTreeMap<String, String>;

/// Every word of one language. What each is for stands beside it in `data/<language>/words.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub(crate) title: String,
    pub(crate) under: String,
    pub(crate) between: String,
    pub(crate) controller: String,
    pub(crate) processor: String,
    pub(crate) joined: String,
    pub(crate) condition: String,
    pub(crate) stages: String,
    pub(crate) blank: String,
    pub(crate) blank_controller: String,
    pub(crate) blank_processor: String,
    pub(crate) annex: String,
    pub(crate) page: String,
    pub(crate) working_days: String,
    pub(crate) working_days_any: String,
    pub(crate) rights_held: String,
    pub(crate) months: Vec<String>,
    pub(crate) first_day: String,
    pub(crate) labelled: Map,
    pub(crate) sections: Map,
    pub(crate) boilerplate: BTreeMap<String, Vec<String>>,
    pub(crate) period_law: Map,
    pub(crate) annexes: Map,
    pub(crate) fields: Map,
    pub(crate) contacts: Map,
    pub(crate) rights: Map,
    pub(crate) events: Map,
    pub(crate) laws: Map,
}

/// What each term says, by form: term → form → template.
pub(crate) type Clauses = BTreeMap<String, BTreeMap<String, String>>;

/// Names in English and French of what the file says in identifiers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vocabulary {
    pub(crate) labels: BTreeMap<String, [String; 2]>,
}

fn load<T: for<'de> Deserialize<'de>>(text: &str) -> T {
    toml::from_str(text).expect("the wording is compiled in and tested")
}

static WORDS: LazyLock<[Texts; 2]> =
    LazyLock::new(|| [load(include_str!("../data/en/words.toml")), load(include_str!("../data/fr/words.toml"))]);
static CLAUSES: LazyLock<[Clauses; 2]> =
    LazyLock::new(|| [load(include_str!("../data/en/clauses.toml")), load(include_str!("../data/fr/clauses.toml"))]);
static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| load(include_str!("../data/vocabulary.toml")));

/// The words of a language.
pub(crate) fn of(lang: Lang) -> &'static Texts {
    let [en, fr] = &*WORDS;
    lang.pick(en, fr)
}

/// The clauses of a language.
pub(crate) fn clauses(lang: Lang) -> &'static Clauses {
    let [en, fr] = &*CLAUSES;
    lang.pick(en, fr)
}

/// The names of identifiers.
pub(crate) fn vocabulary() -> &'static Vocabulary {
    &VOCABULARY
}

/// The entry called `key`; the key itself when there is none.
pub(crate) fn entry<'a>(map: &'a Map, key: &'a str) -> &'a str {
    map.get(key).map_or(key, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        let [en, fr] = Lang::ALL.map(of);
        let keys = |map: &Map| map.keys().cloned().collect::<Vec<_>>();
        let maps = |texts: &'static Texts| {
            [
                &texts.sections,
                &texts.period_law,
                &texts.annexes,
                &texts.fields,
                &texts.contacts,
                &texts.rights,
                &texts.events,
            ]
        };
        for (en, fr) in maps(en).into_iter().zip(maps(fr)) {
            assert_eq!(keys(en), keys(fr));
        }
        assert_eq!(en.boilerplate.keys().collect::<Vec<_>>(), fr.boilerplate.keys().collect::<Vec<_>>());
    }

    #[test]
    fn both_languages_have_a_clause_for_the_same_forms() {
        let forms = |lang| {
            let clauses = clauses(lang).iter();
            clauses.flat_map(|(term, forms)| forms.keys().map(move |form| format!("{term} {form}"))).collect::<Vec<_>>()
        };
        assert_eq!(forms(Lang::En), forms(Lang::Fr));
    }
}
