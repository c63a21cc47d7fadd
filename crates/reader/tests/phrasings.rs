//! One sentence, one term: how agreements say things, and what they must not be taken for.

use kernel::Lang;
use serde_json::Value;

const EN: &str = include_str!("phrasings/en.txt");
const FR: &str = include_str!("phrasings/fr.txt");
const EN_MORE: &str = include_str!("phrasings/en-more.txt");
const FR_MORE: &str = include_str!("phrasings/fr-more.txt");
const EN_PARTIES: &str =
    "Data Processing Agreement between Acme Ltd (\"Vendor\") and Widget Ltd (\"Customer\").\n\n1. Terms\n\n";
const FR_PARTIES: &str = "Accord de traitement des données entre Acme SARL (« le Prestataire ») et Dupont SA (« le Client »).\n\n1. Termes\n\n";

fn shown(value: &Value, days: Option<&String>) -> String {
    let text =
        value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
    if days.is_some() { format!("{text} working") } else { text }
}

fn problems(table: &str, parties: &str) -> Vec<String> {
    let mut parties = parties.to_owned();
    let mut problems = Vec::new();
    for row in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(others) = row.strip_prefix('>') {
            parties = format!("{}\n\n1. Terms\n\n", others.trim());
            continue;
        }
        problems.extend(problem(row, &parties));
    }
    problems
}

fn problem(row: &str, parties: &str) -> Option<String> {
    let cells: Vec<&str> = row.splitn(4, '|').map(str::trim).collect();
    let text = format!("{parties}{}\n", cells[3]);
    let reading = reader::read(text.as_bytes(), "a.txt", Lang::En).expect("a sentence can be read");
    let term = reading.term(cells[0]).expect("a table names terms of the vocabulary");
    let state = serde_json::to_value(term.state).unwrap_or_default();
    let found = (state.as_str().unwrap_or_default().to_owned(), shown(&term.value, term.days.as_ref()));
    (found != (cells[1].to_owned(), cells[2].to_owned())).then(|| format!("{row}\n    found {found:?}"))
}

#[test]
fn english_sentences_say_what_the_table_says() {
    let problems = problems(EN, EN_PARTIES);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn french_sentences_say_what_the_table_says() {
    let problems = problems(FR, FR_PARTIES);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn lawyers_say_it_in_many_ways_in_english() {
    let problems = problems(EN_MORE, "");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn lawyers_say_it_in_many_ways_in_french() {
    let problems = problems(FR_MORE, "");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

const EN_DURATIONS: &str = include_str!("phrasings/durations-en.txt");
const FR_DURATIONS: &str = include_str!("phrasings/durations-fr.txt");

/// Rows with the title above the sentences: much is understood from it only.
fn headed(table: &str, parties: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for row in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let cells: Vec<&str> = row.splitn(5, '|').map(str::trim).collect();
        let [name, state, value, title, words] = cells[..] else { panic!("five cells: {row}") };
        let opening = parties.split("\n\n").next().unwrap_or_default();
        let words = words.replace(" ¶ ", "\n").replace("¶¶ ", "\n\n");
        let text = format!("{opening}\n\n1. {title}\n\n{words}\n");
        let reading = reader::read(text.as_bytes(), "a.txt", Lang::En).expect("a sentence can be read");
        let term = reading.term(name).expect("a table names terms of the vocabulary");
        let known = serde_json::to_value(term.state).unwrap_or_default();
        let found = (known.as_str().unwrap_or_default(), shown(&term.value, term.days.as_ref()));
        if found != (state, value.to_owned()) {
            problems.push(format!("{row}\n    found {found:?} {:?}", term.text));
        }
    }
    problems
}

#[test]
fn a_period_is_read_below_its_title_in_english() {
    let problems = headed(EN_DURATIONS, EN_PARTIES);
    assert!(problems.is_empty(), "{} rows\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn a_period_is_read_below_its_title_in_french() {
    let problems = headed(FR_DURATIONS, FR_PARTIES);
    assert!(problems.is_empty(), "{} rows\n{}", problems.len(), problems.join("\n"));
}

const RIGHTS: &str = include_str!("phrasings/rights.txt");

#[test]
fn rights_of_data_subjects_are_listed_and_nothing_else() {
    let mut problems = Vec::new();
    for row in RIGHTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let cells: Vec<&str> = row.splitn(3, '|').map(str::trim).collect();
        let [rights, title, words] = cells[..] else { panic!("three cells: {row}") };
        let french = words.contains("Prestataire")
            || title.contains("roits")
            || words.contains("Les ")
            || words.contains("Une ");
        let parties = if french { FR_PARTIES } else { EN_PARTIES };
        let opening = parties.split("\n\n").next().unwrap_or_default();
        let text = format!("{opening}\n\n1. {title}\n\n{words}\n");
        let reading = reader::read(text.as_bytes(), "a.txt", Lang::En).expect("a sentence can be read");
        let found: Vec<&str> = reading.rights.iter().map(|right| right.right.as_str()).collect();
        let found = if found.is_empty() { "-".to_owned() } else { found.join(", ") };
        if found != rights {
            problems.push(format!("{row}\n    found {found}"));
        }
    }
    assert!(problems.is_empty(), "{} rows\n{}", problems.len(), problems.join("\n"));
}
