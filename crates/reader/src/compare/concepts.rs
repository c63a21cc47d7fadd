//! What the same thing is called in both languages, compiled from `data/pair.toml`.

use kernel::Lang;
use regex::Regex;
use std::{collections::BTreeMap, sync::LazyLock};

/// Something both languages have words for.
pub(super) struct Concept {
    /// Its name in the data file; a key, not words for people.
    pub(super) name: String,
    /// Concepts of a class exclude each other; `none` concludes nothing.
    pub(super) class: String,
    patterns: [Regex; 2],
}

impl Concept {
    /// The words for it in a folded text, in order.
    pub(super) fn words<'t>(&self, folded: &'t str, lang: Lang) -> Vec<&'t str> {
        self.patterns[lang as usize].find_iter(folded).map(|hit| hit.as_str().trim()).collect()
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    class: BTreeMap<String, BTreeMap<String, [String; 2]>>,
}

static CONCEPTS: LazyLock<Vec<Concept>> =
    LazyLock::new(|| load(include_str!("../../data/pair.toml")).expect("the table of concepts is tested"));

/// All concepts, in a fixed order.
pub(super) fn all() -> &'static [Concept] {
    &CONCEPTS
}

fn load(text: &str) -> Result<Vec<Concept>, String> {
    let raw: Raw = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut concepts = Vec::new();
    for (class, members) in raw.class {
        for (name, [en, fr]) in members {
            let patterns = [compile(&en)?, compile(&fr)?];
            concepts.push(Concept { name, class: class.clone(), patterns });
        }
    }
    Ok(concepts)
}

fn compile(pattern: &str) -> Result<Regex, String> {
    let ascii = pattern.replace("\\w", "[a-z0-9]");
    Regex::new(&format!("(?-u:\\b)(?:{ascii})(?-u:\\b)")).map_err(|error| format!("{pattern}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_concept_has_words_in_both_languages() {
        assert!(all().len() > 100);
        let user = all().iter().find(|concept| concept.name == "user").unwrap();
        assert_eq!(user.words("our users and the user", Lang::En), ["users", "user"]);
        assert_eq!(user.words("nos utilisateurs", Lang::Fr), ["utilisateurs"]);
        let mut names: Vec<&str> = all().iter().map(|concept| concept.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all().len(), "a name says one thing");
    }
}
