//! Chapter V: data may leave the European Economic Area only with a basis (Arts. 44 to 46).

use super::Report;
use crate::file::{AgreementFile, FileTerm, Value};

/// The European Economic Area.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Countries the Commission has found adequate as a whole (Art. 45(3)). The United States are not
/// among them: only companies certified under the Data Privacy Framework are.
const ADEQUATE: [&str; 14] = ["AD", "AR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"];

pub(super) fn check(file: &AgreementFile, report: &mut Report) {
    let allowed = file.term("transfers.allowed_to").filter(|term| term.promised());
    for subprocessor in &file.subprocessors {
        let Some(country) = subprocessor.country.as_deref().filter(|country| is_third(country)) else { continue };
        if allowed.is_some_and(|term| permits(term, country)) {
            continue;
        }
        let words = [("name", subprocessor.name.as_str()), ("country", country)];
        report.add_with("A44", None, subprocessor.span, &words);
        if let Some(term) = allowed.filter(|term| stays_in_union(term)) {
            let title =
                report.lang.pick("data stay in the Union, yet ", "les données restent dans l'Union, et pourtant ");
            let title = format!("{title}{} ({country})", subprocessor.name);
            report.add_with("CONFLICT", None, term.span, &[("term", &title)]);
        }
    }
}

/// The text keeps the data within the Union and says nothing of any other place.
fn stays_in_union(term: &FileTerm) -> bool {
    let home = |word: &String| word == "EU" || word == "none";
    matches!(&term.value, Some(Value::List(words)) if !words.is_empty() && words.iter().all(home))
}

fn is_third(country: &str) -> bool {
    !EEA.contains(&country) && !ADEQUATE.contains(&country)
}

/// The text gives a tool of Art. 46, or names the country itself.
fn permits(term: &FileTerm, country: &str) -> bool {
    let values = term.value.iter().chain(term.others.iter().filter_map(|other| other.value.as_ref()));
    let mut words = values.into_iter().flat_map(|value| match value {
        Value::List(words) => words.as_slice(),
        _ => &[],
    });
    words.any(|word| word == "article46" || word == country)
}
