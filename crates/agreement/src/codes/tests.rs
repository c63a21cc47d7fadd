use super::*;
use std::collections::BTreeSet;

fn texts(entry: &Explanation) -> Vec<&Both> {
    let always = [&entry.asks, &entry.says, &entry.message, &entry.remedy];
    always.into_iter().chain(entry.clause.as_ref()).chain(entry.weak.as_ref()).collect()
}

#[test]
fn every_code_is_there_once() {
    let codes: BTreeSet<&str> = all().iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes.len(), all().len());
}

#[test]
fn every_letter_of_the_paragraph_has_a_code_an_error_and_a_clause() {
    for letter in 'a'..='h' {
        let entry = explain(&format!("A28-3-{letter}")).unwrap();
        assert_eq!(entry.severity, Severity::Error, "{letter}");
        assert!(entry.clause.is_some() && entry.weak.is_some(), "{letter}");
        assert!(entry.law.contains(&format!("28(3)({letter})")), "{letter}");
    }
}

#[test]
fn every_text_is_written_in_both_languages() {
    for entry in all() {
        for text in texts(entry) {
            assert!(!text.en.trim().is_empty() && !text.fr.trim().is_empty(), "{}", entry.code);
            assert_ne!(text.en, text.fr, "{}", entry.code);
        }
        assert!(!entry.law.is_empty() || entry.beyond.is_some(), "{}", entry.code);
    }
}

#[test]
fn both_languages_leave_the_same_words_to_fill_in() {
    let holes = |text: &str| -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    for entry in all() {
        for text in texts(entry) {
            assert_eq!(holes(&text.en), holes(&text.fr), "{}", entry.code);
        }
    }
}

#[test]
fn a_clause_gives_the_same_figures_in_both_languages() {
    let figures = |text: &str| {
        let mut found: Vec<String> =
            text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        found.sort();
        found
    };
    for clause in all().iter().filter_map(|entry| entry.clause.as_ref()) {
        assert_eq!(figures(&clause.en), figures(&clause.fr), "{}", clause.en);
    }
}

#[test]
fn the_finer_codes_a_lawyer_expects_are_all_there() {
    let expected = "A28-3-scope A28-3-duration A28-3-purpose A28-3-data A28-3-subjects A28-3-a-compulsion A28-3-alert \
        A28-2 A28-2-notice A28-2-objection A28-2-silence A28-2-on-objection A28-4-flow A28-4-liability A28-3-g-choice \
        A28-3-g-certificate A28-3-g-figure A28-3-h-audit A33-2-vague A33-2-late A30-2 A28-10 A44 A12-forward A28-roles \
        A5-1-e CONFLICT PLACEHOLDER NOT-AN-AGREEMENT UNEXECUTABLE";
    for code in expected.split_whitespace() {
        assert!(explain(code).is_some(), "{code}");
    }
}

#[test]
fn a_code_is_found_in_any_case_and_an_unknown_one_suggests_its_neighbour() {
    assert_eq!(explain(" a28-3-G ").map(|entry| entry.code.as_str()), Some("A28-3-g"));
    assert!(explain("A99").is_none());
    assert_eq!(nearest_code("A28-3-g-certifcate"), Some("A28-3-g-certificate"));
    assert_eq!(nearest_code("nonsense"), None);
}

#[test]
fn no_text_shown_in_general_has_a_hole() {
    for entry in all() {
        for text in texts(entry) {
            for lang in Lang::ALL {
                assert!(!Explanation::in_general(text, lang).contains('{'), "{}", entry.code);
            }
        }
    }
}

#[test]
fn a_citation_reads_as_in_each_language() {
    let entry = explain("A28-3-e").unwrap();
    assert_eq!(entry.law_text(Lang::En), "GDPR, Arts. 28(3)(e), 12(3)");
    assert_eq!(entry.law_text(Lang::Fr), "RGPD, art. 28(3)(e), 12(3)");
}

#[test]
fn every_requirement_is_reported_by_a_code_as_grave_as_it_is() {
    for (index, point) in REQUIREMENTS.iter().enumerate() {
        assert_eq!(point.id, format!("C{:02}", index + 1));
        assert!(point.holds(), "{}: {:?}", point.id, point.codes);
        assert!(!point.what[0].is_empty() && point.what[0] != point.what[1], "{}", point.id);
    }
}

#[test]
fn a_finding_of_silence_names_a_matter() {
    let topics: BTreeSet<&str> = all().iter().filter_map(|entry| entry.topic.as_deref()).collect();
    assert!(topics.len() > 10, "{topics:?}");
    for point in REQUIREMENTS.iter().filter(|point| point.id != "C01") {
        let entry = explain(point.codes[0]).unwrap();
        let elsewhere = ["A28-roles", "A28-contact", "A28-3-controller", "A9-special", "A28-10-limit", "A44"];
        assert!(entry.topic.is_some() || elsewhere.contains(&entry.code.as_str()), "{}", entry.code);
    }
}

#[test]
fn explain_says_when_a_code_is_more_or_less_grave() {
    let forward = explain("A12-forward").unwrap();
    assert_eq!(forward.severity, Severity::Advice);
    let cases: Vec<Severity> = forward.severities().iter().map(|case| case.severity).collect();
    assert_eq!(cases, [Severity::Warning]);
    assert!(forward.may_be(Severity::Warning) && !forward.may_be(Severity::Error));
}

#[test]
fn a_code_of_another_law_cites_it() {
    assert_eq!(explain("EPRIVACY-5-3").unwrap().law_text(Lang::En), "Directive 2002/58/EC, Art. 5(3)");
    assert!(explain("DATA-ACT").unwrap().law_text(Lang::Fr).starts_with("RGPD, art. 28(3)(g); règlement"));
}
