//! Who is the controller and who the processor, however an agreement, a template, a list or a charter says so.

use kernel::Lang;

const PARTIES: &str = include_str!("phrasings/parties.txt");
const KINDS: &str = include_str!("phrasings/kinds.txt");
const LISTS: &str = include_str!("phrasings/lists.txt");

/// The names read for a role.
fn named(reading: &agreement::reading::Reading, role: &str) -> String {
    let names = reading.parties.iter().filter(|party| party.role == role).map(|party| party.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

/// The rows of a table, each as its cells before the text and the reading of that text.
fn rows(table: &str, cells: usize) -> impl Iterator<Item = (Vec<&str>, agreement::reading::Reading)> {
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(move |row| {
        let mut cells: Vec<&str> = row.splitn(cells, '|').map(str::trim).collect();
        let text = cells.pop().expect("a row ends with a text").replace(" // ", "\n\n").replace('\\', "\n");
        (cells, reader::read(text.as_bytes(), "a.md", Lang::En).expect("a few sentences can be read"))
    })
}

/// Every row holds, or all that do not are told together.
fn none(problems: impl Iterator<Item = String>) {
    let problems: Vec<String> = problems.collect();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn each_party_is_known_under_its_name() {
    let found = |(cells, reading): (Vec<&str>, _)| {
        let found = [named(&reading, "controller"), named(&reading, "processor")];
        (cells != found).then(|| format!("expected {cells:?}\n   found {found:?}"))
    };
    none(rows(PARTIES, 3).filter_map(found));
}

#[test]
fn each_company_listed_is_known_under_its_name() {
    let found = |(cells, reading): (Vec<&str>, agreement::reading::Reading)| {
        let mut found: Vec<String> = reading.subprocessors.into_iter().map(|listed| listed.name).collect();
        found.sort();
        let mut wanted: Vec<&str> = cells[0].split(';').map(str::trim).filter(|name| !name.is_empty()).collect();
        wanted.sort_unstable();
        (found != wanted).then(|| format!("expected {wanted:?}\n   found {found:?}"))
    };
    none(rows(LISTS, 2).filter_map(found));
}

#[test]
fn each_document_is_known_for_what_it_is() {
    let found = |(cells, reading): (Vec<&str>, agreement::reading::Reading)| {
        let found = serde_json::to_value(reading.document.kind).unwrap_or_default();
        (found != cells[0]).then(|| format!("expected {}\n   found {found}", cells[0]))
    };
    none(rows(KINDS, 2).filter_map(found));
}

#[test]
fn a_postal_address_is_known_by_its_street_and_its_code() {
    let addresses = [
        "12-14 Old Mill Lane, York, YO1 7HH",
        "8 Quay Street, Leith, EH6 6AA",
        "1520 Long Harbour Drive, #12, Portland, ME 04101",
        "8 rue du Port, 29200 Brest",
    ];
    let missed = |address: &&&str| {
        let text = format!(
            "# DPA\n\nBetween Alder Ltd, {address} (the \"Processor\"), and the Customer (the \"Controller\")."
        );
        let reading = reader::read(text.as_bytes(), "a.md", Lang::En).expect("a few sentences can be read");
        !reading.contacts.iter().any(|contact| contact.kind == "post" && contact.value == **address)
    };
    none(addresses.iter().filter(missed).map(|address| (*address).to_owned()));
}
