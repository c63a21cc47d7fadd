//! One place to find anything: pages, controllers, agreements, requests, duties, systems, people, entries. It owns no table; each
//! of its sources asks a feature, and only those the visitor's role may read.
//!
//! An address of a person never stands in an address of ours, where histories and logs of proxies would keep it: the form is
//! posted, and what was found is shown under the person's own random id.

mod api;
mod pages;
mod sources;

use crate::{App, Feature, Route, feature};
use ::store::{Columns, StoreError};
use axum::routing::get;
use kernel::Lang;
use web::guard::Access;

/// The feature's entry in the registry.
pub const FEATURE: Feature = Feature {
    name: "search",
    texts: [include_str!("text/en.ftl"), include_str!("text/fr.ftl")],
    columns: Columns { part: "search", sql: "", toml: "" },
    kinds: &[],
    apply: feature::apply_nothing,
    reacts: &[],
    routes: &[
        Route { method: "GET", path: "/search", access: Access::May("search.ask"), handler: || get(pages::page) },
        Route {
            method: "POST",
            path: "/search",
            access: Access::May("search.ask"),
            handler: || axum::routing::post(pages::ask),
        },
        Route { method: "GET", path: "/search/hits", access: Access::May("search.ask"), handler: || get(pages::hits) },
    ],
    api: api::API,
    samples: Vec::new,
};

/// What one source shows at most.
pub const SHOWN_MAX: usize = 8;
/// The longest words that are looked for, in characters.
const WORDS_MAX: usize = 200;

/// What somebody looks for.
pub struct Asked {
    words: String,
    folded: String,
    lang: Lang,
    may: Vec<String>,
}

impl Asked {
    /// The words of a search field, and the permissions of who looks; none when there is nothing to look for. What is longer
    /// than two hundred characters is cut.
    #[must_use]
    pub fn new(words: &str, lang: Lang, may: Vec<String>) -> Option<Self> {
        let words: String = words.trim().chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect();
        let folded = reader::folded(&words).trim().to_owned();
        (!words.is_empty()).then_some(Self { words, folded, lang, may })
    }

    fn may(&self, permission: &str) -> bool {
        self.may.iter().any(|known| known == permission)
    }

    /// Whether a title holds the words, whatever their case and accents.
    fn is_in(&self, title: &str) -> bool {
        self.folded.contains(char::is_alphanumeric) && reader::folded(title).contains(&self.folded)
    }
}

/// One thing found.
pub struct Hit {
    /// What it is called.
    pub title: String,
    /// What tells it from others of that name; empty when nothing does.
    pub detail: String,
    /// Where it is.
    pub href: String,
}

/// The things of one kind.
pub struct Found {
    /// The key of the kind's name.
    pub kind: &'static str,
    /// At most [`SHOWN_MAX`].
    pub hits: Vec<Hit>,
}

/// Asks every source that may be read; kinds of which nothing was found are left out.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, asked: &Asked) -> Result<Vec<Found>, StoreError> {
    let mut found = Vec::new();
    for source in sources::ALL {
        if asked.may(source.permission) {
            let mut hits = (source.find)(app, asked).await?;
            hits.truncate(SHOWN_MAX);
            if !hits.is_empty() {
                found.push(Found { kind: source.kind, hits });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_case_and_accents_and_nothing_is_found_in_none() {
        let asked = |words: &str| Asked::new(words, Lang::Fr, Vec::new());
        for (words, title, there) in [
            ("echeance", "Échéance du registre", true),
            ("ÉCHÉANCE", "Échéance du registre", true),
            ("  regis  ", "Échéance du registre", true),
            ("registres", "Échéance du registre", false),
            ("%", "Échéance, 100 % tenue.", false),
        ] {
            assert_eq!(asked(words).is_some_and(|asked| asked.is_in(title)), there, "{words}");
        }
        assert!(asked(" \u{0}\n ").is_none());
        assert_eq!(asked(&"é".repeat(500)).map(|asked| asked.words.chars().count()), Some(WORDS_MAX));
    }
}
