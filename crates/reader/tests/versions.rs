//! Two versions of an agreement: what changed, for whom it is stricter or weaker, and what only moved.

use kernel::Lang;
use reader::compare::{ChangeKind, CompareError, Comparison, Direction, Piece, Version, diff};

const OLD: &str = include_str!("pairs/accord.en.md");
const FRENCH: &str = include_str!("pairs/accord.fr.md");

fn compare(new: &str) -> Comparison {
    let versions = [OLD, new].map(|text| Version::extract(text.as_bytes(), "accord.md").expect("it is text"));
    let [old, new] = versions;
    diff(old, new).expect("both are English")
}

fn terms(found: &Comparison) -> Vec<(&str, Option<Direction>)> {
    found.terms.iter().map(|term| (term.name.as_str(), term.direction)).collect()
}

fn kinds(found: &Comparison) -> Vec<ChangeKind> {
    found.clauses.iter().map(|change| change.kind).collect()
}

#[test]
fn the_same_text_has_no_changes() {
    assert!(compare(OLD).is_empty());
    assert!(compare(&OLD.replace("\n\n", "\n\n\n")).is_empty(), "layout is no change");
}

#[test]
fn a_changed_figure_is_told_by_term_and_by_word() {
    let found = compare(&OLD.replace("48 hours", "24 hours"));
    assert_eq!(terms(&found), [("breach.notify_controller", Some(Direction::StricterForProcessor))]);
    let term = &found.terms[0];
    let value = |end: &Option<reader::compare::TermEnd>| end.as_ref().unwrap().value(Lang::Fr).replace('\u{a0}', " ");
    assert_eq!((value(&term.old).as_str(), value(&term.new).as_str()), ("48 heures", "24 heures"));
    assert_eq!(kinds(&found), [ChangeKind::Changed]);
    let changed: Vec<&Piece> =
        found.clauses[0].pieces.iter().filter(|piece| !matches!(piece, Piece::Same(_))).collect();
    assert_eq!(changed, [&Piece::Removed("48".to_owned()), &Piece::Added("24".to_owned())]);
}

#[test]
fn what_is_gone_and_what_is_new_is_told_with_its_meaning() {
    let gone = compare(&OLD.replace("- a penetration test every year;\n", ""));
    assert_eq!(kinds(&gone), [ChangeKind::Removed]);
    assert_eq!(terms(&gone), [("measure.dpv:PenetrationTestingMethods", Some(Direction::LessForController))]);
    let extra =
        "8.5 The Processor shall keep a record of all categories of processing activities under Article 30(2).\n";
    let new = compare(&format!("{OLD}\n{extra}"));
    assert_eq!(kinds(&new), [ChangeKind::Added]);
    assert_eq!(terms(&new), [("records.article30_2", Some(Direction::StricterForProcessor))]);
    let right = compare(&OLD.replace("rectification, erasure and", "rectification and"));
    assert_eq!(terms(&right), [("rights.erasure", Some(Direction::WeakerForProcessor))]);
    let softer = compare(&OLD.replace("within 48 hours after", "without undue delay after"));
    assert_eq!(terms(&softer), [("breach.notify_controller", Some(Direction::WeakerForProcessor))]);
}

#[test]
fn what_only_moved_is_told_once_as_moved() {
    let (start, end) = (OLD.find("## 6.").unwrap(), OLD.find("## 7.").unwrap());
    let section = &OLD[start..end];
    let moved = OLD.replacen(section, "", 1).replacen("## 4.", &format!("{section}## 4."), 1);
    let found = compare(&moved);
    assert!(found.terms.is_empty(), "{:?}", terms(&found));
    assert!(!found.clauses.is_empty() && kinds(&found).iter().all(|kind| *kind == ChangeKind::Moved));
    let renumbered = compare(&OLD.replace("8.4 The list", "8.9 The list"));
    assert_eq!(kinds(&renumbered), [ChangeKind::Moved]);
    let ends = &renumbered.clauses[0];
    let clause = |side: &Option<reader::compare::Side>| side.as_ref().and_then(|side| side.clause.clone());
    assert_eq!((clause(&ends.old).as_deref(), clause(&ends.new).as_deref()), (Some("8.4"), Some("8.9")));
}

#[test]
fn versions_in_two_languages_are_a_pair() {
    let [old, new] = [OLD, FRENCH].map(|text| Version::extract(text.as_bytes(), "accord.md").expect("it is text"));
    let refused = diff(old, new).unwrap_err();
    assert_eq!(refused, CompareError::OtherLanguage);
    assert!(refused.remedy(Lang::En).contains("garant pair"));
}

#[test]
fn two_processings_of_one_purpose_are_both_compared() {
    let file = |first: &str, second: &str| {
        let one = |kept: &str| {
            format!(
                "[[processing]]\nrole = \"processor\"\npurpose = \"Hosting\"\nretention = {{ text = \"{kept}\" }}\n"
            )
        };
        agreement::AgreementFile::parse(&format!("garant-agreement = 1\n{}{}", one(first), one(second))).unwrap()
    };
    let names = |old: [&str; 2], new: [&str; 2]| -> Vec<String> {
        let found = reader::compare::diff_files(&file(old[0], old[1]), &file(new[0], new[1]));
        found.terms.into_iter().map(|term| term.name).collect()
    };
    assert_eq!(names(["30 days", "1 year"], ["90 days", "1 year"]), ["retention.Hosting"]);
    assert_eq!(names(["30 days", "1 year"], ["30 days", "2 years"]), ["retention.Hosting (2)"]);
}

/// Two thousand sentences whose halves changed places: all moved, and found without comparing each with each.
#[test]
fn a_long_text_whose_halves_change_places_is_compared_in_time() {
    let letter = |digit: usize| char::from(b"bcdfghklmn"[digit % 10]);
    let word = |n: usize| [n, n / 10, n / 100, n / 1_000].map(letter).iter().collect::<String>();
    let sentence = |n: usize| {
        let words: Vec<String> = (0..6).map(|at| word(6 * n + at)).collect();
        format!("The {} agrees with the {}.", words[..3].join(" "), words[3..].join(" "))
    };
    let text = |numbers: &mut dyn Iterator<Item = usize>| numbers.map(|n| sentence(n) + "\n\n").collect::<String>();
    let (old, new) = (text(&mut (0..1_000)), text(&mut (500..1_000).chain(0..500)));
    let versions = [&old, &new].map(|text| Version::extract(text.as_bytes(), "schedules.txt").expect("it is text"));
    let [old, new] = versions;
    let found = diff(old, new).expect("both are English");
    assert!(!found.clauses.is_empty());
    let changed: Vec<_> = found.clauses.iter().filter(|change| change.kind != ChangeKind::Moved).take(3).collect();
    assert!(changed.is_empty(), "{changed:?}");
}
