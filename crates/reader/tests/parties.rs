//! Who is the controller and who the processor, however an agreement, a template, a list or a charter says so.

use kernel::Lang;

const PARTIES: &str = include_str!("phrasings/parties.txt");

/// The names read for a role.
fn named(reading: &agreement::reading::Reading, role: &str) -> String {
    let names = reading.parties.iter().filter(|party| party.role == role).map(|party| party.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

fn problem(row: &str) -> Option<String> {
    let cells: Vec<&str> = row.splitn(3, '|').map(str::trim).collect();
    let text = cells[2].replace(" // ", "\n\n").replace('\\', "\n");
    let reading = reader::read(text.as_bytes(), "a.md", Lang::En).expect("a few sentences can be read");
    let found = (named(&reading, "controller"), named(&reading, "processor"));
    (found != (cells[0].to_owned(), cells[1].to_owned())).then(|| format!("{row}\n    found {found:?}"))
}

#[test]
fn each_party_is_known_under_its_name() {
    let rows = PARTIES.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let problems: Vec<String> = rows.filter_map(problem).collect();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}
