//! Texts in two languages (Fluent): each part of the product brings its own, English and French.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use kernel::Lang;
use std::collections::{BTreeSet, HashMap};

/// Every text of the product.
pub struct Texts {
    en: FluentBundle<FluentResource>,
    fr: FluentBundle<FluentResource>,
    keys: [BTreeSet<String>; 2],
    /// Those without variables, as they are shown: a list asks for hundreds.
    plain: [HashMap<String, String>; 2],
}

impl Texts {
    /// Joins the parts, each `[English, French]`.
    ///
    /// # Errors
    /// The line at fault, when a part does not parse or names a key twice.
    pub fn new(parts: &[[&str; 2]]) -> Result<Self, String> {
        let mut texts =
            Self { en: bundle("en"), fr: bundle("fr"), keys: Default::default(), plain: Default::default() };
        for part in parts {
            for lang in Lang::ALL {
                texts.add(lang, part[lang as usize])?;
            }
        }
        texts.plain = Lang::ALL.map(|lang| texts.without_variables(lang));
        Ok(texts)
    }

    fn without_variables(&self, lang: Lang) -> HashMap<String, String> {
        let bundle = lang.pick(&self.en, &self.fr);
        let shown = |key: &String| {
            let (pattern, mut errors) = (bundle.get_message(key)?.value()?, Vec::new());
            let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
            errors.is_empty().then(|| (key.clone(), text))
        };
        self.keys[lang as usize].iter().filter_map(shown).collect()
    }

    fn add(&mut self, lang: Lang, source: &str) -> Result<(), String> {
        let resource =
            FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| format!("{lang}: {errors:?}"))?;
        for key in source.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key) {
            if !key.starts_with([' ', '#', '[', '*']) {
                self.keys[lang as usize].insert(key.to_owned());
            }
        }
        let bundle = lang.pick(&mut self.en, &mut self.fr);
        bundle.add_resource(resource).map_err(|errors| format!("{lang}: {errors:?}"))
    }

    /// The keys of one language.
    #[must_use]
    pub fn keys(&self, lang: Lang) -> &BTreeSet<String> {
        &self.keys[lang as usize]
    }

    /// The text `key`.
    #[must_use]
    pub fn get(&self, lang: Lang, key: &str) -> String {
        self.plain[lang as usize].get(key).cloned().unwrap_or_else(|| self.with(lang, key, &[]))
    }

    /// The text `key` with its variables filled in.
    #[must_use]
    pub fn with(&self, lang: Lang, key: &str, values: &[(&str, String)]) -> String {
        let bundle = lang.pick(&self.en, &self.fr);
        let mut args = FluentArgs::new();
        for (name, value) in values {
            // Only what a number would be written as: the name `007` stays as it is.
            match value.parse::<i64>().ok().filter(|number| number.to_string() == *value) {
                Some(number) => args.set(*name, number),
                None => args.set(*name, value.clone()),
            }
        }
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        pattern.map_or_else(
            || format!("⟨{key}⟩"),
            |pattern| bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned(),
        )
    }
}

fn bundle(lang: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(lang.parse().into_iter().collect());
    bundle.set_use_isolating(false);
    bundle
}
