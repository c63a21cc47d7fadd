//! Periods that are no promise of the processor's: each kind in both languages, beside the promise it could be taken for.

use agreement::reading::State;
use kernel::Lang;
use reader::read;

const ROWS: &str = include_str!("slots.txt");

/// Where a row says nothing of a term.
const NOTHING: &str = "-";

#[test]
fn each_period_has_its_slot_and_no_term_takes_it() {
    let mut wrong = Vec::new();
    for row in ROWS.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let cells: Vec<&str> = row.splitn(5, '|').map(str::trim).collect();
        let [slot, period, term, value, words] = cells[..] else { panic!("five cells: {row}") };
        let reading = read(words.as_bytes(), "a.txt", Lang::En).unwrap();
        let slots: Vec<(&str, &str)> =
            reading.periods.iter().map(|period| (period.of.as_str(), period.value.as_str())).collect();
        let expected: Vec<(&str, &str)> = if slot == NOTHING { Vec::new() } else { vec![(slot, period)] };
        let said = reading.term(term).unwrap();
        let own = said.value.as_str().unwrap_or(NOTHING);
        let other = reading.terms.iter().find(|other| {
            other.name != term && slot != NOTHING && other.state != State::Silent && other.value == period
        });
        if slots != expected || own != value || other.is_some() {
            wrong.push(format!("{row}\n    slots {slots:?}, {term} {own}, other {:?}", other.map(|other| &other.name)));
        }
        for period in &reading.periods {
            let [start, end] = period.span;
            assert_eq!(words[start..end], period.text, "{row}");
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

/// What is cut says so.
#[test]
fn a_long_list_of_periods_or_addresses_says_where_it_was_cut() {
    let log = |at: usize| format!("Access logs are kept for {at} days, see log{at}@example.org.\n\n");
    let text: String = (1..=1_001).map(log).collect();
    let reading = read(text.as_bytes(), "a.txt", Lang::En).unwrap();
    assert_eq!((reading.periods.len(), reading.contacts.len()), (200, 1_000));
    let cut = |name: &str| reading.notes.named(name).map(|note| note.text.clone()).collect::<Vec<_>>();
    assert_eq!(cut("cut.contacts"), ["log1001@example.org"]);
    assert!(matches!(&cut("cut.periods")[..], [words] if words.contains("201 days")), "{:?}", cut("cut.periods"));
}
