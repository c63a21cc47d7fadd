//! What sampled values look like.

use super::words;
use crate::catalogue::{Column, Family, Table};
use std::net::IpAddr;

/// A guess about one column.
pub(super) struct Guess {
    pub(super) category: &'static str,
    pub(super) confidence: u8,
    pub(super) because: Vec<String>,
}

/// Tests on values, most specific first: category, what it is called, the test.
type Test = (&'static str, &'static str, fn(&str) -> bool);

const TESTS: &[Test] = &[
    ("pd:EmailAddress", "e-mail addresses", is_email),
    ("pd:BankAccount", "IBANs with right check digits", is_iban),
    ("pd:PaymentCard", "card numbers with a right check digit", is_card),
    ("pd:IPAddress", "IP addresses", is_ip),
    ("pd:TelephoneNumber", "telephone numbers", is_phone),
];

/// Guesses from the name and the values; both together weigh more.
pub(super) fn guess(table: &Table, column: &Column, samples: &[String]) -> Option<Guess> {
    let named = words::category(&table.name, &column.name).filter(|found| fits(found.0, column));
    let seen = seen(samples).filter(|_| !matches!(column.family, Family::Time | Family::Truth));
    match (named, seen) {
        (Some((category, sure, word)), Some((other, hits, what))) if category == other => {
            let because = vec![by_name(word), by_value(hits, samples.len(), what)];
            Some(Guess { category, confidence: sure.max(97), because })
        }
        // Values say more than a name, except that long digit strings are often something else.
        (_, Some((category, hits, what))) if category != "pd:TelephoneNumber" && hits >= 3 => {
            Some(Guess { category, confidence: 90, because: vec![by_value(hits, samples.len(), what)] })
        }
        (Some((category, confidence, word)), _) => Some(Guess { category, confidence, because: vec![by_name(word)] }),
        (None, Some((category, hits, what))) => {
            Some(Guess { category, confidence: 50, because: vec![by_value(hits, samples.len(), what)] })
        }
        (None, None) => None,
    }
}

fn by_name(word: &str) -> String {
    format!("name: {}", word.replace('+', " "))
}

fn by_value(hits: usize, of: usize, what: &str) -> String {
    format!("values: {hits} of {of} look like {what}")
}

/// A number is no address and a flag is no name.
fn fits(category: &str, column: &Column) -> bool {
    match column.family {
        Family::Truth => false,
        Family::Integer | Family::Real | Family::Decimal => {
            matches!(category, "pd:TelephoneNumber" | "pd:PostalCode" | "pd:Location" | "pd:IPAddress")
        }
        Family::Time => category == "pd:BirthDate",
        _ => true,
    }
}

/// The test that at least four fifths of the samples pass.
fn seen(samples: &[String]) -> Option<(&'static str, usize, &'static str)> {
    let passed = |&(category, what, test): &Test| {
        let hits = samples.iter().filter(|value| test(value.trim())).count();
        (hits > 0 && hits * 5 >= samples.len() * 4).then_some((category, hits, what))
    };
    TESTS.iter().find_map(passed)
}

pub(super) fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;()\"".contains(c);
    let labels =
        domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    !local.is_empty() && local.chars().all(plain) && domain.contains('.') && labels
}

fn is_ip(value: &str) -> bool {
    // `1.2.3.4` is also a version number; a bare `::` is nothing.
    value.len() > 6 && value.split('/').next().is_some_and(|address| address.parse::<IpAddr>().is_ok())
}

fn is_phone(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let plain = value.chars().all(|c| c.is_ascii_digit() || " .-+()/".contains(c));
    let starts = value.starts_with('+') || value.starts_with("00") || value.starts_with('0') || value.starts_with('(');
    plain && starts && (9..=15).contains(&digits) && !looks_like_a_date(value)
}

fn looks_like_a_date(value: &str) -> bool {
    value.splitn(3, ['-', '/', '.']).count() == 3 && value.len() == 10
}

/// ISO 13616: letters become numbers, the first four characters move behind, the rest of 97 is 1.
pub(super) fn is_iban(value: &str) -> bool {
    let text: String = value.chars().filter(|c| *c != ' ').collect();
    let letters =
        |range: std::ops::Range<usize>| text.get(range).is_some_and(|s| s.chars().all(|c| c.is_ascii_alphabetic()));
    if !(15..=34).contains(&text.len()) || !text.is_ascii() || !letters(0..2) {
        return false;
    }
    let turned = text[4..].chars().chain(text[..4].chars());
    let rest = turned.map(|c| c.to_digit(36)).try_fold(0_u32, |rest, digit| {
        let digit = digit?;
        Some((rest * if digit > 9 { 100 } else { 10 } + digit) % 97)
    });
    rest == Some(1)
}

/// ISO/IEC 7812: the Luhn check.
fn is_card(value: &str) -> bool {
    let digits: Vec<u32> = value.chars().filter(|c| !" -".contains(*c)).map_while(|c| c.to_digit(10)).collect();
    let clean = value.chars().all(|c| c.is_ascii_digit() || " -".contains(c));
    let doubled = |(at, digit): (usize, &u32)| match at % 2 {
        0 => *digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    };
    clean && (15..=19).contains(&digits.len()) && digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_decide() {
        assert!(is_iban("FR14 2004 1010 0505 0001 3M02 606"));
        assert!(!is_iban("FR15 2004 1010 0505 0001 3M02 606"));
        assert!(is_card("4111 1111 1111 1111") && !is_card("4111 1111 1111 1112"));
    }

    #[test]
    fn values_are_told_apart() {
        assert!(is_email("a.b+c@ex-ample.org") && !is_email("a@b") && !is_email("see a@b.fr"));
        assert!(is_phone("+33 6 12 34 56 78") && is_phone("06.12.34.56.78") && !is_phone("2024-01-02"));
        assert!(is_ip("192.168.0.1") && is_ip("2001:db8::1") && !is_ip("1.2.3"));
    }

    #[test]
    fn name_and_values_together_are_surest() {
        let column = Column { name: "mail".to_owned(), family: Family::Text, ..Column::default() };
        let values: Vec<String> = (0..5).map(|at| format!("p{at}@example.org")).collect();
        let guess = guess(&Table::default(), &column, &values).unwrap();
        assert_eq!((guess.category, guess.confidence), ("pd:EmailAddress", 97));
        assert!(guess.because.iter().all(|why| !why.contains("p0@")), "{:?}", guess.because);
    }

    #[test]
    fn values_overrule_a_misleading_name() {
        let column = Column { name: "login".to_owned(), family: Family::Text, ..Column::default() };
        let values: Vec<String> = (0..5).map(|at| format!("p{at}@example.org")).collect();
        assert_eq!(guess(&Table::default(), &column, &values).unwrap().category, "pd:EmailAddress");
    }
}
