//! Texts: both languages say everything, and every sentence can be formed.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use kernel::Lang;
use web::{Role, Texts};

fn texts() -> Texts {
    Texts::new(&[web::TEXTS]).expect("the shell's texts")
}

#[test]
fn both_languages_have_the_same_keys() {
    let texts = texts();
    assert_eq!(texts.keys(Lang::En), texts.keys(Lang::Fr));
    assert!(texts.keys(Lang::En).len() >= 30);
    for role in Role::ALL {
        assert!(texts.keys(Lang::En).contains(&format!("role-{}", role.word())));
    }
}

/// The names after `$` in a source.
fn variables(source: &str) -> Vec<&str> {
    let end = |rest: &str| rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    source.split('$').skip(1).map(|rest| &rest[..end(rest)]).collect()
}

#[test]
fn every_pattern_forms_a_sentence_from_its_variables() {
    for lang in Lang::ALL {
        let source = web::TEXTS[lang as usize];
        let mut bundle = FluentBundle::new(vec![lang.code().parse().unwrap()]);
        bundle.add_resource(FluentResource::try_new(source.to_owned()).unwrap()).unwrap();
        for key in texts().keys(lang) {
            for number in [0, 1, 2, 1_000_000] {
                let mut args = FluentArgs::new();
                variables(source).into_iter().for_each(|name| args.set(name, number));
                let pattern = bundle.get_message(key).and_then(|message| message.value()).expect("a value");
                let mut errors = Vec::new();
                let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
                assert!(errors.is_empty() && !text.trim().is_empty(), "{lang} {key}: {errors:?}");
            }
        }
    }
}

const PART: [&str; 2] = [
    "rows = { $count ->\n    [one] one row\n   *[other] { $count } rows\n }\nof = Of { $name }.\n",
    "rows = { $count ->\n    [one] une ligne\n   *[other] { $count } lignes\n }\nof = De { $name }.\n",
];

#[test]
fn numbers_take_their_plural_and_names_stay_as_they_are() {
    let texts = Texts::new(&[web::TEXTS, PART]).unwrap();
    let rows = |lang, count: i64| texts.with(lang, "rows", &[("count", count.to_string())]);
    assert_eq!([rows(Lang::En, 0), rows(Lang::En, 1)], ["0 rows", "one row"]);
    assert_eq!([rows(Lang::Fr, 0), rows(Lang::Fr, 2)], ["une ligne", "2 lignes"]);
    for name in ["007", "+33", "1e3", "{ $count }", "-0", "12.50", "<b>", "99999999999999999999"] {
        assert_eq!(texts.with(Lang::En, "of", &[("name", name.to_owned())]), format!("Of {name}."));
    }
}

#[test]
fn a_missing_text_shows_its_key_and_a_part_that_repeats_one_is_refused() {
    assert_eq!(texts().get(Lang::En, "no-such-key"), "⟨no-such-key⟩");
    assert!(Texts::new(&[PART, PART]).is_err());
    assert!(Texts::new(&[["a = {", "a = b"]]).is_err());
}
